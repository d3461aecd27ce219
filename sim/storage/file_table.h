// sim/storage/file_table.h
//
// The files of a host by FileId: a dense table of those that exist or have existed, in the order of
// their ids, and where each of them is.
//
// A host numbers its files by what they are for, so most numbers have never been a file; a fork
// copies this table, and a state's hash reads all of it.
//
// Invariants:  (1) entries are in the order of their ids, and never go one by one;
//              (2) slots_[id] is the entry of that id plus one, or 0.
// Complexity:  Find O(1). A first file of an id moves those behind it: O(files), and references
//              into the table end.
#ifndef SIM_STORAGE_FILE_TABLE_H_
#define SIM_STORAGE_FILE_TABLE_H_

#include <algorithm>
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
    if (id.value >= slots_.size()) [[unlikely]]
      return nullptr;
    const uint32_t slot = slots_[id.value];
    return slot == 0 ? nullptr : &entries_.data()[slot - 1].file;
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
  [[gnu::noinline]] T& Insert(FileId id) {
    SIM_CHECK(id.exists());
    const auto behind = std::find_if(entries_.begin(), entries_.end(),
                                     [&](const Entry& entry) { return entry.id > id; });
    const auto at = entries_.insert(behind, {T{}, id});
    if (id.value >= slots_.size()) slots_.resize(id.value + 1u);
    for (auto moved = at; moved != entries_.end(); ++moved) {
      slots_[moved->id.value] = static_cast<uint16_t>(moved - entries_.begin() + 1);
    }
    return at->file;
  }

  std::vector<Entry> entries_;
  std::vector<uint16_t> slots_;  // by FileId; None() is no file, so 65,535 are enough
};

}  // namespace sim

#endif  // SIM_STORAGE_FILE_TABLE_H_
