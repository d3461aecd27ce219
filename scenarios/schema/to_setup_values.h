// scenarios/schema/to_setup_values.h
//
// Kafka's values in the model's units.
#ifndef SCENARIOS_SCHEMA_TO_SETUP_VALUES_H_
#define SCENARIOS_SCHEMA_TO_SETUP_VALUES_H_

#include <algorithm>
#include <cstdint>
#include <limits>

#include "scenarios/schema/configuration.h"
#include "sim/time.h"

namespace schema {

// Null, and what is too long for a clock, is for ever.
inline sim::Duration MillisecondsOf(const EffectiveSetting& setting) {
  if (setting.IsNull()) return sim::kForever;
  const int64_t ms = setting.Int64();
  return ms >= sim::kForever.ns / 1'000'000 ? sim::kForever : sim::Milliseconds(ms);
}

inline uint32_t Unsigned32Of(const EffectiveSetting& setting) {
  return static_cast<uint32_t>(
      std::clamp<int64_t>(setting.Int64(), 0, std::numeric_limits<uint32_t>::max()));
}

}  // namespace schema

#endif  // SCENARIOS_SCHEMA_TO_SETUP_VALUES_H_
