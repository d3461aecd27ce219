// sim/engine.h
//
// Everything in a World that is not a machine, composed: the core (time, pending events, chance),
// the network, hosts with their processes and storage, the faults, the digest.
//
// Each room owns its records. Here is what takes several of them: who is admitted, what an effect
// does, what a fault breaks, and all that is said about it. Ordinary code over plain records; the
// template is World.
// Survives:    it is the run; copying it forks the run.
// Invariants:  (1) time never goes back; (2) ids, numbers and serials are given in order and never
//              reused; (3) what is in no machine's future is neither an event nor in the digest.
#ifndef SIM_ENGINE_H_
#define SIM_ENGINE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/budget.h"
#include "sim/check.h"
#include "sim/choice.h"
#include "sim/context.h"
#include "sim/core.h"
#include "sim/digest.h"
#include "sim/effects.h"
#include "sim/event.h"
#include "sim/event_queue.h"
#include "sim/faults/fault.h"
#include "sim/faults/faults.h"
#include "sim/hash.h"
#include "sim/host/host.h"
#include "sim/ids.h"
#include "sim/network/config.h"
#include "sim/network/network.h"
#include "sim/notes/engine_notes.h"
#include "sim/notes/kind_set.h"
#include "sim/notes/note.h"
#include "sim/slab.h"
#include "sim/storage/host_storage.h"
#include "sim/time.h"
#include "sim/timers.h"

namespace sim {

class Engine {
 public:
  // ---- Building. Order is identity: add hosts and processes in one fixed order. ----
  void Reset(const Choices& choices, const NetworkConfig& network);
  HostId AddHost(const Host& host, const StorageConfig& storage);
  MachineId AddProcess(const Process& process);
  void SetFaults(std::span<const PlannedFault> plan) { faults_.SetPlan(plan, core_); }
  void SetEventLimits(const EventLimits& limits) { budget_.SetLimits(limits); }
  // Another seed or other overrides for what was built and has not started: a World that was built
  // once is copied and reseeded for each run, which keeps all memory.
  void Reseed(const Choices& choices);
  // At time 0: gives every kernel its past, and every process Started, in the order of adding.
  void StartAll(Effects& out);

  // A fork's own choices: from now on these, whatever the original goes on with.
  void Override(const Choices& choices) { core_.choices = choices; }

  // ---- Reading. ----
  SimTime now() const { return core_.now; }
  EventId last_event() const { return core_.last_event(); }
  uint32_t event_count() const { return core_.event_count; }
  const Choices& choices() const { return core_.choices; }
  const Host& host(HostId id) const { return hosts_[id.value]; }
  const Process& process(MachineId id) const { return processes_[id.value]; }
  const HostStorage& storage(HostId id) const { return storage_[id.value]; }
  uint32_t host_count() const { return static_cast<uint32_t>(hosts_.size()); }
  uint32_t machine_count() const { return static_cast<uint32_t>(processes_.size()); }
  uint32_t pending_count() const { return core_.queue.size(); }
  SimTime next_time() const {
    return core_.queue.empty() ? Never<SimTime>() : core_.queue.Peek().time();
  }
  bool IsPaused(MachineId id) const { return process(id).life.paused_until > SimTime{}; }
  // What a handler of this machine sees: its host's clocks and disk. Wall clocks start at 0.
  Context ContextOf(MachineId id) const {
    const Process& process = processes_[id.value];
    const Host& host = hosts_[process.host.value];
    return {.self = id,
            .self_name = process.name,
            .mono = {core_.now.ns + host.mono_offset.ns},
            .wall = {core_.now.ns + host.wall_offset.ns},
            .choices = &core_.choices,
            .disk = &storage_[process.host.value]};
  }
  // The machine at the other end, or none if the connection is gone.
  MachineId PeerOf(ConnectionId connection, MachineId self) const {
    return network_.PeerOf(connection, self);
  }
  std::span<const RealisedFault> realised() const { return faults_.realised(); }
  std::span<const PlannedFault> plan() const { return faults_.plan(); }
  bool AllFaultsFired() const { return faults_.AllFired(); }
  bool faults_ended() const { return faults_.ended(); }
  Digest128 digest() const { return digest_.value(); }
  // Set: the run has had more events than any may have, and nothing happens in it any more.
  const std::optional<Overrun>& overrun() const { return budget_.overrun(); }
  // See Choices::Record.
  void RecordChoices(ChoiceLog* log) { core_.choices.Record(log); }
  void HashInto(StableHash& hash) const;

