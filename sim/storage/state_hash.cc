// Comparing and hashing files by what they hold, never by where a run lies in its pool.
#include <algorithm>
#include <tuple>

#include "sim/storage/disk.h"
#include "sim/storage/host_storage.h"
#include "sim/storage/page_cache.h"

namespace sim {
namespace {

template <typename T>
bool SameRun(const RunPool<T>& a_pool, const Run& a, const RunPool<T>& b_pool, const Run& b) {
  return std::ranges::equal(a_pool.View(a), b_pool.View(b));
}

bool SameImage(const DiskState& a, const FileImage& x, const DiskState& b, const FileImage& y) {
  const auto& [named, name_synced, length, data_end, extents, words, stale] = x;
  if (named != y.named || name_synced != y.name_synced || length != y.length) return false;
  if (data_end != y.data_end) return false;
  return SameRun(a.extents, extents, b.extents, y.extents) &&
         SameRun(a.words, words, b.words, y.words) && SameRun(a.extents, stale, b.extents, y.stale);
}

// All of a cached file that is not in a pool.
auto Scalars(const CachedFile& file) {
  const auto& [exists, is_words, in_transaction, name_synced, cut, length, submitted, written,
               committed, durable, allocated, dirty_since, extents, words] = file;
  static_cast<void>(extents);
  static_cast<void>(words);
  return std::tuple(exists, is_words, in_transaction, name_synced, cut, length, submitted, written,
                    committed, durable, allocated, dirty_since);
}

auto Scalars(const PendingIo& io) {
  const auto& [id, kind, file, end, done, words] = io;
  static_cast<void>(words);
  return std::tuple(id, kind, file, end, done);
}

auto Scalars(const PageCache& cache) {
  const auto& [files, pending, extents, words, dirty, unsubmitted, available, mounted, flusher_at,
               commit_at] = cache;
  static_cast<void>(extents);
  static_cast<void>(words);
  return std::tuple(files.size(), pending.size(), dirty, unsubmitted, available, mounted,
                    flusher_at, commit_at);
}

using CachedEntry = FileTable<CachedFile>::Entry;

bool SameFile(const PageCache& a, const CachedEntry& x, const PageCache& b, const CachedEntry& y) {
  return x.id == y.id && Scalars(x.file) == Scalars(y.file) &&
         SameRun(a.extents, x.file.extents, b.extents, y.file.extents) &&
         SameRun(a.words, x.file.words, b.words, y.file.words);
}

template <typename... T>
void HashTuple(StableHash& hash, const std::tuple<T...>& values) {
  std::apply([&](const auto&... value) { hash(value...); }, values);
}

}  // namespace

bool operator==(const DiskState& a, const DiskState& b) {
  return std::ranges::equal(a.files, b.files, [&](const auto& x, const auto& y) {
    return x.id == y.id && SameImage(a, x.file, b, y.file);
  });
}

void HashInto(StableHash& hash, const DiskState& disk) {
  const auto& [files, all_extents, all_words] = disk;
  hash(files.size());
  for (const auto& [image, file] : files) {
    const auto& [named, name_synced, length, data_end, extents, words, stale] = image;
    hash(file, named, name_synced, length, data_end, all_extents.View(extents),
         all_words.View(words), all_extents.View(stale));
  }
}

bool operator==(const PageCache& a, const PageCache& b) {
  if (Scalars(a) != Scalars(b)) return false;
  const auto same = [&](const auto& x, const auto& y) { return SameFile(a, x, b, y); };
  if (!std::ranges::equal(a.files, b.files, same)) return false;
  for (size_t i = 0; i < a.pending.size(); ++i) {
    if (Scalars(a.pending[i]) != Scalars(b.pending[i])) return false;
    if (!SameRun(a.words, a.pending[i].words, b.words, b.pending[i].words)) return false;
  }
  return true;
}

void HashInto(StableHash& hash, const PageCache& cache) {
  HashTuple(hash, Scalars(cache));
  for (const auto& [file, id] : cache.files) {
    hash(id);
    HashTuple(hash, Scalars(file));
    hash(cache.extents.View(file.extents), cache.words.View(file.words));
  }
  for (const PendingIo& io : cache.pending) {
    HashTuple(hash, Scalars(io));
    hash(cache.words.View(io.words));
  }
}

bool operator==(const HostStorage& a, const HostStorage& b) {
  return a.config_ == b.config_ && a.host_ == b.host_ && a.cache_ == b.cache_ &&
         a.drive_ == b.drive_ && a.medium_ == b.medium_ && a.next_ticket_ == b.next_ticket_ &&
         a.slowdown_ == b.slowdown_ && a.stalled_until_ == b.stalled_until_ &&
         a.device_free_ == b.device_free_ && a.destage_at_ == b.destage_at_;
}

// What a run does not change, and what is derived from the rest, costs a third of the time and
// tells nothing: the configuration and the host's name, the next wake-up, the limits.
void HashInto(StableHash& hash, const HostStorage& storage) {
  const auto& [config, host, cache, drive, medium, next_ticket, slowdown, stalled_until,
               device_free, destage_at, next_wakeup, background, hard, quick] = storage;
  static_cast<void>(std::tie(config, host, next_wakeup, background, hard, quick));
  hash(cache, drive, medium, next_ticket, slowdown, stalled_until, device_free, destage_at);
}

}  // namespace sim
