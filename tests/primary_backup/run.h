// tests/primary_backup/run.h
//
// Building and running primary-backup worlds, for tests and benchmarks.
#ifndef TESTS_PRIMARY_BACKUP_RUN_H_
#define TESTS_PRIMARY_BACKUP_RUN_H_

#include <vector>

#include "tests/primary_backup/system.h"

namespace primary_backup {

constexpr sim::MachineId kClientId{0}, kPrimaryId{1}, kFirstBackupId{2};

struct Case {
  Config config;
  uint32_t backups = 2;
  sim::NetworkConfig network = HeavyTailed();
  sim::StorageConfig storage;
  std::vector<sim::PlannedFault> faults;
  bool spare_host = false;  // a host that nobody talks to
  sim::SimTime faults_end{sim::Seconds(60).ns};
  sim::SimTime end{sim::Seconds(90).ns};

  // On one of the hosts, for a while; where it takes two, the other is host 2.
  void AddFault(sim::FaultKind kind, int64_t at_ms, uint16_t target, int64_t lasts_ms);

  static sim::NetworkConfig HeavyTailed();
};

// When a run whose faults are over after a second has long been quiet.
constexpr sim::SimTime kQuiet{sim::Seconds(12).ns};

// At time 0 and not started; `world` may have run before.
void Build(const Case& setup, const sim::Choices& choices, World& world);
// Starts, runs, ends the faults, and runs to the end.
void RunAll(const Case& setup, World& world, World::Scratch& scratch);
// Steps until `until`; the number of events.
uint64_t RunUntil(World& world, World::Scratch& scratch, sim::SimTime until);
// What the client was told is written, and the primary does not have: the check.
std::vector<uint64_t> Lost(const World& world);

}  // namespace primary_backup

#endif  // TESTS_PRIMARY_BACKUP_RUN_H_