  // ---- Running: what World::Step is made of. ----
  // One pending event that is really one; the engine's own kinds and stale entries are told apart.
  struct Popped {
    EventKind kind{};
    MachineId machine;
    ConnectionId connection;
    TimerTag tag;             // kTimer
    uint32_t slot = kNoSlot;  // in the slab; none for timers
    const std::byte* body = nullptr;
    uint16_t size = 0;
  };
  static constexpr uint32_t kNoSlot = 0xffffffff;

  // Pops entries until one is an event at or before `until`; gives it an id and digests it. False
  // if there is none, or the run has overrun its budget. `notes` receives what the engine says on the way.
  bool PopNext(SimTime until, Popped& popped, Effects& out);
  EventHeader Describe(const Popped& popped) const {
    const uint32_t serial = popped.connection.exists() ? popped.connection.serial() : 0xffffffff;
    return {core_.now, popped.kind, popped.machine, serial, last_cause_, popped.tag};
  }
  // An engine event's own work (kinds below kStarted, FaultDue excepted).
  void HandleOwn(const Popped& popped, Effects& out);
  // Carries out what the handler of `popped` asked for.
  void Apply(const Popped& popped, Effects& out, bool drop_sends);
  void Finish(const Popped& popped) {
    if (popped.slot != kNoSlot) core_.slab.Free(popped.slot);
  }
  void DigestNotes(std::span<const Note> notes) {
    for (const Note& note : notes) digest_.AddNote(note);
  }
  void DigestState(uint64_t state_hash) { digest_.AddState(state_hash); }
  NoteHeader header() const { return {last_event(), last_cause_, core_.now}; }
  ConnectionIds* connection_ids() { return &network_; }

  // ---- Faults. ----
  struct Resolved {
    ResolvedHosts hosts;
    ResolvedMachines machines;
  };
  // See Faults.
  const KindSet& awaited_kinds() const { return faults_.awaited_kinds(); }
  std::span<FaultProgress> progress() { return faults_.progress(); }
  void Strike(uint16_t plan_index, const Note* about, uint64_t uid, const Resolved& target,
              const Resolved& peer, Effects& out);
  // Whether a fault of that kind ends this process, by itself or with its host.
  bool Ends(FaultKind kind, const Resolved& target, MachineId machine) const;
  // A fork's own faults. Those that have not fired, and follow no other, strike at a time of their
  // own from now on: uniform in [now, until], `until` by number in the plan, by a choice about the
  // fault, which its name tells from others. Kind, target and duration stay; what has fired keeps
  // its end, and what follows another fault goes on following it.
  void RedrawFaults(std::span<const SimTime> until, std::span<const uint64_t> names) {
    faults_.Redraw(until, names, core_);
  }
  // No protocol point is looked at until RedrawFaults: an event without the faults that it set off.
  void HoldPoints() { faults_.HoldPoints(); }
  // The end of faults: what has not fired never will, links heal, every host is powered, every
  // process runs.
  void EndFaults(Effects& out);

  // Processes that died since the last call; their machines' process state must go.
  std::span<const MachineId> died() const { return died_; }
  void ClearDied() { died_.clear(); }

  // Single acts, also for tests.
  void Kill(MachineId machine, Effects& out);
  void Order(MachineId machine, uint32_t order);
  void StopOrderly(MachineId machine, Effects& out, SimTime at = {});  // `at`: not before
  void Pause(MachineId machine, Duration lasts, Effects& out);
  void Resume(MachineId machine, Effects& out);
  void StartProcess(MachineId machine, Effects& out);
  void LoseKernel(HostId host, bool power, Effects& out);
  void RestoreHost(HostId host, Effects& out);
  void CutLink(HostId from, HostId to, Effects& out);
  void HealLink(HostId from, HostId to, Effects& out);

 private:
  // What a paused process misses, in order.
  struct Held {
    MachineId machine;
    uint32_t slot = 0;
    uint32_t flags = 0;
  };

