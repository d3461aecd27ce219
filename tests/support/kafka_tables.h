// tests/support/kafka_tables.h
//
// Kafka's settings, loaded once.
#ifndef TESTS_SUPPORT_KAFKA_TABLES_H_
#define TESTS_SUPPORT_KAFKA_TABLES_H_

#include "scenarios/kafka_config/tables.h"

namespace fate {

inline const kafka_config::Tables& KafkaTables() {
  static const kafka_config::Tables tables = kafka_config::LoadTables();
  return tables;
}

}  // namespace fate

#endif  // TESTS_SUPPORT_KAFKA_TABLES_H_
