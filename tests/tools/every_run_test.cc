// What looks at every run of a test looks at those that the library above a run makes.
#include "tests/support/every_run.h"

#include <gtest/gtest.h>

#include "tests/tools/story_rig.h"
#include "tools/analysis/recorded_run.h"
#include "tools/analysis/study.h"

namespace fate {
namespace {

uint64_t WatchedDuring(const auto& task) {
  const uint64_t before = fate_tests::RunsWatched();
  task();
  return fate_tests::RunsWatched() - before;
}

TEST(EveryRun, OfManySeedsIsLookedAtOnWhateverThread) {
  const analysis::Case made = NotRunYet(LoadedNamed("all_lose_power"), {}, 1);
  EXPECT_EQ(WatchedDuring([&] { RunSeeds(made.prepared, {.seeds = {1, 7}, .jobs = 2}); }), 7u);
}

TEST(EveryRun, OfARecordingAndOfAChangedScenarioIsLookedAt) {
  const analysis::Case made = NotRunYet(LoadedNamed("all_lose_power"), {}, 1);
  const auto changed = PrepareChanged(*made.tables, made.prepared, made.user, {});
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(WatchedDuring([&] { Record(*changed, analysis::RunFacts{.seed = 1}); }), 1u);
}

}  // namespace
}  // namespace fate
