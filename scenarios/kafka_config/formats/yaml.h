// scenarios/kafka_config/formats/yaml.h
//
// YAML, and JSON as a part of it, as a flat list of names and values with positions.
//
//   services:
//     kafka:
//       environment: [KAFKA_NODE_ID=1]      services.kafka.environment[0] = KAFKA_NODE_ID=1
//
// Models:      anchors, aliases, merge keys (<<), several documents in a file.
// Leaves out:  null: such a name is not there. Tags: every scalar is its text.
#ifndef SCENARIOS_KAFKA_CONFIG_FORMATS_YAML_H_
#define SCENARIOS_KAFKA_CONFIG_FORMATS_YAML_H_

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/kafka_config/formats/reading.h"

namespace kafka_config {

struct YamlFile {
  std::vector<Entries> documents;
  std::vector<Diagnostic> errors;  // a syntax error, without text of the file; more names than fit
};

YamlFile ReadYaml(std::string_view text, std::string_view file_name);

// `a.b[0]`, `a.b[1]`, ... as one `a.b` with commas, as Kafka writes a list.
Entries WithJoinedLists(const Entries& entries);

// The value of `key`, "" if it is not there.
std::string_view ValueOf(const Entries& entries, std::string_view key);

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_FORMATS_YAML_H_
