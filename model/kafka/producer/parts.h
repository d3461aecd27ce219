// model/kafka/producer/parts.h
//
// The parts of a producer as they call each other: application, accumulator, sender, idempotence,
// outcomes, network. Each is one .cc of that name.
#ifndef MODEL_KAFKA_PRODUCER_PARTS_H_
#define MODEL_KAFKA_PRODUCER_PARTS_H_

#include <algorithm>

#include "model/kafka/producer/partitioner.h"
#include "model/kafka/producer/state.h"

namespace kafka::producer {

constexpr uint32_t kWireOverhead = 100;
constexpr uint32_t kBatchHeader = 61;

// What ctx.Choose is asked. Part of recorded overrides: append only.
enum Purpose : uint32_t {
  kStickyPartition = 1,
  kRetryJitter = 2,
  kReconnectJitter = 3,
  kMetadataJitter = 4,
  kLeastLoadedStart = 5,
};

inline const ProducerSetup& SetupOf(const Context& ctx, const Producer& self) {
  return ctx.setup->producers[self.index.value];
}
inline const ProducerSettings& SettingsOf(const Context& ctx, const Producer& self) {
  return SetupOf(ctx, self).settings;
}
inline bool IsIdempotent(const Context& ctx, const Producer& self) {
  return SettingsOf(ctx, self).enable_idempotence;
}

// KC:P-9: min(max, base * 2^n * U(0.8, 1.2)); constant if max <= base.
Duration Backoff(const Context& ctx, Duration base, Duration max, uint32_t n, Purpose purpose,
                 sim::About about);

// ---- application.cc ----
// Calls send() for everything that is due, until it blocks.
void BeginApplication(const Context& ctx, Producer& self);
void OnRestOver(Application& app);
void RunApplication(const Context& ctx, Producer& self, Effects& out);

// ---- accumulator.cc ----
constexpr uint32_t kRecordOverhead = 8;
inline uint32_t RecordBytes(const ProducerProgram& program, uint32_t key) {
  return program.message_bytes + kRecordOverhead + (program.keys > 0 ? KeyBytes(key) : 0);
}
// KC:P-15. Spare bytes of the estimate by which a buffer is sized, as it was seen.
constexpr uint32_t UpperBound(uint32_t record_bytes) { return kBatchHeader + record_bytes + 60; }
// Whether the open batch at the queue's end has room for it.
inline bool TailTakes(const Process& process, const Partition& partition, uint32_t record_bytes) {
  if (partition.tail == kNil) return false;
  const Slot& tail = process.slots[partition.tail];
  return !tail.closed && tail.bytes + record_bytes <= tail.room;
}
// Of buffer.memory, for the batch that this record would open (KC:P-16).
bool HasMemoryFor(const Context& ctx, const Producer& self, uint32_t record_bytes);
// A batch at the queue's end, without a record yet. Required: HasMemoryFor.
void OpenBatch(const Context& ctx, Producer& self, MessageId first, uint16_t partition,
               uint32_t record_bytes);
inline bool IsFull(const Slot& slot) { return slot.closed || slot.bytes >= slot.room; }
// Into the batch at the queue's end, which has room for it; `message` is in the tables. Once a
// message: inline.
inline void Append(const Context& ctx, Producer& self, Partition& queue, MessageId message,
                   uint32_t record_bytes) {
  Slot& slot = self.process.slots[queue.tail];
  queue.last = message;
  ++slot.count;
  slot.bytes += record_bytes;
  slot.timestamp_ms = std::max(slot.timestamp_ms, ctx.wall.ns / 1'000'000);
  Application& app = self.process.app;
  if (app.sticky == 0xffff) return;
  app.sticky_bytes += slot.count == 1 ? slot.bytes : record_bytes;
  if (app.sticky_bytes >= SettingsOf(ctx, self).batch_size) MaybeUnstick(ctx, self, IsFull(slot));
}
uint32_t NewSlot(Process& process);
void FreeSlot(Process& process, uint32_t slot);
void PushFront(Process& process, uint32_t slot);
void PushBack(Process& process, uint32_t slot);
void InsertInSequenceOrder(Process& process, uint32_t slot);  // KC:P-41
uint32_t PopFront(Process& process, Partition& partition);
uint64_t UidOf(const Context& ctx, const Process& process, const Slot& slot);
sim::MonoTime BackoffEnd(const Context& ctx, const Producer& self, const Slot& slot);
inline bool IsBackingOff(const Context& ctx, const Producer& self, const Slot& slot) {
  return slot.is_retry() && ctx.mono < BackoffEnd(ctx, self, slot);
}
// Goes without waiting for linger.ms (KC:P-22, P-16).
inline bool IsPressing(const Process& process, const Partition& partition) {
  return partition.length > 1 || process.closing || IsFull(process.slots[partition.head]) ||
         process.app.blocked == Application::Blocked::kMemory;
}
// KC:P-22, of the head of a non-empty queue.
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

// ---- idempotence.cc ----
// Nothing that the first lines of a round would do.
inline bool HasIdlingSequences(const Process& process) {
  if (process.bump_wanted || process.producer_id < 0) return false;
  for (const Partition& partition : process.partitions) {
    if (partition.unresolved) return false;
  }
  return true;
}
void ResolveSequences(Process& process);                                  // KC:P-66
void MaybeBumpEpoch(const Context& ctx, Producer& self, Effects& out);    // KC:I-6
bool StopsDrain(const Process& process, const Partition& partition);      // KC:P-26
void AssignSequence(Process& process, Partition& partition, Slot& slot);  // KC:P-27
void RequestBump(Process& process, Partition& partition);
bool MayRetryWithSequences(Process& process, Partition& partition, const Slot& slot,
                           Error error);                      // KC:P-64
void MarkUnresolved(Partition& partition, const Slot& slot);  // KC:P-48

// ---- outcomes.cc ----
struct Answer {
  Error error = Error::kNone;
  Offset base = Offset::Unknown();
};
bool IsRetriable(Error error);
bool IsInvalidMetadata(Error error);
// The outcome of one attempt (KC:P-39). The slot is in no list; afterwards it is queued or free.
void CompleteBatch(const Context& ctx, Producer& self, uint32_t slot, const Answer& answer,
                   Effects& out);
// All batches of a request that got no answer, oldest first (KC:P-35).
void FailRequest(const Context& ctx, Producer& self, const Request& request, Error error,
                 Effects& out);
// No batch expires before.
inline sim::MonoTime NoExpiryBefore(const Context& ctx, const Producer& self) {
  const bool none = self.process.live == 0 || self.process.oldest == sim::Never<sim::MonoTime>();
  if (none) return sim::Never<sim::MonoTime>();
  return self.process.oldest + SettingsOf(ctx, self).delivery_timeout;
}
// KC:P-46. Returns true if something expired.
bool ExpireDue(const Context& ctx, Producer& self, Effects& out);
inline bool ExpireBatches(const Context& ctx, Producer& self, Effects& out) {
  return ctx.mono >= NoExpiryBefore(ctx, self) && ExpireDue(ctx, self, out);
}
sim::MonoTime NextExpiry(const Context& ctx, const Producer& self);

// ---- sender.cc ----
// The application and the sender's loop until neither can go on; then the timer for both.
void Run(const Context& ctx, Producer& self, Effects& out);

// ---- network.cc ----
inline bool IsUsable(const Context& ctx, const Producer& self, const Node& node) {
  return node.state == Node::State::kReady &&
         node.in_flight.size() < SettingsOf(ctx, self).max_in_flight;
}
// Starts a connection if none is there and the backoff is over.
void MaybeConnect(const Context& ctx, Producer& self, BrokerId broker, Effects& out);
BrokerId BrokerOf(const Process& process, sim::ConnectionId connection);
// The connection is gone: everything on it fails (KC:P-35, P-36).
void LoseConnection(const Context& ctx, Producer& self, BrokerId broker, Error error, Effects& out);
void RequestMetadata(Process& process);
inline bool NeedsMetadata(const Context& ctx, const Producer& self) {
  const Metadata& metadata = self.process.metadata;
  if (metadata.wanted || !metadata.known) return true;
  return ctx.mono - metadata.last_success >= SettingsOf(ctx, self).metadata_max_age;
}
// KC:P-32: it is time to ask, and nobody has been asked.
inline bool IsMetadataDue(const Context& ctx, const Producer& self) {
  const Metadata& metadata = self.process.metadata;
  if (metadata.in_flight || ctx.mono < metadata.next_allowed) return false;
  return NeedsMetadata(ctx, self);
}
void MaybeSendMetadata(const Context& ctx, Producer& self, Effects& out);
void MaybeAskProducerId(const Context& ctx, Producer& self, Effects& out);  // KC:I-1
void CheckTimeouts(const Context& ctx, Producer& self, Effects& out);       // KC:P-35, P-36
sim::MonoTime NextNetworkTime(const Context& ctx, const Producer& self);
void AcceptLeader(Partition& partition, BrokerId leader, LeaderEpoch epoch);  // KC:P-55
void FailedMetadata(const Context& ctx, Producer& self);
// Takes the oldest request off; false if the answer is not its.
bool TakeRequest(Node& node, uint32_t correlation, Request& request);

}  // namespace kafka::producer

#endif  // MODEL_KAFKA_PRODUCER_PARTS_H_
