// Sequences and epochs of a producer without transactions (KC:1.15).
#include <algorithm>

#include "model/kafka/producer/parts.h"

namespace kafka::producer {
namespace {

// A producer keeps its id for life: only the epoch can be an older one.
bool IsStale(const Process& process, const Partition& partition) {
  return partition.producer_epoch != process.producer_epoch;
}

// Everything drained and without an outcome gets a new epoch and sequences from 0: the broker can
// no longer recognise an earlier copy of it (KC:I-12).
void StartSequencesAtBeginning(const Context& ctx, Process& process, Partition& partition,
                               Effects& out) {
  partition.producer_epoch = process.producer_epoch;
  partition.next_sequence = 0;
  partition.last_acked = -1;
  for (const uint32_t at : partition.sent) {
    Slot& slot = process.slots[at];
    slot.producer_epoch = process.producer_epoch;
    slot.base_sequence = partition.next_sequence;
    slot.renumbered = true;
    partition.next_sequence += static_cast<int32_t>(slot.count);
    if (!slot.id.exists()) continue;  // part of a split batch, not yet drained
    Batch batch = (*ctx.tables)[slot.id];
    batch.producer_epoch = slot.producer_epoch;
    batch.base_sequence = slot.base_sequence;
    const BatchId old = slot.id;
    slot.id = out.Add(batch);
    out.Say(notes::Renumbered{.partition = partition.id, .batch = old, .renumbered = slot.id});
  }
}

bool IsNext(const Partition& partition, int32_t sequence) {
  return sequence == partition.last_acked + 1;
}

}  // namespace

void RequestBump(Process& process, Partition& partition) {
  process.bump_wanted = true;
  partition.rewrite = true;
}

void ResolveSequences(Process& process) {
  for (Partition& partition : process.partitions) {
    if (!partition.unresolved || !partition.sent.empty()) continue;
    partition.unresolved = false;
    if (!IsNext(partition, partition.next_sequence)) RequestBump(process, partition);
  }
}

void MaybeBumpEpoch(const Context& ctx, Producer& self, Effects& out) {
  Process& process = self.process;
  if (!process.bump_wanted || process.producer_id < 0) return;
  process.bump_wanted = false;
  SIM_CHECK(process.producer_epoch < INT16_MAX);  // no run is that long
  ++process.producer_epoch;
  for (Partition& partition : process.partitions) {
    if (!partition.rewrite) continue;
    partition.rewrite = false;
    partition.unresolved = false;
    StartSequencesAtBeginning(ctx, process, partition, out);
  }
}

bool StopsDrain(const Process& process, const Partition& partition) {
  const Slot& head = process.slots[partition.head];
  if (process.producer_id < 0) return true;
  if (!head.has_sequence()) {
    if (!partition.sent.empty() && IsStale(process, partition)) return true;
    return partition.unresolved;
  }
  // A retry: only the lowest sequence in flight may go (KC:I-5).
  return !partition.sent.empty() && partition.sent.front() != partition.head;
}

void AssignSequence(Process& process, Partition& partition, Slot& slot) {
  if (slot.has_sequence()) return;
  if (partition.sent.empty() && IsStale(process, partition)) {  // KC:I-6
    partition.producer_epoch = process.producer_epoch;
    partition.next_sequence = 0;
    partition.last_acked = -1;
  }
  slot.producer_epoch = partition.producer_epoch;
  slot.base_sequence = partition.next_sequence;
  partition.next_sequence += static_cast<int32_t>(slot.count);
}

bool MayRetryWithSequences(Process& process, Partition& partition, const Slot& slot, Error error) {
  if (error != Error::kOutOfOrderSequenceNumber) return IsRetriable(error);
  const int32_t sequence = slot.base_sequence;
  if (!partition.unresolved && (slot.renumbered || !IsNext(partition, sequence))) return true;
  if (!partition.unresolved || sequence == partition.unresolved_next) {
    RequestBump(process, partition);
  }
  return true;
}

void MarkUnresolved(Partition& partition, const Slot& slot) {
  const int32_t next = slot.last_sequence() + 1;
  partition.unresolved_next =
      partition.unresolved ? std::max(partition.unresolved_next, next) : next;
  partition.unresolved = true;
}

}  // namespace kafka::producer
