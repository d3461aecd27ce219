// scenarios/kafka_config/configuration.h
//
// The effective configuration of a cluster and its clients, each value with its origin.
//
// Models:      the layers default < scenario < file < --set; inside a layer one broker, topic or
//              client over all of them, then the later over the earlier; a topic's fall-back to
//              the broker's setting (KB:8); what the client does to its settings at construction
//              (KC:P-6..P-8); what a broker and a consumer refuse at their start.
// Leaves out:  dynamic changes during a run.
// Example:     Resolution resolved = Resolve(tables, inputs);
//              if (!resolved.errors.empty()) ...;
//              resolved.configuration.Producer("shop", "acks").Text()
#ifndef SCENARIOS_KAFKA_CONFIG_CONFIGURATION_H_
#define SCENARIOS_KAFKA_CONFIG_CONFIGURATION_H_

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/kafka_config/source.h"

namespace kafka_config {

struct EffectiveSetting {
  std::string name;
  std::optional<std::string> value;  // canonical; nullopt is Kafka's null
  Origin origin;
  std::string from;  // the broker's name of it, where a topic fell back to one; else ""

  bool IsNull() const { return !value.has_value(); }
  // Fatal if the setting is null or of another type: the caller names a setting of the table.
  int64_t Int64() const;
  bool Bool() const;
  // "" if null.
  const std::string& Text() const;
};

// What the scenario declares; a target that is not declared is an error. `brokers` 0: not known.
struct Declared {
  int brokers = 0;  // ids 1..brokers
  std::vector<std::string> topics;
  std::vector<std::string> producers;
  std::vector<std::string> consumers;
  bool has_elr = true;  // eligible leader replicas, on by default in 4.3
};

// "1", "2", ... for brokers; empty if the scope has none declared.
std::vector<std::string> DeclaredNames(const Declared& declared, Scope scope);
// The declared targets, or the target of all where none is declared.
std::vector<Target> DeclaredTargets(const Declared& declared, Scope scope);

struct ConfigInputs {
  Declared declared;
  std::vector<ConfigFile> files;     // --config, in order
  std::vector<ConfigLine> scenario;  // config lines of the scenario; origin.kind kScenario
  std::vector<ConfigLine> set;       // --set and variants, in order; origin.kind kSet
};

// A value. Names are those of Kafka 4.3; a name that the table does not have is fatal.
class Configuration {
 public:
  static constexpr int kAnyBroker = 0;

  // `tables` must outlive the configuration and its copies.
  explicit Configuration(const Tables& tables) : tables_(&tables) {}

  EffectiveSetting Broker(int broker_id, std::string_view name) const;
  // As a broker sees it: where the topic does not set it, that broker's own setting counts.
  // Pseudo settings: "replication.factor" and "partitions".
  EffectiveSetting Topic(std::string_view topic, std::string_view name,
                         int broker_id = kAnyBroker) const;
  EffectiveSetting Producer(std::string_view client, std::string_view name) const;
  EffectiveSetting Consumer(std::string_view client, std::string_view name) const;
  EffectiveSetting Get(const Target& target, std::string_view name) const;

  // Every setting that somebody gave, and what it is for; sorted. Values only where Shown.
  struct Given {
    Target target;
    std::string name;
    std::string shown_value;
    Origin origin;
  };
  std::vector<Given> GivenSettings() const;

  // True if a file, the scenario or --set gives it for this target or for all of its scope.
  bool IsGiven(const Target& target, std::string_view name) const;

  // True if it is given for a single broker, topic or client.
  bool IsGivenForOne(Scope scope, std::string_view name) const;

  // Lines of the user's that set durability and were not understood.
  const std::vector<UnclearSetting>& unclear() const { return unclear_; }

  const Declared& declared() const { return declared_; }
  const Tables& tables() const { return *tables_; }

 private:
  friend class Resolver;

  struct Explicit {
    std::string value;
    Origin origin;
    int layer = 0;  // the larger wins
  };
  struct Key {
    Target target;
    std::string name;
    friend auto operator<=>(const Key&, const Key&) = default;
  };

  const Explicit* FindGiven(const Target& target, std::string_view name) const;
  const Explicit* FindAdjusted(const Target& target, std::string_view name) const;
  EffectiveSetting Fallback(const Definition& definition, int broker_id) const;
  EffectiveSetting PseudoDefault(const Definition& definition) const;

  const Tables* tables_;
  Declared declared_;
  std::map<Key, Explicit> given_;
  std::vector<UnclearSetting> unclear_;
  std::map<Key, Explicit> adjusted_;   // by the client at its start; over what was given
  std::set<Target> adjusted_targets_;  // whose adjustments are known; others take those of all
};

struct Resolution {
  Configuration configuration;
  std::vector<Diagnostic> errors;  // all of them; the configuration is usable only if empty
  std::vector<ConfigNote> notes;   // what was ignored, not copied, switched off, assumed
};

Resolution Resolve(const Tables& tables, const ConfigInputs& inputs);

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_CONFIGURATION_H_
