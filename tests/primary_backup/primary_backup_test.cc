// The primary-backup log keeps its promise under kills, power losses and partitions; with the
// planted bug it does not, and its own check says so.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/primary_backup/run.h"

namespace primary_backup {
namespace {

using sim::Seconds;

sim::PlannedFault Fault(sim::FaultKind kind, sim::MachineId target, sim::SimTime at,
                        sim::Duration lasts) {
  return {.kind = kind,
          .at = at,
          .target = primary_backup::Target{.role = kIndexed, .index = target.value},
          .lasts = lasts};
}

// Something breaks at a moment that the seed picks; every replica has its turn.
Case Broken(uint64_t seed, sim::FaultKind kind) {
  Case setup;
  const auto at = static_cast<int64_t>(sim::Mix(seed, 1) % 1'000'000'000);
  const sim::MachineId target{static_cast<uint16_t>(kPrimaryId.value + seed % 3)};
  setup.faults.push_back(Fault(kind, target, {at}, Seconds(3)));
  return setup;
}

TEST(PrimaryBackup, AcknowledgesAndStoresEveryWriteWhenNothingBreaks) {
  const Case setup;
  World world;
  World::Scratch scratch;
  Build(setup, sim::Choices(1), world);
  RunAll(setup, world, scratch);
  EXPECT_EQ(world.observer.acknowledged.size(), setup.config.writes);
  EXPECT_TRUE(Lost(world).empty());
  for (const Replica& replica : world.machines<Replica>()) {
    EXPECT_EQ(replica.process.log.size(), setup.config.writes);
  }
}

TEST(PrimaryBackup, WhatWasAcknowledgedSurvivesEveryFault) {
  using enum sim::FaultKind;
  World world;
  World::Scratch scratch;
  for (const auto kind : {kKill, kPanic, kPowerLoss, kPause}) {
    for (uint64_t seed = 0; seed < 100; ++seed) {
      const Case setup = Broken(seed, kind);
      Build(setup, sim::Choices(seed), world);
      RunAll(setup, world, scratch);
      EXPECT_TRUE(world.engine.AllFaultsFired());
      EXPECT_TRUE(Lost(world).empty()) << "fault " << static_cast<int>(kind) << " seed " << seed;
      EXPECT_EQ(world.observer.acknowledged.size(), setup.config.writes)
          << "fault " << static_cast<int>(kind) << " seed " << seed;
    }
  }
}

// Something on the links from the primary to both backups.
void AddOnCopies(Case& setup, sim::FaultKind kind, sim::Duration extra, sim::Duration lasts) {
  for (uint16_t i = 0; i < 2; ++i) {
    sim::PlannedFault fault = Fault(kind, kPrimaryId, {sim::Milliseconds(200).ns}, lasts);
    fault.peer = primary_backup::Target{.role = kIndexed,
                                        .index = static_cast<uint16_t>(kFirstBackupId.value + i)};
    fault.extra = extra;
    setup.faults.push_back(fault);
  }
}

TEST(PrimaryBackup, AcknowledgingBeforeCopyingIsFound) {
  World world;
  World::Scratch scratch;
  uint32_t found[2] = {};
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Case setup = Broken(seed, sim::FaultKind::kPowerLoss);
    setup.config.ack_before_copy = seed % 2 == 1;
    AddOnCopies(setup, sim::FaultKind::kLatencySpike, Milliseconds(5), Seconds(10));
    Build(setup, sim::Choices(seed), world);
    RunAll(setup, world, scratch);
    found[seed % 2] += !Lost(world).empty();
  }
  EXPECT_EQ(found[0], 0u);
  EXPECT_GE(found[1], 5u);
  EXPECT_LT(found[1], 50u);  // a power loss elsewhere loses nothing
}

// Copies are parked behind a partition; then the power goes as soon as the client has been told of
// an entry that nobody else has.
TEST(PrimaryBackup, ThePlantedBugLosesAtItsProtocolPoint) {
  for (const bool planted : {false, true}) {
    Case setup;
    setup.config.ack_before_copy = planted;
    AddOnCopies(setup, sim::FaultKind::kPartition, {}, Seconds(5));
    sim::PlannedFault power =
        Fault(sim::FaultKind::kPowerLoss, kPrimaryId, {Seconds(20).ns}, Seconds(1));
    power.note_kind = sim::kKindOf<notes::Acknowledged>;
    power.guard.copies_max = 1;
    power.occurrence = 2;  // of the first, a copy may have been on its way at the cut
    setup.faults.push_back(power);
    World world;
    World::Scratch scratch;
    Build(setup, sim::Choices(7), world);
    RunAll(setup, world, scratch);
    ASSERT_EQ(world.engine.realised().size(), 3u);
    EXPECT_EQ(world.engine.realised()[2].by_fallback, !planted);
    EXPECT_EQ(Lost(world).empty(), !planted);
  }
}

}  // namespace
}  // namespace primary_backup
