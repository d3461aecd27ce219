// sim/engine.h
//
// Everything in a World that is not a machine: time, pending events, timers, network, hosts and
// their storage, faults, digest. Ordinary code over plain records; the template is World.
//
// Survives:    it is the run; copying it forks the run.
// Invariants:  (1) time never goes back; (2) ids, numbers and serials are given in order and never
//              reused; (3) what is in no machine's future is neither an event nor in the digest.
#ifndef SIM_ENGINE_H_
#define SIM_ENGINE_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/check.h"
#include "sim/choice.h"
#include "sim/context.h"
#include "sim/digest.h"
#include "sim/effects.h"
#include "sim/event.h"
#include "sim/event_queue.h"
#include "sim/faults/fault.h"
#include "sim/hash.h"
#include "sim/host/host.h"
#include "sim/ids.h"
#include "sim/network/connection.h"
#include "sim/notes/engine_notes.h"
#include "sim/notes/kind_set.h"
#include "sim/notes/note.h"
#include "sim/slab.h"
#include "sim/storage/host_storage.h"
#include "sim/time.h"
#include "sim/timers.h"

namespace sim {

// Figures of the network: a latency class per pair of host classes.
struct NetworkConfig {
  static constexpr uint32_t kHostClasses = 4;
  std::array<LatencyClass, kHostClasses * kHostClasses> classes;  // [from][to]

  LatencyClass& Between(uint8_t from, uint8_t to) { return classes[from * kHostClasses + to]; }
  friend bool operator==(const NetworkConfig&, const NetworkConfig&) = default;
};

class Engine : private ConnectionIds {
 public:
  // ---- Building. Order is identity: add hosts and processes in one fixed order. ----
  void Reset(const Choices& choices, const NetworkConfig& network);
  HostId AddHost(const Host& host, const StorageConfig& storage);
  MachineId AddProcess(const Process& process);
  void SetFaults(std::span<const PlannedFault> plan);
  // Another seed or other overrides for what was built and has not started: a World that was built
  // once is copied and reseeded for each run, which keeps all memory.
  void Reseed(const Choices& choices);
  // Delivers Started to every process, in the order in which they were added, at time 0.
  void StartAll(Effects& out);

  // A fork's own choices: from now on these, whatever the original goes on with.
  void Override(const Choices& choices) { choices_ = choices; }

  // ---- Reading. ----
  SimTime now() const { return now_; }
  EventId last_event() const { return {event_count_ - 1}; }
  uint32_t event_count() const { return event_count_; }
  const Choices& choices() const { return choices_; }
  const Host& host(HostId id) const { return hosts_[id.value]; }
  const Process& process(MachineId id) const { return processes_[id.value]; }
  const HostStorage& storage(HostId id) const { return storage_[id.value]; }
  uint32_t host_count() const { return static_cast<uint32_t>(hosts_.size()); }
  uint32_t machine_count() const { return static_cast<uint32_t>(processes_.size()); }
  uint32_t pending_count() const { return queue_.size(); }
  SimTime next_time() const { return queue_.empty() ? Never<SimTime>() : queue_.Peek().time(); }
  bool IsPaused(MachineId id) const { return process(id).paused_until > SimTime{}; }
  // What a handler of this machine sees: its host's clocks and disk. Wall clocks start at 0.
  Context ContextOf(MachineId id) const {
    const Process& process = processes_[id.value];
    const Host& host = hosts_[process.host.value];
    return {.self = id,
            .self_name = process.name,
            .mono = {now_.ns + host.mono_offset.ns},
            .wall = {now_.ns + host.wall_offset.ns},
            .choices = &choices_,
            .disk = &storage_[process.host.value]};
  }
  // The machine at the other end, or none if the connection is gone.
  MachineId PeerOf(ConnectionId connection, MachineId self) const;
  std::span<const RealisedFault> realised() const { return realised_; }
  std::span<const PlannedFault> plan() const { return plan_; }
  bool AllFaultsFired() const;
  bool faults_ended() const { return faults_ended_; }
  Digest128 digest() const { return digest_.value(); }
  // See Choices::Record.
  void RecordChoices(ChoiceLog* log) { choices_.Record(log); }
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
  // if there is none. `notes` receives what the engine says on the way.
  bool PopNext(SimTime until, Popped& popped, Effects& out);
  EventHeader Describe(const Popped& popped) const {
    const uint32_t serial = popped.connection.exists() ? popped.connection.serial() : 0xffffffff;
    return {now_, popped.kind, popped.machine, serial, last_cause_, popped.tag};
  }
  // An engine event's own work (kinds below kStarted, FaultDue excepted).
  void HandleOwn(const Popped& popped, Effects& out);
  // Carries out what the handler of `popped` asked for.
  void Apply(const Popped& popped, Effects& out, bool drop_sends);
  void Finish(const Popped& popped) {
    if (popped.slot != kNoSlot) slab_.Free(popped.slot);
  }
  void DigestNotes(std::span<const Note> notes) {
    for (const Note& note : notes) digest_.AddNote(note);
  }
  void DigestState(uint64_t state_hash) { digest_.AddState(state_hash); }
  NoteHeader header() const { return {last_event(), last_cause_, now_}; }
  ConnectionIds* connection_ids() { return this; }

