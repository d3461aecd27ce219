// The leader's view of its ISR: who may join, who must leave, and asking the controller.
#include "model/kafka/broker/replication/isr.h"

#include <algorithm>

#include "model/kafka/broker/choice_keys.h"
#include "model/kafka/broker/replication/leader.h"
#include "model/kafka/broker/requests/purgatory.h"
#include "model/kafka/broker/timers.h"

namespace kafka::broker {
namespace {

AlterPartitionRequest::Item ItemFor(const Broker& self, const Partition& partition) {
  AlterPartitionRequest::Item item{.partition = partition.id,
                                   .isr = partition.isr.proposed,
                                   .leader_epoch = partition.leader_epoch,
                                   .partition_epoch = partition.partition_epoch};
  std::fill(std::begin(item.member_epochs), std::end(item.member_epochs), -1);
  item.member_epochs[self.id.value] = self.process.epoch.value;
  for (const RemoteReplica& replica : partition.remotes) {
    if (!partition.isr.proposed.contains(replica.broker) || !replica.has_epoch) continue;
    item.member_epochs[replica.broker.value] = replica.epoch.value;
  }
  return item;
}

void Propose(const Context& ctx, Broker& self, Partition& partition, IsrState::Kind kind,
             BrokerSet proposed, Effects& out) {
  auto& asked = self.process.alterations;
  // KB:R-26: one pending change a partition; a second is not attempted and the state stays. One
  // that metadata made the leader forget counts until it is answered.
  for (const AlterPartitionRequest::Item& item : asked) {
    if (item.partition == partition.id) return;
  }
  partition.isr.kind = kind;
  partition.isr.proposed = proposed;
  partition.isr.sent = false;
  asked.push_back(ItemFor(self, partition));
  SendAlterations(ctx, self, out);
}

// Not so if metadata has taken its place.
bool IsPending(const Partition& partition, const AlterPartitionRequest::Item& item) {
  return partition.leads() && partition.isr.pending() && partition.isr.proposed == item.isr &&
         partition.leader_epoch == item.leader_epoch &&
         partition.partition_epoch == item.partition_epoch;
}

// Whoever has not been caught up for replica.lag.time.max.ms leaves (KB:R-22).
void MaybeShrinkIsr(const Context& ctx, Broker& self, Partition& partition, Effects& out) {
  if (!partition.leads() || partition.isr.pending()) return;
  BrokerSet kept = partition.isr.committed;
  for (const RemoteReplica& replica : partition.remotes) {
    if (!kept.contains(replica.broker) || IsCaughtUp(ctx, self, partition, replica)) continue;
    kept = kept.Without(replica.broker);
  }
  if (kept == partition.isr.committed) return;
  Propose(ctx, self, partition, IsrState::Kind::kPendingShrink, kept, out);
}

}  // namespace

bool IsEligible(const Context& ctx, const Process& process, const RemoteReplica& replica) {
  const BrokerView& view = process.brokers[replica.broker.value];
  if (!view.alive() || view.in_controlled_shutdown || !replica.has_epoch) return false;
  if (ctx.setup->Has(Mutant::kNoBrokerEpochCheck)) return true;
  return replica.epoch.value == -1 || replica.epoch == view.epoch;
}

// A replica at the log's end is caught up however long it has been silent (KB:R-21).
bool IsCaughtUp(const Context& ctx, const Broker& self, const Partition& partition,
                const RemoteReplica& replica) {
  return replica.log_end == partition.log.end ||
         ctx.wall - replica.caught_up <= SettingsOf(ctx, self).replica_lag_time_max;
}

// KB:R-27. Returns whether the same proposal goes out again.
bool HandleIsrResult(const Context& ctx, Broker& self, const AlterPartitionRequest::Item& asked,
                     const AlterPartitionResponse::Item& item, Effects& out) {
  Partition* partition = self.process.Find(item.partition);
  if (partition == nullptr || !IsPending(*partition, asked)) return false;
  IsrState& isr = partition->isr;
  switch (item.error) {
    case Error::kNone:
      if (item.leader_epoch != partition->leader_epoch) return false;
      if (item.partition_epoch < partition->partition_epoch) return false;
      isr = {.committed = item.isr, .proposed = {}};
      partition->partition_epoch = item.partition_epoch;
      out.Say(notes::IsrCommitted{.partition = partition->id,
                                  .isr = item.isr,
                                  .leader_epoch = partition->leader_epoch,
                                  .partition_epoch = partition->partition_epoch});
      if (MaybeAdvanceHighWatermark(ctx, self, *partition, out)) {
        CompleteDelayed(ctx, self, {.advanced = Bit(item.partition)}, out);
      }
      return false;
    case Error::kIneligibleReplica:
      isr = {.committed = isr.committed, .proposed = {}};
      return false;
    case Error::kUnknownTopicOrPartition:
    case Error::kFencedLeaderEpoch:
    case Error::kInvalidUpdateVersion:
    case Error::kInvalidRequest:
      return false;  // pending until metadata arrives
    default:
      isr.sent = false;
      return true;
  }
}

// A follower may join with everything below the high watermark, and with everything that was in the
// log when the leader's epoch began (KB:R-24).
void MaybeExpandIsr(const Context& ctx, Broker& self, Partition& partition,
                    const RemoteReplica& replica, Effects& out) {
  if (partition.isr.pending() || partition.isr.committed.contains(replica.broker)) return;
  if (replica.log_end < partition.high_watermark) return;
  if (replica.log_end < partition.epoch_start && !ctx.setup->Has(Mutant::kJoinWithoutEpochStart)) {
    return;
  }
  if (!IsEligible(ctx, self.process, replica)) return;
  Propose(ctx, self, partition, IsrState::Kind::kPendingExpand,
          partition.isr.committed.With(replica.broker), out);
}

void CheckIsrs(const Context& ctx, Broker& self, Effects& out) {
  Process& process = self.process;
  process.isr_check_waits = process.lead_syncing.exists();
  if (process.isr_check_waits) return;
  for (Partition& partition : process.partitions) MaybeShrinkIsr(ctx, self, partition, out);
  const Duration period = SettingsOf(ctx, self).replica_lag_time_max / 2;  // KB:R-22
  out.SetTimer({.tag = {kIsrTimer, kBrokerRole, 0}, .min = period});
}

// KB:R-26: as it was proposed, with the epochs of then, until it is answered: what metadata has
// decided meanwhile takes nothing back.
void SendAlterations(const Context& ctx, Broker& self, Effects& out) {
  Process& process = self.process;
  Link& link = process.links[kAlterations];
  if (!link.idle() || process.alterations.empty()) return;
  const std::vector<AlterPartitionRequest::Item>& items = process.alterations;
  for (const AlterPartitionRequest::Item& item : items) {
    Partition& partition = *process.Find(item.partition);
    if (!IsPending(partition, item)) continue;
    partition.isr.sent = true;
    out.Say(notes::IsrProposed{.partition = item.partition,
                               .isr = item.isr,
                               .leader_epoch = item.leader_epoch,
                               .partition_epoch = item.partition_epoch});
  }
  link.in_flight = ++link.sent;
  const sim::About about{sim::Mix(UidOfPartition(ctx, items[0].partition), items[0].isr.value),
                         link.attempts++};
  out.Send({.connection = link.connection, .about = about, .wire_bytes = kWireOverhead},
           AlterPartitionRequest{
               .correlation = link.in_flight, .broker = self.id, .broker_epoch = process.epoch},
           {items.data(), items.size()});
}

}  // namespace kafka::broker
