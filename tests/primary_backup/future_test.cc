// Forked at every event: each future goes its own way from the fork on, and never before it.
#include <gtest/gtest.h>

#include <vector>

#include "tests/primary_backup/run.h"

namespace primary_backup {
namespace {

Case WithFaults() {
  Case setup;
  setup.config.writes = 40;
  setup.AddFault(sim::FaultKind::kPause, 50, 1, 40);
  setup.AddFault(sim::FaultKind::kKill, 150, 3, 500);
  setup.AddFault(sim::FaultKind::kPowerLoss, 300, 1, 700);
  return setup;
}

void Redraw(World& world, uint64_t number) {
  const std::vector<sim::SimTime> until(world.engine.plan().size(), {Milliseconds(600).ns});
  world.engine.Override(world.engine.choices().Future(number));
  world.RedrawFaults(until);
}

TEST(Future, AtEveryEventItPartsFromTheOriginalAndFromEveryOther) {
  const Case setup = WithFaults();
  World world, one, two, again;
  World::Scratch scratch;
  Build(setup, sim::Choices(11), world);
  world.Start(scratch);
  World original = world;
  RunUntil(original, scratch, kQuiet);
  uint32_t events = 0, parted = 0;
  uint64_t number = 0;
  do {
    one = world;
    two = world;
    again = world;
    Redraw(one, number);
    Redraw(two, number + 1);
    Redraw(again, number);
    ASSERT_EQ(one.digest(), world.digest()) << "event " << events;  // the past is the same
    RunUntil(one, scratch, kQuiet);
    RunUntil(two, scratch, kQuiet);
    RunUntil(again, scratch, kQuiet);
    ASSERT_EQ(one.digest(), again.digest()) << "event " << events;
    ASSERT_EQ(one.StateHash(), again.StateHash()) << "event " << events;
    parted += one.digest() != two.digest() && one.digest() != original.digest() ? 1 : 0;
    number += 2;
    ++events;
  } while (world.Step(scratch, kQuiet));
  EXPECT_EQ(world.digest(), original.digest());  // futures leave it alone
  EXPECT_GE(events, 300u);
  EXPECT_GE(parted, events - 60);  // towards the end nothing is chosen any more
}

}  // namespace
}  // namespace primary_backup
