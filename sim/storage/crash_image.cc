#include "sim/storage/crash_image.h"

#include <algorithm>

namespace sim {
namespace {

void AppendZeros(DiskState& disk, FileImage& image, uint64_t to) {
  if (to <= image.data_end) return;
  AppendBytes(disk.extents, image.extents, image.data_end, to - image.data_end, kZeros, 0);
  image.data_end = to;
}

// The cached file of which the image is the committed beginning, if there is one: it was not
// truncated, removed or replaced since the commit.
const CachedFile* Successor(FileId file, uint64_t kept, const FileImage& image,
                            const PageCache& kernel) {
  const CachedFile* const cached = kernel.files.Find(file);
  if (cached == nullptr || !cached->exists || cached->is_words) return nullptr;
  return kept == image.data_end && cached->length > image.data_end ? cached : nullptr;
}

// Pages up to a drawn one survive, except for some before it.
bool PunchHole(FileId file, DiskState& disk, FileImage& image, const CachedFile& cached,
               const PageCache& kernel, const CrashDraw& draw) {
  const uint64_t base = image.data_end / kBlockBytes;
  const uint64_t pages = EndOfBlock(cached.length) / kBlockBytes - base;
  const uint64_t survived = draw.Below(CrashPurpose::kHoleEnd, file, pages + 1);
  if (survived == 0) return false;
  const uint64_t missing = draw.Below(CrashPurpose::kHoleStart, file, survived);
  const uint64_t end = std::min((base + survived) * kBlockBytes, cached.length);
  const uint64_t hole = missing == 0 ? image.data_end : (base + missing) * kBlockBytes;
  AppendZeros(disk, image, std::min(hole, end));
  AppendSlice(disk.extents, image.extents, kernel.extents.View(cached.extents), image.data_end,
              end);
  image.data_end = std::max(image.data_end, end);
  return true;
}

// Unsynced bytes survive up to a drawn sector: a record is cut in its middle.
bool TearTail(FileId file, DiskState& disk, FileImage& image, const CachedFile& cached,
              const PageCache& kernel, const CrashDraw& draw) {
  const uint64_t base = image.data_end / kSectorBytes;
  const uint64_t sectors = (cached.length - 1) / kSectorBytes - base;
  const uint64_t end =
      (base + draw.Below(CrashPurpose::kTornEnd, file, sectors + 1)) * kSectorBytes;
  if (end <= image.data_end) return false;
  AppendSlice(disk.extents, image.extents, kernel.extents.View(cached.extents), image.data_end,
              end);
  image.data_end = end;
  return true;
}

void BringBackOldBytes(FileId file, DiskState& disk, FileImage& image, const CrashDraw& draw) {
  const uint64_t old_end = ExtentsEnd(disk.extents.View(image.stale));
  const bool hidden = old_end > image.data_end && image.words.count == 0;
  if (hidden && draw.Below(CrashPurpose::kOldBytes, file, 2) == 1) {
    // One by one: a slice of this pool cannot be appended to it as a whole.
    for (uint32_t i = 0; i < image.stale.count; ++i) {
      const Extent old = disk.extents.View(image.stale)[i];
      AppendSlice(disk.extents, image.extents, {&old, 1}, image.data_end, old.to);
    }
    image.data_end = old_end;
  }
  disk.extents.Release(image.stale);
}

}  // namespace

void CrashImage(FileId file, uint64_t kept, DiskState& disk, const PageCache& kernel,
                const StorageConfig& config, const CrashDraw& draw) {
  FileImage& image = disk.files.At(file);
  const bool unsynced_name = config.missing_name && !image.name_synced;
  if (image.named && unsynced_name && draw.Below(CrashPurpose::kMissingName, file, 2) == 1) {
    image.named = false;
  }
  if (!image.named) {
    disk.extents.Release(image.extents);
    disk.extents.Release(image.stale);
    disk.words.Release(image.words);
    image = FileImage{};
    return;
  }
  const CachedFile* cached = Successor(file, kept, image, kernel);
  const bool by_block = config.file_system == FileSystemKind::kExt4;
  const uint64_t size =
      by_block ? std::min(image.length, EndOfBlock(image.data_end)) : image.data_end;
  bool drawn = false;
  if (cached != nullptr && config.hole) drawn = PunchHole(file, disk, image, *cached, kernel, draw);
  if (cached != nullptr && config.torn_sector && !drawn) {
    drawn = TearTail(file, disk, image, *cached, kernel, draw);
  }
  if (image.words.count == 0) AppendZeros(disk, image, size);
  BringBackOldBytes(file, disk, image, draw);
  image.length = image.data_end;
  image.name_synced = true;
}

}  // namespace sim
