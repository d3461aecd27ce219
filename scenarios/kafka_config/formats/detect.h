// scenarios/kafka_config/formats/detect.h
//
// What format a file has, by what stands in it, and so who reads it.
#ifndef SCENARIOS_KAFKA_CONFIG_FORMATS_DETECT_H_
#define SCENARIOS_KAFKA_CONFIG_FORMATS_DETECT_H_

#include "scenarios/kafka_config/formats/reading.h"

namespace kafka_config {

// A format that nobody reads here is an error that names it.
FileReading ReadByFormat(const Tables& tables, const ConfigFile& file);

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_FORMATS_DETECT_H_
