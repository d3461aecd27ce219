// What an operator does while the cluster runs, and what becomes of messages by it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/story.h"

namespace fate {
namespace {

namespace notes = kafka::notes;
using kafka::ledger::Fate;
using kafka::ledger::Mechanism;
using kafka::ledger::Property;
using loader::proto::NO_ACKED_LOSS;

uint64_t Count(const Story& story, Fate fate) {
  return story.outcome.verdict.fates[static_cast<uint32_t>(fate)];
}

// ---- Elections (KB:E-32) ----

// Broker 2 stands still and leaves the ISR, broker 1 goes on alone and is killed: nobody may lead.
std::string WithoutLeader(const std::string& act) {
  return "name: \"left_behind\" cluster { brokers: 2 } "
         "topic { name: \"orders\" replication_factor: 2 assignment { replicas: [1, 2] } } "
         "producer { name: \"shop\" messages: 600 rate_per_s: 20 "
         "config { key: \"acks\" value: \"all\" } } "
         "fault { at: \"1s\" pause { target { broker: 2 } for: \"19s\" } } "
         "fault { at: \"15s\" kill { broker: 1 } restart_after: \"60s\" } " +
         act;
}

TEST(OperatorActs, AnUncleanElectionByHandLosesAsConfiguredAndNoSettingIsACure) {
  const Story story =
      Play(PreparedText(WithoutLeader("fault { at: \"40s\" elect_leaders { kind: UNCLEAN } }")), 1);
  const auto asked = story.First<notes::ElectionAsked>();
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->what.outcome, kafka::AskedElection::kElected);
  EXPECT_GT(story.Broken(Property::kNoAckedLoss), 100u);
  ASSERT_FALSE(story.outcome.verdict.findings.empty());
  for (const kafka::ledger::Finding& finding : story.outcome.verdict.findings) {
    EXPECT_EQ(finding.loss_class, kafka::ledger::LossClass::kAsConfigured);
    EXPECT_EQ(finding.leaf, kafka::ledger::Leaf::kUnclean);
    EXPECT_EQ(finding.mechanism, Mechanism::kUncleanElectionByHand);
    EXPECT_EQ(finding.cure, kafka::ledger::Cure::kNone);
  }
}

TEST(OperatorActs, WhoWaitsForTheLeaderInsteadLosesNothing) {
  const Story story = Play(PreparedText(WithoutLeader("")), 1);
  EXPECT_EQ(story.Broken(Property::kNoAckedLoss), 0u);
}

TEST(OperatorActs, APreferredElectionBringsLeadershipBackWithoutWaitingForTheBalance) {
  const Story story =
      Play(PreparedText(
               "name: \"back_home\" topic { name: \"orders\" assignment { replicas: [1, 2, 3] } "
               "} producer { name: \"shop\" messages: 800 rate_per_s: 20 } "
               "fault { at: \"2s\" kill { broker: 1 } restart_after: \"1s\" } "
               "fault { at: \"35s\" elect_leaders { topic: \"orders\" partition: 0 } }"),
           1);
  const auto asked = story.First<notes::ElectionAsked>();
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->what.outcome, kafka::AskedElection::kElected);
  const auto leads = story.First<notes::BecameLeader>(asked->at);
  ASSERT_TRUE(leads);
  EXPECT_EQ(leads->machine, kafka::MachineOf(kafka::BrokerId{0}));
  EXPECT_EQ(story.Broken(Property::kNoAckedLoss), 0u);
}

// ---- Settings ----

// Two of three followers are gone for good; min.insync.replicas=2 refuses everything.
std::string BelowMinimum(const std::string& act) {
  return "name: \"lowered\" topic { name: \"orders\" assignment { replicas: [1, 2, 3] } "
         "config { key: \"min.insync.replicas\" value: \"2\" } } "
         "producer { name: \"shop\" messages: 400 rate_per_s: 10 "
         "config { key: \"acks\" value: \"all\" } config { key: \"delivery.timeout.ms\" value: "
         "\"20000\" } config { key: \"request.timeout.ms\" value: \"10000\" } } "
         "fault { at: \"2s\" kill { broker: 2 } restart_after: \"60s\" } "
         "fault { at: \"2s\" kill { broker: 3 } restart_after: \"60s\" } " +
         act;
}

TEST(OperatorActs, ALoweredMinimumLetsTheLeaderTakeWhatItRefused) {
  const std::string lower =
      "fault { at: \"25s\" change_setting { topic: \"orders\" set { key: \"min.insync.replicas\" "
      "value: \"1\" } } }";
  const Story refused = Play(PreparedText(BelowMinimum("")), 1);
  const Story taken = Play(PreparedText(BelowMinimum(lower)), 1);
  EXPECT_GT(Count(taken, Fate::kOk), Count(refused, Fate::kOk) + 100);
  const auto applied = taken.First<notes::SettingApplied>();
  ASSERT_TRUE(applied) << "the leader learns of it with the metadata";
  const auto changed = taken.First<notes::SettingChanged>();
  ASSERT_TRUE(changed);
  EXPECT_GT(applied->at, changed->at);
  EXPECT_EQ(taken.Broken(Property::kNoAckedLoss), 0u);
}

