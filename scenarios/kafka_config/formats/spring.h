// scenarios/kafka_config/formats/spring.h
//
// spring.kafka.* of a Spring Boot application, from properties, YAML or the environment.
//
// Models:      relaxed names (batch-size, batchSize, batchsize), names of Kafka's under
//              `properties`, durations (5s) and sizes (32MB), what is common to all clients.
// Leaves out:  profiles other than the default one, placeholders' defaults, Spring Cloud Stream.
#ifndef SCENARIOS_KAFKA_CONFIG_FORMATS_SPRING_H_
#define SCENARIOS_KAFKA_CONFIG_FORMATS_SPRING_H_

#include "scenarios/kafka_config/formats/reading.h"

namespace kafka_config {

bool IsSpring(const Entries& entries);
FileReading ReadSpring(const Tables& tables, const std::string& path, const Entries& entries);

// True for a part of a file that only a named profile uses.
bool IsOfProfile(const Entries& document);

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_FORMATS_SPRING_H_
