// Each kind of fault: when it strikes, whom, what is recorded of it, and how it ends.
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

std::vector<Act> Talk(int64_t from_ms, int64_t every_ms, uint64_t count) {
  std::vector<Act> script = {{a, Ms(1), Do::kConnect, b.value}};
  for (uint64_t uid = 1; uid <= count; ++uid) {
    const int64_t at = from_ms + every_ms * static_cast<int64_t>(uid - 1);
    script.push_back({a, Ms(at), Do::kSend, uid});
  }
  return script;
}
std::vector<uint64_t> UpTo(uint64_t count) {
  std::vector<uint64_t> all;
  for (uint64_t uid = 1; uid <= count; ++uid) all.push_back(uid);
  return all;
}

// ---- Pauses. ----

TEST(Pause, WhatAProcessMissedComesAfterwardsInOrderExactlyOnce) {
  Theatre theatre(2);
  theatre.Script(Talk(10, 7, 60));
  theatre.Plan({Fault(FaultKind::kPause, 1, Milliseconds(50), Milliseconds(100)),
                Fault(FaultKind::kPause, 0, Milliseconds(200), Milliseconds(100))});
  theatre.RunUntil(Seconds(2));
  EXPECT_EQ(theatre.Heard(1, kHeardSay), UpTo(60));
  EXPECT_EQ(theatre.Heard(0, kHeardEcho), UpTo(60));
  for (const int64_t time : theatre.Times(1, kHeardSay)) {
    EXPECT_FALSE(time >= Ms(50).ns && time < Ms(150).ns);
  }
}

// An arrival at the very moment of the resume stands behind what was missed.
TEST(Pause, AnArrivalAtTheMomentOfTheResumeDoesNotOvertake) {
  Theatre theatre(2);
  theatre.config.think = {};
  std::vector<Act> script = Talk(10, 10, 12);
  theatre.Script(script);
  // Arrivals are at 11, 21, 31, ... ms; the pause of the answered side ends exactly there.
  theatre.Plan({Fault(FaultKind::kPause, 1, Milliseconds(25), Milliseconds(36)),
                Fault(FaultKind::kPause, 0, Milliseconds(75), Milliseconds(27))});
  theatre.RunUntil(Seconds(1));
  EXPECT_EQ(theatre.Heard(1, kHeardSay), UpTo(12));
  EXPECT_EQ(theatre.Heard(0, kHeardEcho), UpTo(12));
}

TEST(Pause, ACloseDuringThePauseIsHeardAfterwards) {
  Theatre theatre(2);
  theatre.config.think = Milliseconds(30);
  theatre.Script({{a, Ms(1), Do::kConnect, 1},
                  {a, Ms(10), Do::kSend, 1},
                  {a, Ms(10), Do::kSend, 2},
                  {a, Ms(10), Do::kClose}});
  theatre.Plan({Fault(FaultKind::kPause, 1, Milliseconds(5), Milliseconds(95))});
  theatre.RunUntil(Seconds(1));
  EXPECT_EQ(theatre.Lines({kHeardSay, kGone}),
            (Lines{"b heard-say 1", "b heard-say 2", "b gone 0 closed"}));
}

TEST(Pause, TheKernelOfAPausedProcessGoesOnShakingHands) {
  Theatre theatre(2);
  theatre.Script({{a, Ms(10), Do::kConnect, 1}});
  theatre.Plan({Fault(FaultKind::kPause, 1, Milliseconds(5), Milliseconds(95))});
  theatre.RunUntil(Seconds(1));
  EXPECT_EQ(theatre.Lines({kAccepted, kConnected}), (Lines{"a connected 1", "b accepted 0"}));
  EXPECT_GE(theatre.Times(1, kAccepted)[0], Ms(100).ns);
}

TEST(Pause, TimersThatExpiredFireAfterwardsUnlessTheyWereCancelled) {
  Theatre theatre(1);
  theatre.Script({{a, Ms(1), Do::kTimer, 40'000'000}});
  theatre.Plan({Fault(FaultKind::kPause, 0, Milliseconds(5), Milliseconds(95))});
  theatre.RunUntil(Seconds(1));
  ASSERT_EQ(theatre.Times(0, kTimer).size(), 1u);
  EXPECT_GE(theatre.Times(0, kTimer)[0], Ms(100).ns);
  EXPECT_LT(theatre.Times(0, kTimer)[0], Ms(100).ns + 100);

  Theatre other(1);  // its own cancel, missed as well, stands before the timer
  other.Script({{a, Ms(1), Do::kTimer, 40'000'000}, {a, Ms(30), Do::kCancel}});
  other.Plan({Fault(FaultKind::kPause, 0, Milliseconds(5), Milliseconds(95))});
  other.RunUntil(Seconds(1));
  EXPECT_THAT(other.Times(0, kTimer), IsEmpty());
}

