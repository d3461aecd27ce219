// sim/storage/host_storage.h
//
// The files of one host, from write() to the platter: page cache, drive cache, medium.
//
// Three of the four lifetimes of a host live here, one struct each: PageCache dies with the kernel,
// the drive's cache with the power, the medium with the disk. (A process holds nothing here: its
// death loses nothing that it wrote.)
// Required:    times never go back from call to call; OnWakeup is called at NextWakeup(),
//              FinishFlush at its ticket's `done`. After any call that takes a time, NextWakeup()
//              may have changed.
// Invariants:  those of page_cache.h and disk.h; timers are armed only while something is dirty.
// Models:      docs/models/page_cache.md.
// Leaves out:  overwriting in place, directories below one per host, reads that cost time; errors:
//              the place for fsync errors, ENOSPC and EIO is FinishFlush's answer, Write's and
//              PendingIo.
// Complexity:  an append that continues the last one is O(1) and touches no other file; write-back,
//              flush and commit cost the number of files and their extents, never their bytes.
#ifndef SIM_STORAGE_HOST_STORAGE_H_
#define SIM_STORAGE_HOST_STORAGE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "sim/choice.h"
#include "sim/hash.h"
#include "sim/ids.h"
#include "sim/storage/config.h"
#include "sim/storage/disk.h"
#include "sim/storage/extent.h"
#include "sim/storage/page_cache.h"
#include "sim/time.h"

namespace sim {

struct FlushTicket {
  uint32_t id = 0;
  SimTime done;  // when to call FinishFlush
};

// The answer to FinishFlush: done, or "not yet": the disk has stalled since, ask again at `again`.
struct FlushProgress {
  bool finished = false;
  SimTime again;  // if not finished
};

enum class StorageReportKind : uint8_t {
  kWrittenBack = 0,  // [from, to) has left the page cache, nobody asked for it
  kCommitted = 1,    // the journal made [from, to) of the file durable
  kFlushed = 2,      // an fsync returned: [0, to) is durable
  kLostTail = 3,     // a crash: [from, to) of what was written is gone
  kZeroTail = 4,     // a crash: the file goes on with zeros in [from, to)
  kHole = 5,         // a crash: zeros in [from, to), and data behind them
  kTornTail = 6,     // a crash: the file ends at `to`, an arbitrary sector of unsynced data
  kOldBytes = 7,     // a crash: [from, to) was truncated away before, and is back
  kNameLost = 8,     // a crash: the file is not there any more
  kNameBack = 9,     // a crash: a removed file is there again, [from, to) of it
  kOnMedium = 10,    // a crash: [0, to) of a file is what who reads it finds, and on the medium
  kOnDrive = 11,     // a panic: ... or in the drive's own cache, which ends with the power
};

struct StorageReport {
  FileId file;
  StorageReportKind kind{};
  uint64_t from = 0;
  uint64_t to = 0;

  friend constexpr auto operator<=>(const StorageReport&, const StorageReport&) = default;
};

// What happened, for who turns it into notes; the caller's, appended to.
using StorageReports = std::vector<StorageReport>;

class HostStorage {
 public:
  HostStorage() = default;
  // `host`: the hash of the host's declared name. It is the subject of every choice made here.
  HostStorage(const StorageConfig& config, uint64_t host);
  // The kernel has been up for so long: its flusher and its journal wake up on grids that start
  // there. Required: nothing has been written since it started.
  void RanBefore(Duration up, SimTime now) { cache_.mounted = now - up; }

  // ---- What processes do. At once, in the page cache. ----

