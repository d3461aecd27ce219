#include "sim/timers.h"

#include <algorithm>

#include "sim/check.h"
#include "sim/hash.h"

namespace sim {

void TimerTable::Index(uint32_t timer) {
  uint64_t at = PlaceOf(timers_[timer].machine, timers_[timer].tag);
  while (index_[at] != 0) at = (at + 1) & (index_.size() - 1);
  index_[at] = static_cast<uint16_t>(timer + 1);
}

void TimerTable::GrowIndex() {
  index_.assign(2 * index_.size(), 0);
  --shift_;
  for (uint32_t timer = 0; timer < timers_.size(); ++timer) Index(timer);
}

uint32_t TimerTable::Add(MachineId machine, TimerTag tag) {
  if (3 * (timers_.size() + 1) > index_.size()) GrowIndex();
  const auto timer = static_cast<uint32_t>(timers_.size());
  SIM_CHECK(timer < kTimersMax);
  timers_.push_back(Timer{.machine = machine, .tag = tag, .cause = {}});
  Index(timer);
  return timer;
}

// A third entry would be forgotten and pop as an orphan; two cover near-then-far use.
void TimerTable::Enter(uint32_t slot, EventQueue& queue) {
  Timer& timer = timers_[slot];
  timer.far = timer.near;
  timer.near = timer.deadline;
  queue.PushTimer({timer.deadline, timer.number, kSlotBase + slot});
}

void TimerTable::Park(MachineId machine, TimerTag tag) {
  timers_[FindOrAdd(machine, tag)].parked = true;
}

bool TimerTable::Unpark(MachineId machine, TimerTag tag, uint64_t number) {
  Timer& timer = timers_[FindOrAdd(machine, tag)];
  if (!timer.parked || timer.number != number) return false;
  timer.parked = false;
  return true;
}

void TimerTable::CancelRole(MachineId machine, uint8_t role) {
  for (Timer& timer : timers_) {
    if (timer.machine == machine && timer.tag.role == role) Disarm(timer);
  }
}

void TimerTable::CancelAll(MachineId machine) {
  for (Timer& timer : timers_) {
    if (timer.machine == machine) Disarm(timer);
  }
}

const TimerTable::Timer* TimerTable::OnPop(QueueKey key, EventQueue& queue) {
  const uint32_t slot = key.slot() - kSlotBase;
  Timer& timer = timers_[slot];
  const bool near = timer.near == key.time();
  const bool far = timer.far == key.time();
  if (near) timer.near = timer.far;
  if (near || far) timer.far = Never<SimTime>();
  if (timer.deadline == key.time() && timer.number == key.number()) {
    timer.deadline = Never<SimTime>();
    return &timer;
  }
  if (timer.deadline != Never<SimTime>() && timer.near > timer.deadline) Enter(slot, queue);
  return nullptr;
}

void TimerTable::Clear() {
  timers_.clear();
  if (index_.empty()) shift_ = kIndexShift;  // moved from
  index_.assign(std::max<size_t>(index_.size(), kIndexMin), 0);
}

}  // namespace sim
