// A produce response: an outcome for each batch of the oldest request (KC:P-33, P-38..P-44).
#include "model/kafka/client/connections.h"
#include "model/kafka/producer/handlers.h"
#include "model/kafka/producer/network.h"
#include "model/kafka/producer/outcomes.h"
#include "model/kafka/producer/sender.h"

namespace kafka::producer {
namespace {

// The slot of that partition in a request's chain.
uint32_t SlotOf(const Process& process, uint32_t first_slot, PartitionId partition) {
  for (uint32_t at = first_slot; at != kNil; at = process.slots[at].next) {
    if (process.partitions[process.slots[at].partition].id == partition) return at;
  }
  return kNil;
}

// Takes a slot out of a request's chain; returns where the chain begins now.
uint32_t Unchain(Process& process, uint32_t first_slot, uint32_t slot) {
  if (first_slot == slot) return process.slots[slot].next;
  uint32_t at = first_slot;
  while (process.slots[at].next != slot) at = process.slots[at].next;
  process.slots[at].next = process.slots[slot].next;
  return first_slot;
}

// KIP-951: the answer names the leader that the broker knows of.
void TakeHint(Partition& partition, const ProduceResponse::Item& item) {
  if (item.error != Error::kNotLeaderOrFollower && item.error != Error::kFencedLeaderEpoch) return;
  if (!item.leader_hint.exists() || item.leader_epoch <= partition.leader_epoch) return;
  AcceptLeader(partition, item.leader_hint, item.leader_epoch);
}

void TakeOutcomes(const Context& ctx, Producer& self, const sim::Received<ProduceResponse>& event,
                  Effects& out) {
  Process& process = self.process;
  const auto request =
      client::TakeAnswered(process.client, event.connection, event.body.correlation);
  if (!request) return;
  uint32_t first_slot = request->subject;
  for (const ProduceResponse::Item& item : event.items) {
    const uint32_t slot = SlotOf(process, first_slot, item.partition);
    if (slot == kNil) continue;
    first_slot = Unchain(process, first_slot, slot);
    Partition& partition = process.partitions[process.slots[slot].partition];
    CompleteBatch(ctx, self, slot, {.error = item.error, .base = item.base}, out);
    TakeHint(partition, item);
  }
  // A partition that the answer does not name has no outcome: as if the connection had been lost.
  FailBatches(ctx, self, first_slot, Error::kNetworkException, out);
}

}  // namespace

void OnProduceResponse(const Context& ctx, Producer& self,
                       const sim::Received<ProduceResponse>& event, Effects& out) {
  EndOverduePoll(ctx, self, out);
  TakeOutcomes(ctx, self, event, out);
  AfterPoll(ctx, self, out);
}

}  // namespace kafka::producer
