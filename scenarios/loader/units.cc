#include "scenarios/loader/units.h"

#include <iterator>
#include <span>

#include "sim/check.h"

namespace loader {
namespace {

struct Unit {
  std::string_view name;
  int64_t factor;
};

constexpr Unit kTimes[] = {{"ns", 1},
                           {"us", 1'000},
                           {"ms", 1'000'000},
                           {"s", 1'000'000'000},
                           {"m", 60'000'000'000},
                           {"h", 3'600'000'000'000}};
constexpr Unit kSizes[] = {{"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}};

// Eighteen digits hold any amount below the limits, and their products fit into 128 bits.
constexpr int kDigitsMax = 18;

struct Decimal {
  int64_t digits = 0;   // "1.5" is 15 ...
  int64_t divisor = 1;  // ... over 10
};

// Reads a number off the front of `text`; nullopt unless it is digits[.digits].
std::optional<Decimal> TakeDecimal(std::string_view& text) {
  Decimal number;
  int count = 0;
  bool fraction = false;
  bool digit_last = false;
  for (; !text.empty(); text.remove_prefix(1)) {
    const char c = text.front();
    if (c == '.') {
      if (fraction || !digit_last) return std::nullopt;
      fraction = true;
      digit_last = false;
      continue;
    }
    if (c < '0' || c > '9') break;
    if (++count > kDigitsMax) return std::nullopt;
    number.digits = number.digits * 10 + (c - '0');
    if (fraction) number.divisor *= 10;
    digit_last = true;
  }
  if (!digit_last) return std::nullopt;
  return number;
}

std::optional<int64_t> ParseAmount(std::string_view text, std::span<const Unit> units,
                                   int64_t max) {
  const std::optional<Decimal> number = TakeDecimal(text);
  if (!number) return std::nullopt;
  for (const Unit& unit : units) {
    if (unit.name != text) continue;
    const __int128 scaled = static_cast<__int128>(number->digits) * unit.factor;
    if (scaled % number->divisor != 0) return std::nullopt;
    const __int128 amount = scaled / number->divisor;
    if (amount > max) return std::nullopt;
    return static_cast<int64_t>(amount);
  }
  return std::nullopt;
}

}  // namespace

std::optional<sim::Duration> ParseDuration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::optional<int64_t> amount = ParseAmount(text, kTimes, kDurationMax.ns);
  if (!amount) return std::nullopt;
  return sim::Duration{negative ? -*amount : *amount};
}

std::optional<int64_t> ParseSize(std::string_view text) {
  return ParseAmount(text, kSizes, int64_t{1} << 50);
}

sim::Duration DurationOf(std::string_view text) {
  const std::optional<sim::Duration> duration = ParseDuration(text);
  SIM_CHECK(duration.has_value());
  return *duration;
}

int64_t SizeOf(std::string_view text) {
  const std::optional<int64_t> size = ParseSize(text);
  SIM_CHECK(size.has_value());
  return *size;
}

std::string DurationText(sim::Duration duration) {
  if (duration.ns == 0) return "0s";
  // From seconds downwards: "90s" reads better than "1.5m".
  for (int i = 3; i > 0; --i) {
    if (duration.ns % kTimes[i].factor != 0) continue;
    return std::to_string(duration.ns / kTimes[i].factor) + std::string(kTimes[i].name);
  }
  return std::to_string(duration.ns) + "ns";
}

}  // namespace loader
