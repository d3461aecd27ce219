// Batches before they are sent: the open tail, room and memory, the queues, who is ready.
#include "model/kafka/producer/accumulator.h"

#include <algorithm>

#include "model/kafka/client/backoff.h"

namespace kafka::producer {

void OpenBatch(const Context& ctx, Producer& self, MessageId message, uint16_t partition,
               uint32_t record_bytes) {
  Process& process = self.process;
  const uint32_t before = process.partitions[partition].tail;
  if (before != kNil) process.slots[before].closed = true;
  const uint32_t at = NewSlot(process);
  Slot& slot = process.slots[at];
  slot.created = slot.last_attempt = ctx.mono;
  process.oldest = process.live == 1 ? ctx.mono : std::min(process.oldest, ctx.mono);
  slot.first = message;
  slot.room = RoomOf(SettingsOf(ctx, self), record_bytes);
  slot.bytes = kBatchHeader;
  slot.partition = static_cast<uint8_t>(partition);
  process.memory_free -= slot.pooled();
  PushBack(process, at);
}

uint32_t NewSlot(Process& process) {
  ++process.live;
  if (process.free_slot == kNil) {
    process.slots.emplace_back();
    return static_cast<uint32_t>(process.slots.size() - 1);
  }
  const uint32_t at = process.free_slot;
  process.free_slot = process.slots[at].next;
  process.slots[at] = Slot{};
  return at;
}

void FreeSlot(Process& process, uint32_t slot) {
  process.memory_free += process.slots[slot].pooled();
  process.slots[slot] = Slot{};
  if (--process.live == 0) {  // an empty accumulator is copied for nothing
    process.slots.clear();
    process.free_slot = kNil;
    return;
  }
  process.slots[slot].next = process.free_slot;
  process.free_slot = slot;
}

void PushFront(Process& process, uint32_t slot) {
  Partition& partition = process.partitions[process.slots[slot].partition];
  process.slots[slot].next = partition.head;
  partition.head = slot;
  if (partition.tail == kNil) partition.tail = slot;
  ++partition.length;
  ++process.queued;
}

void PushBack(Process& process, uint32_t slot) {
  Partition& partition = process.partitions[process.slots[slot].partition];
  process.slots[slot].next = kNil;
  if (partition.tail == kNil) {
    partition.head = slot;
  } else {
    process.slots[partition.tail].next = slot;
  }
  partition.tail = slot;
  ++partition.length;
  ++process.queued;
}

void InsertInSequenceOrder(Process& process, uint32_t slot) {
  Partition& partition = process.partitions[process.slots[slot].partition];
  uint32_t before = kNil;
  for (uint32_t at = partition.head; at != kNil; at = process.slots[at].next) {
    const Slot& queued = process.slots[at];
    if (!queued.has_sequence()) break;
    if (queued.base_sequence > process.slots[slot].base_sequence) break;
    before = at;
  }
  if (before == kNil) return PushFront(process, slot);
  if (before == partition.tail) return PushBack(process, slot);
  process.slots[slot].next = process.slots[before].next;
  process.slots[before].next = slot;
  ++partition.length;
  ++process.queued;
}

uint32_t PopFront(Process& process, Partition& partition) {
  const uint32_t slot = partition.head;
  SIM_CHECK(slot != kNil);
  partition.head = process.slots[slot].next;
  if (partition.head == kNil) partition.tail = kNil;
  --partition.length;
  --process.queued;
  process.slots[slot].next = kNil;
  return slot;
}

uint64_t UidOf(const Context& ctx, const Process& process, const Slot& slot) {
  return sim::Mix(process.client.name, (*ctx.tables)[slot.first].number);
}

sim::MonoTime BackoffEnd(const Context& ctx, const Producer& self, const Slot& slot) {
  if (!slot.is_retry() || slot.leader_changed) return slot.last_attempt;
  const ProducerSettings& settings = SettingsOf(ctx, self);
  const uint32_t n = slot.attempts - 1;
  return slot.last_attempt +
         client::Backoff(ctx, {.base = settings.retry_backoff, .max = settings.retry_backoff_max},
                         n, kRetryJitter, {.uid = UidOf(ctx, self.process, slot), .attempt = n});
}

}  // namespace kafka::producer
