// sim/world.h
//
// World<System>: a run as one value. The engine, the machines, what they share, and who watches.
//
// A System lists what its machines are and what they do. sim::SystemBase (sim/system.h) supplies
// whatever a simple one does not want to write.
//   Machines     sim::List of machine types. Each has a `Process process` member: what dies with the
//                process.
//   Bodies       sim::List of message bodies (plain, unique object representations).
//   Handlers     sim::List of sim::On<&Function>. A handler is
//                    void F(const Context&, Machine&, const sim::Received<Body>&, Effects&)
//                for Body in Bodies or one of the engine's (Started, TimerFired, ...). What is not
//                listed is never called, and a message without a handler is a check failure.
//   Config       constant for the run; lives outside of the World.
//   Tables       append-only, shared by the machines.
//   Context      derived from sim::Context; made by System::MakeContext(world, machine).
//   Effects      sim::Effects or derived from it.
//   Observer     ledger and invariants: Observe(header, notes, world).
//   GuardHolds   (world, fault, note): may the fault strike at this note?
//   UidOf        (world, note): which message the note is about.
//   IsAbout      (world, note, uid): is it about that one?
//   Resolve      (world, target, note or null, the other side or null): whom a fault meets.
//   HashTarget   (hash, target): what names the target of a fault.
//
// Survives:    copying it forks the run; copy-assignment into a warmed World reuses its memory.
// Leaves out:  Scratch (buffers), which is no state: one a thread.
#ifndef SIM_WORLD_H_
#define SIM_WORLD_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/check.h"
#include "sim/context.h"
#include "sim/effects.h"
#include "sim/engine.h"
#include "sim/event.h"

namespace sim {

template <typename... Ts>
struct List {
  static constexpr uint32_t kSize = sizeof...(Ts);
  template <typename T>
  static constexpr uint32_t IndexOf() {
    uint32_t index = 0;
    const bool found = ((std::is_same_v<T, Ts> ? true : (++index, false)) || ...);
    return found ? index : kSize;
  }
  // Of a message body.
  template <typename B>
  static constexpr EventKind KindOf() {
    static_assert(IndexOf<B>() < kSize, "a body must be listed in System::Bodies");
    return static_cast<EventKind>(static_cast<uint32_t>(EventKind::kFirstBody) + IndexOf<B>());
  }
};

template <auto Function>
struct On {};

template <typename System>
class World;

// Sees the World once more before a fault strikes in the middle of an event: what it destroys is
// there to be seen for the last time. Changes nothing. For tests.
template <typename System>
class StrikeWatcher {
 public:
  virtual void BeforeStrike(const typename System::Effects& effects,
                            const World<System>& world) = 0;

 protected:
  ~StrikeWatcher() = default;
};

template <typename System>
class World {
 public:
  using Config = typename System::Config;
  using Tables = typename System::Tables;
  using Observer = typename System::Observer;
  using Effects = typename System::Effects;

  using StrikeWatcher = sim::StrikeWatcher<System>;

  struct Scratch {
    Effects effects;
    StrikeWatcher* strike_watcher = nullptr;
    // Keep the last Step's event, for whoever names or compares events. Its notes are in `effects`
    // anyway, until the next Step.
    bool watched = false;
    EventRecord event;
    // Of the Step under way.
    Engine::Popped popped;
  };

  // Copying a World copies the run, not its config: that is constant and outlives it.
  Engine engine;
  Tables tables;
  Observer observer;
  const Config* config = nullptr;

  template <typename M>
  std::vector<M>& machines() {
    return std::get<std::vector<M>>(machines_);
  }
  template <typename M>
  const std::vector<M>& machines() const {
    return std::get<std::vector<M>>(machines_);
  }
  template <typename M>
  MachineId AddMachine(const M& machine, HostId host, uint64_t name) {
    auto& slab = machines<M>();
    slab.push_back(machine);
    return engine.AddProcess(
        {.host = host,
         .machine_type = static_cast<uint8_t>(MachineIndex<M>(typename System::Machines{})),
         .index = static_cast<uint16_t>(slab.size() - 1),
         .name = name});
  }
  // The machine with that id, which must be an M.
  template <typename M>
  const M& machine(MachineId id) const {
    return machines<M>()[engine.process(id).index];
  }

