// What becomes of a queue entry: an event now, later, or nothing.
#include <algorithm>

#include "sim/check.h"
#include "sim/engine.h"
#include "sim/own_work.h"

namespace sim {

[[gnu::always_inline]] inline bool Engine::AdmitData(Connection& connection, ConnectionEnd& to,
                                                     const Process& process, uint32_t slot) {
  if (to.state == EndState::kLost) return network_.AnswerReset(core_, connection, slot), false;
  if (to.state != EndState::kOpen) return Drop(slot);
  if (HoldIfPaused(process, slot)) return false;
  if (to.busy) return core_.slab.Append(to.received, slot), false;  // KB:X-1: one request at a time
  to.busy = core_.slab[slot].end == 1;  // no branch: it would be a coin toss
  return true;
}

// An arrival at a kernel. True if the process gets it now; else it was consumed, dropped or parked.
[[gnu::always_inline]] inline bool Engine::AdmitFromNetwork(uint32_t slot, Effects& out) {
  const Event& event = core_.slab[slot];
  Connection* connection = network_.Find(event.connection);
  if (connection == nullptr) return Drop(slot);
  ConnectionEnd& to = connection->ends[event.end];
  const Process& process = processes_[to.machine.value];
  if (!process.life.running && !hosts_[process.host.value].up) {
    to.unheard = true;  // the sender's kernel goes on retransmitting; nobody answers
    return Drop(slot);
  }
  if ((event.next & Event::kHasTurn) != 0) {
    if (to.state != EndState::kOpen) return Drop(slot);
    if (HoldIfPaused(process, slot)) return false;
    to.turn_due = false;
    if (event.kind == EventKind::kDisconnected) return EndConnection(*connection, to, slot, out);
    return true;
  }
  switch (event.kind) {
    case EventKind::kAccepted:
    case EventKind::kConnected:
      return AdmitHandshake(*connection, to, slot);
    case EventKind::kDisconnected:
      return AdmitDisconnected(*connection, to, slot, out);
    default:
      return AdmitData(*connection, to, process, slot);
  }
}

// True if the entry is an event now. Otherwise it was stale, or waits elsewhere for its turn.
[[gnu::always_inline]] inline bool Engine::Admit(QueueKey key, Popped& popped, Effects& out) {
  if (key.slot() >= TimerTable::kSlotBase) return AdmitTimer(key, popped);
  const uint32_t slot = key.slot();
  const EventKind kind = core_.slab[slot].kind;
  if (core_.slab[slot].connection.exists()) {
    if (!AdmitFromNetwork(slot, out)) return false;
  } else if (kind == EventKind::kTimer) {
    return AdmitParkedTimer(slot, popped);
  } else if (kind == EventKind::kStorageWake) {
    OwnWork work;
    std::memcpy(&work, core_.slab.Body(core_.slab[slot]), sizeof(work));
    if (storage_wake_[work.what] != core_.now) return Drop(slot);
    storage_wake_[work.what] = Never<SimTime>();
  } else if (kind == EventKind::kFaultDue) {
    OwnWork work;
    std::memcpy(&work, core_.slab.Body(core_.slab[slot]), sizeof(work));
    if (!faults_.IsDue(work.what, work.detail)) return Drop(slot);
  } else if (kind == EventKind::kFlushDone) {
    if (!AdmitFlush(slot, out)) return false;
  } else if (kind >= EventKind::kStarted) {
    if (!AdmitToProcess(slot)) return false;
  }
  const Event& event = core_.slab[slot];  // the slab may have grown
  last_cause_ = event.cause;
  // Field by field: a temporary would be written in small pieces and read in large ones, which the
  // processor cannot forward (12 ns).
  popped.kind = event.kind;
  popped.machine = event.machine;
  popped.connection = event.connection;
  popped.tag = {};
  popped.slot = slot;
  popped.body = core_.slab.Body(event);
  popped.size = event.size;
  return true;
}

bool Engine::PopNext(SimTime until, Popped& popped, Effects& out) {
  QueueKey key;
  if (budget_.overrun()) [[unlikely]]
    return false;
  while (core_.queue.Pop(until, key)) {
    core_.now = key.time();
    if (!Admit(key, popped, out)) continue;
    ++core_.event_count;
    if (core_.event_count >= budget_.look_at()) [[unlikely]]
      budget_.Look(core_.now, core_.event_count, {popped.kind, popped.machine, popped.tag});
    const uint32_t serial = popped.connection.exists() ? popped.connection.serial() : 0xffffffff;
    digest_.AddEvent(core_.now, popped.kind, popped.machine, serial, last_cause_, popped.tag,
                     popped.body, popped.size);
    return true;
  }
  return false;
}

bool Engine::AdmitTimer(QueueKey key, Popped& popped) {
  const TimerTable::Timer* timer = core_.timers.OnPop(key, core_.queue);
  if (timer == nullptr) return false;
  const MachineId machine = timer->machine;
  last_cause_ = timer->cause;
  const Process& process = processes_[machine.value];
  if (process.life.paused_until > SimTime{} || IsCatchingUp(process)) {
    const ParkedTimer parked{.tag = timer->tag, .number = key.number()};
    core_.timers.Park(machine, parked.tag);
    const EventId cause = timer->cause;
    const uint32_t slot = NewEvent(EventKind::kTimer, machine, parked);
    core_.slab[slot].cause = cause;
    HoldIfPaused(slot);
    return false;
  }
  popped = {.kind = EventKind::kTimer,
            .machine = machine,
            .connection = {},
            .tag = timer->tag,
            .slot = kNoSlot};
  return true;
}

bool Engine::AdmitParkedTimer(uint32_t slot, Popped& popped) {
  if (HoldIfPaused(slot)) return false;
  const Event& event = core_.slab[slot];
  ParkedTimer parked;
  std::memcpy(&parked, core_.slab.Body(event), sizeof(parked));
  if (!core_.timers.Unpark(event.machine, parked.tag, parked.number)) return Drop(slot);
  last_cause_ = event.cause;
  popped = {.kind = EventKind::kTimer,
            .machine = event.machine,
            .connection = {},
            .tag = parked.tag,
            .slot = slot};
  return true;
}

// Becomes Flushed. If who asked is gone, nobody is told, but what the disk did is an event.
bool Engine::AdmitFlush(uint32_t slot, Effects& out) {
  FlushWork work;
  std::memcpy(&work, core_.slab.Body(core_.slab[slot]), sizeof(work));
  reports_.clear();
  const FlushProgress flush =
      storage_[work.host.value].FinishFlush(work.ticket, core_.now, reports_);
  if (!flush.finished) return core_.Push(flush.again, slot), false;
  SayStorage(work.host, out);
  ArmStorage(work.host);
  Event& event = core_.slab[slot];
  const Flushed flushed{.file = work.file, .reserved = 0, .token = work.token};
  std::memcpy(event.body.data(), &flushed, sizeof(flushed));
  event.size = sizeof(flushed);
  if (IsOrphan(event)) {
    event.machine = {};
    return true;
  }
  event.kind = EventKind::kFlushed;
  return !HoldIfPaused(slot);
}

bool Engine::AdmitToProcess(uint32_t slot) {
  if (IsOrphan(core_.slab[slot])) return Drop(slot);
  return !HoldIfPaused(slot);
}

// The process that it is for is gone, or another incarnation runs.
bool Engine::IsOrphan(const Event& event) const {
  const Process& process = processes_[event.machine.value];
  return !process.life.running || event.incarnation != process.incarnation;
}

bool Engine::Hold(uint32_t slot) {
  Event& event = core_.slab[slot];
  Process& process = processes_[event.machine.value];
  const bool is_resumed = (event.next & Event::kResumed) != 0;
  if (IsCatchingUp(process) && !is_resumed) {
    event.next |= Event::kResumed;
    process.life.caught_up_at = process.life.caught_up_at + Nanoseconds(1);
    core_.Push(process.life.caught_up_at, slot);
    return true;
  }
  if (process.life.paused_until <= SimTime{}) return false;
  held_.push_back({event.machine, slot, event.next & Event::kHasTurn});
  return true;
}

void Engine::Pause(MachineId machine, Duration lasts, Effects& out) {
  Process& process = processes_[machine.value];
  if (!process.life.running) return;
  process.life.paused_until = std::max(process.life.paused_until, core_.now + lasts);
  out.SayOf(machine, notes::Paused{.host = process.host, .lasts = lasts});
}

void Engine::Resume(MachineId machine, Effects& out) {
  Process& process = processes_[machine.value];
  if (process.life.paused_until <= SimTime{}) return;
  process.life.paused_until = {};
  out.SayOf(machine, notes::Resumed{.host = process.host});
  size_t kept = 0;
  for (const Held& held : held_) {
    if (held.machine != machine) {
      held_[kept++] = held;
      continue;
    }
    core_.slab[held.slot].next = held.flags | Event::kResumed;
    process.life.caught_up_at = std::max(process.life.caught_up_at, core_.now) + Nanoseconds(1);
    core_.Push(process.life.caught_up_at, held.slot);
  }
  held_.resize(kept);
}

void Engine::DropHeld(MachineId machine) {
  std::erase_if(held_, [&](const Held& held) {
    if (held.machine != machine) return false;
    core_.slab.Free(held.slot);
    return true;
  });
}

}  // namespace sim