TEST(Pause, AKillDuringThePauseForgetsWhatWasMissed) {
  Theatre theatre(2);
  theatre.Script(Talk(10, 7, 5));
  theatre.Plan({Fault(FaultKind::kPause, 1, Milliseconds(5), Milliseconds(95)),
                Fault(FaultKind::kKill, 1, Milliseconds(60), Milliseconds(10))});
  theatre.RunUntil(Seconds(1));
  EXPECT_THAT(theatre.Heard(1, kHeardSay), IsEmpty());
  EXPECT_EQ(theatre.Lines({kGone}), Lines{"a gone 1 closed"});
  EXPECT_THAT(theatre.Heard(1, kStarted), ElementsAre(1, 2));
}

TEST(Pause, OverlappingPausesEndWithTheLast) {
  Theatre theatre(2);
  theatre.Script(Talk(10, 7, 30));
  theatre.Plan({Fault(FaultKind::kPause, 1, Milliseconds(50), Milliseconds(50)),
                Fault(FaultKind::kPause, 1, Milliseconds(80), Milliseconds(100))});
  theatre.RunUntil(Seconds(1));
  EXPECT_EQ(theatre.Heard(1, kHeardSay), UpTo(30));
  for (const int64_t time : theatre.Times(1, kHeardSay)) {
    EXPECT_FALSE(time >= Ms(50).ns && time < Ms(180).ns);
  }
}

TEST(Pause, ForEverIsUntilTheEndOfFaults) {
  Theatre theatre(2);
  theatre.Script(Talk(10, 7, 30));
  theatre.Plan({Fault(FaultKind::kPause, 1, Milliseconds(50))});
  theatre.RunUntil(Seconds(1));
  EXPECT_LT(theatre.Heard(1, kHeardSay).size(), 30u);
  theatre.EndFaults();
  theatre.RunUntil(Seconds(2));
  EXPECT_EQ(theatre.Heard(1, kHeardSay), UpTo(30));
  EXPECT_EQ(theatre.Heard(0, kHeardEcho), UpTo(30));
}

// ---- Stops, kills, outages. ----

