// What becomes of a queue entry: an event now, later, or nothing.
#include <algorithm>

#include "sim/check.h"
#include "sim/engine.h"
#include "sim/own_work.h"

namespace sim {

[[gnu::always_inline]] inline bool Engine::AdmitData(Connection& connection, ConnectionEnd& to,
                                                     const Process& process, uint32_t slot) {
  if (to.state == EndState::kLost) return AnswerReset(connection, slot);
  if (to.state != EndState::kOpen) return Drop(slot);
  if (HoldIfPaused(process, slot)) return false;
  if (to.busy) return Chain(to.received, slot), false;  // KB:X-1: one request at a time
  to.busy = slab_[slot].end == 1;                       // no branch: it would be a coin toss
  return true;
}

// An arrival at a kernel. True if the process gets it now; else it was consumed, dropped or parked.
[[gnu::always_inline]] inline bool Engine::AdmitFromNetwork(uint32_t slot, Effects& out) {
  const Event& event = slab_[slot];
  Connection* connection = Find(event.connection);
  if (connection == nullptr) return Drop(slot);
  ConnectionEnd& to = connection->ends[event.end];
  const Process& process = processes_[to.machine.value];
  if (!process.running && !hosts_[process.host.value].up) {
    to.unheard = true;  // the sender's kernel goes on retransmitting; nobody answers
    return Drop(slot);
  }
  if ((event.next & kHasTurn) != 0) {
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
  const EventKind kind = slab_[slot].kind;
  if (slab_[slot].connection.exists()) {
    if (!AdmitFromNetwork(slot, out)) return false;
  } else if (kind == EventKind::kTimer) {
    return AdmitParkedTimer(slot, popped);
  } else if (kind == EventKind::kStorageWake) {
    OwnWork work;
    std::memcpy(&work, slab_.Body(slab_[slot]), sizeof(work));
    if (storage_wake_[work.what] != now_) return Drop(slot);
    storage_wake_[work.what] = Never<SimTime>();
  } else if (kind == EventKind::kFaultDue) {
    OwnWork work;
    std::memcpy(&work, slab_.Body(slab_[slot]), sizeof(work));
    if (work.detail != progress_[work.what].due) return Drop(slot);
  } else if (kind == EventKind::kFlushDone) {
    if (!AdmitFlush(slot, out)) return false;
  } else if (kind >= EventKind::kStarted) {
    if (!AdmitToProcess(slot)) return false;
  }
  const Event& event = slab_[slot];  // the slab may have grown
  last_cause_ = event.cause;
  // Field by field: a temporary would be written in small pieces and read in large ones, which the
  // processor cannot forward (12 ns).
  popped.kind = event.kind;
  popped.machine = event.machine;
  popped.connection = event.connection;
  popped.tag = {};
  popped.slot = slot;
  popped.body = slab_.Body(event);
  popped.size = event.size;
  return true;
}

bool Engine::PopNext(SimTime until, Popped& popped, Effects& out) {
  QueueKey key;
  while (queue_.Pop(until, key)) {
    now_ = key.time();
    if (!Admit(key, popped, out)) continue;
    ++event_count_;
    const uint32_t serial = popped.connection.exists() ? popped.connection.serial() : 0xffffffff;
    digest_.AddEvent(now_, popped.kind, popped.machine, serial, last_cause_, popped.tag,
                     popped.body, popped.size);
    return true;
  }
  return false;
}

bool Engine::AdmitTimer(QueueKey key, Popped& popped) {
  const TimerTable::Timer* timer = timers_.OnPop(key, queue_);
  if (timer == nullptr) return false;
  const MachineId machine = timer->machine;
  last_cause_ = timer->cause;
  const Process& process = processes_[machine.value];
  if (process.paused_until > SimTime{} || IsCatchingUp(process)) {
    const ParkedTimer parked{.tag = timer->tag, .number = key.number()};
    timers_.Park(machine, parked.tag);
    const EventId cause = timer->cause;
    const uint32_t slot = NewEvent(EventKind::kTimer, machine, parked);
    slab_[slot].cause = cause;
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
  const Event& event = slab_[slot];
  ParkedTimer parked;
  std::memcpy(&parked, slab_.Body(event), sizeof(parked));
  if (!timers_.Unpark(event.machine, parked.tag, parked.number)) return Drop(slot);
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
  std::memcpy(&work, slab_.Body(slab_[slot]), sizeof(work));
  reports_.clear();
  const FlushProgress flush = storage_[work.host.value].FinishFlush(work.ticket, now_, reports_);
  if (!flush.finished) return PushEvent(flush.again, slot), false;
  SayStorage(work.host, out);
  ArmStorage(work.host);
  Event& event = slab_[slot];
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
  if (IsOrphan(slab_[slot])) return Drop(slot);
  return !HoldIfPaused(slot);
}

// The process that it is for is gone, or another incarnation runs.
bool Engine::IsOrphan(const Event& event) const {
  const Process& process = processes_[event.machine.value];
  return !process.running || event.incarnation != process.incarnation;
}

bool Engine::Hold(uint32_t slot) {
  Event& event = slab_[slot];
  Process& process = processes_[event.machine.value];
  const bool is_resumed = (event.next & kResumed) != 0;
  if (IsCatchingUp(process) && !is_resumed) {
    event.next |= kResumed;
    process.caught_up_at = process.caught_up_at + Nanoseconds(1);
    PushEvent(process.caught_up_at, slot);
    return true;
  }
  if (process.paused_until <= SimTime{}) return false;
  held_.push_back({event.machine, slot, event.next & kHasTurn});
  return true;
}

void Engine::Pause(MachineId machine, Duration lasts, Effects& out) {
  Process& process = processes_[machine.value];
  if (!process.running) return;
  process.paused_until = std::max(process.paused_until, now_ + lasts);
  out.SayOf(machine, notes::Paused{.host = process.host, .lasts = lasts});
}

void Engine::Resume(MachineId machine, Effects& out) {
  Process& process = processes_[machine.value];
  if (process.paused_until <= SimTime{}) return;
  process.paused_until = {};
  out.SayOf(machine, notes::Resumed{.host = process.host});
  size_t kept = 0;
  for (const Held& held : held_) {
    if (held.machine != machine) {
      held_[kept++] = held;
      continue;
    }
    slab_[held.slot].next = held.flags | kResumed;
    process.caught_up_at = std::max(process.caught_up_at, now_) + Nanoseconds(1);
    PushEvent(process.caught_up_at, held.slot);
  }
  held_.resize(kept);
}

void Engine::DropHeld(MachineId machine) {
  std::erase_if(held_, [&](const Held& held) {
    if (held.machine != machine) return false;
    slab_.Free(held.slot);
    return true;
  });
}

}  // namespace sim
