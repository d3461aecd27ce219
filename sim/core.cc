#include "sim/core.h"

#include "sim/digest.h"

namespace sim {

uint64_t Core::HashEvent(uint32_t slot) const {
  const auto& [kind, end, size, machine, incarnation, connection, cause, next, pool, body] =
      slab[slot];
  static_cast<void>(next);  // a place in the slab, or flags, which the pending events add
  static_cast<void>(pool);  // where the body lies, which is read below
  static_cast<void>(body);
  RunDigest one(end | uint64_t{incarnation} << 8);
  const uint32_t serial = connection.exists() ? connection.serial() : 0xffffffff;
  one.AddEvent({{}, kind, machine, serial, cause, {}}, slab.Body(slab[slot]), size);
  return one.value().low;
}

namespace {

uint64_t HashTimer(const TimerTable::Timer& timer) {
  const auto& [machine, parked, tag, cause, deadline, number, near, far] = timer;
  static_cast<void>(cause);  // of the event that it will be
  static_cast<void>(near);   // queue entries: whether an entry is stale shows when it pops
  static_cast<void>(far);
  return Mix(Mix(machine.value, tag.packed()),
             Mix(static_cast<uint64_t>(deadline.ns) ^ uint64_t{parked}, number));
}

// Sums, since heap layout and slots are in no hash.
uint64_t HashPending(const Core& core) {
  uint64_t sum = 0;
  core.queue.ForEachEvent([&](QueueKey key) {
    sum += Mix(Mix(static_cast<uint64_t>(key.time().ns), key.number()),
               core.HashEvent(key.slot()) ^ core.slab[key.slot()].next);
  });
  for (const TimerTable::Timer& timer : core.timers.timers()) {
    if (timer.deadline != Never<SimTime>() || timer.parked) sum += HashTimer(timer);
  }
  return sum;
}

}  // namespace

void HashInto(StableHash& hash, const Core& core) {
  const auto& [now, next_number, event_count, choices, queue, slab, timers] = core;
  static_cast<void>(queue);  // these three together: what is pending
  static_cast<void>(slab);
  static_cast<void>(timers);
  hash(now, next_number, event_count, choices, HashPending(core));
}

}  // namespace sim
