// sim/storage/page_cache.h
//
// A host's kernel as far as files are concerned: bytes that processes have written and the drive
// may not have yet, the journal's running transaction, and what is on its way to the drive.
//
// Survives:    the death of any process on the host.
// Lost:        with the kernel (panic, power).
// Invariants:  (1) durable_end <= committed_end <= written_end <= submitted_end <= length, per
//              file; (2) dirty_bytes == sum of length - written_end, unsubmitted_bytes == sum of
//              length - submitted_end; (3) dirty_since is set exactly while submitted_end < length.
// Models:      write-back by age, by dirty ratio, by memory pressure and by fsync; delayed
//              allocation; the journal -- docs/models/page_cache.md, FC:C.2, FC:C.4.
// Leaves out:  overwriting in place, preallocation, mmap, read-ahead, eviction, time stamps.
#ifndef SIM_STORAGE_PAGE_CACHE_H_
#define SIM_STORAGE_PAGE_CACHE_H_

#include <cstdint>
#include <vector>

#include "sim/hash.h"
#include "sim/ids.h"
#include "sim/storage/extent.h"
#include "sim/storage/file_table.h"
#include "sim/storage/run_pool.h"
#include "sim/time.h"

namespace sim {

struct CachedFile {
  bool exists = false;
  bool is_words = false;        // content is `words`, length 8 bytes a word
  bool in_transaction = false;  // name, size or blocks changed since the last commit
  bool name_synced = false;     // by an fsync of the directory
  bool cut = false;             // truncated, and not fsynced since
  uint64_t length = 0;
  uint64_t submitted_end = 0;  // on its way to the drive, or there
  uint64_t written_end = 0;    // on the drive, in blocks that a commit makes visible
  uint64_t committed_end =
      0;                     // a commit has made it visible; still true of what the file holds now
  uint64_t durable_end = 0;  // ... and it has left the drive's own cache
  uint64_t allocated_end =
      0;  // end of the last allocated block (ext4); an append below it moves the size
  SimTime dirty_since = Never<SimTime>();
  Run extents;
  Run words;
};

enum class IoKind : uint8_t { kWriteBack, kFlush, kDirectoryFlush, kReplace };

// Something on its way to the drive.
struct PendingIo {
  uint32_t id = 0;
  IoKind kind{};
  FileId file;
  uint64_t end = 0;  // the file's bytes below this go
  SimTime done;
  Run words;  // kReplace: the new content
};

struct PageCache {
  FileTable<CachedFile> files;
  std::vector<PendingIo> pending;
  RunPool<Extent> extents;
  RunPool<uint64_t> words;
  uint64_t dirty_bytes = 0;
  uint64_t unsubmitted_bytes = 0;
  uint64_t available_bytes = 0;           // to the page cache; the limits are shares of it
  SimTime mounted;                        // flusher and journal wake up on grids that start here
  SimTime flusher_at = Never<SimTime>();  // armed while something is dirty
  SimTime commit_at = Never<SimTime>();   // armed while a transaction runs
};

bool operator==(const PageCache& a, const PageCache& b);
void HashInto(StableHash& hash, const PageCache& cache);

}  // namespace sim

#endif  // SIM_STORAGE_PAGE_CACHE_H_
