// The faults' part of the engine: what each kind does, and how it ends.
#include <algorithm>

#include "sim/check.h"
#include "sim/engine.h"

namespace sim {

void Engine::RefreshAwaited() {
  awaited_kinds_.Clear();
  for (uint32_t i = 0; i < plan_.size(); ++i) {
    if (progress_[i].fired || plan_[i].note_kind == 0) continue;
    awaited_kinds_.Add(plan_[i].note_kind);
  }
}

// A flush goes on in the kernel; a replacement that its process can no longer finish does not.
void Engine::AbandonFlushes(MachineId machine) {
  queue_.ForEachEvent([&](QueueKey key) {
    const Event& event = slab_[key.slot()];
    if (event.kind != EventKind::kFlushDone || event.machine != machine) return;
    FlushTicket ticket;
    std::memcpy(&ticket, slab_.Body(event), sizeof(ticket));  // the first field of its body
    storage_[processes_[machine.value].host.value].Abandon(ticket.id);
  });
}

void Engine::Kill(MachineId machine, Effects& out) {
  Process& process = processes_[machine.value];
  if (!process.running) return;
  process.running = false;
  process.listening = false;
  process.stopping = false;
  process.paused_until = {};
  process.caught_up_at = {};
  timers_.CancelAll(machine);
  AbandonFlushes(machine);
  DropHeld(machine);
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
  out.SayOf(machine,
            notes::ProcessKilled{.host = process.host, .incarnation = process.incarnation});
}

void Engine::StopOrderly(MachineId machine, Effects& out, SimTime at) {
  Process& process = processes_[machine.value];
  if (!process.running) return;
  process.stopping = true;
  out.SayOf(machine, notes::StopRequested{.host = process.host});
  PushEvent(std::max(now_ + Nanoseconds(1), at),
            NewEvent(EventKind::kStopRequested, machine, StopRequested{}));
}

void Engine::StartProcess(MachineId machine, Effects& out) {
  Process& process = processes_[machine.value];
  if (process.running || !hosts_[process.host.value].up) return;
  process.running = true;
  process.listening = true;
  process.done = false;
  ++process.incarnation;
  out.SayOf(machine,
            notes::ProcessStarted{.host = process.host, .incarnation = process.incarnation});
  PushEvent(now_, NewEvent(EventKind::kStarted, machine, Started{process.incarnation}));
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
      process.listening = false;
      process.stopping = false;
      process.paused_until = {};
      process.caught_up_at = {};
      timers_.CancelAll({machine});
      DropHeld({machine});
      died_.push_back({machine});
      out.SayOf({machine}, notes::ProcessKilled{.host = id, .incarnation = process.incarnation});
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
}

void Engine::RestoreHost(HostId id, Effects& out) {
  Host& host = hosts_[id.value];
  if (host.up) return;
  host.up = true;
  out.SayOf(MachineId::None(), notes::PowerBack{.host = id});
  RevisitLostEnds(id);
  ArmStorage(id);
}

void Engine::Strike(uint16_t index, const Note* about, uint64_t uid, const Resolved& target,
                    const Resolved& peer, Effects& out) {
  const PlannedFault fault = plan_[index];
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
                         .machines = target.machines,
                         .peers = peer.hosts};
  if (!realised_.empty()) realised.since_previous = now_ - realised_.back().time;
  const auto number = static_cast<uint32_t>(realised_.size());
  realised_.push_back(realised);
  out.SayOf(
      MachineId::None(),
      notes::FaultFired{
          .number = index, .fault = fault.kind, .uid = uid, .by_fallback = realised.by_fallback});
  StrikeMachines(fault, realised, out);
  StrikeHosts(fault, realised, out);
  StrikeLinks(fault, realised, out);
  const bool waits_for_exit = fault.kind == FaultKind::kStop && IsAnyRunning(target.machines);
  if (fault.lasts < kForever && !waits_for_exit) {
    realised_[number].ending = true;
    PushOwn(now_ + fault.lasts, EventKind::kFaultEnds, number, 0);
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
  uint32_t factor = 1;
  for (const RealisedFault& realised : realised_) {
    const PlannedFault& fault = plan_[realised.plan];
    if (fault.kind != FaultKind::kSlowDisk || realised.over) continue;
    if (realised.hosts.contains(host)) factor = std::max(factor, fault.factor);
  }
  storage_[host.value].SetSlowdown(factor);
  out.SayOf(MachineId::None(), notes::DiskSlowed{.host = host, .factor = factor});
}

void Engine::SlowLink(HostId from, HostId to, Duration extra, Effects& out) {
  Link& link = LinkBetween(from, to);
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
  RealisedFault& realised = realised_[realised_index];
  if (faults_ended_ || realised.over) return;
  realised.over = true;
  const PlannedFault& fault = plan_[realised.plan];
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
        if (processes_[machine.value].paused_until <= now_) Resume(machine, out);
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
    const PlannedFault& next = plan_[i];
    if (next.after_fault != plan_index || progress_[i].fired) continue;
    const bool keeps_time = next.at >= now_ && next.at < Never<SimTime>();
    PushOwn(keeps_time ? next.at : now_ + next.delay, EventKind::kFaultDue, i, 0);
  }
}

namespace {

// Named by what the fault is, so that one more in the plan does not move the others; of two equal
// ones the order in the plan tells.
ChoiceKey HazardKey(std::span<const uint64_t> names, uint16_t index) {
  constexpr uint32_t kHazardTime = 1;
  const auto before = names.first(index);
  const auto equal = static_cast<uint32_t>(std::count(before.begin(), before.end(), names[index]));
  return MakeChoiceKey(ChoiceDomain::kFault, kHazardTime, names[index],
                       {.uid = 0, .attempt = equal});
}

}  // namespace

void Engine::RedrawFaults(std::span<const SimTime> until, std::span<const uint64_t> names) {
  SIM_CHECK(until.size() == plan_.size());
  SIM_CHECK(names.size() == plan_.size());
  if (faults_ended_) return;
  for (uint16_t i = 0; i < plan_.size(); ++i) {
    PlannedFault& fault = plan_[i];
    if (progress_[i].fired || fault.after_fault >= 0) continue;
    fault.note_kind = 0;
    fault.at = now_ + choices_.Between(HazardKey(names, i), {}, until[i] - now_);
    ++progress_[i].due;
    PushOwn(fault.at, EventKind::kFaultDue, i, progress_[i].due);
  }
  RefreshAwaited();
}

void Engine::EndFaults(Effects& out) {
  faults_ended_ = true;
  awaited_kinds_.Clear();
  for (const uint16_t number : link_between_) {  // in the order of hosts
    if (number == 0) continue;
    Link& link = links_[number - 1u];
    link.extra = {};
    if (link.cuts == 0) continue;
    link.cuts = 1;
    HealLink(link.from, link.to, out);
  }
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
