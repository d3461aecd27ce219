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
  filter_.assign(64, 0);
  for (const ChoiceOverride& choice : overrides_) {
    const uint64_t slot = choice.key >> 52;
    filter_[slot >> 6] |= uint64_t{1} << (slot & 63);
  }
}

uint64_t Choices::RawOverridden(ChoiceKey key) const {
  const auto it =
      std::lower_bound(overrides_.begin(), overrides_.end(), key,
                       [](const ChoiceOverride& choice, ChoiceKey k) { return choice.key < k; });
  if (it != overrides_.end() && it->key == key) return it->value;
  return Mix(key, seed_);
}

void HashInto(StableHash& hash, const Choices& choices) {
  hash(choices.seed());
  for (const ChoiceOverride& choice : choices.overrides()) hash(choice.key, choice.value);
}

}  // namespace sim
