// sim/notes/kind_set.h
//
// A set of kinds of notes, by number: as many as a System has.
#ifndef SIM_NOTES_KIND_SET_H_
#define SIM_NOTES_KIND_SET_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sim {

class KindSet {
 public:
  bool empty() const { return words_.empty(); }
  bool contains(uint16_t kind) const {
    const size_t word = kind / 64u;
    return word < words_.size() && ((words_[word] >> (kind % 64u)) & 1) != 0;
  }
  void Add(uint16_t kind) {
    const size_t word = kind / 64u;
    if (word >= words_.size()) words_.resize(word + 1);
    words_[word] |= uint64_t{1} << (kind % 64u);
  }
  void Clear() { words_.clear(); }

 private:
  std::vector<uint64_t> words_;  // the last one is not zero
};

}  // namespace sim

#endif  // SIM_NOTES_KIND_SET_H_
