// A kernel's timers were running before the run, or before the first look at it
// (docs/decisions/0009): those of no two hosts stand alike.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "sim/engine.h"
#include "tests/sim/storage_rig.h"

namespace sim {
namespace {

// When the journal would commit a file that is created at once.
SimTime FirstCommit(HostStorage storage, SimTime now) {
  storage.Create(kLog, now);
  return storage.NextWakeup();
}

// Of these hosts, in a run with that seed.
std::vector<SimTime> FirstCommits(uint64_t seed, const std::vector<const char*>& hosts) {
  Engine engine;
  engine.Reset(Choices(0), {});
  for (const char* host : hosts) engine.AddHost({.name = HashName(host)}, {});
  engine.Reseed(Choices(seed));
  Effects out;
  engine.StartAll(out);
  std::vector<SimTime> commits;
  for (uint16_t i = 0; i < hosts.size(); ++i) {
    commits.push_back(FirstCommit(engine.storage({i}), {}));
  }
  return commits;
}

TEST(StoragePast, IsAChoiceAboutTheHostsName) {
  const std::vector<SimTime> commits = FirstCommits(1, {"a", "b", "c"});
  EXPECT_NE(commits[0], commits[1]);
  EXPECT_NE(commits[1], commits[2]);
  EXPECT_EQ(FirstCommits(1, {"c", "a"})[1], commits[0]);
  EXPECT_NE(FirstCommits(2, {"a"})[0], commits[0]);
}

TEST(StoragePast, PutsTheJournalsTickAnywhereInItsPeriod) {
  std::vector<SimTime> commits;
  for (uint64_t seed = 1; seed <= 200; ++seed) commits.push_back(FirstCommits(seed, {"a"})[0]);
  EXPECT_GT(std::ranges::min(commits), SimTime{});
  EXPECT_LT(std::ranges::min(commits), SimTime{} + Milliseconds(200));
  EXPECT_GT(std::ranges::max(commits), SimTime{} + Milliseconds(4'800));
  EXPECT_LE(std::ranges::max(commits), SimTime{} + Seconds(5));
}

TEST(StoragePast, TicksOnWhateverIsDirtyInBetween) {
  StorageRig rig;
  rig.storage.RanBefore(Seconds(1), rig.now);  // the flusher wakes up at 4.12 s, 9.24 s, ...
  rig.Wait(Seconds(6));
  rig.Append(kLog, 10);
  rig.Flush(kLog);  // its name
  rig.Append(kOther, 10);
  rig.FlushDirectory();
  rig.Append(kLog, 10);
  rig.Wait(Milliseconds(3'100));
  EXPECT_EQ(rig.storage.NextWakeup(), SimTime{} + Milliseconds(9'240));
}

TEST(StoragePast, ACrashLeavesAnotherKernel) {
  StorageRig rig;
  std::vector<Duration> waits;
  for (int crash = 0; crash < 20; ++crash) {
    rig.PowerLoss();
    waits.push_back(FirstCommit(rig.storage, rig.now) - rig.now);
  }
  std::ranges::sort(waits);
  EXPECT_EQ(std::ranges::adjacent_find(waits), waits.end());
  EXPECT_LE(waits.back(), Seconds(5));
}

}  // namespace
}  // namespace sim
