// Whatever a crash leaves of files, who recovers them is believed, and what became of each message
// follows: no invariant is violated, no promise broken, no loss without a reason, and the slow
// twins, which look at files instead of notes, see the same (tests/support/every_run.cc).
#include <gtest/gtest.h>

#include "tests/negative/negative_swarm.h"

namespace negative {
namespace {

using kafka::invariants::Invariant;
using kafka::ledger::LossClass;

constexpr uint64_t kRuns = 400;

struct Swarm {
  const char* name;
  SwarmOptions options;
};
void PrintTo(const Swarm& swarm, std::ostream* out) { *out << swarm.name; }
class CrashModes : public testing::TestWithParam<Swarm> {};

TEST_P(CrashModes, BreakNothingAndLeaveNothingUnexplained) {
  const SwarmResult result = RunSwarm(GetParam().options, kRuns);
  EXPECT_EQ(result.violated(), 0u) << "seed " << result.first_violated_seed;
  EXPECT_EQ(result.runs(LossClass::kPromiseBroken), 0u) << "seed " << result.first_broken_seed;
  EXPECT_EQ(result.unexplained, 0u) << "seed " << result.first_unexplained_seed;
  EXPECT_LT(result.runs(LossClass::kNone), kRuns);  // something was lost
  EXPECT_GT(result.tallies[static_cast<uint32_t>(Invariant::kHonestRecovery)].nonvacuous, 100u);
}

INSTANTIATE_TEST_SUITE_P(
    All, CrashModes,
    testing::Values(
        Swarm{"SafeSettings", {.power = true, .crash_modes = true}},
        Swarm{"OneInSync", {.power = true, .crash_modes = true, .min_isr = 1}},
        Swarm{"WithoutElr", {.power = true, .crash_modes = true, .elr = false, .min_isr = 1}},
        Swarm{"UncleanElections", {.power = true, .crash_modes = true, .unclean = true}},
        Swarm{"AcksOne",
              {.power = true,
               .crash_modes = true,
               .acks = kafka::Acks::kLeader,
               .idempotent = false}}),
    [](const auto& info) { return std::string(info.param.name); });

// Behind what a new leader sent, old bytes of the log that was cut for it: whole batches in the
// order of their offsets, of an earlier epoch. Recovery keeps them, an epoch cache takes no epoch
// that is not newer, and so the log's end says the new epoch to whoever asks: nobody can tell. Two
// logs differ below their watermarks; it takes a file system that does not order its metadata
// (KB:S-45), and both the fold and its slow twin say so.
TEST(CrashModesOnce, OldBytesBehindNewOnesAreAHistoryThatKafkaCannotTellApart) {
  const SwarmResult result = RunSwarm({.power = true, .crash_modes = true}, 1, 588);
  EXPECT_EQ(result.violated(Invariant::kLogMatch), 1u);
  EXPECT_EQ(result.violated(Invariant::kHonestRecovery), 0u);  // it is in the file
  EXPECT_EQ(result.runs(LossClass::kPromiseBroken), 0u);
  EXPECT_EQ(result.unexplained, 0u);
}

}  // namespace
}  // namespace negative
