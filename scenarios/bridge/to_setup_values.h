// scenarios/bridge/to_setup_values.h
//
// Kafka's values in the model's units.
#ifndef SCENARIOS_BRIDGE_TO_SETUP_VALUES_H_
#define SCENARIOS_BRIDGE_TO_SETUP_VALUES_H_

#include <algorithm>
#include <cstdint>
#include <limits>

#include "scenarios/kafka_config/configuration.h"
#include "sim/time.h"

namespace bridge {

// What is too long for a clock is for ever.
inline sim::Duration MillisecondsFrom(int64_t ms) {
  return ms >= sim::kForever.ns / 1'000'000 ? sim::kForever : sim::Milliseconds(ms);
}
// Null too.
inline sim::Duration MillisecondsOf(const kafka_config::EffectiveSetting& setting) {
  return setting.IsNull() ? sim::kForever : MillisecondsFrom(setting.Int64());
}

inline uint32_t Unsigned32Of(const kafka_config::EffectiveSetting& setting) {
  return static_cast<uint32_t>(
      std::clamp<int64_t>(setting.Int64(), 0, std::numeric_limits<uint32_t>::max()));
}

}  // namespace bridge

#endif  // SCENARIOS_BRIDGE_TO_SETUP_VALUES_H_
