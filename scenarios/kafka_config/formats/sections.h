// scenarios/kafka_config/formats/sections.h
//
// Files in which `producer.` and `consumer.` say whose a setting is: Kafka Connect's workers and
// connectors, and JSON or YAML with two such objects.
//
// Models:      `producer.override.`, and what Connect sets for every producer unless told otherwise.
// Leaves out:  the worker's own settings; MirrorMaker 2.
#ifndef SCENARIOS_KAFKA_CONFIG_FORMATS_SECTIONS_H_
#define SCENARIOS_KAFKA_CONFIG_FORMATS_SECTIONS_H_

#include "scenarios/kafka_config/formats/reading.h"

namespace kafka_config {

bool HasSections(const Tables& tables, const Entries& entries);
FileReading ReadSections(const Tables& tables, const std::string& path, const Entries& entries);

bool IsMirrorMaker(const Entries& entries);

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_FORMATS_SECTIONS_H_
