#include "model/kafka/ledger/shadow_log.h"

#include <algorithm>

namespace kafka::ledger {
namespace {

using kafka::AppendedId;
using kafka::Offset;

kafka::Offset BaseOf(const TableView& table, const ShadowRun& run) {
  return table.entry(run.ids.first).base();
}
kafka::Offset EndOf(const TableView& table, const ShadowRun& run) {
  return table.EndOf(run.ids.end() - 1);
}

// The first entry of the run whose end is beyond `offset`; run.end() if there is none.
uint32_t FirstBeyond(const TableView& table, IdRange ids, Offset offset) {
  uint32_t low = ids.first;
  uint32_t high = ids.end();
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (table.EndOf(middle) > offset) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

// The last entry of the run that begins at or below `offset`; the first one does. Most are asked
// for near the end, so that the steps grow from there.
uint32_t LastFrom(const TableView& table, IdRange ids, Offset offset) {
  uint32_t high = ids.end();  // begins above; or there is none
  uint32_t low = high - 1;
  const int64_t beyond = (table.entry(low).base() - offset).value;
  if (beyond <= 0) return low;
  // Each entry has a record at least: so many from the end one begins at or below, and where each
  // has one alone, that is it.
  if (beyond < low - ids.first) {
    const uint32_t guess = low - static_cast<uint32_t>(beyond);
    if (table.entry(guess + 1).base() > offset) return guess;
  }
  for (uint32_t step = 1; table.entry(low).base() > offset; step *= 2) {
    high = low;
    low = low - ids.first > step ? low - step : ids.first;
  }
  while (high - low > 1) {
    const uint32_t middle = low + (high - low) / 2;
    (table.entry(middle).base() > offset ? high : low) = middle;
  }
  return low;
}

}  // namespace

bool ShadowLog::HoldsAll(IdRange ids) const {
  if (ids.count == 0) return true;
  const auto covers = [ids](const ShadowRun& run) {
    return run.ids.first <= ids.first && ids.end() <= run.ids.end();
  };
  if (std::any_of(runs.rbegin(), runs.rend(), covers)) return true;
  uint64_t held = 0;  // runs do not overlap: pieces add up
  for (const ShadowRun& run : runs) {
    const uint32_t from = std::max(run.ids.first, ids.first);
    const uint32_t to = std::min(run.ids.end(), ids.end());
    if (from < to) held += to - from;
  }
  return held == ids.count;
}

inline void ShadowLog::Extend(const TableView& table, IdRange ids) {
  const uint32_t last = ids.end() - 1;
  bytes += table.ByteEndOf(last) - table.entry(ids.first).position();
  end = table.EndOf(last);
}

void ShadowLog::Append(const TableView& table, IdRange ids, Offset base) {
  const bool continues = base == end && !runs.empty() && runs.back().ids.end() == ids.first;
  if (!continues) return AppendApart(table, ids);
  runs.back().ids.count += ids.count;
  Extend(table, ids);
}

void ShadowLog::AppendApart(const TableView& table, IdRange ids) {
  runs.push_back({.ids = ids, .file_from = bytes});
  Extend(table, ids);
}

IdRange ShadowLog::CutPiece(const TableView& table, Offset offset) {
  if (end <= offset) return {};
  if (runs.empty()) {
    end = offset;
    return {};
  }
  ShadowRun& run = runs.back();
  const uint32_t keep_to = FirstBeyond(table, run.ids, offset);
  const IdRange cut{.first = keep_to, .count = run.ids.end() - keep_to};
  if (cut.count == 0) {  // what is held ends below: a gap went
    end = EndOf(table, run);
    return {};
  }
  bytes = run.file_from + (table.entry(keep_to).position() - table.entry(run.ids.first).position());
  run.ids.count -= cut.count;
  if (run.ids.count == 0) {
    runs.pop_back();
    end = runs.empty() ? Offset{0} : EndOf(table, runs.back());
  } else {
    end = EndOf(table, run);
  }
  return cut;
}

AppendedId ShadowLog::At(const TableView& table, Offset offset) const {
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
    if (BaseOf(table, *run) > offset) continue;
    const uint32_t id = LastFrom(table, run->ids, offset);
    const bool last = id + 1 == run->ids.end();  // within a run, one ends where the next begins
    return last && table.EndOf(id) <= offset ? AppendedId::None() : AppendedId{id};
  }
  return AppendedId::None();
}

Offset ShadowLog::OffsetAtByte(const TableView& table, uint64_t size) const {
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
    if (run->file_from > size) continue;
    const uint64_t limit = table.entry(run->ids.first).position() + (size - run->file_from);
    uint32_t low = run->ids.first;  // the first entry that ends beyond `limit`
    uint32_t high = run->ids.end();
    while (low < high) {
      const uint32_t middle = low + (high - low) / 2;
      if (table.ByteEndOf(middle) > limit) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low == run->ids.first ? BaseOf(table, *run) : table.EndOf(low - 1);
  }
  return {0};
}

uint64_t ShadowLog::BytesBelow(const TableView& table, Offset offset) const {
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
    if (BaseOf(table, *run) >= offset) continue;
    const uint32_t id = FirstBeyond(table, run->ids, offset);
    const uint64_t to = id == run->ids.end() ? table.ByteEndOf(id - 1) : table.entry(id).position();
    return run->file_from + (to - table.entry(run->ids.first).position());
  }
  return 0;
}

uint32_t FirstMissing(IdRange ids, const ShadowLog& log) {
  if (log.HoldsAll(ids)) return ids.end();
  uint32_t id = ids.first;
  while (id < ids.end() && log.Holds({id})) ++id;
  return id;
}

Offset FirstMissing(const TableView& table, const ShadowLog& prefix, const ShadowLog& log) {
  for (const ShadowRun& run : prefix.runs) {
    const uint32_t missing = FirstMissing(run.ids, log);
    if (missing < run.ids.end()) return table.entry(missing).base();
  }
  return prefix.end;
}

void HashInto(sim::StableHash& hash, const ShadowLog& log) {
  const auto& [runs, end, bytes] = log;
  hash(end, bytes, runs.size());
  for (const ShadowRun& run : runs) hash(run.ids.first, run.ids.count, run.file_from);
}

}  // namespace kafka::ledger
