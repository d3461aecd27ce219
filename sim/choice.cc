#include "sim/choice.h"

namespace sim {

Choices::Choices(uint64_t seed, std::span<const ChoiceOverride> overrides)
    : seed_(Mix(seed, kMix2)), overrides_(overrides.begin(), overrides.end()) {
  if (overrides_.empty()) return;
  const auto by_key = [](const ChoiceOverride& a, const ChoiceOverride& b) {
    return a.key < b.key;
  };
  std::stable_sort(overrides_.begin(), overrides_.end(), by_key);
  // Of equal keys the last counts: walk backwards and keep the first that is met.
  std::vector<ChoiceOverride> kept;
  for (auto it = overrides_.rbegin(); it != overrides_.rend(); ++it) {
    if (kept.empty() || kept.back().key != it->key) kept.push_back(*it);
  }
  std::reverse(kept.begin(), kept.end());
  overrides_ = std::move(kept);
  FillFilter();
}

// Raw is a hash of key and seed, so a number in the seed is a number in every key.
Choices Choices::Future(uint64_t number) const {
  Choices future;
  future.seed_ = Mix(Mix(seed_, kMix0), number);
  return future;
}

void Choices::FillFilter() {
  filter_.clear();
  if (overrides_.empty()) return;
  filter_.assign(64, 0);
  for (const ChoiceOverride& choice : overrides_) {
    const uint64_t slot = choice.key >> 52;
    filter_[slot >> 6] |= uint64_t{1} << (slot & 63);
  }
}

void Choices::Record(ChoiceLog* log) {
  recorder_.log = log;
  FillFilter();
  if (log != nullptr) filter_.assign(64, ~uint64_t{0});
}

uint64_t Choices::RawSlowly(ChoiceKey key) const {
  const auto it =
      std::lower_bound(overrides_.begin(), overrides_.end(), key,
                       [](const ChoiceOverride& choice, ChoiceKey k) { return choice.key < k; });
  const bool found = it != overrides_.end() && it->key == key;
  const uint64_t value = found ? it->value : Mix(key, seed_);
  if (recorder_.log != nullptr) recorder_.log->push_back({key, value});
  return value;
}

void HashInto(StableHash& hash, const Choices& choices) {
  const auto& [seed, overrides, filter, recorder] = choices;
  static_cast<void>(filter);    // follows from the overrides
  static_cast<void>(recorder);  // listens, and changes nothing
  hash(seed);
  for (const auto& [key, value] : overrides) hash(key, value);
}

}  // namespace sim
