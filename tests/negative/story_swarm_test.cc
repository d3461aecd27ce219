// Random faults, with and without planted bugs; for each fate and finding the story keeps its laws:
// at most ten rows in order of time, a first sentence of at most thirty words, and copies that end
// where the run ended.
#include <gtest/gtest.h>

#include <map>

#include "tests/negative/negative_swarm.h"
#include "tests/support/every_run.h"
#include "tests/tools/story_laws.h"
#include "tests/tools/story_rig.h"

namespace negative {
namespace {

using kafka::ledger::Fate;

struct FatesSeen {
  std::map<Fate, int> fates;
  std::map<kafka::ledger::Mechanism, int> mechanisms;
};

// One message of each fate and of each finding.
std::vector<kafka::MessageId> Chosen(const analysis::Case& made) {
  std::vector<kafka::MessageId> chosen;
  for (uint32_t fate = 0; fate < kafka::ledger::kFateCount; ++fate) {
    const kafka::MessageId message = fate::FirstOf(made, static_cast<Fate>(fate));
    if (message.exists()) chosen.push_back(message);
  }
  for (const kafka::ledger::Finding& finding : made.outcome.verdict.findings) {
    chosen.push_back(finding.messages.back());
  }
  return chosen;
}

void TellAll(const SwarmOptions& options, uint64_t seeds, FatesSeen& seen) {
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  analysis::Case made =
      fate::MakeCase(fate::LoadedNamed("b8_leader_dies_before_fetch"), {}, 1, runner);
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    made.prepared.built.setup = SwarmSetup(options, seed);
    made.seed = seed;
    made.faults = made.setup().faults;
    analysis::RunCase(made, runner);
    for (const kafka::MessageId message : Chosen(made)) {
      const auto [story, out] = fate::Tell(made, message, runner);
      SCOPED_TRACE("seed " + std::to_string(seed) + " " + out.subject().message());
      fate::ExpectLaws(story, out);
      ++seen.fates[story.fate];
      if (story.has_finding) ++seen.mechanisms[story.finding.mechanism];
    }
  }
}

TEST(StorySwarm, KeepsItsLawsWhateverHappened) {
  FatesSeen seen;
  const SwarmOptions kinds[] = {
      {.min_isr = 1, .acks = kafka::Acks::kLeader, .idempotent = false},
      {.min_isr = 1, .acks = kafka::Acks::kNone, .idempotent = false},
      {.min_isr = 2, .acks = kafka::Acks::kAll, .idempotent = false},
      {.power = true, .min_isr = 2},
      {.power = true, .elr = false, .min_isr = 1},
      {.power = true, .unclean = true, .min_isr = 1},
      {.mutant = kafka::Mutant::kElectOutsideIsr},
      {.mutant = kafka::Mutant::kTruncationSkipped},
      {.mutant = kafka::Mutant::kAckBeforeAppend},
      {.mutant = kafka::Mutant::kRestartedStaysInIsr, .power = true},
      {.mutant = kafka::Mutant::kTruncateToHighWatermark},
      {.mutant = kafka::Mutant::kNoDuplicateCheck},
  };
  for (const SwarmOptions& options : kinds) TellAll(options, 25, seen);
  // A skip is told by the record, not by its offset: here nobody skips one (story_others_test.cc).
  for (const Fate fate :
       {Fate::kOk, Fate::kLostAfterAck, Fate::kLostSilent, Fate::kDuplicate, Fate::kReordered}) {
    EXPECT_GT(seen.fates[fate], 0) << NameOf(fate);
  }
  EXPECT_GE(seen.mechanisms.size(), 8u);
}

}  // namespace
}  // namespace negative
