// sim/storage/extent.h
//
// What a stretch of a file holds, without its bytes: a stretch of some opaque payload stream.
//
// Invariants:  a list of extents starts at 0, has no gaps, no empty extent, and no two neighbours
//              that could be one: a log that was only ever appended to is one extent.
#ifndef SIM_STORAGE_EXTENT_H_
#define SIM_STORAGE_EXTENT_H_

#include <compare>
#include <cstdint>
#include <span>

#include "sim/hash.h"
#include "sim/storage/run_pool.h"

namespace sim {

// The stream that zeros come from. Position in it means nothing: always 0.
constexpr uint64_t kZeros = ~0ull;

// The file's range [from, to) holds bytes [source_from, source_from + to - from) of stream
// `source`.
struct Extent {
  uint64_t from = 0;
  uint64_t to = 0;
  uint64_t source = kZeros;
  uint64_t source_from = 0;

  friend constexpr auto operator<=>(const Extent&, const Extent&) = default;
};

constexpr bool Continues(const Extent& left, uint64_t source, uint64_t source_from) {
  if (left.source != source) return false;
  return source == kZeros || left.source_from + (left.to - left.from) == source_from;
}

// Appends `bytes` of the stream to the list, whose end is `end`.
inline void AppendBytes(RunPool<Extent>& pool, Run& run, uint64_t end, uint64_t bytes,
                        uint64_t source, uint64_t source_from) {
  if (bytes == 0) return;
  if (run.count > 0) {
    Extent& last = pool.Last(run);
    if (Continues(last, source, source_from)) [[likely]] {
      last.to += bytes;
      return;
    }
  }
  pool.PushBack(run, {end, end + bytes, source, source == kZeros ? 0 : source_from});
}

// Keeps [0, length).
void CutExtents(RunPool<Extent>& pool, Run& run, uint64_t length);

// Appends what `list` holds in [from, to) to `run`, whose end is `from`. Required: `list` does not
// lie in `pool`, and reaches to `to`.
void AppendSlice(RunPool<Extent>& pool, Run& run, std::span<const Extent> list, uint64_t from,
                 uint64_t to);

inline uint64_t ExtentsEnd(std::span<const Extent> list) {
  return list.empty() ? 0 : list.back().to;
}

inline void HashInto(StableHash& hash, const Extent& extent) {
  const auto& [from, to, source, source_from] = extent;
  hash(from, to, source, source_from);
}

}  // namespace sim

#endif  // SIM_STORAGE_EXTENT_H_
