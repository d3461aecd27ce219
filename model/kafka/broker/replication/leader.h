// model/kafka/broker/replication/leader.h
//
// Leadership as a replica sees it: becoming leader or follower, the epochs that it assigns, and the
// high watermark (leader.cc).
//
// Invariants:  BecomeLeader and BecomeFollower are the only writers of a partition's role; a
//              leader's high watermark never falls (KB:R-32).
#ifndef MODEL_KAFKA_BROKER_REPLICATION_LEADER_H_
#define MODEL_KAFKA_BROKER_REPLICATION_LEADER_H_

#include "model/kafka/broker/disk/checkpoints.h"
#include "model/kafka/broker/state.h"

namespace kafka::broker {

// True: it serves, which ServeAsLeader begins, when the fsync of its new epoch is done (KB:P-18).
bool BecomeLeader(const Context& ctx, Broker& self, Partition& partition, FlushPurpose purpose,
                  Effects& out);
void ServeAsLeader(const Context& ctx, Broker& self, Partition& partition, Effects& out);
// True if the leader epoch is new: fetching starts anew (KB:R-5).
bool BecomeFollower(Broker& self, Partition& partition, Effects& out);

// What a request that names a leader epoch is told of this replica, in the order of KB:R-11:
// fenced, unknown epoch, no leader. An `epoch` of -1 is not checked.
inline Error CheckLeadership(const Context& ctx, const Partition& partition, LeaderEpoch epoch) {
  if (epoch.value >= 0 && !ctx.setup->Has(Mutant::kStaleLeaderAccepts)) {
    if (epoch < partition.leader_epoch) return Error::kFencedLeaderEpoch;
    if (epoch > partition.leader_epoch) return Error::kUnknownLeaderEpoch;
  }
  return partition.leads() ? Error::kNone : Error::kNotLeaderOrFollower;
}

// True if it moved: then whoever waited for it is to be answered.
bool MaybeAdvanceHighWatermark(const Context& ctx, Broker& self, Partition& partition,
                               Effects& out);

// True if the epoch is new to this log: who assigns it waits for an fsync (KB:P-18).
bool AssignEpoch(Partition& partition, LeaderEpoch epoch, Offset start, FlushPurpose purpose,
                 Effects& out);

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_REPLICATION_LEADER_H_
