// sim/hash.h
//
// Hashes that are the same on every compiler and machine: the mixing function behind every choice
// and every digest, and the field-by-field hash of a state.
//
// Leaves out:  resistance to an adversary. Nothing here is cryptographic.
#ifndef SIM_HASH_H_
#define SIM_HASH_H_

#include <compare>
#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace sim {

// 64 x 64 -> 128 multiply, folded. The one primitive that everything below is made of.
constexpr uint64_t MulFold(uint64_t a, uint64_t b) {
  const unsigned __int128 product = static_cast<unsigned __int128>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

constexpr uint64_t kMix0 = 0x9e3779b97f4a7c15;
constexpr uint64_t kMix1 = 0xbf58476d1ce4e5b9;
constexpr uint64_t kMix2 = 0x94d049bb133111eb;

constexpr uint64_t Mix(uint64_t a, uint64_t b) { return MulFold(a ^ kMix0, b ^ kMix1); }

// For declared names, which are hashed into choice keys (never numbered).
constexpr uint64_t HashName(std::string_view name) {
  uint64_t hash = kMix2;
  for (const char c : name) hash = MulFold(hash ^ static_cast<uint8_t>(c), kMix0);
  return Mix(hash, name.size());
}

struct Digest128 {
  uint64_t high = 0;
  uint64_t low = 0;
  friend constexpr auto operator<=>(const Digest128&, const Digest128&) = default;
};

// Hashes a state field by field. A state struct offers `HashInto(StableHash&, const T&)`, found by
// argument-dependent lookup, and destructures itself there, so that a new field breaks the build.
class StableHash {
 public:
  template <typename... Fields>
  constexpr void operator()(const Fields&... fields) {
    (Add(fields), ...);
  }
  constexpr uint64_t value() const { return Mix(Mix(next_, last_), count_); }

 private:
  template <typename T>
  constexpr void Add(const T& field) {
    if constexpr (std::is_enum_v<T> || std::integral<T>) {
      ++count_;
      const uint64_t hashed = MulFold(next_ ^ static_cast<uint64_t>(field), kMix2 + count_);
      next_ = last_;
      last_ = hashed;
    } else if constexpr (requires { HashInto(*this, field); }) {
      HashInto(*this, field);
    } else if constexpr (requires { field.ns; }) {
      Add(field.ns);
    } else if constexpr (requires { field.value; }) {
      Add(field.value);
    } else {
      Add(static_cast<uint64_t>(field.size()));
      for (const auto& element : field) Add(element);
    }
  }

  // Two chains that take turns: a multiplication need not wait for the one before it.
  uint64_t next_ = kMix1;
  uint64_t last_ = kMix0;
  uint64_t count_ = 0;
};

}  // namespace sim

#endif  // SIM_HASH_H_
