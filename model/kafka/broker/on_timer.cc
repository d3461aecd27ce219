// Timers: which one, and nothing else.
#include "model/kafka/broker/disk/checkpoints.h"
#include "model/kafka/broker/handlers.h"
#include "model/kafka/broker/lifecycle.h"
#include "model/kafka/broker/metadata_log.h"
#include "model/kafka/broker/replication/fetcher.h"
#include "model/kafka/broker/replication/isr.h"
#include "model/kafka/broker/requests/long_poll.h"
#include "model/kafka/broker/requests/produce.h"
#include "model/kafka/broker/requests/purgatory.h"
#include "model/kafka/broker/timers.h"

namespace kafka::broker {
namespace {

void CheckpointRecoveryPoints(const Context& ctx, Broker& self, Effects& out) {
  WriteRecoveryPoints(ctx, self, FlushToken(kCheckpointFlush), out);
  const Duration period = SettingsOf(ctx, self).flush_offset_checkpoint_interval;
  out.SetTimer({.tag = {kRecoveryPointTimer, kBrokerRole, 0}, .min = period});
}

void RunFlusher(const Context& ctx, Broker& self, Effects& out) {
  FlushDueLogs(ctx, self, out);
  const Duration period = SettingsOf(ctx, self).flush_scheduler_interval;
  if (period >= sim::kForever) return;  // KB:S-5, seen: once, and never again
  out.SetTimer({.tag = {kFlusherTimer, kBrokerRole, 0}, .min = period});
}

// KB:S-41, seen: this is the fsync that makes the deletion of the marker durable.
void WriteQuorumState(const Context& ctx, const Broker& self, Effects& out) {
  const uint64_t incarnation = self.process.incarnation;
  out.Replace(kQuorumStateFile, {&incarnation, 1}, FlushToken(kCheckpointFlush),
              {ctx.self_name, self.process.incarnation});
}

}  // namespace

void OnTimer(const Context& ctx, Broker& self, const sim::Received<sim::TimerFired>& event,
             Effects& out) {
  const sim::TimerTag tag = event.body.tag;
  switch (static_cast<TimerKind>(tag.kind)) {
    case kStartUpTimer:
      for (uint8_t i = 0; i < kControllerLinks; ++i) {
        OpenController(self, static_cast<ControllerLink>(i), ctx, out);
      }
      return;
    case kLifecycleTimer:
      return OnLifecycleTimer(ctx, self, out);
    case kLeavingTimer:
      return BeginStopping(ctx, self, out);
    case kReconnectTimer:
      return OpenController(self, static_cast<ControllerLink>(tag.index), ctx, out);
    case kMetadataTimer:
      return OnMetadataTimer(ctx, self, out);
    case kAlterTimer:
      return SendAlterations(ctx, self, out);
    case kQuorumStateTimer:
      return WriteQuorumState(ctx, self, out);
    case kHeldTimer:
      return tag.role == kFetcherRole ? ReleaseFollower(ctx, self, {tag.index}, out)
                                      : ReleaseWriter(ctx, self, {tag.index}, out);
    case kIsrTimer:
      return CheckIsrs(ctx, self, out);
    case kWatermarkTimer:
      return WriteHighWatermarks(self, FlushToken(kCheckpointFlush), out);
    case kRecoveryPointTimer:
      return CheckpointRecoveryPoints(ctx, self, out);
    case kFlusherTimer:
      return RunFlusher(ctx, self, out);
    case kProduceTimer:
      return ExpireProduces(ctx, self, out);
    case kFetchTimer:
      return ExpireFetches(ctx, self, out);
    case kFetcherTimer:
      return OnFetcherTimer(ctx, self, {static_cast<uint8_t>(tag.index)}, out);
  }
}

}  // namespace kafka::broker