  // Everything starts, at time 0.
  void Start(Scratch& scratch) {
    Begin(scratch);
    engine.StartAll(scratch.effects);
    SettleNotes(scratch);
  }
  // Runs the next event at or before `until`. False: there is none, or its budget is spent.
  bool Step(Scratch& scratch, SimTime until = Never<SimTime>()) {
    Begin(scratch);
    Engine::Popped& popped = scratch.popped;
    if (!engine.PopNext(until, popped, scratch.effects)) [[unlikely]] {
      SettleNotes(scratch);
      return false;
    }
    if (scratch.watched) [[unlikely]]
      Watch(popped, scratch);
    if (popped.machine.exists()) [[likely]] {
      Dispatch(popped, scratch.effects);
      Settle(scratch, popped);
    } else {
      HandleOwn(popped, scratch);
      SettleNotes(scratch);
    }
    engine.Finish(popped);
    if (engine.event_count() % kCheckpointEvents == 0) [[unlikely]] {
      if (IsCheckpointDue(engine.event_count())) Checkpoint();
    }
    return true;
  }
  // Asks a process to stop, not before `at`: no fault, but whoever runs the World.
  void AskToStop(MachineId machine, SimTime at, Scratch& scratch) {
    Begin(scratch);
    engine.StopOrderly(machine, scratch.effects, at);
    SettleNotes(scratch);
  }
  // See Engine::RedrawFaults; a fault is named by what it does, and to whom.
  void RedrawFaults(std::span<const SimTime> until) {
    std::vector<uint64_t> names;
    for (const PlannedFault& fault : engine.plan()) {
      StableHash hash;
      System::HashTarget(hash, fault.target);
      System::HashTarget(hash, fault.peer);
      hash(fault.kind);
      names.push_back(hash.value());
    }
    engine.RedrawFaults(until, names);
  }
  // Faults stop, links heal, every host that can return is back.
  void EndFaults(Scratch& scratch) {
    Begin(scratch);
    engine.EndFaults(scratch.effects);
    SettleNotes(scratch);
  }

  // The hash of the whole state goes into the digest: by itself after every so many events, and by
  // whoever runs the World at the end of the run. Returns it.
  static constexpr uint32_t kCheckpointEvents = 4096;  // below 1 % of the time of a run
  // In a long run, of which the state may be as large as what it has done so far, at most 32 times
  // from one power of two to the next: else the time would grow with the square of its length.
  static constexpr bool IsCheckpointDue(uint32_t event_count) {
    return event_count % std::max(kCheckpointEvents, std::bit_floor(event_count) / 32) == 0;
  }
  uint64_t Checkpoint() {
    const uint64_t hash = StateHash();
    engine.DigestState(hash);
    return hash;
  }
  uint64_t StateHash() const {
    StableHash hash;
    engine.HashInto(hash);
    hash(tables, observer);
    std::apply([&](const auto&... slab) { (hash(slab), ...); }, machines_);
    return hash.value();
  }
  Digest128 digest() const { return engine.digest(); }

 private:
  template <typename... Ms>
  static std::tuple<std::vector<Ms>...> SlabsOf(List<Ms...>);
  template <typename M, typename... Ms>
  static constexpr uint32_t MachineIndex(List<Ms...>) {
    return List<Ms...>::template IndexOf<M>();
  }

  using Handler = void (*)(World&, const Engine::Popped&, Effects&);
  static constexpr uint32_t kKinds =
      static_cast<uint32_t>(EventKind::kFirstBody) + System::Bodies::kSize;
  using Table = std::array<std::array<Handler, kKinds>, System::Machines::kSize>;

