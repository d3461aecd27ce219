// scenarios/bridge/to_config.h
//
// What a scenario says of Kafka's settings, as the configuration takes it.
#ifndef SCENARIOS_BRIDGE_TO_CONFIG_H_
#define SCENARIOS_BRIDGE_TO_CONFIG_H_

#include <string>
#include <vector>

#include "scenarios/kafka_config/configuration.h"
#include "scenarios/loader/loader.h"

namespace bridge {

struct ScenarioInputs {
  kafka_config::ConfigInputs inputs;
  std::vector<kafka_config::Diagnostic> errors;  // of `set` lines that make no sense
};

// The scenario's settings under the user's files and --set. Order, the later over the earlier: what
// the scenario's fields say, its `set` lines, the user's `set`, and the `set` of the variant that
// it is, so that a variant always differs from its base.
ScenarioInputs InputsOf(const kafka_config::Tables& tables, const loader::LoadedScenario& loaded,
                        std::vector<kafka_config::ConfigFile> user_files,
                        std::vector<kafka_config::ConfigLine> user_set);

// The canonical text for a capsule, which people send to each other: texts that the model does not
// act on (passwords, paths, names of a vendor's) are taken out, numbers and switches stay. A run of
// it is the same run, byte by byte.
std::string ShareableText(const kafka_config::Tables& tables, const loader::LoadedScenario& loaded);

}  // namespace bridge

#endif  // SCENARIOS_BRIDGE_TO_CONFIG_H_
