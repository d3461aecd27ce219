// The program's loop around send(): the one place where program and library meet.
#include "model/kafka/producer/send.h"
#include "model/kafka/producer/sender.h"
#include "model/kafka/producer/settings.h"

namespace kafka::producer {
namespace {

using Step = programs::Step;

Record RecordOf(const ProducerProgram& program, uint32_t number) {
  return {.number = number,
          .key = programs::KeyOf(program, number),
          .has_key = programs::HasKeys(program),
          .has_callback = program.has_callback,
          .partition = program.partition,
          .value_bytes = program.message_bytes};
}

}  // namespace

void RunProgram(const Context& ctx, Producer& self, Effects& out) {
  Process& process = self.process;
  programs::SendLoop& loop = process.program;
  const ProducerProgram& program = SetupOf(ctx, self).program;
  while (loop.running) {
    // A send() that blocks is not left before it returns.
    const bool is_in_call = process.call.blocked != SendCall::Blocked::kNo;
    const Step step =
        is_in_call ? Step{} : programs::NextStep(loop, program, process.queued, ctx.mono);
    if (step.kind == Step::Kind::kWaits) {
      if (step.timer == sim::Never<sim::MonoTime>()) return;
      return out.SetTimer({.tag = {kProgramTimer}, .min = step.timer - ctx.mono});
    }
    if (step.kind == Step::Kind::kIsOver) {
      process.closing = process.woken = true;  // close() without a time-out (KC:P-51)
      return;
    }
    if (!Send(ctx, self, RecordOf(program, loop.next), out)) return;
    programs::CallReturned(loop, program, ctx.mono);
  }
}

void StopProgram(const Context& ctx, Producer& self, Effects& out) {
  programs::SendLoop& loop = self.process.program;
  ThrowBlockedSend(ctx, self, RecordOf(SetupOf(ctx, self).program, loop.next), out);
  loop.running = false;
  self.process.closing = true;
}

}  // namespace kafka::producer