  template <typename B>
  static constexpr uint32_t KindIndex() {
    using Own = List<Started, StopRequested, TimerFired, Connected, Accepted, Disconnected, Flushed,
                     Ordered>;
    if constexpr (Own::template IndexOf<B>() < Own::kSize) {
      return static_cast<uint32_t>(EventKind::kStarted) + Own::template IndexOf<B>();
    } else {
      return static_cast<uint32_t>(System::Bodies::template KindOf<B>());
    }
  }
  template <auto Function, typename C, typename M, typename B>
  static void Call(World& world, const Engine::Popped& popped, Effects& out) {
    M& machine =
        std::get<std::vector<M>>(world.machines_)[world.engine.process(popped.machine).index];
    const C context = System::MakeContext(world, popped.machine);
    if constexpr (std::is_same_v<B, TimerFired>) {
      const TimerFired fired{popped.tag};
      Function(context, machine, Received<B>{popped.connection, fired, {}}, out);
    } else {
      const auto* body = reinterpret_cast<const B*>(popped.body);
      using Item = typename ItemOf<B>::type;
      std::span<const Item> items;
      if constexpr (!std::is_same_v<Item, NoItem>) {
        items = {reinterpret_cast<const Item*>(popped.body + sizeof(B)),
                 (popped.size - sizeof(B)) / sizeof(Item)};
      }
      Function(context, machine, Received<B>{popped.connection, *body, items}, out);
    }
  }
  template <auto Function, typename C, typename M, typename B>
  static constexpr void Enter(Table& table, void (*)(const C&, M&, const Received<B>&, Effects&)) {
    table[MachineIndex<M>(typename System::Machines{})][KindIndex<B>()] = &Call<Function, C, M, B>;
  }
  template <auto... Functions>
  static constexpr Table MakeTable(List<On<Functions>...>) {
    Table table{};
    (Enter<Functions>(table, Functions), ...);
    return table;
  }
  static constexpr Table kTable = MakeTable(typename System::Handlers{});

  // Faults that notes of an event have set off, and by which note.
  struct Struck {
    static constexpr uint32_t kMax = 128;  // more of them go on waiting
    uint32_t count = 0;
    std::array<uint16_t, kMax> faults;
    std::array<uint32_t, kMax> notes;
  };

