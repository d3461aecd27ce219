// sim/id_map.h
//
// A dense map from small ids to values: an inline array of N, with a check that names N.
#ifndef SIM_ID_MAP_H_
#define SIM_ID_MAP_H_

#include <array>
#include <cstdint>

#include "sim/check.h"
#include "sim/hash.h"

namespace sim {

// Every id below N has a value from the start (`T{}`); there is no "absent". Use a field of T for
// that.
template <typename Key, typename T, uint32_t N>
class IdMap {
 public:
  constexpr T& operator[](Key key) {
    SIM_CHECK(key.value < N);
    return values_[key.value];
  }
  constexpr const T& operator[](Key key) const {
    SIM_CHECK(key.value < N);
    return values_[key.value];
  }
  static constexpr uint32_t capacity() { return N; }
  constexpr T* begin() { return values_.data(); }
  constexpr T* end() { return values_.data() + N; }
  constexpr const T* begin() const { return values_.data(); }
  constexpr const T* end() const { return values_.data() + N; }

  friend constexpr bool operator==(const IdMap&, const IdMap&) = default;
  friend constexpr void HashInto(StableHash& hash, const IdMap& map) {
    const auto& [values] = map;
    for (const T& value : values) hash(value);
  }

 private:
  std::array<T, N> values_{};
};

}  // namespace sim

#endif  // SIM_ID_MAP_H_
