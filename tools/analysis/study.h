// tools/analysis/study.h
//
// Many runs of one prepared scenario, and what they say together.
#ifndef TOOLS_ANALYSIS_STUDY_H_
#define TOOLS_ANALYSIS_STUDY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tools/analysis/judge.h"
#include "tools/analysis/wilson.h"
#include "tools/fate/options.h"

namespace analysis {

struct SeedOutcome {
  uint64_t seed = 0;
  bool done = false;  // false: interrupted before its turn
  // A broken invariant without a planted bug, or a loss that no rule explains.
  bool internal_error = false;
  sim::Digest128 digest;
  uint64_t events = 0;
  Judgement judgement;
  std::vector<sim::RealisedFault> realised;
};

// In the order of seeds, whatever `jobs`. With `base`, each seed's faults fire where they fired in
// the base run of the same seed.
std::vector<SeedOutcome> RunSeeds(const Prepared& prepared, const fate::SeedRange& seeds,
                                  uint32_t jobs, const fate::Options& options,
                                  const std::vector<SeedOutcome>* base = nullptr);

// How often a property came out how.
struct Tally {
  Property property{};
  uint32_t held = 0;
  uint32_t broken = 0;
  uint32_t inconclusive = 0;
  LossClass worst = loader::proto::CLASS_UNSPECIFIED;
  std::string reason;  // of the first inconclusive one
  bool undeclared = false;

  uint32_t runs() const { return held + broken + inconclusive; }
  WilsonInterval interval() const { return Wilson(broken, runs()); }
};
// Of the properties that `expectations` name, in their order; then of those that harm messages and
// are broken in some run all the same.
std::vector<Tally> TallyOf(const std::vector<SeedOutcome>& outcomes,
                           const std::vector<loader::proto::Expectation>& expectations);

// What a batch's first line speaks of: the first that is broken, else the first.
const Tally& Leading(const std::vector<Tally>& tallies);

// The worst seeds first: most messages, then the smaller seed. At most `count`, broken ones only.
std::vector<const SeedOutcome*> WorstSeeds(const std::vector<SeedOutcome>& outcomes, size_t count);

// fate::kExitInternal if a run of them found an error of this program.
int ExitCodeOf(const std::vector<SeedOutcome>& outcomes);
// A sentence a seed for such errors, with what shows it again; "" if there are none.
std::string InternalErrors(const std::vector<SeedOutcome>& outcomes, const std::string& scenario);

// A claim on trial.
struct ClaimVerdict {
  std::string word;    // CONFIRMED, REFUTED, DEPENDS, INCONCLUSIVE; "" without predictions
  std::string reason;  // "as predicted in 200 of 200 seeds"
};
// How many of the conclusive runs came out as the claim predicts.
struct Prediction {
  uint32_t true_count = 0;
  uint32_t conclusive = 0;
};
Prediction Compare(const std::vector<SeedOutcome>& outcomes,
                   const google::protobuf::RepeatedPtrField<loader::proto::Expectation>& predicts);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_STUDY_H_
