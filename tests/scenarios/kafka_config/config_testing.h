// tests/scenarios/kafka_config/config_testing.h
//
// Helpers for the tests of the configuration: the tables once, inputs in one line.
#ifndef TESTS_SCENARIOS_KAFKA_CONFIG_CONFIG_TESTING_H_
#define TESTS_SCENARIOS_KAFKA_CONFIG_CONFIG_TESTING_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/kafka_config/configuration.h"
#include "scenarios/kafka_config/fidelity.h"

namespace kafka_config {

inline const Tables& TestTables() {
  static const Tables tables = LoadTables();
  return tables;
}

// "producer" and "acks=1\n" make `--config producer=producer.properties`; "" infers the scope.
inline ConfigFile File(std::string_view target, std::string text,
                       std::string path = "my.properties") {
  return {.target = ParseTarget(target), .path = std::move(path), .text = std::move(text)};
}

const Declared kShopAndBank{.brokers = 3,
                            .topics = {"orders", "payments"},
                            .producers = {"shop", "bank"},
                            .consumers = {"billing"}};

struct Given {
  std::vector<ConfigFile> files;
  std::vector<std::string> scenario;  // "topic/orders:min.insync.replicas=2"
  std::vector<std::string> set;
  Declared declared;
};

inline ConfigInputs Inputs(const Given& given) {
  ConfigInputs inputs{.declared = given.declared, .files = given.files, .scenario = {}, .set = {}};
  int number = 0;
  for (const std::string& text : given.scenario) {
    for (ConfigLine line : ParseSet(TestTables(), text).lines) {
      line.origin = {Origin::Kind::kScenario, {"s.textproto", ++number, 3}};
      inputs.scenario.push_back(line);
    }
  }
  for (const std::string& text : given.set) {
    for (const ConfigLine& line : ParseSet(TestTables(), text).lines) inputs.set.push_back(line);
  }
  return inputs;
}

inline Resolution Resolved(const Given& given) { return Resolve(TestTables(), Inputs(given)); }

// Every error and every note, as a user sees them.
inline std::string Said(const Resolution& resolution) {
  std::string text = Describe(resolution.errors);
  for (const ConfigNote& note : resolution.notes) text += Describe(note) + "\n";
  return text;
}

}  // namespace kafka_config

#endif  // TESTS_SCENARIOS_KAFKA_CONFIG_CONFIG_TESTING_H_
