#include "scenarios/kafka_config/configuration.h"

#include <algorithm>
#include <utility>

#include "scenarios/kafka_config/text.h"
#include "sim/check.h"

namespace kafka_config {
namespace {

constexpr std::string_view kReplicationFactorAssumed = "3";
constexpr std::string_view kPartitionsAssumed = "1";

EffectiveSetting DefaultOf(const Definition& definition) {
  return {.name = definition.name, .value = definition.default_value, .origin = {}, .from = ""};
}

// A broker's value in the unit of the topic's setting; a negative one is "unlimited".
std::string Scaled(std::string_view value, int64_t factor) {
  if (factor == 1) return std::string(value);
  const int64_t number = ParseInt64(value).value_or(0);
  return std::to_string(number < 0 ? -1 : number * factor);
}

}  // namespace

std::vector<std::string> DeclaredNames(const Declared& declared, Scope scope) {
  if (scope == Scope::kTopic) return declared.topics;
  if (scope == Scope::kProducer) return declared.producers;
  if (scope == Scope::kConsumer) return declared.consumers;
  std::vector<std::string> ids;
  for (int id = 1; scope == Scope::kBroker && id <= declared.brokers; ++id) {
    ids.push_back(std::to_string(id));
  }
  return ids;
}

std::vector<Target> DeclaredTargets(const Declared& declared, Scope scope) {
  std::vector<Target> targets;
  for (std::string& name : DeclaredNames(declared, scope)) {
    targets.push_back({scope, std::move(name)});
  }
  if (targets.empty()) targets.push_back({scope, ""});
  return targets;
}

int64_t EffectiveSetting::Int64() const {
  SIM_CHECK(value.has_value());
  const std::optional<int64_t> number = ParseInt64(*value);
  SIM_CHECK(number.has_value());
  return *number;
}

bool EffectiveSetting::Bool() const {
  SIM_CHECK(value.has_value());
  if (*value == "true") return true;
  SIM_CHECK(*value == "false");
  return false;
}

const std::string& EffectiveSetting::Text() const {
  static const std::string kNull;
  return value ? *value : kNull;
}

EffectiveSetting Configuration::Broker(int broker_id, std::string_view name) const {
  const std::string id = broker_id == kAnyBroker ? "" : std::to_string(broker_id);
  return Get({Scope::kBroker, id}, name);
}

EffectiveSetting Configuration::Producer(std::string_view client, std::string_view name) const {
  return Get({Scope::kProducer, std::string(client)}, name);
}

EffectiveSetting Configuration::Consumer(std::string_view client, std::string_view name) const {
  return Get({Scope::kConsumer, std::string(client)}, name);
}

EffectiveSetting Configuration::Get(const Target& target, std::string_view name) const {
  if (target.scope == Scope::kTopic) return Topic(target.name, name);
  const Definition* definition = tables_->Find(target.scope, name);
  SIM_CHECK(definition != nullptr);
  const Explicit* found = FindAdjusted(target, name);
  if (found == nullptr) found = FindGiven(target, name);
  if (found == nullptr) return DefaultOf(*definition);
  return {.name = definition->name, .value = found->value, .origin = found->origin, .from = ""};
}

EffectiveSetting Configuration::Topic(std::string_view topic, std::string_view name,
                                      int broker_id) const {
  const Definition* definition = tables_->Find(Scope::kTopic, name);
  SIM_CHECK(definition != nullptr);
  const Explicit* given = FindGiven({Scope::kTopic, std::string(topic)}, name);
  if (given != nullptr) {
    return {.name = definition->name, .value = given->value, .origin = given->origin, .from = ""};
  }
  return definition->is_pseudo ? PseudoDefault(*definition) : Fallback(*definition, broker_id);
}

// What a topic takes from the broker (KB:8): the first of the broker's settings that is not null.
EffectiveSetting Configuration::Fallback(const Definition& definition, int broker_id) const {
  EffectiveSetting setting = DefaultOf(definition);
  const std::span<const TopicFallback> fallbacks = tables_->FallbacksOf(definition.name);
  for (const TopicFallback& fallback : fallbacks) {
    const EffectiveSetting broker = Broker(broker_id, fallback.broker_name);
    if (broker.IsNull()) continue;
    setting.value = Scaled(*broker.value, fallback.factor);
    setting.origin = broker.origin;
    if (broker.origin.kind != Origin::Kind::kDefault) setting.from = fallback.broker_name;
    break;
  }
  return setting;
}

// Kafka's own default, 1, would make every lesson about replication one about a single copy, and
// topics are in no properties file: unless the broker's file says more, three copies are assumed.
EffectiveSetting Configuration::PseudoDefault(const Definition& definition) const {
  const bool is_factor = definition.name == "replication.factor";
  const EffectiveSetting broker =
      Broker(kAnyBroker, is_factor ? "default.replication.factor" : "num.partitions");
  if (broker.origin.kind != Origin::Kind::kDefault) {
    return {.name = definition.name,
            .value = broker.value,
            .origin = broker.origin,
            .from = broker.name};
  }
  std::string value(is_factor ? kReplicationFactorAssumed : kPartitionsAssumed);
  if (is_factor && declared_.brokers > 0) {
    value = std::to_string(std::min(*ParseInt64(value), int64_t{declared_.brokers}));
  }
  return {
      .name = definition.name, .value = value, .origin = {Origin::Kind::kAssumed, {}}, .from = ""};
}

const Configuration::Explicit* Configuration::FindGiven(const Target& target,
                                                        std::string_view name) const {
  const auto find = [&](const Target& key) -> const Explicit* {
    const auto found = given_.find({key, std::string(name)});
    return found == given_.end() ? nullptr : &found->second;
  };
  const Explicit* all = find({target.scope, ""});
  if (target.name.empty()) return all;
  const Explicit* own = find(target);
  if (own == nullptr || all == nullptr) return own == nullptr ? all : own;
  return all->layer > own->layer ? all : own;
}

const Configuration::Explicit* Configuration::FindAdjusted(const Target& target,
                                                           std::string_view name) const {
  const bool is_own = adjusted_targets_.contains(target);
  const auto found =
      adjusted_.find({is_own ? target : Target{target.scope, ""}, std::string(name)});
  return found == adjusted_.end() ? nullptr : &found->second;
}

bool Configuration::IsGiven(const Target& target, std::string_view name) const {
  return FindGiven(target, name) != nullptr;
}

bool Configuration::IsGivenForOne(Scope scope, std::string_view name) const {
  return std::any_of(given_.begin(), given_.end(), [&](const auto& entry) {
    const Key& key = entry.first;
    return key.target.scope == scope && !key.target.name.empty() && key.name == name;
  });
}

std::vector<Configuration::Given> Configuration::GivenSettings() const {
  std::vector<Given> settings;
  for (const auto& [key, given] : given_) {
    const Definition* definition = tables_->Find(key.target.scope, key.name);
    settings.push_back({.target = key.target,
                        .name = key.name,
                        .shown_value = ShownValue(definition, given.value),
                        .origin = given.origin});
  }
  return settings;
}

}  // namespace kafka_config
