// What handlers asked for, carried out.
#include <algorithm>

#include "sim/check.h"
#include "sim/engine.h"
#include "sim/own_work.h"

namespace sim {

[[gnu::always_inline]] inline void Engine::ApplySetTimer(MachineId self, const Effect& effect) {
  const Duration min{static_cast<int64_t>(effect.from)};
  const Duration max{static_cast<int64_t>(effect.size_bytes)};
  Duration delay = min;
  if (max > min) {
    const uint64_t name = processes_[self.value].name;
    delay = core_.choices.Between(
        MakeChoiceKey(ChoiceDomain::kTimer, effect.tag.packed(), name, effect.about), min, max);
  }
  if (delay <= Duration{}) [[unlikely]] {
    delay = {};
    budget_.OnTimerAtNow(core_.now, core_.event_count);
  }
  core_.timers.Set(self, effect.tag, core_.now + delay, core_.NextNumber(), core_.last_event(),
                   core_.queue);
}

// A machine that can wait has asked HeldBack.
[[gnu::always_inline]] inline void Engine::ApplyWrite(MachineId machine, const Effect& effect,
                                                      Effects& out) {
  HostStorage& storage = storage_[processes_[machine.value].host.value];
  if (storage.Extend(effect.file, effect.from, effect.size_bytes, effect.source,
                     effect.source_from)) [[likely]] {
    return;
  }
  ApplyDisk(machine, effect, out);
}

[[gnu::always_inline]] inline void Engine::ApplyOne(MachineId self, const Effect& effect,
                                                    Effects& out) {
  switch (effect.kind) {
    case EffectKind::kSend:
      return ApplySend(self, effect, out);
    case EffectKind::kConnect:
      return ApplyConnect(self, effect, out);
    case EffectKind::kClose: {
      Connection* connection = network_.Find(effect.connection);
      if (connection != nullptr)
        network_.CloseEnd(core_, *connection, Network::EndOf(*connection, self));
      return;
    }
    case EffectKind::kDone: {
      Connection* connection = network_.Find(effect.connection);
      if (connection != nullptr && Network::EndOf(*connection, self) == 1) {
        network_.NextRequest(core_, connection->ends[1]);
      }
      return;
    }
    case EffectKind::kListen:
    case EffectKind::kStopListening:
      processes_[self.value].life.listening = effect.kind == EffectKind::kListen;
      return;
    case EffectKind::kSetTimer:
      return ApplySetTimer(self, effect);
    case EffectKind::kCancelTimer:
      return core_.timers.Cancel(self, effect.tag);
    case EffectKind::kCancelRole:
      return core_.timers.CancelRole(self, effect.tag.role);
    case EffectKind::kWrite:
      return ApplyWrite(self, effect, out);
    case EffectKind::kExit:
      return Exit(self, out);
    default:
      return ApplyDisk(self, effect, out);
  }
}

void Engine::Apply(const Popped& popped, Effects& out, bool drop_sends) {
  // Applying one effect never adds another, but notes grow.
  const std::span<const Effect> effects = out.effects();
  const Process& process = processes_[popped.machine.value];
  for (size_t at = 0; at < effects.size(); ++at) {
    if (drop_sends || !process.life.running) [[unlikely]]
      return ApplySome(popped.machine, effects.subspan(at), out, drop_sends);
    ApplyOne(popped.machine, effects[at], out);
  }
}

// Of a process that has ended itself nothing is left but the connections that it had reserved.
void Engine::ApplySome(MachineId self, std::span<const Effect> effects, Effects& out,
                       bool drop_sends) {
  for (const Effect& effect : effects) {
    if (processes_[self.value].life.running) {
      if (drop_sends && effect.kind == EffectKind::kSend) continue;
      ApplyOne(self, effect, out);
    } else if (effect.kind == EffectKind::kConnect) {
      network_.MaybeFree(*network_.Find(effect.connection));
    }
  }
}

void Engine::ApplyConnect(MachineId self, const Effect& effect, Effects& out) {
  SIM_CHECK(effect.peer != self);
  Connection* connection = network_.Find(effect.connection);
  connection->about = effect.about;
  connection->ends[0].machine = self;
  connection->ends[0].state = EndState::kConnecting;
  connection->ends[1].machine = effect.peer;
  const HostId own_host = processes_[self.value].host;
  const HostId peer_host = processes_[effect.peer.value].host;
  connection->links = {network_.LinkIndex(own_host, peer_host, hosts_),
                       network_.LinkIndex(peer_host, own_host, hosts_)};
  network_.SendControl(core_, *connection, 0, EventKind::kAccepted, Disconnect::kClosed);
  out.SayOf(self, notes::Connected{.connection = effect.connection.serial(), .peer = effect.peer});
}

void Engine::Exit(MachineId self, Effects& out) {
  Process& process = processes_[self.value];
  out.SayOf(self, notes::ProcessExited{.host = process.host, .incarnation = process.incarnation});
  const bool was_asked = process.life.stopping;
  Kill(self, out);
  process.done = !was_asked;
  if (was_asked && faults_.ended()) StartReleased(self, out);
}

void Engine::ApplyDisk(MachineId machine, const Effect& effect, Effects& out) {
  const HostId host = processes_[machine.value].host;
  HostStorage& storage = storage_[host.value];
  reports_.clear();
  FlushTicket ticket;
  switch (effect.kind) {
    case EffectKind::kWrite:
      storage.Write(effect.file, effect.from, effect.size_bytes, effect.source, effect.source_from,
                    core_.now);
      break;
    case EffectKind::kTruncate:
      storage.Truncate(effect.file, effect.from, core_.now);
      break;
    case EffectKind::kRemove:
      storage.Remove(effect.file, core_.now);
      break;
    case EffectKind::kWriteWords:
      ticket = storage.WriteWords(effect.file, out.WordsOf(effect), core_.now, core_.choices,
                                  effect.about);
      break;
    case EffectKind::kFlush:
      ticket = storage.StartFlush(effect.file, core_.now, core_.choices, effect.about,
                                  static_cast<uint32_t>(effect.from));
      break;
    case EffectKind::kReplace:
      ticket = storage.ReplaceAtomically(effect.file, out.WordsOf(effect), core_.now, core_.choices,
                                         effect.about, static_cast<uint32_t>(effect.from));
      break;
    default:
      SIM_CHECK(false);
  }
  if (ticket.id != 0) {
    const uint32_t slot = NewEvent(EventKind::kFlushDone, machine,
                                   FlushWork{ticket.id, effect.token, effect.file, host});
    core_.Push(ticket.done, slot);
  }
  SayStorage(host, out);
  ArmStorage(host);
}

void Engine::ArmStorage(HostId host) {
  const SimTime next = storage_[host.value].NextWakeup();
  if (next >= storage_wake_[host.value]) return;
  const SimTime at = std::max(next, core_.now);
  storage_wake_[host.value] = at;
  core_.PushOwn(at, EventKind::kStorageWake, host.value, 0);
}

void Engine::SayStorage(HostId host, Effects& out) {
  for (const auto& [file, kind, from, to] : reports_) {
    switch (kind) {
      case StorageReportKind::kWrittenBack:
      case StorageReportKind::kCommitted:
      case StorageReportKind::kFlushed:
        out.SayOf(
            MachineId::None(),
            notes::WrittenBack{.host = host, .file = file, .from = from, .to = to, .how = kind});
        break;
      case StorageReportKind::kLostTail:
        out.SayOf(MachineId::None(),
                  notes::DataLost{.host = host, .file = file, .from = from, .to = to, .how = kind});
        break;
      default:
        out.SayOf(MachineId::None(),
                  notes::Found{.host = host, .file = file, .from = from, .to = to, .kind = kind});
    }
  }
  reports_.clear();
}

}  // namespace sim
