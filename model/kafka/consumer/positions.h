// model/kafka/consumer/positions.h
//
// Where a consumer reads: the committed offset, the reset policy, validation after a leader change
// (positions.cc; KC:3.3, 3.4).
#ifndef MODEL_KAFKA_CONSUMER_POSITIONS_H_
#define MODEL_KAFKA_CONSUMER_POSITIONS_H_

#include "model/kafka/consumer/state.h"

namespace kafka::consumer {

// Sends what partitions without a valid position wait for.
// From now on that partition is read too.
void AddPartition(const Context& ctx, Consumer& self, PartitionId id);
void AskForPositions(const Context& ctx, Consumer& self, Effects& out);
// By auto.offset.reset (KC:C-21); `without` is the partition's state if there is no policy.
void ResetByPolicy(const Context& ctx, const Consumer& self, Partition& partition,
                   Partition::State without);
void SetPosition(const Consumer& self, Partition& partition, Offset position, Effects& out);
// What some server says of a partition's leader. An older epoch is ignored (KC:P-55); under a newer
// one the position has to be validated (KC:C-19).
void AcceptLeader(Partition& partition, BrokerId leader, LeaderEpoch epoch);
void RetryLater(const Context& ctx, const Consumer& self, Partition& partition);

}  // namespace kafka::consumer

#endif  // MODEL_KAFKA_CONSUMER_POSITIONS_H_
