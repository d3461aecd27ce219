#include "model/kafka/topics_in_force.h"

namespace kafka {
namespace {

constexpr uint8_t Bit(TopicSetting setting) {
  return static_cast<uint8_t>(1u << static_cast<uint32_t>(setting));
}

void Set(TopicSetting setting, int64_t value, TopicSettings& settings) {
  switch (setting) {
    case TopicSetting::kMinInsyncReplicas:
      settings.min_insync_replicas = static_cast<int32_t>(value);
      return;
    case TopicSetting::kUncleanLeaderElection:
      settings.unclean_leader_election = value != 0;
      return;
    case TopicSetting::kFlushMessages:
      settings.flush_messages = value;
      return;
    case TopicSetting::kFlushInterval:
      settings.flush_interval = {value};
      return;
    case TopicSetting::kMaxMessageBytes:
      settings.max_message_bytes = static_cast<uint32_t>(value);
      return;
  }
}

}  // namespace

int64_t ValueOf(const TopicSettings& settings, TopicSetting setting) {
  switch (setting) {
    case TopicSetting::kMinInsyncReplicas:
      return settings.min_insync_replicas;
    case TopicSetting::kUncleanLeaderElection:
      return settings.unclean_leader_election ? 1 : 0;
    case TopicSetting::kFlushMessages:
      return settings.flush_messages;
    case TopicSetting::kFlushInterval:
      return settings.flush_interval.ns;
    case TopicSetting::kMaxMessageBytes:
      return settings.max_message_bytes;
  }
  return 0;
}

bool Changes(const Setup& setup, const TopicsInForce& before, const MetadataRecord& record,
             TopicId topic) {
  if (record.topic.exists()) return record.topic == topic;
  const uint8_t own =
      before.topics.empty() ? setup.topics[topic.value].own : before.topics[topic.value].own;
  return (own & Bit(record.setting)) == 0;
}

void Apply(const Setup& setup, BrokerId broker, const MetadataRecord& record,
           TopicsInForce& in_force) {
  if (in_force.topics.empty()) {
    for (const TopicSetup& topic : setup.topics) {
      const bool common = !broker.exists() || topic.on_brokers.empty();
      in_force.topics.push_back(
          {common ? topic.settings : topic.on_brokers[broker.value], topic.own});
    }
  }
  for (uint16_t i = 0; i < in_force.topics.size(); ++i) {
    if (!Changes(setup, in_force, record, {i})) continue;
    Set(record.setting, record.value, in_force.topics[i].settings);
    if (record.topic.exists()) in_force.topics[i].own |= Bit(record.setting);
  }
}

void HashInto(sim::StableHash& hash, const TopicsInForce& in_force) {
  for (const TopicsInForce::Topic& topic : in_force.topics) {
    const auto& [min_insync_replicas, unclean_leader_election, flush_messages, flush_interval,
                 max_message_bytes] = topic.settings;
    hash(min_insync_replicas, unclean_leader_election, flush_messages, flush_interval,
         max_message_bytes, topic.own);
  }
}

}  // namespace kafka
