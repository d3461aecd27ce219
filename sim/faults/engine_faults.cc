// The faults' part of the engine: what each kind does, and how it ends.
#include <algorithm>

#include "sim/check.h"
#include "sim/engine.h"

namespace sim {

// A flush goes on in the kernel; a replacement that its process can no longer finish does not.
void Engine::AbandonFlushes(MachineId machine) {
  core_.queue.ForEachEvent([&](QueueKey key) {
    const Event& event = core_.slab[key.slot()];
    if (event.kind != EventKind::kFlushDone || event.machine != machine) return;
    FlushTicket ticket;
    std::memcpy(&ticket, core_.slab.Body(event), sizeof(ticket));  // the first field of its body
    storage_[processes_[machine.value].host.value].Abandon(ticket.id);
  });
}

// What a process is while it runs goes, and with it what waits for the process.
void Engine::EndLife(MachineId machine) {
  processes_[machine.value].life = {};
  core_.timers.CancelAll(machine);
  DropHeld(machine);
  died_.push_back(machine);
}

void Engine::Kill(MachineId machine, Effects& out) {
  Process& process = processes_[machine.value];
  if (!process.life.running) return;
  EndLife(machine);
  AbandonFlushes(machine);
  network_.CloseAll(core_, machine);  // by the kernel, which lives on
  ScheduleRestart(machine);
  out.SayOf(machine,
            notes::ProcessKilled{.host = process.host, .incarnation = process.incarnation});
  WipeStopped(machine, out);
}

// The process that a stop has waited for is gone, whatever ended it, and its disk goes with it.
void Engine::WipeStopped(MachineId machine, Effects& out) {
  if (faults_.StopWipes(machine)) WipeDisk(processes_[machine.value].host, out);
}

void Engine::WipeDisk(HostId id, Effects& out) {
  ++hosts_[id.value].crashes;
  storage_[id.value].Wipe(core_.now);
  storage_wake_[id.value] = Never<SimTime>();
  out.SayOf(MachineId::None(), notes::DiskReplaced{.host = id});
}

bool Engine::Ends(FaultKind kind, const Resolved& target, MachineId machine) const {
  if (!machine.exists()) return false;
  const auto has = [](const auto& ids, auto id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  };
  if (kind == FaultKind::kKill) return has(target.machines, machine);
  const bool meets_hosts = kind == FaultKind::kPanic || kind == FaultKind::kPowerLoss;
  return meets_hosts && has(target.hosts, processes_[machine.value].host);
}

void Engine::StopOrderly(MachineId machine, Effects& out, SimTime at) {
  Process& process = processes_[machine.value];
  if (!process.life.running) return;
  process.life.stopping = true;
  out.SayOf(machine, notes::StopRequested{.host = process.host});
  core_.Push(std::max(core_.now + Nanoseconds(1), at),
             NewEvent(EventKind::kStopRequested, machine, StopRequested{}));
}

void Engine::Order(MachineId machine, uint32_t order) {
  if (!processes_[machine.value].life.running) return;
  core_.Push(core_.now + Nanoseconds(1),
             NewEvent(EventKind::kOrdered, machine, Ordered{.order = order}));
}

void Engine::StartProcess(MachineId machine, Effects& out) {
  Process& process = processes_[machine.value];
  if (process.life.running || !hosts_[process.host.value].up) return;
  process.life = {.running = true, .listening = true};
  process.done = false;
  ++process.incarnation;
  out.SayOf(machine,
            notes::ProcessStarted{.host = process.host, .incarnation = process.incarnation});
  core_.Push(core_.now, NewEvent(EventKind::kStarted, machine, Started{process.incarnation}));
}

void Engine::LoseKernel(HostId id, bool power, Effects& out) {
  Host& host = hosts_[id.value];
  if (!host.up || host.immune) return;
  host.up = false;
  for (uint16_t machine = 0; machine < processes_.size(); ++machine) {
    const Process& process = processes_[machine];
    if (process.host != id) continue;
    if (process.life.running) {
      EndLife({machine});
      out.SayOf({machine}, notes::ProcessKilled{.host = id, .incarnation = process.incarnation});
    }
    network_.LoseAll(core_, {machine});
  }
  reports_.clear();
  HostStorage& storage = storage_[id.value];
  const About crash{host.name, host.crashes++};
  if (power) {
    storage.PowerLoss(core_.now, core_.choices, crash, reports_);
  } else {
    storage.Panic(core_.now, core_.choices, crash, reports_);
  }
  storage_wake_[id.value] = Never<SimTime>();
  // An orderly stop on this host is over, in its way.
  for (uint16_t machine = 0; machine < processes_.size(); ++machine) {
    if (processes_[machine].host == id) ScheduleRestart({machine});
  }
  if (power) {
    out.SayOf(MachineId::None(), notes::PowerLost{.host = id});
  } else {
    out.SayOf(MachineId::None(), notes::KernelPanic{.host = id});
  }
  SayStorage(id, out);
  ArmStorage(id);  // a drive that still has power goes on writing what it has
  for (uint16_t machine = 0; machine < processes_.size(); ++machine) {
    if (processes_[machine].host == id) WipeStopped({machine}, out);
  }
}

void Engine::RestoreHost(HostId id, Effects& out) {
  Host& host = hosts_[id.value];
  if (host.up) return;
  host.up = true;
  out.SayOf(MachineId::None(), notes::PowerBack{.host = id});
  network_.AnswerLostEnds(core_, id, hosts_, processes_);
  ArmStorage(id);
}

void Engine::Strike(uint16_t index, const Note* about, uint64_t uid, const Resolved& target,
                    const Resolved& peer, Effects& out) {
  const PlannedFault fault = faults_.plan()[index];
  const RealisedFault realised{.plan = index,
                               .by_fallback = about == nullptr && fault.note_kind != 0,
                               .note_kind = about == nullptr ? uint16_t{0} : about->kind,
                               .note_subject = about == nullptr ? 0 : about->subject,
                               .uid = uid,
                               .event = core_.last_event(),
                               .hosts = target.hosts,
                               .machines = target.machines,
                               .peers = peer.hosts};
  const uint16_t number = faults_.Realise(realised, core_.now);
  out.SayOf(
      MachineId::None(),
      notes::FaultFired{
          .number = index, .fault = fault.kind, .uid = uid, .by_fallback = realised.by_fallback});
  // A kernel that goes with its disk leaves nothing of which a part could be lost.
  const bool kernel_goes = fault.kind == FaultKind::kPanic || fault.kind == FaultKind::kPowerLoss;
  for (const HostId host : realised.hosts) {
    if (fault.wipe && kernel_goes) WipeDisk(host, out);
  }
  StrikeMachines(fault, realised, out);
  StrikeHosts(fault, realised, out);
  StrikeLinks(fault, realised, out);
  const bool waits_for_exit = fault.kind == FaultKind::kStop && IsAnyRunning(target.machines);
  if (fault.lasts < kForever && !waits_for_exit) faults_.ScheduleEnd(number, core_);
  if (waits_for_exit && fault.grace < kForever) faults_.ScheduleGrace(number, core_);
  for (const MachineId machine : realised.machines) {
    const Process& process = processes_[machine.value];
    const bool is_down = !process.life.running;  // killed now, or before; see WipeStopped
    if (fault.wipe && !kernel_goes && is_down) WipeDisk(process.host, out);
  }
}

// SIGKILL for whom this fault has asked to stop and who still runs. As long as the fault is in
// force it holds back every new process, so it can only be the one that was asked.
void Engine::EndGrace(uint16_t realised_index, Effects& out) {
  const RealisedFault& realised = faults_.realised(realised_index);
  if (faults_.ended() || realised.over) return;
  for (const MachineId machine : realised.machines) {
    const Process& process = processes_[machine.value];
    if (!process.life.running) continue;
    out.SayOf(machine,
              notes::GraceOver{.host = process.host, .grace = faults_.plan()[realised.plan].grace});
    Kill(machine, out);
  }
}

void Engine::StrikeMachines(const PlannedFault& fault, const RealisedFault& realised,
                            Effects& out) {
  for (const MachineId machine : realised.machines) {
    if (fault.kind == FaultKind::kKill || fault.kind == FaultKind::kStop) {
      ++processes_[machine.value].holds;
    }
    if (fault.kind == FaultKind::kKill) Kill(machine, out);
    if (fault.kind == FaultKind::kStop) StopOrderly(machine, out);
    if (fault.kind == FaultKind::kPause) Pause(machine, fault.lasts, out);
    if (fault.kind == FaultKind::kOrder) Order(machine, fault.order);
  }
}

void Engine::StrikeHosts(const PlannedFault& fault, const RealisedFault& realised, Effects& out) {
  for (const HostId id : realised.hosts) {
    Host& host = hosts_[id.value];
    switch (fault.kind) {
      case FaultKind::kPanic:
      case FaultKind::kPowerLoss:
        if (host.immune) continue;
        ++host.outages;
        LoseKernel(id, fault.kind == FaultKind::kPowerLoss, out);
        break;
      case FaultKind::kSlowDisk:
        SlowDisk(id, out);
        break;
      case FaultKind::kClockStep:
        host.wall_offset += fault.extra;
        out.SayOf(MachineId::None(), notes::ClockStepped{.host = id, .step = fault.extra});
        break;
      default:
        return;
    }
  }
}

// As slow as the slowest fault that is in force.
void Engine::SlowDisk(HostId host, Effects& out) {
  const uint32_t factor = faults_.SlowdownOf(host);
  storage_[host.value].SetSlowdown(factor);
  out.SayOf(MachineId::None(), notes::DiskSlowed{.host = host, .factor = factor});
}

void Engine::SlowLink(HostId from, HostId to, Duration extra, Effects& out) {
  Link& link = network_.LinkBetween(from, to, hosts_);
  link.extra += extra;
  out.SayOf(MachineId::None(), notes::LinkSlowed{.from = from, .to = to, .extra = link.extra});
}

void Engine::StrikeLinks(const PlannedFault& fault, const RealisedFault& realised, Effects& out) {
  for (const HostId a : realised.hosts) {
    for (const HostId b : realised.peers) {
      if (a == b) continue;
      if (fault.kind == FaultKind::kPartition) {
        CutLink(a, b, out);
        if (fault.both_directions) CutLink(b, a, out);
      } else if (fault.kind == FaultKind::kLatencySpike) {
        SlowLink(a, b, fault.extra, out);
        if (fault.both_directions) SlowLink(b, a, fault.extra, out);
      }
    }
  }
}

void Engine::UndoLinks(const PlannedFault& fault, const RealisedFault& realised, Effects& out) {
  for (const HostId a : realised.hosts) {
    for (const HostId b : realised.peers) {
      if (a == b) continue;
      if (fault.kind == FaultKind::kPartition) {
        HealLink(a, b, out);
        if (fault.both_directions) HealLink(b, a, out);
      } else {
        SlowLink(a, b, Duration{} - fault.extra, out);
        if (fault.both_directions) SlowLink(b, a, Duration{} - fault.extra, out);
      }
    }
  }
}

// Whatever no kill, no stop and no outage keeps down, and what has not ended by itself.
void Engine::StartReleased(MachineId machine, Effects& out) {
  const Process& process = processes_[machine.value];
  if (process.holds == 0 && !process.done) StartProcess(machine, out);
}

void Engine::ReleaseHost(HostId id, Effects& out) {
  Host& host = hosts_[id.value];
  if (host.outages == 0 || --host.outages != 0) return;
  RestoreHost(id, out);
  for (uint16_t machine = 0; machine < processes_.size(); ++machine) {
    if (processes_[machine].host == id) StartReleased({machine}, out);
  }
}

void Engine::Undo(uint16_t realised_index, Effects& out) {
  if (!faults_.MarkOver(realised_index)) return;
  const RealisedFault& realised = faults_.realised(realised_index);
  const PlannedFault& fault = faults_.plan()[realised.plan];
  switch (fault.kind) {
    case FaultKind::kKill:
    case FaultKind::kStop:
      for (const MachineId machine : realised.machines) {
        --processes_[machine.value].holds;
        StartReleased(machine, out);
      }
      break;
    case FaultKind::kPanic:
    case FaultKind::kPowerLoss:
      for (const HostId host : realised.hosts) ReleaseHost(host, out);
      break;
    case FaultKind::kPause:
      for (const MachineId machine : realised.machines) {
        if (processes_[machine.value].life.paused_until <= core_.now) Resume(machine, out);
      }
      break;
    case FaultKind::kPartition:
    case FaultKind::kLatencySpike:
      UndoLinks(fault, realised, out);
      break;
    case FaultKind::kSlowDisk:
      for (const HostId host : realised.hosts) SlowDisk(host, out);
      break;
    case FaultKind::kClockStep:
    case FaultKind::kOrder:
      break;  // a stepped clock stays stepped, and what was ordered was done
  }
  faults_.ScheduleFollowers(realised.plan, core_);
}

bool Engine::IsAnyRunning(const ResolvedMachines& machines) const {
  for (const MachineId machine : machines) {
    if (processes_[machine.value].life.running) return true;
  }
  return false;
}

// An orderly stop is over when the last of its processes has gone; its restart counts from there.
void Engine::ScheduleRestart(MachineId machine) {
  const auto is_any_running = [&](const auto& machines) { return IsAnyRunning(machines); };
  faults_.ScheduleRestart(machine, is_any_running, core_);
}

void Engine::EndFaults(Effects& out) {
  faults_.End();
  network_.ForEachLink([&](Link& link) {
    link.extra = {};
    if (link.cuts == 0) return;
    link.cuts = 1;
    HealLink(link.from, link.to, out);
  });
  for (uint16_t host = 0; host < hosts_.size(); ++host) {
    hosts_[host].outages = 0;
    storage_[host].SetSlowdown(1);
    RestoreHost({host}, out);
  }
  for (uint16_t machine = 0; machine < processes_.size(); ++machine) {
    processes_[machine].holds = 0;
    Resume({machine}, out);
    StartReleased({machine}, out);
  }
}

}  // namespace sim
