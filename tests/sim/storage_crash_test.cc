// What a crash leaves of files, of their names, and of small files that are replaced as a whole.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "sim/storage/crash_image.h"
#include "sim/storage/host_storage.h"
#include "tests/sim/storage_rig.h"

namespace sim {
namespace {

using testing::ElementsAre;

StorageConfig Xfs() { return DefaultStorage(FileSystemKind::kXfs); }

// ---- What a crash leaves of a file (FC:C.4). ----

// The file is written back at 5,000 bytes, so its second block is there; what is appended in that
// block moves the size, which the journal commits, but its data wait for the next write-back.
TEST(StorageCrashImage, ZeroTailInTheLastBlockOnExt4) {
  StorageRig rig;
  rig.Append(kLog, 5'000);
  rig.Flush(kLog);
  rig.Append(kLog, 1'000);
  rig.Wait(Seconds(6));  // the journal commits
  rig.PowerLoss();
  EXPECT_THAT(rig.storage.Read(kLog),
              ElementsAre(Extent{0, 5'000, 100, 0}, Extent{5'000, 6'000, kZeros, 0}));
  EXPECT_TRUE(rig.Reported(kLog, StorageReportKind::kZeroTail, 5'000, 6'000));
}

TEST(StorageCrashImage, ZeroTailEndsWithTheBlock) {
  StorageRig rig;
  rig.Append(kLog, 5'000);
  rig.Flush(kLog);
  rig.Append(kLog, 50'000);
  rig.Wait(Seconds(6));
  rig.PowerLoss();
  EXPECT_EQ(rig.storage.Length(kLog), 8'192);
}

// The blocks behind the cut are given back: what is appended at their place moves no size.
TEST(StorageCrashImage, ZeroTailCountsTheBlocksThatATruncationLeft) {
  StorageRig rig;
  rig.Append(kLog, 20'000);
  rig.Flush(kLog);
  rig.storage.Truncate(kLog, 4'096, rig.now);
  rig.Wait(Seconds(6));  // the journal commits the truncation
  EXPECT_EQ(rig.storage.NextWakeup(), Never<SimTime>());
  rig.Append(kLog, 1'000);
  EXPECT_EQ(rig.storage.NextWakeup(), SimTime{} + Milliseconds(10'240));  // flusher, no journal
  rig.Wait(Seconds(6));
  rig.PowerLoss();
  EXPECT_EQ(rig.storage.Length(kLog), 4'096);
}

TEST(StorageCrashImage, NoZeroTailBeforeTheJournalCommits) {
  StorageRig rig;
  rig.Append(kLog, 5'000);
  rig.Flush(kLog);
  rig.Append(kLog, 1'000);
  rig.Wait(Seconds(4));
  rig.PowerLoss();
  EXPECT_EQ(rig.storage.Length(kLog), 5'000);
}

TEST(StorageCrashImage, XfsEndsWithWhatWasWrittenBack) {
  StorageRig rig(Xfs());
  rig.Append(kLog, 5'000);
  rig.Flush(kLog);
  rig.Append(kLog, 1'000);
  rig.Flush(kOther);
  rig.Wait(Seconds(6));
  rig.PowerLoss();
  EXPECT_THAT(rig.storage.Read(kLog), ElementsAre(Extent{0, 5'000, 100, 0}));
}

// KB:S-45, and seen on a real cluster: a new follower cuts its log, appends other records, loses
// power.
TEST(StorageCrashImage, OldBytesComeBackBehindATruncationOnlyIfMetadataAreUnordered) {
  const auto run = [](bool ordered, uint64_t seed) {
    StorageConfig config;
    config.ordered_metadata = ordered;
    StorageRig rig(config, seed * kMix0);
    rig.Append(kLog, 100'000);
    rig.Flush(kLog);
    rig.storage.Truncate(kLog, 50'000, rig.now);
    rig.storage.Write(kLog, 50'000, 1'000, 200, 0, rig.now);
    rig.Replace(kCheckpoint, {1});  // any fsync on that file system commits the truncation
    rig.PowerLoss();
    return rig.storage.Length(kLog);
  };
  std::set<uint64_t> unordered;
  for (uint64_t seed = 1; seed < 30; ++seed) {
    EXPECT_EQ(run(true, seed), 51'000);  // the new bytes are a zero tail
    unordered.insert(run(false, seed));
  }
  EXPECT_THAT(unordered, ElementsAre(51'000, 100'000));
}

// What a log's next life finds: the file up to its first zero, whatever that is worth.
TEST(StorageCrashImage, SaysWhatIsOnTheMediumOfEachFile) {
  StorageRig rig;
  rig.Append(kLog, 5'000);
  rig.Flush(kLog);
  rig.Append(kOther, 300);
  rig.Flush(kOther);
  rig.Replace(kCheckpoint, {1});
  rig.Append(kLog, 1'000);
  rig.Wait(Seconds(6));  // the journal commits the size, and no data
  rig.PowerLoss();
  EXPECT_EQ(rig.storage.Length(kLog), 6'000);
  EXPECT_TRUE(rig.Reported(kLog, StorageReportKind::kOnMedium, 0, 5'000));
  EXPECT_TRUE(rig.Reported(kOther, StorageReportKind::kOnMedium, 0, 300));
  EXPECT_FALSE(rig.Reported(kCheckpoint, StorageReportKind::kOnMedium, 0, 8));  // no log
}

// The kernel is gone, the drive is not: what it keeps to itself can be read, and is not safe.
TEST(StorageCrashImage, APanicFindsWhatTheDriveKeepsToItself) {
  StorageConfig config;
  config.volatile_drive_cache = true;
  config.barriers = false;
  config.drive_destage = Seconds(60);
  StorageRig rig(config);
  rig.Append(kLog, 5'000);
  rig.Flush(kLog);
  rig.Panic();
  EXPECT_TRUE(rig.Reported(kLog, StorageReportKind::kOnMedium, 0, 0));
  EXPECT_TRUE(rig.Reported(kLog, StorageReportKind::kOnDrive, 0, 5'000));
}

// Two streams, as in the log of a broker that led twice: all of what survived is what was written.
TEST(StorageCrashImage, ATornTailMayBeOfSeveralPieces) {
  StorageConfig config;
  config.torn_sector = true;
  bool survived = false;
  for (uint64_t seed = 1; seed < 30; ++seed) {
    StorageRig rig(config, seed * kMix0);
    rig.Append(kLog, 4'096);
    rig.Flush(kLog);
    rig.storage.Write(kLog, 4'096, 3'000, 200, 0, rig.now);
    rig.storage.Write(kLog, 7'096, 3'000, 300, 0, rig.now);
    rig.PowerLoss();
    const uint64_t length = rig.storage.Length(kLog);
    survived = survived || length > 7'096;
    EXPECT_TRUE(rig.Reported(kLog, StorageReportKind::kLostTail, length, 10'096)) << length;
    EXPECT_TRUE(rig.Reported(kLog, StorageReportKind::kOnMedium, 0, length));
  }
  EXPECT_TRUE(survived);
}

// Before the journal commits a truncation, a crash finds the file as it was: all of it, nothing
// mixed.
TEST(StorageCrashImage, ATruncationThatWasNotCommittedIsUndone) {
  StorageRig rig;
  rig.Append(kLog, 100'000);
  rig.Flush(kLog);
  rig.storage.Truncate(kLog, 50'000, rig.now);
  rig.storage.Write(kLog, 50'000, 1'000, 200, 0, rig.now);
  EXPECT_EQ(rig.storage.DurableEnd(kLog), 50'000);
  rig.PowerLoss();
  EXPECT_THAT(rig.storage.Read(kLog), ElementsAre(Extent{0, 100'000, 100, 0}));
  EXPECT_TRUE(rig.Reported(kLog, StorageReportKind::kOldBytes, 50'000, 100'000));
  EXPECT_TRUE(rig.Reported(kLog, StorageReportKind::kLostTail, 50'000, 51'000));
  EXPECT_TRUE(rig.Reported(kLog, StorageReportKind::kOnMedium, 0, 100'000));
}

// A follower that cuts its log and is sent what it had: nothing of that is lost with the cut.
TEST(StorageCrashImage, WhatWasWrittenAgainBehindAnUndoneTruncationIsThere) {
  StorageRig rig;
  rig.Append(kLog, 100'000);
  rig.Flush(kLog);
  rig.storage.Truncate(kLog, 50'000, rig.now);
  rig.Append(kLog, 20'000);  // the same bytes
  rig.reports.clear();
  rig.PowerLoss();
  EXPECT_TRUE(rig.Reported(kLog, StorageReportKind::kOldBytes, 70'000, 100'000));
  for (const StorageReport& report : rig.reports) {
    EXPECT_NE(report.kind, StorageReportKind::kLostTail);
  }
}

TEST(StorageCrashImage, HarsherModesLeaveHolesAndTornSectors) {
  const auto ends = [](bool hole, bool torn) {
    StorageConfig config;
    config.hole = hole;
    config.torn_sector = torn;
    std::set<StorageReportKind> kinds;
    for (uint64_t seed = 1; seed < 60; ++seed) {
      StorageRig rig(config, seed * kMix0);
      rig.Append(kLog, 4'000);
      rig.Flush(kLog);
      rig.Append(kLog, 30'000);
      rig.reports.clear();
      rig.PowerLoss();
      for (const StorageReport& report : rig.reports) kinds.insert(report.kind);
      const uint64_t length = rig.storage.Length(kLog);
      EXPECT_TRUE(hole || length == 4'000 || length % kSectorBytes == 0);
    }
    return kinds;
  };
  using enum StorageReportKind;
  EXPECT_THAT(ends(false, false), ElementsAre(kLostTail, kOnMedium));
  EXPECT_THAT(ends(true, false), testing::IsSupersetOf({kLostTail, kHole}));
  EXPECT_THAT(ends(false, true), testing::IsSupersetOf({kLostTail, kTornTail}));
}

// ---- Names. ----

TEST(StorageNames, AreCommittedByTheJournal) {
  StorageRig rig;
  rig.Append(kLog, 100);
  StorageRig later = rig;
  rig.PowerLoss();
  EXPECT_FALSE(rig.storage.Exists(kLog));
  later.Wait(Seconds(5));
  later.PowerLoss();
  EXPECT_TRUE(later.storage.Exists(kLog));
  EXPECT_EQ(later.storage.Length(kLog), 0);
}

TEST(StorageNames, NeedAnFsyncOfTheDirectoryInTheHarsherMode) {
  StorageConfig config;
  config.missing_name = true;
  std::set<bool> there;
  for (uint64_t seed = 1; seed < 30; ++seed) {
    StorageRig rig(config, seed * kMix0);
    rig.Append(kLog, 100);
    rig.Flush(kLog);
    EXPECT_EQ(rig.storage.DurableEnd(kLog), 0);
    StorageRig careful = rig;
    careful.FlushDirectory();
    EXPECT_EQ(careful.storage.DurableEnd(kLog), 100);
    careful.PowerLoss();
    EXPECT_EQ(careful.DataEnd(kLog), 100);
    rig.PowerLoss();
    there.insert(rig.storage.Exists(kLog));
  }
  EXPECT_THAT(there, ElementsAre(false, true));
}

TEST(StorageNames, ARenameThatWasNotCommittedIsUndone) {
  StorageRig rig;
  rig.Append(kLog, 100);
  rig.Append(kOther, 50);
  rig.Flush(kLog);
  rig.Flush(kOther);
  rig.storage.Rename(kLog, kOther, rig.now);
  EXPECT_EQ(rig.storage.Length(kOther), 100);
  rig.PowerLoss();
  EXPECT_EQ(rig.storage.Length(kLog), 100);
  EXPECT_EQ(rig.storage.Length(kOther), 50);
}

// KB:S-41: the broker deletes its clean marker at the start and does not fsync the directory. Power
// that goes at once brings the marker back; the next fsync of any file closes the window.
TEST(StorageNames, ADeletedMarkerIsBackUntilTheNextFsyncOfAnyFile) {
  StorageRig rig;
  const std::vector<uint64_t> marker = {1, 42};
  rig.Await(rig.storage.WriteWords(kOther, marker, rig.now, rig.choices, {}));
  rig.storage.Remove(kOther, rig.now);
  StorageRig later = rig;
  rig.PowerLoss();
  EXPECT_THAT(rig.storage.ReadWords(kOther), ElementsAre(1, 42));
  EXPECT_TRUE(rig.Reported(kOther, StorageReportKind::kNameBack, 0, 16));
  later.Replace(kCheckpoint, {7});
  later.PowerLoss();
  EXPECT_FALSE(later.storage.Exists(kOther));
}

// ---- Small files that are replaced as a whole. ----

TEST(StorageReplace, LeavesTheOldOrTheNewContent) {
  for (uint64_t seed = 1; seed < 20; ++seed) {
    StorageRig rig({}, seed);
    rig.Replace(kCheckpoint, {1, 2, 3});
    const std::vector<uint64_t> next = {4, 5};
    const FlushTicket ticket =
        rig.storage.ReplaceAtomically(kCheckpoint, next, rig.now, rig.choices, {.uid = 9});
    EXPECT_THAT(rig.storage.ReadWords(kCheckpoint), ElementsAre(1, 2, 3));
    StorageRig cut = rig;
    cut.PowerLoss();
    EXPECT_THAT(cut.storage.ReadWords(kCheckpoint), ElementsAre(1, 2, 3));
    rig.Await(ticket);
    rig.PowerLoss();
    EXPECT_THAT(rig.storage.ReadWords(kCheckpoint), ElementsAre(4, 5));
  }
}

TEST(StorageReplace, IsLeftUndoneWhenTheProcessDies) {
  StorageRig rig;
  const std::vector<uint64_t> words = {1};
  const FlushTicket ticket =
      rig.storage.ReplaceAtomically(kCheckpoint, words, rig.now, rig.choices, {});
  rig.storage.Abandon(ticket.id);
  rig.Await(ticket);
  EXPECT_FALSE(rig.storage.Exists(kCheckpoint));
}

TEST(StorageReplace, ACrashOutdatesItsTicket) {
  StorageRig rig;
  const std::vector<uint64_t> words = {1};
  const FlushTicket ticket =
      rig.storage.ReplaceAtomically(kCheckpoint, words, rig.now, rig.choices, {});
  rig.Panic();
  EXPECT_TRUE(rig.storage.FinishFlush(ticket.id, ticket.done, rig.reports).finished);
  EXPECT_FALSE(rig.storage.Exists(kCheckpoint));
}

// A small file that is written in place and not fsynced: its name and its size come first.
TEST(StorageReplace, WritingInPlaceCanLeaveAnEmptyFile) {
  StorageConfig config;
  config.flush_latency = {{Seconds(60)}};  // the fsync never comes to its end
  for (uint64_t seed = 1; seed < 20; ++seed) {
    StorageRig rig(config, seed * kMix0);
    const std::vector<uint64_t> words = {1, 2};
    rig.storage.WriteWords(kOther, words, rig.now, rig.choices, {});
    rig.Wait(Seconds(6));
    rig.PowerLoss();
    const auto left = rig.storage.ReadWords(kOther);
    EXPECT_TRUE(rig.storage.Exists(kOther));
    EXPECT_TRUE(left.empty() || left.size() == 2);
  }
}

}  // namespace
}  // namespace sim
