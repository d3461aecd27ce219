// Connections and metadata.
#include "model/kafka/consumer/handlers.h"
#include "model/kafka/consumer/parts.h"

namespace kafka::consumer {

void OnConnected(const Context& ctx, Consumer& self, const sim::Received<sim::Connected>& event,
                 Effects& out) {
  Node* node = NodeOf(self.process, event.connection);
  if (node == nullptr) return;  // given up meanwhile
  node->state = Node::State::kReady;
  node->failures = 0;
  Run(ctx, self, out);
}

void OnDisconnected(const Context& ctx, Consumer& self,
                    const sim::Received<sim::Disconnected>& event, Effects& out) {
  Node* node = NodeOf(self.process, event.connection);
  if (node == nullptr) return;
  LoseConnection(ctx, self, *node);
  Run(ctx, self, out);
}

void OnMetadataResponse(const Context& ctx, Consumer& self,
                        const sim::Received<MetadataResponse>& event, Effects& out) {
  Process& process = self.process;
  Node* node = NodeOf(process, event.connection);
  Request request;
  if (node == nullptr || !TakeRequest(*node, event.body.correlation, request)) return;
  bool changed = false;
  for (const MetadataResponse::Item& item : event.items) {
    for (Partition& partition : process.partitions) {
      if (partition.id != item.partition) continue;
      const BrokerId leader = partition.leader;
      const LeaderEpoch epoch = partition.leader_epoch;
      AcceptLeader(partition, item.leader, item.leader_epoch);
      changed |= leader != partition.leader || epoch != partition.leader_epoch;
    }
  }
  MetadataArrived(ctx, self, changed);
  Run(ctx, self, out);
}

}  // namespace kafka::consumer
