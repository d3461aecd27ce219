#include "sim/engine.h"

#include <algorithm>

#include "sim/check.h"

namespace sim {
namespace {

// The body of the engine's own events.
struct OwnWork {
  uint32_t what = 0;
  uint32_t detail = 0;
};
struct FlushWork {
  FlushTicket ticket;
  FileId file;
  HostId host;
  uint32_t token = 0;
};

}  // namespace

void Engine::Reset(const Choices& choices, const NetworkConfig& network) {
  now_ = {};
  next_number_ = 0;
  event_count_ = 0;
  last_cause_ = {};
  digest_ = {};
  digest_.Add(choices.seed());
  choices_ = choices;
  queue_.Clear();
  slab_.Clear();
  timers_.Clear();
  network_ = network;
  connections_.clear();
  free_connections_.clear();
  next_serial_ = 0;
  links_.clear();
  hosts_.clear();
  processes_.clear();
  storage_.clear();
  storage_wake_.clear();
  plan_.clear();
  progress_.clear();
  realised_.clear();
  awaited_kinds_ = 0;
  faults_ended_ = false;
  died_.clear();
  reports_.clear();
}

HostId Engine::AddHost(const Host& host, const StorageConfig& storage) {
  const HostId id{static_cast<uint16_t>(hosts_.size())};
  hosts_.push_back(host);
  storage_.emplace_back(storage, host.name);
  storage_wake_.push_back(Never<SimTime>());
  return id;
}

MachineId Engine::AddProcess(const Process& process) {
  const MachineId id{static_cast<uint16_t>(processes_.size())};
  processes_.push_back(process);
  return id;
}

void Engine::SetFaults(std::span<const PlannedFault> plan) {
  plan_.assign(plan.begin(), plan.end());
  progress_.assign(plan.size(), {});
  for (uint32_t i = 0; i < plan_.size(); ++i) {
    if (plan_[i].at < Never<SimTime>()) PushOwn(plan_[i].at, EventKind::kFaultDue, i, 0);
  }
  RefreshAwaited();
}

void Engine::StartAll(Effects& out) {
  for (uint16_t machine = 0; machine < processes_.size(); ++machine) {
    StartProcess({machine}, out);
  }
}

bool Engine::AllFaultsFired() const {
  return std::all_of(progress_.begin(), progress_.end(),
                     [](const FaultProgress& fault) { return fault.fired; });
}

template <typename B>
uint32_t Engine::NewEvent(EventKind kind, MachineId machine, const B& body) {
  static_assert(sizeof(B) <= Event::kInlineBytes);
  std::array<uint64_t, (sizeof(B) + 7) / 8> words{};
  std::memcpy(words.data(), &body, sizeof(B));
  const uint32_t slot = slab_.Add(words, sizeof(B));
  Event& event = slab_[slot];
  event.kind = kind;
  event.end = 0;
  event.machine = machine;
  event.incarnation = machine.exists() ? processes_[machine.value].incarnation : 0;
  event.connection = {};
  event.cause = last_event();
  return slot;
}
template uint32_t Engine::NewEvent(EventKind, MachineId, const Disconnected&);
template uint32_t Engine::NewEvent(EventKind, MachineId, const Connected&);
template uint32_t Engine::NewEvent(EventKind, MachineId, const Accepted&);
template uint32_t Engine::NewEvent(EventKind, MachineId, const StopRequested&);

void Engine::PushOwn(SimTime at, EventKind kind, uint32_t what, uint32_t detail) {
  PushEvent(at, NewEvent(kind, MachineId::None(), OwnWork{what, detail}));
}

bool Engine::PopNext(SimTime until, Popped& popped, Effects& out) {
  while (!queue_.empty() && queue_.Top().time() <= until) {
    const QueueKey key = queue_.Pop();
    now_ = key.time();
    if (!Admit(key, popped, out)) continue;
    ++event_count_;
    DigestEvent(popped);
    return true;
  }
  return false;
}

// True if the entry is an event now. Otherwise it was stale, or waits elsewhere for its turn.
bool Engine::Admit(QueueKey key, Popped& popped, Effects& out) {
  if (key.slot() >= TimerTable::kSlotBase) {
    const TimerTable::Timer* timer = timers_.OnPop(key, queue_);
    if (timer == nullptr) return false;
    const Process& process = processes_[timer->machine.value];
    if (process.paused_until > now_) {
      timers_.Set(timer->machine, timer->tag, process.paused_until, NextNumber(), timer->cause,
                  queue_);
      return false;
    }
    last_cause_ = timer->cause;
    popped = {.kind = EventKind::kTimer,
              .machine = timer->machine,
              .connection = {},
              .tag = timer->tag,
              .slot = kNoSlot};
    return true;
  }
  const uint32_t slot = key.slot();
  Event& event = slab_[slot];
  if (event.connection.exists()) {
    if (!AdmitFromNetwork(slot, out)) return false;
  } else if (event.kind == EventKind::kStorageWake) {
    OwnWork work;
    std::memcpy(&work, slab_.Body(event), sizeof(work));
    if (storage_wake_[work.what] != now_) return slab_.Free(slot), false;
    storage_wake_[work.what] = Never<SimTime>();
  } else if (event.kind == EventKind::kFlushDone) {
    FlushWork work;
    std::memcpy(&work, slab_.Body(event), sizeof(work));
    reports_.clear();
    const FlushProgress flush =
        storage_[work.host.value].FinishFlush(work.ticket.id, now_, reports_);
    if (!flush.finished) return PushEvent(flush.again, slot), false;
    SayStorage(work.host, out);
    event.kind = EventKind::kFlushed;
    const Flushed flushed{.file = work.file, .reserved = 0, .token = work.token};
    std::memcpy(event.body.data(), &flushed, sizeof(flushed));
    event.size = sizeof(flushed);
    ArmStorage(work.host);
  }
  Event& admitted = slab_[slot];  // the slab may have grown
  if (admitted.kind == EventKind::kFlushed && IsOrphan(admitted)) {
    admitted.kind =
        EventKind::kFlushDone;  // nobody is told; what the disk did is an event all the same
    admitted.machine = {};
  }
  if (admitted.machine.exists()) {
    const Process& process = processes_[admitted.machine.value];
    if (admitted.incarnation != 0 && admitted.incarnation != process.incarnation) {
      return slab_.Free(slot), false;
    }
    if (!process.running) return slab_.Free(slot), false;
    if (process.paused_until > now_) {
      // Read from the socket already, as far as the kernel is concerned; the process gets it later.
      admitted.next = kHasTurn;
      admitted.incarnation = process.incarnation;
      PushEvent(process.paused_until, slot);
      return false;
    }
  }
  last_cause_ = admitted.cause;
  popped = {.kind = admitted.kind,
            .machine = admitted.machine,
            .connection = admitted.connection,
            .tag = {},
            .slot = slot,
            .body = slab_.Body(admitted),
            .size = admitted.size};
  return true;
}

// The process that asked is gone, or another incarnation runs.
bool Engine::IsOrphan(const Event& event) const {
  const Process& process = processes_[event.machine.value];
  return !process.running || event.incarnation != process.incarnation;
}

void Engine::HandleOwn(const Popped& popped, Effects& out) {
  OwnWork work;
  std::memcpy(&work, popped.body, sizeof(work));
  if (popped.kind == EventKind::kStorageWake) {
    const HostId host{static_cast<uint16_t>(work.what)};
    reports_.clear();
    storage_[host.value].OnWakeup(now_, reports_);
    SayStorage(host, out);
    ArmStorage(host);
  } else if (popped.kind == EventKind::kFaultEnds) {
    Undo(static_cast<uint16_t>(work.what), out);
  }
}

void Engine::Finish(const Popped& popped) {
  if (popped.slot != kNoSlot) slab_.Free(popped.slot);
}

void Engine::DigestEvent(const Popped& popped) {
  const uint64_t what = static_cast<uint64_t>(popped.kind) | uint64_t{popped.size} << 8 |
                        uint64_t{popped.machine.value} << 24 | uint64_t{popped.tag.packed()} << 40;
  const uint64_t serial = popped.connection.exists() ? popped.connection.serial() : 0xffffffff;
  digest_.Add(Mix(static_cast<uint64_t>(now_.ns), what));
  digest_.Add(serial << 32 | last_cause_.value);
  if (popped.tag.packed() != 0) digest_.Add(popped.tag.packed());
  if (popped.size != 0) digest_.AddBytes(popped.body, popped.size);
}

void Engine::DigestNotes(std::span<const Note> notes) {
  for (const Note& note : notes) {
    digest_.Add(uint64_t{note.kind} | uint64_t{note.machine.value} << 16 |
                uint64_t{note.subject} << 32);
    digest_.Add(note.a);
    digest_.Add(note.b);
    digest_.Add(note.c);
  }
}

// Order-independent, since heap layout and slots are in no hash.
uint64_t Engine::HashPending() const {
  uint64_t sum = 0;
  for (const QueueKey key : queue_.Pending()) {
    if (key.slot() >= TimerTable::kSlotBase) continue;  // armed timers are hashed themselves
    const Event& event = slab_[key.slot()];
    ChainedDigest one;
    one.Add(static_cast<uint64_t>(key.time().ns));
    one.Add(key.number());
    one.Add(uint64_t{static_cast<uint8_t>(event.kind)} | uint64_t{event.machine.value} << 8);
    one.AddBytes(slab_.Body(event), event.size);
    sum += one.value().low;
  }
  for (const TimerTable::Timer& timer : timers_.timers()) {
    if (timer.deadline == Never<SimTime>()) continue;
    sum += Mix(Mix(timer.machine.value, timer.tag.packed()),
               Mix(static_cast<uint64_t>(timer.deadline.ns), timer.number));
  }
  return sum;
}

void Engine::HashInto(StableHash& hash) const {
  hash(now_, next_number_, event_count_, choices_, HashPending(), next_serial_, faults_ended_);
  for (const Host& host : hosts_) hash(host);
  for (const Process& process : processes_) hash(process);
  for (const HostStorage& storage : storage_) hash(storage);
  for (const Link& link : links_) hash(link.cut, link.free_at, link.extra);
  for (const Connection& connection : connections_) {
    for (const ConnectionEnd& end : connection.ends) {
      hash(connection.id, end.machine, end.state, end.busy, end.last_arrival);
    }
  }
  for (const FaultProgress& fault : progress_) hash(fault.fired, fault.seen);
}

// ---- Effects. ----

void Engine::Apply(const Popped& popped, Effects& out, bool drop_sends) {
  // The span is re-read each time: applying one effect never adds another, but notes grow.
  for (const Effect& effect : out.effects()) {
    if (drop_sends && effect.kind == EffectKind::kSend) continue;
    ApplyOne(popped, effect, out);
  }
}

void Engine::ApplyOne(const Popped& popped, const Effect& effect, Effects& out) {
  const MachineId self = popped.machine;
  switch (effect.kind) {
    case EffectKind::kSend: {
      Connection* connection = Find(effect.connection);
      if (connection == nullptr) return;
      const uint8_t end = connection->ends[0].machine == self ? 0 : 1;
      if (connection->ends[end].state != EndState::kOpen) return;
      const uint32_t slot = slab_.Add(out.WordsOf(effect), effect.size);
      Event& event = slab_[slot];
      event.kind = effect.body_kind;
      event.end = static_cast<uint8_t>(1 - end);
      event.machine = connection->ends[1 - end].machine;
      event.incarnation = 0;
      event.connection = effect.connection;
      event.cause = last_event();
      SendOn(*connection, end, slot, effect.about, effect.token);
      if (end == 1) NextRequest(*connection, end);
      return;
    }
    case EffectKind::kConnect: {
      Connection* connection = Find(effect.connection);
      connection->ends[0].machine = self;
      connection->ends[0].state = EndState::kConnecting;
      connection->ends[1].machine = effect.peer;
      SendControl(*connection, 0, EventKind::kAccepted, Disconnect::kClosed, effect.about);
      out.Say({.kind = kNoteConnected,
               .machine = self,
               .subject = effect.connection.serial(),
               .a = effect.peer.value});
      return;
    }
    case EffectKind::kClose: {
      Connection* connection = Find(effect.connection);
      if (connection == nullptr) return;
      CloseEnd(*connection, connection->ends[0].machine == self ? 0 : 1);
      return;
    }
    case EffectKind::kDone: {
      Connection* connection = Find(effect.connection);
      if (connection != nullptr) NextRequest(*connection, 1);
      return;
    }
    case EffectKind::kSetTimer: {
      const Duration min{static_cast<int64_t>(effect.from)};
      const Duration max{static_cast<int64_t>(effect.size_bytes)};
      Duration delay = min;
      if (max > min) {
        const uint64_t name = processes_[self.value].name;
        delay = choices_.Between(
            MakeChoiceKey(ChoiceDomain::kTimer, effect.tag.packed(), name, effect.about), min, max);
      }
      timers_.Set(self, effect.tag, now_ + delay, NextNumber(), last_event(), queue_);
      return;
    }
    case EffectKind::kCancelTimer:
      return timers_.Cancel(self, effect.tag);
    case EffectKind::kCancelRole:
      return timers_.CancelRole(self, effect.tag.role);
    case EffectKind::kExit:
      out.Say({.kind = kNoteProcessExited,
               .machine = self,
               .subject = processes_[self.value].host.value,
               .a = processes_[self.value].incarnation});
      return Kill(self, out);
    default:
      return ApplyDisk(self, effect, out);
  }
}

void Engine::ApplyDisk(MachineId machine, const Effect& effect, Effects& out) {
  const HostId host = processes_[machine.value].host;
  HostStorage& storage = storage_[host.value];
  reports_.clear();
  FlushTicket ticket;
  switch (effect.kind) {
    case EffectKind::kWrite:
      storage.Write(effect.file, effect.from, effect.size_bytes, effect.source, effect.source_from,
                    now_);
      break;
    case EffectKind::kTruncate:
      storage.Truncate(effect.file, effect.from, now_);
      break;
    case EffectKind::kRemove:
      storage.Remove(effect.file, now_);
      break;
    case EffectKind::kWriteWords:
      ticket = storage.WriteWords(effect.file, out.WordsOf(effect), now_, choices_, effect.about);
      break;
    case EffectKind::kFlush:
      ticket = storage.StartFlush(effect.file, now_, choices_, effect.about);
      break;
    case EffectKind::kReplace:
      ticket =
          storage.ReplaceAtomically(effect.file, out.WordsOf(effect), now_, choices_, effect.about);
      break;
    default:
      SIM_CHECK(false);
  }
  if (ticket.id != 0) {
    const uint32_t slot = NewEvent(EventKind::kFlushDone, machine,
                                   FlushWork{ticket, effect.file, host, effect.token});
    PushEvent(ticket.done, slot);
  }
  SayStorage(host, out);
  ArmStorage(host);
}

void Engine::ArmStorage(HostId host) {
  const SimTime next = storage_[host.value].NextWakeup();
  if (next >= storage_wake_[host.value]) return;
  const SimTime at = std::max(next, now_);
  storage_wake_[host.value] = at;
  PushOwn(at, EventKind::kStorageWake, host.value, 0);
}

void Engine::SayStorage(HostId host, Effects& out) {
  for (const StorageReport& report : reports_) {
    const bool lost = report.kind >= StorageReportKind::kLostTail;
    out.Say({.kind = lost ? kNoteDataLost : kNoteWrittenBack,
             .machine = MachineId::None(),
             .subject = uint32_t{host.value} << 16 | report.file.value,
             .a = report.from,
             .b = report.to,
             .c = static_cast<uint64_t>(report.kind)});
  }
  reports_.clear();
}

}  // namespace sim
