// What to change so that nothing is lost: found by following findings, counted by running it.
#include "tools/analysis/remedy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/every_run.h"
#include "tests/tools/what_if_testing.h"
#include "tools/answers/settings_line.h"
#include "tools/render/fill.h"
#include "tools/render/human.h"
#include "tools/render/human_parts.h"

namespace fate {
namespace {

using answers::Remedy;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

constexpr analysis::SeedRange kSeeds{.first = 1, .last = 20};

analysis::RemedyQuestion QuestionOf(const analysis::Case& made, const analysis::SeedRange& seeds,
                                    uint32_t jobs) {
  return {.tables = made.tables,
          .prepared = &made.prepared,
          .user = &made.user,
          .losing = analysis::LosingRuns(
              analysis::RunSeeds(made.prepared, {.seeds = seeds, .jobs = jobs})),
          .jobs = jobs};
}

Remedy RemedyFor(const analysis::Case& made, uint32_t jobs = 1,
                 const analysis::SeedRange& seeds = kSeeds) {
  answers::BatchResult batch;
  *batch.mutable_remedy() = analysis::FindRemedy(QuestionOf(made, seeds, jobs));
  render::FillSentences(batch);
  return batch.remedy();
}

std::vector<std::string> ChangesOf(const Remedy& remedy) {
  return {remedy.changes().begin(), remedy.changes().end()};
}

// How many of the losing runs lose nothing with these --set lines, counted without any search.
uint32_t SavedBy(const analysis::Case& made, const std::vector<std::string>& lines) {
  analysis::UserSettings user = made.user;
  user.set.insert(user.set.end(), lines.begin(), lines.end());
  const absl::StatusOr<analysis::Prepared> changed =
      analysis::Prepare(*made.tables, made.prepared.scenario, user, made.prepared.state_watcher);
  EXPECT_TRUE(changed.ok()) << changed.status();
  uint32_t saved = 0;
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  kafka::RunOutcome outcome;
  for (const analysis::LosingRun& losing : QuestionOf(made, kSeeds, 1).losing) {
    const auto faults = kafka::Anchored(changed->setup().faults, losing.realised);
    runner.Run({.setup = &changed->setup(), .seed = losing.seed, .faults = faults}, outcome);
    saved += outcome.verdict.of(kafka::ledger::Property::kNoAckedLoss).status ==
             kafka::ledger::Status::kHeld;
  }
  return saved;
}

// A copy on one broker alone, and caches that all go at once: neither cure is enough without the
// other, and each is found at what the other leaves.
TEST(RemedySearch, FollowsTheFindingThatRemainsUntilNothingIsLost) {
  const analysis::Case made = NotRunYet(LoadedNamed("all_lose_power"), {"producer:acks=1"}, 1);
  const Remedy remedy = RemedyFor(made);
  EXPECT_THAT(ChangesOf(remedy), UnorderedElementsAre("topic:flush.messages=1", "producer:acks=all",
                                                      "topic:min.insync.replicas=2"));
  EXPECT_EQ(remedy.of(), 20u);
  EXPECT_EQ(remedy.saved(), 20u);
  EXPECT_EQ(remedy.still(), "");
  EXPECT_EQ(SavedBy(made, ChangesOf(remedy)), 20u);
  EXPECT_LT(SavedBy(made, {"topic:flush.messages=1"}), 20u);
  EXPECT_LT(SavedBy(made, {"producer:acks=all", "topic:min.insync.replicas=2"}), 20u);
}

TEST(RemedySearch, AddsNothingWhereOneCureIsEnough) {
  const analysis::Case made = NotRunYet(LoadedNamed("leader_killed"), {"producer:acks=1"}, 1);
  const Remedy remedy = RemedyFor(made);
  EXPECT_THAT(ChangesOf(remedy), ElementsAre("producer:acks=all", "topic:min.insync.replicas=2"));
  EXPECT_EQ(remedy.saved(), remedy.of());
  EXPECT_EQ(remedy.text(), "--set producer:acks=all --set topic:min.insync.replicas=2");
}

TEST(RemedySearch, DoesNotDependOnTheNumberOfJobs) {
  const analysis::Case made = NotRunYet(LoadedNamed("all_lose_power"), {"producer:acks=1"}, 1);
  EXPECT_EQ(RemedyFor(made, 1).SerializeAsString(), RemedyFor(made, 3).SerializeAsString());
}

TEST(RemedySearch, HasNothingToSayWhereNothingIsLost) {
  for (const char* name : {"leader_killed", "b9_all_but_one_die"}) {
    const analysis::Case made = NotRunYet(LoadedNamed(name), {}, 1);
    EXPECT_EQ(RemedyFor(made).ByteSizeLong(), 0u) << name;
  }
}

// Messages that stand twice in the log are no loss, and no cure is made up for them.
TEST(RemedySearch, HasNothingToSayOfOtherProperties) {
  const analysis::Case made =
      NotRunYet(LoadedNamed("leader_cut_off"), {"producer:enable.idempotence=false"}, 1);
  const auto outcomes = analysis::RunSeeds(made.prepared, {.seeds = kSeeds, .jobs = 1});
  EXPECT_FALSE(analysis::WorstSeeds(outcomes, 1).empty());
  EXPECT_THAT(analysis::LosingRuns(outcomes), testing::IsEmpty());
}

// What is no setting is found and run as well.
TEST(RemedySearch, AsksTheProgramToLookAtItsOutcomes) {
  const analysis::Case made =
      NotRunYet(LoadedFrom(Cluster(std::string(kTopic) +
                                   "producer { name: \"shop\" messages: 300 rate_per_s: 100 "
                                   "callback: false } fault { at: \"1s\" kill { role: LEADER } "
                                   "restart_after: \"20s\" }")),
                {"producer:delivery.timeout.ms=3000", "producer:request.timeout.ms=1000"}, 1);
  const Remedy remedy = RemedyFor(made, 1, {.first = 1, .last = 3});
  EXPECT_THAT(ChangesOf(remedy), ElementsAre(answers::kCallbackChange));
  EXPECT_EQ(remedy.text(), "look at the outcome of send()");
}

// The user's own line is what the printed one is typed behind; a cure that it overrules saves
// nobody, and is not printed as if it did.
TEST(RemedySearch, IsRunAsTheUserWouldTypeIt) {
  const analysis::Case made = NotRunYet(LoadedNamed("leader_killed"),
                                        {"producer/shop:acks=1", "producer/web:acks=1",
                                         "producer/app:acks=1", "producer/billing:acks=1"},
                                        1);
  const Remedy remedy = RemedyFor(made);
  ASSERT_GT(remedy.of(), 0u);
  EXPECT_EQ(remedy.saved(), SavedBy(made, ChangesOf(remedy)));
}

// ---- In words. ----

TEST(RemedyWords, SayWhetherItIsLuck) {
  answers::RunResult result;
  result.set_seed(7);
  Remedy& remedy = *result.mutable_remedy();
  remedy.set_text("--set a=b");
  remedy.set_saved(4);
  remedy.set_of(4);
  const auto text = [&] { return render::RenderRun(result, {}); };
  EXPECT_THAT(text(), HasSubstr("nothing is lost on this seed, nor on 3 others that lose"));
  remedy.set_saved(3);
  remedy.set_still_seed(9);
  EXPECT_THAT(text(), HasSubstr("of 3 others that lose, 1 go on losing"));
  remedy.set_saved(0);
  remedy.set_still_seed(7);
  remedy.set_still_lost(12);
  remedy.set_still("It was eaten.");
  EXPECT_THAT(text(),
              HasSubstr("none found. With --set a=b, run on this seed, 12 messages are lost "
                        "all the same: It was eaten.\n"));
}

TEST(RemedyWords, OfABatchNameWhatIsStillLost) {
  Remedy remedy;
  EXPECT_EQ(render::RemedyText(remedy), "");
  remedy.set_text("--set a=b");
  remedy.set_saved(19);
  remedy.set_of(50);
  EXPECT_EQ(render::RemedyText(remedy), "--set a=b (saves 19 of 50)");
}

// ---- A whole run in words. ----

// Two findings of one fate are one row, with blanks between the names.
TEST(RunText, OneRowAFateWhateverTheFindings) {
  answers::RunResult result;
  result.mutable_ledger()->set_sent(3);
  result.mutable_ledger()->set_lost_after_ack(3);
  for (const char* message : {"web/m#1", "shop/m#2"}) {
    auto& finding = *result.add_findings();
    finding.set_fate(answers::LOST_AFTER_ACK);
    finding.add_messages(message);
  }
  EXPECT_THAT(render::RenderRun(result, {}),
              HasSubstr("LOST_AFTER_ACK      web/m#1 shop/m#2 and 1 more\n"));
}

// Everything that is assumed is said; figures of one part on one line, which names it once.
TEST(RunText, KeepsEveryAssumption) {
  answers::RunResult result;
  const auto add = [&](answers::Assumption::Kind kind, const char* name, const char* value) {
    answers::Assumption& assumed = *result.add_assumptions();
    assumed.set_kind(kind);
    assumed.set_name(name);
    assumed.set_value(value);
    return &assumed;
  };
  add(answers::Assumption::TOPIC_SETTING, "replication.factor", "3")->set_topic("orders");
  add(answers::Assumption::FIELD, "cluster.host.file_system", "EXT4");
  add(answers::Assumption::FIELD, "cluster.host.dirty_expire", "30s");
  add(answers::Assumption::FIELD, "cluster.host.flush_latency", "")->clear_value();
  add(answers::Assumption::FIELD, "network.tail", "HEAVY");
  add(answers::Assumption::FIELD, "fault[0].restart_after", "5s");
  add(answers::Assumption::CONTROLLER, "", "");
  const std::string text = render::RenderRun(result, {});
  EXPECT_THAT(text,
              HasSubstr("Assumed         topic orders: replication.factor=3; controller: one"));
  EXPECT_THAT(
      text,
      HasSubstr(
          "cluster.host: file_system EXT4, dirty_expire 30s, flush_latency the model's table\n"));
  EXPECT_THAT(text, HasSubstr("network: tail HEAVY\n"));
  EXPECT_THAT(text, HasSubstr("fault[0].restart_after 5s\n"));
  render::FillSentences(result);
  EXPECT_EQ(result.assumed(0), "topic orders: replication.factor=3");  // the words of 0.1.0's JSON
  EXPECT_EQ(result.assumed(4), "network.tail: HEAVY");
}

// What nobody said about copies decides most, and is seen first.
TEST(RunText, AssumedCopiesComeFirst) {
  const analysis::Case made = NotRunYet(LoadedNamed("leader_killed"), {}, 1);
  ASSERT_FALSE(made.prepared.built.assumed.empty());
  const bridge::Assumption copies{.kind = bridge::Assumption::Kind::kTopicSetting,
                                  .topic = "orders",
                                  .name = "replication.factor",
                                  .value = "3"};
  EXPECT_EQ(made.prepared.built.assumed.front(), copies);
  const analysis::Case given =
      NotRunYet(LoadedNamed("leader_killed"), {"topic:replication.factor=2"}, 1);
  for (const bridge::Assumption& assumed : given.prepared.built.assumed) {
    EXPECT_NE(assumed.name, "replication.factor");
  }
}

}  // namespace
}  // namespace fate
