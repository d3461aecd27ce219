// Checkpoints, flushes, and the orderly end of a process.
#include <algorithm>

#include "model/kafka/broker/choice_keys.h"
#include "model/kafka/broker/connections.h"
#include "model/kafka/broker/disk/checkpoints.h"
#include "model/kafka/broker/handlers.h"
#include "model/kafka/broker/metadata_log.h"
#include "model/kafka/broker/replication/fetcher.h"
#include "model/kafka/broker/requests/long_poll.h"
#include "model/kafka/broker/requests/produce.h"
#include "model/kafka/broker/requests/request_threads.h"
#include "model/kafka/broker/timers.h"

namespace kafka::broker {
namespace {

using OffsetWords = sim::InlineVec<uint64_t, 2 * kMaxPartitions>;

// An fsync of the log is done: KB:S-4, the recovery point rises only now.
void RaiseRecoveryPoint(const Context& ctx, Partition& partition, Offset to, Effects& out) {
  partition.last_flush = ctx.mono;
  const Offset durable = std::min(to, partition.log.end);
  if (durable <= partition.recovery_point) return;
  partition.recovery_point = durable;
  out.Say(notes::FlushedTo{.partition = partition.id, .end = durable});
}

void FlushInBackground(Partition& partition, FlushPurpose purpose, uint64_t uid, Effects& out) {
  partition.periodic_flush = true;
  partition.periodic_flushing_to = partition.log.end;
  FlushLog(partition, purpose, {uid, 0}, out);
}

// KB:E-43: logs first, then recovery points, then the marker.
void GoOnStopping(const Context& ctx, Broker& self, FlushPurpose done, Effects& out) {
  Process& process = self.process;
  if (done == kStopFlush && --process.flushes_left > 0) return;
  if (done == kStopFlush) {
    return WriteRecoveryPoints(ctx, self, FlushToken(kStopRecoveryPoints), out);
  }
  if (done == kStopRecoveryPoints) {
    const uint64_t epoch = static_cast<uint64_t>(process.epoch.value);
    return out.WriteWords(kCleanShutdownFile, {&epoch, 1}, FlushToken(kStopMarker),
                          {ctx.self_name, process.incarnation});
  }
  out.Exit();
}

}  // namespace

void FlushLog(const Partition& partition, FlushPurpose purpose, sim::About about, Effects& out) {
  constexpr uint32_t kIndexes = 2;
  const uint32_t directory = partition.recovery_point == Offset{0} ? 1 : 0;
  out.Flush(LogFile(partition.id), FlushToken(purpose, partition.id), about, kIndexes + directory);
}

void WriteEpochs(const Partition& partition, FlushPurpose purpose, Effects& out) {
  std::vector<uint64_t> words;
  for (const EpochEntry& entry : partition.epochs.entries) {
    words.push_back(static_cast<uint64_t>(entry.epoch.value));
    words.push_back(static_cast<uint64_t>(entry.start.value));
  }
  out.Replace(EpochFile(partition.id), words, FlushToken(purpose, partition.id),
              {static_cast<uint64_t>(Latest(partition.epochs).value), partition.id.value});
}

void WriteHighWatermarks(Broker& self, uint32_t token, Effects& out) {
  OffsetWords words;
  uint64_t uid = 0;
  for (const Partition& partition : self.process.partitions) {
    words.push_back(partition.id.value);
    words.push_back(static_cast<uint64_t>(partition.high_watermark.value));
    uid = sim::Mix(uid, partition.id.value);
  }
  self.process.touched = false;
  out.Replace(kHighWatermarkFile, {words.data(), words.size()}, token, {uid, 0});
}

void WriteRecoveryPoints(const Context& ctx, Broker& self, uint32_t token, Effects& out,
                         uint32_t snapshots) {
  OffsetWords words;
  for (Partition& partition : self.process.partitions) {
    if (ctx.setup->Has(Mutant::kRecoveryPointTooHigh)) {
      RaiseRecoveryPoint(ctx, partition, partition.log.end, out);
    }
    words.push_back(partition.id.value);
    words.push_back(static_cast<uint64_t>(partition.recovery_point.value));
  }
  out.Replace(kRecoveryPointFile, {words.data(), words.size()}, token, {ctx.self_name, 0},
              snapshots);
}

// KB:R-60: every 5 s since the start. A tick that would rewrite the same bytes is not made.
void Touch(const Context& ctx, Broker& self, Effects& out) {
  Process& process = self.process;
  if (process.touched) return;
  process.touched = true;
  const int64_t interval = SettingsOf(ctx, self).high_watermark_checkpoint_interval.ns;
  const int64_t since = (ctx.mono - process.started).ns % interval;
  out.SetTimer({.tag = {kWatermarkTimer, kBrokerRole, 0}, .min = {interval - since}});
}

// The periodic flusher fsyncs every log whose last fsync is flush.ms or longer ago (KB:S-5 (b)).
void FlushDueLogs(const Context& ctx, Broker& self, Effects& out) {
  for (Partition& partition : self.process.partitions) {
    const Duration interval = TopicOf(ctx, self, partition.id).flush_interval;
    if (interval >= sim::kForever || ctx.mono - partition.last_flush < interval) continue;
    if (partition.periodic_flush || partition.log.end <= partition.recovery_point) continue;
    FlushInBackground(partition, kPeriodicFlush, UidBelow(ctx, partition, partition.log.end), out);
  }
}

void BeginStopping(const Context& ctx, Broker& self, Effects& out) {
  Process& process = self.process;
  process.phase = Process::Phase::kStopping;
  // KB:E-42: the port first, and every connection with it; what was not read, or waits for its
  // answer, is the client's to send again.
  out.StopListening();
  CloseClients(process, out);
  out.CancelTimers(kBrokerRole);
  out.CancelTimers(kFetcherRole);
  for (const Fetcher& fetcher : process.fetchers) {
    if (fetcher.link.state != Link::State::kDown) out.Close(fetcher.link.connection);
  }
  process.fetchers.clear();
  WriteHighWatermarks(self, FlushToken(kStopFlush), out);
  process.flushes_left = 1;
  for (Partition& partition : process.partitions) {
    FlushInBackground(partition, kStopFlush, UidBelow(ctx, partition, partition.log.end), out);
    ++process.flushes_left;
  }
}

void OnFlushed(const Context& ctx, Broker& self, const sim::Received<sim::Flushed>& event,
               Effects& out) {
  Process& process = self.process;
  const auto purpose = static_cast<FlushPurpose>(event.body.token >> 16);
  Partition* partition = process.Find({static_cast<uint16_t>(event.body.token & 0xffff)});
  switch (purpose) {
    case kCheckpointFlush:
      return;
    case kInlineFlush:
      RaiseRecoveryPoint(ctx, *partition, partition->flushing_to, out);
      if (process.phase == Process::Phase::kStopping) return;
      ResumeProduces(ctx, self, partition->id, out);
      return RunQueued(ctx, self, out);
    case kFollowerFlush:
      RaiseRecoveryPoint(ctx, *partition, partition->flushing_to, out);
      return ResumeFetcher(ctx, self, *partition, out);
    case kFollowerSync:
      return ResumeFetcher(ctx, self, *partition, out);
    case kLeaderSync:
      return OnLeaderSynced(ctx, self, *partition, out);
    case kPeriodicFlush:
      partition->periodic_flush = false;
      RaiseRecoveryPoint(ctx, *partition, partition->periodic_flushing_to, out);
      if (ctx.setup->Has(Mutant::kHideLogEndUntilFlushed)) {
        CompleteFetches(ctx, self, {.appended = Bit(partition->id)}, out);
      }
      return;
    case kStopFlush:
      if (event.body.file != kHighWatermarkFile) {
        RaiseRecoveryPoint(ctx, *partition, partition->periodic_flushing_to, out);
      }
      return GoOnStopping(ctx, self, purpose, out);
    case kStopRecoveryPoints:
    case kStopMarker:
      return GoOnStopping(ctx, self, purpose, out);
  }
}

}  // namespace kafka::broker
