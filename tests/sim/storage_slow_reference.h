// tests/sim/storage_slow_reference.h
//
// The same file system as sim/storage/, kept the dumbest way: every byte of every layer by itself,
// every commit a copy of everything, every question a loop.
//
// It shares with the model under test the configuration, the draws and nothing else. Speaks of the
// same rules: docs/models/page_cache.md.
#ifndef TESTS_SIM_STORAGE_SLOW_REFERENCE_H_
#define TESTS_SIM_STORAGE_SLOW_REFERENCE_H_

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "sim/choice.h"
#include "sim/storage/config.h"
#include "sim/storage/crash_image.h"
#include "sim/time.h"

namespace sim {

inline uint64_t RoundUp(uint64_t value, uint64_t to) {
  while (value % to != 0) ++value;
  return value;
}

class SlowStorage {
 public:
  using Bytes =
      std::vector<uint32_t>;  // each byte by what was written: (stream, position), 0 for a zero
  using Words = std::vector<uint64_t>;

  SlowStorage(const StorageConfig& config, uint64_t host) : config_(config), host_(host) {
    available_ = config.memory_bytes;
  }

  static uint32_t ByteOf(uint64_t source, uint64_t position) {
    return source == kZeros ? 0 : static_cast<uint32_t>((source << 24) + position + 1);
  }

  Duration Write(int file, uint64_t bytes, uint64_t source, uint64_t source_from, SimTime now);
  void Create(int file, SimTime now);
  void Truncate(int file, uint64_t length, SimTime now);
  void Remove(int file, SimTime now);
  void Rename(int from, int to, SimTime now);
  // Moments come from the ticket's number, which both models count alike.
  SimTime StartFlush(int file, SimTime now, const Choices& choices, About about);
  SimTime StartDirectoryFlush(SimTime now, const Choices& choices, About about);
  SimTime Replace(int file, const Words& words, SimTime now, const Choices& choices, About about);
  SimTime WriteWords(int file, const Words& words, SimTime now, const Choices& choices,
                     About about);
  // The time at which the flush with this `done` is over, or the time to ask again.
  bool FinishFlush(uint32_t ticket, SimTime now, SimTime* again);
  void Abandon(uint32_t ticket);
  SimTime NextWakeup() const;
  void OnWakeup(SimTime now);
  void Crash(bool power, SimTime now, const Choices& choices, About crash);
  void SetSlowdown(uint32_t times) { slowdown_ = times; }
  void StallUntil(SimTime until, SimTime now);
  void SetAvailableMemory(uint64_t bytes, SimTime now);
  void RanBefore(Duration up) { booted_ = SimTime{} - up; }

  uint32_t last_ticket() const { return next_ticket_ - 1; }
  bool Exists(int file) const { return cache_.count(file) > 0; }
  Bytes Read(int file) const;
  Words ReadWords(int file) const;
  // The longest beginning of the file that the medium holds; what an undone rename hides counts
  // too.
  uint64_t DurableEnd(int file) const;
  uint64_t DirtyBytes() const;

 private:
  enum class State : uint8_t { kDirty, kSubmitted, kWritten };
  enum class Kind : uint8_t { kWriteBack, kFlush, kDirectory, kReplace };
  struct Byte {
    uint32_t content = 0;
    uint64_t birth = 0;  // which operation wrote it
    SimTime when;
    State state = State::kDirty;
  };
  struct Inode {
    std::vector<Byte> bytes;
    Words words;
    bool is_words = false;
    bool changed = false;  // since the last commit
    bool name_synced = false;
    bool cut = false;
    bool moved = false;  // renamed since the last commit
    uint64_t Written() const;
  };
  struct Image {
    Bytes data;
    uint64_t length = 0;
    Words words;
    bool name_synced = false;
    Bytes stale;
    friend bool operator==(const Image&, const Image&) = default;
  };
  struct Io {
    Kind kind;
    int file;
    uint64_t birth;  // bytes born before it are in it
    SimTime done;
    Words words;
  };
  using Disk = std::map<int, Image>;

  uint32_t WordByte() const { return 0xff000000 + static_cast<uint32_t>(births_); }
  bool OwnCache() const { return config_.volatile_drive_cache && !config_.power_loss_protection; }
  bool Ext4() const { return config_.file_system == FileSystemKind::kExt4; }
  Disk& Target() { return OwnCache() ? drive_ : medium_; }
  uint64_t Background() const;
  uint64_t Unsubmitted() const;
  Duration Transfer(uint64_t bytes) const;
  SimTime Start(Kind kind, int file, uint64_t bytes, SimTime now, const Choices& choices,
                About about);
  uint64_t SubmitAll(Inode& inode);
  SimTime NextTick(Duration period, SimTime now) const;
  void Journal(SimTime now);
  void ArmFlusher(SimTime now);
  void Wake(SimTime now);
  void Land(const Io& io, SimTime now);
  void Commit(SimTime now);
  void Barrier();
  void Finish(uint32_t ticket, SimTime now);
  void DropData(int file);
  Bytes Unsynced(int file, const Image& image) const;
  void AddUnsynced(int file, Image& image, const CrashDraw& draw) const;
  void Survive(int file, Image& image, const CrashDraw& draw) const;
  void Mount(SimTime now);

  StorageConfig config_;
  uint64_t host_;
  std::map<int, Inode> cache_;
  std::map<uint32_t, Io> io_;  // by ticket
  Disk drive_;
  Disk medium_;
  uint64_t births_ = 0;
  uint64_t available_ = 0;
  uint32_t next_ticket_ = 1;
  uint32_t slowdown_ = 1;
  SimTime booted_, device_free_, stalled_until_;
  SimTime flusher_at_ = Never<SimTime>();
  SimTime commit_at_ = Never<SimTime>();
  SimTime destage_at_ = Never<SimTime>();
};

}  // namespace sim

#endif  // TESTS_SIM_STORAGE_SLOW_REFERENCE_H_
