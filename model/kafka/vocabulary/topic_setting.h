// model/kafka/vocabulary/topic_setting.h
//
// The settings of a topic that the model acts on, by name: for whoever changes one during a run.
#ifndef MODEL_KAFKA_VOCABULARY_TOPIC_SETTING_H_
#define MODEL_KAFKA_VOCABULARY_TOPIC_SETTING_H_

#include <array>
#include <cstdint>

namespace kafka {

enum class TopicSetting : uint8_t {
  kMinInsyncReplicas,
  kUncleanLeaderElection,
  kFlushMessages,
  kFlushInterval,
  kMaxMessageBytes,
};
constexpr std::array kTopicSettingNames = {"min.insync.replicas", "unclean.leader.election.enable",
                                           "flush.messages", "flush.ms", "max.message.bytes"};
constexpr const char* NameOf(TopicSetting setting) {
  const auto index = static_cast<uint32_t>(setting);
  return index < kTopicSettingNames.size() ? kTopicSettingNames[index] : "";
}

}  // namespace kafka

#endif  // MODEL_KAFKA_VOCABULARY_TOPIC_SETTING_H_
