// sim/network/config.h
//
// Figures of the network: a latency class for each pair of host classes.
//
// Models:      a base latency, how it is spread (latency.h), and the bandwidth of the sender's
//              side.
// Leaves out:  loss of packets: a lost segment is one of the latencies in the tail.
#ifndef SIM_NETWORK_CONFIG_H_
#define SIM_NETWORK_CONFIG_H_

#include <array>
#include <cstdint>

#include "sim/network/latency.h"
#include "sim/time.h"

namespace sim {

struct LatencyClass {
  Duration base = Microseconds(300);
  LinkLatency table = LinkLatency::Fixed();
  uint64_t bytes_per_second = 0;  // 0: unlimited

  friend bool operator==(const LatencyClass&, const LatencyClass&) = default;
};

struct NetworkConfig {
  static constexpr uint32_t kHostClasses = 4;
  std::array<LatencyClass, kHostClasses * kHostClasses> classes;  // [from][to]

  LatencyClass& Between(uint8_t from, uint8_t to) { return classes[from * kHostClasses + to]; }
  friend bool operator==(const NetworkConfig&, const NetworkConfig&) = default;
};

}  // namespace sim

#endif  // SIM_NETWORK_CONFIG_H_
