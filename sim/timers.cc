#include "sim/timers.h"

#include "sim/check.h"
#include "sim/hash.h"

namespace sim {
namespace {

void Disarm(TimerTable::Timer& timer) {
  timer.deadline = Never<SimTime>();
  timer.parked = 0;
}

}  // namespace

void TimerTable::Index(uint32_t timer) {
  const uint64_t key = KeyOf(timers_[timer].machine, timers_[timer].tag);
  uint64_t at = PlaceOf(key);
  while (index_[at] != 0) at = (at + 1) & (index_.size() - 1);
  index_[at] = key | (timer + 1);
}

void TimerTable::GrowIndex() {
  index_.assign(index_.empty() ? 128 : 2 * index_.size(), 0);
  for (uint32_t timer = 0; timer < timers_.size(); ++timer) Index(timer);
}

uint32_t TimerTable::Add(MachineId machine, TimerTag tag) {
  if (2 * (timers_.size() + 1) > index_.size()) GrowIndex();
  const auto timer = static_cast<uint32_t>(timers_.size());
  SIM_CHECK(timer < kTimersMax);
  timers_.push_back(Timer{.machine = machine, .tag = tag, .cause = {}});
  Index(timer);
  return timer;
}

void TimerTable::Set(MachineId machine, TimerTag tag, SimTime deadline, uint64_t number,
                     EventId cause, EventQueue& queue) {
  const uint32_t slot = FindOrAdd(machine, tag);
  Timer& timer = timers_[slot];
  timer.deadline = deadline;
  timer.number = number;
  timer.cause = cause;
  timer.parked = 0;
  if (timer.near_time <= deadline) return;  // pops early, and re-pushes then
  // A third entry would be forgotten and pop as an orphan; two cover near-then-far use.
  timer.far_time = timer.near_time;
  timer.far_number = timer.near_number;
  timer.near_time = deadline;
  timer.near_number = number;
  queue.Push({deadline, number, kSlotBase + slot});
}

void TimerTable::Cancel(MachineId machine, TimerTag tag) {
  Disarm(timers_[FindOrAdd(machine, tag)]);
}

void TimerTable::Park(MachineId machine, TimerTag tag, uint64_t number) {
  timers_[FindOrAdd(machine, tag)].parked = number;
}

bool TimerTable::Unpark(MachineId machine, TimerTag tag, uint64_t number) {
  Timer& timer = timers_[FindOrAdd(machine, tag)];
  if (timer.parked != number) return false;
  timer.parked = 0;
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
  const bool near = timer.near_time == key.time() && timer.near_number == key.number();
  const bool far = timer.far_time == key.time() && timer.far_number == key.number();
  if (near) {
    timer.near_time = timer.far_time;
    timer.near_number = timer.far_number;
  }
  if (near || far) timer.far_time = Never<SimTime>();
  if (timer.deadline == key.time() && timer.number == key.number()) {
    timer.deadline = Never<SimTime>();
    return &timer;
  }
  if (timer.deadline != Never<SimTime>() && timer.near_time > timer.deadline) {
    timer.far_time = timer.near_time;
    timer.far_number = timer.near_number;
    timer.near_time = timer.deadline;
    timer.near_number = timer.number;
    queue.Push({timer.deadline, timer.number, kSlotBase + slot});
  }
  return nullptr;
}

void TimerTable::Clear() {
  timers_.clear();
  index_.assign(index_.size(), 0);
}

}  // namespace sim
