// sim/storage/config.h
//
// What a host's file system and drive are: kernel settings, figures of the device, and which crash
// states are allowed.
//
// Models:      the knobs of FC:C.2 with their defaults, the crash states of FC:C.4, the latencies
//              of FC:C.8 -- docs/models/page_cache.md.
// Leaves out:  errors. An fsync that fails once, ENOSPC, EIO and the states of a rename that was
//              not synced get their settings here when they come (FC:C.5, FC:C.6).
#ifndef SIM_STORAGE_CONFIG_H_
#define SIM_STORAGE_CONFIG_H_

#include <cstdint>

#include "sim/hash.h"
#include "sim/inline_vec.h"
#include "sim/time.h"

namespace sim {

enum class FileSystemKind : uint8_t {
  kExt4 = 0,  // delayed allocation, data=ordered: sizes move when blocks are allocated, zero tail
  kXfs = 1,   // the size is raised when the data are on the drive; the log is forced every 30 s
};

// A distribution as equally likely quantiles, lowest first, with straight lines between them.
struct LatencyTable {
  InlineVec<Duration, 12> quantiles;

  // `raw`: 64 uniform bits; 0 gives the lowest. Monotonic, so 0 stays the benign end.
  Duration At(uint64_t raw) const;
  friend bool operator==(const LatencyTable&, const LatencyTable&) = default;
};

// FC:C.8 and what was seen beside a broker: an fsync takes 0.7 to 30 ms, mostly near the low end.
LatencyTable DefaultFlushLatency();

struct StorageConfig {
  FileSystemKind file_system = FileSystemKind::kExt4;
  Duration dirty_expire = Seconds(30);  // an inode dirty for longer is written back
  Duration dirty_writeback =
      Seconds(5);  // wake-up interval of the flusher; 0: no periodic write-back
  Duration journal_commit = Seconds(5);  // ext4 `commit=`; XFS: interval of the log force

  uint64_t memory_bytes = 16ull << 30;   // available to the page cache
  uint64_t dirty_background_bytes = 0;   // the flusher starts; 0: 10 % of what is available
  uint64_t dirty_limit_bytes = 0;        // the writer is held back; 0: 20 % of what is available
  uint64_t low_memory_bytes = 64 << 20;  // with less available, everything dirty is written at once

  Duration write_latency = Microseconds(3);  // of a buffered write; for the caller, not used here
  LatencyTable flush_latency = DefaultFlushLatency();
  uint64_t bandwidth_bytes_per_s = 500'000'000;

  bool volatile_drive_cache = false;
  bool power_loss_protection = false;          // capacitors: the drive's cache outlives the power
  bool barriers = true;                        // false: flush commands do not reach the drive
  Duration drive_destage = Milliseconds(700);  // how long a drive may keep bytes to itself (FC:C.7)

  // Crash states that are harsher than what ext4 and XFS were seen to do (FC:C.4).
  bool hole = false;             // a later page survives, an earlier one does not
  bool torn_sector = false;      // unsynced bytes survive up to any sector
  bool missing_name = false;     // a new name needs an fsync of its directory
  bool ordered_metadata = true;  // false: old bytes may come back behind a truncation (KB:S-45)

  friend bool operator==(const StorageConfig&, const StorageConfig&) = default;
};

// The defaults of a file system. XFS forces its log every 30 s.
StorageConfig DefaultStorage(FileSystemKind file_system);

void HashInto(StableHash& hash, const LatencyTable& table);
void HashInto(StableHash& hash, const StorageConfig& config);

}  // namespace sim

#endif  // SIM_STORAGE_CONFIG_H_
