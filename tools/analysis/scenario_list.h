// tools/analysis/scenario_list.h
//
// The scenarios that there are, and whether one is free of mistakes.
#ifndef TOOLS_ANALYSIS_SCENARIO_LIST_H_
#define TOOLS_ANALYSIS_SCENARIO_LIST_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>

#include "scenarios/kafka_config/tables.h"
#include "tools/answers/result.pb.h"

namespace analysis {

// What ships, folder by folder. An error: a shipped scenario is broken.
absl::StatusOr<answers::ScenarioList> ShippedScenarios();

// All mistakes of a scenario and its variants, Kafka's settings included.
absl::Status CheckScenario(const kafka_config::Tables& tables, const std::string& name);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_SCENARIO_LIST_H_
