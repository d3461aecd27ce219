#include "sim/network/latency.h"

namespace sim {

LinkLatency FixedLatency() {
  LinkLatency table;
  table.scale.fill(1024);
  return table;
}

LinkLatency HeavyTailLatency() {
  LinkLatency table;
  for (uint32_t rank = 0; rank < LinkLatency::kRanks; ++rank) {
    // 1.0 to 1.2 over the body, then roughly a power law: base / sqrt(1 - p), in integers.
    const uint32_t body = 1024 + rank * 205 / 64;
    const uint32_t left = 65 - rank;  // 65 ... 1
    table.scale[rank] = body + (left <= 16 ? 2048 * (17 - left) / (left * 2 + 6) : 0);
  }
  table.scale[LinkLatency::kRanks - 1] = 20 * 1024;
  return table;
}

}  // namespace sim
