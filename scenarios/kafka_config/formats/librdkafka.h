// scenarios/kafka_config/formats/librdkafka.h
//
// A file of librdkafka or kcat: its names, its values and its defaults as Kafka's.
//
// Models:      aliases (request.required.acks), names under `topic.`, [producer] and [consumer],
//              the defaults that differ from the Java client's.
// Leaves out:  what the Java client has no counterpart of, which is named where it sets durability.
#ifndef SCENARIOS_KAFKA_CONFIG_FORMATS_LIBRDKAFKA_H_
#define SCENARIOS_KAFKA_CONFIG_FORMATS_LIBRDKAFKA_H_

#include "scenarios/kafka_config/formats/reading.h"

namespace kafka_config {

bool IsLibrdkafka(const Tables& tables, const Entries& entries);
// `target`: whose the file was said to be; else the names decide, and one that both kinds of client
// know is taken for both where both are in the file.
FileReading ReadLibrdkafka(const Tables& tables, const std::string& path, const Entries& entries,
                           const std::optional<Target>& target);

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_FORMATS_LIBRDKAFKA_H_
