// Batches before they are sent: the open tail, room and memory, the queues, who is ready.
#include <algorithm>

#include "model/apps/producer_program.h"
#include "model/kafka/producer/partitioner.h"
#include "model/kafka/producer/parts.h"

namespace kafka::producer {
namespace {

// Spare bytes of the estimate by which a buffer is sized (KC:P-15, as it was seen).
constexpr uint32_t kSpare = 60;
constexpr uint32_t kRecordOverhead = 8;

uint32_t RoomOf(const Context& ctx, const Producer& self, uint32_t record_bytes) {
  return std::max(SettingsOf(ctx, self).batch_size, UpperBound(record_bytes));
}

bool TailTakes(const Process& process, const Partition& partition, uint32_t record_bytes) {
  if (partition.tail == kNil) return false;
  const Slot& tail = process.slots[partition.tail];
  return !tail.closed && tail.bytes + record_bytes <= tail.room;
}

uint32_t OpenBatch(const Context& ctx, Producer& self, MessageId message, uint16_t partition,
                   uint32_t record_bytes) {
  Process& process = self.process;
  const uint32_t at = NewSlot(process);
  Slot& slot = process.slots[at];
  slot.uid = UidOf(*ctx.setup, *ctx.tables, message);
  slot.created = slot.last_attempt = slot.backoff_until = ctx.mono;
  slot.first = message;
  slot.room = slot.pooled = RoomOf(ctx, self, record_bytes);
  slot.bytes = kBatchHeader;
  slot.partition = partition;
  process.memory_free -= slot.pooled;
  return at;
}

}  // namespace

uint32_t RecordBytes(const ProducerProgram& program, uint32_t key) {
  const uint32_t key_bytes = apps::HasKeys(program) ? KeyBytes(key) : 0;
  return program.message_bytes + key_bytes + kRecordOverhead;
}

uint32_t UpperBound(uint32_t record_bytes) { return kBatchHeader + record_bytes + kSpare; }

bool HasRoomFor(const Context& ctx, const Producer& self, uint16_t partition,
                uint32_t record_bytes) {
  const Process& process = self.process;
  if (TailTakes(process, process.partitions[partition], record_bytes)) return true;
  return process.memory_free >= RoomOf(ctx, self, record_bytes);  // KC:P-16
}

void Append(const Context& ctx, Producer& self, MessageId message, uint16_t partition,
            uint32_t record_bytes, Effects& out) {
  Process& process = self.process;
  Partition& queue = process.partitions[partition];
  if (TailTakes(process, queue, record_bytes)) {
    out.Link(process.slots[queue.tail].last, message);
  } else {
    if (queue.tail != kNil) process.slots[queue.tail].closed = true;
    const uint32_t opened = OpenBatch(ctx, self, message, partition, record_bytes);
    PushBack(process, opened);
  }
  Slot& slot = process.slots[queue.tail];
  slot.last = message;
  ++slot.count;
  slot.bytes += record_bytes;
  slot.timestamp_ms = std::max(slot.timestamp_ms, ctx.wall.ns / 1'000'000);
  CountSticky(ctx, self, record_bytes, IsFull(slot));
}

bool IsFull(const Slot& slot) { return slot.closed || slot.bytes >= slot.room; }

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
  process.memory_free += process.slots[slot].pooled;
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
}

uint32_t PopFront(Process& process, Partition& partition) {
  const uint32_t slot = partition.head;
  SIM_CHECK(slot != kNil);
  partition.head = process.slots[slot].next;
  if (partition.head == kNil) partition.tail = kNil;
  --partition.length;
  process.slots[slot].next = kNil;
  return slot;
}

void MaybeUpdateLeaderEpoch(Slot& slot, LeaderEpoch epoch) {
  if (epoch <= slot.leader_epoch) return;
  slot.leader_epoch = epoch;
  slot.leader_changed_at = slot.attempts;
}

bool IsBackingOff(const Context& ctx, const Slot& slot) {
  if (slot.attempts == 0 || ctx.mono >= slot.backoff_until) return false;
  const bool leader_changed = slot.retry && slot.leader_changed_at == slot.attempts;
  return !leader_changed;
}

bool IsReady(const Context& ctx, const Producer& self, const Partition& partition) {
  const Process& process = self.process;
  const Slot& head = process.slots[partition.head];
  if (partition.muted || IsBackingOff(ctx, head)) return false;
  const bool full = partition.length > 1 || IsFull(head);
  if (full || process.closing) return true;
  if (process.app.blocked == Application::Blocked::kMemory) return true;  // KC:P-16
  return ctx.mono - head.last_attempt >= SettingsOf(ctx, self).linger;
}

sim::MonoTime ReadyAt(const Context& ctx, const Producer& self, const Partition& partition) {
  const Slot& head = self.process.slots[partition.head];
  if (partition.muted) return sim::Never<sim::MonoTime>();
  if (IsBackingOff(ctx, head)) return head.backoff_until;
  if (IsReady(ctx, self, partition)) return ctx.mono;  // something else holds it
  return head.last_attempt + SettingsOf(ctx, self).linger;
}

}  // namespace kafka::producer
