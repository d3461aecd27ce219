// Planted bugs: each is noticed by the invariant that is there for it, under settings that promise
// not to lose anything; and where it can lose without any power fault, the verdict is
// PROMISE_BROKEN (four that random faults seldom lead there: anchored_bugs_test.cc). The other
// side: the model without a bug breaks nothing, whatever happens to it.
#include <gtest/gtest.h>

#include "tests/negative/negative_swarm.h"

namespace negative {
namespace {

using kafka::Mutant;
using kafka::invariants::Exception;
using kafka::invariants::Invariant;
using kafka::ledger::LossClass;

uint64_t Excepted(const SwarmResult& result, Exception exception) {
  uint64_t sum = 0;
  for (const auto& tally : result.tallies) sum += tally.excepted[static_cast<uint32_t>(exception)];
  return sum;
}

// ---- Without a planted bug.

TEST(NoBug, ProcessAndNetworkFaultsLoseNothingUnderSafeSettings) {
  const SwarmResult result = RunSwarm({}, 200);
  EXPECT_EQ(result.violated(), 0u) << "seed " << result.first_violated_seed;
  EXPECT_EQ(result.runs(LossClass::kNone), 200u);
  for (uint32_t i = 0; i < kafka::invariants::kInvariantCount; ++i) {
    if (static_cast<Invariant>(i) == Invariant::kOffsetUnique) continue;  // nobody reads twice here
    EXPECT_GT(result.tallies[i].nonvacuous, 0u) << NameOf(static_cast<Invariant>(i));
  }
}

// Elections, settings and partitions by an operator break no invariant, and every loss has a class.
TEST(NoBug, AnOperatorsActsBreakNoPromiseOfTheModel) {
  for (const bool elr : {true, false}) {
    const SwarmResult result = RunSwarm({.power = true, .elr = elr, .acts = true}, 200);
    EXPECT_EQ(result.violated(), 0u) << "seed " << result.first_violated_seed;
    EXPECT_EQ(result.unexplained, 0u) << "seed " << result.first_unexplained_seed;
    EXPECT_EQ(result.runs(kafka::ledger::LossClass::kPromiseBroken), 0u)
        << "seed " << result.first_broken_seed;
    EXPECT_EQ(result.unsettled, 0u);
  }
}

TEST(NoBug, PowerLossBreaksNoPromiseWithElr) {
  const SwarmResult result = RunSwarm({.power = true}, 300);
  EXPECT_EQ(result.violated(), 0u) << "seed " << result.first_violated_seed;
  EXPECT_EQ(result.runs(LossClass::kPromiseBroken), 0u) << "seed " << result.first_broken_seed;
  EXPECT_EQ(result.unexplained, 0u);
  EXPECT_GT(result.runs(LossClass::kOutsidePromise), 0u);  // KAFKA-15580
  EXPECT_GT(Excepted(result, Exception::kUncleanElection), 0u);
}

TEST(NoBug, PowerLossBreaksNoPromiseWithoutElr) {
  const SwarmResult result = RunSwarm({.power = true, .elr = false}, 300);
  EXPECT_EQ(result.violated(), 0u) << "seed " << result.first_violated_seed;
  EXPECT_EQ(result.runs(LossClass::kPromiseBroken), 0u) << "seed " << result.first_broken_seed;
  EXPECT_EQ(result.runs(LossClass::kOutsidePromise), 0u);
  EXPECT_GT(result.runs(LossClass::kAsConfigured), 0u);
  EXPECT_GT(Excepted(result, Exception::kElrOff), 0u);
}

TEST(NoBug, UncleanElectionsAreAsConfigured) {
  const SwarmResult result = RunSwarm({.power = true, .unclean = true, .min_isr = 1}, 300);
  EXPECT_EQ(result.violated(), 0u) << "seed " << result.first_violated_seed;
  EXPECT_EQ(result.runs(LossClass::kPromiseBroken), 0u) << "seed " << result.first_broken_seed;
  EXPECT_GT(result.runs(LossClass::kAsConfigured), 0u);
}

TEST(NoBug, AcksOneLosesAsConfigured) {
  const SwarmResult result = RunSwarm({.acks = kafka::Acks::kLeader, .idempotent = false}, 200);
  EXPECT_EQ(result.violated(), 0u) << "seed " << result.first_violated_seed;
  EXPECT_EQ(result.runs(LossClass::kPromiseBroken), 0u) << "seed " << result.first_broken_seed;
  EXPECT_GT(result.runs(LossClass::kAsConfigured), 0u);
}

// Runs of which an invariant or the verdict once said what Kafka does not do.
struct Judged {
  const char* what;
  SwarmOptions options;
  uint64_t seed;
  Exception named = Exception::kNone;  // what allows it
};
class NoBugOnce : public testing::TestWithParam<Judged> {};

TEST_P(NoBugOnce, NothingIsViolatedAndNoPromiseBroken) {
  const SwarmResult result = RunSwarm(GetParam().options, 1, GetParam().seed);
  EXPECT_EQ(result.violated(), 0u);
  EXPECT_EQ(result.runs(LossClass::kPromiseBroken), 0u);
  EXPECT_EQ(result.unexplained, 0u);
  if (GetParam().named != Exception::kNone) {
    EXPECT_GT(Excepted(result, GetParam().named), 0u);
  }
}

constexpr SwarmOptions kAcksOne = {.acks = kafka::Acks::kLeader, .idempotent = false};
constexpr SwarmOptions kAcksOneOnHarshDisks = {
    .power = true, .crash_modes = true, .acks = kafka::Acks::kLeader, .idempotent = false};
INSTANTIATE_TEST_SUITE_P(
    Seeds, NoBugOnce,
    testing::Values(Judged{"AForgottenJoin", kAcksOne, 6391, Exception::kForgottenJoin},
                    Judged{"AForgottenJoinOfAnotherKind", kAcksOne, 35163,
                           Exception::kForgottenJoin},
                    Judged{"AnAnswerToAFetchFromBeforeTheCut", kAcksOne, 49634},
                    Judged{"ATruncationThatACrashUndid", kAcksOneOnHarshDisks, 287,
                           Exception::kTruncationUndone}),
    [](const auto& info) { return std::string(info.param.what); });

// ---- With one.

struct Planted {
  const char* name;
  Mutant mutant;
  Invariant caught_by;
  bool power = false;           // it needs a power loss to show
  bool breaks_promise = false;  // it loses under acks=all, min.insync.replicas=2
  uint64_t seeds = 200;
};

void PrintTo(const Planted& planted, std::ostream* out) { *out << planted.name; }

class PlantedBug : public testing::TestWithParam<Planted> {};

TEST_P(PlantedBug, IsCaught) {
  const Planted& planted = GetParam();
  const SwarmResult result =
      RunSwarm({.mutant = planted.mutant, .power = planted.power}, planted.seeds);
  EXPECT_GT(result.violated(planted.caught_by), 0u) << NameOf(planted.caught_by);
  EXPECT_EQ(result.unexplained, 0u);
  if (planted.breaks_promise) {
    EXPECT_GT(result.runs(LossClass::kPromiseBroken), 0u);
  }
  // A bug is never as configured; without a power loss nothing else could be.
  if (!planted.power) {
    EXPECT_EQ(result.runs(LossClass::kAsConfigured), 0u);
  }
}

constexpr Planted kPlanted[] = {
    {.name = "AckBeforeAppend",
     .mutant = Mutant::kAckBeforeAppend,
     .caught_by = Invariant::kAckedDurable,
     .breaks_promise = true},
    {.name = "HighWatermarkFalls",
     .mutant = Mutant::kHighWatermarkFalls,
     .caught_by = Invariant::kCommittedPrefix},
    {.name = "TruncationSkipped",
     .mutant = Mutant::kTruncationSkipped,
     .caught_by = Invariant::kLogMatch,
     .breaks_promise = true},
    {.name = "TruncationSkippedLeadsIncomplete",
     .mutant = Mutant::kTruncationSkipped,
     .caught_by = Invariant::kCandidateComplete,
     .breaks_promise = true},
    {.name = "TruncateToHighWatermark",
     .mutant = Mutant::kTruncateToHighWatermark,
     .caught_by = Invariant::kCommittedPrefix,
     .breaks_promise = true},
    {.name = "TruncateToHighWatermarkThenLead",
     .mutant = Mutant::kTruncateToHighWatermark,
     .caught_by = Invariant::kLeaderComplete,
     .breaks_promise = true},
    {.name = "FollowerToldNewWatermark",
     .mutant = Mutant::kFollowerToldNewWatermark,
     .caught_by = Invariant::kFollowerWatermark},
    {.name = "WatermarkIgnoresMinIsr",
     .mutant = Mutant::kWatermarkIgnoresMinIsr,
     .caught_by = Invariant::kMinIsr},
    {.name = "WatermarkCommittedIsrOnly",
     .mutant = Mutant::kWatermarkCommittedIsrOnly,
     .caught_by = Invariant::kCandidateComplete,
     .seeds = 600},
    {.name = "ElectOutsideIsr",
     .mutant = Mutant::kElectOutsideIsr,
     .caught_by = Invariant::kLeaderComplete,
     .breaks_promise = true},
    {.name = "JoinWithoutEpochStart",
     .mutant = Mutant::kJoinWithoutEpochStart,
     .caught_by = Invariant::kCandidateComplete,
     .seeds = 600},
    {.name = "StaleLeaderAccepts",
     .mutant = Mutant::kStaleLeaderAccepts,
     .caught_by = Invariant::kFenced,
     .seeds = 400},
    {.name = "NoDuplicateCheck",
     .mutant = Mutant::kNoDuplicateCheck,
     .caught_by = Invariant::kNoDup},
    {.name = "ConsumerReadsToLogEnd",
     .mutant = Mutant::kConsumerReadsToLogEnd,
     .caught_by = Invariant::kReadLimit},
    {.name = "ConsumerReadsWhatGoesAway",
     .mutant = Mutant::kConsumerReadsToLogEnd,
     .caught_by = Invariant::kStableRead},
    {.name = "ConsumerReadsTwoValues",
     .mutant = Mutant::kConsumerReadsToLogEnd,
     .caught_by = Invariant::kOffsetUnique},
    {.name = "RecoveryKeepsTornTail",
     .mutant = Mutant::kRecoveryKeepsTornTail,
     .caught_by = Invariant::kHonestRecovery,
     .power = true,
     .seeds = 1000},
    {.name = "RestartedStaysInIsr",
     .mutant = Mutant::kRestartedStaysInIsr,
     .caught_by = Invariant::kCandidateComplete,
     .power = true,
     .breaks_promise = true},
};

INSTANTIATE_TEST_SUITE_P(All, PlantedBug, testing::ValuesIn(kPlanted),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace negative
