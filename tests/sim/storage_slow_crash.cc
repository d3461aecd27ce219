// The slow reference's crashes: what becomes of files, byte by byte.
#include <algorithm>

#include "tests/sim/storage_slow_reference.h"

namespace sim {
namespace {}  // namespace

// What the kernel held of a file behind what the disk has of it.
SlowStorage::Bytes SlowStorage::Unsynced(int file, const Image& image) const {
  const auto found = cache_.find(file);
  if (found == cache_.end() || found->second.is_words) return {};
  if (found->second.moved && !image.data.empty()) return {};
  const Bytes held = Read(file);
  if (held.size() <= image.data.size()) return {};
  if (!std::equal(image.data.begin(), image.data.end(), held.begin())) return {};
  return {held.begin() + static_cast<long>(image.data.size()), held.end()};
}

// The harsher modes: unsynced bytes that survive, and those that are zeros in a hole.
void SlowStorage::AddUnsynced(int file, Image& image, const CrashDraw& draw) const {
  const FileId id{static_cast<uint16_t>(file)};
  const Bytes unsynced = Unsynced(file, image);
  if (unsynced.empty()) return;
  const uint64_t data_end = image.data.size();
  const uint64_t end = data_end + unsynced.size();
  uint64_t kept_to = data_end;
  uint64_t hole_to = data_end;
  if (config_.hole) {
    const uint64_t page = data_end / 4096;
    const uint64_t pages = RoundUp(end, 4096) / 4096 - page;
    const uint64_t survived = draw.Below(CrashPurpose::kHoleEnd, id, pages + 1);
    if (survived > 0) {
      kept_to = std::min(end, (page + survived) * 4096);
      const uint64_t missing = draw.Below(CrashPurpose::kHoleStart, id, survived);
      if (missing > 0) hole_to = (page + missing) * 4096;
    }
  }
  if (config_.torn_sector && kept_to == data_end) {
    const uint64_t sector = data_end / 512;
    const uint64_t survived = draw.Below(CrashPurpose::kTornEnd, id, (end - 1) / 512 - sector + 1);
    kept_to = std::max(data_end, (sector + survived) * 512);
  }
  for (uint64_t i = data_end; i < kept_to; ++i) {
    image.data.push_back(i < hole_to ? 0 : unsynced[i - data_end]);
  }
}

// What becomes of one file of the disk: its data, then what the mode adds, then zeros, then old
// bytes.
void SlowStorage::Survive(int file, Image& image, const CrashDraw& draw) const {
  const FileId id{static_cast<uint16_t>(file)};
  const uint64_t size = std::min(image.length, RoundUp(image.data.size(), 4096));
  AddUnsynced(file, image, draw);
  while (Ext4() && image.words.empty() && image.data.size() < size) image.data.push_back(0);
  const bool hidden = image.words.empty() && image.stale.size() > image.data.size();
  if (hidden && draw.Below(CrashPurpose::kOldBytes, id, 2) == 1) {
    for (uint64_t i = image.data.size(); i < image.stale.size(); ++i) {
      image.data.push_back(image.stale[i]);
    }
  }
  image.stale.clear();
  image.length = image.data.size();
  image.name_synced = true;
}

void SlowStorage::Crash(bool power, SimTime now, const Choices& choices, About crash) {
  const CrashDraw draw{choices, host_, crash};
  const std::map<uint32_t, Io> under_way = io_;
  for (const auto& [ticket, io] : under_way) {
    if (io.kind != Kind::kFlush && io.kind != Kind::kDirectory) continue;
    const FileId id{static_cast<uint16_t>(io.file)};
    if (draw.Below(CrashPurpose::kLanded, id, 2) == 0) Finish(ticket, now);
  }
  Disk& disk = power ? medium_ : Target();
  std::erase_if(disk, [&](const auto& entry) {
    const FileId id{static_cast<uint16_t>(entry.first)};
    const bool unsynced = config_.missing_name && !entry.second.name_synced;
    return unsynced && draw.Below(CrashPurpose::kMissingName, id, 2) == 1;
  });
  for (auto& [file, image] : disk) Survive(file, image, draw);
  if (power && OwnCache()) drive_ = medium_;
  if (power) destage_at_ = Never<SimTime>();
  if (!power && OwnCache() && destage_at_ == Never<SimTime>()) {
    destage_at_ = std::max(now + config_.drive_destage, stalled_until_);
  }
  Mount(now);
  const auto hour = static_cast<uint64_t>(Seconds(3600).ns);
  const uint64_t up = draw.Below(CrashPurpose::kKernelAge, FileId::None(), hour);
  booted_ = {now.ns - static_cast<int64_t>(up)};
}

void SlowStorage::Mount(SimTime now) {
  cache_.clear();
  io_.clear();
  flusher_at_ = Never<SimTime>();
  commit_at_ = Never<SimTime>();
  booted_ = now;
  available_ = config_.memory_bytes;
  device_free_ = std::max(now, stalled_until_);
  for (const auto& [file, image] : Target()) {
    Inode& inode = cache_[file];
    for (const uint32_t content : image.data) {
      inode.bytes.push_back({content, 0, now, State::kWritten});
    }
    inode.words = image.words;
    inode.is_words = !image.words.empty();
    inode.name_synced = true;
  }
}

}  // namespace sim
