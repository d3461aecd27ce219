// model/kafka/broker/replication/isr.h
//
// The in-sync replicas of a partition, as its leader sees them: who may join, who has to leave, and
// what is asked of the controller (isr.cc).
//
// Invariants:  at most one change of a partition is pending (KB:R-26).
#ifndef MODEL_KAFKA_BROKER_REPLICATION_ISR_H_
#define MODEL_KAFKA_BROKER_REPLICATION_ISR_H_

#include <algorithm>

#include "model/kafka/broker/state.h"

namespace kafka::broker {

// The effective min.insync.replicas, as this broker knows it.
inline int32_t MinIsrOf(const Context& ctx, const Broker& self, PartitionId partition) {
  return ctx.setup->EffectiveMinIsr(partition, TopicOf(ctx, self, partition));
}
// Whether that replica may be in an ISR: alive, not leaving, and of the incarnation that is known.
bool IsEligible(const Context& ctx, const Process& process, const RemoteReplica& replica);
// Whether that replica has the log's end, or had it within replica.lag.time.max.ms.
bool IsCaughtUp(const Context& ctx, const Broker& self, const Partition& partition,
                const RemoteReplica& replica);
void MaybeExpandIsr(const Context& ctx, Broker& self, Partition& partition,
                    const RemoteReplica& replica, Effects& out);
// Looks for replicas that have to leave, in every partition, and sets the timer for the next time.
// Behind the lock of a new leader that syncs its epoch (KB:X-2) it waits.
void CheckIsrs(const Context& ctx, Broker& self, Effects& out);

// Sends every proposal that has no answer, unless a request is in flight.
void SendAlterations(const Context& ctx, Broker& self, Effects& out);
// The controller's answer to one proposal. True if the same proposal goes out again.
bool HandleIsrResult(const Context& ctx, Broker& self, const AlterPartitionRequest::Item& asked,
                     const AlterPartitionResponse::Item& item, Effects& out);

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_REPLICATION_ISR_H_
