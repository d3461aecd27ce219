// A follower's log: copied runs, truncation, and the watermark that it is told.
#include <algorithm>

#include "model/kafka/broker/parts.h"

namespace kafka::broker {

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

bool AppendAsFollower(const Context& ctx, Broker& self, Partition& partition, Run run,
                      Effects& out) {
  const AppendedTable& table = ctx.tables->appended[partition.id.value];
  // KB:P-15: what a later leader wrote than the one that was asked is dropped, silently.
  uint32_t count = 0;
  while (count < run.count &&
         table.entries[run.first.value + count].epoch() <= partition.fetch.asked_epoch) {
    ++count;
  }
  if (count == 0) return true;
  const Appended first = table.entries[run.first.value];
  if (first.base() != partition.log.end) return false;  // KB:P-17, R-42
  const uint64_t from = partition.log.bytes;
  for (uint32_t i = 0; i < count; ++i) {
    const Appended& entry = table.entries[run.first.value + i];
    if (entry.epoch() != Latest(partition.epochs)) {
      AssignEpoch(partition, entry.epoch(), entry.base(), out);
    }
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

// KB:S-45, in its order.
void TruncateReplica(const Context& ctx, Broker& self, Partition& partition, Offset target,
                     Effects& out) {
  const Offset old_end = partition.log.end;
  const uint64_t length = TruncateTo(*ctx.tables, partition.log, target);
  const Offset end = partition.log.end;
  const size_t epochs = partition.epochs.entries.size();
  TruncateFromEnd(partition.epochs, end);  // KB:R-58: a phantom entry at the log end goes as well
  if (partition.epochs.entries.size() != epochs) WriteEpochs(partition, out);
  if (end == old_end) return;
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
  WriteRecoveryPoints(ctx, self, FlushToken(kCheckpointFlush), out);  // KB:R-64
}

}  // namespace kafka::broker
