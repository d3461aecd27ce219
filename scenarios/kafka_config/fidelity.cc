#include "scenarios/kafka_config/fidelity.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "scenarios/kafka_config/durability.h"
#include "scenarios/kafka_config/text.h"
#include "sim/check.h"

namespace kafka_config {
namespace {

// A setting whose conditions are being looked at.
struct Question {
  const Configuration& configuration;
  const RunFacts& facts;
  const Definition& definition;
  Target target;
  EffectiveSetting setting;
};

int64_t MillisecondsPerUnit(std::string_view name) {
  if (name.ends_with(".seconds")) return 1000;
  if (name.ends_with(".minutes")) return 60'000;
  return name.ends_with(".hours") ? 3'600'000 : 1;
}

std::vector<std::string> NamesOf(const std::vector<std::string>& declared) {
  return declared.empty() ? std::vector<std::string>{""} : declared;
}

template <class Predicate>
bool AnyProducer(const Configuration& configuration, Predicate predicate) {
  for (const std::string& name : NamesOf(configuration.declared().producers)) {
    if (predicate(name)) return true;
  }
  return false;
}

bool IsSet(const EffectiveSetting& setting) { return !setting.IsNull() && !setting.Text().empty(); }

bool HasAcks(const Question& question, bool (*matches)(std::string_view acks)) {
  const Configuration& configuration = question.configuration;
  return AnyProducer(configuration, [&](const std::string& name) {
    return matches(configuration.Producer(name, "acks").Text());
  });
}

bool OutlivesOf(const Question& question, const EffectiveSetting& setting) {
  const std::optional<int64_t> value = ParseInt64(setting.Text());
  if (!value || *value < 0) return false;
  const int64_t unit = MillisecondsPerUnit(setting.name);
  return question.facts.duration_ms / unit > *value ||
         (question.facts.duration_ms / unit == *value && question.facts.duration_ms % unit > 0);
}

bool Changed(const Question& question, std::string_view) {
  return question.setting.value != question.definition.default_value;
}
bool Set(const Question& question, std::string_view) { return IsSet(question.setting); }
bool True(const Question& question, std::string_view) { return question.setting.Text() == "true"; }
bool False(const Question& question, std::string_view) {
  return question.setting.Text() == "false";
}
bool Is(const Question& question, std::string_view text) { return question.setting.Text() == text; }
bool Prefix(const Question& question, std::string_view text) {
  return Lower(question.setting.Text()).starts_with(text);
}
// The run is longer than this setting's time, or another's of the same scope.
bool Outlives(const Question& question, std::string_view other) {
  if (other.empty()) return OutlivesOf(question, question.setting);
  return OutlivesOf(question, question.configuration.Get(question.target, other));
}
bool LongerThan(const Question& question, std::string_view milliseconds) {
  return question.facts.duration_ms > ParseInt64(milliseconds).value_or(0);
}
bool BytesOver(const Question& question, std::string_view) {
  const int64_t limit = ParseInt64(question.setting.Text()).value_or(-1);
  return limit >= 0 && question.facts.log_bytes_max > limit;
}
bool ClockError(const Question& question, std::string_view) {
  return question.facts.clock_error_max_ms > 0;
}
bool ClockErrorOver(const Question& question, std::string_view) {
  return question.facts.clock_error_max_ms > ParseInt64(question.setting.Text()).value_or(0);
}
bool Compact(const Question& question, std::string_view) {
  const std::vector<std::string> policies =
      ListEntries(question.configuration.Get(question.target, "cleanup.policy").Text());
  return std::find(policies.begin(), policies.end(), "compact") != policies.end();
}
bool Tiered(const Question& question, std::string_view) {
  return question.configuration
      .Broker(Configuration::kAnyBroker, "remote.log.storage.system.enable")
      .Bool();
}
bool Consumers(const Question& question, std::string_view) { return question.facts.has_consumers; }
bool Transactions(const Question& question, std::string_view) {
  const Configuration& configuration = question.configuration;
  return AnyProducer(configuration, [&](const std::string& name) {
    return IsSet(configuration.Producer(name, "transactional.id"));
  });
}
bool Acks0(const Question& question, std::string_view) {
  return HasAcks(question, [](std::string_view acks) { return acks == "0"; });
}
bool AcksBelowAll(const Question& question, std::string_view) {
  return HasAcks(question, [](std::string_view acks) { return acks != "all"; });
}
// A broker's setting that acts through the topics' settings, and is judged there.
bool ViaTopic(const Question&, std::string_view) { return false; }

struct Condition {
  std::string_view name;
  bool takes_argument;
  bool (*holds)(const Question& question, std::string_view argument);
};

constexpr Condition kConditions[] = {
    {"acks0", false, Acks0},
    {"acks_below_all", false, AcksBelowAll},
    {"bytes_over", false, BytesOver},
    {"changed", false, Changed},
    {"clock_error", false, ClockError},
    {"clock_error_over", false, ClockErrorOver},
    {"compact", false, Compact},
    {"consumers", false, Consumers},
    {"false", false, False},
    {"is", true, Is},
    {"longer_than_ms", true, LongerThan},
    {"outlives", false, Outlives},
    {"outlives", true, Outlives},
    {"prefix", true, Prefix},
    {"set", false, Set},
    {"tiered", false, Tiered},
    {"transactions", false, Transactions},
    {"true", false, True},
    {"via_topic", false, ViaTopic},
};

struct Parsed {
  const Condition* condition = nullptr;
  std::string_view argument;
};

Parsed ParseCondition(std::string_view text) {
  const size_t colon = text.find(':');
  const bool has_argument = colon != std::string_view::npos;
  for (const Condition& condition : kConditions) {
    if (condition.name != text.substr(0, colon)) continue;
    if (condition.takes_argument != has_argument) continue;
    return {&condition, has_argument ? text.substr(colon + 1) : std::string_view()};
  }
  return {};
}

bool Acts(const Question& question) {
  for (const std::string& text : question.definition.fidelity.conditions) {
    const Parsed parsed = ParseCondition(text);
    SIM_CHECK(parsed.condition != nullptr);
    if (!parsed.condition->holds(question, parsed.argument)) return false;
  }
  return true;
}

std::string Reason(const Definition& definition) {
  const std::string none =
      definition.fidelity.properties.empty() ? ", and touches none of the properties" : "";
  return Cat(definition.fidelity.effect, "; that is not modelled", none);
}

std::optional<NotModelledSetting> NotModelledIn(const Configuration& configuration,
                                                const RunFacts& facts, const Definition& definition,
                                                const std::vector<Target>& targets) {
  NotModelledSetting found{.scope = definition.scope, .name = definition.name};
  for (const Target& target : targets) {
    const Question question{configuration, facts, definition, target,
                            configuration.Get(target, definition.name)};
    if (!Acts(question)) continue;
    if (found.targets.empty()) found.origin = question.setting.origin;
    found.targets.push_back(target.name);
  }
  if (found.targets.empty()) return std::nullopt;
  if (found.targets.size() == targets.size()) found.targets.clear();
  found.properties = definition.fidelity.properties;
  found.reason = Reason(definition);
  return found;
}

// The brokers on which a topic's setting, taken from the broker, is another than elsewhere.
std::vector<std::string> BrokersThatDiffer(const Configuration& configuration,
                                           std::string_view name) {
  std::vector<std::string> ids;
  for (const Target& topic : DeclaredTargets(configuration.declared(), Scope::kTopic)) {
    const EffectiveSetting common = configuration.Topic(topic.name, name);
    for (int id = 1; id <= configuration.declared().brokers; ++id) {
      if (configuration.Topic(topic.name, name, id).value == common.value) continue;
      ids.push_back(std::to_string(id));
    }
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

// A topic has one value of each setting that is not modelled. Where single brokers would see
// another, Kafka's outcome may be another too.
void JudgeSingleBrokers(const Configuration& configuration,
                        std::vector<NotModelledSetting>& settings) {
  for (const Definition& definition : configuration.tables().Definitions(Scope::kTopic)) {
    if (definition.fidelity.tag != Tag::kVerdict || definition.fidelity.is_modelled) continue;
    for (const TopicFallback& fallback : configuration.tables().FallbacksOf(definition.name)) {
      if (!configuration.IsGivenForOne(Scope::kBroker, fallback.broker_name)) continue;
      std::vector<std::string> ids = BrokersThatDiffer(configuration, definition.name);
      if (ids.empty()) continue;
      const int first = static_cast<int>(ParseInt64(ids[0]).value_or(0));
      settings.push_back(
          {.scope = Scope::kBroker,
           .name = fallback.broker_name,
           .targets = std::move(ids),
           .origin = configuration.Broker(first, fallback.broker_name).origin,
           .properties = {"NO_ACKED_LOSS", "NO_SILENT_LOSS", "FLUSHED_BEFORE_COPIED"},
           .reason = "it differs from broker to broker; that is not modelled"});
    }
  }
}

// What nobody understood may have set anything.
void AddUnclear(const Configuration& configuration, const RunFacts& facts,
                std::vector<NotModelledSetting>& settings) {
  for (const UnclearSetting& unclear : configuration.unclear()) {
    if (unclear.target.scope == Scope::kConsumer && !facts.has_consumers) continue;
    settings.push_back({.scope = unclear.target.scope,
                        .name = unclear.written,
                        .targets = {},
                        .origin = {Origin::Kind::kFile, unclear.position},
                        .properties = PropertiesInDoubt(),
                        .reason = Cat("it may set ", unclear.name,
                                      ", in words that are not "
                                      "understood; say it with --set ",
                                      Describe(unclear.target), ":", unclear.name, "=...")});
  }
}

}  // namespace

std::vector<NotModelledSetting> NotModelled(const Configuration& configuration,
                                            const RunFacts& facts) {
  std::vector<NotModelledSetting> settings;
  for (const Scope scope : {Scope::kBroker, Scope::kTopic, Scope::kProducer, Scope::kConsumer}) {
    const std::vector<Target> targets = DeclaredTargets(configuration.declared(), scope);
    for (const Definition& definition : configuration.tables().Definitions(scope)) {
      if (definition.fidelity.tag != Tag::kVerdict) continue;
      if (definition.fidelity.conditions.empty()) continue;
      auto found = NotModelledIn(configuration, facts, definition, targets);
      if (found) settings.push_back(*std::move(found));
    }
    if (scope == Scope::kBroker) JudgeSingleBrokers(configuration, settings);
  }
  AddUnclear(configuration, facts, settings);
  return settings;
}

bool IsKnownCondition(std::string_view condition) {
  return ParseCondition(condition).condition != nullptr;
}

}  // namespace kafka_config
