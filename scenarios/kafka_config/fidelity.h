// scenarios/kafka_config/fidelity.h
//
// Which settings matter to a run's verdict, are in force, can act in this run, and are not
// modelled.
//
// The judgement stands in tables/fidelity.tsv, one row a setting, by hand; this evaluates its
// conditions. A property that such a setting touches is INCONCLUSIVE where it would be HELD.
#ifndef SCENARIOS_KAFKA_CONFIG_FIDELITY_H_
#define SCENARIOS_KAFKA_CONFIG_FIDELITY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/kafka_config/configuration.h"

namespace kafka_config {

// What of a run decides whether a setting can act in it.
struct RunFacts {
  int64_t duration_ms = 0;         // virtual, from the start to the end of healing
  int64_t log_bytes_max = 0;       // of the largest partition
  int64_t clock_error_max_ms = 0;  // the largest offset of any host's wall clock
  bool has_consumers = false;
};

struct NotModelledSetting {
  Scope scope = Scope::kBroker;
  std::string name;
  std::vector<std::string> targets;  // the topics or clients; empty if all
  Origin origin;
  std::vector<std::string> properties;  // empty: it touches none of the properties that are judged
  std::string reason;                   // a sentence, without any value
};

// By scope, then by name; what differs from broker to broker stands behind the brokers' settings.
std::vector<NotModelledSetting> NotModelled(const Configuration& configuration,
                                            const RunFacts& facts);

// True if `condition` is one that fidelity.tsv may use.
bool IsKnownCondition(std::string_view condition);

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_FIDELITY_H_
