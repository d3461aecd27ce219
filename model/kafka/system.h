// model/kafka/system.h
//
// What a Kafka world is made of: its machines, what travels between them, who reacts to what, and
// who watches. sim::World<kafka::System> is a whole run as one value.
#ifndef MODEL_KAFKA_SYSTEM_H_
#define MODEL_KAFKA_SYSTEM_H_

#include "model/kafka/broker/handlers.h"
#include "model/kafka/consumer/handlers.h"
#include "model/kafka/context.h"
#include "model/kafka/controller/handlers.h"
#include "model/kafka/ledger/truth.h"
#include "model/kafka/offsets/handlers.h"
#include "model/kafka/producer/handlers.h"
#include "model/kafka/targets.h"
#include "sim/world.h"

namespace kafka {

// The real-time clock of a run starts here: 2026-01-01T00:00:00Z.
constexpr int64_t kEpochMs = 1'767'225'600'000;

struct System {
  using Config = Setup;
  using Tables = kafka::Tables;
  using Context = kafka::Context;
  using Effects = kafka::Effects;
  using Bodies = kafka::Bodies;
  using Machines = sim::List<controller::Controller, offsets::OffsetStore, broker::Broker,
                             producer::Producer, consumer::Consumer>;
  using Handlers = sim::List<
      sim::On<&controller::OnStarted>, sim::On<&controller::OnStopRequested>,
      sim::On<&controller::OnTimer>, sim::On<&controller::OnAccepted>,
      sim::On<&controller::OnDisconnected>, sim::On<&controller::OnRegister>,
      sim::On<&controller::OnHeartbeat>, sim::On<&controller::OnAlterPartition>,
      sim::On<&controller::OnAllocateProducerId>, sim::On<&controller::OnMetadataFetch>,
      sim::On<&controller::OnOrdered>,

      sim::On<&offsets::OnStarted>, sim::On<&offsets::OnStopRequested>,
      sim::On<&offsets::OnAccepted>, sim::On<&offsets::OnDisconnected>,
      sim::On<&offsets::OnApiVersions>, sim::On<&offsets::OnCommit>, sim::On<&offsets::OnFetch>,

      sim::On<&broker::OnStarted>, sim::On<&broker::OnStopRequested>, sim::On<&broker::OnTimer>,
      sim::On<&broker::OnConnected>, sim::On<&broker::OnAccepted>, sim::On<&broker::OnDisconnected>,
      sim::On<&broker::OnFlushed>, sim::On<&broker::OnApiVersions>, sim::On<&broker::OnProduce>,
      sim::On<&broker::OnFetch>, sim::On<&broker::OnFetchResponse>,
      sim::On<&broker::OnMetadataRequest>, sim::On<&broker::OnInitProducerId>,
      sim::On<&broker::OnListOffsets>, sim::On<&broker::OnListOffsetsResponse>,
      sim::On<&broker::OnEpochEnd>, sim::On<&broker::OnRegisterResponse>,
      sim::On<&broker::OnHeartbeatResponse>, sim::On<&broker::OnAlterPartitionResponse>,
      sim::On<&broker::OnAllocateProducerIdResponse>, sim::On<&broker::OnMetadataFetchResponse>,

      sim::On<&producer::OnStarted>, sim::On<&producer::OnStopRequested>,
      sim::On<&producer::OnTimer>, sim::On<&producer::OnConnected>,
      sim::On<&producer::OnDisconnected>, sim::On<&producer::OnApiVersionsResponse>,
      sim::On<&producer::OnProduceResponse>, sim::On<&producer::OnMetadataResponse>,
      sim::On<&producer::OnInitProducerIdResponse>,

