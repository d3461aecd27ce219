// sim/storage/crash_image.h
//
// What a mount finds after a crash: the one place where files are rounded to blocks and sectors.
//
// Models:      FC:C.4 as it was seen. ext4: data as far as written back, the size to the end of
//              what was appended in the last allocated block, zeros between (zero tail). XFS: a
//              prefix. Harsher, when switched on: hole, torn sector, missing name, old bytes behind
//              a truncation.
// Leaves out:  shorn writes inside a sector, stale garbage (ext4 data=writeback), renames without
//              fsync.
#ifndef SIM_STORAGE_CRASH_IMAGE_H_
#define SIM_STORAGE_CRASH_IMAGE_H_

#include <cstdint>

#include "sim/choice.h"
#include "sim/storage/config.h"
#include "sim/storage/disk.h"
#include "sim/storage/page_cache.h"
#include "sim/time.h"

namespace sim {

constexpr uint64_t kBlockBytes = 4096;
constexpr uint64_t kSectorBytes = 512;

// The end of the block that holds the byte before `end`; 0 for an empty file.
constexpr uint64_t EndOfBlock(uint64_t end) {
  return (end + kBlockBytes - 1) / kBlockBytes * kBlockBytes;
}

// No period of a kernel is longer: how long one has been up is uniform below this.
constexpr Duration kKernelAgeMax = Seconds(3600);

// Choices of a crash. Append only: the numbers are part of recorded overrides.
enum class CrashPurpose : uint32_t {
  kLanded = 1,       // an fsync under way: 0 it was done just in time, 1 it was not
  kMissingName = 2,  // 1: the name is gone
  kOldBytes = 3,     // 1: they are back
  kHoleEnd = 4,      // which page is the last that survived
  kHoleStart = 5,    // up to where pages are missing
  kTornEnd = 6,      // which sector is the last that survived
  kKernelAge = 7,    // how long the next kernel has been up: where its timers stand
};

// All that a crash may draw from: pure functions of seed, host, file and crash.
struct CrashDraw {
  const Choices& choices;
  uint64_t host = 0;  // the hash of its declared name
  About crash;

  uint64_t Below(CrashPurpose purpose, FileId file, uint64_t n) const {
    const uint64_t subject = Mix(host, file.value);
    const auto number = static_cast<uint32_t>(purpose);
    return choices.Below(MakeChoiceKey(ChoiceDomain::kCrashImage, number, subject, crash), n);
  }
};

// Turns one file of a disk into what a mount finds, given what the kernel held when it died.
// `kept`: how far the kernel's file agrees with the image, as the kernel knows it. Afterwards
// length == data_end, and nothing of the image waits for anything.
void CrashImage(FileId file, uint64_t kept, DiskState& disk, const PageCache& kernel,
                const StorageConfig& config, const CrashDraw& draw);

}  // namespace sim

#endif  // SIM_STORAGE_CRASH_IMAGE_H_
