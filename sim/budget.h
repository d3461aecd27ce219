// sim/budget.h
//
// How many events a run may have: in a second of virtual time, and in all. A run that needs more
// spins, and ends where it stands; the budget says who spun.
//
// A Budget looks once in a while. When a limit is passed it counts the events that come next, and
// names the commonest: the one under way may be a bystander.
// Invariants:  (1) it changes nothing in a run that stays within it, the digest included;
//              (2) what it decides depends on the run alone.
// Leaves out:  the time that one event takes.
#ifndef SIM_BUDGET_H_
#define SIM_BUDGET_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/event.h"
#include "sim/ids.h"
#include "sim/time.h"

namespace sim {

// Far above what any cluster does: 10^6 messages a second, each in a batch of its own, take some
// 10^7 events.
struct EventLimits {
  uint32_t per_second = 50'000'000;  // of virtual time
  uint32_t in_all = 500'000'000;
  // Timers that are set for the very instant at which they are set. Time does not pass meanwhile.
  uint32_t timers_at_now = 2'000'000;  // in one instant
};

// Why a run ended before its time, and who is at fault.
struct Overrun {
  enum class Limit : uint8_t { kPerSecond, kInAll, kTimersAtNow };
  // What kind of event came again and again.
  struct Source {
    EventKind kind{};
    MachineId machine;  // none: the engine's own
    TimerTag tag;       // kTimer
    friend bool operator==(const Source&, const Source&) = default;
  };
  Limit limit{};
  Source source;
  SimTime at{};
};

class Budget {
 public:
  void SetLimits(const EventLimits& limits) {
    limits_ = limits;
    Plan({}, 0);
  }
  // Nothing has to be asked before the run has so many events.
  uint32_t look_at() const { return look_at_; }
  // After the event with that number. Required: it has reached look_at().
  void Look(SimTime now, uint32_t event_count, const Overrun::Source& event);
  // A timer is set for now.
  void OnTimerAtNow(SimTime now, uint32_t event_count);
  // Set: the run is over.
  const std::optional<Overrun>& overrun() const { return overrun_; }

 private:
  struct Tally {
    Overrun::Source source;
    uint32_t count = 0;
  };
  static constexpr uint32_t kCounted = 1024;

  void Plan(SimTime now, uint32_t event_count);
  void Count(SimTime now, const Overrun::Source& event);

  EventLimits limits_;
  uint32_t look_at_ = std::min(limits_.per_second, limits_.in_all);
  SimTime looked_{};  // the last time
  SimTime instant_{};
  uint32_t timers_at_instant_ = 0;
  std::optional<Overrun::Limit> passed_;
  uint32_t counted_ = 0;
  std::vector<Tally> tallies_;
  std::optional<Overrun> overrun_;
};

}  // namespace sim

#endif  // SIM_BUDGET_H_