      sim::On<&consumer::OnStarted>, sim::On<&consumer::OnStopRequested>,
      sim::On<&consumer::OnTimer>, sim::On<&consumer::OnConnected>,
      sim::On<&consumer::OnDisconnected>, sim::On<&consumer::OnApiVersionsResponse>,
      sim::On<&consumer::OnMetadataResponse>, sim::On<&consumer::OnFetchResponse>,
      sim::On<&consumer::OnListOffsetsResponse>, sim::On<&consumer::OnEpochEndResponse>,
      sim::On<&consumer::OnOffsetFetchResponse>, sim::On<&consumer::OnOffsetCommitResponse>>;

  // The ledger and the invariants, as the World wants them.
  struct Observer {
    kafka::ledger::Truth truth;

    template <typename World>
    void Observe(const sim::NoteHeader& header, std::span<const sim::Note> notes,
                 const World& world) {
      truth.Observe(header, notes, world.tables, *world.config);
    }
    friend void HashInto(sim::StableHash& hash, const Observer& observer) { hash(observer.truth); }
  };

  template <typename World>
  static Context MakeContext(const World& world, sim::MachineId self) {
    const sim::Process& process = world.engine.process(self);
    const sim::Host& host = world.engine.host(process.host);
    const sim::SimTime now = world.engine.now();
    Context context;
    context.self = self;
    context.self_name = process.name;
    context.mono = {now.ns + host.mono_offset.ns};
    context.wall = {kEpochMs * 1'000'000 + now.ns + host.wall_offset.ns};
    context.choices = &world.engine.choices();
    context.disk = &world.engine.storage(process.host);
    context.setup = world.config;
    context.tables = &world.tables;
    return context;
  }

  template <typename World>
  static bool GuardHolds(const World& world, const sim::PlannedFault& fault,
                         const sim::Note& note) {
    return world.observer.truth.GuardHolds(fault.guard, note, world.tables, *world.config);
  }
  template <typename World>
  static uint64_t UidOf(const World& world, const sim::Note& note) {
    return world.observer.truth.UidOf(note, world.tables, *world.config);
  }
  template <typename World>
  static bool IsAbout(const World& world, const sim::Note& note, uint64_t uid) {
    return world.observer.truth.IsAbout(note, uid, world.tables, *world.config);
  }
  static void HashTarget(sim::StableHash& hash, const sim::FaultTarget& target) {
    hash(target.As<Target>());
  }
  template <typename World>
  static sim::Engine::Resolved Resolve(const World& world, const sim::FaultTarget& planned,
                                       const sim::Note* about, const sim::Engine::Resolved* other) {
    const Target target = planned.As<Target>();
    PartitionId partition{0};
    if (target.partition != Target::kPartitionOfNote) {
      partition = {static_cast<uint16_t>(target.partition)};
    } else if (about != nullptr && IsAboutPartition(about->kind)) {
      partition = PartitionOf(*about);
    }
    RoleView view;
    const controller::PartitionState& state =
        world.template machines<controller::Controller>()[0].process.partitions[partition.value];
    view.leader = state.leader.exists() ? state.leader : world.observer.truth.LastLeader(partition);
    view.isr = state.isr;
    for (uint8_t i = 0; i < world.config->brokers.size(); ++i) {
      if (world.engine.process(MachineOf(BrokerId{i})).life.running) view.up = view.up.With({i});
    }
    return ResolveTarget(*world.config, world.engine, target, partition, view, other);
  }
};

using World = sim::World<System>;

// A world at time 0: the cluster is formed, topics exist, nothing has been sent. `world` is warmed
// by earlier runs, or empty.
//
// In two steps: a world that was formed once is copied for each run, which keeps all memory.
void Form(const Setup& setup, World& world);
void Begin(const sim::Choices& choices, std::span<const sim::PlannedFault> faults, World& world,
           World::Scratch& scratch);
void Build(const Setup& setup, uint64_t seed, std::span<const sim::ChoiceOverride> overrides,
           std::span<const sim::PlannedFault> faults, World& world, World::Scratch& scratch);

}  // namespace kafka

namespace sim {
extern template class World<kafka::System>;  // model/kafka/build.cc
}

#endif  // MODEL_KAFKA_SYSTEM_H_
