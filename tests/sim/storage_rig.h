// tests/sim/storage_rig.h
//
// One host's files under a clock, for tests that tell a story: append, wait, crash, look.
#ifndef TESTS_SIM_STORAGE_RIG_H_
#define TESTS_SIM_STORAGE_RIG_H_

#include <algorithm>
#include <cstdint>
#include <ostream>
#include <vector>

#include "sim/choice.h"
#include "sim/storage/host_storage.h"
#include "sim/time.h"

namespace sim {

constexpr FileId kLog{0}, kOther{1}, kCheckpoint{2};

inline void PrintTo(const StorageReport& report, std::ostream* out) {
  static constexpr const char* kWords[] = {"written back", "committed", "flushed",   "lost tail",
                                           "zero tail",    "hole",      "torn",      "old bytes",
                                           "name lost",    "name back", "on medium", "on drive"};
  *out << "file " << report.file.value << ' ' << kWords[static_cast<int>(report.kind)] << " ["
       << report.from << ", " << report.to << ')';
}

inline void PrintTo(Duration duration, std::ostream* out) {
  *out << duration.ns / 1'000'000 << " ms";
}

inline void PrintTo(const Extent& extent, std::ostream* out) {
  *out << '[' << extent.from << ", " << extent.to << ") = ";
  if (extent.source == kZeros) {
    *out << "zeros";
  } else {
    *out << "stream " << extent.source << " from " << extent.source_from;
  }
}

// Wakes the storage whenever it asks for it, as the World does.
class StorageRig {
 public:
  explicit StorageRig(const StorageConfig& config = {}, uint64_t seed = 1)
      : storage(config, HashName("host")), choices(seed) {}

  void RunTo(SimTime until) {
    while (storage.NextWakeup() <= until) {
      now = std::max(now, storage.NextWakeup());
      storage.OnWakeup(now, reports);
    }
    now = std::max(now, until);
  }
  void Wait(Duration duration) { RunTo(now + duration); }

  // The file's bytes are the bytes of stream 100 + file at the same position.
  Duration Append(FileId file, uint64_t bytes) {
    const uint64_t end = storage.Length(file);
    return storage.Write(file, end, bytes, 100 + file.value, end, now);
  }
  // Appends `bytes` every `gap` until `until`; the first at once.
  void AppendUntil(SimTime until, FileId file, uint64_t bytes, Duration gap) {
    for (; now < until; Wait(std::min(gap, until - now))) Append(file, bytes);
  }
  // fsync, and waits for it.
  Duration Flush(FileId file) {
    return Await(storage.StartFlush(file, now, choices, {.uid = ++asked_}));
  }
  Duration FlushDirectory() {
    return Await(storage.StartDirectoryFlush(now, choices, {.uid = ++asked_}));
  }
  Duration Replace(FileId file, std::vector<uint64_t> words) {
    return Await(storage.ReplaceAtomically(file, words, now, choices, {.uid = ++asked_}));
  }
  Duration Await(const FlushTicket& ticket) {
    const SimTime start = now;
    RunTo(ticket.done);
    for (;;) {
      const FlushProgress progress = storage.FinishFlush(ticket.id, now, reports);
      if (progress.finished) return now - start;
      RunTo(progress.again);
    }
  }
  void PowerLoss() { storage.PowerLoss(now, choices, {.uid = 1, .attempt = ++crashes_}, reports); }
  void Panic() { storage.Panic(now, choices, {.uid = 1, .attempt = ++crashes_}, reports); }

  // Bytes of the file before the first zero that nobody wrote.
  uint64_t DataEnd(FileId file) const {
    uint64_t end = 0;
    for (const Extent& extent : storage.Read(file)) {
      if (extent.source == kZeros) break;
      end = extent.to;
    }
    return end;
  }
  bool Reported(FileId file, StorageReportKind kind, uint64_t from, uint64_t to) const {
    return std::ranges::count(reports, StorageReport{file, kind, from, to}) > 0;
  }

  HostStorage storage;
  Choices choices;
  SimTime now;
  StorageReports reports;

 private:
  uint64_t asked_ = 0;
  uint32_t crashes_ = 0;
};

}  // namespace sim

#endif  // TESTS_SIM_STORAGE_RIG_H_