  // ---- Faults. ----
  struct Resolved {
    InlineVec<HostId, 32> hosts;
    InlineVec<MachineId, 32> machines;
  };
  // The kinds for whose notes some fault waits that has not fired.
  const KindSet& awaited_kinds() const { return awaited_kinds_; }
  std::span<FaultProgress> progress() { return progress_; }
  void Strike(uint16_t plan_index, const Note* about, uint64_t uid, const Resolved& target,
              const Resolved& peer, Effects& out);
  // A fork's own faults. Those that have not fired, and follow no other, strike at a time of their
  // own from now on: uniform in [now, until], `until` by number in the plan, by a choice about the
  // fault, which its name tells from others. Kind, target and duration stay; what has fired keeps
  // its end, and what follows another fault goes on following it.
  void RedrawFaults(std::span<const SimTime> until, std::span<const uint64_t> names);
  // No protocol point is looked at until RedrawFaults: an event without the faults that it set off.
  void HoldPoints() { awaited_kinds_.Clear(); }
  // The end of faults: what has not fired never will, links heal, every host is powered, every
  // process runs.
  void EndFaults(Effects& out);

  // Processes that died since the last call; their machines' process state must go.
  std::span<const MachineId> died() const { return died_; }
  void ClearDied() { died_.clear(); }

  // Single acts, also for tests.
  void Kill(MachineId machine, Effects& out);
  void StopOrderly(MachineId machine, Effects& out, SimTime at = {});  // `at`: not before
  void Pause(MachineId machine, Duration lasts, Effects& out);
  void Resume(MachineId machine, Effects& out);
  void StartProcess(MachineId machine, Effects& out);
  void LoseKernel(HostId host, bool power, Effects& out);
  void RestoreHost(HostId host, Effects& out);
  void CutLink(HostId from, HostId to, Effects& out);
  void HealLink(HostId from, HostId to, Effects& out);

 private:
  // Flags in Event::next, of events in the queue.
  static constexpr uint32_t kHasTurn = 1u << 31;  // the kernel has dealt with it: its turn (KB:X-1)
  static constexpr uint32_t kResumed = 1u << 30;  // missed during a pause, delivered after it

  // What a paused process misses, in order.
  struct Held {
    MachineId machine;
    uint32_t slot = 0;
    uint32_t flags = 0;
  };

  // engine.cc
  ConnectionId Reserve() override;
  uint64_t NextNumber() { return next_number_++; }
  [[gnu::always_inline]] void PushEvent(SimTime at, uint32_t slot) {
    SIM_CHECK(at >= now_);
    queue_.Push({at, NextNumber(), slot});
  }
  template <typename B>
  uint32_t NewEvent(EventKind kind, MachineId machine, const B& body);
  void PushOwn(SimTime at, EventKind kind, uint32_t what, uint32_t detail);
  uint64_t HashEvent(uint32_t slot) const;
  uint64_t HashPending() const;
  uint64_t HashConnection(const Connection& connection) const;

  // engine_admit.cc
  bool Drop(uint32_t slot) { return slab_.Free(slot), false; }
  bool Admit(QueueKey key, Popped& popped, Effects& out);
  bool AdmitTimer(QueueKey key, Popped& popped);
  bool AdmitParkedTimer(uint32_t slot, Popped& popped);
  bool AdmitFlush(uint32_t slot, Effects& out);
  bool AdmitToProcess(uint32_t slot);
  bool IsCatchingUp(const Process& process) const {
    return process.caught_up_at > SimTime{} && now_ <= process.caught_up_at;
  }
  // True if the process is stopped, or has not yet caught up with what it missed: then `slot` is
  // delivered behind that, so that no stream is reordered.
  bool HoldIfPaused(uint32_t slot) {
    return HoldIfPaused(processes_[slab_[slot].machine.value], slot);
  }
  bool HoldIfPaused(const Process& process, uint32_t slot) {
    if (process.paused_until <= SimTime{} && !IsCatchingUp(process)) [[likely]] {
      return false;
    }
    return Hold(slot);
  }
  bool Hold(uint32_t slot);
  void DropHeld(MachineId machine);
  bool IsOrphan(const Event& event) const;

