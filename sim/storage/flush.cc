// What processes wait for: fsync of a file or of the directory, and the replacement of a small
// file.
#include <algorithm>

#include "sim/check.h"
#include "sim/storage/host_storage.h"

namespace sim {
namespace {

constexpr uint32_t kPurposeFlushLatency = 1;
constexpr uint32_t kPurposeDirectoryLatency = 2;  // of a replacement's second fsync

}  // namespace

Duration HostStorage::Latency(uint32_t purpose, FileId file, const Choices& choices,
                              About about) const {
  const uint64_t subject = Mix(host_, file.value);
  const ChoiceKey key = MakeChoiceKey(ChoiceDomain::kDisk, purpose, subject, about);
  return config_.flush_latency.At(choices.Raw(key)) * slowdown_;
}

FlushTicket HostStorage::Start(IoKind kind, FileId file, SimTime from, Duration latency,
                               uint32_t clean_files) {
  const Duration others = config_.flush_latency.At(0) * slowdown_ * clean_files;
  const SimTime done = from + latency + others;
  const uint32_t id = next_ticket_++;
  cache_.pending.push_back({id, kind, file, Length(file), done, {}});
  Rearm();
  return {id, done};
}

FlushTicket HostStorage::StartFlush(FileId file, SimTime now, const Choices& choices, About about,
                                    uint32_t clean_files) {
  const SimTime written = Occupy(Exists(file) ? Submit(At(file)) : 0, now);
  const Duration latency = Latency(kPurposeFlushLatency, file, choices, about);
  return Start(IoKind::kFlush, file, written, latency, clean_files);
}

FlushTicket HostStorage::StartDirectoryFlush(SimTime now, const Choices& choices, About about) {
  const FileId none = FileId::None();
  const Duration latency = Latency(kPurposeFlushLatency, none, choices, about);
  return Start(IoKind::kDirectoryFlush, none, Occupy(0, now), latency, 0);
}

FlushTicket HostStorage::ReplaceAtomically(FileId file, std::span<const uint64_t> words,
                                           SimTime now, const Choices& choices, About about,
                                           uint32_t clean_files) {
  SIM_CHECK(file.exists());
  SimTime from = Occupy(words.size_bytes(), now);
  for (const PendingIo& io : cache_.pending) {
    if (io.kind == IoKind::kReplace && io.file == file) from = std::max(from, io.done);
  }
  const Duration latency = Latency(kPurposeFlushLatency, file, choices, about) +
                           Latency(kPurposeDirectoryLatency, file, choices, about);
  const FlushTicket ticket = Start(IoKind::kReplace, file, from, latency, clean_files);
  cache_.words.Assign(cache_.pending.back().words, words);
  return ticket;
}

FlushTicket HostStorage::WriteWords(FileId file, std::span<const uint64_t> words, SimTime now,
                                    const Choices& choices, About about) {
  if (Exists(file)) {
    Truncate(file, 0, now);
  } else {
    Create(file, now);
  }
  CachedFile& cached = At(file);
  cached.is_words = true;
  cache_.words.Assign(cached.words, words);
  cached.length = words.size_bytes();
  cache_.dirty_bytes += cached.length;
  cache_.unsubmitted_bytes += cached.length;
  return StartFlush(file, now, choices, about);
}

FlushProgress HostStorage::FinishFlush(uint32_t ticket, SimTime now, StorageReports& reports) {
  const auto found = std::find_if(cache_.pending.begin(), cache_.pending.end(),
                                  [&](const PendingIo& io) { return io.id == ticket; });
  if (found == cache_.pending.end()) return {.finished = true, .again = now};
  SIM_CHECK(found->kind != IoKind::kWriteBack);
  if (now < found->done) return {.finished = false, .again = found->done};
  // Open place (FC:C.5): an fsync that fails answers here, and marks the file's pages clean all the
  // same.
  FinishRequested(static_cast<uint32_t>(found - cache_.pending.begin()), now, reports);
  return {.finished = true, .again = now};
}

void HostStorage::FinishRequested(uint32_t index, SimTime now, StorageReports& reports) {
  PendingIo io = cache_.pending[index];
  cache_.pending.erase(cache_.pending.begin() + index);
  const bool names_too = io.kind != IoKind::kFlush;
  if (io.kind == IoKind::kReplace) LandWords(io, now);
  if (io.kind == IoKind::kFlush && Exists(io.file)) {
    Land(io, now);
    CachedFile& cached = At(io.file);
    if (cached.cut)
      Touch(cached, now);  // unordered metadata: the blocks that were cut off are gone now
    cached.cut = false;
  }
  // The journal has one running transaction: committing a file's part of it commits all of it.
  const bool commits = names_too || (Exists(io.file) && At(io.file).in_transaction);
  if (names_too) SyncNames();
  if (commits) Commit(reports, now);
  if (config_.barriers) FlushDrive(reports);
  if (io.file.exists()) reports.push_back({io.file, StorageReportKind::kFlushed, 0, io.end});
  Rearm();
}

void HostStorage::LandWords(PendingIo& io, SimTime now) {
  Forget(io.file);  // rename: the file of that name is another one now
  CachedFile& cached = At(io.file);
  cached.exists = true;
  cached.is_words = true;
  cached.words = io.words;
  io.end = uint64_t{8} * io.words.count;
  cached.length = io.end;
  cached.submitted_end = io.end;
  cached.written_end = io.end;
  Allocate(cached);
  Touch(cached, now);
}

void HostStorage::SyncNames() {
  for (auto& [cached, file] : cache_.files) {
    if (!cached.exists || cached.name_synced) continue;
    cached.name_synced = true;
    cached.in_transaction = true;
  }
}

void HostStorage::Abandon(uint32_t ticket) {
  std::erase_if(cache_.pending, [&](PendingIo& io) {
    if (io.id != ticket || io.kind != IoKind::kReplace) return false;
    cache_.words.Release(io.words);
    return true;
  });
}

}  // namespace sim
