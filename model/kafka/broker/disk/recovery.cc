// What a starting process makes of its files (KB:S-41, S-42), and the start of its service.
#include "model/kafka/broker/disk/recovery.h"

#include <algorithm>

#include "model/kafka/broker/disk/checkpoints.h"
#include "model/kafka/clockwork.h"

namespace kafka::broker {
namespace {

// Of a checkpoint: pairs (partition, offset). 0 if it is not there.
Offset CheckpointOf(std::span<const uint64_t> words, PartitionId partition) {
  for (size_t i = 0; i + 1 < words.size(); i += 2) {
    if (words[i] == partition.value) return {static_cast<int64_t>(words[i + 1])};
  }
  return {0};
}

// The planted bug: zeros and the missing rest of a batch count as what was once written there.
void KeepTornTail(const Context& ctx, Partition& partition, std::span<const sim::Extent> extents,
                  Effects& out) {
  std::vector<sim::Extent> whole(extents.begin(), extents.end());
  uint64_t next = 0;
  for (sim::Extent& extent : whole) {
    if (extent.source == sim::kZeros) {
      extent.source = partition.id.value;
      extent.source_from = next;
    }
    next = extent.source_from + (extent.to - extent.from);
  }
  if (whole.empty()) return;
  const AppendedTable& table = ctx.tables->appended[partition.id.value];
  const auto beyond =
      std::partition_point(table.entries.begin(), table.entries.end(),
                           [next](const Appended& entry) { return entry.position() < next; });
  const uint64_t end = beyond == table.entries.end() ? table.bytes : beyond->position();
  const uint64_t missing = end > next ? end - next : 0;
  const uint64_t length = whole.back().to;
  whole.back().to += missing;
  partition.log = RecoverFrom(*ctx.tables, partition.id, whole);
  if (partition.log.bytes > length) {
    out.Write({.file = LogFile(partition.id),
               .from = length,
               .bytes = partition.log.bytes - length,
               .source = partition.id.value,
               .source_from = next});
  }
}

// KB:S-42.3: whole batches up to the first bad one; the rest of the file goes. After an orderly
// stop nothing is scanned and nothing is bad (KB:S-44): what was flushed before the marker is
// there.
void LoadLog(const Context& ctx, Partition& partition, bool clean, Effects& out) {
  const auto extents = ctx.disk->Read(LogFile(partition.id));
  const uint64_t length = ctx.disk->Length(LogFile(partition.id));
  partition.log = RecoverFrom(*ctx.tables, partition.id, extents);
  if (!clean && ctx.setup->Has(Mutant::kRecoveryKeepsTornTail)) {
    KeepTornTail(ctx, partition, extents, out);
  }
  if (partition.log.bytes < length) out.Truncate(LogFile(partition.id), partition.log.bytes);
}

// KB:S-42.7; epochs that the file does not know are assigned by the scan.
void LoadEpochs(const Context& ctx, Partition& partition, Effects& out) {
  const auto words = ctx.disk->ReadWords(EpochFile(partition.id));
  for (size_t i = 0; i + 1 < words.size(); i += 2) {
    Assign(partition.epochs, {static_cast<int32_t>(words[i])},
           {static_cast<int64_t>(words[i + 1])});
  }
  const size_t known = partition.epochs.entries.size();
  TruncateFromEnd(partition.epochs, partition.log.end);
  // KB:R-57: the file follows the memory. A phantom entry that stays in it would be believed by the
  // next start, when the log has grown over it.
  bool changed = partition.epochs.entries.size() != known;
  for (const Run& run : partition.log.runs) {
    for (uint32_t i = 0; i < run.count; ++i) {
      const Appended& entry = ctx.tables->At(partition.id, {run.first.value + i});
      if (entry.epoch() <= Latest(partition.epochs)) continue;
      changed |= Assign(partition.epochs, entry.epoch(), entry.base());
    }
  }
  if (changed) WriteEpochs(partition, kCheckpointFlush, out);
}

void LoadReplica(const Context& ctx, Partition& partition, bool clean, Effects& out) {
  LoadLog(ctx, partition, clean, out);
  LoadEpochs(ctx, partition, out);
  const Offset end = partition.log.end;
  const Offset synced = CheckpointOf(ctx.disk->ReadWords(kRecoveryPointFile), partition.id);
  partition.recovery_point = clean ? end : std::min(synced, end);  // KB:S-42.6, KB:S-43
  const Offset watermark = CheckpointOf(ctx.disk->ReadWords(kHighWatermarkFile), partition.id);
  partition.high_watermark = std::clamp(watermark, Offset{0}, end);  // KB:R-60
  // Both a clean close and the recovery of a segment leave a snapshot at the log end (KB:P-41).
  partition.snapshot = end;
  Rebuild(partition.producers, *ctx.tables, partition.log, end);
  partition.last_flush = ctx.mono;
}

// A log that has just been created is neither.
void SayLoaded(const Context& ctx, const Partition& partition, LoadKind kind, uint64_t scanned,
               Effects& out) {
  if (kind == LoadKind::kNew) return;
  for (const Run& run : partition.log.runs) {
    out.Say(notes::LogKept{.partition = partition.id,
                           .first = run.first,
                           .count = run.count,
                           .base = ctx.tables->At(partition.id, run.first).base()});
  }
  if (kind == LoadKind::kClean) {
    return out.Say(notes::Loaded{.partition = partition.id,
                                 .end = partition.log.end,
                                 .high_watermark = partition.high_watermark});
  }
  out.Say(notes::Recovered{.partition = partition.id,
                           .end = partition.log.end,
                           .bytes_scanned = scanned,
                           .high_watermark = partition.high_watermark});
}

}  // namespace

void LoadReplicas(const Context& ctx, Broker& self, LoadKind kind, Effects& out) {
  Process& process = self.process;
  uint64_t scanned = 0;
  for (uint16_t i = 0; i < ctx.setup->partitions.size(); ++i) {
    const auto& replicas = ctx.setup->partitions[i].replicas;
    if (std::find(replicas.begin(), replicas.end(), self.id) == replicas.end()) continue;
    // One that is added during the run is here as soon as the metadata say so.
    const bool is_here =
        ctx.setup->partitions[i].added_by < 0 || ctx.disk->Exists(LogFile(PartitionId{i}));
    if (is_here) scanned += HostReplica(ctx, process, {i}, kind, out);
  }
  process.load_time = ctx.disk->ReadTime(scanned);
}

uint64_t HostReplica(const Context& ctx, Process& process, PartitionId id, LoadKind kind,
                     Effects& out) {
  Partition partition;
  partition.id = id;
  partition.log.partition = id;
  partition.epoch_start = Offset::Unknown();
  // KB:S-42.3: from the segment that holds the recovery point on, which is the whole file here.
  const bool scans = kind == LoadKind::kUnclean;
  const uint64_t bytes = scans ? ctx.disk->Length(LogFile(id)) : 0;
  LoadReplica(ctx, partition, !scans, out);
  SayLoaded(ctx, partition, kind, bytes, out);
  process.partitions.push_back(partition);
  process.index[id] = static_cast<uint8_t>(process.partitions.size());
  return bytes;
}

}  // namespace kafka::broker
