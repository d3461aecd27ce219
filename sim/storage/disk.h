// sim/storage/disk.h
//
// What a drive holds of a file system: files by name, with the sizes that the journal has committed
// and the data that were written back. One value for the medium, one for the drive's own cache.
//
// Survives:    DiskState as medium: everything but the loss of the disk. As the drive's cache: a
//              panic.
// Invariants:  data end <= committed length + the unwritten rest of a block; nothing here is
//              rounded, a zero tail is made by CrashImage alone.
// Leaves out:  where blocks lie, checksums of metadata, bit rot, lost and misdirected writes.
#ifndef SIM_STORAGE_DISK_H_
#define SIM_STORAGE_DISK_H_

#include <cstdint>
#include <span>

#include "sim/hash.h"
#include "sim/ids.h"
#include "sim/storage/extent.h"
#include "sim/storage/file_table.h"
#include "sim/storage/run_pool.h"

namespace sim {

// One file as a mount after a crash would find it.
struct FileImage {
  bool named = false;  // the name is in the directory
  bool name_synced =
      false;              // by an fsync of the directory; counts in the mode `missing_name` alone
  uint64_t length = 0;    // of the file when the journal committed it
  uint64_t data_end = 0;  // data as far as written back; the rest up to the size is zeros
  Run extents;            // [0, data_end)
  Run words;              // a small file: its content
  Run stale;              // unordered metadata: content before truncations that were not fsynced
};

struct DiskState {
  FileTable<FileImage> files;
  RunPool<Extent> extents;
  RunPool<uint64_t> words;
};

bool operator==(const DiskState& a, const DiskState& b);
void HashInto(StableHash& hash, const DiskState& disk);

}  // namespace sim

#endif  // SIM_STORAGE_DISK_H_
