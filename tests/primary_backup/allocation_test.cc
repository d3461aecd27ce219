// Nothing is allocated in steady state: operator new is counted.
#include <gtest/gtest.h>

#include <memory>

#include "tests/primary_backup/run.h"

extern uint64_t allocations;  // allocation_hook_test.cc

namespace primary_backup {
namespace {

Case Eventful() {
  Case setup;
  setup.AddFault(sim::FaultKind::kPause, 50, 1, 700);
  setup.AddFault(sim::FaultKind::kKill, 150, 3, 700);
  setup.AddFault(sim::FaultKind::kPartition, 250, 1, 700);
  setup.AddFault(sim::FaultKind::kPowerLoss, 300, 1, 700);
  return setup;
}

TEST(Allocation, TheHookCounts) {
  const uint64_t before = allocations;
  const auto block = std::make_unique<int>(3);
  EXPECT_EQ(allocations - before, 1u);
}

// A run starts by copying the world as it was built; seed and faults are its own.
TEST(Allocation, ARunInAWorldThatHasRunBeforeAllocatesNothing) {
  const Case setup = Eventful();
  World built, world;
  World::Scratch scratch;
  Build(setup, sim::Choices(0), built);
  std::array<sim::Digest128, 2> digests;
  for (uint32_t round = 0; round < 2; ++round) {
    const uint64_t before = allocations;
    world = built;
    world.engine.Reseed(sim::Choices(5));
    RunAll(setup, world, scratch);
    digests[round] = world.digest();
    if (round == 0) {
      EXPECT_GT(allocations, before);
    } else {
      EXPECT_EQ(allocations, before);
    }
  }
  EXPECT_EQ(digests[0], digests[1]);
  World from_scratch;
  Build(setup, sim::Choices(5), from_scratch);
  RunAll(setup, from_scratch, scratch);
  EXPECT_EQ(from_scratch.digest(), digests[1]);
}

// Ten times the writes: each log of the three replicas, the client's acknowledgements, and nothing
// else, grow by doubling.
TEST(Allocation, ALongRunAllocatesOnlyWhatItsLogsGrow) {
  Case setup;
  setup.config.writes = 6'600;
  setup.config.pace = Milliseconds(100);
  World world;
  World::Scratch scratch;
  Build(setup, sim::Choices(5), world);
  world.Start(scratch);
  RunUntil(world, scratch, {sim::Seconds(60).ns});  // write-back has had its turn
  const uint64_t before = allocations;
  uint64_t doublings = 0;
  const auto capacities = [&] {
    uint64_t sum = world.observer.acknowledged.capacity();
    for (const Replica& replica : world.machines<Replica>()) sum += replica.process.log.capacity();
    return sum;
  };
  const uint64_t capacity_before = capacities();
  uint64_t capacity = capacity_before;
  while (world.Step(scratch, {sim::Seconds(660).ns})) {
    if (capacities() != capacity) ++doublings;
    capacity = capacities();
  }
  EXPECT_GE(world.observer.acknowledged.size(), 6'500u);
  EXPECT_LE(doublings, 4 * 5u);
  EXPECT_EQ(allocations - before, doublings);
}

TEST(Allocation, AForkIntoAWarmedWorldAllocatesNothing) {
  const Case setup = Eventful();
  World world, fork;
  World::Scratch scratch;
  Build(setup, sim::Choices(5), world);
  RunAll(setup, world, scratch);
  fork = world;
  const uint64_t before = allocations;
  fork = world;
  EXPECT_EQ(allocations, before);
}

}  // namespace
}  // namespace primary_backup
