// sim/timers.h
//
// Logical timers over the event queue: setting and cancelling write a deadline, and at most a few
// physical queue entries stand for each.
//
// Invariants:  (1) an armed timer has a queue entry at or before its deadline;
//              (2) it fires exactly at (deadline, insertion number of its own Set);
//              (3) a stale pop is no event: it gets no id and no digest.
// When a deadline moves nearer, the superseded far entry is kept and adopted later; when it moves
// away, the near entry pops early and re-pushes.
#ifndef SIM_TIMERS_H_
#define SIM_TIMERS_H_

#include <cstdint>
#include <vector>

#include "sim/event.h"
#include "sim/event_queue.h"
#include "sim/hash.h"
#include "sim/ids.h"
#include "sim/time.h"

namespace sim {

class TimerTable {
 public:
  // The slots of queue keys at or above this belong to timers.
  static constexpr uint32_t kSlotBase = 1u << (QueueKey::kSlotBits - 1);

  struct Timer {
    MachineId machine;
    bool parked = false;  // expired while its process was paused: fires when `number` has its turn
    TimerTag tag;
    EventId cause;
    SimTime deadline = Never<SimTime>();  // Never: not armed
    uint64_t number = 0;                  // insertion number of the Set that armed it
    // The times of the two queue entries that are remembered, near <= far; Never: none. An entry
    // that was forgotten and pops at such a time is taken for the one remembered: then that one is
    // stale when it pops.
    SimTime near = Never<SimTime>();
    SimTime far = Never<SimTime>();

    friend bool operator==(const Timer&, const Timer&) = default;
  };

  void Set(MachineId machine, TimerTag tag, SimTime deadline, uint64_t number, EventId cause,
           EventQueue& queue) {
    const uint32_t slot = FindOrAdd(machine, tag);
    Timer& timer = timers_[slot];
    timer.deadline = deadline;
    timer.number = number;
    timer.cause = cause;
    timer.parked = false;
    if (timer.near > deadline) Enter(slot, queue);  // else it pops early, and re-pushes then
  }
  void Cancel(MachineId machine, TimerTag tag) { Disarm(timers_[FindOrAdd(machine, tag)]); }
  void CancelRole(MachineId machine, uint8_t role);
  void CancelAll(MachineId machine);

  // A queue entry of a timer has been popped. Returns the timer if it fires now (and disarms it),
  // otherwise null, re-pushing if the deadline lies ahead. Valid until the next call.
  const Timer* OnPop(QueueKey key, EventQueue& queue);

  // A timer that OnPop has just returned does not fire yet: it stays, to be set anew or cancelled.
  void Park(MachineId machine, TimerTag tag);
  // True, once, if it still waits under that number.
  bool Unpark(MachineId machine, TimerTag tag, uint64_t number);

  void Clear();
  const std::vector<Timer>& timers() const { return timers_; }
  friend bool operator==(const TimerTable&, const TimerTable&) = default;

 private:
  // Open addressing; an entry is the timer + 1, and 0 is empty.
  static constexpr uint32_t kTimersMax = 0xffff;
  static constexpr uint32_t kIndexMin = 128;  // at most a third is full: probes are short
  static constexpr uint32_t kIndexShift = 64 - 7;
  uint64_t PlaceOf(MachineId machine, TimerTag tag) const {
    return ((uint64_t{machine.value} << 32 | tag.packed()) * kMix0) >> shift_;
  }
  uint32_t FindOrAdd(MachineId machine, TimerTag tag) {
    for (uint64_t at = PlaceOf(machine, tag);; at = (at + 1) & (index_.size() - 1)) {
      if (index_[at] == 0) return Add(machine, tag);
      const uint32_t slot = index_[at] - 1u;
      if (timers_[slot].tag == tag && timers_[slot].machine == machine) return slot;
    }
  }
  static void Disarm(Timer& timer) {
    timer.deadline = Never<SimTime>();
    timer.parked = false;
  }
  // A queue entry at the deadline of `slot`, which lies before all it has.
  void Enter(uint32_t slot, EventQueue& queue);
  uint32_t Add(MachineId machine, TimerTag tag);
  void Index(uint32_t timer);
  void GrowIndex();

  std::vector<Timer> timers_;
  std::vector<uint16_t> index_ = std::vector<uint16_t>(kIndexMin);
  uint32_t shift_ = kIndexShift;
};

}  // namespace sim

#endif  // SIM_TIMERS_H_
