// Leadership as a broker sees it: becoming leader or follower, and the high watermark.
#include "model/kafka/broker/replication/leader.h"

#include <algorithm>

#include "model/kafka/broker/disk/checkpoints.h"
#include "model/kafka/broker/replication/fetcher.h"
#include "model/kafka/broker/replication/isr.h"
#include "model/kafka/broker/requests/purgatory.h"

namespace kafka::broker {
namespace {

// KB:R-3. `fresh`: a new leader, which knows nothing of its followers.
void Reset(RemoteReplica& replica, const Partition& partition, WallTime now, bool fresh) {
  const bool in_isr = partition.isr.committed.contains(replica.broker);
  replica.caught_up = in_isr ? now : RemoteReplica::kLongAgo;
  if (fresh) {
    replica = {.broker = replica.broker, .caught_up = replica.caught_up, .epoch = {}};
    return;
  }
  replica.leader_end_at_last_fetch = partition.log.end;
  replica.last_fetch = in_isr ? now : RemoteReplica::kLongAgo;
}

void SayIsr(const Partition& partition, Effects& out) {
  out.Say(notes::IsrCommitted{.partition = partition.id,
                              .isr = partition.isr.committed,
                              .leader_epoch = partition.leader_epoch,
                              .partition_epoch = partition.partition_epoch});
}

void SayForgotten(const Partition& partition, BrokerSet proposed, Effects& out) {
  out.Say(notes::ProposalForgotten{.partition = partition.id,
                                   .proposed = proposed,
                                   .leader_epoch = partition.leader_epoch,
                                   .partition_epoch = partition.partition_epoch,
                                   .committed = partition.isr.committed});
}

// The ISR may be {self}.
void AdvanceAlone(const Context& ctx, Broker& self, Partition& partition, Effects& out) {
  if (!MaybeAdvanceHighWatermark(ctx, self, partition, out)) return;
  CompleteDelayed(ctx, self, {.advanced = Bit(partition.id)}, out);
}

}  // namespace

bool AssignEpoch(Partition& partition, LeaderEpoch epoch, Offset start, FlushPurpose purpose,
                 Effects& out) {
  if (!Assign(partition.epochs, epoch, start)) return false;
  WriteEpochs(partition, purpose, out);  // KB:P-18, S-33: before any record of that epoch
  out.Say(notes::EpochAssigned{.partition = partition.id, .epoch = epoch, .start = start});
  return true;
}

// Takes over what the metadata say of a partition that this broker leads. Only a new leader epoch
// starts a new history and resets what is known of the followers (KB:R-2).
bool BecomeLeader(const Context& ctx, Broker& self, Partition& partition, FlushPurpose purpose,
                  Effects& out) {
  const PartitionView& view = self.process.view[partition.id.value];
  if (view.partition_epoch < partition.partition_epoch) return false;  // equal is applied
  const bool fresh = !partition.leads();
  const bool new_epoch = view.leader_epoch > partition.leader_epoch;
  const bool news = partition.isr.committed != view.isr;
  const IsrState before = partition.isr;
  const bool mended = ctx.setup->Has(Mutant::kKeepPendingIsr) && !new_epoch;
  const bool forgets =
      before.pending() && view.partition_epoch == partition.partition_epoch && !mended;
  if (fresh) {
    partition.remotes.clear();
    for (const BrokerId replica : ctx.setup->partitions[partition.id.value].replicas) {
      if (replica != self.id) partition.remotes.push_back({.broker = replica, .epoch = {}});
    }
    StopFetching(partition);
  }
  partition.role = Role::kLeader;
  partition.leader = self.id;
  const bool keeps = mended && view.partition_epoch == partition.partition_epoch;
  if (!keeps) partition.isr = {.committed = view.isr, .proposed = {}};
  partition.partition_epoch = view.partition_epoch;
  if (new_epoch) {
    partition.leader_epoch = view.leader_epoch;
    partition.epoch_start = partition.log.end;
    // The followers' clocks start before the fsync, however long that takes.
    for (RemoteReplica& replica : partition.remotes) Reset(replica, partition, ctx.wall, fresh);
    const Offset start = partition.log.end;
    if (AssignEpoch(partition, view.leader_epoch, start, purpose, out)) return true;
    ServeAsLeader(ctx, self, partition, out);
    return false;
  }
  if (news) SayIsr(partition, out);
  if (forgets) SayForgotten(partition, before.proposed, out);
  AdvanceAlone(ctx, self, partition, out);
  return false;
}

void ServeAsLeader(const Context& ctx, Broker& self, Partition& partition, Effects& out) {
  out.Say(notes::BecameLeader{.partition = partition.id,
                              .epoch = partition.leader_epoch,
                              .end = partition.log.end,
                              .high_watermark = partition.high_watermark});
  SayIsr(partition, out);
  AdvanceAlone(ctx, self, partition, out);
}

// KB:R-5: the high watermark stays as it is, and nothing is truncated here.
bool BecomeFollower(Broker& self, Partition& partition, Effects& out) {
  const PartitionView& view = self.process.view[partition.id.value];
  if (view.partition_epoch < partition.partition_epoch) return false;
  const bool new_epoch = view.leader_epoch > partition.leader_epoch;
  partition.role = Role::kFollower;
  partition.leader = view.leader;
  partition.leader_epoch = view.leader_epoch;
  partition.partition_epoch = view.partition_epoch;
  partition.epoch_start = Offset::Unknown();
  partition.isr = {};
  partition.remotes.clear();
  if (!new_epoch) return false;
  out.Say(notes::BecameFollower{.partition = partition.id,
                                .epoch = partition.leader_epoch,
                                .leader = view.leader,
                                .end = partition.log.end});
  return true;
}

// The high watermark is the least log end of the leader, of the maximal ISR, and of replicas that
// are about to join it. It never falls, and it is frozen while the committed ISR is smaller than
// min.insync.replicas (KB:R-30).
bool MaybeAdvanceHighWatermark(const Context& ctx, Broker& self, Partition& partition,
                               Effects& out) {
  if (!partition.leads()) return false;
  if (partition.log_locked) return false;  // behind the log's lock; tried after the flush
  const bool committed_only = ctx.setup->Has(Mutant::kWatermarkCommittedIsrOnly);
  const BrokerSet waited = committed_only ? partition.isr.committed : partition.isr.maximal();
  const auto about_to_join = [&](const RemoteReplica& replica) {
    return !committed_only && IsCaughtUp(ctx, self, partition, replica) &&
           IsEligible(ctx, self.process, replica);
  };
  Offset to = partition.log.end;
  for (const RemoteReplica& replica : partition.remotes) {
    if (replica.log_end >= to) continue;
    if (waited.contains(replica.broker) || about_to_join(replica)) to = replica.log_end;
  }
  const Offset from = partition.high_watermark;
  if (to <= from) [[likely]] {  // KB:R-32: monotonic on a leader
    const bool falls = ctx.setup->Has(Mutant::kHighWatermarkFalls) && to < from && to.known();
    if (!falls) return false;
  }
  if (partition.isr.committed.size() < MinIsrOf(ctx, self, partition.id) &&
      !ctx.setup->Has(Mutant::kWatermarkIgnoresMinIsr)) {
    return false;  // frozen, whatever acks is
  }
  partition.high_watermark = to;
  Touch(ctx, self, out);
  out.Say(notes::HighWatermark{.partition = partition.id,
                               .to = to,
                               .from = from,
                               .isr = partition.isr.committed,
                               .epoch = partition.leader_epoch});
  return true;
}

}  // namespace kafka::broker
