// tools/analysis/study.h
//
// Many runs of one prepared scenario, and what they say together.
#ifndef TOOLS_ANALYSIS_STUDY_H_
#define TOOLS_ANALYSIS_STUDY_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "tools/analysis/judge.h"
#include "tools/analysis/stop_token.h"
#include "tools/answers/wilson.h"

namespace analysis {

struct SeedRange {
  uint64_t first = 0;
  uint64_t last = 0;  // included
  uint64_t count() const { return last - first + 1; }
};

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

struct StudyRequest {
  SeedRange seeds;
  uint32_t jobs = 0;  // 0: as many as there are processors
  sim::Duration until = sim::kForever;
  StopToken stop;
  // Where to let each seed's faults fire: as in the base run of the same seed. Null: at their own
  // points.
  const std::vector<SeedOutcome>* base = nullptr;
};
// In the order of seeds, whatever `jobs`.
std::vector<SeedOutcome> RunSeeds(const Prepared& prepared, const StudyRequest& request);

// How often a property came out how.
struct Tally {
  Property property{};
  uint32_t held = 0;
  uint32_t broken = 0;
  uint32_t inconclusive = 0;
  LossClass worst = loader::proto::CLASS_UNSPECIFIED;
  std::optional<answers::Doubt> doubt;  // of the first inconclusive one
  bool undeclared = false;

  uint32_t runs() const { return held + broken + inconclusive; }
  answers::WilsonInterval interval() const { return answers::Wilson(broken, runs()); }
};
// Of the properties that `expectations` name, in their order; then of those that harm messages and
// are broken in some run all the same.
std::vector<Tally> TallyOf(const std::vector<SeedOutcome>& outcomes,
                           const std::vector<loader::proto::Expectation>& expectations);

// What a batch's first line speaks of: the first that is broken, else the first.
const Tally& Leading(const std::vector<Tally>& tallies);

// The worst seeds first: most messages, then the smaller seed. At most `count`, broken ones only.
std::vector<const SeedOutcome*> WorstSeeds(const std::vector<SeedOutcome>& outcomes, size_t count);

// The worst of all runs that are done.
Met WorstMet(const std::vector<SeedOutcome>& outcomes);

// How many of the conclusive runs came out as the claim predicts.
struct Prediction {
  uint32_t true_count = 0;
  uint32_t conclusive = 0;
};
Prediction Compare(const std::vector<SeedOutcome>& outcomes,
                   const google::protobuf::RepeatedPtrField<loader::proto::Expectation>& predicts);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_STUDY_H_
