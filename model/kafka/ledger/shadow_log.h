// model/kafka/ledger/shadow_log.h
//
// What one replica's file of one partition really holds, folded from notes: runs of entries.
//
// It is written apart from model/kafka/log/ on purpose, so that a bug there is not repeated here,
// and it takes what no correct broker does (an append behind a gap, or over what is there).
// Invariants:  (1) runs are in the order of offsets; (2) within a run ids, offsets and bytes are
//              contiguous; (3) what is held is told by ids alone.
// Complexity:  an append is O(1); looking something up costs the number of runs, which is that of
//              leader changes, and the logarithm of its distance from the end.
#ifndef MODEL_KAFKA_LEDGER_SHADOW_LOG_H_
#define MODEL_KAFKA_LEDGER_SHADOW_LOG_H_

#include <cstdint>
#include <vector>

#include "model/kafka/vocabulary/ids.h"
#include "model/kafka/vocabulary/records.h"
#include "sim/hash.h"

namespace kafka::ledger {

// Entries [first, first + count) of a partition's table.
struct IdRange {
  uint32_t first = 0;
  uint32_t count = 0;

  constexpr bool contains(kafka::AppendedId id) const { return id.value - first < count; }
  constexpr uint32_t end() const { return first + count; }
  friend constexpr bool operator==(const IdRange&, const IdRange&) = default;
};

struct ShadowRun {
  IdRange ids;
  uint64_t file_from = 0;  // where its first byte stands in the file

  friend constexpr bool operator==(const ShadowRun&, const ShadowRun&) = default;
};

// A partition's table of appends, for as long as nothing is added to it.
class TableView {
 public:
  TableView(const kafka::Tables* tables, kafka::PartitionId partition)
      : entries_(tables->appended[partition.value].entries.data()),
        batches_(tables->batches.data()) {}

  const kafka::Appended& entry(uint32_t id) const { return entries_[id]; }
  const kafka::Batch& batch(uint32_t id) const { return batches_[entry(id).batch.value]; }
  kafka::Offset EndOf(uint32_t id) const {
    return entry(id).base() + kafka::RecordCount{batch(id).count};
  }
  uint64_t ByteEndOf(uint32_t id) const { return entry(id).position() + batch(id).bytes; }

 private:
  const kafka::Appended* entries_;
  const kafka::Batch* batches_;
};

struct ShadowLog {
  std::vector<ShadowRun> runs;
  kafka::Offset end{0};
  uint64_t bytes = 0;

  bool Holds(kafka::AppendedId id) const {
    for (size_t run = runs.size(); run > 0; --run) {
      if (runs[run - 1].ids.contains(id)) return true;
    }
    return false;
  }
  // Every entry of `ids`.
  bool HoldsAll(IdRange ids) const;
  // Appends entries whose first stands at `base`. Required: nothing at or above `base` is held.
  void Append(const TableView& table, IdRange ids, kafka::Offset base);
  // Takes away the last piece that reaches beyond `offset`; an entry that crosses it goes. Count 0:
  // there was none, and `end` is at most `offset` now. Call it until then.
  IdRange CutPiece(const TableView& table, kafka::Offset offset);

  // The one that ends at `end`, or none.
  kafka::AppendedId Last() const {
    return runs.empty() ? kafka::AppendedId::None() : kafka::AppendedId{runs.back().ids.end() - 1};
  }
  // The entry at `offset`, or none.
  kafka::AppendedId At(const TableView& table, kafka::Offset offset) const;
  // The end of the last whole entry within the first `size` bytes.
  kafka::Offset OffsetAtByte(const TableView& table, uint64_t size) const;
  // Bytes of the file below `offset`, at entry boundaries.
  uint64_t BytesBelow(const TableView& table, kafka::Offset offset) const;

  friend bool operator==(const ShadowLog&, const ShadowLog&) = default;

 private:
  [[gnu::noinline]] void AppendApart(const TableView& table, IdRange ids);  // in a run of its own
  void Extend(const TableView& table, IdRange ids);
};

// The first of those entries that `log` does not hold; ids.end() if it holds all.
uint32_t FirstMissing(IdRange ids, const ShadowLog& log);
// The first offset at which `log` does not hold what `prefix` holds; prefix.end if it holds all.
kafka::Offset FirstMissing(const TableView& table, const ShadowLog& prefix, const ShadowLog& log);

void HashInto(sim::StableHash& hash, const ShadowLog& log);

}  // namespace kafka::ledger

#endif  // MODEL_KAFKA_LEDGER_SHADOW_LOG_H_
