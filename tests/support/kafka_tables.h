// tests/support/kafka_tables.h
//
// Kafka's settings, loaded once.
#ifndef TESTS_SUPPORT_KAFKA_TABLES_H_
#define TESTS_SUPPORT_KAFKA_TABLES_H_

#include "scenarios/schema/config_tables.h"

namespace fate {

inline const schema::Tables& KafkaTables() {
  static const schema::Tables tables = schema::LoadTables();
  return tables;
}

}  // namespace fate

#endif  // TESTS_SUPPORT_KAFKA_TABLES_H_
