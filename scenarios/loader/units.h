// scenarios/loader/units.h
//
// Durations and sizes as people write them, in integers.
//
// Leaves out:  exponents, thousands separators, several units in one text ("1m30s").
#ifndef SCENARIOS_LOADER_UNITS_H_
#define SCENARIOS_LOADER_UNITS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/time.h"

namespace loader {

constexpr sim::Duration kDurationMax = sim::Seconds(24 * 3600);

// "2ms", "0.3ms", "-5s": a number and ns, us, ms, s, m or h, a whole number of nanoseconds.
// nullopt if it is none, or beyond 24 h either way.
std::optional<sim::Duration> ParseDuration(std::string_view text);

// "100B", "16KiB", "1.5GiB": a number and B, KiB, MiB or GiB, a whole number of bytes up to 2^50.
std::optional<int64_t> ParseSize(std::string_view text);

// For texts that the loader has checked; fatal otherwise.
sim::Duration DurationOf(std::string_view text);
int64_t SizeOf(std::string_view text);

// The shortest exact text in one unit: "300us", "30s". ParseDuration reads it back.
std::string DurationText(sim::Duration duration);

}  // namespace loader

#endif  // SCENARIOS_LOADER_UNITS_H_
