#include "model/kafka/system.h"

namespace sim {
template class World<kafka::System>;
}

namespace kafka {
namespace {

void AddController(const Setup& setup, World& world) {
  const sim::HostId host = world.engine.AddHost({.name = sim::HashName("controller"),
                                                 .rack = 0xffff,
                                                 .room = 0xffff,
                                                 .net_class = kControllerHost,
                                                 .immune = true},
                                                {});
  world.AddMachine(controller::Form(setup, world.tables), host, sim::HashName("controller"));
  world.AddMachine(offsets::OffsetStore{}, host, sim::HashName("offsets"));
}

void AddBrokers(const Setup& setup, World& world) {
  for (uint8_t i = 0; i < setup.brokers.size(); ++i) {
    const BrokerSetup& broker = setup.brokers[i];
    const uint64_t name = sim::HashName(broker.name);
    const sim::HostId host = world.engine.AddHost({.name = name,
                                                   .rack = broker.rack,
                                                   .room = broker.room,
                                                   .net_class = kBrokerHost,
                                                   .wall_offset = broker.wall_offset},
                                                  broker.storage);
    world.AddMachine(broker::Broker{.id = {i}, .process = {}}, host, name);
  }
}

template <typename M>
void AddClient(const std::string& declared_name, uint16_t rack, const M& machine, World& world) {
  const uint64_t name = sim::HashName(declared_name);
  const sim::HostId host = world.engine.AddHost(
      {.name = name, .rack = rack, .room = 0xfffe, .net_class = kClientHost}, {});
  world.AddMachine(machine, host, name);
}

}  // namespace

void Form(const Setup& setup, World& world) {
  static const World kEmpty{};
  world = kEmpty;
  world.config = &setup;
  world.engine.Reset(sim::Choices(0, {}), setup.network);
  world.tables.appended.resize(setup.partitions.size());
  world.observer.truth.Begin(setup);
  AddController(setup, world);
  AddBrokers(setup, world);
  for (uint16_t i = 0; i < setup.producers.size(); ++i) {
    world.tables.names.push_back(sim::HashName(setup.producers[i].name));
    AddClient(setup.producers[i].name, setup.producers[i].rack,
              producer::Producer{.index = {i}, .process = {}}, world);
  }
  for (uint16_t i = 0; i < setup.consumers.size(); ++i) {
    AddClient(setup.consumers[i].name, setup.consumers[i].rack,
              consumer::Consumer{.index = {i}, .process = {}}, world);
  }
}

void Begin(const sim::Choices& choices, std::span<const sim::PlannedFault> faults, World& world,
           World::Scratch& scratch) {
  world.engine.Reseed(choices);
  world.engine.SetFaults(faults);
  world.Start(scratch);
}

void Build(const Setup& setup, uint64_t seed, std::span<const sim::ChoiceOverride> overrides,
           std::span<const sim::PlannedFault> faults, World& world, World::Scratch& scratch) {
  Form(setup, world);
  Begin(sim::Choices(seed, overrides), faults, world, scratch);
}

}  // namespace kafka
