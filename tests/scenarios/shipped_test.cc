// What ships says the truth: every scenario meets what it expects, its variants turn it or do not,
// and its faults strike where the file says.
#include <gtest/gtest.h>

#include <algorithm>

#include "scenarios/embedded.h"
#include "tests/scenarios/story.h"
#include "tools/analysis/evaluate.h"
#include "tools/analysis/study.h"
#include "tools/fate/exit_codes.h"

namespace fate {
namespace {

using loader::proto::AS_CONFIGURED;
using loader::proto::BROKEN;
using loader::proto::HELD;
using loader::proto::NO_ACKED_LOSS;
using loader::proto::NO_SILENT_LOSS;
using loader::proto::Variant;

constexpr analysis::SeedRange kSeeds{1, 12};
constexpr uint32_t kCount = 12;

std::vector<loader::LoadedScenario> Claims() {
  std::vector<loader::LoadedScenario> claims;
  for (const embedded::EmbeddedFile& file : embedded::EmbeddedScenarios()) {
    loader::LoadResult loaded = loader::LoadScenario(file.text, file.path);
    if (loaded.scenario && !loaded.scenario->scenario.claim().empty()) {
      claims.push_back(*loaded.scenario);
    }
  }
  return claims;
}

std::vector<analysis::SeedOutcome> Try(const analysis::Prepared& prepared,
                                       const std::vector<analysis::SeedOutcome>* base = nullptr) {
  return analysis::RunSeeds(prepared, {.seeds = kSeeds, .jobs = 1, .base = base});
}

std::vector<analysis::SeedOutcome> Disaster(const char* name, std::vector<std::string> set = {}) {
  return Try(PreparedFrom(*loader::LoadByName(name).scenario, std::move(set)));
}

uint32_t Count(const std::vector<analysis::SeedOutcome>& outcomes, loader::proto::Property property,
               loader::proto::Status status) {
  return static_cast<uint32_t>(
      std::count_if(outcomes.begin(), outcomes.end(), [&](const analysis::SeedOutcome& outcome) {
        return outcome.judgement.of(property).status == status;
      }));
}

TEST(Claims, EachMeetsItsExpectationsAndItsFaultsStrikeAtTheirPoint) {
  ASSERT_GE(Claims().size(), 8u);
  for (const loader::LoadedScenario& claim : Claims()) {
    const auto outcomes = Try(PreparedFrom(claim));
    EXPECT_EQ(ExitCodeOf(outcomes), kExitMet) << claim.file;
    for (const analysis::SeedOutcome& outcome : outcomes) {
      EXPECT_EQ(outcome.realised.size(), claim.scenario.fault_size()) << claim.file;
      for (const sim::RealisedFault& fault : outcome.realised) {
        EXPECT_FALSE(fault.by_fallback)
            << claim.file << " fault " << fault.plan << " seed " << outcome.seed;
      }
    }
  }
}

TEST(Claims, WhatFlipsThemDoesAndWhatDoesNotMatterDoesNot) {
  for (const loader::LoadedScenario& claim : Claims()) {
    const auto base = Try(PreparedFrom(claim));
    const analysis::Prediction expected = analysis::Compare(base, claim.scenario.predicts());
    EXPECT_EQ(expected.conclusive, kCount) << claim.file;
    EXPECT_TRUE(expected.true_count == 0 || expected.true_count == kCount) << claim.file;
    for (int i = 0; i < claim.scenario.variant_size(); ++i) {
      const Variant& variant = claim.scenario.variant(i);
      const auto outcomes = Try(PreparedFrom(loader::ExpandVariant(claim, i)), &base);
      EXPECT_EQ(ExitCodeOf(outcomes), kExitMet) << claim.file << " " << variant.name();
      const analysis::Prediction seen = analysis::Compare(outcomes, claim.scenario.predicts());
      const bool turns = variant.kind() == Variant::FLIPS || variant.kind() == Variant::CONTROL;
      EXPECT_EQ(seen.true_count, turns ? kCount - expected.true_count : expected.true_count)
          << claim.file << " " << variant.name();
    }
  }
}

TEST(Claims, NamesChangeNothing) {
  for (const loader::LoadedScenario& claim : Claims()) {
    loader::proto::Scenario renamed = claim.written;
    renamed.set_name("another_name");
    renamed.clear_claim();
    renamed.clear_why();
    const analysis::Prepared other =
        PreparedFrom(*loader::LoadScenario(loader::CanonicalText(renamed), "other").scenario);
    const analysis::Prepared base = PreparedFrom(claim);
    for (uint64_t seed = 1; seed <= 2; ++seed) {
      EXPECT_EQ(analysis::HexOf(Play(base, seed).outcome.digest),
                analysis::HexOf(Play(other, seed).outcome.digest))
          << claim.file;
    }
  }
}

TEST(Defaults, AreConclusiveForAcknowledgedLoss) {
  const Story story =
      Play(PreparedText("name: \"x\" topic { name: \"orders\" } producer { name: \"shop\" } "
                        "consumer { name: \"billing\" }"),
           1);
  EXPECT_EQ(story.Judged(NO_ACKED_LOSS).status, HELD)
      << story.Judged(NO_ACKED_LOSS).doubt.ShortDebugString();
  EXPECT_TRUE(story.outcome.settled);
}

// docs/fidelity.md, "A race of Kafka's own": acks=all, min.insync.replicas=2, clean elections.
TEST(KafkaRace, ForgottenJoinBreaksThePromiseAndItsRemedyKeepsIt) {
  const loader::LoadedScenario race = *loader::LoadByName("forgotten_join").scenario;
  const auto base = Try(PreparedFrom(race));
  EXPECT_GT(Count(base, NO_ACKED_LOSS, BROKEN), 0u);
  for (const analysis::SeedOutcome& outcome : base) {
    const analysis::PropertyJudgement& acked = outcome.judgement.of(NO_ACKED_LOSS);
    if (acked.status == BROKEN) {
      EXPECT_EQ(acked.loss_class, loader::proto::PROMISE_BROKEN) << outcome.seed;
    }
  }
  ASSERT_EQ(race.scenario.variant_size(), 2);
  for (int i = 0; i < race.scenario.variant_size(); ++i) {
    const auto outcomes = Try(PreparedFrom(loader::ExpandVariant(race, i)), &base);
    EXPECT_EQ(Count(outcomes, NO_ACKED_LOSS, HELD), kCount) << race.scenario.variant(i).name();
  }
}

TEST(Disasters, UnderDefaultsOnlyTheBuildingsPowerLosesAndAFlushSavesThat) {
  for (const char* name :
       {"leader_killed", "rack_loses_power", "rolling_restart", "leader_cut_off", "slow_disk"}) {
    EXPECT_EQ(Count(Disaster(name), NO_ACKED_LOSS, HELD), kCount) << name;
  }
  EXPECT_EQ(Count(Disaster("all_lose_power"), NO_ACKED_LOSS, BROKEN), kCount);
  EXPECT_EQ(Count(Disaster("all_lose_power", {"topic:flush.messages=1"}), NO_ACKED_LOSS, HELD),
            kCount);
}

// A rolling restart stays one if, under other settings, the message at which it began never gets
// there: the first stop is late then, and the others do not overtake it.
TEST(Anchors, WhatFollowsAnotherFaultNeverPrecedesIt) {
  const analysis::Prepared rolling = PreparedFrom(*loader::LoadByName("rolling_restart").scenario);
  const Story base = Play(rolling, 1);
  auto faults = kafka::Anchored(rolling.setup().faults, base.outcome.realised);
  const Story again = Play(rolling, 1, &faults);
  ASSERT_EQ(again.outcome.realised.size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(again.outcome.realised[i].time, base.outcome.realised[i].time);
  }
  faults[0].uid = ~uint64_t{0};  // no such message
  faults[0].at = sim::SimTime{} + sim::Seconds(40);
  const Story late = Play(rolling, 1, &faults);
  ASSERT_EQ(late.outcome.realised.size(), 3u);
  for (uint16_t i = 0; i < 3; ++i) EXPECT_EQ(late.outcome.realised[i].plan, i);
  EXPECT_EQ(late.outcome.realised[0].time, sim::SimTime{} + sim::Seconds(40));
  EXPECT_GE(late.outcome.realised[1].time - late.outcome.realised[0].time, sim::Seconds(12));
}

// The leader of the second partition, though no message of it gets to that point again.
TEST(Anchors, KeepThePartitionThatTheNoteWasAbout) {
  const analysis::Prepared prepared = PreparedText(
      "name: \"x\" cluster { brokers: 3 } "
      "topic { name: \"orders\" partitions: 2 replication_factor: 3 } "
      "producer { name: \"shop\" messages: 40 rate_per_s: 40 partition: 1 } "
      "fault { when { note: ACKNOWLEDGED_TO_APPLICATION acked_messages_min: 10 } else_at: \"2s\" "
      "kill { role: LEADER } restart_after: \"1s\" }");
  const Story base = Play(prepared, 1);
  auto faults = kafka::Anchored(prepared.setup().faults, base.outcome.realised);
  faults.at(0).uid = ~uint64_t{0};
  const Story again = Play(prepared, 1, &faults);
  EXPECT_TRUE(again.outcome.realised.at(0).by_fallback);
  EXPECT_EQ(again.outcome.realised[0].machines, base.outcome.realised.at(0).machines);
}

// No more send() from then on; what was sent is seen through.
TEST(TimeLimit, StopsTheProgramsAndLosesNothingOfTheirs) {
  const Story story =
      Play(PreparedText(
               "name: \"x\" time_limit: \"2s\" cluster { brokers: 3 } topic { name: \"orders\" } "
               "producer { name: \"shop\" messages: 1000 rate_per_s: 100 }"),
           1);
  const uint64_t sent = story.outcome.notes[sim::kKindOf<kafka::notes::Sent>];
  EXPECT_EQ(sent, 200u);
  EXPECT_EQ(story.outcome.notes[sim::kKindOf<kafka::notes::AckedToApplication>], sent);
  EXPECT_EQ(story.outcome.unsent, 1000 - sent);
  EXPECT_TRUE(story.outcome.settled);
}

TEST(Disasters, WithAcksOneTheLeadersEndTakesAcknowledgedMessagesAlong) {
  for (const char* name :
       {"leader_killed", "rack_loses_power", "leader_cut_off", "all_lose_power"}) {
    const auto outcomes = Disaster(name, {"producer:acks=1"});
    EXPECT_EQ(Count(outcomes, NO_ACKED_LOSS, BROKEN), kCount) << name;
    for (const analysis::SeedOutcome& outcome : outcomes) {
      EXPECT_EQ(outcome.judgement.of(NO_ACKED_LOSS).loss_class, AS_CONFIGURED) << name;
    }
  }
  EXPECT_EQ(Count(Disaster("slow_disk", {"producer:acks=1"}), NO_ACKED_LOSS, HELD), kCount);
  // Seen on a real cluster: 15 of 18 partitions at 500 records a second.
  const auto rolling = Disaster("rolling_restart", {"producer:acks=1"});
  EXPECT_GE(Count(rolling, NO_ACKED_LOSS, BROKEN), kCount / 2);
}

TEST(Disasters, WithOneReplicaOnlyPowerLoses) {
  const std::vector<std::string> one = {"topic:replication.factor=1"};
  for (const char* name : {"leader_killed", "rolling_restart", "leader_cut_off", "slow_disk"}) {
    EXPECT_EQ(Count(Disaster(name, one), NO_ACKED_LOSS, HELD), kCount) << name;
  }
  for (const char* name : {"rack_loses_power", "all_lose_power"}) {
    EXPECT_EQ(Count(Disaster(name, one), NO_ACKED_LOSS, BROKEN), kCount) << name;
  }
}

TEST(Disasters, WithAcksZeroNobodyIsTold) {
  for (const char* name : {"rack_loses_power", "leader_cut_off", "all_lose_power"}) {
    const auto outcomes = Disaster(name, {"producer:acks=0"});
    EXPECT_EQ(Count(outcomes, NO_SILENT_LOSS, BROKEN), kCount) << name;
    EXPECT_EQ(Count(outcomes, NO_ACKED_LOSS, loader::proto::INCONCLUSIVE), kCount) << name;
  }
}

}  // namespace
}  // namespace fate
