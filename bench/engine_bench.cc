// The engine's figures, and the yardsticks that they are measured against.
#include <memory>
#include <queue>
#include <string>

#include "bench/harness.h"
#include "bench/hop.h"
#include "sim/event_queue.h"
#include "tests/primary_backup/run.h"

namespace bench {
namespace {

constexpr uint32_t kPending = 1'000;

// A hold: pop, touch the record, choose a delay, push. The same for both queues.
struct Holder {
  sim::Choices choices{1};
  std::vector<sim::Event> records = std::vector<sim::Event>(kPending);
  uint64_t number = 0;

  sim::QueueKey Next(sim::SimTime now, uint32_t slot) {
    sim::Event& record = records[slot];
    record.connection.value += slot;
    record.cause.value = static_cast<uint32_t>(number);
    const auto key =
        sim::MakeChoiceKey(sim::ChoiceDomain::kLinkLatency, 1, slot, {number, record.cause.value});
    const sim::Duration delay = choices.Between(key, sim::Nanoseconds(1), sim::Milliseconds(1));
    return {now + delay, number++, slot};
  }
};

struct Later {
  bool operator()(const sim::QueueKey& a, const sim::QueueKey& b) const { return b < a; }
};

double HoldOfStandard() {
  Holder holder;
  std::priority_queue<sim::QueueKey, std::vector<sim::QueueKey>, Later> queue;
  for (uint32_t slot = 0; slot < kPending; ++slot) queue.push(holder.Next({}, slot));
  return NanosecondsPer(1'000'000, [&](uint64_t count) {
    for (uint64_t i = 0; i < count; ++i) {
      const sim::QueueKey top = queue.top();
      queue.pop();
      queue.push(holder.Next(top.time(), top.slot()));
    }
    return queue.top().number();
  });
}
double HoldOfOurs() {
  Holder holder;
  sim::EventQueue queue;
  for (uint32_t slot = 0; slot < kPending; ++slot) queue.Push(holder.Next({}, slot));
  return NanosecondsPer(1'000'000, [&](uint64_t count) {
    for (uint64_t i = 0; i < count; ++i) {
      sim::QueueKey top;
      queue.Pop(sim::Never<sim::SimTime>(), top);
      queue.Push(holder.Next(top.time(), top.slot()));
    }
    return queue.Peek().number();
  });
}

double Spin() {
  return NanosecondsPer(20'000'000, [](uint64_t count) {
    uint64_t x = count;
    for (uint64_t i = 0; i < count; ++i) x = sim::Mix(x, i);
    return x;
  });
}

double BareHop(uint32_t pairs) {
  const HopSystem::Config config;
  HopWorld world;
  HopWorld::Scratch scratch;
  world.config = &config;
  sim::NetworkConfig network;
  for (sim::LatencyClass& pair : network.classes) pair.table = sim::LinkLatency::HeavyTail();
  world.engine.Reset(sim::Choices(1), network);
  const auto add = [&](sim::HostId host, uint32_t name, sim::MachineId opposite) {
    return world.AddMachine(Peer{.process = {}, .opposite = opposite}, host, name);
  };
  const sim::HostId left = world.engine.AddHost({.name = 1}, {});
  const sim::HostId right = world.engine.AddHost({.name = 2}, {});
  for (uint32_t i = 0; i < pairs; ++i) {
    const sim::MachineId opposite = add(right, 2 * i, {});
    add(left, 2 * i + 1, opposite);
  }
  world.Start(scratch);
  return NanosecondsPer(1'000'000, [&](uint64_t count) {
    for (uint64_t i = 0; i < count; ++i) world.Step(scratch);
    return world.digest().low;
  });
}

double Choice(uint32_t overrides) {
  std::vector<sim::ChoiceOverride> replaced;
  for (uint64_t i = 0; i < overrides; ++i) replaced.push_back({sim::Mix(i, 77), i});
  const sim::Choices choices(1, replaced);
  return NanosecondsPer(20'000'000, [&](uint64_t count) {
    uint64_t sum = 0;
    for (uint64_t i = 0; i < count; ++i) {
      const sim::About about{i, 0};
      sum += choices.Raw(sim::MakeChoiceKey(sim::ChoiceDomain::kLinkLatency, 1, 5, about));
    }
    return sum;
  });
}

void MeasureForks(Table& table) {
  primary_backup::Case setup;
  setup.config.writes = 3'000;
  primary_backup::World world;
  primary_backup::World::Scratch scratch;
  primary_backup::Build(setup, sim::Choices(1), world);
  world.Start(scratch);
  primary_backup::RunUntil(world, scratch, {sim::Seconds(29).ns});
  const uint64_t before = BytesAllocated();
  auto fork = std::make_unique<primary_backup::World>(world);
  const auto bytes = static_cast<double>(BytesAllocated() - before);  // with the World itself
  const double took = NanosecondsPer(100'000, [&](uint64_t count) {
    for (uint64_t i = 0; i < count; ++i) *fork = world;
    return fork->digest().low;
  });
  const double hash = NanosecondsPer(100'000, [&](uint64_t count) {
    uint64_t sum = 0;
    for (uint64_t i = 0; i < count; ++i) sum += world.StateHash();
    return sum;
  });
  table.push_back({"primary-backup world, bytes a fork copies", bytes / 1'000, "KB"});
  table.push_back({"fork of it into a warmed world", took / 1'000, "us", 3.0 * bytes / 100'000});
  table.push_back({"its state hash", hash / 1'000, "us", 3.0});
  const double per_event = NanosecondsPer(100, [&](uint64_t count) {
    uint64_t sum = 0;
    for (uint64_t i = 0; i < count; ++i) {
      *fork = world;
      sum += primary_backup::RunUntil(*fork, scratch, {sim::Seconds(30).ns});
    }
    return sum;
  });
  *fork = world;
  const uint64_t events = primary_backup::RunUntil(*fork, scratch, {sim::Seconds(30).ns});
  table.push_back({"primary-backup log, an event", per_event / static_cast<double>(events), "ns"});
}

}  // namespace

void MeasureEngine(Table& table) {
  const double spin = Spin();
  const double yardstick = HoldOfStandard();
  table.push_back({"yardstick: one turn of a spin loop", spin, "ns"});
  table.push_back({"yardstick: hold of std::priority_queue, 1000 pending", yardstick, "ns"});
  table.push_back({"hold, 1000 pending", HoldOfOurs(), "ns", 1.05 * yardstick});
  table.push_back({"bare hop, timer set and cancelled, digest on; 30 on their way", BareHop(30),
                   "ns", 1.7 * yardstick});
  table.push_back({"the same, 3 on their way", BareHop(3), "ns"});
  const double none = Choice(0);
  table.push_back({"choice", none, "ns"});
  table.push_back({"choice with 64 overrides", Choice(64), "ns", none + 3.0});
  MeasureForks(table);
}

}  // namespace bench
