// scenarios/schema/to_setup.h
//
// From a scenario and its effective configuration to what the model runs.
//
// Leaves out:  nothing that scenario.proto has a field for. Where Kafka chooses at random (the
//              placement of replicas), the first possibility is taken, and said under *assumed*.
#ifndef SCENARIOS_SCHEMA_TO_SETUP_H_
#define SCENARIOS_SCHEMA_TO_SETUP_H_

#include <cstdint>
#include <string>
#include <vector>

#include "model/kafka/setup.h"
#include "scenarios/schema/configuration.h"
#include "scenarios/schema/loader.h"

namespace schema {

struct BuiltSetup {
  kafka::Setup setup;
  std::vector<uint16_t> fault_of;    // of each fault in the plan: which fault of the scenario
  std::vector<std::string> assumed;  // "network.tail: HEAVY"; figures and parts that nobody chose
  std::vector<Diagnostic> errors;    // what only shows with Kafka's settings; usable only if empty
};

// `loaded` and `configuration` are free of errors, and of one scenario.
BuiltSetup BuildSetup(const LoadedScenario& loaded, const Configuration& configuration);

// The planted bugs that a scenario may name, as it spells them.
std::vector<std::string> MutantNames();

// The parts of it.
void BuildCluster(const LoadedScenario& loaded, const Configuration& configuration,
                  BuiltSetup& out);
void BuildTopics(const LoadedScenario& loaded, const Configuration& configuration, BuiltSetup& out);
void BuildPrograms(const LoadedScenario& loaded, const Configuration& configuration,
                   BuiltSetup& out);
// Wants the others done: it refers to brokers, partitions and programs by number.
void BuildFaults(const LoadedScenario& loaded, BuiltSetup& out);

}  // namespace schema

#endif  // SCENARIOS_SCHEMA_TO_SETUP_H_
