// model/kafka/broker/choice_keys.h
//
// What a broker's messages and disk operations are about: the content that keys their choices
// (sim/choice.h), never an index.
#ifndef MODEL_KAFKA_BROKER_CHOICE_KEYS_H_
#define MODEL_KAFKA_BROKER_CHOICE_KEYS_H_

#include "model/kafka/broker/state.h"

namespace kafka::broker {

// The key of a response on a client's connection: the same subject again is another attempt.
sim::About NextAbout(Process& process, ConnectionId connection, uint64_t uid);
// The uid of the last message below `offset` in the log, or the partition's own name.
uint64_t UidBelow(const Context& ctx, const Partition& partition, Offset offset);
uint64_t UidOfPartition(const Context& ctx, PartitionId partition);

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_CHOICE_KEYS_H_
