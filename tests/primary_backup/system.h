// tests/primary_backup/system.h
//
// The primary-backup log as the engine runs it: who reacts to what, what is watched, whom faults
// meet.
#ifndef TESTS_PRIMARY_BACKUP_SYSTEM_H_
#define TESTS_PRIMARY_BACKUP_SYSTEM_H_

#include "sim/system.h"
#include "tests/primary_backup/primary_backup.h"

namespace primary_backup {

struct Watcher {
  std::vector<uint64_t> acknowledged;
  uint64_t chain = 0;

  void Observe(const sim::NoteHeader&, std::span<const sim::Note> notes, const auto&) {
    for (const sim::Note& note : notes) {
      const auto said = note.If<notes::Acknowledged>();
      if (!said) continue;
      acknowledged.push_back(said->uid);
      chain = sim::Mix(chain, said->uid);
    }
  }
  friend void HashInto(sim::StableHash& hash, const Watcher& watcher) { hash(watcher.chain); }
};

// Whom a fault meets: nobody, the machine with that id, or the host that nobody talks to.
enum Role : uint16_t { kNobody = sim::kTargetNobody, kIndexed = sim::kTargetMachine, kSpareHost };

using Target = sim::MachineTarget;

struct System : sim::SystemBase {
  using Machines = sim::List<Client, Replica>;
  using Bodies = primary_backup::Bodies;
  using Config = primary_backup::Config;
  using Context = primary_backup::Context;
  using Observer = Watcher;
  using Handlers =
      sim::List<sim::On<&OnClientStarted>, sim::On<&OnClientTimer>, sim::On<&OnClientConnected>,
                sim::On<&OnClientDisconnected>, sim::On<&OnWritten>, sim::On<&OnStarted>,
                sim::On<&OnPatience>, sim::On<&OnConnected>, sim::On<&OnAccepted>,
                sim::On<&OnDisconnected>, sim::On<&OnWrite>, sim::On<&OnCopy>, sim::On<&OnFlushed>,
                sim::On<&OnCopied>>;
  using World = sim::World<System>;

  static Context MakeContext(const World& world, sim::MachineId self) {
    return {world.engine.ContextOf(self), world.config};
  }
  static bool GuardHolds(const World& world, const sim::PlannedFault& fault,
                         const sim::Note& note) {
    const uint64_t uid = UidOf(world, note);
    const auto holds = [&](const Replica& replica) {
      return std::ranges::count(replica.process.log, uid) > 0;
    };
    const auto copies = std::ranges::count_if(world.machines<Replica>(), holds);
    return fault.guard.copies_max < 0 || copies <= fault.guard.copies_max;
  }
  static uint64_t UidOf(const World&, const sim::Note& note) {
    return Notes::Visit(note, [](const auto& said) { return said.uid; }).value_or(0);
  }
  static bool IsAbout(const World& world, const sim::Note& note, uint64_t uid) {
    return UidOf(world, note) == uid;
  }
  static sim::Engine::Resolved Resolve(const World& world, const sim::FaultTarget& target,
                                       const sim::Note* about, const sim::Engine::Resolved* other) {
    const sim::HostId last{static_cast<uint16_t>(world.engine.host_count() - 1)};
    if (target.As<sim::MachineTarget>().role == kSpareHost)
      return {.hosts = {last}, .machines = {}};
    return SystemBase::Resolve(world, target, about, other);
  }
  static const char* NoteName(uint16_t kind) { return Notes::NameOf(kind); }
};
using World = sim::World<System>;

}  // namespace primary_backup

#endif  // TESTS_PRIMARY_BACKUP_SYSTEM_H_
