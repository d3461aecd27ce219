// The storage model against what was measured on a Linux kernel (FC:C.2): how old the oldest lost record
// is when the power goes, from expire, wake-up and journal commit alone. One record every 20 ms, never an
// fsync, and the power is cut at moments drawn from the seed.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "tests/sim/storage_rig.h"

namespace sim {
namespace {

constexpr FileId kLog{0};
constexpr FileId kCheckpoint{1};
constexpr uint64_t kRecord = 100;
constexpr Duration kGap = Milliseconds(20);

struct Ages {
  Duration least = kForever;
  Duration greatest;
  Duration sum;
  int64_t count = 0;

  Duration mean() const { return sum / count; }
  void Add(Duration age) {
    least = std::min(least, age);
    greatest = std::max(greatest, age);
    sum += age;
    ++count;
  }
};

// Age of the oldest record that was appended and is not there any more. Record i was appended at
// start + i * kGap.
Duration OldestLost(StorageRig& rig, SimTime start) {
  const SimTime cut = rig.now;
  rig.PowerLoss();
  const auto survived = static_cast<int64_t>(rig.DataEnd(kLog) / kRecord);
  return cut - (start + kGap * survived);
}

// Many hosts, each with a phase of its own between journal and log, each cut once.
Ages CutManyHosts(const StorageConfig& config, int hosts,
                  const std::function<void(StorageRig&, SimTime)>& run) {
  const Choices choices(20220623);
  Ages ages;
  for (int i = 0; i < hosts; ++i) {
    StorageRig rig(config, static_cast<uint64_t>(i));
    const auto draw = [&](uint32_t purpose, Duration min, Duration max) {
      const ChoiceKey key = MakeChoiceKey(ChoiceDomain::kScenario, purpose, 0,
                                          {.uid = static_cast<uint64_t>(i)});
      return choices.Between(key, min, max);
    };
    rig.storage.Create(FileId{2}, rig.now);
    rig.Wait(draw(1, Seconds(0), Seconds(40)));
    rig.Append(kLog, 0);
    const SimTime start = rig.now;
    run(rig, start + draw(2, Seconds(80), Seconds(200)));
    ages.Add(OldestLost(rig, start));
  }
  return ages;
}

void AppendOnly(StorageRig& rig, SimTime cut) { rig.AppendUntil(cut, kLog, kRecord, kGap); }

// The broker's high-watermark checkpoint: write, fsync, rename, fsync of the directory (real-cluster 4).
void AppendWithCheckpoints(StorageRig& rig, SimTime cut) {
  while (rig.now < cut) {
    rig.AppendUntil(std::min(cut, rig.now + Seconds(5)), kLog, kRecord, kGap);
    if (rig.now == cut) return;
    rig.storage.FinishFlush(
        rig.storage.ReplaceAtomically(kCheckpoint, {}, rig.now, rig.choices, {}).id, rig.now + Seconds(1),
        rig.reports);
  }
}

TEST(Reality, ext4LosesUpToThirtyFiveSeconds) {
  const Ages ages = CutManyHosts(DefaultStorage(FileSystemKind::kExt4), 400, AppendOnly);
  RecordProperty("x", 1);
  printf("ext4 %ld %ld %ld\n", ages.least.ns / 1000000, ages.mean().ns / 1000000, ages.greatest.ns / 1000000);
  const Ages b = CutManyHosts(DefaultStorage(FileSystemKind::kExt4), 400, AppendWithCheckpoints);
  printf("ext4+cp %ld %ld %ld\n", b.least.ns / 1000000, b.mean().ns / 1000000, b.greatest.ns / 1000000);
  const Ages c = CutManyHosts(DefaultStorage(FileSystemKind::kXfs), 400, AppendOnly);
  printf("xfs %ld %ld %ld\n", c.least.ns / 1000000, c.mean().ns / 1000000, c.greatest.ns / 1000000);
  const Ages d = CutManyHosts(DefaultStorage(FileSystemKind::kXfs), 400, AppendWithCheckpoints);
  printf("xfs+cp %ld %ld %ld\n", d.least.ns / 1000000, d.mean().ns / 1000000, d.greatest.ns / 1000000);
}

}  // namespace
}  // namespace sim
