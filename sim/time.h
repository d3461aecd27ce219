// sim/time.h
//
// Points in time and the distance between them, in integer nanoseconds.
//
// Three kinds of points, which do not mix: SimTime (what the engine, the ledger and the invariants
// see), MonoTime and WallTime (the two clocks of a host, which is all that a machine may see).
// Invariants:  Duration is the only thing that can be added to a point; a point minus a point of
//              the same kind is a Duration; comparing points of two kinds does not compile.
#ifndef SIM_TIME_H_
#define SIM_TIME_H_

#include <compare>
#include <cstdint>
#include <limits>

namespace sim {

struct Duration {
  int64_t ns = 0;

  friend constexpr auto operator<=>(const Duration&, const Duration&) = default;
  constexpr Duration& operator+=(Duration other) { return ns += other.ns, *this; }
  friend constexpr Duration operator+(Duration a, Duration b) { return {a.ns + b.ns}; }
  friend constexpr Duration operator-(Duration a, Duration b) { return {a.ns - b.ns}; }
  friend constexpr Duration operator*(Duration a, int64_t times) { return {a.ns * times}; }
  friend constexpr Duration operator/(Duration a, int64_t parts) { return {a.ns / parts}; }
};

constexpr Duration Nanoseconds(int64_t n) { return {n}; }
constexpr Duration Microseconds(int64_t n) { return {n * 1'000}; }
constexpr Duration Milliseconds(int64_t n) { return {n * 1'000'000}; }
constexpr Duration Seconds(int64_t n) { return {n * 1'000'000'000}; }
constexpr Duration kForever{std::numeric_limits<int64_t>::max() / 4};

// A point on the clock that `Clock` names. Counted from the start of the run (SimTime, MonoTime) or
// from an arbitrary epoch (WallTime).
template <typename Clock>
struct Point {
  int64_t ns = 0;

  friend constexpr auto operator<=>(const Point&, const Point&) = default;
  friend constexpr Point operator+(Point p, Duration d) { return {p.ns + d.ns}; }
  friend constexpr Point operator-(Point p, Duration d) { return {p.ns - d.ns}; }
  friend constexpr Duration operator-(Point a, Point b) { return {a.ns - b.ns}; }
};

using SimTime = Point<struct SimClock>;
using MonoTime = Point<struct MonoClock>;
using WallTime = Point<struct WallClock>;

// Later than any event of any run.
template <typename P>
constexpr P Never() {
  return P{std::numeric_limits<int64_t>::max() / 2};
}

}  // namespace sim

#endif  // SIM_TIME_H_
