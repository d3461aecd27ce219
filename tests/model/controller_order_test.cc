// What an operator asks of the controller: elections, settings, partitions (KB:E-17, E-31..E-33).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/controller_fixture.h"

namespace kafka::controller {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

struct OrderRig : ControllerRig {
  void Order(const Act& act) {
    setup.acts = {act};
    Call(OnOrdered, sim::Ordered{.order = 0});
  }
  void Set(TopicId topic, TopicSetting setting, int64_t value) {
    Order({.kind = Act::Kind::kChangeSetting, .topic = topic, .setting = setting, .value = value});
  }
  void Elect(bool unclean) { Order({.kind = Act::Kind::kElectLeaders, .unclean = unclean}); }
  AskedElection Outcome() const { return OnlyOf<notes::ElectionAsked>(out.notes()).at(0).outcome; }
  // b1 and b2 are away and eligible, nobody leads, and only b3, which lacks something, is up.
  void LoseLeader() {
    setup.topics[0].settings.min_insync_replicas = 2;
    state().leader = BrokerId::None();
    state().isr = {};
    state().elr = BrokerSet::Of(kB1).With(kB2);
    state().last_known_leader = kB1;
    registration(kB1).fenced = registration(kB2).fenced = true;
  }
};

constexpr TopicId kOrdersTopic{0};
constexpr TopicId kAll{};

// ---- Settings (KB:E-17) ----

TEST(Order, ATopicsSettingGoesThroughTheMetadataLog) {
  OrderRig rig;
  rig.Set(kOrdersTopic, TopicSetting::kMinInsyncReplicas, 2);
  const MetadataRecord& record = rig.tables.metadata.back();
  EXPECT_EQ(record.kind, MetadataRecord::Kind::kSetting);
  EXPECT_EQ(record.topic, kOrdersTopic);
  EXPECT_EQ(record.value, 2);
  EXPECT_EQ(RequestFor(rig.Ctx(), rig.controller.process, {0}).min_isr, 2);
  ASSERT_THAT(OnlyOf<notes::SettingChanged>(rig.out.notes()), SizeIs(1));
}

TEST(Order, TheClustersSettingCountsForTopicsThatDoNotSetItThemselves) {
  OrderRig rig;
  rig.Set(kAll, TopicSetting::kMinInsyncReplicas, 2);
  EXPECT_EQ(RequestFor(rig.Ctx(), rig.controller.process, {0}).min_isr, 2);
  OrderRig own;
  own.setup.topics[0].own = 1u << static_cast<uint32_t>(TopicSetting::kMinInsyncReplicas);
  own.Set(kAll, TopicSetting::kMinInsyncReplicas, 2);
  EXPECT_EQ(RequestFor(own.Ctx(), own.controller.process, {0}).min_isr, 1);
  EXPECT_THAT(OnlyOf<notes::SettingChanged>(own.out.notes()), SizeIs(0));
}

TEST(Order, TheSameMinInsyncReplicasAgainEmptiesTheElrIfItIsTheClusters) {
  for (const bool of_cluster : {true, false}) {
    OrderRig rig;
    rig.LoseLeader();
    rig.setup.topics[0].own = 1u << static_cast<uint32_t>(TopicSetting::kMinInsyncReplicas);
    const PartitionState before = rig.state();
    rig.Set(of_cluster ? kAll : kOrdersTopic, TopicSetting::kMinInsyncReplicas, 2);
    if (!of_cluster) {
      EXPECT_EQ(rig.state(), before) << "of a topic it is no change";
      continue;
    }
    EXPECT_TRUE(rig.state().elr.empty());
    EXPECT_FALSE(rig.state().last_known_leader.exists());
    EXPECT_EQ(rig.state().leader_epoch, before.leader_epoch);
    EXPECT_GT(rig.state().partition_epoch, before.partition_epoch);
    // The trap: they come back, and nobody leads for good.
    rig.registration(kB1).fenced = rig.registration(kB2).fenced = false;
    ElectForLeaderless(rig.Ctx(), rig.controller.process, rig.out);
    EXPECT_FALSE(rig.state().leader.exists());
  }
}

TEST(Order, AnotherMinInsyncReplicasOfTheTopicEmptiesItsElr) {
  OrderRig rig;
  rig.LoseLeader();
  rig.Set(kOrdersTopic, TopicSetting::kMinInsyncReplicas, 1);
  EXPECT_TRUE(rig.state().elr.empty());
}

TEST(Order, WithoutElrThereIsNothingToEmpty) {
  OrderRig rig;
  rig.setup.controller.elr = false;
  rig.LoseLeader();
  rig.Set(kAll, TopicSetting::kMinInsyncReplicas, 2);
  EXPECT_FALSE(rig.state().elr.empty());
}

// KB:E-31: the next run of the task elects, and not the change.
TEST(Order, UncleanElectionIsAllowedAndNotHeldAtOnce) {
  OrderRig rig;
  rig.LoseLeader();
  rig.Set(kOrdersTopic, TopicSetting::kUncleanLeaderElection, 1);
  EXPECT_FALSE(rig.state().leader.exists());
  rig.Fire(kUncleanTimer);
  EXPECT_EQ(rig.state().leader, kB3);
  EXPECT_EQ(OnlyOf<notes::PartitionState>(rig.out.notes()).at(0).election, Election::kUnclean);
}

TEST(Order, TheTaskRunsIfSomebodyWillAllowIt) {
  OrderRig rig;
  rig.Call(OnStarted, sim::Started{});
  EXPECT_LT(rig.DelayOf(kUncleanTimer).ns, 0);
  rig.setup.acts = {{.kind = Act::Kind::kChangeSetting,
                     .setting = TopicSetting::kUncleanLeaderElection,
                     .value = 1}};
  rig.Call(OnStarted, sim::Started{});
  EXPECT_GE(rig.DelayOf(kUncleanTimer).ns, 0);
}

// ---- Elections (KB:E-32) ----

TEST(Order, AnUncleanElectionTakesWhoIsUpWhateverTheTopicSays) {
  OrderRig rig;
  rig.LoseLeader();
  rig.Elect(true);
  EXPECT_EQ(rig.Outcome(), AskedElection::kElected);
  EXPECT_EQ(rig.state().leader, kB3);
  EXPECT_EQ(rig.state().isr, BrokerSet::Of(kB3));
  const auto said = OnlyOf<notes::PartitionState>(rig.out.notes());
  EXPECT_EQ(said.at(0).election, Election::kUncleanByHand);
}

TEST(Order, AnUncleanElectionOfWhoHasALeaderIsNotNeeded) {
  OrderRig rig;
  const PartitionState before = rig.state();
  rig.Elect(true);
  EXPECT_EQ(rig.Outcome(), AskedElection::kNotNeeded);
  EXPECT_EQ(rig.state(), before);
}

TEST(Order, NobodyIsElectedWhereNobodyIsUp) {
  OrderRig rig;
  rig.LoseLeader();
  rig.registration(kB3).fenced = true;
  rig.Elect(true);
  EXPECT_EQ(rig.Outcome(), AskedElection::kNobodyEligible);
}

TEST(Order, ThePreferredReplicaLeadsAgainIfItIsInSync) {
  OrderRig rig;
  rig.Elect(false);
  EXPECT_EQ(rig.Outcome(), AskedElection::kNotNeeded);
  rig.state().leader = kB2;
  rig.Elect(false);
  EXPECT_EQ(rig.Outcome(), AskedElection::kElected);
  EXPECT_EQ(rig.state().leader, kB1);
  rig.state().leader = kB2;
  rig.state().isr = BrokerSet::Of(kB2).With(kB3);
  rig.Elect(false);
  EXPECT_EQ(rig.Outcome(), AskedElection::kNobodyEligible);
  EXPECT_EQ(rig.state().leader, kB2);
}

// An election of preferred leaders is never unclean, even where the topic would allow it.
TEST(Order, APreferredElectionIsNeverUnclean) {
  OrderRig rig;
  rig.LoseLeader();
  rig.setup.topics[0].settings.unclean_leader_election = true;
  rig.Elect(false);
  EXPECT_FALSE(rig.state().leader.exists());
}

// ---- Partitions (KB:E-33) ----

struct GrowingRig : OrderRig {
  GrowingRig() {
    setup.topics[0].partitions.push_back({1});
    setup.partitions.push_back(
        {.topic = {0}, .index = 1, .replicas = {kB2, kB3, kB1}, .added_by = 0});
    tables = {};
    tables.appended.resize(2);
    controller = Form(setup, tables);
  }
  void Grow() { Order({.kind = Act::Kind::kAddPartitions, .topic = {0}, .value = 2}); }
  const PartitionState& added() const { return controller.process.partitions[1]; }
};

TEST(Order, APartitionThatIsAddedBeginsWithWhoIsActive) {
  GrowingRig rig;
  EXPECT_FALSE(Exists(rig.added()));
  rig.registration(kB2).fenced = true;
  ElectForLeaderless(rig.Ctx(), rig.controller.process, rig.out);
  EXPECT_FALSE(Exists(rig.added())) << "nobody is elected before it is made";
  rig.Grow();
  EXPECT_EQ(rig.added().leader, kB3);
  EXPECT_EQ(rig.added().isr, BrokerSet::Of(kB1).With(kB3));
  EXPECT_EQ(rig.added().leader_epoch, LeaderEpoch{0});
  const auto said = OnlyOf<notes::PartitionState>(rig.out.notes());
  EXPECT_EQ(said.at(0).election, Election::kCreated);
}

TEST(Order, APartitionIsNotMadeWhereNobodyIsActive) {
  GrowingRig rig;
  for (const BrokerId broker : {kB1, kB2, kB3}) rig.registration(broker).fenced = true;
  rig.Grow();
  EXPECT_FALSE(Exists(rig.added()));
}

}  // namespace
}  // namespace kafka::controller
