// Registration, heartbeats, sessions and shutdown, as the controller decides them (KB:C-1..C-7,
// E-20..E-23, E-31, E-40..E-43).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/controller_fixture.h"

namespace kafka::controller {
namespace {

using sim::Milliseconds;
using sim::Seconds;
using testing::SizeIs;
using Kind = MetadataRecord::Kind;

constexpr BrokerSet kOnlyB1{0b001}, kOnlyB2{0b010};

// ---- KB:E-40, row by row ----

TEST(Heartbeat, OfAFencedBrokerThatLeavesIsToldToGo) {
  ControllerRig rig;
  rig.registration(kB2).fenced = true;
  rig.Heartbeat(kB2, {.want_shutdown = true});
  ASSERT_THAT(rig.SentOf<HeartbeatResponse>(), SizeIs(1));  // nothing is to be committed
  EXPECT_EQ(rig.SentOf<HeartbeatResponse>()[0].should_shut_down, 1);
  EXPECT_EQ(rig.Records(Kind::kFence), 0u);
}

TEST(Heartbeat, UnfencesWhoHasAppliedItsOwnRegistrationAndWantsIt) {
  ControllerRig rig;
  Registration& b2 = rig.registration(kB2);
  b2.fenced = true;
  rig.Heartbeat(kB2, {.want_fence = true});
  EXPECT_TRUE(b2.fenced);
  rig.Heartbeat(kB2, {.applied = b2.epoch.value});  // all records before its own
  EXPECT_TRUE(b2.fenced);
  rig.Heartbeat(kB2, {.applied = b2.epoch.value + 1});
  EXPECT_FALSE(b2.fenced);
  EXPECT_GT(rig.DelayOf(kSessionTimer), sim::Duration{});
  rig.Commit();
  EXPECT_EQ(rig.SentOf<HeartbeatResponse>().at(0).fenced, 0);
}

TEST(Heartbeat, FencesWhoWantsToBe) {
  ControllerRig rig;
  rig.Heartbeat(kB1, {.want_fence = true});
  EXPECT_TRUE(rig.registration(kB1).fenced);
  EXPECT_EQ(rig.state().isr, BrokerSet{0b110});
  EXPECT_EQ(rig.state().leader, kB2);
}

TEST(Heartbeat, WhoLeadsNothingMayGoAtOnce) {
  ControllerRig rig;
  rig.Heartbeat(kB2, {.want_shutdown = true});
  rig.Commit();
  EXPECT_EQ(rig.SentOf<HeartbeatResponse>().at(0).should_shut_down, 1);
  EXPECT_EQ(rig.state().isr, BrokerSet{0b101});
}

// KB:E-41, E-42: leadership moves first, and everybody has to have applied that.
TEST(Heartbeat, WhoLeadsGoesWhenEveryActiveBrokerKnowsTheNewLeader) {
  ControllerRig rig;
  rig.registration(kB3).fenced = true;  // nobody waits for it
  const auto before = static_cast<int64_t>(rig.tables.metadata.size());
  const auto told_to_go = [&](BrokerId who, int64_t applied) {
    rig.Heartbeat(who, {.want_shutdown = who == kB1, .applied = applied});
    rig.Commit();
    const auto sent = rig.SentOf<HeartbeatResponse>();
    return !sent.empty() && sent[0].should_shut_down != 0;
  };
  EXPECT_FALSE(told_to_go(kB1, before));
  EXPECT_EQ(rig.Records(Kind::kControlledShutdown), 1u);
  EXPECT_EQ(rig.state().leader, kB2);
  EXPECT_FALSE(rig.state().isr.contains(kB1));
  const auto moved = static_cast<int64_t>(rig.tables.metadata.size());
  EXPECT_FALSE(told_to_go(kB1, moved));  // b2 is behind
  EXPECT_FALSE(told_to_go(kB2, moved));
  EXPECT_EQ(rig.Records(Kind::kControlledShutdown), 1u);
  rig.Heartbeat(kB1, {.want_shutdown = true, .applied = moved});
  EXPECT_TRUE(rig.registration(kB1).fenced);
  rig.Commit();
  EXPECT_EQ(rig.SentOf<HeartbeatResponse>().at(0).should_shut_down, 1);
}

// KB:C-5: and it is no sign of life.
TEST(Heartbeat, OfAnotherIncarnationIsStale) {
  ControllerRig rig;
  rig.Pass(Seconds(5));
  rig.Heartbeat(kB2, {.epoch = 99});
  EXPECT_EQ(rig.SentOf<HeartbeatResponse>().at(0).error, Error::kStaleBrokerEpoch);
  EXPECT_EQ(rig.registration(kB2).last_contact, sim::MonoTime{});
}

// ---- KB:C-2, E-20..E-23: registration ----

TEST(Registration, OfANewProcessWaitsForTheSessionOfTheOldOne) {
  ControllerRig rig;
  rig.Pass(Milliseconds(8999));
  rig.Register(kB2, 2);
  EXPECT_EQ(rig.SentOf<RegisterResponse>().at(0).error, Error::kDuplicateBrokerRegistration);
  EXPECT_EQ(rig.state().isr, BrokerSet{0b111});
  rig.Pass(Milliseconds(1));
  rig.Register(kB2, 2);
  rig.Commit();
  EXPECT_EQ(rig.SentOf<RegisterResponse>().at(0).error, Error::kNone);
  EXPECT_TRUE(rig.registration(kB2).fenced);
  EXPECT_EQ(rig.state().isr, BrokerSet{0b101});  // KB:C-4: the new process is in no ISR
  EXPECT_EQ(rig.registration(kB2).last_contact, rig.mono);
}

// KB:C-2: contact times alone count, and the heartbeat that was answered with leave is one.
TEST(Registration, WaitsForTheSessionAlsoBehindAnOrderlyStop) {
  ControllerRig rig;
  rig.Pass(Seconds(5));
  rig.Heartbeat(kB2, {.want_shutdown = true});
  rig.Commit();
  EXPECT_EQ(rig.SentOf<HeartbeatResponse>().at(0).should_shut_down, 1);
  rig.Pass(Milliseconds(8999));
  rig.Register(kB2, 2, rig.registration(kB2).epoch);
  EXPECT_EQ(rig.SentOf<RegisterResponse>().at(0).error, Error::kDuplicateBrokerRegistration);
  rig.Pass(Milliseconds(1));
  rig.Register(kB2, 2, rig.registration(kB2).epoch);
  rig.Commit();
  EXPECT_EQ(rig.SentOf<RegisterResponse>().at(0).error, Error::kNone);
}

// KB:E-13, E-21: b1 is the ISR of a partition that b2 left while the ISR was too small.
TEST(Registration, AfterACleanStopKeepsTheElrAndAfterAnyOtherDoesNot) {
  for (const bool clean : {true, false}) {
    ControllerRig rig;
    rig.setup.topics[0].settings.min_insync_replicas = 2;
    rig.state().isr = kOnlyB1;
    rig.state().elr = kOnlyB2;
    rig.registration(kB2).fenced = true;
    rig.Pass(Seconds(9));
    rig.Register(kB2, 2, clean ? rig.registration(kB2).epoch : BrokerEpoch{});
    EXPECT_EQ(rig.state().elr, clean ? kOnlyB2 : BrokerSet{});
  }
}

// KB:E-6: its old process is still registered, and is gone.
TEST(Registration, ItsOwnOldProcessIsNoCandidate) {
  ControllerRig rig;
  rig.setup.topics[0].settings.unclean_leader_election = true;
  rig.state().isr = kOnlyB1;
  rig.Pass(Seconds(9));
  rig.Register(kB1, 2);
  EXPECT_EQ(rig.state().leader, kB2);
}

// ---- KB:C-6: sessions ----

TEST(Session, EndsAfterNineSecondsInTheOrderInWhichTheyWereHeard) {
  ControllerRig rig;
  rig.setup.topics[0].settings.min_insync_replicas = 1;
  rig.Pass(Seconds(1));
  rig.Heartbeat(kB1, {});
  rig.Heartbeat(kB3, {});
  rig.Pass(Milliseconds(1));
  rig.Heartbeat(kB2, {});
  rig.Pass(Seconds(9));
  rig.Fire(kSessionTimer);
  std::vector<uint64_t> fenced;
  for (const sim::Note& note : rig.out.notes()) {
    if (const auto said = note.If<notes::Fenced>()) fenced.push_back(said->broker.value);
  }
  EXPECT_THAT(fenced, testing::ElementsAre(kB1.value, kB3.value, kB2.value));
  EXPECT_EQ(rig.state().elr, kOnlyB2);  // who was heard last had the partition last
  EXPECT_LT(rig.DelayOf(kSessionTimer), sim::Duration{});  // nobody is left to be watched
}

TEST(Session, OfWhoIsHeardInTimeGoesOnAndIsLookedAtAgain) {
  ControllerRig rig;
  for (const BrokerId broker : {kB1, kB2, kB3}) rig.Heartbeat(broker, {});
  rig.Pass(Milliseconds(8999));
  rig.Fire(kSessionTimer);
  EXPECT_EQ(rig.Records(Kind::kFence), 0u);
  EXPECT_GT(rig.DelayOf(kSessionTimer), sim::Duration{});
}

// ---- The task that looks for leaderless partitions (KB:E-31) ----

TEST(UncleanElection, IsTriedEveryFiveMinutesWhereATopicAllowsIt) {
  for (const bool allowed : {true, false}) {
    ControllerRig rig;
    rig.setup.topics[0].settings.unclean_leader_election = allowed;
    rig.Call(OnStarted, sim::Started{1});
    const sim::Duration first = rig.DelayOf(kUncleanTimer);
    EXPECT_EQ(first > sim::Duration{}, allowed);
    EXPECT_LE(first, Seconds(300));  // the controller has been up for a while
  }
  ControllerRig rig;
  rig.setup.topics[0].settings.unclean_leader_election = true;
  rig.state().leader = BrokerId::None();
  rig.state().isr = {};
  rig.Fire(kUncleanTimer);
  EXPECT_EQ(rig.state().leader, kB1);
  EXPECT_EQ(rig.DelayOf(kUncleanTimer), Seconds(300));
}

// ---- The task that gives leadership back (KB:E-30) ----

TEST(PreferredLeader, IsGivenItsPartitionBackIfItIsInSync) {
  for (const bool in_sync : {true, false}) {
    ControllerRig rig;
    rig.state().leader = kB2;
    rig.state().leader_epoch = {1};
    if (!in_sync) rig.state().isr = BrokerSet{0b110};
    rig.Fire(kBalanceTimer);
    EXPECT_EQ(rig.state().leader, in_sync ? kB1 : kB2);
    EXPECT_EQ(rig.state().leader_epoch, LeaderEpoch{in_sync ? 2 : 1});
    EXPECT_EQ(rig.DelayOf(kBalanceTimer), Seconds(300));
  }
}

TEST(PreferredLeader, MayNotLeadWhileItLeavesOrIsFenced) {
  for (const bool leaves : {true, false}) {
    ControllerRig rig;
    rig.state().leader = kB2;
    Registration& b1 = rig.registration(kB1);
    (leaves ? b1.in_controlled_shutdown : b1.fenced) = true;
    rig.Fire(kBalanceTimer);
    EXPECT_EQ(rig.state().leader, kB2);
  }
}

TEST(PreferredLeader, IsLookedForAtThePhaseOfTheControllerUnlessThatIsOff) {
  for (const bool on : {true, false}) {
    ControllerRig rig;
    rig.setup.controller.leader_rebalance = on;
    rig.Call(OnStarted, sim::Started{1});
    const sim::Duration first = rig.DelayOf(kBalanceTimer);
    EXPECT_EQ(first > sim::Duration{}, on);
    EXPECT_LE(first, Seconds(300));  // the controller has been up for a while
  }
}

// Nobody leads: that is the business of others (KB:E-31), and of who comes back.
TEST(PreferredLeader, IsNotMadeWhereNobodyLeads) {
  ControllerRig rig;
  rig.state().leader = BrokerId::None();
  rig.Fire(kBalanceTimer);
  EXPECT_FALSE(rig.state().leader.exists());
}

// ---- KB:C-30, C-50: the metadata log ----

TEST(MetadataLog, TheFirstRecordStartsTheLingerAndTheNextOneJoins) {
  ControllerRig rig;
  rig.Heartbeat(kB2, {.want_fence = true});  // a change of the partition, then the fence
  EXPECT_EQ(rig.DelayOf(kCommitTimer), Milliseconds(25));
  rig.Heartbeat(kB3, {.want_fence = true});
  EXPECT_LT(rig.DelayOf(kCommitTimer), sim::Duration{});
}

TEST(MetadataLog, APollIsAnsweredOnceAndWithWhatIsCommitted) {
  ControllerRig rig;
  const auto end = static_cast<int64_t>(rig.tables.metadata.size());
  const auto answers = [&] { return rig.SentOf<MetadataFetchResponse>().size(); };
  rig.Call(OnMetadataFetch, MetadataFetchRequest{.broker = kB2, .from = end});
  EXPECT_EQ(answers(), 0u);
  rig.Heartbeat(kB3, {.want_fence = true});
  EXPECT_EQ(answers(), 0u);  // written, not committed
  rig.Commit();
  ASSERT_EQ(answers(), 1u);
  EXPECT_EQ(rig.SentOf<MetadataFetchResponse>()[0].to, end + 2);
  rig.Heartbeat(kB1, {.want_fence = true});
  rig.Commit();
  EXPECT_EQ(answers(), 0u);  // nobody has asked again
}

// What a broker gave up arrives late, on a link that healed.
TEST(MetadataLog, AnOlderPollDoesNotTakeTheNewersPlaceAndAClosedOneIsForgotten) {
  ControllerRig rig;
  const auto end = static_cast<int64_t>(rig.tables.metadata.size());
  const sim::ConnectionId older{1u << sim::ConnectionId::kSlotBits};
  const sim::ConnectionId newer{2u << sim::ConnectionId::kSlotBits};
  rig.Call(OnMetadataFetch, MetadataFetchRequest{.correlation = 2, .broker = kB2, .from = end},
           newer);
  rig.Call(OnMetadataFetch, MetadataFetchRequest{.correlation = 1, .broker = kB2, .from = end},
           older);
  EXPECT_EQ(rig.controller.process.waits[kB2].correlation, 2u);
  rig.Call(OnDisconnected, sim::Disconnected{}, newer);
  rig.Heartbeat(kB3, {.want_fence = true});
  rig.Commit();
  EXPECT_THAT(rig.SentOf<MetadataFetchResponse>(), SizeIs(0));
}

// ---- What a change is asked with (KB:E-4, E-11) ----

TEST(ChangeRequest, TheMinimumIsNeverMoreThanTheReplicasAndWhoLeavesMayNotLead) {
  ControllerRig rig;
  rig.setup.topics[0].settings.min_insync_replicas = 3;
  rig.setup.partitions[0].replicas = {kB1, kB2};
  rig.registration(kB2).in_controlled_shutdown = true;
  const ChangeRequest request = RequestFor(rig.Ctx(), rig.controller.process, {0});
  EXPECT_EQ(request.min_isr, 2);
  EXPECT_EQ(request.acceptable, kOnlyB1);
}

// A record that would change nothing is dropped (KB:E-3).
TEST(ChangeRequest, ThatChangesNothingWritesNoRecord) {
  ControllerRig rig;
  const size_t records = rig.tables.metadata.size();
  rig.out.Clear();
  WritePartition(rig.Ctx(), rig.controller.process, {0},
                 RequestFor(rig.Ctx(), rig.controller.process, {0}), rig.out);
  EXPECT_EQ(rig.tables.metadata.size(), records);
}

}  // namespace
}  // namespace kafka::controller
