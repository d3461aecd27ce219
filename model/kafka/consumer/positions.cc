// Where a consumer reads: the committed offset, the reset policy, validation after a leader change
// (KC:3.3, 3.4).
#include "model/kafka/consumer/positions.h"

#include "model/kafka/consumer/network.h"
#include "model/kafka/consumer/settings.h"

namespace kafka::consumer {
namespace {

using PartitionState = Partition::State;

void AskStore(const Context& ctx, Consumer& self, uint16_t index, Effects& out) {
  client::Node* store = ReadyNode(ctx, self, client::kOffsetStore, out);
  if (store == nullptr) return;
  Partition& partition = self.process.partitions[index];
  const uint32_t correlation =
      client::Track(self.process.client, *store, RequestKind::kOffsetFetch, index, ctx.mono);
  partition.asked = correlation;
  const sim::About about{.uid = partition.uid, .attempt = partition.asks++};
  out.Send({.connection = store->connection, .about = about, .wire_bytes = client::kWireOverhead},
           OffsetFetchRequest{.correlation = correlation,
                              .group = SetupOf(ctx, self).program.group,
                              .partition = partition.id});
}

void AskForReset(const Context& ctx, Consumer& self, uint16_t index, client::Node& node,
                 Effects& out) {
  Partition& partition = self.process.partitions[index];
  const bool earliest =
      SettingsOf(ctx, self).auto_offset_reset == ConsumerSettings::Reset::kEarliest;
  const uint32_t correlation =
      client::Track(self.process.client, node, RequestKind::kListOffsets, index, ctx.mono);
  partition.asked = correlation;
  const sim::About about{.uid = partition.uid, .attempt = partition.asks++};
  out.Send({.connection = node.connection, .about = about, .wire_bytes = client::kWireOverhead},
           ListOffsetsRequest{.correlation = correlation,
                              .partition = partition.id,
                              .which = earliest ? ListOffsetsRequest::Which::kEarliest
                                                : ListOffsetsRequest::Which::kLatest,
                              .current_leader_epoch = partition.leader_epoch});
}

void AskForEpochEnd(const Context& ctx, Consumer& self, uint16_t index, client::Node& node,
                    Effects& out) {
  Partition& partition = self.process.partitions[index];
  const uint32_t correlation =
      client::Track(self.process.client, node, RequestKind::kEpochEnd, index, ctx.mono);
  partition.asked = correlation;
  const sim::About about{.uid = partition.uid, .attempt = partition.asks++};
  out.Send({.connection = node.connection, .about = about, .wire_bytes = client::kWireOverhead},
           EpochEndRequest{.correlation = correlation,
                           .partition = partition.id,
                           .current_leader_epoch = partition.leader_epoch,
                           .epoch = partition.position_epoch});
}

void AskLeader(const Context& ctx, Consumer& self, uint16_t index, Effects& out) {
  Partition& partition = self.process.partitions[index];
  if (!partition.leader.exists()) {
    RequestMetadata(self.process);
    return;
  }
  client::Node* node = ReadyNode(ctx, self, client::PeerOf(partition.leader), out);
  if (node == nullptr) return;
  if (partition.state == PartitionState::kResetting) {
    return AskForReset(ctx, self, index, *node, out);
  }
  AskForEpochEnd(ctx, self, index, *node, out);
}

}  // namespace

void AddPartition(const Context& ctx, Consumer& self, PartitionId id) {
  const PartitionSetup& setup = ctx.setup->partitions[id.value];
  const uint64_t topic = sim::HashName(ctx.setup->topics[setup.topic.value].name);
  Partition& partition = self.process.partitions.emplace_back();
  partition.id = id;
  partition.uid = sim::Mix(sim::Mix(self.process.client.name, topic), setup.index);
}

void AskForPositions(const Context& ctx, Consumer& self, Effects& out) {
  auto& partitions = self.process.partitions;
  for (uint16_t i = 0; i < partitions.size(); ++i) {
    const Partition& partition = partitions[i];
    if (partition.asked != 0 || ctx.mono < partition.retry_at) continue;
    if (partition.state == PartitionState::kInitializing) AskStore(ctx, self, i, out);
    if (partition.state == PartitionState::kResetting ||
        partition.state == PartitionState::kValidating) {
      AskLeader(ctx, self, i, out);
    }
  }
}

void ResetByPolicy(const Context& ctx, const Consumer& self, Partition& partition,
                   PartitionState without) {
  const bool none = SettingsOf(ctx, self).auto_offset_reset == ConsumerSettings::Reset::kNone;
  partition.state = none ? without : PartitionState::kResetting;
  partition.asked = 0;
}

void SetPosition(const Consumer& self, Partition& partition, Offset position, Effects& out) {
  out.Say(notes::PositionReset{.partition = partition.id,
                               .consumer = self.index,
                               .to = position,
                               .from = partition.position});
  partition.position = position;
  partition.state = PartitionState::kFetching;
  partition.caught_up = false;
}

void AcceptLeader(Partition& partition, BrokerId leader, LeaderEpoch epoch) {
  if (epoch < partition.leader_epoch) return;
  const bool moved = leader != partition.leader || epoch != partition.leader_epoch;
  partition.leader = leader;
  partition.leader_epoch = epoch;
  if (!moved) return;
  partition.retry_at = {};
  // The answer of the leader before is of no use: it was asked under another epoch.
  if (partition.state == PartitionState::kValidating) partition.asked = 0;
  const bool is_known = partition.position_epoch.value >= 0;
  // A position without an epoch cannot be validated (KC:C-20).
  if (partition.state != PartitionState::kFetching || !is_known) return;
  if (partition.validated_epoch == epoch) return;
  partition.state = PartitionState::kValidating;
  partition.asked = 0;
}

void RetryLater(const Context& ctx, const Consumer& self, Partition& partition) {
  partition.asked = 0;
  partition.retry_at = ctx.mono + SettingsOf(ctx, self).retry_backoff;  // neither grows nor varies
}

}  // namespace kafka::consumer
