// Connections and metadata.
#include "model/kafka/client/metadata.h"
#include "model/kafka/consumer/handlers.h"
#include "model/kafka/consumer/network.h"
#include "model/kafka/consumer/positions.h"
#include "model/kafka/consumer/program.h"

namespace kafka::consumer {
namespace {

// A partition that was added to the topic. The group's only member is assigned it at once.
bool IsNew(const Context& ctx, const Consumer& self, PartitionId id) {
  if (ctx.setup->partitions[id.value].added_by < 0) return false;
  return ctx.setup->Reads(self.index, id) && !Knows(self, id);
}

}  // namespace

void OnConnected(const Context& ctx, Consumer& self, const sim::Received<sim::Connected>& event,
                 Effects& out) {
  const client::Settings settings = ClientSettingsOf(ctx, self);
  if (!client::BeginHandshake(ctx, settings, self.process.client, event.connection, out)) return;
  Run(ctx, self, out);
}

void OnApiVersionsResponse(const Context& ctx, Consumer& self,
                           const sim::Received<ApiVersionsResponse>& event, Effects& out) {
  if (!client::FinishHandshake(self.process.client, event.connection)) return;
  Run(ctx, self, out);
}

void OnDisconnected(const Context& ctx, Consumer& self,
                    const sim::Received<sim::Disconnected>& event, Effects& out) {
  const client::Peer peer = client::PeerAt(self.process.client, event.connection);
  if (!peer.exists()) return;
  LoseConnection(ctx, self, peer);
  Run(ctx, self, out);
}

void OnMetadataResponse(const Context& ctx, Consumer& self,
                        const sim::Received<MetadataResponse>& event, Effects& out) {
  Process& process = self.process;
  if (!client::TakeAnswered(process.client, event.connection, event.body.correlation)) return;
  bool changed = false;
  for (const MetadataResponse::Item& item : event.items) {
    if (IsNew(ctx, self, item.partition)) AddPartition(ctx, self, item.partition);
    for (Partition& partition : process.partitions) {
      if (partition.id != item.partition) continue;
      const BrokerId leader = partition.leader;
      const LeaderEpoch epoch = partition.leader_epoch;
      AcceptLeader(partition, item.leader, item.leader_epoch);
      changed |= leader != partition.leader || epoch != partition.leader_epoch;
    }
  }
  client::UpdateArrived(ctx, ClientSettingsOf(ctx, self), process.client,
                        {.alive = event.body.alive, .changed = changed});
  Run(ctx, self, out);
}

}  // namespace kafka::consumer
