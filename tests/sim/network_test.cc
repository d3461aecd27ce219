// TCP as the engine has it: order, handshakes, what outlives a process, what a dead kernel forgets,
// what a cut link parks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/puppet.h"

namespace puppet {
namespace {

using sim::FaultKind;
using sim::Milliseconds;
using sim::Seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using Lines = std::vector<std::string>;
using Numbers = std::vector<uint64_t>;

// a connects to b at once, and sends `uids` at `at`.
std::vector<Act> ConnectAndSend(sim::SimTime at, std::initializer_list<uint64_t> uids) {
  std::vector<Act> script = {{a, Ms(1), Do::kConnect, b.value}};
  for (const uint64_t uid : uids) script.push_back({a, at, Do::kSend, uid});
  return script;
}
sim::PlannedFault Partition(uint16_t from, uint16_t to, sim::Duration at, sim::Duration lasts,
                            bool both) {
  sim::PlannedFault fault = Fault(FaultKind::kPartition, from, at, lasts);
  fault.peer = puppet::Target{.role = kMachine, .index = to};
  fault.both_directions = both;
  return fault;
}

TEST(Network, AHandshakeThenEveryMessageInOrder) {
  Theatre theatre(2);
  theatre.Script(ConnectAndSend(Ms(10), {1, 2, 3}));
  theatre.RunUntil(Seconds(1));
  EXPECT_EQ(theatre.Lines({kAccepted, kConnected, kHeardSay, kHeardEcho}),
            (Lines{"b accepted 0", "a connected 1", "b heard-say 1", "b heard-say 2",
                   "b heard-say 3", "a heard-echo 1", "a heard-echo 2", "a heard-echo 3"}));
}

TEST(Network, FirstInFirstOutWhateverTheLatenciesAre) {
  Theatre theatre(2);
  theatre.config.think = Milliseconds(-1);
  for (sim::LatencyClass& pair : theatre.network.classes) {
    pair = {.base = Milliseconds(5), .table = sim::LinkLatency::HeavyTail()};
  }
  theatre.Rebuild(2);
  // Towards the opener there is no turn to wait for: what arrives is delivered.
  std::vector<Act> script = ConnectAndSend(Ms(200), {1});
  for (uint64_t uid = 2; uid <= 300; ++uid) {
    script.push_back({a, Ms(200 + static_cast<int64_t>(uid) / 8), Do::kSend, uid});
  }
  theatre.Script(script);
  theatre.config.think = {};
  theatre.RunUntil(Seconds(10));
  Numbers all(300);
  for (uint64_t i = 0; i < 300; ++i) all[i] = i + 1;
  EXPECT_EQ(theatre.Heard(1, kHeardSay), all);
  EXPECT_EQ(theatre.Heard(0, kHeardEcho), all);
  const auto times = theatre.Times(0, kHeardEcho);
  EXPECT_TRUE(std::adjacent_find(times.begin(), times.end(), std::greater_equal<>()) ==
              times.end());
}

TEST(Network, NobodyListensMeansRefused) {
  Theatre theatre(2);
  theatre.Script({{b, Ms(1), Do::kExit}, {a, Ms(10), Do::kConnect, 1}});
  theatre.RunUntil(Seconds(1));
  EXPECT_EQ(theatre.Lines({kConnected, kGone}), Lines{"a gone 1 refused"});
}

TEST(Network, AClosedPortRefusesAtOnceThoughItsProcessRuns) {
  Theatre theatre(2);
  theatre.Script({{b, Ms(1), Do::kStopListening},
                  {a, Ms(10), Do::kConnect, 1},
                  {b, Ms(20), Do::kListen},
                  {a, Ms(30), Do::kConnect, 1}});
  theatre.RunUntil(Milliseconds(13));  // there and back: 2 ms
  EXPECT_EQ(theatre.Lines({kAccepted, kConnected, kGone}), Lines{"a gone 1 refused"});
  theatre.RunUntil(Seconds(1));
  EXPECT_EQ(theatre.Lines({kAccepted, kConnected, kGone}),
            (Lines{"a gone 1 refused", "b accepted 0", "a connected 1"}));
}

TEST(Network, WhatIsEstablishedOutlivesTheClosingOfThePort) {
  Theatre theatre(3);
  std::vector<Act> script = ConnectAndSend(Ms(20), {1});
  script.push_back({b, Ms(10), Do::kStopListening});
  script.push_back({c, Ms(30), Do::kConnect, 1});
  theatre.Script(script);
  theatre.RunUntil(Seconds(1));
  EXPECT_EQ(theatre.Lines({kConnected, kHeardEcho, kGone}),
            (Lines{"a connected 1", "a heard-echo 1", "c gone 1 refused"}));
}

TEST(Network, ANewProcessListensWhateverTheOneBeforeItDid) {
  Theatre theatre(2);
  theatre.Script({{b, Ms(1), Do::kStopListening}, {a, Ms(50), Do::kConnect, 1}});
  theatre.Plan({Fault(FaultKind::kKill, 1, Milliseconds(10), Milliseconds(10))});
  theatre.RunUntil(Seconds(1));
  EXPECT_EQ(theatre.Lines({kConnected, kGone}), Lines{"a connected 1"});
}

TEST(Network, WhatWasSentBeforeAKillArrivesAndTheCloseBehindIt) {
  Theatre theatre(2);
  theatre.Script(ConnectAndSend(Ms(10), {1, 2}));
  sim::PlannedFault kill = Fault(FaultKind::kKill, 0, Milliseconds(10) + sim::Nanoseconds(1));
  theatre.Plan({kill});
  theatre.RunUntil(Seconds(1));
  EXPECT_EQ(theatre.Lines({kHeardSay, kHeardEcho, kGone}),
            (Lines{"b heard-say 1", "b heard-say 2", "b gone 0 closed"}));
}

TEST(Network, AnAnswerThatWasWrittenBeforeTheKillReachesItsReader) {
  Theatre theatre(2);
  theatre.Script(ConnectAndSend(Ms(10), {1}));
  sim::PlannedFault kill = Fault(FaultKind::kKill, 1, Seconds(5));
  kill.note_kind = kHeardSay;
  theatre.Plan({kill});
  theatre.RunUntil(Seconds(1));
  EXPECT_EQ(theatre.Lines({kHeardEcho, kGone}), (Lines{"a heard-echo 1", "a gone 1 closed"}));
}

TEST(Network, BeforeItsEffectsAnAnswerIsNotWritten) {
  Theatre theatre(2);
  theatre.Script(ConnectAndSend(Ms(10), {1}));
  sim::PlannedFault kill = Fault(FaultKind::kKill, 1, Seconds(5));
  kill.note_kind = kHeardSay;
  kill.before_effects = true;
  theatre.Plan({kill});
  theatre.RunUntil(Seconds(1));
  EXPECT_EQ(theatre.Lines({kHeardEcho, kGone}), Lines{"a gone 1 closed"});
}

// A connection is muted while a request of it is processed (KB:X-1).
TEST(Network, OneRequestAtATimeAndTheRestWaits) {
  Theatre theatre(2);
  theatre.config.think = Milliseconds(100);
  theatre.Script(ConnectAndSend(Ms(10), {1, 2, 3}));
  theatre.RunUntil(Seconds(1));
  EXPECT_THAT(theatre.Heard(1, kHeardSay), ElementsAre(1, 2, 3));
  const auto times = theatre.Times(1, kHeardSay);
  EXPECT_GE(times[1] - times[0], Milliseconds(100).ns);
  EXPECT_GE(times[2] - times[1], Milliseconds(100).ns);
}

// What has arrived is read in its turn, whoever is gone, until an answer cannot be written: the
// first one meets a closed socket, the second one its reset (KB:X-1).
TEST(Network, TwoRequestsOfASenderThatIsGoneAreExecutedAndNoMore) {
  Theatre theatre(2);
  theatre.config.think = Milliseconds(100);
  theatre.Script(ConnectAndSend(Ms(10), {1, 2, 3, 4}));
  theatre.Plan({Fault(FaultKind::kKill, 0, Milliseconds(20))});
  theatre.RunUntil(Seconds(1));
  EXPECT_EQ(theatre.Lines({kHeardSay, kGone}),
            (Lines{"b heard-say 1", "b heard-say 2", "b gone 0 closed"}));
}

// The kernel has the close before the process that stood still has read any of it.
TEST(Network, TwoAlsoIfTheListenerStoodStillMeanwhile) {
  for (const bool answers : {true, false}) {
    Theatre theatre(2);
    theatre.config.answers = answers;
    std::vector<Act> script = ConnectAndSend(Ms(20), {1, 2, 3, 4});
    script.push_back({a, Ms(100), Do::kClose});
    theatre.Script(script);
    theatre.Plan({Fault(FaultKind::kPause, 1, Milliseconds(10), Milliseconds(500))});
    theatre.RunUntil(Seconds(1));
    const Numbers read = theatre.Heard(1, kHeardSay);
    EXPECT_EQ(read, answers ? (Numbers{1, 2}) : (Numbers{1, 2, 3, 4}));
    EXPECT_EQ(theatre.Lines({kGone}), Lines{"b gone 0 closed"});
  }
}

// The request in process when the peer went is one of the two.
TEST(Network, AnAnswerThatWasWrittenBeforeTheCloseDoesNotCount) {
  Theatre theatre(2);
  theatre.config.think = Milliseconds(100);
  theatre.Script(ConnectAndSend(Ms(10), {1, 2, 3, 4}));
  theatre.Plan({Fault(FaultKind::kKill, 0, Milliseconds(150))});
  theatre.RunUntil(Seconds(1));
  EXPECT_THAT(theatre.Heard(1, kHeardSay), ElementsAre(1, 2, 3));
}

TEST(Network, AListenerThatIsKilledDropsWhatItHadNotRead) {
  Theatre theatre(2);
  theatre.config.think = Milliseconds(100);
  theatre.Script(ConnectAndSend(Ms(10), {1, 2, 3}));
  theatre.Plan({Fault(FaultKind::kKill, 1, Milliseconds(50), Milliseconds(10))});
  theatre.RunUntil(Seconds(1));
  EXPECT_EQ(
      theatre.Lines({kStarted, kHeardSay, kHeardEcho, kGone}),
      (Lines{"a started 1", "b started 1", "b heard-say 1", "a gone 1 closed", "b started 2"}));
}

TEST(Network, AfterAClosedConnectionItsOwnSideHearsNothing) {
  Theatre theatre(2);
  theatre.Script({{a, Ms(1), Do::kConnect, 1},
                  {a, Ms(10), Do::kSend, 1},
                  {a, Ms(10), Do::kClose},
                  {a, Ms(20), Do::kSend, 2}});
  theatre.RunUntil(Seconds(1));
  EXPECT_EQ(theatre.Lines({kHeardSay, kHeardEcho, kGone}),
            (Lines{"b heard-say 1", "b gone 0 closed"}));
}

TEST(Network, AConnectionGivenUpDuringTheHandshakeIsNeverSeen) {
  Theatre theatre(2);
  theatre.Script({{a, Ms(1), Do::kConnect, 1},
                  {a, Ms(1), Do::kClose},
                  {a, Ms(5), Do::kConnect, 1},
                  {a, Ms(9), Do::kSend, 7}});
  theatre.RunUntil(Seconds(1));
  EXPECT_EQ(theatre.Lines({kConnected, kHeardSay, kGone}),
            (Lines{"a connected 1", "b heard-say 7"}));
}

TEST(Network, AfterAPowerLossPeersHearNothingUntilTheySend) {
  Theatre theatre(2);
  std::vector<Act> script = ConnectAndSend(Ms(10), {1});
  script.push_back({a, Ms(5'000), Do::kSend, 2});
  theatre.Script(script);
  theatre.Plan({Fault(FaultKind::kPowerLoss, 1, Milliseconds(100), Milliseconds(900))});
  theatre.RunUntil(Milliseconds(4'999));
  EXPECT_EQ(theatre.Lines({kHeardSay, kGone}), Lines{"b heard-say 1"});
  theatre.RunUntil(Seconds(6));
  EXPECT_EQ(theatre.Lines({kHeardSay, kGone}), (Lines{"b heard-say 1", "a gone 1 reset"}));
}

TEST(Network, WhatIsSentToADeadHostIsAnsweredByAResetWhenItIsBack) {
  Theatre theatre(2);
  theatre.Script(ConnectAndSend(Ms(200), {1}));
  theatre.Plan({Fault(FaultKind::kPowerLoss, 1, Milliseconds(100), Milliseconds(900))});
  theatre.RunUntil(Milliseconds(1'199));
  EXPECT_THAT(theatre.Lines({kHeardSay, kGone}), IsEmpty());
  theatre.RunUntil(Seconds(5));
  EXPECT_EQ(theatre.Lines({kHeardSay, kGone}), Lines{"a gone 1 reset"});
}

TEST(Network, WhoConnectsToADeadHostIsHeardOnceItIsBack) {
  Theatre theatre(2);
  theatre.Script({{a, Ms(200), Do::kConnect, 1}});
  theatre.Plan({Fault(FaultKind::kPowerLoss, 1, Milliseconds(100), Milliseconds(900))});
  theatre.RunUntil(Seconds(5));
  EXPECT_EQ(theatre.Lines({kAccepted, kConnected, kGone}),
            (Lines{"b accepted 0", "a connected 1"}));
}

TEST(Network, AListenerHearsOfAnOpenerThatLostItsPowerInTheHandshake) {
  Theatre theatre(2);
  theatre.Script({{a, Ms(1), Do::kConnect, 1}});
  theatre.Plan({Fault(FaultKind::kPowerLoss, 0, sim::Microseconds(2'500), Milliseconds(100))});
  theatre.RunUntil(Seconds(5));
  EXPECT_EQ(theatre.Lines({kAccepted, kConnected, kGone}),
            (Lines{"b accepted 0", "b gone 0 reset"}));
}

TEST(Network, APartitionParksAndDeliversInOrderAfterTheHeal) {
  Theatre theatre(2);
  theatre.Script(ConnectAndSend(Ms(200), {1, 2, 3}));
  theatre.Plan({Partition(0, 1, Milliseconds(100), Milliseconds(900), /*both=*/true)});
  theatre.RunUntil(Milliseconds(1'000));
  EXPECT_THAT(theatre.Heard(1, kHeardSay), IsEmpty());
  theatre.RunUntil(Milliseconds(1'500));
  EXPECT_THAT(theatre.Heard(1, kHeardSay), ElementsAre(1, 2, 3));
  EXPECT_THAT(theatre.Lines({kGone}), IsEmpty());
}

TEST(Network, ADirectedPartitionLetsTheOtherDirectionPass) {
  Theatre theatre(2);
  theatre.Script(ConnectAndSend(Ms(200), {1}));
  theatre.Plan({Partition(1, 0, Milliseconds(100), Milliseconds(900), /*both=*/false)});
  theatre.RunUntil(Milliseconds(900));
  EXPECT_THAT(theatre.Heard(1, kHeardSay), ElementsAre(1));
  EXPECT_THAT(theatre.Heard(0, kHeardEcho), IsEmpty());
  theatre.RunUntil(Seconds(2));
  EXPECT_THAT(theatre.Heard(0, kHeardEcho), ElementsAre(1));
}

TEST(Network, WhatWasOnItsWayWhenTheLinkWasCutArrives) {
  Theatre theatre(2);
  theatre.Script(ConnectAndSend(Ms(10), {1}));
  theatre.Plan({Partition(0, 1, Milliseconds(10) + sim::Microseconds(500), Seconds(1), true)});
  theatre.RunUntil(Milliseconds(100));
  EXPECT_THAT(theatre.Heard(1, kHeardSay), ElementsAre(1));
  EXPECT_THAT(theatre.Heard(0, kHeardEcho), IsEmpty());
}

TEST(Network, HealingOnePartitionLeavesAnotherOfTheSameHostInForce) {
  Theatre theatre(3);
  theatre.Script({{a, Ms(1), Do::kConnect, 1},
                  {c, Ms(1), Do::kConnect, 1},
                  {a, Ms(200), Do::kSend, 1},
                  {c, Ms(200), Do::kSend, 2}});
  theatre.Plan({Partition(0, 1, Milliseconds(100), Milliseconds(400), true),
                Partition(2, 1, Milliseconds(100), Milliseconds(5'000), true),
                Partition(0, 1, Milliseconds(150), Milliseconds(2'000), true)});
  theatre.RunUntil(Milliseconds(2'000));
  EXPECT_THAT(theatre.Heard(1, kHeardSay), IsEmpty());
  theatre.RunUntil(Milliseconds(4'000));
  EXPECT_THAT(theatre.Heard(1, kHeardSay), ElementsAre(1));
  theatre.RunUntil(Milliseconds(6'000));
  EXPECT_THAT(theatre.Heard(1, kHeardSay), ElementsAre(1, 2));
}

TEST(Network, WhatIsParkedOutlivesItsProcessButNotItsKernel) {
  for (const FaultKind kind : {FaultKind::kKill, FaultKind::kPanic}) {
    Theatre theatre(2);
    theatre.Script(ConnectAndSend(Ms(200), {1}));
    theatre.Plan({Partition(0, 1, Milliseconds(100), Milliseconds(900), true),
                  Fault(kind, 0, Milliseconds(300))});
    theatre.RunUntil(Seconds(4));
    if (kind == FaultKind::kKill) {
      EXPECT_EQ(theatre.Lines({kHeardSay, kGone}), (Lines{"b heard-say 1", "b gone 0 closed"}));
    } else {
      EXPECT_THAT(theatre.Lines({kHeardSay, kGone}), IsEmpty());
    }
  }
}

TEST(Network, BandwidthSerialisesAndALatencySpikePasses) {
  Theatre theatre(2);
  theatre.network.classes[0].bytes_per_second = 1'000'000;
  theatre.Rebuild(2);
  theatre.config.think = Milliseconds(0);
  theatre.Script({{a, Ms(1), Do::kConnect, 1},
                  {a, Ms(10), Do::kSend, 1, 20'000},
                  {a, Ms(10), Do::kSend, 2, 20'000},
                  {a, Ms(500), Do::kSend, 3, 1'000}});
  sim::PlannedFault spike =
      Fault(FaultKind::kLatencySpike, 0, Milliseconds(400), Milliseconds(300));
  spike.peer = puppet::Target{.role = kMachine, .index = 1};
  spike.extra = Milliseconds(50);
  theatre.Plan({spike});
  theatre.RunUntil(Seconds(1));
  const auto times = theatre.Times(1, kHeardSay);
  ASSERT_EQ(times.size(), 3u);
  EXPECT_EQ(times[0], Milliseconds(10 + 20 + 1).ns);
  EXPECT_EQ(times[1], Milliseconds(10 + 40 + 1).ns);
  EXPECT_EQ(times[2], Milliseconds(500 + 1 + 1 + 50).ns);
}

TEST(Network, SlotsAreReusedAndNothingMeetsAStranger) {
  Theatre theatre(2);
  std::vector<Act> script;
  for (int64_t i = 0; i < 3'000; ++i) {  // more than there are slots
    script.push_back({a, Ms(10 * i + 1), Do::kConnect, 1});
    script.push_back({a, Ms(10 * i + 4), Do::kSend, static_cast<uint64_t>(i)});
    script.push_back({a, Ms(10 * i + 5), Do::kClose});
  }
  theatre.Script(script);
  theatre.RunUntil(Seconds(40));
  EXPECT_EQ(theatre.Heard(1, kHeardSay).size(), 3'000u);
  EXPECT_EQ(theatre.Lines({kGone}).size(), 3'000u);
  EXPECT_THAT(theatre.Heard(0, kHeardEcho), IsEmpty());
}

}  // namespace
}  // namespace puppet
