// scenarios/bridge/to_setup.h
//
// From a scenario and its effective configuration to what the model runs.
//
// Leaves out:  nothing that a scenario has a field for. Where Kafka chooses at random (the
//              placement of replicas), the first possibility is taken, and said under *assumed*.
#ifndef SCENARIOS_BRIDGE_TO_SETUP_H_
#define SCENARIOS_BRIDGE_TO_SETUP_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/kafka/setup.h"
#include "scenarios/kafka_config/configuration.h"
#include "scenarios/loader/loader.h"

namespace bridge {

// What nobody chose.
struct Assumption {
  enum class Kind {
    kField,            // of the scenario: `name` is its path, "network.tail"
    kTopicSetting,     // `name` of `topic`
    kPlacement,        // replicas go in turn over racks and brokers
    kFurtherReplicas,  // those beyond the assignment go first to racks without one
    kController,       // is one process that loses nothing and that no fault meets
    kOffsetStore,      // of committed offsets: so is this
  };
  Kind kind = Kind::kField;
  std::string topic;
  std::string name;
  std::optional<std::string> value;  // none: the model's table of values

  friend bool operator==(const Assumption&, const Assumption&) = default;
};

struct BuiltSetup {
  kafka::Setup setup;
  std::vector<uint16_t> fault_of;  // of each fault in the plan: which fault of the scenario
  std::vector<Assumption> assumed;
  std::vector<kafka_config::Diagnostic>
      errors;  // what only shows with Kafka's settings; usable only if empty
};

// `loaded` and `configuration` are free of errors, and of one scenario.
BuiltSetup BuildSetup(const loader::LoadedScenario& loaded,
                      const kafka_config::Configuration& configuration);

// The planted bugs that a scenario may name, as it spells them.
std::vector<std::string> MutantNames();

// The parts of it.
void BuildCluster(const loader::LoadedScenario& loaded,
                  const kafka_config::Configuration& configuration, BuiltSetup& out);
void BuildTopics(const loader::LoadedScenario& loaded,
                 const kafka_config::Configuration& configuration, BuiltSetup& out);
void BuildPrograms(const loader::LoadedScenario& loaded,
                   const kafka_config::Configuration& configuration, BuiltSetup& out);
// Wants the others done: it refers to brokers, partitions and programs by number.
void BuildFaults(const loader::LoadedScenario& loaded,
                 const kafka_config::Configuration& configuration, BuiltSetup& out);
// The operator's act that the scenario's fault is, as Setup::acts has it: returns its number there.
uint32_t AddAct(const loader::LoadedScenario& loaded,
                const kafka_config::Configuration& configuration, int fault, BuiltSetup& out);
// Replicas of the next partition: in turn over racks and brokers.
std::vector<kafka::BrokerId> ReplicasInTurn(const kafka::Setup& setup, uint32_t factor);

}  // namespace bridge

#endif  // SCENARIOS_BRIDGE_TO_SETUP_H_
