// sim/system.h
//
// SystemBase: what a simple System does not want to write. World (sim/world.h) says what a System is.
//
// A System derives from it, lists its Machines, Bodies and Handlers, and hides by declarations of
// its own whatever here does not fit.
// Example:     examples/ping_pong/main.cc
#ifndef SIM_SYSTEM_H_
#define SIM_SYSTEM_H_

#include <cstdint>
#include <span>

#include "sim/context.h"
#include "sim/effects.h"
#include "sim/engine.h"
#include "sim/faults/fault.h"
#include "sim/hash.h"
#include "sim/ids.h"
#include "sim/notes/note.h"

namespace sim {

// Whom a fault of a simple System meets: nobody, or one machine and its host. A kill meets the
// machine, a power loss the host. A System with other targets names them by larger roles.
enum TargetRole : uint16_t { kTargetNobody, kTargetMachine };
struct MachineTarget {
  uint16_t role = kTargetNobody;
  uint16_t index = 0;
};
constexpr MachineTarget OnMachine(MachineId machine) { return {kTargetMachine, machine.value}; }

// For Tables that a System does not need.
struct NoTables {
  friend void HashInto(StableHash&, const NoTables&) {}
};

// For a System that nobody watches.
struct NoObserver {
  void Observe(const NoteHeader&, std::span<const Note>, const auto&) {}
  friend void HashInto(StableHash&, const NoObserver&) {}
};

struct SystemBase {
  struct Config {};
  using Context = sim::Context;
  using Effects = sim::Effects;
  using Tables = NoTables;
  using Observer = NoObserver;

  static Context MakeContext(const auto& world, MachineId self) {
    return world.engine.ContextOf(self);
  }
  // A fault at a protocol point strikes at the first note of its kind and subject.
  static bool GuardHolds(const auto&, const PlannedFault&, const Note&) { return true; }
  // A note's first word says which message it is about.
  static uint64_t UidOf(const auto&, const Note& note) { return note.a; }
  static bool IsAbout(const auto&, const Note& note, uint64_t uid) { return note.a == uid; }
  static Engine::Resolved Resolve(const auto& world, const FaultTarget& target, const Note*,
                                  const Engine::Resolved*) {
    const auto [role, index] = target.As<MachineTarget>();
    if (role != kTargetMachine) return {};
    const MachineId machine{index};
    return {.hosts = {world.engine.process(machine).host}, .machines = {machine}};
  }
  static void HashTarget(StableHash& hash, const FaultTarget& target) {
    const auto [role, index] = target.As<MachineTarget>();
    hash(role, index);
  }
  // For traces; null: it has no name. The engine's own kinds have theirs.
  static const char* NoteName(uint16_t) { return nullptr; }
};

}  // namespace sim

#endif  // SIM_SYSTEM_H_
