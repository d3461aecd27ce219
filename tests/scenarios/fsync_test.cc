// Slow disks and who waits for them, as a real cluster was seen to (Kafka 4.3.1,
// docs/models/fsync.md).
#include <gtest/gtest.h>

#include "tests/scenarios/reality.h"

namespace fate {
namespace {

using sim::Seconds;

// "orders" of one partition, written to, and as many idle partitions beside it; broker 1 leads all
// of them and is killed at 2 s. An fsync takes 1 ms at first; from 1 s on it takes d = 500 ms on
// `slow`.
analysis::Prepared SlowAndKilled(int beside, std::vector<int> slow) {
  std::string text =
      "name: \"x\" cluster { brokers: 3 host { flush_latency: \"1ms\" flush_latency_max: \"1ms\" } "
      "} producer { name: \"shop\" topic: \"orders\" messages: 400 rate_per_s: 20 } "
      "topic { name: \"orders\" partitions: 1 replication_factor: 3 "
      "assignment { replicas: [1, 2, 3] } "
      "config { key: \"min.insync.replicas\" value: \"2\" } } ";
  if (beside > 0) {
    text += "topic { name: \"other\" partitions: " + std::to_string(beside);
    for (int i = 0; i < beside; ++i) text += " assignment { replicas: [1, 2, 3] }";
    text += " } ";
  }
  for (const int broker : slow) {
    text += "fault { at: \"1s\" slow_disk { target { broker: " + std::to_string(broker) +
            " } factor: 500 for: \"60s\" } } ";
  }
  return PreparedText(text + "fault { at: \"2s\" kill { broker: 1 } } time_limit: \"60s\"");
}

// From the election to the first message that its program is told is stored.
int64_t MsUntilWritten(const Story& story) {
  const auto elected = story.First<kafka::notes::PartitionState>({}, AnotherLeads);
  EXPECT_TRUE(elected);
  const auto written = story.First<kafka::notes::AckedToApplication>(elected->at);
  EXPECT_TRUE(written);
  return Ms(written->at - elected->at);
}

// KB:P-18, seen: with n partitions that change leader, and d an fsync, writes resume at
// election + (2n + 2) d. The new leader syncs n epochs and directories, one after the other; then
// each follower's fetcher syncs the one it needs.
TEST(AnElectionOnSlowDisks, DelaysWritesByTwoFsyncsAPartitionAndTwo) {
  for (int partitions = 1; partitions <= 3; ++partitions) {
    const analysis::Prepared cluster = SlowAndKilled(partitions - 1, {2, 3});
    for (uint64_t seed = 1; seed <= 4; ++seed) {
      SCOPED_TRACE(partitions * 100 + static_cast<int>(seed));
      const Story story = Play(cluster, seed);
      const int64_t fsyncs = (2 * partitions + 2) * 500;
      EXPECT_GE(MsUntilWritten(story), fsyncs);
      EXPECT_LE(MsUntilWritten(story), fsyncs + 700);
      EXPECT_EQ(story.Broken(kafka::ledger::Property::kNoAckedLoss), 0u);
      EXPECT_EQ(story.Broken(kafka::ledger::Property::kNoDuplicate), 0u);
      EXPECT_FALSE(story.First<kafka::notes::PartitionState>(
          story.First<kafka::notes::BecameLeader>(sim::SimTime{} + Seconds(3))->at, HasIsrOf(1)))
          << "nobody is thrown out for its disk";
    }
  }
}

// Broker 2 leads, broker 3 follows: each waits for its own disk.
TEST(AnElectionOnSlowDisks, WaitsForTheLeadersOrTheFollowersOwn) {
  for (const int slow : {2, 3}) {
    const analysis::Prepared cluster = SlowAndKilled(0, {slow});
    for (uint64_t seed = 1; seed <= 4; ++seed) {
      const Story story = Play(cluster, seed);
      EXPECT_GE(MsUntilWritten(story), 1000) << slow;
      EXPECT_LE(MsUntilWritten(story), 1800) << slow;
    }
  }
}

// The new leader's fsyncs outlast delivery.timeout.ms.
TEST(AnElectionOnSlowDisks, LetsSendsExpireIfTheyAreSlowEnough) {
  const analysis::Prepared cluster = PreparedText(
      "name: \"x\" cluster { brokers: 3 } topic { name: \"orders\" partitions: 1 "
      "replication_factor: 3 assignment { replicas: [1, 2, 3] } "
      "config { key: \"min.insync.replicas\" value: \"2\" } } "
      "producer { name: \"shop\" messages: 400 rate_per_s: 20 "
      "config { key: \"delivery.timeout.ms\" value: \"31000\" } } "
      "fault { at: \"1s\" slow_disk { target { broker: 2 } factor: 100000 for: \"100s\" } } "
      "fault { at: \"1s\" slow_disk { target { broker: 3 } factor: 100000 for: \"100s\" } } "
      "fault { at: \"2s\" kill { broker: 1 } } time_limit: \"120s\"");
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    const Story story = Play(cluster, seed);
    const auto elected = story.First<kafka::notes::PartitionState>({}, AnotherLeads);
    ASSERT_TRUE(elected);
    const auto leads = story.First<kafka::notes::BecameLeader>(elected->at);
    if (leads) {
      EXPECT_GE(Ms(leads->at - elected->at), 70'000);
    }
    EXPECT_EQ(story.Broken(kafka::ledger::Property::kNoAckedLoss), 0u);
    EXPECT_TRUE(story.First<kafka::notes::FailedToApplication>(elected->at)) << seed;
  }
}

// KB:R-64, seen: five fsyncs of 2 s in its fetcher, so that it is back in the ISR after 10.6 s to
// 12.1 s and not after 0.7 s.
TEST(AZombieThatTruncatesOnASlowDisk, IsBackInTheIsrFiveFsyncsLater) {
  for (const bool slow : {false, true}) {
    const analysis::Prepared cluster = PreparedText(
        std::string("name: \"x\" cluster { brokers: 3 host { flush_latency: \"1ms\" "
                    "flush_latency_max: \"1ms\" } } topic { name: \"orders\" partitions: 1 "
                    "replication_factor: 3 assignment { replicas: [1, 2, 3] } } "
                    "producer { name: \"shop\" messages: 1500 rate_per_s: 20 "
                    "config { key: \"acks\" value: \"1\" } } "
                    "fault { at: \"500ms\" partition { from { broker: 1 } "
                    "to { broker: 2 broker: 3 controller: true } heal_after: \"40s\" } } ") +
        (slow ? "fault { at: \"30s\" slow_disk { target { broker: 1 } factor: 2000 for: \"90s\" } }"
              : "") +
        " time_limit: \"120s\"");
    for (uint64_t seed = 1; seed <= 3; ++seed) {
      const Story story = Play(cluster, seed);
      const auto cut = story.First<kafka::notes::Truncated>();
      ASSERT_TRUE(cut);
      const auto back = story.First<kafka::notes::PartitionState>(cut->at, HasIsrOf(3));
      ASSERT_TRUE(back);
      EXPECT_GE(Ms(back->at - cut->at), slow ? 10'000 : 0) << seed;
      EXPECT_LE(Ms(back->at - cut->at), slow ? 12'100 : 700) << seed;
    }
  }
}

// KB:S-5, seen: 1.5 s at half a second a call. One record, flush.messages=1: the first flush of a
// log also takes its directory.
TEST(AFlushOfALogOnASlowDisk, IsThreeFsyncs) {
  const analysis::Prepared cluster = PreparedText(
      "name: \"x\" cluster { brokers: 3 host { flush_latency: \"500ms\" flush_latency_max: "
      "\"500ms\" } } topic { name: \"orders\" partitions: 1 config { key: \"flush.messages\" "
      "value: \"1\" } } producer { name: \"shop\" messages: 4 rate_per_s: 1 "
      "config { key: \"acks\" value: \"1\" } config { key: \"max.in.flight.requests.per."
      "connection\" value: \"1\" } }");
  const Story story = Play(cluster, 1);
  const auto first = story.First<kafka::notes::Acknowledged>();
  ASSERT_TRUE(first);
  const auto second = story.First<kafka::notes::Acknowledged>(first->at + sim::Milliseconds(1));
  ASSERT_TRUE(second);
  EXPECT_GE(Ms(second->at - first->at), 1500);
  EXPECT_LE(Ms(second->at - first->at), 1600);
}

}  // namespace
}  // namespace fate
