// send(), as the application's thread goes through it (KC:P-10..P-17).
#include "model/apps/producer_program.h"
#include "model/kafka/producer/partitioner.h"
#include "model/kafka/producer/parts.h"

namespace kafka::producer {
namespace {

using Blocked = Application::Blocked;

MessageId AddMessage(const Context& ctx, const Producer& self, uint16_t partition, Effects& out) {
  const uint32_t number = self.process.app.next;
  return out.Add(Message{.number = number,
                         .key = apps::KeyOf(SetupOf(ctx, self).program, number),
                         .producer = self.index,
                         .partition = self.process.partitions[partition].id,
                         .next = {}});
}

// A failed future, or an exception: the record never reaches the accumulator (KC:P-13).
void Refuse(const Context& ctx, Producer& self, Error error, Effects& out) {
  const bool sticky = self.process.app.sticky != 0xffff;
  const ProducerProgram& program = SetupOf(ctx, self).program;
  const bool known = program.partition >= 0 || apps::HasKeys(program) || sticky;
  const uint16_t partition = known ? ChoosePartition(ctx, self) : uint16_t{0};
  const MessageId message = AddMessage(ctx, self, partition, out);
  out.Say(kSendRefused, ctx.self, self.process.partitions[partition].id, message.value,
          static_cast<uint64_t>(error));
}

// What send() waits for, or kNo after it took the record or refused it.
Blocked Send(const Context& ctx, Producer& self, Effects& out) {
  Process& process = self.process;
  const ProducerSetup& setup = SetupOf(ctx, self);
  if (!process.metadata.known) return Blocked::kMetadata;  // KC:P-11
  const uint32_t key = apps::KeyOf(setup.program, process.app.next);
  const uint32_t record_bytes = RecordBytes(setup.program, key);
  const uint32_t bound = UpperBound(record_bytes);
  if (bound > setup.settings.max_request_size || bound > setup.settings.buffer_memory) {
    Refuse(ctx, self, Error::kRecordTooLarge, out);
    return Blocked::kNo;
  }
  const uint16_t partition = ChoosePartition(ctx, self);
  if (!HasRoomFor(ctx, self, partition, record_bytes)) return Blocked::kMemory;
  const MessageId message = AddMessage(ctx, self, partition, out);
  const uint64_t flags = AcksBits(ctx, self) | uint64_t{setup.program.has_callback} << 8 |
                         uint64_t{setup.settings.enable_idempotence} << 9;
  out.Say(kSent, ctx.self, process.partitions[partition].id, message.value, flags);
  Append(ctx, self, message, partition, record_bytes, out);
  return Blocked::kNo;
}

// True: the call stays blocked. max.block.ms bounds both waits together (KC:P-12).
bool StaysBlocked(const Context& ctx, Producer& self, Blocked blocked, Effects& out) {
  Application& app = self.process.app;
  if (app.blocked == Blocked::kNo) {
    app.block_deadline = ctx.mono + SettingsOf(ctx, self).max_block;
  }
  app.blocked = blocked;
  if (blocked == Blocked::kMetadata) self.process.metadata.wanted = true;
  if (ctx.mono < app.block_deadline) return true;
  const Error error = blocked == Blocked::kMetadata ? Error::kTimeout : Error::kBufferExhausted;
  Refuse(ctx, self, error, out);
  return false;
}

}  // namespace

void RunApplication(const Context& ctx, Producer& self, Effects& out) {
  Process& process = self.process;
  Application& app = process.app;
  if (!app.running) return;
  const ProducerProgram& program = SetupOf(ctx, self).program;
  while (!apps::IsOver(program, app.next)) {
    if (app.due > ctx.mono) {
      if (app.armed != app.due) out.SetTimer({.tag = {kProgramTimer}, .min = app.due - ctx.mono});
      app.armed = app.due;
      return;
    }
    const Blocked blocked = Send(ctx, self, out);
    if (blocked != Blocked::kNo && StaysBlocked(ctx, self, blocked, out)) return;
    app.blocked = Blocked::kNo;
    ++app.next;
    app.due = apps::NextDue(program, ctx.mono);
  }
  app.running = false;
  process.closing = true;  // close() without a time-out (KC:P-51)
}

}  // namespace kafka::producer
