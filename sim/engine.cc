#include "sim/engine.h"

#include <tuple>

#include "sim/check.h"
#include "sim/own_work.h"
#include "sim/storage/crash_image.h"

namespace sim {

// Assignment keeps the memory, and forgets no field.
void Engine::Reset(const Choices& choices, const NetworkConfig& network) {
  static const Engine kEmpty;
  *this = kEmpty;
  core_.queue.Clear();  // which reserves what a long run takes
  network_.Configure(network);
  Reseed(choices);
}

void Engine::Reseed(const Choices& choices) {
  SIM_CHECK(core_.event_count == 0);
  core_.choices = choices;
  digest_ = RunDigest(choices.seed());
}

// The host's kernel has been up before the run, for a time that is a choice about the host's name
// (docs/decisions/0009).
void Engine::AgeKernel(HostId host) {
  constexpr uint32_t kPurposeKernelAge = 2;
  const uint64_t name = hosts_[host.value].name;
  const ChoiceKey key = MakeChoiceKey(ChoiceDomain::kDisk, kPurposeKernelAge, name, {});
  const uint64_t age = core_.choices.Below(key, static_cast<uint64_t>(kKernelAgeMax.ns));
  storage_[host.value].RanBefore({static_cast<int64_t>(age)}, core_.now);
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

void Engine::StartAll(Effects& out) {
  for (uint16_t host = 0; host < hosts_.size(); ++host) AgeKernel({host});
  for (uint16_t machine = 0; machine < processes_.size(); ++machine) {
    StartProcess({machine}, out);
  }
}

void Engine::HandleOwn(const Popped& popped, Effects& out) {
  OwnWork work;
  std::memcpy(&work, popped.body, sizeof(work));
  if (popped.kind == EventKind::kStorageWake) {
    const HostId host{static_cast<uint16_t>(work.what)};
    reports_.clear();
    storage_[host.value].OnWakeup(core_.now, reports_);
    SayStorage(host, out);
    ArmStorage(host);
  } else if (popped.kind == EventKind::kFaultEnds) {
    const auto fault = static_cast<uint16_t>(work.what);
    work.detail == kGraceEnds ? EndGrace(fault, out) : Undo(fault, out);
  }
}

void Engine::HashInto(StableHash& hash) const {
  const auto& [core, budget, last_cause, digest, network, hosts, processes, storage, storage_wake,
               held, faults, died, reports] = *this;
  static_cast<void>(budget);        // counts what is hashed
  static_cast<void>(last_cause);    // set anew for each event
  static_cast<void>(digest);        // what the hash goes into
  static_cast<void>(storage_wake);  // which pending wake-ups count; the storage itself is hashed
  static_cast<void>(std::tie(died, reports));  // empty between events
  hash(core, network.next_serial(), faults.ended());
  for (const Host& host : hosts) hash(host);
  for (const Process& process : processes) hash(process);
  for (const HostStorage& files : storage) hash(files);
  network.HashInto(hash, core);
  for (const auto& [machine, slot, flags] : held) hash(machine, flags, core.HashEvent(slot));
  hash(faults);
}

}  // namespace sim
