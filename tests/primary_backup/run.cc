#include "tests/primary_backup/run.h"

#include <algorithm>
#include <string>

namespace primary_backup {

sim::NetworkConfig Case::HeavyTailed() {
  sim::NetworkConfig network;
  for (sim::LatencyClass& pair : network.classes) {
    pair = {.base = sim::Microseconds(300), .table = sim::LinkLatency::HeavyTail()};
  }
  return network;
}

void Case::AddFault(sim::FaultKind kind, int64_t at_ms, uint16_t target, int64_t lasts_ms) {
  faults.push_back({.kind = kind,
                    .at = {Milliseconds(at_ms).ns},
                    .target = primary_backup::Target{.role = kIndexed, .index = target},
                    .peer = primary_backup::Target{.role = kIndexed, .index = 2},
                    .lasts = Milliseconds(lasts_ms)});
}

void Build(const Case& setup, const sim::Choices& choices, World& world) {
  world.config = &setup.config;
  world.engine.Reset(choices, setup.network);
  world.machines<Client>().clear();
  world.machines<Replica>().clear();
  world.observer = {};
  const auto add_host = [&](const std::string& name) {
    return world.engine.AddHost({.name = sim::HashName(name)}, setup.storage);
  };
  Client client;
  client.primary = kPrimaryId;
  world.AddMachine(client, add_host("client"), sim::HashName("client"));
  Replica primary;
  for (uint16_t i = 0; i < setup.backups; ++i) {
    primary.peers.push_back({static_cast<uint16_t>(kFirstBackupId.value + i)});
  }
  world.AddMachine(primary, add_host("primary"), sim::HashName("primary"));
  for (uint32_t i = 0; i < setup.backups; ++i) {
    const std::string name = "backup" + std::to_string(i);
    world.AddMachine(Replica{}, add_host(name), sim::HashName(name));
  }
  if (setup.spare_host) add_host("spare");
  world.engine.SetFaults(setup.faults);
}

uint64_t RunUntil(World& world, World::Scratch& scratch, sim::SimTime until) {
  uint64_t events = 0;
  while (world.Step(scratch, until)) ++events;
  return events;
}

void RunAll(const Case& setup, World& world, World::Scratch& scratch) {
  world.Start(scratch);
  RunUntil(world, scratch, setup.faults_end);
  world.EndFaults(scratch);
  RunUntil(world, scratch, setup.end);
}

std::vector<uint64_t> Lost(const World& world) {
  std::vector<uint64_t> held = world.machine<Replica>(kPrimaryId).process.log;
  std::sort(held.begin(), held.end());
  std::vector<uint64_t> lost;
  for (const uint64_t uid : world.observer.acknowledged) {
    if (!std::binary_search(held.begin(), held.end(), uid)) lost.push_back(uid);
  }
  return lost;
}

}  // namespace primary_backup
