// model/kafka/broker/replication/follower.h
//
// A follower's log: runs that are copied, truncation, and the high watermark that it is told
// (follower.cc).
#ifndef MODEL_KAFKA_BROKER_REPLICATION_FOLLOWER_H_
#define MODEL_KAFKA_BROKER_REPLICATION_FOLLOWER_H_

#include "model/kafka/broker/state.h"

namespace kafka::broker {

// The epochs of a run that this log does not know. Returns how many fsyncs the fetcher has to wait
// for before it copies the run (KB:P-18).
uint16_t AssignEpochs(const Context& ctx, Partition& partition, Run run, Effects& out);
// Copies a run that a leader answered; false: it does not fit, the partition has failed (KB:R-42).
bool AppendAsFollower(const Context& ctx, Broker& self, Partition& partition, Run run,
                      Effects& out);
// Returns how many fsyncs the fetcher has to wait for (KB:R-64).
uint16_t TruncateReplica(const Context& ctx, Broker& self, Partition& partition, Offset target,
                         Effects& out);
// Assigned, so that it may fall (KB:R-34).
void SetFollowerHighWatermark(const Context& ctx, Broker& self, Partition& partition, Offset to,
                              Effects& out);

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_REPLICATION_FOLLOWER_H_
