// The leader epochs of a log: where each begins, and where it ends for one who asks.
#include <algorithm>

#include "model/kafka/log/log.h"

namespace kafka {

bool Assign(EpochCache& cache, LeaderEpoch epoch, Offset start) {
  auto& entries = cache.entries;
  if (!entries.empty() && entries.back().epoch == epoch && start >= entries.back().start) {
    return false;
  }
  // KB:R-55: also when the epoch is lower than the latest; the append path answers for that.
  while (!entries.empty() && (entries.back().epoch >= epoch || entries.back().start >= start)) {
    entries.pop_back();
  }
  entries.push_back({epoch, start});
  return true;
}

EpochEnd EndOffsetFor(const EpochCache& cache, LeaderEpoch epoch, Offset log_end) {
  const auto& entries = cache.entries;
  if (epoch.value < 0 || entries.empty()) return {};
  if (epoch == entries.back().epoch) return {epoch, log_end};
  const auto higher =
      std::partition_point(entries.begin(), entries.end(),
                           [epoch](const EpochEntry& entry) { return entry.epoch <= epoch; });
  if (higher == entries.end()) return {};
  if (higher == entries.begin()) return {epoch, higher->start};
  return {(higher - 1)->epoch, higher->start};
}

void TruncateFromEnd(EpochCache& cache, Offset offset) {
  while (!cache.entries.empty() && cache.entries.back().start >= offset) cache.entries.pop_back();
}

LeaderEpoch Latest(const EpochCache& cache) {
  return cache.entries.empty() ? LeaderEpoch{} : cache.entries.back().epoch;
}

void HashInto(sim::StableHash& hash, const EpochEntry& entry) {
  const auto& [epoch, start] = entry;
  hash(epoch, start);
}
void HashInto(sim::StableHash& hash, const EpochCache& cache) {
  const auto& [entries] = cache;
  hash(entries);
}

}  // namespace kafka
