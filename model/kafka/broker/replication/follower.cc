// A follower's log: copied runs, truncation, and the watermark that it is told.
#include "model/kafka/broker/replication/follower.h"

#include <algorithm>

#include "model/kafka/broker/disk/checkpoints.h"
#include "model/kafka/broker/replication/leader.h"

namespace kafka::broker {
namespace {

// KB:P-15: what a later leader wrote than the one that was asked is dropped, silently.
uint32_t CopiedOf(const AppendedTable& table, const Partition& partition, Run run) {
  uint32_t count = 0;
  while (count < run.count &&
         table.entries[run.first.value + count].epoch() <= partition.fetch.asked_epoch) {
    ++count;
  }
  return count;
}

}  // namespace

void SetFollowerHighWatermark(const Context& ctx, Broker& self, Partition& partition, Offset to,
                              Effects& out) {
  // KB:R-34: assigned, so it may go down.
  const Offset clamped = std::clamp(to, Offset{0}, partition.log.end);
  const Offset from = partition.high_watermark;
  if (clamped == from) return;
  partition.high_watermark = clamped;
  Touch(ctx, self, out);
  out.Say(notes::FollowerHighWatermark{.partition = partition.id,
                                       .to = clamped,
                                       .from = from,
                                       .leader = partition.leader,
                                       .epoch = partition.leader_epoch});
}

uint16_t AssignEpochs(const Context& ctx, Partition& partition, Run run, Effects& out) {
  const AppendedTable& table = ctx.tables->appended[partition.id.value];
  const Appended& first = table.entries[run.first.value];
  if (first.base() != partition.log.end) return 0;
  const LeaderEpoch last = table.entries[run.first.value + run.count - 1].epoch();
  const LeaderEpoch latest = Latest(partition.epochs);
  if (first.epoch() == latest && last == latest) [[likely]]
    return 0;
  const uint32_t count = CopiedOf(table, partition, run);
  uint16_t fsyncs = 0;
  for (uint32_t i = 0; i < count; ++i) {
    const Appended& entry = table.entries[run.first.value + i];
    if (entry.epoch() == Latest(partition.epochs)) continue;
    if (AssignEpoch(partition, entry.epoch(), entry.base(), kFollowerSync, out)) ++fsyncs;
  }
  return fsyncs;
}

bool AppendAsFollower(const Context& ctx, Broker& self, Partition& partition, Run run,
                      Effects& out) {
  const AppendedTable& table = ctx.tables->appended[partition.id.value];
  const uint32_t count = CopiedOf(table, partition, run);
  if (count == 0) return true;
  const Appended first = table.entries[run.first.value];
  if (first.base() != partition.log.end) return false;  // KB:P-17, R-42
  const uint64_t from = partition.log.bytes;
  for (uint32_t i = 0; i < count; ++i) {
    const Appended& entry = table.entries[run.first.value + i];
    Remember(partition.producers, (*ctx.tables)[entry.batch], entry.base());  // KB:P-36
  }
  Append(*ctx.tables, partition.log, {run.first, count});
  out.Write({.file = LogFile(partition.id),
             .from = from,
             .bytes = partition.log.bytes - from,
             .source = partition.id.value,
             .source_from = first.position()});
  Touch(ctx, self, out);
  out.Say(notes::Appended{.partition = partition.id,
                          .first = run.first,
                          .count = count,
                          .base = first.base(),
                          .epoch = partition.leader_epoch,
                          .as_leader = false});
  partition.fetch.last_fetched_epoch = table.entries[run.first.value + count - 1].epoch();
  return true;
}

// Log, epochs, recovery point, producer state, watermark: what stands above the target goes, in
// Kafka's order (KB:S-45).
uint16_t TruncateReplica(const Context& ctx, Broker& self, Partition& partition, Offset target,
                         Effects& out) {
  const Offset old_end = partition.log.end;
  const uint64_t length = TruncateTo(*ctx.tables, partition.log, target);
  const Offset end = partition.log.end;
  const size_t epochs = partition.epochs.entries.size();
  TruncateFromEnd(partition.epochs, end);  // KB:R-58: a phantom entry at the log end goes as well
  // KB:R-57: a task of its own writes that file, later.
  if (partition.epochs.entries.size() != epochs) WriteEpochs(partition, kCheckpointFlush, out);
  if (end == old_end) return 0;
  out.Truncate(LogFile(partition.id), length);
  partition.recovery_point = std::min(partition.recovery_point, end);
  partition.periodic_flushing_to = std::min(partition.periodic_flushing_to, end);
  if (partition.snapshot > end) partition.snapshot = {0};  // KB:P-43
  Rebuild(partition.producers, *ctx.tables, partition.log, partition.snapshot);
  partition.snapshot = end;  // KB:P-41
  out.Say(notes::Truncated{
      .partition = partition.id, .end = end, .old_end = old_end, .epoch = partition.leader_epoch});
  if (partition.high_watermark >= end) {  // KB:R-35
    SetFollowerHighWatermark(ctx, self, partition, end, out);
  }
  Touch(ctx, self, out);
  const uint32_t snapshots = end > Offset{0} ? 1 : 0;  // KB:P-41: of what is left, if anything is
  WriteRecoveryPoints(ctx, self, FlushToken(kFollowerSync, partition.id), out, snapshots);
  return 1;
}

}  // namespace kafka::broker
