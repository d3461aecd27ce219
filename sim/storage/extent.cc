#include "sim/storage/extent.h"

#include <algorithm>

namespace sim {

void CutExtents(RunPool<Extent>& pool, Run& run, uint64_t length) {
  while (run.count > 0 && pool.Last(run).from >= length) pool.Shorten(run, run.count - 1);
  if (run.count > 0) pool.Last(run).to = std::min(pool.Last(run).to, length);
}

void AppendSlice(RunPool<Extent>& pool, Run& run, std::span<const Extent> list, uint64_t from,
                 uint64_t to) {
  for (const Extent& extent : list) {
    const uint64_t begin = std::max(extent.from, from);
    const uint64_t end = std::min(extent.to, to);
    if (begin >= end) continue;
    const uint64_t source_from =
        extent.source == kZeros ? 0 : extent.source_from + (begin - extent.from);
    AppendBytes(pool, run, begin, end - begin, extent.source, source_from);
  }
}

}  // namespace sim
