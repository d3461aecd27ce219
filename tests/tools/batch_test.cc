// What many runs amount to: one exit code, one table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/tools/story_rig.h"
#include "tools/analysis/study.h"
#include "tools/render/human.h"

namespace fate {
namespace {

// A run that breaks an invariant without a planted bug says something of this program, not of the
// settings; it shall not be lost among those that are fine.
TEST(Batch, OneRunWithAnInternalErrorMakesAllOfThemOne) {
  const analysis::Case made = NotRunYet(LoadedNamed("b9_all_but_one_die"), {}, 1);
  std::vector<analysis::SeedOutcome> outcomes =
      analysis::RunSeeds(made.prepared, {.first = 1, .last = 2}, 1, Options{});
  EXPECT_EQ(analysis::ExitCodeOf(outcomes), kExitMet);
  outcomes[1].internal_error = true;
  EXPECT_EQ(analysis::ExitCodeOf(outcomes), kExitInternal);
  EXPECT_THAT(analysis::InternalErrors(outcomes, "b9"), testing::HasSubstr("b9 --seed 2 "));
}

TEST(Batch, AVariantWithALongNameKeepsItsColumnsApart) {
  answers::VariantsResult result;
  for (const char* variant : {"", "a variant with a name that is wider than its column"}) {
    auto* run = result.add_runs();
    run->set_scenario("b12");
    run->set_variant(variant);
    run->add_tallies()->set_property("NO_ACKED_LOSS");
  }
  const std::string text = render::RenderVariants(result, {.style = {}, .quiet = true});
  EXPECT_THAT(text, testing::HasSubstr("wider than its column  NO_ACKED_LOSS"));
  const size_t first = text.find("NO_ACKED_LOSS");
  const size_t line = text.find('\n') + 1;
  EXPECT_EQ(text.find("NO_ACKED_LOSS", line) - line, first);
}

}  // namespace
}  // namespace fate
