// model/kafka/topics_in_force.h
//
// The topics' settings as one process knows them, once somebody has changed one during the run.
//
// Invariants:  what a topic sets itself, no change of the cluster's touches. A change of the
//              cluster's stands over what a broker's own file says, as in Kafka.
// Leaves out:  taking a setting back.
#ifndef MODEL_KAFKA_TOPICS_IN_FORCE_H_
#define MODEL_KAFKA_TOPICS_IN_FORCE_H_

#include <vector>

#include "model/kafka/setup.h"
#include "model/kafka/vocabulary/records.h"

namespace kafka {

struct TopicsInForce {
  struct Topic {
    TopicSettings settings;
    uint8_t own = 0;  // bit per TopicSetting

    friend bool operator==(const Topic&, const Topic&) = default;
  };
  std::vector<Topic> topics;  // by TopicId; empty: nothing was changed

  friend bool operator==(const TopicsInForce&, const TopicsInForce&) = default;
};

// Whether that record changes what this topic has. `before`: what stood before the record.
bool Changes(const Setup& setup, const TopicsInForce& before, const MetadataRecord& record,
             TopicId topic);
// `broker`: whose process it is; none: the controller.
void Apply(const Setup& setup, BrokerId broker, const MetadataRecord& record,
           TopicsInForce& in_force);
int64_t ValueOf(const TopicSettings& settings, TopicSetting setting);

void HashInto(sim::StableHash& hash, const TopicsInForce& in_force);

}  // namespace kafka

#endif  // MODEL_KAFKA_TOPICS_IN_FORCE_H_
