// model/kafka/log/log.h
//
// One replica's log of one partition, as runs of entries in the partition's AppendedTable.
//
// Survives:    nothing by itself: the file does, in its host's page cache and medium (sim/storage).
// Invariants:  (1) runs are contiguous in offsets and in file bytes; (2) within a run, ids are
//              contiguous and so are the entries' offsets; (3) end and bytes follow from the runs.
// Leaves out:  segments (one file a replica), indexes, retention, compaction.
#ifndef MODEL_KAFKA_LOG_LOG_H_
#define MODEL_KAFKA_LOG_LOG_H_

#include <cstdint>
#include <span>
#include <vector>

#include "model/kafka/vocabulary/ids.h"
#include "model/kafka/vocabulary/records.h"
#include "sim/storage/extent.h"

namespace kafka {

// Entries [first, first + count) of the partition's table.
struct Run {
  AppendedId first;
  uint32_t count = 0;

  friend bool operator==(const Run&, const Run&) = default;
};

struct Log {
  PartitionId partition;
  std::vector<Run> runs;
  Offset end{0};
  uint64_t bytes = 0;  // length of the file

  friend bool operator==(const Log&, const Log&) = default;
};

// Appends entries [run.first, run.first + run.count). Required: the first one's base is log.end,
// and they are contiguous in offsets.
void Append(const Tables& tables, Log& log, Run run);

// What a fetch at `offset` reads: entries of one run from the one that holds `offset`, up to
// `limit` (exclusive; an entry that crosses it is left out) and about `bytes_max`, but at least one
// entry (KB:R-20). An offset inside an entry returns that whole entry. count 0: nothing to read.
Run ReadFrom(const Tables& tables, const Log& log, Offset offset, Offset limit, uint64_t bytes_max);

// Cuts the log so that log.end <= offset; an entry that crosses `offset` goes. Returns the new file
// length.
uint64_t TruncateTo(const Tables& tables, Log& log, Offset offset);

// None if the log is empty.
AppendedId LastEntry(const Log& log);

// The entry at `offset`, or none if the log does not hold it.
AppendedId EntryAt(const Tables& tables, const Log& log, Offset offset);

// Bytes of the file below `offset`.
uint64_t BytesBelow(const Tables& tables, const Log& log, Offset offset);

// The end of the last whole entry within the first `bytes` of the file: what survives a cut there.
Offset OffsetAtByte(const Tables& tables, const Log& log, uint64_t bytes);

// What recovery makes of a file (KB:S-42): whole entries in order, until the first byte that is not
// the payload's own (zeros, a hole, a foreign piece), contiguous in offsets from 0.
Log RecoverFrom(const Tables& tables, PartitionId partition, std::span<const sim::Extent> extents);

void HashInto(sim::StableHash& hash, const Run& run);
void HashInto(sim::StableHash& hash, const Log& log);

// The leader epochs of a log and where each starts (KB:R-55..R-58).
struct EpochEntry {
  LeaderEpoch epoch;
  Offset start;
  friend bool operator==(const EpochEntry&, const EpochEntry&) = default;
};
struct EpochEnd {
  LeaderEpoch epoch;  // -1: undefined
  Offset end = Offset::Unknown();
};
struct EpochCache {
  std::vector<EpochEntry> entries;
  friend bool operator==(const EpochCache&, const EpochCache&) = default;
};
// Returns true if an entry was added (its checkpoint is then written synchronously, KB:S-33).
bool Assign(EpochCache& cache, LeaderEpoch epoch, Offset start);  // drops what contradicts: KB:R-55
// Where an epoch ends: where the next one of this log begins (KB:R-56).
EpochEnd EndOffsetFor(const EpochCache& cache, LeaderEpoch epoch, Offset log_end);
void TruncateFromEnd(EpochCache& cache, Offset offset);  // entries from it on go: KB:R-57
LeaderEpoch Latest(const EpochCache& cache);             // -1: empty
void HashInto(sim::StableHash& hash, const EpochEntry& entry);
void HashInto(sim::StableHash& hash, const EpochCache& cache);

}  // namespace kafka

#endif  // MODEL_KAFKA_LOG_LOG_H_
