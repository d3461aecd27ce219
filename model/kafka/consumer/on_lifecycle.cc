// Start, stop, timers.
#include "model/kafka/consumer/handlers.h"
#include "model/kafka/consumer/network.h"
#include "model/kafka/consumer/program.h"
#include "model/kafka/consumer/settings.h"

namespace kafka::consumer {
namespace {

void Assign(const Context& ctx, Consumer& self) {
  const TopicSetup& topic = ctx.setup->topics[SetupOf(ctx, self).program.topic.value];
  for (const PartitionId id : topic.partitions) {
    if (ctx.setup->partitions[id.value].added_by < 0) AddPartition(ctx, self, id);
  }
}

void Begin(const Context& ctx, Consumer& self, Effects& out) {
  programs::StartPolling(self.process.program);
  Run(ctx, self, out);
}

}  // namespace

void OnStarted(const Context& ctx, Consumer& self, const sim::Received<sim::Started>&,
               Effects& out) {
  const ConsumerSetup& setup = SetupOf(ctx, self);
  self.process.client.name = sim::HashName(setup.name);
  Assign(ctx, self);
  if (setup.program.start_after.ns == 0) return Begin(ctx, self, out);
  out.SetTimer({.tag = {kStartTimer}, .min = setup.program.start_after});
}

// close(): nothing is committed, since commits are the program's own; TCP tells the brokers.
void OnStopRequested(const Context&, Consumer&, const sim::Received<sim::StopRequested>&,
                     Effects& out) {
  out.Exit();
}

void OnTimer(const Context& ctx, Consumer& self, const sim::Received<sim::TimerFired>& event,
             Effects& out) {
  switch (event.body.tag.kind) {
    case kStartTimer:
      return Begin(ctx, self, out);
    case kProcessingTimer:
      FinishProcessing(ctx, self, out);
      return Run(ctx, self, out);
    default:
      self.process.armed = sim::Never<sim::MonoTime>();
      CheckTimeouts(ctx, self, out);
      return Run(ctx, self, out);
  }
}

}  // namespace kafka::consumer
