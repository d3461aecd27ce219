// sim/network/latency.h
//
// How long a message takes on a link, as integer tables of quantiles: no distribution functions, no
// floating point.
//
// Models:      a body near the base latency and a heavy tail, since time-outs only interact under
//              one (KB:U-25).
#ifndef SIM_NETWORK_LATENCY_H_
#define SIM_NETWORK_LATENCY_H_

#include <array>
#include <cstdint>

#include "sim/time.h"

namespace sim {

// Multiples of a base latency, in 1/1024, at evenly spaced ranks; between ranks it is linear, so a
// draw takes tens of thousands of values. Rank 0 is the benign end.
struct LatencyRanks {
  static constexpr uint32_t kCount = 65;
  std::array<uint32_t, kCount> scale{};
};

// The base itself, always.
constexpr LatencyRanks FixedRanks() {
  LatencyRanks ranks;
  ranks.scale.fill(1024);
  return ranks;
}
// From 1.0 times the base through a median of 1.1 to a tail of 20 times at the last 1/64.
constexpr LatencyRanks HeavyTailRanks() {
  LatencyRanks ranks;
  for (uint32_t rank = 0; rank < LatencyRanks::kCount; ++rank) {
    // 1.0 to 1.2 over the body, then roughly a power law: base / sqrt(1 - p), in integers.
    const uint32_t body = 1024 + rank * 205 / 64;
    const uint32_t left = 65 - rank;  // 65 ... 1
    ranks.scale[rank] = body + (left <= 16 ? 2048 * (17 - left) / (left * 2 + 6) : 0);
  }
  ranks.scale[LatencyRanks::kCount - 1] = 20 * 1024;
  return ranks;
}

// Which of the tables a link has. A World holds this, and the tables lie outside of it: forks do
// not copy what never changes.
class LinkLatency {
 public:
  static constexpr LinkLatency Fixed() { return LinkLatency(0); }
  static constexpr LinkLatency HeavyTail() { return LinkLatency(1); }

  // `raw`: 64 uniform bits.
  Duration At(Duration base, uint64_t raw) const {
    const uint32_t* const scale = kTables[table_].scale.data() + (raw >> 58);
    const int64_t fraction = static_cast<int64_t>((raw >> 42) & 0xffff);
    const int64_t low = scale[0];
    const int64_t high = scale[1];
    const int64_t blend = low * 65536 + (high - low) * fraction;  // 1/1024, 16 more bits
    // base is below 2^40 ns (18 minutes), blend below 2^32 * ...: the product is kept in 128 bits.
    return Duration{static_cast<int64_t>((static_cast<__int128>(base.ns) * blend) >> 26)};
  }
  friend bool operator==(const LinkLatency&, const LinkLatency&) = default;

 private:
  static constexpr std::array<LatencyRanks, 2> kTables = {FixedRanks(), HeavyTailRanks()};

  explicit constexpr LinkLatency(uint8_t table) : table_(table) {}

  uint8_t table_;
};

}  // namespace sim

#endif  // SIM_NETWORK_LATENCY_H_
