#include "scenarios/schema/to_config.h"

#include <algorithm>
#include <utility>

#include "scenarios/schema/config_text.h"
#include "scenarios/schema/loader_check.h"

namespace schema {
namespace {

class SettingsCollector {
 public:
  explicit SettingsCollector(const LoadedScenario& loaded) : loaded_(loaded) {}

  void Line(const Target& target, std::string name, std::string value, std::string_view path) {
    lines_.push_back({.target = target,
                      .name = std::move(name),
                      .value = std::move(value),
                      .origin = {Origin::Kind::kScenario, loaded_.PlaceOf(path)}});
  }
  void Settings(const Target& target,
                const google::protobuf::RepeatedPtrField<proto::Setting>& settings,
                const std::string& path) {
    for (int i = 0; i < settings.size(); ++i) {
      Line(target, settings[i].key(), settings[i].value(), Cat(Indexed(path, i), ".value"));
    }
  }
  std::vector<ConfigLine> Take() { return std::move(lines_); }

 private:
  const LoadedScenario& loaded_;
  std::vector<ConfigLine> lines_;
};

std::vector<ConfigLine> FieldLines(const LoadedScenario& loaded) {
  const proto::Scenario& scenario = loaded.scenario;
  SettingsCollector out(loaded);
  out.Settings({Scope::kBroker, ""}, scenario.cluster().config(), "cluster.config");
  for (int i = 0; i < scenario.cluster().broker_size(); ++i) {
    const proto::Broker& broker = scenario.cluster().broker(i);
    out.Settings({Scope::kBroker, std::to_string(broker.id())}, broker.config(),
                 Cat(Indexed("cluster.broker", i), ".config"));
  }
  for (int i = 0; i < scenario.topic_size(); ++i) {
    const proto::Topic& topic = scenario.topic(i);
    const std::string at = Indexed("topic", i);
    const Target target{Scope::kTopic, topic.name()};
    out.Settings(target, topic.config(), Cat(at, ".config"));
    const bool assigned = !topic.assignment().empty();
    if (topic.has_partitions() || assigned) {
      const auto count =
          assigned ? static_cast<uint32_t>(topic.assignment_size()) : topic.partitions();
      out.Line(target, "partitions", std::to_string(count), Cat(at, ".partitions"));
    }
    if (topic.has_replication_factor() || assigned) {
      const auto factor = assigned ? static_cast<uint32_t>(topic.assignment(0).replicas_size())
                                   : topic.replication_factor();
      out.Line(target, "replication.factor", std::to_string(factor),
               Cat(at, ".replication_factor"));
    }
  }
  for (int i = 0; i < scenario.producer_size(); ++i) {
    out.Settings({Scope::kProducer, scenario.producer(i).name()}, scenario.producer(i).config(),
                 Cat(Indexed("producer", i), ".config"));
  }
  for (int i = 0; i < scenario.consumer_size(); ++i) {
    out.Settings({Scope::kConsumer, scenario.consumer(i).name()}, scenario.consumer(i).config(),
                 Cat(Indexed("consumer", i), ".config"));
  }
  return out.Take();
}

void AddSets(const Tables& tables, const LoadedScenario& loaded, int from, int to,
             ScenarioInputs& out) {
  for (int i = from; i < to; ++i) {
    const Position place = loaded.PlaceOf(Indexed("set", i));
    ConfigLines parsed = ParseSet(tables, loaded.scenario.set(i));
    for (ConfigLine& line : parsed.lines) {
      line.origin = {Origin::Kind::kScenario, place};
      out.inputs.set.push_back(std::move(line));
    }
    for (Diagnostic& error : parsed.errors) {
      error.position = place;
      out.errors.push_back(std::move(error));
    }
  }
}

// True if the value may be anything that somebody typed: a password, a path, a vendor's own text.
bool MayBeSecret(const Tables& tables, Scope scope, const std::string& name) {
  const Definition* definition = tables.Find(scope, name);
  if (definition == nullptr) return true;
  const ValueType type = definition->type;
  const bool is_text = type == ValueType::kString || type == ValueType::kList ||
                       type == ValueType::kClass || type == ValueType::kPassword;
  return is_text && !Shown(*definition);
}

void TakeOutSecrets(const Tables& tables, Scope scope,
                    google::protobuf::RepeatedPtrField<proto::Setting>& settings) {
  for (int i = settings.size() - 1; i >= 0; --i) {
    if (MayBeSecret(tables, scope, settings[i].key())) settings.DeleteSubrange(i, 1);
  }
}

bool MayHoldSecret(const Tables& tables, const std::string& set) {
  const ConfigLines parsed = ParseSet(tables, set);
  return parsed.lines.empty() ||
         std::any_of(parsed.lines.begin(), parsed.lines.end(), [&](const ConfigLine& line) {
           return MayBeSecret(tables, line.target.scope, line.name);
         });
}

void TakeOutSecrets(const Tables& tables, proto::Scenario& scenario) {
  TakeOutSecrets(tables, Scope::kBroker, *scenario.mutable_cluster()->mutable_config());
  for (auto& broker : *scenario.mutable_cluster()->mutable_broker()) {
    TakeOutSecrets(tables, Scope::kBroker, *broker.mutable_config());
  }
  for (auto& topic : *scenario.mutable_topic()) {
    TakeOutSecrets(tables, Scope::kTopic, *topic.mutable_config());
  }
  for (auto& producer : *scenario.mutable_producer()) {
    TakeOutSecrets(tables, Scope::kProducer, *producer.mutable_config());
  }
  for (auto& consumer : *scenario.mutable_consumer()) {
    TakeOutSecrets(tables, Scope::kConsumer, *consumer.mutable_config());
  }
  for (int i = scenario.set_size() - 1; i >= 0; --i) {
    if (MayHoldSecret(tables, scenario.set(i))) scenario.mutable_set()->DeleteSubrange(i, 1);
  }
}

}  // namespace

std::string ShareableText(const Tables& tables, const LoadedScenario& loaded) {
  proto::Scenario scenario = loaded.scenario;
  scenario.clear_variant();  // a capsule is one run
  TakeOutSecrets(tables, scenario);
  return CanonicalText(scenario);
}

ScenarioInputs InputsOf(const Tables& tables, const LoadedScenario& loaded,
                        std::vector<ConfigFile> user_files, std::vector<ConfigLine> user_set) {
  ScenarioInputs out;
  const proto::Scenario& scenario = loaded.scenario;
  out.inputs.declared.brokers = static_cast<int>(scenario.cluster().brokers());
  for (const auto& topic : scenario.topic()) out.inputs.declared.topics.push_back(topic.name());
  for (const auto& one : scenario.producer()) out.inputs.declared.producers.push_back(one.name());
  for (const auto& one : scenario.consumer()) out.inputs.declared.consumers.push_back(one.name());
  out.inputs.files = std::move(user_files);
  out.inputs.scenario = FieldLines(loaded);

  const int sets = scenario.set_size();
  const int of_variant = loaded.variant_sets;
  AddSets(tables, loaded, 0, sets - of_variant, out);
  for (ConfigLine& line : user_set) out.inputs.set.push_back(std::move(line));
  AddSets(tables, loaded, sets - of_variant, sets, out);
  return out;
}

}  // namespace schema
