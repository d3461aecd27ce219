// send(), as the application's thread goes through it (KC:P-10..P-17).
#include "model/kafka/producer/partitioner.h"
#include "model/kafka/producer/parts.h"
#include "model/programs/producer_program.h"

namespace kafka::producer {
namespace {

using Blocked = Application::Blocked;

// A loop without a pause is at most this many batches ahead of the sender while that makes
// progress.
constexpr uint32_t kRunAhead = 64;
constexpr Duration kRest = sim::Milliseconds(50);

void SetProgramTimer(const Context& ctx, Application& app, sim::MonoTime at, Effects& out) {
  if (app.armed != at) out.SetTimer({.tag = {kProgramTimer}, .min = at - ctx.mono});
  app.armed = at;
}

// The loop takes time too; in a run it takes none, and would queue all that buffer.memory holds
// within one event. So it rests, and goes on as the queue gets shorter; if nothing moves for a
// while, it gets further ahead, and meets a full buffer in the end as it should (KC:P-16).
bool Rests(const Context& ctx, Producer& self, Effects& out) {
  Application& app = self.process.app;
  if (SetupOf(ctx, self).program.interval.ns > 0) return false;
  if (self.process.queued < app.run_ahead) return false;
  if (app.ahead) return true;
  app.ahead = app.stalled = true;
  SetProgramTimer(ctx, app, ctx.mono + kRest, out);
  return true;
}

inline MessageId AddMessage(const Producer& self, uint32_t key, uint16_t partition, Effects& out) {
  return out.Add(Message{.number = self.process.app.next,
                         .key = key,
                         .producer = self.index,
                         .partition = self.process.partitions[partition].id,
                         .next = {}});
}

// A failed future, or an exception: the record never reaches the accumulator (KC:P-13).
void Refuse(const Context& ctx, Producer& self, Error error, Effects& out) {
  const bool sticky = self.process.app.sticky != 0xffff;
  const ProducerProgram& program = SetupOf(ctx, self).program;
  const bool known = program.partition >= 0 || programs::HasKeys(program) || sticky;
  const uint16_t partition = known ? ChoosePartition(ctx, self, 0) : uint16_t{0};
  const uint32_t key = programs::KeyOf(program, self.process.app.next);
  const MessageId message = AddMessage(self, key, partition, out);
  out.Say(notes::SendRefused{
      .partition = self.process.partitions[partition].id, .message = message, .error = error});
}

// What send() waits for, or kNo after it took the record or refused it.
Blocked Send(const Context& ctx, Producer& self, Effects& out) {
  Process& process = self.process;
  const ProducerSetup& setup = SetupOf(ctx, self);
  if (!process.metadata.known) return Blocked::kMetadata;  // KC:P-11
  const uint32_t key = programs::KeyOf(setup.program, process.app.next);
  const uint32_t record_bytes = RecordBytes(setup.program, key);
  const uint32_t bound = UpperBound(record_bytes);
  if (bound > setup.settings.max_request_size || bound > setup.settings.buffer_memory) {
    Refuse(ctx, self, Error::kRecordTooLarge, out);
    return Blocked::kNo;
  }
  const Application& app = process.app;
  const bool sticks = app.sticky != 0xffff && app.sticky_bytes < setup.settings.batch_size;
  const uint16_t partition = sticks ? app.sticky : ChoosePartition(ctx, self, record_bytes);
  Partition& queue = process.partitions[partition];
  const bool fits = TailTakes(process, queue, record_bytes);
  if (!fits && !HasMemoryFor(ctx, self, record_bytes)) return Blocked::kMemory;
  const MessageId message = AddMessage(self, key, partition, out);
  out.Say(notes::Sent{.partition = queue.id,
                      .message = message,
                      .acks = setup.settings.acks,
                      .has_callback = setup.program.has_callback,
                      .idempotent = setup.settings.enable_idempotence});
  if (fits) {
    out.Link(queue.last, message);
  } else {
    OpenBatch(ctx, self, message, partition, record_bytes);
  }
  Append(ctx, self, queue, message, record_bytes);
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

void OnRestOver(Application& app) {
  app.armed = sim::MonoTime{-1};
  if (!app.ahead) return;
  app.ahead = false;
  app.run_ahead = app.stalled ? 2 * app.run_ahead : kRunAhead;
}

void BeginApplication(const Context& ctx, Producer& self) {
  Application& app = self.process.app;
  app.running = true;
  app.run_ahead = kRunAhead;
  app.due = ctx.mono + SetupOf(ctx, self).program.start_after;
}

void RunApplication(const Context& ctx, Producer& self, Effects& out) {
  Process& process = self.process;
  Application& app = process.app;
  if (!app.running) return;
  const ProducerProgram& program = SetupOf(ctx, self).program;
  while (!programs::IsOver(program, app.next)) {
    if (app.due > ctx.mono) {
      SetProgramTimer(ctx, app, app.due, out);
      return;
    }
    if (Rests(ctx, self, out)) return;
    const Blocked blocked = Send(ctx, self, out);
    if (blocked != Blocked::kNo && StaysBlocked(ctx, self, blocked, out)) return;
    app.blocked = Blocked::kNo;
    ++app.next;
    app.due = programs::NextDue(program, ctx.mono);
  }
  app.running = false;
  process.closing = true;  // close() without a time-out (KC:P-51)
}

}  // namespace kafka::producer
