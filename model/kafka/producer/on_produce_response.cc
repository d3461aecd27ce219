// A produce response: an outcome for each batch of the oldest request (KC:P-33, P-38..P-44).
#include "model/kafka/producer/handlers.h"
#include "model/kafka/producer/parts.h"

namespace kafka::producer {
namespace {

// The slot of the request that is of this partition.
uint32_t SlotOf(const Process& process, const Request& request, PartitionId partition) {
  for (uint32_t at = request.first_slot; at != kNil; at = process.slots[at].next) {
    if (process.partitions[process.slots[at].partition].id == partition) return at;
  }
  return kNil;
}

// Takes the slot out of the request's chain.
void Unchain(Process& process, Request& request, uint32_t slot) {
  if (request.first_slot == slot) {
    request.first_slot = process.slots[slot].next;
    return;
  }
  uint32_t at = request.first_slot;
  while (process.slots[at].next != slot) at = process.slots[at].next;
  process.slots[at].next = process.slots[slot].next;
}

// KIP-951: the answer names the leader that the broker knows of.
void TakeHint(Partition& partition, const ProduceResponse::Item& item) {
  if (item.error != Error::kNotLeaderOrFollower && item.error != Error::kFencedLeaderEpoch) return;
  if (!item.leader_hint.exists() || item.leader_epoch <= partition.leader_epoch) return;
  AcceptLeader(partition, item.leader_hint, item.leader_epoch);
}

}  // namespace

void OnProduceResponse(const Context& ctx, Producer& self,
                       const sim::Received<ProduceResponse>& event, Effects& out) {
  Process& process = self.process;
  const BrokerId broker = BrokerOf(process, event.connection);
  Request request;
  if (!broker.exists() || !TakeRequest(process.nodes[broker], event.body.correlation, request)) {
    return;
  }
  for (const ProduceResponse::Item& item : event.items) {
    const uint32_t slot = SlotOf(process, request, item.partition);
    if (slot == kNil) continue;
    Unchain(process, request, slot);
    Partition& partition = process.partitions[process.slots[slot].partition];
    CompleteBatch(ctx, self, slot, {.error = item.error, .base = item.base}, out);
    TakeHint(partition, item);
  }
  // A partition that the answer does not name has no outcome: as if the connection had been lost.
  FailRequest(ctx, self, request, Error::kNetworkException, out);
  Run(ctx, self, out);
}

}  // namespace kafka::producer
