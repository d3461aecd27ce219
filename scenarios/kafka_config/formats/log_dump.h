// scenarios/kafka_config/formats/log_dump.h
//
// What a Java client or a broker writes into its log when it starts.
//
//   INFO ProducerConfig values:
//     acks = -1
//     transactional.id = null
#ifndef SCENARIOS_KAFKA_CONFIG_FORMATS_LOG_DUMP_H_
#define SCENARIOS_KAFKA_CONFIG_FORMATS_LOG_DUMP_H_

#include "scenarios/kafka_config/formats/reading.h"

namespace kafka_config {

bool IsLogDump(std::string_view text);
// Of several clients of a kind the last one counts. null is a setting that is not set, [] an empty
// list, [hidden] a password.
FileReading ReadLogDump(std::string_view text, const std::string& path);

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_FORMATS_LOG_DUMP_H_
