// The kernel's own work: flusher and journal, and what they move to the drive.
//
//   write()  ->  page cache  --flusher, fsync-->  blocks on the drive  --journal commit-->  in the
//   file
//                 length          submitted_end, then written_end            committed_end
#include <algorithm>

#include "sim/check.h"
#include "sim/storage/host_storage.h"

namespace sim {
namespace {

constexpr SimTime kNever = Never<SimTime>();

// Linux's timers grow coarser with their distance: set to 5 s, one fires every 5.12 s (20 granules
// of 256 ms), set to 1 s every 1.024 s. So a log that grows all the time is old enough at the sixth
// wake-up, not the seventh: without this, its age would reach 40 s, and 35 s were seen (FC:C.2).
constexpr Duration TimerPeriod(Duration set) { return set * 128 / 125; }

// The first point after `now` of a grid that starts at `origin`.
SimTime NextOnGrid(SimTime origin, Duration step, SimTime now) {
  const int64_t passed = (now - origin).ns / step.ns;
  return origin + step * (passed + 1);
}

}  // namespace

void HostStorage::ArmFlusher(SimTime now) {
  if (cache_.flusher_at == kNever && config_.dirty_writeback > Duration{}) {
    cache_.flusher_at = NextOnGrid(cache_.mounted, TimerPeriod(config_.dirty_writeback), now);
  }
  if (cache_.unsubmitted_bytes > background_limit_) cache_.flusher_at = now;
}

// The file's name, size or blocks belong to the running transaction, which starts now if none runs.
// On a host where something always changes, ext4 begins a transaction when it has committed the last
// one, and commits it `journal_commit` later; XFS forces its log. Both are a grid.
void HostStorage::Touch(CachedFile& cached, SimTime now) {
  cached.in_transaction = true;
  if (cache_.commit_at != kNever) return;
  const SimTime at = NextOnGrid(cache_.mounted, config_.journal_commit, now);
  cache_.commit_at = std::max(at, stalled_until_);
}

void HostStorage::Rearm() {
  next_wakeup_ = std::min({cache_.flusher_at, cache_.commit_at, destage_at_});
  for (const PendingIo& io : cache_.pending) {
    if (io.kind == IoKind::kWriteBack) next_wakeup_ = std::min(next_wakeup_, io.done);
  }
}

Duration HostStorage::Transfer(uint64_t bytes) const {
  const unsigned __int128 scaled =
      static_cast<unsigned __int128>(bytes) * 1'000'000'000 * slowdown_;
  const unsigned __int128 per_second = config_.bandwidth_bytes_per_s;
  return {static_cast<int64_t>((scaled + per_second - 1) / per_second)};
}

// The drive moves one stretch of bytes after the other. Latencies overlap: commits are shared.
SimTime HostStorage::Occupy(uint64_t bytes, SimTime now) {
  device_free_ = std::max(device_free_, now) + Transfer(bytes);
  return device_free_;
}

// All that the file holds is on its way; what comes later is dirty from then on.
uint64_t HostStorage::Submit(CachedFile& cached) {
  const uint64_t bytes = cached.length - cached.submitted_end;
  cache_.unsubmitted_bytes -= bytes;
  cached.submitted_end = cached.length;
  cached.dirty_since = kNever;
  return bytes;
}

void HostStorage::StartWriteBack(FileId file, SimTime now) {
  CachedFile& cached = At(file);
  const uint64_t bytes = Submit(cached);
  const SimTime done = Occupy(bytes, now);
  cache_.pending.push_back({next_ticket_++, IoKind::kWriteBack, file, cached.length, done, {}});
}

// Whole files, the longest dirty first: those that are old, and more while there is too much.
void HostStorage::WakeFlusher(SimTime now) {
  for (;;) {
    FileId oldest;
    SimTime since = kNever;
    for (const auto& [cached, file] : cache_.files) {
      if (cached.dirty_since >= since) continue;
      since = cached.dirty_since;
      oldest = file;
    }
    if (!oldest.exists()) break;
    const bool too_much = cache_.unsubmitted_bytes > background_limit_;
    if (since + config_.dirty_expire > now && !too_much) break;
    StartWriteBack(oldest, now);
  }
  const bool all_clean = cache_.unsubmitted_bytes == 0;
  const bool periodic = config_.dirty_writeback > Duration{};
  cache_.flusher_at = kNever;
  if (all_clean || !periodic) return;
  cache_.flusher_at = NextOnGrid(cache_.mounted, TimerPeriod(config_.dirty_writeback), now);
}

// What was due first happens first. At one instant the journal goes before the end of a write-out,
// and that before the flusher: a commit covers what was on the drive before its own moment.
void HostStorage::OnWakeup(SimTime now, StorageReports& reports) {
  while (next_wakeup_ <= now) {
    const SimTime at = next_wakeup_;
    const auto landed = std::find_if(
        cache_.pending.begin(), cache_.pending.end(),
        [&](const PendingIo& io) { return io.kind == IoKind::kWriteBack && io.done <= at; });
    if (cache_.commit_at <= at) {
      Commit(reports, at);
    } else if (landed != cache_.pending.end()) {
      FinishWriteBack(static_cast<uint32_t>(landed - cache_.pending.begin()), at, reports);
    } else if (cache_.flusher_at <= at) {
      WakeFlusher(at);
    } else {
      FlushDrive(reports);
    }
    Rearm();
  }
}

void HostStorage::FinishWriteBack(uint32_t index, SimTime now, StorageReports& reports) {
  const PendingIo io = cache_.pending[index];
  cache_.pending.erase(cache_.pending.begin() + index);
  const uint64_t from = At(io.file).written_end;
  Land(io, now);
  const uint64_t to = At(io.file).written_end;
  if (from < to) reports.push_back({io.file, StorageReportKind::kWrittenBack, from, to});
}

// The bytes are on the drive, in blocks that nothing points to before the next commit.
void HostStorage::Land(const PendingIo& io, SimTime now) {
  CachedFile& cached = At(io.file);
  if (io.end <= cached.written_end) return;
  cache_.dirty_bytes -= io.end - cached.written_end;
  cached.written_end = io.end;
  Allocate(cached);
  Touch(cached, now);
}

// data=ordered: a size is committed after its data, so what becomes visible is what was written
// back, and never what lay in those blocks before. The running transaction holds all files' names
// and sizes.
void HostStorage::Commit(StorageReports& reports, SimTime now) {
  cache_.commit_at = kNever;
  for (auto& [cached, file] : cache_.files) {
    if (cached.in_transaction) CommitFile(file, cached);
  }
  if (!KeepsOwnCache() || config_.barriers) return FlushDrive(reports);
  if (destage_at_ == kNever) destage_at_ = std::max(now + config_.drive_destage, stalled_until_);
}

void HostStorage::CommitFile(FileId file, CachedFile& cached) {
  cached.in_transaction = false;
  DiskState& disk = Disk();
  FileImage& image = disk.files.At(file);
  image.named = cached.exists;
  image.name_synced = cached.name_synced;
  if (!cached.cut || config_.ordered_metadata) {
    disk.extents.Release(image.stale);
  } else if (image.stale.count == 0) {
    std::swap(image.stale, image.extents);
  }
  const bool torn_words = cached.is_words && cached.written_end < cached.length;
  image.data_end = torn_words ? 0 : cached.written_end;
  image.length = config_.file_system == FileSystemKind::kExt4 ? cached.length : image.data_end;
  disk.extents.Shorten(image.extents, 0);
  AppendSlice(disk.extents, image.extents, cache_.extents.View(cached.extents), 0, image.data_end);
  disk.words.Assign(image.words,
                    torn_words ? std::span<const uint64_t>{} : cache_.words.View(cached.words));
  cached.committed_end = image.data_end;
}

// The drive's own cache goes to the platter: by a barrier, by an fsync, or because the drive felt
// like it.
void HostStorage::FlushDrive(StorageReports& reports) {
  destage_at_ = kNever;
  if (KeepsOwnCache()) medium_ = drive_;
  for (auto& [cached, file] : cache_.files) {
    if (cached.durable_end == cached.committed_end) continue;
    const uint64_t from = cached.durable_end;
    cached.durable_end = cached.committed_end;
    reports.push_back({file, StorageReportKind::kCommitted, from, cached.durable_end});
  }
}

}  // namespace sim
