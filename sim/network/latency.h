// sim/network/latency.h
//
// How long a message takes on a link, as an integer table of quantiles: no distribution functions,
// no floating point.
//
// Models:  a body near the base latency and a heavy tail, since time-outs only interact under one
// (KB:U-25).
#ifndef SIM_NETWORK_LATENCY_H_
#define SIM_NETWORK_LATENCY_H_

#include <array>
#include <cstdint>

#include "sim/time.h"

namespace sim {

// Multiples of the base latency, in 1/1024, at evenly spaced ranks; between ranks it is linear, so
// a draw takes tens of thousands of values. Rank 0 is the benign end.
struct LinkLatency {
  static constexpr uint32_t kRanks = 65;
  std::array<uint32_t, kRanks> scale{};

  // `raw`: 64 uniform bits.
  Duration At(Duration base, uint64_t raw) const {
    const uint64_t rank = raw >> 58;
    const int64_t fraction = static_cast<int64_t>((raw >> 42) & 0xffff);
    const int64_t low = scale[rank];
    const int64_t high = scale[rank + 1];
    const int64_t blend = low * 65536 + (high - low) * fraction;  // 1/1024, 16 more bits
    // base is below 2^40 ns (18 minutes), blend below 2^32 * ...: the product is kept in 128 bits.
    return Duration{static_cast<int64_t>((static_cast<__int128>(base.ns) * blend) >> 26)};
  }
  friend bool operator==(const LinkLatency&, const LinkLatency&) = default;
};

// The base itself, always.
LinkLatency FixedLatency();
// From 1.0 times the base through a median of 1.1 to a tail of 20 times at the last 1/64.
LinkLatency HeavyTailLatency();

}  // namespace sim

#endif  // SIM_NETWORK_LATENCY_H_
