// A replica's log as runs of entries: reading, cutting, and what recovery makes of a file.
#include "model/kafka/log/log.h"

#include <algorithm>

#include "sim/check.h"

namespace kafka {
namespace {

const AppendedTable& TableOf(const Tables& tables, const Log& log) {
  return tables.appended[log.partition.value];
}
Offset BaseOf(const Tables& tables, const Log& log, uint32_t id) {
  return TableOf(tables, log).entries[id].base();
}
Offset EndOfEntry(const Tables& tables, const Log& log, uint32_t id) {
  return tables.EndOf(log.partition, {id});
}
// Where an entry's bytes begin in the partition's payload stream; one past the last entry: its end.
uint64_t PositionOf(const AppendedTable& table, uint32_t id) {
  return id < table.entries.size() ? table.entries[id].position() : table.bytes;
}
uint64_t BytesOfRun(const AppendedTable& table, Run run) {
  return PositionOf(table, run.first.value + run.count) - PositionOf(table, run.first.value);
}
// How many entries of the run begin below `offset`. Most are asked for near the end, so that the
// steps grow from there.
uint32_t BeginningBelow(const AppendedTable& table, Run run, Offset offset) {
  const Appended* entries = table.entries.data() + run.first.value;
  uint32_t high = run.count;  // begins at or above; or there is none
  uint32_t low = high;        // all before it begin below
  for (uint32_t step = 1; low > 0 && entries[low - 1].base() >= offset; step *= 2) {
    high = low - 1;
    low = high > step ? high - step : 0;
  }
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (entries[middle].base() < offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
// The run that holds `offset`, from the end, where most readers are; runs.size(): none.
size_t RunHolding(const Tables& tables, const Log& log, Offset offset) {
  if (offset >= log.end || offset < Offset{0}) return log.runs.size();
  size_t index = log.runs.size();
  while (index > 0 && BaseOf(tables, log, log.runs[index - 1].first.value) > offset) --index;
  return index == 0 ? log.runs.size() : index - 1;
}
// Index in its run of the entry that holds `offset`.
uint32_t EntryInRun(const AppendedTable& table, Run run, Offset offset) {
  return BeginningBelow(table, run, offset + RecordCount{1}) - 1;
}
void SetEnd(const Tables& tables, Log& log) {
  const Run* last = log.runs.empty() ? nullptr : &log.runs.back();
  log.end =
      last == nullptr ? Offset{0} : EndOfEntry(tables, log, last->first.value + last->count - 1);
}

}  // namespace

void Append(const Tables& tables, Log& log, Run run) {
  if (run.count == 0) return;
  const AppendedTable& table = TableOf(tables, log);
  const Appended& last_entry = table.entries[run.first.value + run.count - 1];
  SIM_CHECK(table.entries[run.first.value].base() == log.end);
  log.end = last_entry.base() + RecordCount{tables[last_entry.batch].count};
  log.bytes += BytesOfRun(table, run);
  if (!log.runs.empty()) {
    Run& last = log.runs.back();
    if (last.first.value + last.count == run.first.value) {
      last.count += run.count;
      return;
    }
  }
  log.runs.push_back(run);
}

Run ReadFrom(const Tables& tables, const Log& log, Offset offset, Offset limit,
             uint64_t bytes_max) {
  const size_t index = RunHolding(tables, log, offset);
  if (index == log.runs.size()) return {};
  const AppendedTable& table = TableOf(tables, log);
  const Run run = log.runs[index];
  const uint32_t skipped = EntryInRun(table, run, offset);
  const uint32_t first = run.first.value + skipped;
  uint32_t last = run.first.value + run.count;  // exclusive
  if (limit < log.end) {
    last = run.first.value + BeginningBelow(table, run, limit);
    if (last > first && EndOfEntry(tables, log, last - 1) > limit) --last;
  }
  if (last <= first) return {};
  const uint64_t from = PositionOf(table, first);
  if (PositionOf(table, last) - from > bytes_max) {
    const auto begin = table.entries.begin();
    const auto beyond = std::partition_point(
        begin + first + 1, begin + last,
        [&](const Appended& entry) { return entry.position() - from <= bytes_max; });
    // `beyond` is the first entry that begins past the limit; the one before it crosses it.
    last = std::max(first + 1, static_cast<uint32_t>(beyond - begin) - 1);
  }
  return {{first}, last - first};
}

uint64_t TruncateTo(const Tables& tables, Log& log, Offset offset) {
  const AppendedTable& table = TableOf(tables, log);
  while (log.end > offset) {
    Run& run = log.runs.back();
    uint32_t kept = BeginningBelow(table, run, offset);
    if (kept > 0 && EndOfEntry(tables, log, run.first.value + kept - 1) > offset) --kept;
    log.bytes -= BytesOfRun(table, {{run.first.value + kept}, run.count - kept});
    run.count = kept;
    if (kept == 0) log.runs.pop_back();
    SetEnd(tables, log);
  }
  return log.bytes;
}

AppendedId LastEntry(const Log& log) {
  if (log.runs.empty()) return AppendedId::None();
  return {log.runs.back().first.value + log.runs.back().count - 1};
}

AppendedId EntryAt(const Tables& tables, const Log& log, Offset offset) {
  const size_t index = RunHolding(tables, log, offset);
  if (index == log.runs.size()) return AppendedId::None();
  const Run run = log.runs[index];
  return {run.first.value + EntryInRun(TableOf(tables, log), run, offset)};
}

uint64_t BytesBelow(const Tables& tables, const Log& log, Offset offset) {
  if (offset >= log.end) return log.bytes;
  const AppendedTable& table = TableOf(tables, log);
  uint64_t bytes = 0;
  for (const Run& run : log.runs) {
    const uint32_t below = BeginningBelow(table, run, offset);
    // The entry that holds `offset` begins below it and is not below it as a whole.
    const bool crosses = below > 0 && EndOfEntry(tables, log, run.first.value + below - 1) > offset;
    bytes += BytesOfRun(table, {run.first, crosses ? below - 1 : below});
    if (below < run.count) break;
  }
  return bytes;
}

Offset OffsetAtByte(const Tables& tables, const Log& log, uint64_t bytes) {
  if (bytes >= log.bytes) return log.end;
  const AppendedTable& table = TableOf(tables, log);
  for (const Run& run : log.runs) {
    const uint64_t size = BytesOfRun(table, run);
    if (bytes >= size) {
      bytes -= size;
      continue;
    }
    const uint64_t target = PositionOf(table, run.first.value) + bytes;
    const auto begin = table.entries.begin() + run.first.value;
    const auto beyond = std::partition_point(begin, begin + run.count, [&](const Appended& entry) {
      return entry.position() <= target;
    });
    // The last entry that begins at or before the cut does not end before it.
    return (beyond - 1)->base();
  }
  return log.end;
}

Log RecoverFrom(const Tables& tables, PartitionId partition, std::span<const sim::Extent> extents) {
  Log log;
  log.partition = partition;
  const AppendedTable& table = TableOf(tables, log);
  uint64_t whole = 0;  // the file's bytes [0, whole) are whole entries
  for (const sim::Extent& extent : extents) {
    if (extent.from != whole || extent.source != partition.value) break;
    const uint64_t stream_end = extent.source_from + (extent.to - extent.from);
    const auto begin = table.entries.begin();
    const auto entry = std::partition_point(
        begin, table.entries.end(),
        [&](const Appended& candidate) { return candidate.position() < extent.source_from; });
    if (entry == table.entries.end() || entry->position() != extent.source_from) break;
    Run run{{static_cast<uint32_t>(entry - begin)}, 0};
    Offset end = log.end;
    for (uint32_t id = run.first.value; id < table.entries.size(); ++id, ++run.count) {
      if (PositionOf(table, id + 1) > stream_end || table.entries[id].base() != end) break;
      end = EndOfEntry(tables, log, id);
    }
    Append(tables, log, run);
    whole = log.bytes;
    if (whole != extent.to) break;  // torn, or not contiguous in offsets
  }
  return log;
}

void HashInto(sim::StableHash& hash, const Run& run) {
  const auto& [first, count] = run;
  hash(first, count);
}
void HashInto(sim::StableHash& hash, const Log& log) {
  const auto& [partition, runs, end, bytes] = log;
  hash(partition, runs, end, bytes);
}

}  // namespace kafka
