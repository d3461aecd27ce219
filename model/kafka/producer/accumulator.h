// model/kafka/producer/accumulator.h
//
// Batches before they are sent: the open tail, room and memory, the queues, who is ready
// (accumulator.cc; KC:P-2, P-15, P-16, P-22).
//
// Leaves out:  compression, and with it the estimate of how far a batch shrinks.
#ifndef MODEL_KAFKA_PRODUCER_ACCUMULATOR_H_
#define MODEL_KAFKA_PRODUCER_ACCUMULATOR_H_

#include <algorithm>

#include "model/kafka/producer/partitioner.h"
#include "model/kafka/producer/settings.h"
#include "model/kafka/producer/state.h"

namespace kafka::producer {

constexpr uint32_t kBatchHeader = 61;

// A buffer is sized by an estimate of its first record, which has some bytes to spare, as it was
// seen (KC:P-15).
constexpr uint32_t UpperBound(uint32_t record_bytes) { return kBatchHeader + record_bytes + 60; }
// Whether the open batch at the queue's end has room for it.
inline bool TailTakes(const Process& process, const Partition& partition, uint32_t record_bytes) {
  if (partition.tail == kNil) return false;
  const Slot& tail = process.slots[partition.tail];
  return !tail.closed && tail.bytes + record_bytes <= tail.room;
}
// The buffer of a batch that this record opens (KC:P-15), which it takes from buffer.memory
// (KC:P-16).
inline uint32_t RoomOf(const ProducerSettings& settings, uint32_t record_bytes) {
  return std::max(settings.batch_size, UpperBound(record_bytes));
}
inline bool HasMemoryFor(const Context& ctx, const Producer& self, uint32_t record_bytes) {
  return self.process.memory_free >= RoomOf(SettingsOf(ctx, self), record_bytes);
}
// Puts a batch without a record at the queue's end. Requires: HasMemoryFor.
void OpenBatch(const Context& ctx, Producer& self, MessageId first, uint16_t partition,
               uint32_t record_bytes);
inline bool IsFull(const Slot& slot) { return slot.closed || slot.bytes >= slot.room; }
// Puts a record into the batch at the queue's end, which has room for it; `message` is in the
// tables. Called once a message: inline.
inline void Append(const Context& ctx, Producer& self, Partition& queue, MessageId message,
                   uint32_t record_bytes) {
  Slot& slot = self.process.slots[queue.tail];
  queue.last = message;
  ++slot.count;
  slot.bytes += record_bytes;
  slot.timestamp_ms = std::max(slot.timestamp_ms, ctx.wall.ns / 1'000'000);
  StickyPartition& sticky = self.process.sticky;
  if (!sticky.exists()) return;
  sticky.bytes += slot.count == 1 ? slot.bytes : record_bytes;
  if (sticky.bytes >= SettingsOf(ctx, self).batch_size) MaybeUnstick(ctx, self, IsFull(slot));
}
uint32_t NewSlot(Process& process);
void FreeSlot(Process& process, uint32_t slot);
void PushFront(Process& process, uint32_t slot);
void PushBack(Process& process, uint32_t slot);
// Where a batch that failed goes with idempotence: before all that have a higher sequence
// (KC:P-41).
void InsertInSequenceOrder(Process& process, uint32_t slot);
uint32_t PopFront(Process& process, Partition& partition);
uint64_t UidOf(const Context& ctx, const Process& process, const Slot& slot);
sim::MonoTime BackoffEnd(const Context& ctx, const Producer& self, const Slot& slot);
inline bool IsBackingOff(const Context& ctx, const Producer& self, const Slot& slot) {
  return slot.is_retry() && ctx.mono < BackoffEnd(ctx, self, slot);
}
// Whether the head goes without waiting for linger.ms (KC:P-22, P-16).
inline bool IsPressing(const Process& process, const Partition& partition) {
  return partition.length > 1 || process.closing || IsFull(process.slots[partition.head]) ||
         process.call.blocked == SendCall::Blocked::kMemory;
}
// Whether the head of a queue that is not empty may be sent now (KC:P-22).
inline bool IsReady(const Context& ctx, const Producer& self, const Partition& partition) {
  const Slot& head = self.process.slots[partition.head];
  if (partition.muted || IsBackingOff(ctx, self, head)) return false;
  if (IsPressing(self.process, partition)) return true;
  return ctx.mono - head.last_attempt >= SettingsOf(ctx, self).linger;
}
// When that could change by itself; what is ready and did not go waits for something else.
inline sim::MonoTime ReadyAt(const Context& ctx, const Producer& self, const Partition& partition) {
  const Slot& head = self.process.slots[partition.head];
  if (partition.muted) return sim::Never<sim::MonoTime>();
  if (IsBackingOff(ctx, self, head)) return BackoffEnd(ctx, self, head);
  if (IsPressing(self.process, partition)) return ctx.mono;
  return head.last_attempt + SettingsOf(ctx, self).linger;
}
inline void MaybeUpdateLeaderEpoch(Slot& slot, LeaderEpoch epoch) {
  if (epoch <= slot.leader_epoch) return;
  slot.leader_epoch = epoch;
  slot.leader_changed = true;
}

}  // namespace kafka::producer

#endif  // MODEL_KAFKA_PRODUCER_ACCUMULATOR_H_