// docs/promise.md: what one replica alone has is committed from then on; it loses its power, 3b. What
// others still have is lost by the last known leader, 3c: the change has emptied the ELR.
TEST(OperatorActs, WhatIsLostUnderALoweredMinimumIsAsConfigured) {
  const Story story =
      Play(PreparedText(BelowMinimum(
               "fault { at: \"25s\" change_setting { topic: \"orders\" set { key: "
               "\"min.insync.replicas\" value: \"1\" } } } "
               "fault { at: \"30s\" power_loss { of { broker: 1 } } restart_after: \"5s\" }")),
           1);
  using kafka::ledger::Leaf;
  size_t alone = 0;
  for (const kafka::ledger::Finding& finding : story.outcome.verdict.findings) {
    const bool unsynced = finding.leaf == Leaf::kUnsynced;
    EXPECT_EQ(finding.loss_class, unsynced ? kafka::ledger::LossClass::kAsConfigured
                                           : kafka::ledger::LossClass::kOutsidePromise);
    EXPECT_TRUE(unsynced || finding.leaf == Leaf::kLastKnownLeader);
    if (unsynced) alone += finding.messages.size();
  }
  EXPECT_GT(alone, 100u);
}

// KB:E-17, seen on a real cluster: min.insync.replicas again, and nobody leads for good.
TEST(OperatorActs, TheMinimumSetAgainLeavesAPartitionWithoutALeader) {
  const auto scenario = [](const std::string& act) {
    return "name: \"again\" cluster { config { key: \"min.insync.replicas\" value: \"2\" } } "
           "topic { name: \"orders\" assignment { replicas: [1, 2, 3] } } "
           "producer { name: \"shop\" messages: 200 rate_per_s: 10 "
           "config { key: \"acks\" value: \"all\" } } "
           "fault { at: \"2s\" stop { broker: 3 } restart_after: \"3h\" } "
           "fault { at: \"15s\" stop { broker: 2 } restart_after: \"45s\" } "
           "fault { at: \"30s\" stop { broker: 1 } restart_after: \"45s\" } " +
           act;
  };
  const std::string again =
      "fault { at: \"45s\" change_setting { set { key: \"min.insync.replicas\" value: \"2\" } } }";
  EXPECT_THAT(Play(PreparedText(scenario("")), 1).outcome.leaderless, testing::IsEmpty());
  EXPECT_THAT(Play(PreparedText(scenario(again)), 1).outcome.leaderless, testing::SizeIs(1));
}

TEST(OperatorActs, FlushMessagesActsFromTheNextAppendOn) {
  const Story story =
      Play(PreparedText("name: \"flushes\" topic { name: \"orders\" } "
                        "producer { name: \"shop\" messages: 200 rate_per_s: 20 } "
                        "fault { at: \"5s\" change_setting { topic: \"orders\" set { key: "
                        "\"flush.messages\" value: \"1\" } } }"),
           1);
  const auto flushed = story.First<notes::FlushedTo>();
  const auto changed = story.First<notes::SettingChanged>();
  ASSERT_TRUE(flushed && changed);
  EXPECT_GT(flushed->at, changed->at);
  EXPECT_LT(flushed->at, changed->at + sim::Seconds(1));
}

// ---- Partitions ----

std::string Growing(const std::string& reset, const std::string& producer_age) {
  return "name: \"growing\" topic { name: \"orders\" partitions: 2 } "
         "producer { name: \"shop\" messages: 1200 rate_per_s: 20 keys: 16 "
         "config { key: \"metadata.max.age.ms\" value: \"" +
         producer_age +
         "\" } } "
         "consumer { name: \"billing\" config { key: \"auto.offset.reset\" value: \"" +
         reset +
         "\" } } "
         "fault { at: \"10s\" add_partitions { topic: \"orders\" total: 4 } }";
}

TEST(OperatorActs, NewPartitionsAreUsedFromTheNextRefreshOfTheProducersMetadata) {
  const auto first_of_new = [](const std::string& age) {
    const Story story = Play(PreparedText(Growing("earliest", age)), 1);
    const auto appended = story.First<notes::Appended>(
        {}, [](const auto& said) { return said.what.partition.value >= 2; });
    EXPECT_EQ(Count(story, Fate::kLostAfterAck), 0u);
    return appended ? appended->at : sim::Never<sim::SimTime>();
  };
  EXPECT_LT(first_of_new("2000"), sim::SimTime{} + sim::Seconds(13));
  EXPECT_GT(first_of_new("30000"), sim::SimTime{} + sim::Seconds(25));
}

// The consumer hears of them later than the producer, begins at the end, and never sees the first
// messages; from the beginning it sees all.
TEST(OperatorActs, AConsumerThatBeginsAtTheEndMissesTheFirstMessagesOfANewPartition) {
  const Story latest = Play(PreparedText(Growing("latest", "2000")), 1);
  EXPECT_GT(Count(latest, Fate::kSkipped), 50u);
  const Story earliest = Play(PreparedText(Growing("earliest", "2000")), 1);
  EXPECT_EQ(Count(earliest, Fate::kSkipped), 0u);
}

// Keys move, and nobody reads the old partition to its end before the new one.
TEST(OperatorActs, AKeyThatMovesMayBeProcessedOutOfOrder) {
  const std::string slow_reader =
      "name: \"moved\" topic { name: \"orders\" partitions: 1 } "
      "producer { name: \"shop\" messages: 400 rate_per_s: 40 keys: 8 "
      "config { key: \"metadata.max.age.ms\" value: \"1000\" } } "
      "consumer { name: \"billing\" processing_time: \"60ms\" "
      "config { key: \"auto.offset.reset\" value: \"earliest\" } "
      "config { key: \"metadata.max.age.ms\" value: \"1000\" } "
      "config { key: \"max.poll.records\" value: \"10\" } } "
      "fault { at: \"5s\" add_partitions { topic: \"orders\" total: 4 } }";
  const Story story = Play(PreparedText(slow_reader), 1);
  EXPECT_GT(story.Broken(Property::kOrderPerKey), 0u);
  EXPECT_GT(Count(story, Fate::kReordered), 0u);
}

}  // namespace
}  // namespace fate
