// scenarios/kafka_config/durability.h
//
// Names that set durability in a spelling of their own: of another client, of a framework, of a
// program's own environment.
//
// Guarantees:  a name in which acks, the ISR's minimum, unclean elections, the replication factor,
//              idempotence, retries or commits can be read is recognised: dotted, dashed,
//              camelCase, UPPER_CASE, with any prefix.
// Example:     DurabilityOf("APP_KAFKA_PRODUCER_REQUIRED_ACKS")->name is "acks"
#ifndef SCENARIOS_KAFKA_CONFIG_DURABILITY_H_
#define SCENARIOS_KAFKA_CONFIG_DURABILITY_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/kafka_config/source.h"

namespace kafka_config {

// The setting of Kafka 4.3 that such a name is about.
struct Durability {
  Scope scope = Scope::kProducer;
  std::string_view name;
};

// nullopt if the name says nothing about durability.
std::optional<Durability> DurabilityOf(std::string_view name);

// True if a name is taken from its own pieces of text: it may be shown, whoever wrote it.
bool IsPlainName(std::string_view name);

// A line that was not taken over although it sets durability; nullopt if it does not.
std::optional<UnclearSetting> UnclearOf(std::string_view name, const Position& position);

// What a setting that nobody understood may have changed.
std::vector<std::string> PropertiesInDoubt();

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_DURABILITY_H_
