#include "model/kafka/targets.h"

namespace kafka {
namespace {

BrokerSet AllBrokers(const Setup& setup) {
  return {static_cast<uint16_t>((1u << setup.brokers.size()) - 1)};
}

BrokerSet Assigned(const Setup& setup, PartitionId partition) {
  BrokerSet all;
  for (const BrokerId replica : setup.partitions[partition.value].replicas) all = all.With(replica);
  return all;
}

BrokerId FirstFollower(const Setup& setup, PartitionId partition, const RoleView& view) {
  const auto& replicas = setup.partitions[partition.value].replicas;
  for (const BrokerId replica : replicas) {
    if (replica != view.leader && view.isr.contains(replica)) return replica;
  }
  for (const BrokerId replica : replicas) {
    if (replica != view.leader && view.up.contains(replica)) return replica;
  }
  return BrokerId::None();
}

BrokerSet OfRole(const Setup& setup, Role role, PartitionId partition, const RoleView& view) {
  const BrokerSet leader = view.leader.exists() ? BrokerSet::Of(view.leader) : BrokerSet{};
  switch (role) {
    case Role::kLeader:
      return leader;
    case Role::kFollower: {
      const BrokerId follower = FirstFollower(setup, partition, view);
      return follower.exists() ? BrokerSet::Of(follower) : BrokerSet{};
    }
    case Role::kFollowers:
      return Assigned(setup, partition) - leader;
    case Role::kReplicas:
      return Assigned(setup, partition);
    case Role::kOthers:
      return AllBrokers(setup) - leader;
    default:
      return {};
  }
}

// Everybody who shares the domain with one of them.
BrokerSet Widen(const Setup& setup, BrokerSet brokers, Domain domain) {
  if (domain == Domain::kAll) return AllBrokers(setup);
  if (domain == Domain::kHost) return brokers;
  BrokerSet wide = brokers;
  for (uint8_t a = 0; a < setup.brokers.size(); ++a) {
    if (!brokers.contains({a})) continue;
    for (uint8_t b = 0; b < setup.brokers.size(); ++b) {
      const bool same_rack = setup.brokers[a].rack == setup.brokers[b].rack;
      const bool same_room = setup.brokers[a].room == setup.brokers[b].room;
      if (domain == Domain::kRack ? same_rack && same_room : same_room) wide = wide.With({b});
    }
  }
  return wide;
}

void AddMachine(const sim::Engine& engine, sim::MachineId machine, sim::Engine::Resolved& out) {
  if (!out.machines.contains(machine)) out.machines.push_back(machine);
  const sim::HostId host = engine.process(machine).host;
  if (!out.hosts.contains(host)) out.hosts.push_back(host);
}

}  // namespace

sim::Engine::Resolved ResolveTarget(const Setup& setup, const sim::Engine& engine,
                                    const Target& target, PartitionId partition,
                                    const RoleView& view, const sim::Engine::Resolved* other) {
  sim::Engine::Resolved out;
  if (target.role == Role::kProducer) {
    AddMachine(engine, MachineOf(setup, ProducerIndex{target.brokers}), out);
    return out;
  }
  if (target.role == Role::kConsumer) {
    AddMachine(engine, MachineOf(setup, ConsumerIndex{target.brokers}), out);
    return out;
  }
  const BrokerSet named = BrokerSet{target.brokers} | OfRole(setup, target.role, partition, view);
  const BrokerSet brokers = Widen(setup, named, target.domain);
  for (uint8_t i = 0; i < setup.brokers.size(); ++i) {
    if (brokers.contains({i})) AddMachine(engine, MachineOf(BrokerId{i}), out);
  }
  if (target.controller) AddMachine(engine, kControllerMachine, out);
  for (uint16_t i = 0; target.clients && i < setup.producers.size(); ++i) {
    AddMachine(engine, MachineOf(setup, ProducerIndex{i}), out);
  }
  for (uint16_t i = 0; target.clients && i < setup.consumers.size(); ++i) {
    AddMachine(engine, MachineOf(setup, ConsumerIndex{i}), out);
  }
  for (uint16_t machine = 0; target.everybody_else && machine < engine.machine_count(); ++machine) {
    const bool there = other != nullptr && other->machines.contains({machine});
    if (!there) AddMachine(engine, {machine}, out);
  }
  return out;
}

}  // namespace kafka
