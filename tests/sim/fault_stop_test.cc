// Stops that are not waited for, and disks that are replaced while their process is down.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/puppet.h"

namespace puppet {
namespace {

using sim::FaultKind;
using sim::Milliseconds;
using sim::Seconds;
using testing::ElementsAre;
using testing::IsEmpty;

// ---- A stop that is not waited for ----

std::vector<sim::SimTime> GracesOver(const Theatre& theatre) {
  std::vector<sim::SimTime> times;
  for (const Theatre::Told& it : theatre.told) {
    if (it.note.Is<sim::notes::GraceOver>()) times.push_back(it.time);
  }
  return times;
}

// It stands still, and so does not even read that it is to stop.
TEST(Grace, WhoStillRunsAtItsEndIsKilledAndStartsAgainFromThere) {
  Theatre theatre(2);
  sim::PlannedFault stop = Fault(FaultKind::kStop, 1, Milliseconds(10), Milliseconds(50));
  stop.grace = Milliseconds(100);
  theatre.Plan({Fault(FaultKind::kPause, 1, Milliseconds(5), Seconds(1)), stop});
  theatre.RunUntil(Seconds(2));
  EXPECT_THAT(GracesOver(theatre), ElementsAre(Ms(110)));
  EXPECT_THAT(theatre.Times(1, kStarted), ElementsAre(0, Ms(160).ns));
}

TEST(Grace, WhoEndsBeforeItIsNotTouchedNorIsTheProcessAfterIt) {
  Theatre theatre(2);
  sim::PlannedFault stop = Fault(FaultKind::kStop, 1, Milliseconds(10), Milliseconds(50));
  stop.grace = Milliseconds(100);
  theatre.Plan({stop});
  theatre.RunUntil(Seconds(2));
  EXPECT_THAT(GracesOver(theatre), IsEmpty());
  EXPECT_THAT(theatre.Heard(1, kStarted), ElementsAre(1, 2));
}

// ---- A disk that is replaced ----

// Whoever is back reads an empty file, and what was synced is gone as well.
TEST(Wipe, WhoStartsAgainFindsAnEmptyDisk) {
  for (const FaultKind kind :
       {FaultKind::kKill, FaultKind::kStop, FaultKind::kPanic, FaultKind::kPowerLoss}) {
    for (const bool wipe : {false, true}) {
      Theatre theatre(1);
      theatre.Script({{a, Ms(1), Do::kWrite, 100}, {a, Ms(2), Do::kFlush}});
      sim::PlannedFault fault = Fault(kind, 0, Milliseconds(500), Milliseconds(50));
      fault.wipe = wipe;
      theatre.Plan({fault});
      theatre.RunUntil(Seconds(1));
      EXPECT_THAT(theatre.Heard(0, kStarted), ElementsAre(1, 2));
      EXPECT_EQ(theatre.world.engine.storage(sim::HostId{0}).Length({0}), wipe ? 0u : 100u);
    }
  }
}

// The stop is waited for: until its process is gone, the disk is its own.
TEST(Wipe, AStopsDiskGoesWithItsProcess) {
  Theatre theatre(1);
  theatre.Script({{a, Ms(1), Do::kWrite, 100}});
  sim::PlannedFault stop = Fault(FaultKind::kStop, 0, Milliseconds(10), Milliseconds(50));
  stop.wipe = true;
  stop.grace = Milliseconds(100);
  theatre.Plan({Fault(FaultKind::kPause, 0, Milliseconds(5), Seconds(1)), stop});
  theatre.RunUntil(Milliseconds(109));
  EXPECT_EQ(theatre.world.engine.storage(sim::HostId{0}).Length({0}), 100u);
  theatre.RunUntil(Milliseconds(111));
  EXPECT_EQ(theatre.world.engine.storage(sim::HostId{0}).Length({0}), 0u);
}

// Who was down already has no disk to come back to either.
TEST(Wipe, MeetsAlsoWhoWasDown) {
  Theatre theatre(1);
  theatre.Script({{a, Ms(1), Do::kWrite, 100}});
  sim::PlannedFault second = Fault(FaultKind::kKill, 0, Milliseconds(20), Milliseconds(50));
  second.wipe = true;
  theatre.Plan({Fault(FaultKind::kKill, 0, Milliseconds(10), Milliseconds(500)), second});
  theatre.RunUntil(Milliseconds(400));
  EXPECT_EQ(theatre.world.engine.storage(sim::HostId{0}).Length({0}), 0u);
}

}  // namespace
}  // namespace puppet
