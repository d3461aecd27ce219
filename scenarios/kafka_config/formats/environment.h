// scenarios/kafka_config/formats/environment.h
//
// Settings in the environment of a container: KAFKA_MIN_INSYNC_REPLICAS, KAFKA_CFG_..., in a .env
// file or in a compose file.
//
// Models:      the names that the images of Apache, Confluent and Bitnami make of variables: '_' is
//              '.', '__' is '_', '___' is '-'.
// Leaves out:  variables of the start script (KAFKA_HEAP_OPTS); env_file and ${X:-y} of compose.
#ifndef SCENARIOS_KAFKA_CONFIG_FORMATS_ENVIRONMENT_H_
#define SCENARIOS_KAFKA_CONFIG_FORMATS_ENVIRONMENT_H_

#include "scenarios/kafka_config/formats/reading.h"

namespace kafka_config {

// True if the names are variables and one of them is a broker's, a worker's or Spring's.
bool IsEnvironment(const Entries& entries);
FileReading ReadEnvironment(const Tables& tables, const std::string& path, const Entries& entries);

// True if a service has an environment.
bool IsCompose(const Entries& entries);
FileReading ReadCompose(const Tables& tables, const std::string& path, const Entries& entries);

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_FORMATS_ENVIRONMENT_H_
