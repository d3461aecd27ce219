// send(), as the application's thread goes through it (KC:P-10..P-17).
#include "model/kafka/producer/send.h"

#include "model/kafka/producer/accumulator.h"
#include "model/kafka/producer/network.h"
#include "model/kafka/producer/partitioner.h"
#include "model/kafka/producer/settings.h"

namespace kafka::producer {
namespace {

using Blocked = SendCall::Blocked;

// Bytes of a record in a batch, beside its key and its value.
constexpr uint32_t kRecordOverhead = 8;

uint32_t RecordBytes(const Record& record) {
  return record.value_bytes + kRecordOverhead + (record.has_key ? KeyBytes(record.key) : 0);
}

// The record as a message for that partition. A call that was blocked has made it already. Called
// once a message: inline.
[[gnu::always_inline]] inline MessageId MessageOf(const Producer& self, const Record& record,
                                                  uint16_t partition, Effects& out) {
  const MessageId blocked = self.process.call.message;
  if (blocked.exists()) {
    out.Place(blocked, self.process.partitions[partition].id);
    return blocked;
  }
  return out.Add(Message{.number = record.number,
                         .key = record.key,
                         .producer = self.index,
                         .partition = self.process.partitions[partition].id,
                         .next = {}});
}

// Where a record would go that is in no batch, as far as that is known.
uint16_t LikelyPartition(const Context& ctx, Producer& self, const Record& record) {
  const StickyPartition& sticky = self.process.sticky;
  const bool decided = record.partition >= 0 || record.has_key;
  if (decided) return ChoosePartition(ctx, self, record, 0);
  return sticky.exists() ? sticky.index : uint16_t{0};
}

// A failed future, or an exception: the record never reaches the accumulator (KC:P-13).
void Refuse(const Context& ctx, Producer& self, const Record& record, Error error, Effects& out) {
  const uint16_t partition = LikelyPartition(ctx, self, record);
  const MessageId message = MessageOf(self, record, partition, out);
  out.Say(notes::SendRefused{
      .partition = self.process.partitions[partition].id, .message = message, .error = error});
}

// What send() waits for, or kNo after it took the record or refused it.
Blocked TryToSend(const Context& ctx, Producer& self, const Record& record, Effects& out) {
  Process& process = self.process;
  const ProducerSettings& settings = SettingsOf(ctx, self);
  if (!process.topic_known) return Blocked::kMetadata;  // the topic has to be cached (KC:P-11)
  const uint32_t record_bytes = RecordBytes(record);
  const uint32_t bound = UpperBound(record_bytes);
  if (bound > settings.max_request_size || bound > settings.buffer_memory) {
    Refuse(ctx, self, record, Error::kRecordTooLarge, out);
    return Blocked::kNo;
  }
  if (RoomOf(settings, record_bytes) > settings.buffer_memory) {  // thrown by each call (KC:P-16)
    Refuse(ctx, self, record, Error::kIllegalArgument, out);
    return Blocked::kNo;
  }
  const StickyPartition& sticky = process.sticky;
  const bool sticks = sticky.exists() && sticky.bytes < settings.batch_size;
  const uint16_t partition =
      sticks ? sticky.index : ChoosePartition(ctx, self, record, record_bytes);
  Partition& queue = process.partitions[partition];
  const bool fits = TailTakes(process, queue, record_bytes);
  if (!fits && !HasMemoryFor(ctx, self, record_bytes)) return Blocked::kMemory;
  const MessageId message = MessageOf(self, record, partition, out);
  out.Say(notes::Sent{.partition = queue.id,
                      .message = message,
                      .acks = settings.acks,
                      .has_callback = record.has_callback,
                      .idempotent = settings.enable_idempotence});
  if (fits) {
    out.Link(queue.last, message);
  } else {
    OpenBatch(ctx, self, message, partition, record_bytes);
  }
  Append(ctx, self, queue, message, record_bytes);
  // KC:P-10: a record that only joins the one open batch wakes nobody.
  process.woken |= !fits || queue.length > 1 || IsFull(process.slots[queue.tail]);
  return Blocked::kNo;
}

// True: the call stays blocked. False: max.block.ms is over, and the record is refused.
bool StaysBlocked(const Context& ctx, Producer& self, const Record& record, Blocked blocked,
                  Effects& out) {
  SendCall& call = self.process.call;
  if (call.blocked == Blocked::kNo) {
    call.deadline = ctx.mono + SettingsOf(ctx, self).max_block;
    self.process.woken = true;
  }
  call.blocked = blocked;
  if (blocked == Blocked::kMetadata) RequestMetadata(self.process);
  if (ctx.mono < call.deadline) {
    if (call.message.exists()) return true;
    call.message = MessageOf(self, record, LikelyPartition(ctx, self, record), out);
    return true;
  }
  const Error error = blocked == Blocked::kMetadata ? Error::kTimeout : Error::kBufferExhausted;
  Refuse(ctx, self, record, error, out);
  return false;
}

}  // namespace

bool Send(const Context& ctx, Producer& self, const Record& record, Effects& out) {
  const Blocked blocked = TryToSend(ctx, self, record, out);
  if (blocked != Blocked::kNo && StaysBlocked(ctx, self, record, blocked, out)) return false;
  self.process.call = {};
  return true;
}

void ThrowBlockedSend(const Context& ctx, Producer& self, const Record& record, Effects& out) {
  if (self.process.call.blocked == Blocked::kNo) return;
  Refuse(ctx, self, record, Error::kProducerClosed, out);
  self.process.call = {};
}

}  // namespace kafka::producer
