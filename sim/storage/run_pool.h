// sim/storage/run_pool.h
//
// Many short lists of plain values in one vector, so that a whole file system copies as a few
// blocks of memory and a list that grows or goes does not allocate in steady state.
//
// Invariants:  a run's capacity is a power of two, or 0; runs do not overlap; a released run waits
//              in `free_` for the next one of its capacity.
// Note:        where a run lies is an accident of history. Compare and hash View(), never the pool.
#ifndef SIM_STORAGE_RUN_POOL_H_
#define SIM_STORAGE_RUN_POOL_H_

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace sim {

// One list. Owned by whoever holds it, and meaningful only with the pool that made it.
struct Run {
  uint32_t begin = 0;
  uint32_t count = 0;
  uint32_t capacity = 0;
};

template <typename T>
class RunPool {
 public:
  // Valid until the next PushBack or Assign.
  std::span<const T> View(const Run& run) const { return {slots_.data() + run.begin, run.count}; }
  // Required: the run is not empty.
  T& Last(const Run& run) { return slots_[run.begin + run.count - 1]; }

  void PushBack(Run& run, const T& value) {
    if (run.count == run.capacity) Grow(run, run.count + 1);
    slots_[run.begin + run.count++] = value;
  }
  // Required: `values` do not lie in this pool.
  void Assign(Run& run, std::span<const T> values) {
    const auto count = static_cast<uint32_t>(values.size());
    run.count = 0;
    if (count > run.capacity) Grow(run, count);
    std::copy(values.begin(), values.end(), slots_.begin() + run.begin);
    run.count = count;
  }
  void Shorten(Run& run, uint32_t count) { run.count = std::min(run.count, count); }
  void Release(Run& run) {
    if (run.capacity > 0) free_.push_back(run);
    run = {};
  }

 private:
  void Grow(Run& run, uint32_t count) {
    Run larger = Take(std::bit_ceil(count));
    std::copy_n(slots_.begin() + run.begin, run.count, slots_.begin() + larger.begin);
    larger.count = run.count;
    Release(run);
    run = larger;
  }
  Run Take(uint32_t capacity) {
    for (Run& spare : free_) {
      if (spare.capacity != capacity) continue;
      const Run taken{.begin = spare.begin, .count = 0, .capacity = capacity};
      spare = free_.back();
      free_.pop_back();
      return taken;
    }
    const auto begin = static_cast<uint32_t>(slots_.size());
    slots_.resize(slots_.size() + capacity);
    return {.begin = begin, .count = 0, .capacity = capacity};
  }

  std::vector<T> slots_;
  std::vector<Run> free_;
};

}  // namespace sim

#endif  // SIM_STORAGE_RUN_POOL_H_