  template <typename B>
  uint32_t NewEvent(EventKind kind, MachineId machine, const B& body) {
    return core_.NewEvent(kind, machine, processes_[machine.value].incarnation, body);
  }

  // engine_admit.cc
  bool Drop(uint32_t slot) { return core_.slab.Free(slot), false; }
  bool Admit(QueueKey key, Popped& popped, Effects& out);
  bool AdmitTimer(QueueKey key, Popped& popped);
  bool AdmitParkedTimer(uint32_t slot, Popped& popped);
  bool AdmitFlush(uint32_t slot, Effects& out);
  bool AdmitToProcess(uint32_t slot);
  bool IsCatchingUp(const Process& process) const {
    return process.life.caught_up_at > SimTime{} && core_.now <= process.life.caught_up_at;
  }
  // True if the process is stopped, or has not yet caught up with what it missed: then `slot` is
  // delivered behind that, so that no stream is reordered.
  bool HoldIfPaused(uint32_t slot) {
    return HoldIfPaused(processes_[core_.slab[slot].machine.value], slot);
  }
  bool HoldIfPaused(const Process& process, uint32_t slot) {
    if (process.life.paused_until <= SimTime{} && !IsCatchingUp(process)) [[likely]] {
      return false;
    }
    return Hold(slot);
  }
  bool Hold(uint32_t slot);
  void DropHeld(MachineId machine);
  bool IsOrphan(const Event& event) const;

  // engine_network.cc
  bool AdmitFromNetwork(uint32_t slot, Effects& out);
  bool AdmitData(Connection& connection, ConnectionEnd& to, const Process& process, uint32_t slot);
  bool AdmitDisconnected(Connection& connection, ConnectionEnd& to, uint32_t slot, Effects& out);
  bool EndConnection(Connection& connection, ConnectionEnd& to, uint32_t slot, Effects& out);
  bool AdmitHandshake(Connection& connection, ConnectionEnd& to, uint32_t slot);

  // engine_effects.cc
  void ApplyOne(MachineId self, const Effect& effect, Effects& out);
  void ApplySend(MachineId self, const Effect& effect, Effects& out);
  void ApplyConnect(MachineId self, const Effect& effect, Effects& out);
  void ApplySetTimer(MachineId self, const Effect& effect);
  void Exit(MachineId self, Effects& out);
  void ApplySome(MachineId self, std::span<const Effect> effects, Effects& out, bool drop_sends);
  void ApplyWrite(MachineId machine, const Effect& effect, Effects& out);
  void ApplyDisk(MachineId machine, const Effect& effect, Effects& out);
  void ArmStorage(HostId host);
  void AgeKernel(HostId host);
  void SayStorage(HostId host, Effects& out);

  // engine_faults.cc
  void Undo(uint16_t realised_index, Effects& out);
  void EndGrace(uint16_t realised_index, Effects& out);
  void WipeStopped(MachineId machine, Effects& out);
  void WipeDisk(HostId host, Effects& out);
  void StartReleased(MachineId machine, Effects& out);
  void ReleaseHost(HostId host, Effects& out);
  void StrikeMachines(const PlannedFault& fault, const RealisedFault& realised, Effects& out);
  void StrikeHosts(const PlannedFault& fault, const RealisedFault& realised, Effects& out);
  void StrikeLinks(const PlannedFault& fault, const RealisedFault& realised, Effects& out);
  void UndoLinks(const PlannedFault& fault, const RealisedFault& realised, Effects& out);
  void SlowLink(HostId from, HostId to, Duration extra, Effects& out);
  void SlowDisk(HostId host, Effects& out);
  bool IsAnyRunning(const ResolvedMachines& machines) const;
  void ScheduleRestart(MachineId machine);
  void EndLife(MachineId machine);
  void AbandonFlushes(MachineId machine);

  Core core_;
  Budget budget_;
  EventId last_cause_;
  RunDigest digest_;
  Network network_;

  std::vector<Host> hosts_;
  std::vector<Process> processes_;
  std::vector<HostStorage> storage_;
  std::vector<SimTime> storage_wake_;  // the wake-up that counts; others are stale
  std::vector<Held> held_;

  Faults faults_;

  std::vector<MachineId> died_;  // empty between events
  StorageReports reports_;       // empty between events
};

}  // namespace sim

#endif  // SIM_ENGINE_H_
