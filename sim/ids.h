// sim/ids.h
//
// Strong ids: small dense numbers that cannot be mixed up with each other.
#ifndef SIM_IDS_H_
#define SIM_IDS_H_

#include <compare>
#include <cstdint>
#include <limits>

namespace sim {

// `Tag` only makes the type distinct. kNone is "no such thing" and compares greater than any id.
template <typename Tag, typename Rep = uint32_t>
struct Id {
  using Representation = Rep;
  static constexpr Rep kNone = std::numeric_limits<Rep>::max();

  Rep value = kNone;

  static constexpr Id None() { return {}; }
  constexpr bool exists() const { return value != kNone; }
  friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

using HostId = Id<struct HostTag, uint16_t>;
using MachineId = Id<struct MachineTag, uint16_t>;  // one process; dense over a World
using EventId = Id<struct EventTag, uint32_t>;      // counts executed events, in order
using FileId = Id<struct FileTag, uint16_t>;        // a file of one host

}  // namespace sim

#endif  // SIM_IDS_H_
