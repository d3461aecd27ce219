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

// How far two files hold the same.
uint64_t CommonBytes(std::span<const Extent> a, std::span<const Extent> b) {
  uint64_t common = 0;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (a[i].source != b[i].source || a[i].source_from != b[i].source_from) break;
    common = std::min(a[i].to, b[i].to);
    if (a[i].to != b[i].to) break;
  }
  return common;
}

// One file as the kernel held it and as the crash has left it.
struct Remains {
  FileId file;
  const CachedFile& cached;
  std::span<const Extent> held;  // by the kernel
  const FileImage& image;
  std::span<const Extent> left;
};

// The extent that holds the byte, or null.
const Extent* ExtentAt(std::span<const Extent> extents, uint64_t byte) {
  for (const Extent& extent : extents) {
    if (extent.to > byte) return &extent;
  }
  return nullptr;
}

// `kept`: the beginning of the cached file that was committed to this disk, whose image ended at
// `data_end`.
void ReportFile(const Remains& of, uint64_t kept, uint64_t data_end, StorageReports& reports) {
  using enum StorageReportKind;
  const auto say = [&](StorageReportKind kind, uint64_t from, uint64_t to) {
    if (from < to) reports.push_back({of.file, kind, from, to});
  };
  if (of.cached.exists && !of.image.named) reports.push_back({of.file, kNameLost, 0, 0});
  if (!of.cached.exists && of.image.named) {
    reports.push_back({of.file, kNameBack, 0, of.image.length});
  }
  if (!of.cached.exists) return;
  if (!of.image.named) return say(kLostTail, 0, of.cached.length);

  // A truncation that was not committed is undone, and unsynced bytes may have survived: what is
  // still there is told by the bytes alone.
  const uint64_t whole = std::max(kept, CommonBytes(of.held, of.left));
  if (kept == data_end) say(kTornTail, kept, whole);
  if (const Extent* behind = ExtentAt(of.left, whole)) {
    const bool zeros = behind->source == kZeros;
    const bool data_behind = behind->to < of.image.length;
    say(!zeros        ? kOldBytes
        : data_behind ? kHole
                      : kZeroTail,
        whole, zeros ? behind->to : of.image.length);
  }
  say(kLostTail, whole, of.cached.length);
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
      FinishRequested(i, now, reports);
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
    const uint64_t data_end = disk.files.Find(file)->data_end;
    const uint64_t kept = power ? cached.durable_end : cached.committed_end;
    CrashImage(file, kept, disk, cache_, config_, draw);
    const FileImage& image = *disk.files.Find(file);
    const Remains remains{file, cached, cache_.extents.View(cached.extents), image,
                          disk.extents.View(image.extents)};
    ReportFile(remains, kept, data_end, reports);
  }
  if (power && KeepsOwnCache()) drive_ = medium_;
  Mount(now);
  const auto ages = static_cast<uint64_t>(kKernelAgeMax.ns);
  const uint64_t age = draw.Below(CrashPurpose::kKernelAge, FileId::None(), ages);
  RanBefore({static_cast<int64_t>(age)}, now);
  ReportMedium(reports);
}

// What who starts on this disk can find, whatever was there before.
void HostStorage::ReportMedium(StorageReports& reports) const {
  for (const auto& [cached, file] : cache_.files) {
    if (!cached.exists || cached.is_words) continue;
    const auto extents = cache_.extents.View(cached.extents);
    const auto zeros = std::ranges::find(extents, kZeros, &Extent::source);
    const uint64_t readable = zeros == extents.end() ? cached.length : zeros->from;
    const uint64_t durable = std::min(readable, cached.durable_end);
    reports.push_back({file, StorageReportKind::kOnMedium, 0, durable});
    if (readable > durable) reports.push_back({file, StorageReportKind::kOnDrive, 0, readable});
  }
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
