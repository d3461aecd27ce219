// sim/core.h
//
// What every room of the engine shares: the time, the events that are pending, and chance.
//
// Network, faults, hosts and storage each own their records; what they want to happen later is
// pushed here, and here alone is decided what happens next.
// Invariants:  (1) nothing is pending before `now`; (2) insertion numbers are given in order and
//              never reused.
#ifndef SIM_CORE_H_
#define SIM_CORE_H_

#include <array>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "sim/check.h"
#include "sim/choice.h"
#include "sim/event.h"
#include "sim/event_queue.h"
#include "sim/hash.h"
#include "sim/ids.h"
#include "sim/own_work.h"
#include "sim/slab.h"
#include "sim/time.h"
#include "sim/timers.h"

namespace sim {

struct Core {
  SimTime now{};
  uint64_t next_number = 1;
  uint32_t event_count = 0;
  Choices choices;
  EventQueue queue;
  EventSlab slab;
  TimerTable timers;

  EventId last_event() const { return {event_count - 1}; }
  uint64_t NextNumber() { return next_number++; }
  [[gnu::always_inline]] void Push(SimTime at, uint32_t slot) {
    SIM_CHECK(at >= now);
    queue.Push({at, NextNumber(), slot});
  }
  // A slot with an event that the event under way causes; it is not pushed yet. `incarnation`: of
  // the process that must still run then, or 0 if that does not matter.
  template <typename B>
  uint32_t NewEvent(EventKind kind, MachineId machine, uint16_t incarnation, const B& body) {
    static_assert(sizeof(B) <= Event::kInlineBytes && std::has_unique_object_representations_v<B>);
    std::array<uint64_t, EventSlab::kReadable> words{};
    std::memcpy(words.data(), &body, sizeof(B));
    const uint32_t slot = slab.Add(words.data(), sizeof(B));
    Event& event = slab[slot];
    event.kind = kind;
    event.end = 0;
    event.machine = machine;
    event.incarnation = incarnation;
    event.connection = {};
    event.cause = last_event();
    return slot;
  }
  // An event of a kind that only the engine handles.
  void PushOwn(SimTime at, EventKind kind, uint32_t what, uint32_t detail) {
    Push(at, NewEvent(kind, MachineId::None(), 0, OwnWork{what, detail}));
  }
  // Required: the slot holds an event.
  uint64_t HashEvent(uint32_t slot) const;
};

void HashInto(StableHash& hash, const Core& core);

}  // namespace sim

#endif  // SIM_CORE_H_
