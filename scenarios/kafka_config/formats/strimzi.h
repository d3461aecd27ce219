// scenarios/kafka_config/formats/strimzi.h
//
// Resources of the Strimzi operator: Kafka (spec.kafka.config), KafkaTopic, KafkaConnect.
//
// Leaves out:  KafkaNodePool, KafkaUser, KafkaMirrorMaker2, and the number of partitions.
#ifndef SCENARIOS_KAFKA_CONFIG_FORMATS_STRIMZI_H_
#define SCENARIOS_KAFKA_CONFIG_FORMATS_STRIMZI_H_

#include "scenarios/kafka_config/formats/reading.h"

namespace kafka_config {

bool IsStrimzi(const std::vector<Entries>& documents);
FileReading ReadStrimzi(const Tables& tables, const std::string& path,
                        const std::vector<Entries>& documents);

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_FORMATS_STRIMZI_H_
