// What happens to written bytes: one situation a test, read top-down.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "sim/storage/host_storage.h"
#include "tests/sim/storage_rig.h"

namespace sim {
namespace {

using testing::ElementsAre;

StorageConfig Ext4() { return DefaultStorage(FileSystemKind::kExt4); }

// ---- The four lifetimes. ----

TEST(StorageLifetimes, DeathOfAProcessLosesNothing) {
  StorageRig rig;
  rig.Append(kLog, 1'000);
  // Here the process dies. Nobody tells the storage, because it makes no difference to it.
  rig.Wait(Seconds(60));
  EXPECT_EQ(rig.storage.Length(kLog), 1'000);
  EXPECT_EQ(rig.storage.DurableEnd(kLog), 1'000);
}

TEST(StorageLifetimes, PanicAndPowerLossTakeThePageCache) {
  for (const bool power : {false, true}) {
    StorageRig rig;
    rig.Append(kLog, 1'000);
    rig.Flush(kLog);
    rig.Append(kLog, 500);
    power ? rig.PowerLoss() : rig.Panic();
    EXPECT_THAT(rig.storage.Read(kLog), ElementsAre(Extent{0, 1'000, 100, 0}));
    EXPECT_TRUE(rig.Reported(kLog, StorageReportKind::kLostTail, 1'000, 1'500));
  }
}

// FC:C.7: with barriers off, fsync returns from the drive's own cache, which survives a panic.
TEST(StorageLifetimes, OnlyPowerLossTakesTheCacheOfTheDrive) {
  StorageConfig lying = Ext4();
  lying.volatile_drive_cache = true;
  lying.barriers = false;
  const auto survives = [&](bool power, Duration later) {
    StorageRig rig(lying);
    rig.Append(kLog, 1'000);
    rig.Flush(kLog);
    rig.Wait(later);
    power ? rig.PowerLoss() : rig.Panic();
    return rig.DataEnd(kLog) == 1'000;
  };
  EXPECT_TRUE(survives(false, Milliseconds(100)));
  EXPECT_FALSE(survives(true, Milliseconds(100)));  // "fsync returned, the drive had not"
  EXPECT_TRUE(survives(true, Milliseconds(701)));   // the drive has written its cache by itself
  lying.power_loss_protection = true;
  EXPECT_TRUE(survives(true, Milliseconds(100)));
  lying.power_loss_protection = false;
  lying.barriers = true;
  EXPECT_TRUE(survives(true, Milliseconds(100)));
}

TEST(StorageLifetimes, ADiskThatIsReplacedIsEmpty) {
  StorageRig rig;
  rig.Append(kLog, 1'000);
  rig.Flush(kLog);
  rig.storage.Wipe(rig.now);
  EXPECT_FALSE(rig.storage.Exists(kLog));
  EXPECT_EQ(rig.storage.NextWakeup(), Never<SimTime>());
}

// ---- fsync. ----

TEST(StorageFsync, NothingFromBeforeItsStartIsLost) {
  StorageRig rig;
  rig.Append(kLog, 1'000);
  const FlushTicket ticket = rig.storage.StartFlush(kLog, rig.now, rig.choices, {});
  rig.Append(kLog, 300);  // meanwhile: not covered
  rig.Await(ticket);
  EXPECT_EQ(rig.storage.DurableEnd(kLog), 1'000);
  rig.PowerLoss();
  EXPECT_EQ(rig.DataEnd(kLog), 1'000);
}

TEST(StorageFsync, PowerThatGoesMeanwhileLeavesAllOfItOrNothing) {
  std::set<uint64_t> ends;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    StorageRig rig({}, HashName("seed") + seed * kMix0);
    rig.Append(kLog, 10'000);
    rig.storage.StartFlush(kLog, rig.now, rig.choices, {});
    rig.PowerLoss();
    ends.insert(rig.DataEnd(kLog));
  }
  EXPECT_THAT(ends, ElementsAre(0, 10'000));
}

// FC:C.2: the journal has one running transaction. It holds sizes and names, but with delayed
// allocation it does not hold the data of other files.
TEST(StorageFsync, OfAnotherFileMakesNamesAndSizesDurableButNoData) {
  StorageRig rig;
  rig.Append(kLog, 1'000);
  rig.Append(kOther, 1'000);
  rig.Flush(kOther);
  rig.PowerLoss();
  EXPECT_TRUE(rig.storage.Exists(kLog));
  EXPECT_EQ(rig.storage.Length(kLog), 0);
}

TEST(StorageFsync, TakesTheTimeOfItsBytesAndTheLatencyOfTheDrive) {
  StorageConfig config;
  config.bandwidth_bytes_per_s = 1'000'000;
  config.flush_latency = {{Milliseconds(1)}};
  StorageRig rig(config);
  rig.Append(kLog, 50'000);
  rig.Append(kOther, 1'000);
  EXPECT_EQ(rig.Flush(kLog), Milliseconds(51));
  rig.storage.SetSlowdown(10);
  EXPECT_EQ(rig.Flush(kOther), Milliseconds(20));
}

// Each further file costs a command that finds nothing to write.
TEST(StorageFsync, OfFilesThatAreCleanTakesTheLeastLatencyEach) {
  StorageConfig config;
  config.flush_latency = {{Milliseconds(2), Milliseconds(2)}};
  StorageRig rig(config);
  const FlushTicket ticket = rig.storage.StartFlush(kLog, rig.now, rig.choices, {}, 3);
  EXPECT_EQ(ticket.done - rig.now, Milliseconds(8));
}

// The file, then the directory; and of two replacements of one file the later one stays.
TEST(StorageFsync, OfAReplacementIsTwoAndTheNextOneOfThatFileWaits) {
  StorageConfig config;
  config.flush_latency = {{Milliseconds(1), Milliseconds(50)}};
  StorageRig rig(config);
  const uint64_t older = 7;
  const uint64_t newer = 8;
  const auto replace = [&](const uint64_t& word, uint64_t uid) {
    return rig.storage.ReplaceAtomically(kCheckpoint, {&word, 1}, rig.now, rig.choices, {uid, 0});
  };
  for (uint64_t uid = 0; uid < 20; ++uid) {
    const FlushTicket first = replace(older, 2 * uid);
    const FlushTicket second = replace(newer, 2 * uid + 1);
    EXPECT_GE(first.done - rig.now, Milliseconds(2));
    EXPECT_GE(second.done - first.done, Milliseconds(2));
    rig.Await(first);
    rig.Await(second);
    EXPECT_EQ(rig.storage.ReadWords(kCheckpoint)[0], newer);
  }
}

TEST(StorageFsync, WaitsForADiskThatStalls) {
  StorageConfig config;
  config.flush_latency = {{Milliseconds(1)}};
  StorageRig rig(config);
  const FlushTicket ticket = rig.storage.StartFlush(kLog, rig.now, rig.choices, {});
  rig.storage.StallUntil(rig.now + Seconds(20), rig.now);
  const FlushProgress early = rig.storage.FinishFlush(ticket.id, ticket.done, rig.reports);
  EXPECT_FALSE(early.finished);
  EXPECT_EQ(early.again, SimTime{} + Seconds(20) + Milliseconds(1));
  EXPECT_TRUE(rig.storage.FinishFlush(ticket.id, early.again, rig.reports).finished);
}

TEST(StorageFsync, OfTheFirstBytesCoversThemThoughTheFileWasCutMeanwhile) {
  StorageRig rig;
  rig.Append(kLog, 1'000);
  const FlushTicket ticket = rig.storage.StartFlush(kLog, rig.now, rig.choices, {});
  rig.storage.Truncate(kLog, 400, rig.now);
  rig.Append(kLog, 200);  // new bytes at the place of old ones: not covered
  rig.Await(ticket);
  rig.PowerLoss();
  EXPECT_EQ(rig.DataEnd(kLog), 400);
}

// ---- The kernel's own work (FC:C.2). ----

TEST(StorageWriteBack, ArmsNoTimerWhileNothingIsDirty) {
  StorageRig rig;
  EXPECT_EQ(rig.storage.NextWakeup(), Never<SimTime>());
  rig.Append(kLog, 100);
  EXPECT_LT(rig.storage.NextWakeup(), Never<SimTime>());
  rig.Wait(Seconds(60));
  EXPECT_EQ(rig.storage.NextWakeup(), Never<SimTime>());
  EXPECT_EQ(rig.storage.dirty_bytes(), 0);
}

TEST(StorageWriteBack, StartsAtOnceAboveTheBackgroundLimit) {
  StorageConfig config;
  config.dirty_background_bytes = 1'000'000;
  StorageRig rig(config);
  rig.Append(kLog, 900'000);
  EXPECT_GT(rig.storage.NextWakeup(), rig.now);
  rig.Append(kOther, 200'000);
  EXPECT_EQ(rig.storage.NextWakeup(), rig.now);
  rig.Wait(Seconds(1));
  EXPECT_EQ(rig.storage.dirty_bytes(), 200'000);  // the oldest goes, until it is enough
}

TEST(StorageWriteBack, HoldsTheWriterBackAboveTheHardLimit) {
  StorageConfig config;
  config.dirty_limit_bytes = 1'000'000;
  config.bandwidth_bytes_per_s = 1'000'000;
  StorageRig rig(config);
  EXPECT_EQ(rig.Append(kLog, 1'000'000), Duration{});
  EXPECT_EQ(rig.storage.HeldBack(500'000), Milliseconds(500));  // asked before: the same
  EXPECT_EQ(rig.Append(kLog, 500'000), Milliseconds(500));
}

TEST(StorageWriteBack, StartsAtOnceWhenMemoryRunsLow) {
  StorageRig rig;
  rig.Append(kLog, 100);
  rig.storage.SetAvailableMemory(1'000'000, rig.now);
  rig.Wait(Seconds(6));
  EXPECT_EQ(rig.storage.DurableEnd(kLog), 100);
}

TEST(StorageWriteBack, SaysWhatItDid) {
  StorageRig rig;
  rig.Append(kLog, 5'000);
  rig.Wait(Seconds(60));
  EXPECT_THAT(rig.reports,
              ElementsAre(StorageReport{kLog, StorageReportKind::kWrittenBack, 0, 5'000},
                          StorageReport{kLog, StorageReportKind::kCommitted, 0, 5'000}));
}

// ---- A host's files are a value. ----

TEST(StorageValue, ACopyGoesItsOwnWay) {
  StorageRig rig;
  rig.Append(kLog, 1'000);
  StorageRig copy = rig;
  EXPECT_EQ(copy.storage, rig.storage);
  copy.Append(kLog, 1);
  EXPECT_NE(copy.storage, rig.storage);
  StableHash a;
  StableHash b;
  a(rig.storage);
  b(copy.storage);
  EXPECT_NE(a.value(), b.value());
  rig.Append(kLog, 1);
  EXPECT_EQ(copy.storage, rig.storage);
}

// Where a list lies in memory is an accident of history, and in no comparison.
TEST(StorageValue, HistoryThatLeftNoTraceDoesNotCount) {
  StorageRig rig;
  StorageRig detour;
  for (StorageRig* one : {&rig, &detour}) {
    one->Append(kLog, 10);
    one->Append(kOther, 10);
  }
  for (uint64_t i = 0; i < 9; ++i) detour.storage.Write(kLog, 10 + i, 1, 300 + i, 0, detour.now);
  rig.storage.Write(kLog, 10, 9, 300, 0, rig.now);
  for (StorageRig* one : {&rig, &detour}) {
    one->storage.Truncate(kLog, 10, one->now);
    one->Append(kOther, 10);
  }
  StableHash a;
  StableHash b;
  a(rig.storage);
  b(detour.storage);
  EXPECT_EQ(rig.storage, detour.storage);
  EXPECT_EQ(a.value(), b.value());
}

// What happens to several files at once happens in the order of their ids, however they came.
TEST(StorageValue, FilesAreInTheOrderOfTheirIds) {
  StorageRig rig;
  for (const uint16_t id : {700, 3, 65'534, 0, 20}) rig.Append(FileId{id}, 100u + id);
  for (const uint16_t id : {700, 3, 65'534, 0, 20}) {
    EXPECT_EQ(rig.storage.Length(FileId{id}), 100u + id);
  }
  for (const uint16_t id : {1, 699, 65'533}) EXPECT_FALSE(rig.storage.Exists(FileId{id}));
  rig.PowerLoss();
  std::vector<uint16_t> lost;
  for (const StorageReport& report : rig.reports) {
    if (report.kind == StorageReportKind::kLostTail) lost.push_back(report.file.value);
  }
  EXPECT_THAT(lost, ElementsAre(0, 3, 20, 700, 65'534));
}

// Files of the same content under other names are another disk.
TEST(StorageValue, TheIdOfAFileCounts) {
  StorageRig rig;
  StorageRig other;
  rig.storage.Write(kLog, 0, 10, 300, 0, rig.now);
  other.storage.Write(kOther, 0, 10, 300, 0, other.now);
  for (StorageRig* one : {&rig, &other}) one->Wait(Seconds(60));
  EXPECT_NE(rig.storage, other.storage);
  StableHash a;
  StableHash b;
  a(rig.storage);
  b(other.storage);
  EXPECT_NE(a.value(), b.value());
}

TEST(StorageValue, ALogThatOnlyGrowsIsOneExtent) {
  StorageRig rig;
  for (int i = 0; i < 10'000; ++i) rig.Append(kLog, 100);
  EXPECT_THAT(rig.storage.Read(kLog), ElementsAre(Extent{0, 1'000'000, 100, 0}));
}

}  // namespace
}  // namespace sim
