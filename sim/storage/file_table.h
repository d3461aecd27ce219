// sim/storage/file_table.h
//
// The files of a host by FileId: a dense table of those that exist or have existed, in the order of
// their ids, and an index of where each of them is.
//
// A host numbers its files by what they are for, so most numbers have never been a file; a fork
// copies this table, and a state's hash reads all of it.
//
// Invariants:  (1) entries are in the order of their ids, and never go one by one;
//              (2) the index has each of them once, by a hash of its id; at most half of it is
//              full.
// Complexity:  Find O(1). A first file of an id moves those behind it: O(files), and references
//              into the table end.
#ifndef SIM_STORAGE_FILE_TABLE_H_
#define SIM_STORAGE_FILE_TABLE_H_

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "sim/check.h"
#include "sim/ids.h"

namespace sim {

template <typename T>
class FileTable {
 public:
  struct Entry {
    T file;
    FileId id;
  };

  // What was never there is null.
  T* Find(FileId id) {
    if (index_.empty()) return nullptr;
    uint32_t at = PlaceOf(id);
    while (index_[at] != 0 && entries_[index_[at] - 1u].id != id) at = Next(at);
    return index_[at] == 0 ? nullptr : &entries_[index_[at] - 1u].file;
  }
  const T* Find(FileId id) const { return const_cast<FileTable*>(this)->Find(id); }
  // Makes an empty one if there was none.
  T& At(FileId id) {
    T* const found = Find(id);
    return found != nullptr ? *found : Insert(id);
  }

  uint32_t size() const { return static_cast<uint32_t>(entries_.size()); }
  // In the order of ids.
  Entry* begin() { return entries_.data(); }
  Entry* end() { return entries_.data() + entries_.size(); }
  const Entry* begin() const { return entries_.data(); }
  const Entry* end() const { return entries_.data() + entries_.size(); }

 private:
  static constexpr uint32_t kIndexMin = 8;

  // Ids come in runs: neighbours shall not meet.
  uint32_t PlaceOf(FileId id) const {
    return (id.value ^ id.value >> 6) & static_cast<uint32_t>(index_.size() - 1);
  }
  uint32_t Next(uint32_t at) const { return (at + 1) & static_cast<uint32_t>(index_.size() - 1); }

  [[gnu::noinline]] T& Insert(FileId id) {
    SIM_CHECK(id.exists());
    const auto behind = std::find_if(entries_.begin(), entries_.end(),
                                     [&](const Entry& entry) { return entry.id > id; });
    const auto at = entries_.insert(behind, {T{}, id});
    index_.assign(std::max<size_t>(kIndexMin, std::bit_ceil(2 * entries_.size())), 0);
    for (uint16_t slot = 0; slot < entries_.size(); ++slot) {
      uint32_t place = PlaceOf(entries_[slot].id);
      while (index_[place] != 0) place = Next(place);
      index_[place] = static_cast<uint16_t>(slot + 1);
    }
    return at->file;
  }

  std::vector<Entry> entries_;
  std::vector<uint16_t> index_;  // open addressing: entry + 1, or 0. None() is no file
};

}  // namespace sim

#endif  // SIM_STORAGE_FILE_TABLE_H_