  // Appends; creates the file if there is none. Required: from == Length(file). Returns how long
  // the writer is held back, as HeldBack said just before.
  Duration Write(FileId file, uint64_t from, uint64_t bytes, uint64_t source, uint64_t source_from,
                 SimTime now) {
    if (Extend(file, from, bytes, source, source_from)) [[likely]] {
      return {};
    }
    return WriteSlowly(file, {from, from + bytes, source, source_from}, now);
  }
  // The quick way of a Write, for most of them: true if all is done, nobody is held back, there is
  // nothing to report, and NextWakeup is as it was. False: nothing happened.
  [[gnu::always_inline]] bool Extend(FileId file, uint64_t from, uint64_t bytes, uint64_t source,
                                     uint64_t source_from) {
    CachedFile* const cached = cache_.files.Find(file);
    if (cached == nullptr || !CanExtend(*cached, from, bytes, source, source_from)) return false;
    cache_.extents.Last(cached->extents).to += bytes;
    cached->length += bytes;
    cache_.dirty_bytes += bytes;
    cache_.unsubmitted_bytes += bytes;
    return true;
  }
  // How long a write of that much would hold its writer back now: until what exceeds the hard limit
  // of dirty bytes is written (FC:C.2). Whoever writes asks this, and waits.
  Duration HeldBack(uint64_t bytes) const {
    const uint64_t dirty = cache_.dirty_bytes + bytes;
    return dirty <= hard_limit_ ? Duration{} : Transfer(dirty - hard_limit_);
  }
  // An empty file, also in place of one that was there.
  void Create(FileId file, SimTime now);
  // Cuts the file. Required: it exists. A length beyond its end changes nothing.
  void Truncate(FileId file, uint64_t length, SimTime now);
  void Remove(FileId file, SimTime now);  // of a file that is not there: nothing
  // `to` is replaced. Required: `from` exists.
  void Rename(FileId from, FileId to, SimTime now);

  // ---- What processes wait for. ----

  // fsync: what the file holds now will be durable, with its size and, on ext4 and XFS, with all
  // names and sizes that the journal holds by then; not the data of other files. A file that is not
  // there is a flush of nothing. `clean_files`: as many others are fsynced behind it, one after the
  // other, that have nothing to write: each is a command that the drive answers as fast as it can.
  FlushTicket StartFlush(FileId file, SimTime now, const Choices& choices, About about,
                         uint32_t clean_files = 0);
  FlushTicket StartDirectoryFlush(SimTime now, const Choices& choices, About about);
  // Temporary file, fsync, rename, fsync of the directory: the drive's latency twice. Until `done`
  // the old words are read, and are what a crash leaves. One that is asked for while another one of
  // that file is under way begins behind it.
  FlushTicket ReplaceAtomically(FileId file, std::span<const uint64_t> words, SimTime now,
                                const Choices& choices, About about, uint32_t clean_files = 0);
  // Truncates and writes a small file at once, and starts an fsync of it; not of its directory
  // (KB:S-41).
  FlushTicket WriteWords(FileId file, std::span<const uint64_t> words, SimTime now,
                         const Choices& choices, About about);
  // Call at the ticket's `done`. A ticket from before a crash is finished, and does nothing.
  FlushProgress FinishFlush(uint32_t ticket, SimTime now, StorageReports& reports);
  // Who asked has died. An fsync goes on in the kernel; a replacement stops, and leaves the old
  // words.
  void Abandon(uint32_t ticket);

  // ---- Time. ----

  // Never() while nothing is dirty and nothing is under way.
  SimTime NextWakeup() const { return next_wakeup_; }
  // Flusher, journal, ends of write-out and the drive's own destaging: whatever is due by now.
  void OnWakeup(SimTime now, StorageReports& reports);

  // ---- Reading. Spans are valid until the next call that changes anything. ----

  bool Exists(FileId file) const { return Find(file) != nullptr; }
  uint64_t Length(FileId file) const {
    const CachedFile* cached = Find(file);
    return cached == nullptr ? 0 : cached->length;
  }
  std::span<const Extent> Read(FileId file) const;
  // Empty for a file that is not there, and for one that is there with no or torn content.
  std::span<const uint64_t> ReadWords(FileId file) const;
  // How long the drive takes to read that much with nobody else waiting. A read itself is at once.
  Duration ReadTime(uint64_t bytes) const { return Transfer(bytes); }
  // What the file holds now below this end would be read after a power loss at this moment,
  // whatever is drawn, harsher modes included.
  uint64_t DurableEnd(FileId file) const;
  // What is on the drive and visible to a mount, in its own cache at least.
  uint64_t OnDriveEnd(FileId file) const;
  uint64_t dirty_bytes() const { return cache_.dirty_bytes; }
  const StorageConfig& config() const { return config_; }

  // ---- Faults. Effects of a crash are immediate: what can be read afterwards is what a mount
  // finds. ----

