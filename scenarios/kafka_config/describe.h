// scenarios/kafka_config/describe.h
//
// What `kafka-configs.sh --describe` printed, read back.
//
//   Dynamic configs for topic orders are:
//     min.insync.replicas=2 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:min.insync.replicas=2}
#ifndef SCENARIOS_KAFKA_CONFIG_DESCRIBE_H_
#define SCENARIOS_KAFKA_CONFIG_DESCRIBE_H_

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/kafka_config/properties.h"

namespace kafka_config {

// The settings under one header.
struct DescribedEntity {
  std::string type;  // "topic", "broker", "client-id", ...; "" if no header was there
  std::string name;  // "" for the defaults of a whole type
  Position position;
  std::vector<PropertyEntry> entries;
};

struct DescribedConfigs {
  std::vector<DescribedEntity> entities;
  std::vector<ConfigNote> notes;  // sensitive values that Kafka does not print
};

// True if the text has a header or a line of that form: then it is no properties file.
bool IsDescribeOutput(std::string_view text);

DescribedConfigs ReadDescribeOutput(std::string_view text, std::string_view file_name);

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_DESCRIBE_H_