  // engine_network.cc
  static uint8_t EndOf(const Connection& connection, MachineId machine) {
    return connection.ends[0].machine == machine ? 0 : 1;
  }
  Connection* Find(ConnectionId id) {
    Connection* connection = connections_.data() + id.slot();
    // Addresses, since a size takes a division. No connection has the id that does not exist.
    if (connection >= connections_.data() + connections_.size()) return nullptr;
    return connection->id == id && id.exists() ? connection : nullptr;
  }
  const Connection* Find(ConnectionId id) const { return const_cast<Engine*>(this)->Find(id); }
  Link& LinkBetween(HostId from, HostId to) { return links_[LinkIndex(from, to)]; }
  uint16_t LinkIndex(HostId from, HostId to) {
    const size_t at = from.value * hosts_.size() + to.value;
    if (at < link_between_.size() && link_between_[at] != 0) return link_between_[at] - 1;
    return MakeLink(from, to);
  }
  uint16_t MakeLink(HostId from, HostId to);
  // `wait`: a retransmission time-out that passes first.
  void SendOn(Connection& connection, uint8_t from_end, uint32_t slot, const About& about,
              uint32_t wire_bytes, Duration wait);
  void SendControl(Connection& connection, uint8_t from_end, EventKind kind, Disconnect reason,
                   Duration wait = {});
  bool AdmitFromNetwork(uint32_t slot, Effects& out);
  bool AdmitData(Connection& connection, ConnectionEnd& to, const Process& process, uint32_t slot);
  bool AdmitDisconnected(Connection& connection, ConnectionEnd& to, uint32_t slot, Effects& out);
  bool EndConnection(Connection& connection, ConnectionEnd& to, uint32_t slot, Effects& out);
  bool AnswerReset(Connection& connection, uint32_t slot);
  bool AdmitHandshake(Connection& connection, ConnectionEnd& to, uint32_t slot);
  void CloseEnd(Connection& connection, uint8_t end);
  void LoseEnd(Connection& connection, uint8_t end);
  // An end has sent: if it is a listener's, that was an answer, and the next request in its receive
  // buffer has its turn. An opener's end is never busy, and nothing waits in its buffer.
  void NextRequest(ConnectionEnd& end) {
    if (!end.received.empty()) [[unlikely]] {
      return TakeTurn(end);
    }
    end.busy &= end.turn_due;
  }
  void TakeTurn(ConnectionEnd& listener);
  void MaybeFree(Connection& connection);
  void DropChain(EventChain& chain);
  void Chain(EventChain& chain, uint32_t slot);
  uint32_t Unchain(EventChain& chain);
  void RevisitLostEnds(HostId host);

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
  void SayStorage(HostId host, Effects& out);

  // engine_faults.cc
  void Undo(uint16_t realised_index, Effects& out);
  void StartReleased(MachineId machine, Effects& out);
  void ReleaseHost(HostId host, Effects& out);
  void StrikeMachines(const PlannedFault& fault, const RealisedFault& realised, Effects& out);
  void StrikeHosts(const PlannedFault& fault, const RealisedFault& realised, Effects& out);
  void StrikeLinks(const PlannedFault& fault, const RealisedFault& realised, Effects& out);
  void UndoLinks(const PlannedFault& fault, const RealisedFault& realised, Effects& out);
  void SlowLink(HostId from, HostId to, Duration extra, Effects& out);
  void SlowDisk(HostId host, Effects& out);
  bool IsAnyRunning(const InlineVec<MachineId, 32>& machines) const;
  void ScheduleRestart(MachineId machine);
  void ScheduleFollowers(uint16_t plan_index);
  void AbandonFlushes(MachineId machine);
  void RefreshAwaited();

  SimTime now_{};
  uint64_t next_number_ = 0;
  uint32_t event_count_ = 0;
  EventId last_cause_;
  RunDigest digest_;
  Choices choices_;
  EventQueue queue_;
  EventSlab slab_;
  TimerTable timers_;
  std::vector<Held> held_;

  NetworkConfig network_;
  std::vector<Connection> connections_;
  std::vector<uint16_t> free_connections_;
  uint32_t next_serial_ = 0;
  std::vector<Link> links_;             // those that were ever used
  std::vector<uint16_t> link_between_;  // [from][to]: which of them, plus one; or 0
  std::vector<Parked> parked_;          // by slot of the slab; what lies in an unsent chain has one

  std::vector<Host> hosts_;
  std::vector<Process> processes_;
  std::vector<HostStorage> storage_;
  std::vector<SimTime> storage_wake_;  // the wake-up that counts; others are stale

  std::vector<PlannedFault> plan_;
  std::vector<FaultProgress> progress_;
  std::vector<RealisedFault> realised_;
  KindSet awaited_kinds_;
  bool faults_ended_ = false;

  std::vector<MachineId> died_;  // empty between events
  StorageReports reports_;       // empty between events
};

}  // namespace sim

#endif  // SIM_ENGINE_H_
