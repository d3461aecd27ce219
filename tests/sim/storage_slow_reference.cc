#include "tests/sim/storage_slow_reference.h"

#include <algorithm>

namespace sim {
namespace {

constexpr SimTime kNever = Never<SimTime>();

}  // namespace

uint64_t SlowStorage::Inode::Written() const {
  return static_cast<uint64_t>(std::ranges::count(bytes, State::kWritten, &Byte::state));
}

uint64_t SlowStorage::DirtyBytes() const {
  uint64_t sum = 0;
  for (const auto& [file, inode] : cache_) sum += inode.bytes.size() - inode.Written();
  return sum;
}

uint64_t SlowStorage::Unsubmitted() const {
  uint64_t sum = 0;
  for (const auto& [file, inode] : cache_) {
    sum += static_cast<uint64_t>(std::ranges::count(inode.bytes, State::kDirty, &Byte::state));
  }
  return sum;
}

uint64_t SlowStorage::Background() const {
  if (available_ < config_.low_memory_bytes) return 0;
  return config_.dirty_background_bytes > 0 ? config_.dirty_background_bytes : available_ / 10;
}

Duration SlowStorage::Transfer(uint64_t bytes) const {
  const uint64_t scaled = bytes * 1'000'000'000 * slowdown_;
  const uint64_t whole = scaled / config_.bandwidth_bytes_per_s;
  return {static_cast<int64_t>(whole + (scaled % config_.bandwidth_bytes_per_s > 0))};
}

// Whatever the kernel does periodically, it last did when what has passed since its start was a
// multiple of the period.
SimTime SlowStorage::NextTick(Duration period, SimTime now) const {
  const int64_t since_last = (now.ns - booted_.ns) % period.ns;
  return {now.ns - since_last + period.ns};
}

// Something that the journal has to write down has changed.
void SlowStorage::Journal(SimTime now) {
  if (commit_at_ != kNever) return;
  commit_at_ = std::max(NextTick(config_.journal_commit, now), stalled_until_);
}

void SlowStorage::ArmFlusher(SimTime now) {
  const bool periodic = config_.dirty_writeback > Duration{};
  if (flusher_at_ == kNever && periodic) {
    flusher_at_ = NextTick(config_.dirty_writeback * 128 / 125, now);
  }
  if (Unsubmitted() > Background()) flusher_at_ = now;
}

Duration SlowStorage::Write(int file, uint64_t bytes, uint64_t source, uint64_t source_from,
                            SimTime now) {
  if (!Exists(file)) Create(file, now);
  if (bytes == 0) return {};
  Inode& inode = cache_[file];
  if (Ext4() && inode.bytes.size() < RoundUp(inode.Written(), 4096)) {
    inode.changed = true;
    Journal(now);
  }
  ++births_;
  for (uint64_t i = 0; i < bytes; ++i) {
    inode.bytes.push_back({ByteOf(source, source_from + i), births_, now, State::kDirty});
  }
  ArmFlusher(now);
  const uint64_t limit = config_.dirty_limit_bytes > 0 ? config_.dirty_limit_bytes : available_ / 5;
  return DirtyBytes() <= limit ? Duration{} : Transfer(DirtyBytes() - limit);
}

void SlowStorage::DropData(int file) {
  std::erase_if(io_, [&](const auto& entry) {
    const Io& io = entry.second;
    return io.file == file && (io.kind == Kind::kWriteBack || io.kind == Kind::kFlush);
  });
}

void SlowStorage::Create(int file, SimTime now) {
  DropData(file);
  cache_[file] = Inode{};
  cache_[file].changed = true;
  Journal(now);
}

void SlowStorage::Truncate(int file, uint64_t length, SimTime now) {
  Inode& inode = cache_[file];
  if (length >= inode.bytes.size()) return;
  inode.bytes.resize(length);
  inode.words.resize(std::min(inode.words.size(), length / 8));
  inode.cut = true;
  inode.changed = true;
  Journal(now);
}

void SlowStorage::Remove(int file, SimTime now) {
  if (!Exists(file)) return;
  DropData(file);
  cache_.erase(file);
  Journal(now);
}

void SlowStorage::Rename(int from, int to, SimTime now) {
  if (from == to) return;
  DropData(to);
  cache_[to] = cache_[from];
  cache_.erase(from);
  cache_[to].changed = true;
  cache_[to].moved = true;
  cache_[to].name_synced = false;
  for (auto& [ticket, io] : io_) {
    if (io.file == from && (io.kind == Kind::kWriteBack || io.kind == Kind::kFlush)) io.file = to;
  }
  Journal(now);
}

uint64_t SlowStorage::SubmitAll(Inode& inode) {
  uint64_t bytes = 0;
  for (Byte& byte : inode.bytes) {
    if (byte.state != State::kDirty) continue;
    byte.state = State::kSubmitted;
    ++bytes;
  }
  return bytes;
}

SimTime SlowStorage::Start(Kind kind, int file, uint64_t bytes, SimTime now, const Choices& choices,
                           About about) {
  const auto id = static_cast<uint16_t>(file);
  const ChoiceKey key = MakeChoiceKey(ChoiceDomain::kDisk, 1, Mix(host_, id), about);
  Duration latency = config_.flush_latency.At(choices.Raw(key)) * slowdown_;
  device_free_ = std::max(device_free_, now) + Transfer(bytes);
  SimTime from = device_free_;
  if (kind == Kind::kReplace) {
    const ChoiceKey directory = MakeChoiceKey(ChoiceDomain::kDisk, 2, Mix(host_, id), about);
    latency = latency + config_.flush_latency.At(choices.Raw(directory)) * slowdown_;
    for (const auto& [ticket, io] : io_) {
      if (io.kind == Kind::kReplace && io.file == file) from = std::max(from, io.done);
    }
  }
  io_[next_ticket_++] = {kind, file, ++births_, from + latency, {}};
  return from + latency;
}

SimTime SlowStorage::StartFlush(int file, SimTime now, const Choices& choices, About about) {
  const uint64_t bytes = Exists(file) ? SubmitAll(cache_[file]) : 0;
  return Start(Kind::kFlush, file, bytes, now, choices, about);
}

SimTime SlowStorage::StartDirectoryFlush(SimTime now, const Choices& choices, About about) {
  return Start(Kind::kDirectory, -1, 0, now, choices, about);
}

SimTime SlowStorage::Replace(int file, const Words& words, SimTime now, const Choices& choices,
                             About about) {
  const SimTime done = Start(Kind::kReplace, file, words.size() * 8, now, choices, about);
  io_[last_ticket()].words = words;
  return done;
}

SimTime SlowStorage::WriteWords(int file, const Words& words, SimTime now, const Choices& choices,
                                About about) {
  if (Exists(file)) {
    Truncate(file, 0, now);
  } else {
    Create(file, now);
  }
  Inode& inode = cache_[file];
  inode.is_words = true;
  inode.words = words;
  ++births_;
  inode.bytes.resize(words.size() * 8, Byte{WordByte(), births_, now, State::kDirty});
  return StartFlush(file, now, choices, about);
}

// Everything of the file that was there when this I/O was asked for is on the drive now.
void SlowStorage::Land(const Io& io, SimTime now) {
  if (!Exists(io.file)) return;
  Inode& inode = cache_[io.file];
  const uint64_t before = inode.Written();
  for (Byte& byte : inode.bytes) {
    if (byte.birth < io.birth) byte.state = State::kWritten;
  }
  if (inode.Written() == before) return;
  inode.changed = true;
  Journal(now);
}

bool SlowStorage::FinishFlush(uint32_t ticket, SimTime now, SimTime* again) {
  if (io_.count(ticket) == 0) return true;
  *again = io_[ticket].done;
  if (now < *again) return false;
  Finish(ticket, now);
  return true;
}

void SlowStorage::Finish(uint32_t ticket, SimTime now) {
  const Io io = io_[ticket];
  io_.erase(ticket);
  bool commits = io.kind != Kind::kFlush;
  if (io.kind == Kind::kReplace) {
    DropData(io.file);
    Inode inode;
    inode.is_words = true;
    inode.words = io.words;
    inode.changed = true;
    ++births_;
    inode.bytes.resize(io.words.size() * 8, Byte{WordByte(), births_, now, State::kWritten});
    cache_[io.file] = inode;
    Journal(now);
  }
  if (io.kind == Kind::kFlush && Exists(io.file)) {
    Land(io, now);
    Inode& inode = cache_[io.file];
    if (inode.cut) {
      inode.changed = true;
      Journal(now);
    }
    inode.cut = false;
    commits = inode.changed;
  }
  if (io.kind != Kind::kFlush) {
    for (auto& [file, inode] : cache_) {
      inode.changed = inode.changed || !inode.name_synced;
      inode.name_synced = true;
    }
  }
  if (commits) Commit(now);
  if (config_.barriers) Barrier();
}

void SlowStorage::Abandon(uint32_t ticket) {
  if (io_.count(ticket) > 0 && io_[ticket].kind == Kind::kReplace) io_.erase(ticket);
}

// Copies all that was written back, of every file, changed or not.
void SlowStorage::Commit(SimTime now) {
  commit_at_ = kNever;
  const Disk before = Target();
  Disk& disk = Target();
  disk.clear();
  for (auto& [file, inode] : cache_) {
    Image& image = disk[file];
    if (before.count(file) > 0) {
      const Image& old = before.at(file);
      image.stale = old.stale;
      const bool bytes = old.stale.empty() && old.words.empty();
      if (inode.changed && inode.cut && bytes) image.stale = old.data;
    }
    if (config_.ordered_metadata || !inode.cut) image.stale.clear();
    const bool torn = inode.is_words && inode.Written() < inode.bytes.size();
    const uint64_t end = torn ? 0 : inode.Written();
    for (uint64_t i = 0; i < end; ++i) image.data.push_back(inode.bytes[i].content);
    image.length = Ext4() ? inode.bytes.size() : end;
    if (!torn) image.words = inode.words;
    image.name_synced = inode.name_synced;
    inode.changed = false;
    inode.moved = false;
  }
  if (!OwnCache() || config_.barriers) return Barrier();
  if (destage_at_ == kNever) destage_at_ = std::max(now + config_.drive_destage, stalled_until_);
}

void SlowStorage::Barrier() {
  destage_at_ = kNever;
  if (OwnCache()) medium_ = drive_;
}

SimTime SlowStorage::NextWakeup() const {
  SimTime next = std::min({commit_at_, flusher_at_, destage_at_});
  for (const auto& [ticket, io] : io_) {
    if (io.kind == Kind::kWriteBack) next = std::min(next, io.done);
  }
  return next;
}

void SlowStorage::OnWakeup(SimTime now) {
  while (NextWakeup() <= now) {
    const SimTime at = NextWakeup();
    const auto landed = std::ranges::find_if(io_, [&](const auto& entry) {
      return entry.second.kind == Kind::kWriteBack && entry.second.done <= at;
    });
    if (commit_at_ == at) {
      Commit(at);
    } else if (landed != io_.end()) {
      const Io io = landed->second;
      io_.erase(landed);
      Land(io, at);
    } else if (flusher_at_ == at) {
      Wake(at);
    } else {
      Barrier();
    }
  }
}

// The file with the oldest dirty byte, while that byte is too old or there are too many of them.
void SlowStorage::Wake(SimTime now) {
  for (;;) {
    int oldest = -1;
    SimTime since = kNever;
    for (const auto& [file, inode] : cache_) {
      for (const Byte& byte : inode.bytes) {
        if (byte.state != State::kDirty || byte.when >= since) continue;
        since = byte.when;
        oldest = file;
      }
    }
    if (oldest < 0) break;
    if (now - since < config_.dirty_expire && Unsubmitted() <= Background()) break;
    const uint64_t bytes = SubmitAll(cache_[oldest]);
    device_free_ = std::max(device_free_, now) + Transfer(bytes);
    io_[next_ticket_++] = {Kind::kWriteBack, oldest, ++births_, device_free_, {}};
  }
  flusher_at_ = kNever;
  if (Unsubmitted() > 0 && config_.dirty_writeback > Duration{}) {
    flusher_at_ = NextTick(config_.dirty_writeback * 128 / 125, now);
  }
}

void SlowStorage::SetAvailableMemory(uint64_t bytes, SimTime now) {
  available_ = bytes;
  if (Unsubmitted() > Background()) flusher_at_ = now;
}

void SlowStorage::StallUntil(SimTime until, SimTime now) {
  const SimTime from = std::max(now, stalled_until_);
  if (until <= from) return;
  for (auto& [ticket, io] : io_) {
    if (io.done >= now) io.done = io.done + (until - from);
  }
  stalled_until_ = until;
  device_free_ = std::max(device_free_, now) + (until - from);
  if (commit_at_ != kNever) commit_at_ = std::max(commit_at_, until);
  if (destage_at_ != kNever) destage_at_ = std::max(destage_at_, until);
}

SlowStorage::Bytes SlowStorage::Read(int file) const {
  Bytes bytes;
  if (!Exists(file)) return bytes;
  for (const Byte& byte : cache_.at(file).bytes) bytes.push_back(byte.content);
  return bytes;
}

SlowStorage::Words SlowStorage::ReadWords(int file) const {
  return Exists(file) ? cache_.at(file).words : Words{};
}

uint64_t SlowStorage::DurableEnd(int file) const {
  if (!Exists(file) || medium_.count(file) == 0 || cache_.at(file).moved) return 0;
  if (config_.missing_name && !cache_.at(file).name_synced) return 0;
  const Bytes held = Read(file);
  const Bytes& kept = medium_.at(file).data;
  uint64_t same = 0;
  while (same < std::min(held.size(), kept.size()) && held[same] == kept[same]) ++same;
  return same;
}

}  // namespace sim
