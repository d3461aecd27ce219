// What an operator asks of the controller during the run: elections, settings, partitions.
#include <algorithm>

#include "scenarios/bridge/to_setup.h"
#include "scenarios/bridge/to_setup_values.h"
#include "scenarios/kafka_config/text.h"
#include "scenarios/kafka_config/values.h"
#include "scenarios/loader/check.h"

namespace bridge {
namespace {

kafka::TopicId TopicNamed(const kafka::Setup& setup, const std::string& name) {
  const auto found = std::find_if(setup.topics.begin(), setup.topics.end(),
                                  [&](const auto& topic) { return topic.name == name; });
  SIM_CHECK(found != setup.topics.end());  // the loader has looked
  return {static_cast<uint16_t>(found - setup.topics.begin())};
}

class ActBuilder {
 public:
  ActBuilder(const loader::LoadedScenario& loaded, const kafka_config::Configuration& configuration,
             int fault, BuiltSetup& out)
      : loaded_(loaded),
        tables_(configuration.tables()),
        fault_(loaded.scenario.fault(fault)),
        at_(loader::Indexed("fault", fault)),
        out_(out) {}

  void Build(kafka::Act& act) {
    if (fault_.has_elect_leaders()) return SetElection(act);
    if (fault_.has_change_setting()) return SetChange(act);
    SetPartitions(act);
  }

 private:
  void Wrong(const std::string& path, const std::string& value, const std::string& message) {
    const std::string field = kafka_config::Cat(at_, path);
    out_.errors.push_back(
        {.position = loaded_.PlaceOf(field), .field = field, .value = value, .message = message});
  }

  void SetElection(kafka::Act& act) {
    const loader::proto::ElectLeaders& elect = fault_.elect_leaders();
    act.kind = kafka::Act::Kind::kElectLeaders;
    act.unclean = elect.kind() == loader::proto::ElectLeaders::UNCLEAN;
    if (!elect.topic().empty()) act.topic = TopicNamed(out_.setup, elect.topic());
    if (!elect.has_partition()) return;
    const kafka::TopicSetup& topic = out_.setup.topics[act.topic.exists() ? act.topic.value : 0];
    if (elect.partition() < topic.partitions.size()) {
      act.partition = topic.partitions[elect.partition()];
      return;
    }
    Wrong(".elect_leaders.partition", std::to_string(elect.partition()),
          kafka_config::Cat("topic ", topic.name, " has ", std::to_string(topic.partitions.size()),
                            " partitions"));
  }

  // The topic's name of it: the cluster's is a broker's.
  static kafka::TopicSetting SettingNamed(const std::string& key) {
    static_assert(loader::kChangeableSettings.size() == kafka::kTopicSettingNames.size());
    for (uint8_t i = 0; i < kafka::kTopicSettingNames.size(); ++i) {
      const loader::ChangeableSetting& setting = loader::kChangeableSettings[i];
      SIM_CHECK(setting.of_topic == kafka::kTopicSettingNames[i]);
      if (key == setting.of_topic || key == setting.of_brokers) {
        return static_cast<kafka::TopicSetting>(i);
      }
    }
    SIM_CHECK(false);  // the loader takes no other
  }

  void SetChange(kafka::Act& act) {
    const loader::proto::ChangeSetting& change = fault_.change_setting();
    act.kind = kafka::Act::Kind::kChangeSetting;
    if (!change.topic().empty()) act.topic = TopicNamed(out_.setup, change.topic());
    act.setting = SettingNamed(change.set().key());
    const kafka_config::Definition* definition =
        tables_.Find(kafka_config::Scope::kTopic, kafka::NameOf(act.setting));
    SIM_CHECK(definition != nullptr);
    const auto objection =
        kafka_config::Objection(definition->type, definition->rule, change.set().value());
    if (objection) return Wrong(".change_setting.set.value", change.set().value(), *objection);
    const std::string value = kafka_config::Canonical(definition->type, change.set().value());
    if (act.setting == kafka::TopicSetting::kUncleanLeaderElection) {
      act.value = value == "true" ? 1 : 0;
    } else if (act.setting == kafka::TopicSetting::kFlushInterval) {
      act.value = MillisecondsFrom(kafka_config::ParseInt64(value).value_or(0)).ns;
    } else {
      act.value = kafka_config::ParseInt64(value).value_or(0);
    }
  }

  // They get the numbers behind all that there are, and the replicas that would be their turn. The
  // factor is that of the topic's first partition, as in Kafka.
  void SetPartitions(kafka::Act& act) {
    const loader::proto::AddPartitions& add = fault_.add_partitions();
    act.kind = kafka::Act::Kind::kAddPartitions;
    act.topic = add.topic().empty() ? kafka::TopicId{0} : TopicNamed(out_.setup, add.topic());
    act.value = add.total();
    kafka::TopicSetup& topic = out_.setup.topics[act.topic.value];
    const std::string total = std::to_string(add.total());
    if (add.total() <= topic.partitions.size()) {
      return Wrong(
          ".add_partitions.total", total,
          kafka_config::Cat("topic ", topic.name, " has ", std::to_string(topic.partitions.size()),
                            " partitions: their number can only grow"));
    }
    const size_t more = add.total() - topic.partitions.size();
    if (out_.setup.partitions.size() + more > loader::kPartitionsMax) {
      return Wrong(".add_partitions.total", total,
                   kafka_config::Cat("partitions are too many: the limit is ",
                                     std::to_string(loader::kPartitionsMax), " over all topics"));
    }
    const auto factor = static_cast<uint32_t>(
        out_.setup.partitions[topic.partitions.front().value].replicas.size());
    while (topic.partitions.size() < add.total()) {
      const auto index = static_cast<uint16_t>(topic.partitions.size());
      topic.partitions.push_back({static_cast<uint16_t>(out_.setup.partitions.size())});
      out_.setup.partitions.push_back({.topic = act.topic,
                                       .index = index,
                                       .replicas = ReplicasInTurn(out_.setup, factor),
                                       .added_by = static_cast<int16_t>(out_.setup.acts.size())});
    }
  }

  const loader::LoadedScenario& loaded_;
  const kafka_config::Tables& tables_;
  const loader::proto::Fault& fault_;
  const std::string at_;
  BuiltSetup& out_;
};

}  // namespace

uint32_t AddAct(const loader::LoadedScenario& loaded,
                const kafka_config::Configuration& configuration, int fault, BuiltSetup& out) {
  kafka::Act act;
  ActBuilder(loaded, configuration, fault, out).Build(act);
  out.setup.acts.push_back(act);
  return static_cast<uint32_t>(out.setup.acts.size() - 1);
}

}  // namespace bridge
