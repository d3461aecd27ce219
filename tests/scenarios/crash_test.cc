// What a crash leaves of a log is what the broker makes of it when it is back: that is served, and
// the rest is lost, whatever was synced and whatever was cut before.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "tests/scenarios/story.h"

namespace fate {
namespace {

void ExpectExplained(const Story& story) {
  EXPECT_FALSE(story.outcome.verdict.unexplained);
  for (uint32_t i = 0; i < kafka::invariants::kInvariantCount; ++i) {
    EXPECT_EQ(story.outcome.invariants[i].violated, 0u)
        << NameOf(static_cast<kafka::invariants::Invariant>(i));
  }
}

// Power goes in the event in which a follower cuts its log to match a new leader. The journal has
// not committed the cut: the old tail is there again, and goes when the follower is told of the
// divergence once more.
TEST(PowerLossRightAfterATruncation, BringsTheOldTailBack) {
  const analysis::Prepared cluster = PreparedText(
      "name: \"x\" cluster { brokers: 3 } "
      "topic { name: \"orders\" partitions: 1 replication_factor: 3 "
      "        assignment { replicas: [1, 2, 3] } } "
      "producer { name: \"shop\" messages: 600 rate_per_s: 60 "
      "           config { key: \"acks\" value: \"1\" } } "
      "fault { at: \"500ms\" partition { from { broker: 1 } "
      "        to { broker: 2 broker: 3 controller: true } heal_after: \"55s\" } } "
      "fault { when { note: TRUNCATED broker: 1 } else_at: \"100s\" "
      "        power_loss { domain: HOST of { broker: 1 } } restart_after: \"1s\" } "
      "time_limit: \"120s\"");
  bool grew = false;
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Story story = Play(cluster, seed);
    ExpectExplained(story);
    const auto cut = story.First<kafka::notes::Truncated>();
    ASSERT_TRUE(cut);
    const auto recovered = story.First<kafka::notes::Recovered>(cut->at);
    ASSERT_TRUE(recovered);
    grew = grew || recovered->what.end > cut->what.end;
  }
  EXPECT_TRUE(grew);
}

// ... and if the others are dead by then, it is elected uncleanly with all that it ever had.
TEST(PowerLossRightAfterATruncation, LosesNothingIfTheOldTailLeads) {
  const std::string at_the_cut = "fault { when { note: TRUNCATED broker: 1 } else_at: \"100s\" ";
  const analysis::Prepared cluster = PreparedText(
      "name: \"x\" cluster { brokers: 3 } "
      "topic { name: \"orders\" partitions: 1 replication_factor: 3 "
      "        assignment { replicas: [1, 2, 3] } "
      "        config { key: \"unclean.leader.election.enable\" value: \"true\" } } "
      "producer { name: \"shop\" messages: 600 rate_per_s: 60 "
      "           config { key: \"acks\" value: \"1\" } } "
      "fault { at: \"500ms\" partition { from { broker: 1 } "
      "        to { broker: 2 broker: 3 controller: true } heal_after: \"55s\" } } " +
      at_the_cut + "power_loss { domain: HOST of { broker: 1 } } restart_after: \"1s\" } " +
      at_the_cut + "kill { broker: 2 } restart_after: \"60s\" } " + at_the_cut +
      "kill { broker: 3 } restart_after: \"60s\" } time_limit: \"180s\"");
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Story story = Play(cluster, seed);
    ExpectExplained(story);
    const auto cut = story.First<kafka::notes::Truncated>();
    ASSERT_TRUE(cut);
    EXPECT_LE(cut->what.end.value, 60);
    const auto leads = story.First<kafka::notes::BecameLeader>(cut->at);
    ASSERT_TRUE(leads);
    EXPECT_EQ(leads->what.end.value, 600);
    EXPECT_EQ(story.Broken(kafka::ledger::Property::kNoAckedLoss), 0u);
  }
}

// Three hosts of a rack write back at times of their own (docs/decisions/0009): how much is lost
// varies, and often another disk had more of it than the leader's (KAFKA-15580), as in 7 of 14 cuts
// of real power.
TEST(ARackThatLosesPower, LosesWhatTheNextLeadersDiskLacks) {
  const analysis::Prepared cluster = PreparedText(
      "name: \"x\" cluster { brokers: 3 } "
      "topic { name: \"orders\" partitions: 1 replication_factor: 3 "
      "        config { key: \"min.insync.replicas\" value: \"2\" } } "
      "producer { name: \"shop\" messages: 2000 rate_per_s: 25 } "
      "fault { at: \"60s\" power_loss { domain: ALL } restart_after: \"2s\" } "
      "time_limit: \"180s\"");
  constexpr int kRuns = 40;
  std::set<uint32_t> lost;
  int elsewhere = 0;
  for (uint64_t seed = 1; seed <= kRuns; ++seed) {
    const Story story = Play(cluster, seed);
    ExpectExplained(story);
    lost.insert(story.Broken(kafka::ledger::Property::kNoAckedLoss));
    const auto& findings = story.outcome.verdict.findings;
    elsewhere += std::any_of(findings.begin(), findings.end(), [](const auto& finding) {
      return finding.loss_class == kafka::ledger::LossClass::kOutsidePromise;
    });
  }
  EXPECT_GE(lost.size(), 30u);
  EXPECT_GE(elsewhere, kRuns / 5);
  EXPECT_LE(elsewhere, kRuns * 9 / 10);
}

// Unsynced bytes survive up to any sector: the batches that are whole are kept.
TEST(PowerLossWithTornSectors, LosesWhatRecoveryDoesNotKeep) {
  const analysis::Prepared cluster = PreparedText(
      "name: \"x\" cluster { brokers: 1 host { harsher: TORN_SECTOR } } "
      "topic { name: \"orders\" partitions: 1 replication_factor: 1 } "
      "producer { name: \"shop\" messages: 300 rate_per_s: 50 } "
      "fault { at: \"3s\" power_loss { domain: ALL } restart_after: \"1s\" } "
      "time_limit: \"30s\"");
  bool kept_some = false;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Story story = Play(cluster, seed);
    ExpectExplained(story);
    const sim::SimTime dark = story.First<sim::notes::PowerLost>()->at;
    int64_t told = 0;
    for (const auto& [at, note] : story.notes) {
      if (at < dark && note.Is<kafka::notes::AckedToApplication>()) ++told;
    }
    const auto recovered = story.First<kafka::notes::Recovered>(dark);
    ASSERT_TRUE(recovered);
    const int64_t kept = recovered->what.end.value;
    kept_some = kept_some || kept > 0;
    EXPECT_EQ(story.Broken(kafka::ledger::Property::kNoAckedLoss), told > kept ? told - kept : 0);
  }
  EXPECT_TRUE(kept_some);
}

}  // namespace
}  // namespace fate
