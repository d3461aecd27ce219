// The leader's view of its ISR: who may join, who must leave, and asking the controller.
#include <algorithm>

#include "model/kafka/broker/parts.h"

namespace kafka::broker {
namespace {

void Propose(const Context& ctx, Broker& self, Partition& partition, IsrState::Kind kind,
             BrokerSet proposed, Effects& out) {
  Process& process = self.process;
  const auto& queued = process.alterations;
  // KB:R-26: one pending change a partition; a second is not attempted and the state stays.
  if (std::find(queued.begin(), queued.end(), partition.id) != queued.end()) return;
  partition.isr.kind = kind;
  partition.isr.proposed = proposed;
  partition.isr.sent = false;
  process.alterations.push_back(partition.id);
  SendAlterations(ctx, self, out);
}

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

}  // namespace

bool IsEligible(const Context& ctx, const Process& process, const RemoteReplica& replica) {
  const BrokerView& view = process.brokers[replica.broker.value];
  if (!view.alive() || view.in_controlled_shutdown || !replica.has_epoch) return false;
  if (ctx.setup->Has(Mutant::kNoBrokerEpochCheck)) return true;
  return replica.epoch.value == -1 || replica.epoch == view.epoch;
}

// KB:R-27.
void HandleIsrResult(const Context& ctx, Broker& self, const AlterPartitionResponse::Item& item,
                     Effects& out) {
  Process& process = self.process;
  Partition* partition = process.Find(item.partition);
  if (partition == nullptr || !partition->isr.pending() || !partition->isr.sent) return;
  IsrState& isr = partition->isr;
  switch (item.error) {
    case Error::kNone:
      if (item.leader_epoch != partition->leader_epoch) return;
      if (item.partition_epoch < partition->partition_epoch) return;
      isr = {.committed = item.isr, .proposed = {}};
      partition->partition_epoch = item.partition_epoch;
      out.Say(kIsrCommitted, ctx.self, partition->id, item.isr.value,
              Pair(static_cast<uint32_t>(partition->leader_epoch.value),
                   static_cast<uint32_t>(partition->partition_epoch.value)));
      if (MaybeAdvanceHighWatermark(ctx, self, *partition, out)) {
        CompleteDelayed(ctx, self, {.advanced = Bit(item.partition)}, out);
      }
      return;
    case Error::kIneligibleReplica:
      isr = {.committed = isr.committed, .proposed = {}};
      return;
    case Error::kUnknownTopicOrPartition:
    case Error::kFencedLeaderEpoch:
    case Error::kInvalidUpdateVersion:
    case Error::kInvalidRequest:
      return;  // pending until metadata arrives
    default:
      isr.sent = false;
      process.alterations.push_back(partition->id);  // the same proposal again
  }
}

// KB:R-24.
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

// KB:R-22.
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

void SendAlterations(const Context& ctx, Broker& self, Effects& out) {
  Process& process = self.process;
  Link& link = process.links[kAlterations];
  if (!link.idle() || process.alterations.empty()) return;
  // What metadata has decided meanwhile is not asked any more.
  std::erase_if(process.alterations, [&](PartitionId id) {
    return !process.Find(id)->isr.pending() || !process.Find(id)->leads();
  });
  sim::InlineVec<AlterPartitionRequest::Item, kMaxPartitions> items;
  for (const PartitionId id : process.alterations) {
    Partition& partition = *process.Find(id);
    partition.isr.sent = true;
    items.push_back(ItemFor(self, partition));
    out.Say(kIsrProposed, ctx.self, id, partition.isr.proposed.value,
            Pair(static_cast<uint32_t>(partition.leader_epoch.value),
                 static_cast<uint32_t>(partition.partition_epoch.value)));
  }
  if (items.empty()) return;
  link.in_flight = ++link.sent;
  const sim::About about{sim::Mix(UidOfPartition(ctx, items[0].partition), items[0].isr.value),
                         link.attempts++};
  out.Send({.connection = link.connection, .about = about, .wire_bytes = kWireOverhead},
           AlterPartitionRequest{
               .correlation = link.in_flight, .broker = self.id, .broker_epoch = process.epoch},
           {items.data(), items.size()});
}

}  // namespace kafka::broker
