// tools/analysis/batch.h
//
// What many runs amount to: a range of seeds, and a scenario beside its variants.
#ifndef TOOLS_ANALYSIS_BATCH_H_
#define TOOLS_ANALYSIS_BATCH_H_

#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <vector>

#include "tools/analysis/prepare.h"
#include "tools/analysis/recorded_run.h"
#include "tools/analysis/study.h"
#include "tools/answers/result.pb.h"

namespace analysis {

// One configuration of a batch: the scenario, or one of its variants beside it.
struct Tried {
  Prepared prepared;
  std::vector<SeedOutcome> outcomes;
  std::string folder;                              // below the batch's directory; "": there itself
  const std::vector<SeedOutcome>* base = nullptr;  // whose faults these runs' fire with
};

// The scenario first, then each of its variants, whose faults fire where they fired in the scenario
// itself. Once interrupted, the rest is left out.
absl::StatusOr<std::vector<Tried>> TryVariants(const kafka_config::Tables& tables,
                                               const Prepared& base, const UserSettings& user,
                                               const StudyRequest& request);

answers::BatchResult BatchOf(const Prepared& prepared, const std::vector<SeedOutcome>& outcomes);
// What the scenario's claim comes to, and the runs.
answers::VariantsResult VariantsOf(const std::vector<Tried>& tried);

// Runs a seed once more, to keep what it did. `seed` is one of tried.outcomes.
std::unique_ptr<RecordedRun> RecordSeed(const Tried& tried, const SeedOutcome& seed,
                                        sim::Duration until);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_BATCH_H_
