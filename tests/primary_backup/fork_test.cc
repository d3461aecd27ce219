// A World is a value: forked at every event of a run, whatever the fork does afterwards leaves the
// original alone, and an untouched fork is the original.
#include <gtest/gtest.h>

#include "tests/primary_backup/run.h"

namespace primary_backup {
namespace {

// Kills, a partition, a pause and a power loss, all over before the end.
Case FourFaults() {
  Case setup;
  setup.config.writes = 60;
  setup.AddFault(sim::FaultKind::kPause, 50, 1, 40);
  setup.AddFault(sim::FaultKind::kKill, 150, 3, 500);
  setup.AddFault(sim::FaultKind::kPartition, 250, 1, 900);
  setup.AddFault(sim::FaultKind::kPowerLoss, 300, 1, 700);
  return setup;
}

TEST(Fork, AtEveryEventTheForkAndTheOriginalAgree) {
  const Case setup = FourFaults();
  World world, a, b, original;
  World::Scratch scratch;
  Build(setup, sim::Choices(11), world);
  world.Start(scratch);
  uint32_t events = 0, different = 0;
  do {
    a = world;
    b = world;
    original = world;
    // Fork A first, under another override and a fault more: it must share nothing with the others.
    const sim::ChoiceOverride other{sim::MakeChoiceKey(sim::ChoiceDomain::kTimer, 1, 2, {}), 7};
    a.engine.Override(sim::Choices(99, std::span(&other, 1)));
    a.engine.CutLink({0}, {1}, scratch.effects);
    RunUntil(a, scratch, kQuiet);
    RunUntil(b, scratch, kQuiet);
    RunUntil(original, scratch, kQuiet);
    ASSERT_EQ(b.digest(), original.digest()) << "event " << events;
    ASSERT_EQ(b.StateHash(), original.StateHash()) << "event " << events;
    different += a.digest() != b.digest();
    ++events;
  } while (world.Step(scratch, kQuiet));
  EXPECT_GE(events, 500u);
  EXPECT_GE(different, events - 60);  // towards the end nothing is chosen any more
  EXPECT_EQ(world.digest(), b.digest());
}

TEST(Fork, AForkHasTheHashOfItsOriginalAndTheNextEventChangesIt) {
  const Case setup = FourFaults();
  World world, fork;
  World::Scratch scratch;
  Build(setup, sim::Choices(11), world);
  world.Start(scratch);
  do {
    fork = world;
    ASSERT_EQ(fork.StateHash(), world.StateHash());
    if (!world.Step(scratch, kQuiet)) break;
    ASSERT_NE(fork.StateHash(), world.StateHash());
  } while (true);
}

}  // namespace
}  // namespace primary_backup
