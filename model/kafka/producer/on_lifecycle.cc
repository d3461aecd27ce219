// Start, stop, timers.
#include "model/kafka/producer/handlers.h"
#include "model/kafka/producer/network.h"
#include "model/kafka/producer/sender.h"
#include "model/kafka/producer/settings.h"

namespace kafka::producer {
namespace {

void Begin(const Context& ctx, Producer& self) {
  Process& process = self.process;
  const ProducerSetup& setup = SetupOf(ctx, self);
  process.client.name = sim::HashName(setup.name);
  process.memory_free = setup.settings.buffer_memory;
  for (const PartitionId id : ctx.setup->topics[setup.program.topic.value].partitions) {
    if (ctx.setup->partitions[id.value].added_by >= 0) continue;  // told by metadata, later
    process.partitions.emplace_back().id = id;
  }
  programs::Begin(process.program, setup.program, ctx.mono);
}

}  // namespace

void OnStarted(const Context& ctx, Producer& self, const sim::Received<sim::Started>& event,
               Effects& out) {
  if (!programs::RunsIn(event.body.incarnation)) {
    self.process.closing = self.process.closed = true;
    out.Say(notes::ProducerIdle{.producer = self.index});
    return;
  }
  Begin(ctx, self);
  AfterPoll(ctx, self, out);
}

void OnStopRequested(const Context& ctx, Producer& self, const sim::Received<sim::StopRequested>&,
                     Effects& out) {
  Process& process = self.process;
  if (process.closed) return out.Exit();
  process.exit_when_closed = true;
  StopProgram(ctx, self, out);
  out.CancelTimer({kProgramTimer});
  AfterPoll(ctx, self, out);
}

void OnTimer(const Context& ctx, Producer& self, const sim::Received<sim::TimerFired>& event,
             Effects& out) {
  Process& process = self.process;
  if (event.body.tag.kind == kProgramTimer) {
    programs::OnTimer(process.program);
    return RunApplication(ctx, self, out);
  }
  process.armed = sim::Never<sim::MonoTime>();
  if (ctx.mono >= process.poll_until) return AfterPoll(ctx, self, out);
  RunApplication(ctx, self, out);  // max.block.ms is over, or poll() goes on for longer
}

}  // namespace kafka::producer
