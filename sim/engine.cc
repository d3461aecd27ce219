#include "sim/engine.h"

#include <algorithm>

#include "sim/check.h"
#include "sim/own_work.h"

namespace sim {
void Engine::Reset(const Choices& choices, const NetworkConfig& network) {
  now_ = {};
  next_number_ = 1;
  event_count_ = 0;
  last_cause_ = {};
  digest_ = RunDigest(choices.seed());
  choices_ = choices;
  queue_.Clear();
  slab_.Clear();
  timers_.Clear();
  network_ = network;
  connections_.clear();
  free_connections_.clear();
  next_serial_ = 0;
  links_.clear();
  link_between_.clear();
  hosts_.clear();
  processes_.clear();
  storage_.clear();
  storage_wake_.clear();
  plan_.clear();
  progress_.clear();
  realised_.clear();
  awaited_kinds_.Clear();
  faults_ended_ = false;
  held_.clear();
  parked_.clear();
  died_.clear();
  reports_.clear();
}

void Engine::Reseed(const Choices& choices) {
  SIM_CHECK(event_count_ == 0);
  choices_ = choices;
  digest_ = RunDigest(choices.seed());
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
    if (plan_[i].after_fault >= 0) continue;  // when that one is over
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
  static_assert(sizeof(B) <= Event::kInlineBytes && std::has_unique_object_representations_v<B>);
  std::array<uint64_t, EventSlab::kReadable> words{};
  std::memcpy(words.data(), &body, sizeof(B));
  const uint32_t slot = slab_.Add(words.data(), sizeof(B));
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
template uint32_t Engine::NewEvent(EventKind, MachineId, const Started&);
template uint32_t Engine::NewEvent(EventKind, MachineId, const StopRequested&);
template uint32_t Engine::NewEvent(EventKind, MachineId, const FlushWork&);
template uint32_t Engine::NewEvent(EventKind, MachineId, const ParkedTimer&);

void Engine::PushOwn(SimTime at, EventKind kind, uint32_t what, uint32_t detail) {
  PushEvent(at, NewEvent(kind, MachineId::None(), OwnWork{what, detail}));
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

uint64_t Engine::HashEvent(uint32_t slot) const {
  const Event& event = slab_[slot];
  RunDigest one(event.end | uint64_t{event.incarnation} << 8);
  const uint32_t serial = event.connection.exists() ? event.connection.serial() : 0xffffffff;
  one.AddEvent({{}, event.kind, event.machine, serial, event.cause, {}}, slab_.Body(event),
               event.size);
  return one.value().low;
}

// Order-independent, since heap layout and slots are in no hash.
uint64_t Engine::HashPending() const {
  uint64_t sum = 0;
  queue_.ForEachEvent([&](QueueKey key) {
    sum += Mix(Mix(static_cast<uint64_t>(key.time().ns), key.number()),
               HashEvent(key.slot()) ^ slab_[key.slot()].next);
  });
  for (const TimerTable::Timer& timer : timers_.timers()) {
    if (timer.deadline == Never<SimTime>() && !timer.parked) continue;
    sum +=
        Mix(Mix(timer.machine.value, timer.tag.packed()),
            Mix(static_cast<uint64_t>(timer.deadline.ns) ^ uint64_t{timer.parked}, timer.number));
  }
  return sum;
}

uint64_t Engine::HashConnection(const Connection& connection) const {
  StableHash hash;
  hash(connection.id, connection.about.uid, connection.about.attempt);
  for (const ConnectionEnd& end : connection.ends) {
    hash(end.machine, end.state, end.busy, end.turn_due, end.unheard, end.last_arrival);
    for (uint32_t at = end.received.head; at != 0; at = slab_[at - 1].next) hash(HashEvent(at - 1));
    for (uint32_t at = end.unsent.head; at != 0; at = slab_[at - 1].next) {
      const Parked& parked = parked_[at - 1];
      hash(HashEvent(at - 1), parked.about.uid, parked.about.attempt, parked.wire_bytes);
    }
  }
  return hash.value();
}

void Engine::HashInto(StableHash& hash) const {
  hash(now_, next_number_, event_count_, choices_, HashPending(), next_serial_, faults_ended_);
  for (const Host& host : hosts_) hash(host);
  for (const Process& process : processes_) hash(process);
  for (const HostStorage& storage : storage_) hash(storage);
  for (size_t at = 0; at < link_between_.size(); ++at) {
    if (link_between_[at] == 0) continue;
    const Link& link = links_[link_between_[at] - 1u];
    hash(at, link.cuts, link.free_at, link.extra);
  }
  uint64_t connections = 0;  // order-independent again
  for (const Connection& connection : connections_) {
    if (connection.id.exists()) connections += HashConnection(connection);
  }
  hash(connections);
  for (const Held& held : held_) hash(held.machine, held.flags, HashEvent(held.slot));
  for (const FaultProgress& fault : progress_) hash(fault.fired, fault.seen, fault.due);
  for (const RealisedFault& fault : realised_) hash(fault.plan, fault.time, fault.over);
}

}  // namespace sim
