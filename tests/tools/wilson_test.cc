#include "tools/answers/wilson.h"

#include <gtest/gtest.h>

#include "tools/render/interval.h"
#include "tools/render/style.h"

namespace fate {
namespace {

// Reference values: Brown, Cai and DasGupta (2001) give [0.0005, ...] style tables; these were
// computed by hand from the formula (k + z^2/2 +- z sqrt(k(n-k)/n + z^2/4)) / (n + z^2).
TEST(Wilson, KnownIntervals) {
  EXPECT_NEAR(answers::Wilson(988, 1000).low, 0.9792, 0.0001);
  EXPECT_NEAR(answers::Wilson(988, 1000).high, 0.9931, 0.0001);
  EXPECT_NEAR(answers::Wilson(5, 10).low, 0.2366, 0.0001);
  EXPECT_NEAR(answers::Wilson(5, 10).high, 0.7634, 0.0001);
}

TEST(Wilson, NoneOfManyIsStillNotNever) {
  EXPECT_EQ(answers::Wilson(0, 1000).low, 0);
  EXPECT_NEAR(answers::Wilson(0, 1000).high, 0.003827, 0.000001);
}

TEST(Wilson, NothingRunSaysNothing) {
  EXPECT_EQ(answers::Wilson(0, 0).low, 0);
  EXPECT_EQ(answers::Wilson(0, 0).high, 1);
}

TEST(Wilson, PrintsWithTheDecimalsThatMatter) {
  EXPECT_EQ(render::FormatInterval(answers::Wilson(988, 1000)), "97.9-99.3 %");
  EXPECT_EQ(render::FormatInterval(answers::Wilson(5, 10)), "24-76 %");
  EXPECT_EQ(render::FormatInterval(answers::Wilson(200, 200)), "98.1-100 %");
}

TEST(Style, GroupsThousandsAndCountsCharacters) {
  EXPECT_EQ(render::Grouped(0), "0");
  EXPECT_EQ(render::Grouped(999), "999");
  EXPECT_EQ(render::Grouped(1000), "1 000");
  EXPECT_EQ(render::Grouped(1234567), "1 234 567");
  EXPECT_EQ(render::PadRight("✓", 3), "✓  ");
  EXPECT_EQ(render::PadLeft("12", 4), "  12");
}

}  // namespace
}  // namespace fate
