// What becomes of a batch after an attempt: retried, split, acknowledged, failed, expired.
#include "model/kafka/producer/outcomes.h"

#include <algorithm>

#include "model/kafka/producer/accumulator.h"
#include "model/kafka/producer/idempotence.h"
#include "model/kafka/producer/network.h"

namespace kafka::producer {
namespace {

// A lost answer, or one that says that the leader has it, or may have had it (KC:7.1).
bool MayBeWritten(Error error) {
  return error == Error::kNetworkException || error == Error::kRequestTimedOut ||
         error == Error::kNotEnoughReplicasAfterAppend || error == Error::kNotLeaderOrFollower;
}

void Untrack(Partition& partition, uint32_t at) {
  const auto found = std::find(partition.sent.begin(), partition.sent.end(), at);
  if (found != partition.sent.end()) partition.sent.erase(found);
}

// A batch is tried again while it has no outcome, delivery.timeout.ms is not over, retries are
// left, and the error allows it (KC:P-40).
bool CanRetry(const Context& ctx, Producer& self, uint32_t at, Error error) {
  const Slot& slot = self.process.slots[at];
  const ProducerSettings& settings = SettingsOf(ctx, self);
  if (slot.done || ctx.mono - slot.created >= settings.delivery_timeout) return false;
  if (static_cast<int64_t>(slot.attempts) >= settings.retries) return false;
  if (!settings.enable_idempotence) return IsRetriable(error);
  return MayRetryWithSequences(self.process, self.process.partitions[slot.partition], slot, error);
}

// KC:P-41: to the front without sequences, which turns several failed ones round (KC:P-62); else
// in order.
void Reenqueue(const Context& ctx, Producer& self, uint32_t at, Error error, Effects& out) {
  Process& process = self.process;
  Slot& slot = process.slots[at];
  const ProducerSettings& settings = SettingsOf(ctx, self);
  Partition& partition = process.partitions[slot.partition];
  out.Say(notes::Retried{
      .partition = partition.id, .batch = slot.id, .error = error, .attempt = slot.attempts});
  ++slot.attempts;
  slot.last_attempt = ctx.mono;
  slot.leader_changed = false;
  if (settings.enable_idempotence) return InsertInSequenceOrder(process, at);
  Untrack(partition, at);
  PushFront(process, at);
}

void Fail(Producer& self, uint32_t at, Error error, Effects& out) {
  Process& process = self.process;
  Slot& slot = process.slots[at];
  Partition& partition = process.partitions[slot.partition];
  slot.done = true;
  Untrack(partition, at);
  if (!slot.id.exists()) {  // never drained: its messages become known only now
    slot.id = out.Add(Batch{
        .first = slot.first, .count = slot.count, .bytes = slot.bytes, .partition = partition.id});
  }
  out.Say(notes::FailedToApplication{.partition = partition.id,
                                     .batch = slot.id,
                                     .error = error,
                                     .maybe_written = slot.maybe_written});
}

// A batch that failed for good leaves a gap in the sequences, which a new epoch closes (KC:I-7).
void MaybeRequestBump(const Context& ctx, Producer& self, const Slot& slot, Error error) {
  const ProducerSettings& settings = SettingsOf(ctx, self);
  if (!settings.enable_idempotence) return;
  const bool adjusts = static_cast<int64_t>(slot.attempts) < settings.retries;  // KC:P-39
  if (!adjusts && error != Error::kOutOfOrderSequenceNumber) return;
  RequestBump(self.process, self.process.partitions[slot.partition]);
}

void Succeed(const Context& ctx, Producer& self, uint32_t at, Offset base, Effects& out) {
  Slot& slot = self.process.slots[at];
  Partition& partition = self.process.partitions[slot.partition];
  if (slot.has_sequence()) {  // KC:I-4; of an expired one as well (KC:P-47)
    partition.last_acked = std::max(partition.last_acked, slot.last_sequence());
  }
  Untrack(partition, at);
  if (slot.done) return;
  slot.done = true;
  out.Say(notes::AckedToApplication{.partition = partition.id,
                                    .batch = slot.id,
                                    .base = base,
                                    .acks = SettingsOf(ctx, self).acks});
}

// How many records go into each part of a split batch (KC:P-45).
uint32_t RecordsOfPart(const Context& ctx, const Producer& self, const Slot& whole) {
  const uint32_t record = (whole.bytes - kBatchHeader) / whole.count;
  const uint32_t target = whole.split ? whole.bytes / 2 : SettingsOf(ctx, self).batch_size;
  const uint32_t fit = target > kBatchHeader ? (target - kBatchHeader) / std::max(record, 1u) : 0;
  // Of a whole that fits into batch.size there is one part, the same batch again (seen: 10, 10, 4, 4,
  // 2, singles).
  return std::clamp(fit, 1u, whole.split ? whole.count - 1 : whole.count);
}

// Records [done, done + count) of `whole`, from message `first` on. A part keeps the clock of the
// whole and takes over its sequences.
uint32_t MakePart(const Context& ctx, Process& process, const Slot& whole, MessageId first,
                  uint32_t done, uint32_t count) {
  const uint32_t at = NewSlot(process);
  Slot& part = process.slots[at];
  part.created = whole.created;
  process.oldest = std::min(process.oldest, part.created);
  part.last_attempt = ctx.mono;
  part.timestamp_ms = whole.timestamp_ms;
  part.first = first;
  part.count = count;
  part.bytes = part.room = kBatchHeader + count * ((whole.bytes - kBatchHeader) / whole.count);
  part.partition = whole.partition;
  part.closed = part.split = true;
  part.maybe_written = whole.maybe_written;
  part.leader_epoch = whole.leader_epoch;
  if (!whole.has_sequence()) return at;
  part.producer_epoch = whole.producer_epoch;
  part.base_sequence = whole.base_sequence + static_cast<int32_t>(done);
  return at;
}

// The parts of `whole`, chained by Slot::next, the last one first.
uint32_t MakeParts(const Context& ctx, Producer& self, const Slot& whole) {
  const uint32_t each = RecordsOfPart(ctx, self, whole);
  uint32_t parts = kNil;
  MessageId message = whole.first;
  for (uint32_t done = 0; done < whole.count; done += each) {
    const uint32_t count = std::min(each, whole.count - done);
    const uint32_t part = MakePart(ctx, self.process, whole, message, done, count);
    self.process.slots[part].next = parts;
    parts = part;
    for (uint32_t i = 0; i < count; ++i) message = (*ctx.tables)[message].next;
  }
  return parts;
}

// KC:P-45. With sequences the parts stand where the whole stood, also among what has been drained.
void Split(const Context& ctx, Producer& self, uint32_t at, Effects& out) {
  Process& process = self.process;
  const Slot whole = process.slots[at];
  Partition& partition = process.partitions[whole.partition];
  out.Say(notes::Retried{.partition = partition.id,
                         .batch = whole.id,
                         .error = Error::kMessageTooLarge,
                         .attempt = whole.attempts});
  Untrack(partition, at);
  const auto after = std::find_if(partition.sent.begin(), partition.sent.end(), [&](uint32_t s) {
    return process.slots[s].base_sequence > whole.base_sequence;
  });
  const auto place = after - partition.sent.begin();
  for (uint32_t part = MakeParts(ctx, self, whole); part != kNil;) {
    const uint32_t before = process.slots[part].next;
    if (whole.has_sequence()) {
      partition.sent.insert(partition.sent.begin() + place, part);
      InsertInSequenceOrder(process, part);
    } else {
      PushFront(process, part);
    }
    part = before;
  }
}

// Those at the head of the queue that are over (KC:P-46). Their memory comes back.
bool ExpireQueued(const Context& ctx, Producer& self, Partition& partition, Effects& out) {
  Process& process = self.process;
  const Duration limit = SettingsOf(ctx, self).delivery_timeout;
  bool any = false;
  while (partition.head != kNil && ctx.mono - process.slots[partition.head].created >= limit) {
    const uint32_t at = PopFront(process, partition);
    Fail(self, at, Error::kTimeout, out);
    const Slot& slot = process.slots[at];
    if (IsIdempotent(ctx, self) && slot.is_retry()) MarkUnresolved(partition, slot);  // KC:P-48
    FreeSlot(process, at);
    any = true;
  }
  return any;
}

// In flight: the request goes on, the slot stays until its answer (KC:P-47, P-16).
bool ExpireInFlight(const Context& ctx, Producer& self, Partition& partition, Effects& out) {
  Process& process = self.process;
  const Duration limit = SettingsOf(ctx, self).delivery_timeout;
  bool any = false;
  for (uint32_t i = 0; i < partition.sent.size();) {
    const uint32_t at = partition.sent[i];
    Slot& slot = process.slots[at];
    if (!slot.in_flight) {  // queued again: the other list's
      ++i;
      continue;
    }
    if (ctx.mono - slot.created < limit) break;
    slot.maybe_written = true;
    Fail(self, at, Error::kTimeout, out);
    if (IsIdempotent(ctx, self) && slot.is_retry()) MarkUnresolved(partition, slot);
    any = true;
  }
  return any;
}

// Of what can still expire. A bound is all that is needed, so that it is looked for anew only when
// the last one has passed.
void FindOldest(Process& process) {
  sim::MonoTime oldest = sim::Never<sim::MonoTime>();
  const auto look = [&](uint32_t at) { oldest = std::min(oldest, process.slots[at].created); };
  for (const Partition& partition : process.partitions) {
    for (uint32_t at = partition.head; at != kNil; at = process.slots[at].next) look(at);
    for (const uint32_t at : partition.sent) look(at);
  }
  process.oldest = oldest;
}

}  // namespace

bool IsInvalidMetadata(Error error) {
  return error == Error::kNetworkException || error == Error::kUnknownTopicOrPartition ||
         error == Error::kNotLeaderOrFollower || error == Error::kFencedLeaderEpoch;
}

bool IsRetriable(Error error) {
  return IsInvalidMetadata(error) || error == Error::kRequestTimedOut ||
         error == Error::kNotEnoughReplicas || error == Error::kNotEnoughReplicasAfterAppend ||
         error == Error::kUnknownLeaderEpoch;
}

void CompleteBatch(const Context& ctx, Producer& self, uint32_t at, const Answer& answer,
                   Effects& out) {
  Process& process = self.process;
  Slot& slot = process.slots[at];
  Partition& partition = process.partitions[slot.partition];
  const Error error = answer.error;
  slot.in_flight = false;
  slot.next = kNil;
  slot.maybe_written |= MayBeWritten(error);
  partition.muted = false;
  if (IsInvalidMetadata(error)) RequestMetadata(process);
  if (error == Error::kNone) {
    Succeed(ctx, self, at, answer.base, out);
  } else if (error == Error::kMessageTooLarge && slot.count > 1 && !slot.done) {
    Split(ctx, self, at, out);
  } else if (CanRetry(ctx, self, at, error)) {
    return Reenqueue(ctx, self, at, error, out);
  } else if (!slot.done) {
    const bool alone = error == Error::kMessageTooLarge;
    Fail(self, at, alone ? Error::kRecordTooLarge : error, out);
    MaybeRequestBump(ctx, self, process.slots[at], error);
  }
  FreeSlot(process, at);
}

void FailBatches(const Context& ctx, Producer& self, uint32_t first_slot, Error error,
                 Effects& out) {
  for (uint32_t at = first_slot; at != kNil;) {
    const uint32_t next = self.process.slots[at].next;
    CompleteBatch(ctx, self, at, {.error = error}, out);
    at = next;
  }
}

bool ExpireDue(const Context& ctx, Producer& self, Effects& out) {
  bool any = false;
  for (Partition& partition : self.process.partitions) {
    any |= ExpireInFlight(ctx, self, partition, out);
  }
  for (Partition& partition : self.process.partitions) {
    any |= ExpireQueued(ctx, self, partition, out);
  }
  FindOldest(self.process);
  return any;
}

sim::MonoTime NextExpiry(const Context& ctx, const Producer& self) {
  const Process& process = self.process;
  sim::MonoTime first = sim::Never<sim::MonoTime>();
  for (const Partition& partition : process.partitions) {
    if (partition.head != kNil) first = std::min(first, process.slots[partition.head].created);
    for (const uint32_t at : partition.sent) {
      if (!process.slots[at].in_flight) continue;
      first = std::min(first, process.slots[at].created);
      break;
    }
  }
  if (first == sim::Never<sim::MonoTime>()) return first;
  return first + SettingsOf(ctx, self).delivery_timeout;
}

}  // namespace kafka::producer
