// scenarios/kafka_config/tables.h
//
// Every setting of Kafka 4.3 with type, default, range and fidelity, and the names of other
// versions.
//
// Example:  const Tables tables = LoadTables();  // once; everything else takes it by reference
#ifndef SCENARIOS_KAFKA_CONFIG_TABLES_H_
#define SCENARIOS_KAFKA_CONFIG_TABLES_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/kafka_config/values.h"

namespace kafka_config {

enum class Scope { kBroker, kTopic, kProducer, kConsumer, kGroup };

// "broker", "topic", ...
std::string_view ScopeName(Scope scope);
std::optional<Scope> ParseScope(std::string_view text);
// "broker or topic".
std::string ScopeList(const std::vector<Scope>& scopes);

enum class Tag { kCosmetic, kLatency, kVerdict };

// What the model makes of a setting: one row of config/fidelity.tsv.
struct Fidelity {
  Tag tag = Tag::kCosmetic;
  bool is_modelled = false;
  bool is_copied = true;                // false: belongs to one host, not to every broker or client
  std::vector<std::string> properties;  // that it touches where it is not modelled
  std::vector<std::string> conditions;  // all must hold for it to act in a run; config_fidelity.h
  std::string effect;                   // a clause: "records older than it are deleted"
};

// One setting of one scope.
struct Definition {
  Scope scope = Scope::kBroker;
  std::string name;
  ValueType type = ValueType::kString;
  std::optional<std::string> default_value;  // nullopt: null in Kafka, or required
  ValueRule rule;
  Fidelity fidelity;
  bool is_pseudo = false;  // replication.factor and partitions of a topic: in no Kafka table
};

// A broker's setting that a topic's setting falls back to, with the factor between their units.
struct TopicFallback {
  std::string broker_name;
  int64_t factor = 1;
};

// A name that another version, or the C client, knows.
struct ForeignName {
  std::string name;
  Scope scope = Scope::kBroker;
  std::string last_seen_in;  // "Kafka 2.8.0", "librdkafka 2.16.0"
};

class Tables {
 public:
  // nullptr if 4.3 has no such setting in this scope.
  const Definition* Find(Scope scope, std::string_view name) const;
  // The scopes in which 4.3 knows the name.
  std::vector<Scope> ScopesOf(std::string_view name) const;
  std::span<const Definition> Definitions(Scope scope) const;
  std::vector<ForeignName> FindForeign(std::string_view name) const;
  // In the order in which Kafka looks; empty if a topic's setting has none.
  std::span<const TopicFallback> FallbacksOf(std::string_view topic_name) const;
  // The topic's setting that a broker's setting is the default of; "" if none.
  std::string_view TopicNameOf(std::string_view broker_name) const;
  // A name of 4.3 that was probably meant, "" if none is near: in `scope` first, then in any.
  std::string Nearest(std::optional<Scope> scope, std::string_view name) const;
  // The only setting of the scope that goes on where `name` ends ("linger": linger.ms), else "".
  std::string Completion(Scope scope, std::string_view name) const;

 private:
  friend Tables LoadTables();

  struct Fallbacks {
    std::string topic_name;
    std::vector<TopicFallback> fallbacks;
  };

  std::vector<Definition> definitions_;  // sorted by (scope, name)
  std::vector<ForeignName> foreign_;     // sorted by (name, scope)
  std::vector<Fallbacks> fallbacks_;     // sorted by topic_name
};

// Parses the tables that travel in the binary; a damaged table is fatal, since it is ours.
Tables LoadTables();

// True if the value of this setting may be printed: only where the model acts on it.
bool Shown(const Definition& definition);
// The value, made printable, or "<value not shown>".
std::string ShownValue(const Definition* definition, std::string_view value);
// Of a value that is refused: shown only where it is a number, or near what it may be. Anything else
// may be a password in the wrong line.
std::string ShownRefused(const Definition* definition, std::string_view value);
// The name if it looks like a name of a setting, else "<name not shown>": a broken continuation
// line makes names out of pieces of keys and passwords.
std::string ShownName(const Tables& tables, std::string_view name);

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_TABLES_H_
