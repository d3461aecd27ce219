// scenarios/kafka_config/rules.h
//
// What brokers and clients do to their settings when they start: refuse, switch off, adjust.
//
// Models:      the Java client's constructors (KC:P-6, P-7, P-8), the combinations that a broker
//              refuses at its start.
// Leaves out:  what concerns listeners, security and quorums, which no simulated broker has.
#ifndef SCENARIOS_KAFKA_CONFIG_RULES_H_
#define SCENARIOS_KAFKA_CONFIG_RULES_H_

#include <string>
#include <vector>

#include "scenarios/kafka_config/configuration.h"

namespace kafka_config {

struct Adjustment {
  std::string name;
  std::string value;
};

struct RuleFindings {
  std::vector<Diagnostic> errors;
  std::vector<ConfigNote> notes;
  std::vector<Adjustment> adjustments;
};

// Each judges the settings given so far for one target; "" and 0 are all of the scope.
RuleFindings CheckProducer(const Configuration& configuration, const std::string& client);
RuleFindings CheckConsumer(const Configuration& configuration, const std::string& client);
RuleFindings CheckBroker(const Configuration& configuration, int broker_id);
RuleFindings CheckTopic(const Configuration& configuration, const std::string& topic);

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_RULES_H_