  // `crash`: what the crash is about (the fault's uid, and which crash of this host it is).
  void Panic(SimTime now, const Choices& choices, About crash, StorageReports& reports);
  void PowerLoss(SimTime now, const Choices& choices, About crash, StorageReports& reports);
  // A new, empty disk.
  void Wipe(SimTime now);
  // Transfers and latencies that start from now on take `times` as long. 1: as configured.
  void SetSlowdown(uint32_t times) { slowdown_ = times; }
  // Nothing reaches the drive before `until`; what is under way takes that much longer.
  void StallUntil(SimTime until, SimTime now);
  // Memory that other programs leave to the page cache. Less of it means earlier write-back.
  void SetAvailableMemory(uint64_t bytes, SimTime now);

  friend bool operator==(const HostStorage& a, const HostStorage& b);
  friend void HashInto(StableHash& hash, const HostStorage& storage);

 private:
  // The append continues the last extent of a file that is dirty anyway, moves no
  // committed size, and crosses no limit.
  bool CanExtend(const CachedFile& cached, uint64_t from, uint64_t bytes, uint64_t source,
                 uint64_t source_from) {
    if (cached.dirty_since == Never<SimTime>() || from != cached.length) return false;
    if (cached.length < cached.allocated_end && !cached.in_transaction) return false;
    if (cache_.dirty_bytes + bytes > quick_limit_ || cached.extents.count == 0) return false;
    return Continues(cache_.extents.Last(cached.extents), source, source_from);
  }
  const CachedFile* Find(FileId file) const {
    const CachedFile* const cached = cache_.files.Find(file);
    return cached != nullptr && cached->exists ? cached : nullptr;
  }
  bool KeepsOwnCache() const {
    return config_.volatile_drive_cache && !config_.power_loss_protection;
  }
  // What the running host would read back.
  DiskState& Disk() { return KeepsOwnCache() ? drive_ : medium_; }

  // host_storage.cc
  CachedFile& At(FileId file) { return cache_.files.At(file); }
  Duration WriteSlowly(FileId file, const Extent& extent, SimTime now);
  void Forget(FileId file);
  void CutTo(FileId file, uint64_t length);
  void Allocate(CachedFile& cached);
  void SetLimits();

  // write_back.cc
  void ArmFlusher(SimTime now);
  void Touch(CachedFile& cached, SimTime now);
  void Rearm();
  Duration Transfer(uint64_t bytes) const;
  SimTime Occupy(uint64_t bytes, SimTime now);
  uint64_t Submit(CachedFile& cached);
  void StartWriteBack(FileId file, SimTime now);
  void WakeFlusher(SimTime now);
  void FinishWriteBack(uint32_t index, SimTime now, StorageReports& reports);
  void Land(const PendingIo& io, SimTime now);
  void Commit(StorageReports& reports, SimTime now);
  void CommitFile(FileId file, CachedFile& cached);
  void FlushDrive(StorageReports& reports);

  // flush.cc
  Duration Latency(uint32_t purpose, FileId file, const Choices& choices, About about) const;
  FlushTicket Start(IoKind kind, FileId file, SimTime from, Duration latency, uint32_t clean_files);
  void FinishRequested(uint32_t index, SimTime now, StorageReports& reports);
  void LandWords(PendingIo& io, SimTime now);
  void SyncNames();

  // crash.cc
  void Crash(DiskState& disk, SimTime now, const Choices& choices, About crash,
             StorageReports& reports);
  void LandSome(SimTime now, const Choices& choices, About crash, StorageReports& reports);
  void Mount(SimTime now);
  void ReportMedium(StorageReports& reports) const;

  StorageConfig config_;
  uint64_t host_ = 0;
  PageCache cache_;           // dies with the kernel
  DiskState drive_;           // dies with the power; used only if the drive has a volatile cache
  DiskState medium_;          // dies with the disk
  uint32_t next_ticket_ = 1;  // never reused: a ticket from before a crash must not be mistaken
  uint32_t slowdown_ = 1;
  SimTime stalled_until_;
  SimTime device_free_;                     // the drive's queue is empty from then on
  SimTime destage_at_ = Never<SimTime>();   // the drive writes its cache to the platter
  SimTime next_wakeup_ = Never<SimTime>();  // derived: the least of all of the above
  uint64_t background_limit_ = 0;           // derived from available memory
  uint64_t hard_limit_ = 0;
  uint64_t quick_limit_ = 0;  // the lower of the two
};

}  // namespace sim

#endif  // SIM_STORAGE_HOST_STORAGE_H_
