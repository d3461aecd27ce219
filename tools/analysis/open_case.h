// tools/analysis/open_case.h
//
// A run that somebody names, as a case: a run's directory, a capsule, or a scenario with a seed.
#ifndef TOOLS_ANALYSIS_OPEN_CASE_H_
#define TOOLS_ANALYSIS_OPEN_CASE_H_

#include <absl/status/statusor.h>

#include <optional>
#include <string>

#include "tools/analysis/case.h"

namespace analysis {

// Whether `target` is a run that was kept; else it is a scenario.
bool IsKeptRun(const std::string& target);

struct OpenedCase {
  Case made;         // not run yet
  std::string file;  // the capsule; "" of a scenario
};
absl::StatusOr<OpenedCase> OpenKeptRun(const kafka_config::Tables& tables,
                                       const std::string& target,
                                       kafka::StateWatcherOfThread state_watcher);

// Where a scenario's settings and seed come from. Without a seed, the scenario's default.
struct ScenarioRequest {
  std::vector<std::string> config;  // as the words of the command line
  std::vector<std::string> set;
  std::optional<uint64_t> seed;
  sim::Duration until = sim::kForever;
};
absl::StatusOr<OpenedCase> OpenScenario(const kafka_config::Tables& tables, const std::string& name,
                                        const ScenarioRequest& request,
                                        kafka::StateWatcherOfThread state_watcher);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_OPEN_CASE_H_
