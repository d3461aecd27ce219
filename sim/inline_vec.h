// sim/inline_vec.h
//
// A vector of at most N plain elements that lives inside its owner: no allocation, copied with it.
//
// Invariants:  elements beyond size() are value-initialised, so that whole-object comparison and
//              bytes agree with the elements.
#ifndef SIM_INLINE_VEC_H_
#define SIM_INLINE_VEC_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>

#include "sim/check.h"
#include "sim/hash.h"

namespace sim {

template <typename T, uint32_t N>
class InlineVec {
 public:
  constexpr InlineVec() = default;
  constexpr InlineVec(std::initializer_list<T> values) {
    for (const T& value : values) push_back(value);
  }

  constexpr uint32_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  static constexpr uint32_t capacity() { return N; }
  constexpr T* begin() { return items_.data(); }
  constexpr T* end() { return items_.data() + size_; }
  constexpr const T* begin() const { return items_.data(); }
  constexpr const T* end() const { return items_.data() + size_; }
  constexpr const T* data() const { return items_.data(); }
  constexpr T& operator[](uint32_t i) { return items_[i]; }
  constexpr const T& operator[](uint32_t i) const { return items_[i]; }
  constexpr T& front() { return items_[0]; }
  constexpr const T& front() const { return items_[0]; }
  constexpr T& back() { return items_[size_ - 1]; }
  constexpr const T& back() const { return items_[size_ - 1]; }

  constexpr void push_back(const T& value) {
    SIM_CHECK(size_ < N);
    items_[size_++] = value;
  }
  constexpr void pop_back() { items_[--size_] = T{}; }
  constexpr void clear() {
    while (size_ > 0) pop_back();
  }
  constexpr void insert_at(uint32_t index, const T& value) {
    SIM_CHECK(size_ < N && index <= size_);
    std::copy_backward(begin() + index, end(), end() + 1);
    items_[index] = value;
    ++size_;
  }
  // Keeps the order of what stays.
  constexpr void erase_at(uint32_t index) {
    std::copy(begin() + index + 1, end(), begin() + index);
    pop_back();
  }
  constexpr bool contains(const T& value) const {
    return std::find(begin(), end(), value) != end();
  }

  friend constexpr bool operator==(const InlineVec& a, const InlineVec& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }
  friend constexpr void HashInto(StableHash& hash, const InlineVec& vec) {
    const auto& [items, size] = vec;
    static_cast<void>(items);  // beyond its size there is nothing
    hash(size);
    for (const T& item : vec) hash(item);
  }

 private:
  std::array<T, N> items_{};
  uint32_t size_ = 0;
};

}  // namespace sim

#endif  // SIM_INLINE_VEC_H_
