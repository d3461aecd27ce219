#include "sim/storage/host_storage.h"

#include <algorithm>

#include "sim/check.h"
#include "sim/storage/crash_image.h"

namespace sim {
namespace {

bool MovesData(const PendingIo& io) {
  return io.kind == IoKind::kWriteBack || io.kind == IoKind::kFlush;
}

}  // namespace

HostStorage::HostStorage(const StorageConfig& config, uint64_t host)
    : config_(config), host_(host) {
  SIM_CHECK(config.bandwidth_bytes_per_s > 0);
  SIM_CHECK(config.journal_commit > Duration{});
  cache_.available_bytes = config.memory_bytes;
  SetLimits();
}

Duration HostStorage::WriteSlowly(FileId file, const Extent& extent, SimTime now) {
  if (!At(file).exists) Create(file, now);
  CachedFile& cached = At(file);
  SIM_CHECK(!cached.is_words);
  SIM_CHECK(extent.from == cached.length);
  const uint64_t bytes = extent.to - extent.from;
  if (bytes == 0) return {};
  // Delayed allocation: only an append into a block that is there already moves the size on the
  // disk.
  if (cached.length < cached.allocated_end) Touch(cached, now);
  AppendBytes(cache_.extents, cached.extents, cached.length, bytes, extent.source,
              extent.source_from);
  cached.length += bytes;
  cache_.dirty_bytes += bytes;
  cache_.unsubmitted_bytes += bytes;
  if (cached.dirty_since == Never<SimTime>()) cached.dirty_since = now;
  ArmFlusher(now);
  Rearm();
  if (cache_.dirty_bytes <= hard_limit_) return {};
  return Transfer(cache_.dirty_bytes - hard_limit_);
}

void HostStorage::Create(FileId file, SimTime now) {
  Forget(file);
  CachedFile& cached = At(file);
  cached.exists = true;
  Touch(cached, now);
  Rearm();
}

void HostStorage::Truncate(FileId file, uint64_t length, SimTime now) {
  CachedFile& cached = At(file);
  SIM_CHECK(cached.exists);
  if (length >= cached.length) return;
  CutTo(file, length);
  cached.cut = true;
  Touch(cached, now);
  Rearm();
}

void HostStorage::Remove(FileId file, SimTime now) {
  if (!Exists(file)) return;
  Forget(file);
  Touch(At(file), now);
  Rearm();
}

void HostStorage::Rename(FileId from, FileId to, SimTime now) {
  SIM_CHECK(Exists(from));
  if (from == to) return;
  Forget(to);
  CachedFile& target = At(to);
  target = At(from);
  At(from) = CachedFile{};
  for (PendingIo& io : cache_.pending) {
    if (io.file == from && MovesData(io)) io.file = to;
  }
  // The new name is not committed: a crash now would leave the old one.
  target.committed_end = 0;
  target.durable_end = 0;
  target.name_synced = false;
  target.in_transaction = false;
  Touch(At(from), now);
  Touch(target, now);
  Rearm();
}

// The file is gone from the page cache, with all that is on its way for it. A replacement stays:
// its rename will put a new file there.
void HostStorage::Forget(FileId file) {
  CachedFile& cached = At(file);
  CutTo(file, 0);
  std::erase_if(cache_.pending,
                [&](const PendingIo& io) { return io.file == file && MovesData(io); });
  cache_.extents.Release(cached.extents);
  cache_.words.Release(cached.words);
  const bool in_transaction = cached.in_transaction;
  cached = CachedFile{};
  cached.in_transaction = in_transaction;
}

void HostStorage::CutTo(FileId file, uint64_t length) {
  CachedFile& cached = At(file);
  cache_.dirty_bytes -= cached.length - cached.written_end;
  cache_.unsubmitted_bytes -= cached.length - cached.submitted_end;
  CutExtents(cache_.extents, cached.extents, length);
  cache_.words.Shorten(cached.words, static_cast<uint32_t>(length / 8));
  for (uint64_t* end : {&cached.length, &cached.submitted_end, &cached.written_end,
                        &cached.committed_end, &cached.durable_end}) {
    *end = std::min(*end, length);
  }
  for (PendingIo& io : cache_.pending) {
    if (io.file == file) io.end = std::min(io.end, length);
  }
  Allocate(cached);
  cache_.dirty_bytes += cached.length - cached.written_end;
  cache_.unsubmitted_bytes += cached.length - cached.submitted_end;
  if (cached.submitted_end == cached.length) cached.dirty_since = Never<SimTime>();
}

// ext4 has blocks for what was written back, to the end of the last one. XFS raises sizes by I/O
// alone.
void HostStorage::Allocate(CachedFile& cached) {
  const bool by_block = config_.file_system == FileSystemKind::kExt4;
  cached.allocated_end = by_block ? EndOfBlock(cached.written_end) : 0;
}

void HostStorage::SetLimits() {
  const uint64_t available = cache_.available_bytes;
  background_limit_ = config_.dirty_background_bytes;
  hard_limit_ = config_.dirty_limit_bytes;
  if (background_limit_ == 0) background_limit_ = available / 10;
  if (hard_limit_ == 0) hard_limit_ = available / 5;
  if (available < config_.low_memory_bytes) background_limit_ = 0;
  quick_limit_ = std::min(background_limit_, hard_limit_);
}

void HostStorage::SetAvailableMemory(uint64_t bytes, SimTime now) {
  cache_.available_bytes = bytes;
  SetLimits();
  if (cache_.unsubmitted_bytes > background_limit_) cache_.flusher_at = now;
  Rearm();
}

void HostStorage::StallUntil(SimTime until, SimTime now) {
  const SimTime stalled_from = std::max(now, stalled_until_);
  if (until <= stalled_from) return;
  const Duration longer = until - stalled_from;
  for (PendingIo& io : cache_.pending) {
    if (io.done >= now) io.done = io.done + longer;
  }
  stalled_until_ = until;
  device_free_ = std::max(device_free_, now) + longer;
  for (SimTime* at : {&cache_.commit_at, &destage_at_}) {
    if (*at != Never<SimTime>()) *at = std::max(*at, until);
  }
  Rearm();
}

std::span<const Extent> HostStorage::Read(FileId file) const {
  const CachedFile* cached = Find(file);
  if (cached == nullptr) return {};
  return cache_.extents.View(cached->extents);
}

std::span<const uint64_t> HostStorage::ReadWords(FileId file) const {
  const CachedFile* cached = Find(file);
  if (cached == nullptr) return {};
  return cache_.words.View(cached->words);
}

uint64_t HostStorage::DurableEnd(FileId file) const {
  const CachedFile* cached = Find(file);
  if (cached == nullptr) return 0;
  if (config_.missing_name && !cached->name_synced) return 0;
  return cached->durable_end;
}

uint64_t HostStorage::OnDriveEnd(FileId file) const {
  const CachedFile* cached = Find(file);
  return cached == nullptr ? 0 : cached->committed_end;
}

}  // namespace sim
