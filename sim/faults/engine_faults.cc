// The faults' part of the engine: what each kind does, and how it ends.
#include <algorithm>

#include "sim/check.h"
#include "sim/engine.h"

namespace sim {

void Engine::RefreshAwaited() {
  awaited_kinds_ = 0;
  for (uint32_t i = 0; i < plan_.size(); ++i) {
    if (progress_[i].fired || plan_[i].note_kind == 0) continue;
    awaited_kinds_ |= uint64_t{1} << std::min<uint32_t>(plan_[i].note_kind, 63);
  }
}

// A flush goes on in the kernel; a replacement that its process can no longer finish does not.
void Engine::AbandonFlushes(MachineId machine) {
  for (const QueueKey key : queue_.Pending()) {
    if (key.slot() >= TimerTable::kSlotBase) continue;
    const Event& event = slab_[key.slot()];
    if (event.kind != EventKind::kFlushDone || event.machine != machine) continue;
    FlushTicket ticket;
    std::memcpy(&ticket, slab_.Body(event), sizeof(ticket));  // the first field of its body
    storage_[processes_[machine.value].host.value].Abandon(ticket.id);
  }
}

void Engine::Kill(MachineId machine, Effects& out) {
  Process& process = processes_[machine.value];
  if (!process.running) return;
  process.running = false;
  process.paused_until = {};
  timers_.CancelAll(machine);
  AbandonFlushes(machine);
  // The kernel lives on: what was sent still travels, the close behind it.
  for (Connection& connection : connections_) {
    for (uint8_t end = 0; end < 2; ++end) {
      if (connection.id.exists() && connection.ends[end].machine == machine) {
        CloseEnd(connection, end);
      }
    }
  }
  died_.push_back(machine);
  ScheduleRestart(machine);
  out.Say({.kind = kNoteProcessKilled,
           .machine = machine,
           .subject = process.host.value,
           .a = process.incarnation});
}

void Engine::StopOrderly(MachineId machine, Effects& out) {
  const Process& process = processes_[machine.value];
  if (!process.running) return;
  out.Say({.kind = kNoteStopRequested, .machine = machine, .subject = process.host.value});
  PushEvent(now_ + Nanoseconds(1), NewEvent(EventKind::kStopRequested, machine, StopRequested{}));
}

void Engine::StartProcess(MachineId machine, Effects& out) {
  Process& process = processes_[machine.value];
  if (process.running || !hosts_[process.host.value].up) return;
  process.running = true;
  ++process.incarnation;
  out.Say({.kind = kNoteProcessStarted,
           .machine = machine,
           .subject = process.host.value,
           .a = process.incarnation});
  const Started body{process.incarnation};
  std::array<uint64_t, 1> words{};
  std::memcpy(words.data(), &body, sizeof(body));
  const uint32_t slot = slab_.Add(words, sizeof(body));
  Event& event = slab_[slot];
  event.kind = EventKind::kStarted;
  event.end = 0;
  event.machine = machine;
  event.incarnation = process.incarnation;
  event.connection = {};
  event.cause = last_event();
  PushEvent(now_, slot);
}

void Engine::LoseKernel(HostId id, bool power, Effects& out) {
  Host& host = hosts_[id.value];
  if (!host.up || host.immune) return;
  host.up = false;
  for (uint16_t machine = 0; machine < processes_.size(); ++machine) {
    Process& process = processes_[machine];
    if (process.host != id) continue;
    if (process.running) {
      process.running = false;
      process.paused_until = {};
      timers_.CancelAll({machine});
      died_.push_back({machine});
      out.Say({.kind = kNoteProcessKilled,
               .machine = {machine},
               .subject = id.value,
               .a = process.incarnation});
    }
    // Peers hear nothing: the ends are forgotten, not closed.
    for (Connection& connection : connections_) {
      for (uint8_t end = 0; end < 2; ++end) {
        if (connection.id.exists() && connection.ends[end].machine.value == machine) {
          LoseEnd(connection, end);
        }
      }
    }
  }
  reports_.clear();
  HostStorage& storage = storage_[id.value];
  const About crash{host.name, host.crashes++};
  if (power) {
    storage.PowerLoss(now_, choices_, crash, reports_);
  } else {
    storage.Panic(now_, choices_, crash, reports_);
  }
  storage_wake_[id.value] = Never<SimTime>();
  out.Say({.kind = power ? kNotePowerLost : kNoteKernelPanic,
           .machine = MachineId::None(),
           .subject = id.value});
  SayStorage(id, out);
}

void Engine::RestoreHost(HostId id, Effects& out) {
  Host& host = hosts_[id.value];
  if (host.up) return;
  host.up = true;
  out.Say({.kind = kNotePowerBack, .machine = MachineId::None(), .subject = id.value});
  RevisitLostEnds(id);
  ArmStorage(id);
}

void Engine::StrikeLinks(const PlannedFault& fault, const Resolved& target, const Resolved& peer,
                         Effects& out) {
  for (const HostId a : target.hosts) {
    for (const HostId b : peer.hosts) {
      if (a == b) continue;
      if (fault.kind == FaultKind::kPartition) {
        CutLink(a, b, out);
        if (fault.both_directions) CutLink(b, a, out);
        continue;
      }
      const auto slow = [&](HostId from, HostId to) {
        LinkBetween(from, to).extra = fault.extra;
        out.Say({.kind = kNoteLinkSlowed,
                 .machine = MachineId::None(),
                 .subject = uint32_t{from.value} << 16 | to.value,
                 .a = static_cast<uint64_t>(fault.extra.ns)});
      };
      slow(a, b);
      if (fault.both_directions) slow(b, a);
    }
  }
}

void Engine::Strike(uint16_t index, const Note* about, uint64_t uid, const Resolved& target,
                    const Resolved& peer, Effects& out) {
  const PlannedFault& fault = plan_[index];
  progress_[index].fired = true;
  RefreshAwaited();
  RealisedFault realised{.plan = index,
                         .by_fallback = about == nullptr && fault.note_kind != 0,
                         .note_kind = about == nullptr ? uint16_t{0} : about->kind,
                         .note_subject = about == nullptr ? 0 : about->subject,
                         .uid = uid,
                         .event = last_event(),
                         .time = now_,
                         .hosts = target.hosts,
                         .machines = target.machines};
  if (!realised_.empty()) realised.since_previous = now_ - realised_.back().time;
  realised_.push_back(realised);
  out.Say({.kind = kNoteFaultFired,
           .machine = MachineId::None(),
           .subject = index,
           .a = static_cast<uint64_t>(fault.kind),
           .b = uid,
           .c = static_cast<uint64_t>(realised.by_fallback)});
  switch (fault.kind) {
    case FaultKind::kKill:
      for (const MachineId machine : target.machines) Kill(machine, out);
      break;
    case FaultKind::kStop:
      for (const MachineId machine : target.machines) StopOrderly(machine, out);
      break;
    case FaultKind::kPanic:
      for (const HostId host : target.hosts) LoseKernel(host, /*power=*/false, out);
      break;
    case FaultKind::kPowerLoss:
      for (const HostId host : target.hosts) LoseKernel(host, /*power=*/true, out);
      break;
    case FaultKind::kPause:
      for (const MachineId machine : target.machines) {
        processes_[machine.value].paused_until = now_ + fault.lasts;
        out.Say({.kind = kNotePaused,
                 .machine = machine,
                 .subject = processes_[machine.value].host.value,
                 .a = static_cast<uint64_t>(fault.lasts.ns)});
      }
      break;
    case FaultKind::kPartition:
    case FaultKind::kLatencySpike:
      StrikeLinks(fault, target, peer, out);
      break;
    case FaultKind::kSlowDisk:
      for (const HostId host : target.hosts) {
        storage_[host.value].SetSlowdown(fault.factor);
        out.Say({.kind = kNoteDiskSlowed,
                 .machine = MachineId::None(),
                 .subject = host.value,
                 .a = fault.factor});
      }
      break;
    case FaultKind::kClockStep:
      for (const HostId host : target.hosts) {
        hosts_[host.value].wall_offset += fault.extra;
        out.Say({.kind = kNoteClockStepped,
                 .machine = MachineId::None(),
                 .subject = host.value,
                 .a = static_cast<uint64_t>(fault.extra.ns)});
      }
      break;
  }
  const bool waits_for_exit =
      fault.kind == FaultKind::kStop && IsAnyRunning(target.machines);
  if (fault.lasts < kForever && !waits_for_exit) {
    realised_.back().ending = true;
    PushOwn(now_ + fault.lasts, EventKind::kFaultEnds, static_cast<uint32_t>(realised_.size() - 1),
            0);
  }
}

void Engine::Undo(uint16_t realised_index, Effects& out) {
  const RealisedFault realised = realised_[realised_index];
  const PlannedFault& fault = plan_[realised.plan];
  switch (fault.kind) {
    case FaultKind::kKill:
      for (const MachineId machine : realised.machines) StartProcess(machine, out);
      break;
    case FaultKind::kStop:
      for (const MachineId machine : realised.machines) {
        StartProcess(machine, out);
      }
      break;
    case FaultKind::kPanic:
    case FaultKind::kPowerLoss:
      for (const HostId host : realised.hosts) RestoreHost(host, out);
      for (const MachineId machine : realised.machines) StartProcess(machine, out);
      break;
    case FaultKind::kPause:
      for (const MachineId machine : realised.machines) {
        out.Say({.kind = kNoteResumed,
                 .machine = machine,
                 .subject = processes_[machine.value].host.value});
      }
      break;
    case FaultKind::kPartition:
    case FaultKind::kLatencySpike:
      for (Link& link : links_) {
        if (!link.from.exists()) continue;
        const bool mine = realised.hosts.contains(link.from) || realised.hosts.contains(link.to);
        if (!mine) continue;
        if (fault.kind == FaultKind::kPartition) HealLink(link.from, link.to, out);
        if (fault.kind == FaultKind::kLatencySpike) link.extra = {};
      }
      break;
    case FaultKind::kSlowDisk:
      for (const HostId host : realised.hosts) storage_[host.value].SetSlowdown(1);
      break;
    case FaultKind::kClockStep:
      break;  // a stepped clock stays stepped
  }
  ScheduleFollowers(realised.plan);
}

bool Engine::IsAnyRunning(const InlineVec<MachineId, 32>& machines) const {
  for (const MachineId machine : machines) {
    if (processes_[machine.value].running) return true;
  }
  return false;
}

// An orderly stop is over when the last of its processes has gone; its restart counts from there.
void Engine::ScheduleRestart(MachineId machine) {
  for (uint32_t i = 0; i < realised_.size(); ++i) {
    RealisedFault& realised = realised_[i];
    const PlannedFault& fault = plan_[realised.plan];
    if (fault.kind != FaultKind::kStop || fault.lasts >= kForever || realised.ending) continue;
    if (!realised.machines.contains(machine) || IsAnyRunning(realised.machines)) continue;
    realised.ending = true;
    PushOwn(now_ + fault.lasts, EventKind::kFaultEnds, i, 0);
  }
}

// Faults that wait for this one to be over.
void Engine::ScheduleFollowers(uint16_t plan_index) {
  for (uint32_t i = 0; i < plan_.size(); ++i) {
    if (plan_[i].after_fault == plan_index && !progress_[i].fired) {
      PushOwn(now_ + plan_[i].delay, EventKind::kFaultDue, i, 0);
    }
  }
}

void Engine::EndFaults(Effects& out) {
  faults_ended_ = true;
  awaited_kinds_ = 0;
  for (Link& link : links_) {
    link.extra = {};
    if (link.cut) HealLink(link.from, link.to, out);
  }
  for (Process& process : processes_) process.paused_until = std::min(process.paused_until, now_);
  for (uint16_t host = 0; host < hosts_.size(); ++host) {
    storage_[host].SetSlowdown(1);
    RestoreHost({host}, out);
  }
  for (uint16_t machine = 0; machine < processes_.size(); ++machine) {
    StartProcess({machine}, out);
  }
}

}  // namespace sim