TEST(Fault, AStopIsOrderlyAndItsRestartCountsFromTheExit) {
  Theatre theatre(1);
  theatre.Plan({Fault(FaultKind::kStop, 0, Milliseconds(50), Milliseconds(100))});
  theatre.RunUntil(Seconds(1));
  EXPECT_THAT(theatre.Heard(0, kStarted), ElementsAre(1, 2));
  EXPECT_NEAR(static_cast<double>(theatre.Times(0, kStarted)[1]), Ms(150).ns, 1'000);
}

TEST(Fault, WhoEndedByItselfStaysAway) {
  Theatre theatre(2);
  theatre.Script({{a, Ms(10), Do::kExit}, {a, Ms(20), Do::kTimer, 5}});
  theatre.Plan({Fault(FaultKind::kPowerLoss, 0, Milliseconds(50), Milliseconds(100))});
  theatre.RunUntil(Seconds(1));
  theatre.EndFaults();
  theatre.RunUntil(Seconds(2));
  EXPECT_THAT(theatre.Heard(0, kStarted), ElementsAre(1));
  EXPECT_THAT(theatre.Heard(0, kTimer), IsEmpty());
}

TEST(Fault, OverlappingOutagesEndWithTheLastAndKillsHoldThrough) {
  Theatre theatre(1);
  theatre.Plan({Fault(FaultKind::kPowerLoss, 0, Milliseconds(50), Milliseconds(100)),
                Fault(FaultKind::kPanic, 0, Milliseconds(100), Milliseconds(200)),
                Fault(FaultKind::kKill, 0, Milliseconds(120), Milliseconds(500))});
  theatre.RunUntil(Seconds(1));
  EXPECT_THAT(theatre.Times(0, kStarted), ElementsAre(0, Ms(620).ns));
}

TEST(Fault, AKillWhoseRestartFallsIntoAnOutageStartsWithTheHost) {
  Theatre theatre(1);
  theatre.Plan({Fault(FaultKind::kKill, 0, Milliseconds(50), Milliseconds(100)),
                Fault(FaultKind::kPowerLoss, 0, Milliseconds(100), Milliseconds(200))});
  theatre.RunUntil(Seconds(1));
  EXPECT_THAT(theatre.Times(0, kStarted), ElementsAre(0, Ms(300).ns));
}

TEST(Fault, PowerTakesDirtyPagesAKillDoesNot) {
  for (const FaultKind kind : {FaultKind::kKill, FaultKind::kPowerLoss}) {
    Theatre theatre(1);
    theatre.Script(
        {{a, Ms(10), Do::kWrite, 4096}, {a, Ms(11), Do::kFlush}, {a, Ms(100), Do::kWrite, 4096}});
    theatre.Plan({Fault(kind, 0, Milliseconds(200), Milliseconds(100))});
    theatre.RunUntil(Seconds(1));
    EXPECT_THAT(theatre.Heard(0, kFlushed), ElementsAre(0));
    EXPECT_EQ(theatre.world.engine.storage({0}).Length({0}),
              kind == FaultKind::kKill ? 8192u : 4096u);
  }
}

TEST(Fault, AFlushWhoseProcessIsKilledTellsNobody) {
  Theatre theatre(1);
  theatre.Script({{a, Ms(10), Do::kWrite, 4096}, {a, Ms(10), Do::kFlush}});
  theatre.Plan(
      {Fault(FaultKind::kKill, 0, Milliseconds(10) + sim::Microseconds(1), sim::Microseconds(10))});
  theatre.RunUntil(Seconds(1));
  EXPECT_THAT(theatre.Heard(0, kFlushed), IsEmpty());
  EXPECT_EQ(theatre.world.engine.storage({0}).DurableEnd({0}), 4096u);
}

TEST(Fault, AClockStepMovesTheWallClockOfItsHostAlone) {
  Theatre theatre(2);
  theatre.Script({{a, Ms(10), Do::kTimer, 1'000'000},
                  {a, Ms(300), Do::kTimer, 1'000'000},
                  {b, Ms(300), Do::kTimer, 1'000'000}});
  sim::PlannedFault step = Fault(FaultKind::kClockStep, 0, Milliseconds(100), Seconds(1));
  step.extra = Seconds(-5);
  theatre.Plan({step});
  theatre.RunUntil(Seconds(3));
  std::vector<int64_t> apart;
  for (const Theatre::Told& it : theatre.told) {
    const auto clock = it.note.If<notes::Clock>();
    if (!clock) continue;
    apart.push_back(clock->wall.ns - clock->mono.ns);
    EXPECT_EQ(clock->mono.ns, it.time.ns);
  }
  EXPECT_THAT(apart, ElementsAre(0, -5'000'000'000, 0));
}

TEST(Fault, HostsHaveClocksOfTheirOwn) {
  Theatre theatre(1);
  theatre.world.engine.Reset(sim::Choices(1), theatre.network);
  theatre.world.machines<Puppet>().clear();
  const sim::HostId host = theatre.world.engine.AddHost(
      {.name = 1, .mono_offset = Seconds(7), .wall_offset = Seconds(1'000)}, {});
  theatre.world.AddMachine(Puppet{}, host, 1);
  theatre.Script({{a, Ms(10), Do::kTimer, 0}});
  theatre.RunUntil(Seconds(1));
  const auto clock = theatre.told.back().note.If<notes::Clock>();
  ASSERT_TRUE(clock);
  EXPECT_EQ(clock->mono.ns, 7'010'000'000);
  EXPECT_EQ(clock->wall.ns, 1'000'010'000'000);
}

TEST(Fault, ADiskIsAsSlowAsTheSlowestFaultInForce) {
  Theatre theatre(1);
  std::vector<Act> script;
  for (int64_t ms : {10, 3'000, 6'000, 9'000}) {
    script.push_back({a, Ms(ms), Do::kWrite, 50'000'000});
    script.push_back({a, Ms(ms), Do::kFlush});
  }
  theatre.Script(script);
  sim::PlannedFault slow = Fault(FaultKind::kSlowDisk, 0, Milliseconds(2'000), Seconds(3));
  slow.factor = 4;
  sim::PlannedFault slower = Fault(FaultKind::kSlowDisk, 0, Milliseconds(2'500), Seconds(5));
  slower.factor = 8;
  theatre.Plan({slow, slower});
  theatre.RunUntil(Seconds(15));
  const auto done = theatre.Times(0, kFlushed);
  ASSERT_EQ(done.size(), 4u);
  EXPECT_LT(done[0], Ms(300).ns);
  EXPECT_GT(done[1], Ms(3'700).ns);  // 8 times 100 ms
  EXPECT_GT(done[2], Ms(6'700).ns);
  EXPECT_LT(done[3], Ms(9'300).ns);
}

// ---- Points, guards, anchors. ----

TEST(Point, TheNthNoteForWhichTheGuardHolds) {
  Theatre theatre(2);
  theatre.Script(Talk(10, 10, 20));
  sim::PlannedFault kill = Fault(FaultKind::kKill, 1, Seconds(5), Milliseconds(1));
  kill.note_kind = kHeardSay;
  kill.guard.copies_max = 15;
  kill.occurrence = 7;
  theatre.Plan({kill});
  theatre.RunUntil(Seconds(6));
  ASSERT_EQ(theatre.world.engine.realised().size(), 1u);
  const sim::RealisedFault& realised = theatre.world.engine.realised()[0];
  EXPECT_EQ(realised.uid, 7u);
  EXPECT_EQ(realised.note_kind, kHeardSay);
  EXPECT_FALSE(realised.by_fallback);
  EXPECT_EQ(realised.time.ns, theatre.Times(1, kHeardSay)[6]);
  EXPECT_EQ(realised.machines, (sim::ResolvedMachines{b}));
  EXPECT_EQ(theatre.Heard(1, kHeardSay).size(), 7u);  // the connection was not opened again
  EXPECT_TRUE(theatre.world.engine.AllFaultsFired());
}

TEST(Point, TheFallbackStrikesWhenTheGuardNeverHolds) {
  Theatre theatre(2);
  theatre.Script(Talk(10, 10, 5));
  sim::PlannedFault kill = Fault(FaultKind::kKill, 1, Milliseconds(500), Milliseconds(1));
  kill.note_kind = kHeardSay;
  kill.guard.copies_max = 0;
  theatre.Plan({kill});
  theatre.RunUntil(Seconds(1));
  ASSERT_EQ(theatre.world.engine.realised().size(), 1u);
  EXPECT_TRUE(theatre.world.engine.realised()[0].by_fallback);
  EXPECT_EQ(theatre.world.engine.realised()[0].time, Ms(500));
}

TEST(Point, WithoutAFallbackItDoesNotFireAndThatIsKnown) {
  Theatre theatre(2);
  theatre.Script(Talk(10, 10, 5));
  sim::PlannedFault kill = Fault(FaultKind::kKill, 1, {});
  kill.at = sim::Never<sim::SimTime>();
  kill.note_kind = kHeardSay;
  kill.note_subject = 77;
  theatre.Plan({kill});
  theatre.RunUntil(Seconds(1));
  EXPECT_FALSE(theatre.world.engine.AllFaultsFired());
  EXPECT_EQ(theatre.Heard(1, kHeardSay).size(), 5u);
}

TEST(Point, ARealisedMessageIsAnAnchorForAnotherRun) {
  Theatre theatre(2);
  theatre.Script(Talk(10, 10, 20));
  sim::PlannedFault kill = Fault(FaultKind::kKill, 1, Seconds(5), Milliseconds(1));
  kill.note_kind = kHeardSay;
  kill.by_uid = true;
  kill.uid = 4;
  theatre.Plan({kill});
  theatre.RunUntil(Seconds(6));
  EXPECT_EQ(theatre.world.engine.realised()[0].uid, 4u);
  EXPECT_THAT(theatre.Heard(1, kHeardSay), ElementsAre(1, 2, 3, 4));
}

TEST(Point, TheDistanceToTheFaultBeforeIsRecorded) {
  Theatre theatre(2);
  theatre.Plan({Fault(FaultKind::kKill, 1, Milliseconds(100), Milliseconds(1)),
                Fault(FaultKind::kKill, 1, Milliseconds(350), Milliseconds(1))});
  theatre.RunUntil(Seconds(1));
  EXPECT_EQ(theatre.world.engine.realised()[1].since_previous, Milliseconds(250));
}

// `cut: BEFORE_EFFECTS`: appended, killed before answering. A connection loses nothing in its middle:
// who is not ended by the fault has sent.
TEST(Point, BeforeEffectsDropsSendsOfWhoIsEndedAndKeepsWrites) {
  const auto echoes = [](FaultKind kind, uint8_t whom, bool before) {
    Theatre theatre(3);
    theatre.Script({{a, Ms(1), Do::kConnect, 1}, {a, Ms(10), Do::kSend, 1}});
    sim::PlannedFault fault = Fault(kind, whom, Seconds(5));
    fault.note_kind = kHeardSay;
    fault.before_effects = before;
    theatre.Plan({fault});
    theatre.RunUntil(Seconds(1));
    return theatre.Heard(0, kHeardEcho).size();
  };
  EXPECT_EQ(echoes(FaultKind::kKill, 1, true), 0u);
  EXPECT_EQ(echoes(FaultKind::kKill, 1, false), 1u);
  EXPECT_EQ(echoes(FaultKind::kKill, 2, true), 1u);
  EXPECT_EQ(echoes(FaultKind::kSlowDisk, 1, true), 1u);
}

TEST(EndOfFaults, EverythingIsBack) {
  Theatre theatre(3);
  theatre.Script(Talk(10, 50, 40));
  sim::PlannedFault cut = Fault(FaultKind::kPartition, 0, Milliseconds(300));
  cut.peer = puppet::Target{.role = kMachine, .index = 1};
  sim::PlannedFault never = Fault(FaultKind::kKill, 1, Seconds(9));
  never.note_kind = kGone;
  sim::PlannedFault spike = Fault(FaultKind::kLatencySpike, 0, Milliseconds(100));
  spike.peer = puppet::Target{.role = kMachine, .index = 1};
  spike.extra = Milliseconds(30);
  theatre.Plan({cut, never, spike, Fault(FaultKind::kPowerLoss, 2, Milliseconds(100)),
                Fault(FaultKind::kStop, 2, Milliseconds(50))});
  theatre.RunUntil(Seconds(1));
  theatre.EndFaults();
  theatre.RunUntil(Seconds(12));
  EXPECT_EQ(theatre.Heard(1, kHeardSay), UpTo(40));
  EXPECT_EQ(theatre.Heard(0, kHeardEcho), UpTo(40));
  EXPECT_THAT(theatre.Heard(2, kStarted), ElementsAre(1, 2));
  EXPECT_FALSE(theatre.world.engine.AllFaultsFired());
  const auto times = theatre.Times(1, kHeardSay);
  EXPECT_EQ(times.back(), Ms(10 + 50 * 39 + 1).ns);  // as quick as before
}

TEST(Fault, OneAfterAnotherIsARollingRestart) {
  Theatre theatre(3);
  std::vector<sim::PlannedFault> plan;
  for (uint16_t i = 0; i < 3; ++i) {
    plan.push_back(Fault(FaultKind::kStop, i, Milliseconds(100), Milliseconds(200)));
    if (i == 0) continue;
    plan.back().at = sim::Never<sim::SimTime>();
    plan.back().after_fault = static_cast<int16_t>(i - 1);
    plan.back().delay = Milliseconds(300);
  }
  theatre.Plan(plan);
  theatre.RunUntil(Seconds(5));
  for (uint16_t i = 0; i < 3; ++i) {
    ASSERT_EQ(theatre.Times(i, kStarted).size(), 2u);
    EXPECT_NEAR(static_cast<double>(theatre.Times(i, kStarted)[1]),
                static_cast<double>(Ms(300 + 500 * i).ns), 1'000);
  }
}

// What a variant asks for: the times of the base run, and its order.
TEST(Fault, OneAfterAnotherKeepsATimeOfItsOwnUnlessTheOtherIsStillGoingOn) {
  for (const auto& [first_at, second_at] : {std::pair{100, 900}, std::pair{1'500, 1'800}}) {
    Theatre theatre(2);
    std::vector<sim::PlannedFault> plan = {
        Fault(FaultKind::kStop, 0, Milliseconds(first_at), Milliseconds(200)),
        Fault(FaultKind::kStop, 1, Milliseconds(900), Milliseconds(200))};
    plan[1].after_fault = 0;
    plan[1].delay = Milliseconds(100);
    theatre.Plan(plan);
    theatre.RunUntil(Seconds(5));
    ASSERT_EQ(theatre.Times(1, kStarted).size(), 2u);
    EXPECT_NEAR(static_cast<double>(theatre.Times(1, kStarted)[1]),
                static_cast<double>(Ms(second_at + 200).ns), 1'000);
  }
}

}  // namespace
}  // namespace puppet
