// Connections, metadata, producer ids.
#include "model/kafka/producer/handlers.h"
#include "model/kafka/producer/parts.h"

namespace kafka::producer {
namespace {

// True if some partition has another leader, or a newer epoch, than before.
bool AcceptMetadata(const sim::Received<MetadataResponse>& event, Process& process) {
  bool changed = false;
  for (const MetadataResponse::Item& item : event.items) {
    for (Partition& partition : process.partitions) {
      if (partition.id != item.partition) continue;
      const BrokerId before = partition.leader;
      const LeaderEpoch epoch = partition.leader_epoch;
      AcceptLeader(partition, item.leader, item.leader_epoch);
      changed |= before != partition.leader || epoch != partition.leader_epoch;
    }
  }
  return changed;
}

// KC:P-54: a retriable error in the answer asks for the next one.
bool SomeLeaderIsUnknown(const Process& process) {
  for (const Partition& partition : process.partitions) {
    if (!partition.leader.exists()) return true;
  }
  return false;
}

}  // namespace

void OnConnected(const Context& ctx, Producer& self, const sim::Received<sim::Connected>& event,
                 Effects& out) {
  const BrokerId broker = BrokerOf(self.process, event.connection);
  if (!broker.exists()) return;  // given up meanwhile
  Node& node = self.process.nodes[broker];
  node.state = Node::State::kReady;
  node.failures = 0;
  Run(ctx, self, out);
}

void OnDisconnected(const Context& ctx, Producer& self,
                    const sim::Received<sim::Disconnected>& event, Effects& out) {
  const BrokerId broker = BrokerOf(self.process, event.connection);
  if (!broker.exists()) return;
  LoseConnection(ctx, self, broker, Error::kNetworkException, out);
  Run(ctx, self, out);
}

void OnMetadataResponse(const Context& ctx, Producer& self,
                        const sim::Received<MetadataResponse>& event, Effects& out) {
  Process& process = self.process;
  const BrokerId broker = BrokerOf(process, event.connection);
  Request request;
  if (!broker.exists() || !TakeRequest(process.nodes[broker], event.body.correlation, request)) {
    return;
  }
  Metadata& metadata = process.metadata;
  const bool changed = AcceptMetadata(event, process);
  // What was asked for meanwhile is answered by this, even if it comes from before (KC:P-54).
  metadata.wanted = SomeLeaderIsUnknown(process);
  metadata.in_flight = false;
  metadata.known = !event.items.empty();
  metadata.last_success = ctx.mono;
  metadata.unchanged = changed ? 0 : metadata.unchanged + 1;  // KC:P-54
  const ProducerSettings& settings = SettingsOf(ctx, self);
  const uint32_t n = changed ? 0 : metadata.unchanged - 1;
  metadata.next_allowed =
      ctx.mono + Backoff(ctx, settings.retry_backoff, settings.retry_backoff_max, n,
                         kMetadataJitter, {.uid = process.name, .attempt = metadata.requests});
  Run(ctx, self, out);
}

void OnInitProducerIdResponse(const Context& ctx, Producer& self,
                              const sim::Received<InitProducerIdResponse>& event, Effects& out) {
  Process& process = self.process;
  const BrokerId broker = BrokerOf(process, event.connection);
  Request request;
  if (!broker.exists() || !TakeRequest(process.nodes[broker], event.body.correlation, request)) {
    return;
  }
  process.asking_producer_id = false;
  if (event.body.error == Error::kNone) {
    process.producer_id = event.body.producer_id;
    process.producer_epoch = event.body.producer_epoch;
  } else {  // KC:I-1: as often as it takes
    process.producer_id_retry_at = ctx.mono + SettingsOf(ctx, self).retry_backoff;
  }
  Run(ctx, self, out);
}

}  // namespace kafka::producer
