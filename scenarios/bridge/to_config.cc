#include "scenarios/bridge/to_config.h"

#include <algorithm>
#include <utility>

#include "scenarios/kafka_config/text.h"
#include "scenarios/loader/check.h"

namespace bridge {
namespace {

class SettingsCollector {
 public:
  explicit SettingsCollector(const loader::LoadedScenario& loaded) : loaded_(loaded) {}

  void Line(const kafka_config::Target& target, std::string name, std::string value,
            std::string_view path) {
    lines_.push_back({.target = target,
                      .name = std::move(name),
                      .value = std::move(value),
                      .origin = {kafka_config::Origin::Kind::kScenario, loaded_.PlaceOf(path)}});
  }
  void Settings(const kafka_config::Target& target,
                const google::protobuf::RepeatedPtrField<loader::proto::Setting>& settings,
                const std::string& path) {
    for (int i = 0; i < settings.size(); ++i) {
      Line(target, settings[i].key(), settings[i].value(),
           kafka_config::Cat(loader::Indexed(path, i), ".value"));
    }
  }
  std::vector<kafka_config::ConfigLine> Take() { return std::move(lines_); }

 private:
  const loader::LoadedScenario& loaded_;
  std::vector<kafka_config::ConfigLine> lines_;
};

std::vector<kafka_config::ConfigLine> FieldLines(const loader::LoadedScenario& loaded) {
  const loader::proto::Scenario& scenario = loaded.scenario;
  SettingsCollector out(loaded);
  out.Settings({kafka_config::Scope::kBroker, ""}, scenario.cluster().config(), "cluster.config");
  for (int i = 0; i < scenario.cluster().broker_size(); ++i) {
    const loader::proto::Broker& broker = scenario.cluster().broker(i);
    out.Settings({kafka_config::Scope::kBroker, std::to_string(broker.id())}, broker.config(),
                 kafka_config::Cat(loader::Indexed("cluster.broker", i), ".config"));
  }
  for (int i = 0; i < scenario.topic_size(); ++i) {
    const loader::proto::Topic& topic = scenario.topic(i);
    const std::string at = loader::Indexed("topic", i);
    const kafka_config::Target target{kafka_config::Scope::kTopic, topic.name()};
    out.Settings(target, topic.config(), kafka_config::Cat(at, ".config"));
    const bool assigned = !topic.assignment().empty();
    if (topic.has_partitions() || assigned) {
      const auto count =
          assigned ? static_cast<uint32_t>(topic.assignment_size()) : topic.partitions();
      out.Line(target, "partitions", std::to_string(count), kafka_config::Cat(at, ".partitions"));
    }
    if (topic.has_replication_factor() || assigned) {
      const auto factor = assigned ? static_cast<uint32_t>(topic.assignment(0).replicas_size())
                                   : topic.replication_factor();
      out.Line(target, "replication.factor", std::to_string(factor),
               kafka_config::Cat(at, ".replication_factor"));
    }
  }
  for (int i = 0; i < scenario.producer_size(); ++i) {
    out.Settings({kafka_config::Scope::kProducer, scenario.producer(i).name()},
                 scenario.producer(i).config(),
                 kafka_config::Cat(loader::Indexed("producer", i), ".config"));
  }
  for (int i = 0; i < scenario.consumer_size(); ++i) {
    out.Settings({kafka_config::Scope::kConsumer, scenario.consumer(i).name()},
                 scenario.consumer(i).config(),
                 kafka_config::Cat(loader::Indexed("consumer", i), ".config"));
  }
  return out.Take();
}

void AddSets(const kafka_config::Tables& tables, const loader::LoadedScenario& loaded, int from,
             int to, ScenarioInputs& out) {
  for (int i = from; i < to; ++i) {
    const kafka_config::Position place = loaded.PlaceOf(loader::Indexed("set", i));
    kafka_config::ConfigLines parsed = kafka_config::ParseSet(tables, loaded.scenario.set(i));
    for (kafka_config::ConfigLine& line : parsed.lines) {
      line.origin = {kafka_config::Origin::Kind::kScenario, place};
      out.inputs.set.push_back(std::move(line));
    }
    for (kafka_config::Diagnostic& error : parsed.errors) {
      error.position = place;
      out.errors.push_back(std::move(error));
    }
  }
}

// True if the value may be anything that somebody typed: a password, a path, a vendor's own text.
bool MayBeSecret(const kafka_config::Tables& tables, kafka_config::Scope scope,
                 const std::string& name) {
  const kafka_config::Definition* definition = tables.Find(scope, name);
  if (definition == nullptr) return true;
  const kafka_config::ValueType type = definition->type;
  const bool is_text =
      type == kafka_config::ValueType::kString || type == kafka_config::ValueType::kList ||
      type == kafka_config::ValueType::kClass || type == kafka_config::ValueType::kPassword;
  return is_text && !kafka_config::Shown(*definition);
}

void TakeOutSecrets(const kafka_config::Tables& tables, kafka_config::Scope scope,
                    google::protobuf::RepeatedPtrField<loader::proto::Setting>& settings) {
  for (int i = settings.size() - 1; i >= 0; --i) {
    if (MayBeSecret(tables, scope, settings[i].key())) settings.DeleteSubrange(i, 1);
  }
}

bool MayHoldSecret(const kafka_config::Tables& tables, const std::string& set) {
  const kafka_config::ConfigLines parsed = kafka_config::ParseSet(tables, set);
  return parsed.lines.empty() ||
         std::any_of(parsed.lines.begin(), parsed.lines.end(),
                     [&](const kafka_config::ConfigLine& line) {
                       return MayBeSecret(tables, line.target.scope, line.name);
                     });
}

void TakeOutSecrets(const kafka_config::Tables& tables, loader::proto::Scenario& scenario) {
  TakeOutSecrets(tables, kafka_config::Scope::kBroker,
                 *scenario.mutable_cluster()->mutable_config());
  for (auto& broker : *scenario.mutable_cluster()->mutable_broker()) {
    TakeOutSecrets(tables, kafka_config::Scope::kBroker, *broker.mutable_config());
  }
  for (auto& topic : *scenario.mutable_topic()) {
    TakeOutSecrets(tables, kafka_config::Scope::kTopic, *topic.mutable_config());
  }
  for (auto& producer : *scenario.mutable_producer()) {
    TakeOutSecrets(tables, kafka_config::Scope::kProducer, *producer.mutable_config());
  }
  for (auto& consumer : *scenario.mutable_consumer()) {
    TakeOutSecrets(tables, kafka_config::Scope::kConsumer, *consumer.mutable_config());
  }
  for (int i = scenario.set_size() - 1; i >= 0; --i) {
    if (MayHoldSecret(tables, scenario.set(i))) scenario.mutable_set()->DeleteSubrange(i, 1);
  }
}

}  // namespace

std::string ShareableText(const kafka_config::Tables& tables,
                          const loader::LoadedScenario& loaded) {
  loader::proto::Scenario scenario = loaded.scenario;
  scenario.clear_variant();  // a capsule is one run
  TakeOutSecrets(tables, scenario);
  return loader::CanonicalText(scenario);
}

ScenarioInputs InputsOf(const kafka_config::Tables& tables, const loader::LoadedScenario& loaded,
                        std::vector<kafka_config::ConfigFile> user_files,
                        std::vector<kafka_config::ConfigLine> user_set) {
  ScenarioInputs out;
  const loader::proto::Scenario& scenario = loaded.scenario;
  out.inputs.declared.brokers = static_cast<int>(scenario.cluster().brokers());
  out.inputs.declared.has_elr = scenario.cluster().elr();
  for (const auto& topic : scenario.topic()) out.inputs.declared.topics.push_back(topic.name());
  for (const auto& one : scenario.producer()) out.inputs.declared.producers.push_back(one.name());
  for (const auto& one : scenario.consumer()) out.inputs.declared.consumers.push_back(one.name());
  out.inputs.files = std::move(user_files);
  out.inputs.scenario = FieldLines(loaded);

  const int sets = scenario.set_size();
  const int of_variant = loaded.variant_sets;
  AddSets(tables, loaded, 0, sets - of_variant, out);
  for (kafka_config::ConfigLine& line : user_set) out.inputs.set.push_back(std::move(line));
  AddSets(tables, loaded, sets - of_variant, sets, out);
  return out;
}

}  // namespace bridge
