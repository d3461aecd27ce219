// scenarios/kafka_config/formats/topics_describe.h
//
// What `kafka-topics.sh --describe` printed.
//
//   Topic: orders  TopicId: x  PartitionCount: 3  ReplicationFactor: 3  Configs: retention.ms=1
//
// Leaves out:  the number of partitions and where the replicas are: those are the scenario's.
#ifndef SCENARIOS_KAFKA_CONFIG_FORMATS_TOPICS_DESCRIBE_H_
#define SCENARIOS_KAFKA_CONFIG_FORMATS_TOPICS_DESCRIBE_H_

#include "scenarios/kafka_config/formats/reading.h"

namespace kafka_config {

bool IsTopicsDescribe(std::string_view text);
FileReading ReadTopicsDescribe(std::string_view text, const std::string& path);

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_FORMATS_TOPICS_DESCRIBE_H_
