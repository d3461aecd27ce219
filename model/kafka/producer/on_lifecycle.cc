// Start, stop, timers.
#include "model/kafka/producer/handlers.h"
#include "model/kafka/producer/parts.h"
#include "model/programs/producer_program.h"

namespace kafka::producer {
namespace {

void Begin(const Context& ctx, Producer& self) {
  Process& process = self.process;
  const ProducerSetup& setup = SetupOf(ctx, self);
  process.name = sim::HashName(setup.name);
  process.memory_free = setup.settings.buffer_memory;
  for (const PartitionId id : ctx.setup->topics[setup.program.topic.value].partitions) {
    process.partitions.emplace_back().id = id;
  }
  BeginApplication(ctx, self);
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
  Run(ctx, self, out);
}

void OnStopRequested(const Context& ctx, Producer& self, const sim::Received<sim::StopRequested>&,
                     Effects& out) {
  Process& process = self.process;
  if (process.closed) return out.Exit();
  process.exit_when_closed = true;
  process.app.running = false;
  process.app.blocked = Application::Blocked::kNo;
  process.closing = true;
  out.CancelTimer({kProgramTimer});
  Run(ctx, self, out);
}

void OnTimer(const Context& ctx, Producer& self, const sim::Received<sim::TimerFired>& event,
             Effects& out) {
  if (event.body.tag.kind == kSenderTimer) {
    self.process.armed = sim::Never<sim::MonoTime>();
    CheckTimeouts(ctx, self, out);
  } else {
    OnRestOver(self.process.app);
  }
  Run(ctx, self, out);
}

}  // namespace kafka::producer
