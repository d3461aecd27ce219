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
    TimerTag tag;
    EventId cause;
    SimTime deadline = Never<SimTime>();  // Never: not armed
    uint64_t number = 0;                  // insertion number of the Set that armed it
    // The two physical entries that are remembered; Never: none.
    SimTime near_time = Never<SimTime>();
    uint64_t near_number = 0;
    SimTime far_time = Never<SimTime>();
    uint64_t far_number = 0;
    // Expired while its process was paused; nonzero: it fires when that number has its turn.
    uint64_t parked = 0;

    friend bool operator==(const Timer&, const Timer&) = default;
  };

  void Set(MachineId machine, TimerTag tag, SimTime deadline, uint64_t number, EventId cause,
           EventQueue& queue);
  void Cancel(MachineId machine, TimerTag tag);
  void CancelRole(MachineId machine, uint8_t role);
  void CancelAll(MachineId machine);

  // A queue entry of a timer has been popped. Returns the timer if it fires now (and disarms it),
  // otherwise null, re-pushing if the deadline lies ahead. Valid until the next call.
  const Timer* OnPop(QueueKey key, EventQueue& queue);

  // A timer that OnPop has just returned does not fire yet: it stays, to be set anew or cancelled.
  void Park(MachineId machine, TimerTag tag, uint64_t number);
  // True, once, if it still waits under that number.
  bool Unpark(MachineId machine, TimerTag tag, uint64_t number);

  void Clear();
  const std::vector<Timer>& timers() const { return timers_; }
  friend bool operator==(const TimerTable&, const TimerTable&) = default;

 private:
  // Open addressing; an entry is machine 16 | tag 32 | timer + 1 in 16 bits, so that a probe is one
  // load. 0 is empty.
  static constexpr uint32_t kTimersMax = 0xffff;
  static constexpr uint64_t KeyOf(MachineId machine, TimerTag tag) {
    return uint64_t{machine.value} << 48 | uint64_t{tag.packed()} << 16;
  }
  uint64_t PlaceOf(uint64_t key) const { return MulFold(key, kMix0) & (index_.size() - 1); }
  uint32_t FindOrAdd(MachineId machine, TimerTag tag) {
    const uint64_t key = KeyOf(machine, tag);
    if (!index_.empty()) [[likely]] {
      for (uint64_t at = PlaceOf(key); index_[at] != 0; at = (at + 1) & (index_.size() - 1)) {
        if ((index_[at] ^ key) <= kTimersMax) return static_cast<uint32_t>(index_[at] & 0xffff) - 1;
      }
    }
    return Add(machine, tag);
  }
  uint32_t Add(MachineId machine, TimerTag tag);
  void Index(uint32_t timer);
  void GrowIndex();

  std::vector<Timer> timers_;
  std::vector<uint64_t> index_;
};

}  // namespace sim

#endif  // SIM_TIMERS_H_