  void Begin(Scratch& scratch) {
    scratch.effects.Clear();
    scratch.effects.Attach(engine.connection_ids());
    if constexpr (requires { scratch.effects.AttachTables(&tables); }) {
      scratch.effects.AttachTables(&tables);
    }
  }
  void Dispatch(const Engine::Popped& popped, Effects& out) {
    const Handler handler =
        kTable[engine.process(popped.machine).machine_type][static_cast<uint32_t>(popped.kind)];
    SIM_CHECK(handler != nullptr);
    out.SpeakAs(popped.machine);
    handler(*this, popped, out);
  }
  [[gnu::noinline]] void Watch(const Engine::Popped& popped, Scratch& scratch) {
    scratch.event.header = engine.Describe(popped);
    scratch.event.body.assign(popped.body, popped.body + popped.size);
  }
  // Of an event that no machine receives.
  [[gnu::noinline]] void HandleOwn(const Engine::Popped& popped, Scratch& scratch) {
    if (popped.kind == EventKind::kFaultDue) return StrikeDue(popped, scratch);
    engine.HandleOwn(popped, scratch.effects);
  }
  // Notes are observed and faults matched before effects are applied, so that a fault may drop the
  // sends of the very event it strikes; what applying and striking say is observed in turn.
  [[gnu::always_inline]] void Settle(Scratch& scratch, const Engine::Popped& popped) {
    uint32_t seen = 0;
    Struck struck;
    Observe(scratch, seen, struck);
    engine.Apply(popped, scratch.effects,
                 struck.count != 0 && DropsSends(struck, scratch.effects, popped.machine));
    SettleRest(scratch, seen, struck);
  }
  // Where no machine asked for anything.
  [[gnu::noinline]] void SettleNotes(Scratch& scratch) {
    Struck struck;
    SettleRest(scratch, 0, struck);
  }
  [[gnu::always_inline]] void SettleRest(Scratch& scratch, uint32_t seen, Struck& struck) {
    Observe(scratch, seen, struck);
    if (struck.count != 0 || !engine.died().empty()) [[unlikely]]
      StrikeAll(scratch, seen, struck);
    engine.DigestNotes(scratch.effects.notes());
  }
  // Some fault cuts the striking event short, and ends the very process that sends. Who lives on has
  // handed everything to its kernel: nothing of a connection is lost in the middle.
  [[gnu::noinline]] bool DropsSends(const Struck& struck, const Effects& effects,
                                    MachineId speaker) const {
    for (uint32_t i = 0; i < struck.count; ++i) {
      const PlannedFault& fault = engine.plan()[struck.faults[i]];
      if (!fault.before_effects) continue;
      const Note& about = effects.notes()[struck.notes[i]];
      const Engine::Resolved target = System::Resolve(*this, fault.target, &about, nullptr);
      if (engine.Ends(fault.kind, target, speaker)) return true;
    }
    return false;
  }
  [[gnu::noinline]] void StrikeAll(Scratch& scratch, uint32_t& seen, Struck& struck) {
    for (uint32_t done = 0;; ++done) {
      ReviveDied();
      if (done == struck.count) return;
      const Note about = scratch.effects.notes()[struck.notes[done]];
      if (auto* watcher = scratch.strike_watcher) watcher->BeforeStrike(scratch.effects, *this);
      StrikeNow(struck.faults[done], &about, scratch);
      Observe(scratch, seen, struck);
    }
  }
  void Observe(Scratch& scratch, uint32_t& seen, Struck& struck) {
    if (seen != scratch.effects.notes().size()) ObserveNew(scratch, seen, struck);
  }
  [[gnu::noinline]] void ObserveNew(Scratch& scratch, uint32_t& seen, Struck& struck) {
    const auto notes = scratch.effects.notes();
    observer.Observe(engine.header(), notes.subspan(seen), *this);
    if (!engine.awaited_kinds().empty()) MatchAll(notes, seen, struck);
    seen = static_cast<uint32_t>(notes.size());
  }
  [[gnu::noinline]] void MatchAll(std::span<const Note> notes, uint32_t from, Struck& struck) {
    for (uint32_t i = from; i < notes.size(); ++i) {
      if (engine.awaited_kinds().contains(notes[i].kind)) Match(notes[i], i, struck);
    }
  }
  [[gnu::noinline]] void Match(const Note& note, uint32_t at, Struck& struck) {
    const auto plan = engine.plan();
    for (uint16_t index = 0; index < plan.size(); ++index) {
      const PlannedFault& fault = plan[index];
      FaultProgress& progress = engine.progress()[index];
      if (struck.count == Struck::kMax) return;
      if (progress.fired || fault.note_kind != note.kind) continue;
      if (fault.note_subject != 0xffffffff && fault.note_subject != note.subject) continue;
      if (fault.by_uid && !System::IsAbout(*this, note, fault.uid)) continue;
      if (!System::GuardHolds(*this, fault, note)) continue;
      if (++progress.seen != fault.occurrence) continue;
      progress.fired = true;
      struck.faults[struck.count] = index;
      struck.notes[struck.count++] = at;
    }
  }
  void StrikeDue(const Engine::Popped& popped, Scratch& scratch) {
    uint32_t index;
    std::memcpy(&index, popped.body, sizeof(index));
    if (engine.faults_ended() || engine.progress()[index].fired) return;
    StrikeNow(static_cast<uint16_t>(index), nullptr, scratch);
  }
  void StrikeNow(uint16_t index, const Note* about, Scratch& scratch) {
    const PlannedFault fault = engine.plan()[index];
    const Engine::Resolved target = System::Resolve(*this, fault.target, about, nullptr);
    const Engine::Resolved peer = System::Resolve(*this, fault.peer, about, &target);
    const uint64_t uid = about == nullptr ? 0 : System::UidOf(*this, *about);
    engine.Strike(index, about, uid, target, peer, scratch.effects);
  }
  void ReviveDied() {
    for (const MachineId id : engine.died()) {
      const Process& process = engine.process(id);
      uint32_t type = 0;
      const auto clear = [&](auto& slab) {
        using Machine = typename std::decay_t<decltype(slab)>::value_type;
        static const decltype(Machine::process) kEmpty{};
        if (type++ == process.machine_type) slab[process.index].process = kEmpty;
      };
      std::apply([&](auto&... slab) { (clear(slab), ...); }, machines_);
    }
    engine.ClearDied();
  }

  decltype(SlabsOf(typename System::Machines{})) machines_;
};

}  // namespace sim

#endif  // SIM_WORLD_H_
