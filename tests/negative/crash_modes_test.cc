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

}  // namespace
}  // namespace negative
