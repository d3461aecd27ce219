// What many runs amount to: one exit code, one table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "tests/tools/story_rig.h"
#include "tools/analysis/study.h"
#include "tools/fate/exit_codes.h"
#include "tools/render/human.h"

namespace fate {
namespace {

// A run that breaks an invariant without a planted bug says something of this program, not of the
// settings; it shall not be lost among those that are fine.
TEST(Batch, OneRunWithAnInternalErrorMakesAllOfThemOne) {
  const analysis::Case made = NotRunYet(LoadedNamed("b9_all_but_one_die"), {}, 1);
  std::vector<analysis::SeedOutcome> outcomes =
      analysis::RunSeeds(made.prepared, {.seeds = {.first = 1, .last = 2}, .jobs = 1});
  EXPECT_EQ(ExitCodeOf(outcomes), kExitMet);
  outcomes[1].internal_error = true;
  EXPECT_EQ(ExitCodeOf(outcomes), kExitInternal);
}

// Whoever stops a study early keeps what was done until then.
TEST(Batch, AStoppedStudyRunsNothingMore) {
  const analysis::Case made = NotRunYet(LoadedNamed("b9_all_but_one_die"), {}, 1);
  const std::atomic<int> came{2};
  const auto outcomes = analysis::RunSeeds(
      made.prepared,
      {.seeds = {.first = 1, .last = 3}, .jobs = 2, .stop = analysis::StopToken(came)});
  ASSERT_EQ(outcomes.size(), 3u);
  for (const analysis::SeedOutcome& outcome : outcomes) EXPECT_FALSE(outcome.done);
  EXPECT_EQ(ExitCodeOf(outcomes), kExitMet);
}

TEST(Batch, AVariantWithALongNameKeepsItsColumnsApart) {
  answers::VariantsResult result;
  for (const char* variant : {"", "a variant with a name that is wider than its column"}) {
    auto* run = result.add_runs();
    run->set_scenario("b12");
    run->set_variant(variant);
    run->add_tallies()->set_property(answers::NO_ACKED_LOSS);
  }
  const std::string text = render::RenderVariants(result, {.style = {}, .quiet = true});
  EXPECT_THAT(text, testing::HasSubstr("wider than its column  NO_ACKED_LOSS"));
  const size_t first = text.find("NO_ACKED_LOSS");
  const size_t line = text.find('\n') + 1;
  EXPECT_EQ(text.find("NO_ACKED_LOSS", line) - line, first);
}

}  // namespace
}  // namespace fate
