// Death of the kernel and of the power: which lifetimes end, and what is found afterwards.
#include <algorithm>

#include "sim/check.h"
#include "sim/storage/crash_image.h"
#include "sim/storage/host_storage.h"

namespace sim {
namespace {

// What a lifetime ends with. Assigning it keeps the memory.
const PageCache kEmptyCache{};
const DiskState kEmptyDisk{};

// What is left of one file, said against what the kernel held. `kept`: the beginning of the cached
// file that was committed to this disk.
void ReportFile(FileId file, const CachedFile& cached, uint64_t kept, const FileImage& before,
                const DiskState& disk, StorageReports& reports) {
  const auto say = [&](StorageReportKind kind, uint64_t from, uint64_t to) {
    if (from < to) reports.push_back({file, kind, from, to});
  };
  const FileImage& image = *disk.files.Find(file);
  if (cached.exists && !image.named) reports.push_back({file, StorageReportKind::kNameLost, 0, 0});
  if (!cached.exists && image.named) {
    reports.push_back({file, StorageReportKind::kNameBack, 0, image.length});
  }
  if (!cached.exists) return;
  if (!image.named) return say(StorageReportKind::kLostTail, 0, cached.length);
  say(StorageReportKind::kOldBytes, kept, before.data_end);
  if (kept < before.data_end) return say(StorageReportKind::kLostTail, kept, cached.length);

  // Behind the committed data: zeros, then maybe data of the same file (a hole), then the end.
  uint64_t survived = kept;
  uint64_t zeros_to = kept;
  for (const Extent& extent : disk.extents.View(image.extents)) {
    if (extent.to <= kept) continue;
    if (extent.source == kZeros) {
      zeros_to = extent.to;
    } else if (zeros_to == kept) {
      survived = extent.to;
      zeros_to = extent.to;
    }
  }
  const bool data_behind = zeros_to < image.length && zeros_to > survived;
  say(data_behind ? StorageReportKind::kHole : StorageReportKind::kZeroTail, survived, zeros_to);
  if (survived > kept) say(StorageReportKind::kTornTail, kept, survived);
  say(StorageReportKind::kLostTail, survived, cached.length);
}

uint64_t CommonBytes(std::span<const Extent> a, std::span<const Extent> b) {
  uint64_t common = 0;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (a[i].source != b[i].source || a[i].source_from != b[i].source_from) break;
    common = std::min(a[i].to, b[i].to);
    if (a[i].to != b[i].to) break;
  }
  return common;
}

}  // namespace

// An fsync that was under way may have been done just in time. Draws one by one, in the order in
// which they were asked for; a replacement that was under way leaves the old content.
void HostStorage::LandSome(SimTime now, const Choices& choices, About crash,
                           StorageReports& reports) {
  const CrashDraw draw{choices, host_, crash};
  for (uint32_t i = 0; i < cache_.pending.size();) {
    const PendingIo& io = cache_.pending[i];
    const bool asked = io.kind == IoKind::kFlush || io.kind == IoKind::kDirectoryFlush;
    if (asked && draw.Below(CrashPurpose::kLanded, io.file, 2) == 0) {
      FinishAsked(i, now, reports);
    } else {
      ++i;
    }
  }
}

void HostStorage::Panic(SimTime now, const Choices& choices, About crash, StorageReports& reports) {
  Crash(Disk(), now, choices, crash, reports);
  if (KeepsOwnCache() && destage_at_ == Never<SimTime>()) {
    destage_at_ = std::max(now + config_.drive_destage, stalled_until_);
  }
  Rearm();
}

void HostStorage::PowerLoss(SimTime now, const Choices& choices, About crash,
                            StorageReports& reports) {
  Crash(medium_, now, choices, crash, reports);
  destage_at_ = Never<SimTime>();
  Rearm();
}

// medium = CrashImage(medium, kernel, drive, choices), then the lifetimes that ended are emptied.
void HostStorage::Crash(DiskState& disk, SimTime now, const Choices& choices, About crash,
                        StorageReports& reports) {
  LandSome(now, choices, crash, reports);
  const bool power = &disk == &medium_;
  // What only one of the two knows: the other has nothing of it.
  for (const auto& [cached, file] : cache_.files) disk.files.At(file);
  for (const auto& [image, file] : disk.files) cache_.files.At(file);
  const CrashDraw draw{choices, host_, crash};
  for (const auto& [cached, file] : cache_.files) {
    const FileImage before = *disk.files.Find(file);
    const uint64_t kept = power ? cached.durable_end : cached.committed_end;
    CrashImage(file, kept, disk, cache_, config_, draw);
    ReportFile(file, cached, kept, before, disk, reports);
  }
  if (power && KeepsOwnCache()) drive_ = medium_;
  Mount(now);
}

void HostStorage::Wipe(SimTime now) {
  medium_ = kEmptyDisk;
  drive_ = kEmptyDisk;
  destage_at_ = Never<SimTime>();
  Mount(now);
  Rearm();
}

// A kernel that has just started: its page cache shows what the disk holds, and nothing is dirty.
void HostStorage::Mount(SimTime now) {
  cache_ = kEmptyCache;
  cache_.mounted = now;
  cache_.available_bytes = config_.memory_bytes;
  SetLimits();
  device_free_ = std::max(now, stalled_until_);
  const DiskState& disk = Disk();
  for (const auto& [image, file] : disk.files) {
    if (!image.named) continue;
    CachedFile& cached = cache_.files.At(file);
    const auto extents = disk.extents.View(image.extents);
    cached.exists = true;
    cached.name_synced = true;
    cached.is_words = image.words.count > 0;
    cache_.extents.Assign(cached.extents, extents);
    cache_.words.Assign(cached.words, disk.words.View(image.words));
    cached.length = image.length;
    cached.submitted_end = image.length;
    cached.written_end = image.length;
    cached.committed_end = image.length;
    cached.durable_end = image.length;
    Allocate(cached);
    if (&disk == &medium_) continue;
    const FileImage& platter = medium_.files.At(file);
    const bool same_words =
        std::ranges::equal(disk.words.View(image.words), medium_.words.View(platter.words));
    if (cached.is_words && same_words) continue;
    cached.durable_end = CommonBytes(extents, medium_.extents.View(platter.extents));
  }
}

}  // namespace sim
