// sim/choice.h
//
// Choices: every piece of chance in a run, as a pure function of the seed, the overrides and what
// the choice is *about*.
//
// There is no generator and no stream. A key names a domain (which part of the engine or model
// asks), a purpose, a subject (a declared name, hashed) and `About` (a message's uid and an
// attempt), so that dropping one message or adding a fault leaves every other choice as it was.
//
// Invariants:  (1) equal seed, overrides and key give an equal value, whoever asks and however
//              often; (2) an override replaces the value of exactly one key; (3) every choice has a
//              benign end, 0, to shrink toward: least latency, no fault.
// Complexity:  one multiply when there are no overrides; with some, one look at a 4096-bit filter,
//              and a binary search only for a key that hits it.
#ifndef SIM_CHOICE_H_
#define SIM_CHOICE_H_

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/hash.h"
#include "sim/time.h"

namespace sim {

// What a choice is about. `uid` is an identity that does not depend on what else happened (a
// message's uid, a declared name's hash); `attempt` counts how often the asker asked about that
// same subject, and restarts at 0 when the subject changes.
struct About {
  uint64_t uid = 0;
  uint32_t attempt = 0;

  friend constexpr auto operator<=>(const About&, const About&) = default;
};

// Who asks. Values are part of every recorded override: append only, never renumber.
enum class ChoiceDomain : uint8_t {
  kLinkLatency = 1,
  kTimer = 2,
  kMachine = 3,  // ctx.Choose: what the modelled system itself chooses
  kDisk = 4,
  kCrashImage = 5,
  kFault = 6,
  kClock = 7,
  kNetwork = 8,
  kScenario = 9,
};

using ChoiceKey = uint64_t;

constexpr ChoiceKey MakeChoiceKey(ChoiceDomain domain, uint32_t purpose, uint64_t subject,
                                  About about) {
  // A purpose may fill its 32 bits (a timer's tag does), so the domain is spread over all 64.
  const uint64_t head = static_cast<uint64_t>(domain) * kMix2 ^
                        (static_cast<uint64_t>(purpose) << 32 | about.attempt);
  return Mix(Mix(head, subject), about.uid);
}

struct ChoiceOverride {
  ChoiceKey key = 0;
  uint64_t value = 0;  // replaces the raw 64 bits; 0 is the benign end

  friend constexpr auto operator<=>(const ChoiceOverride&, const ChoiceOverride&) = default;
};

// One choice as it was made, for who records them (tests, search): key and raw value.
using ChoiceLog = std::vector<ChoiceOverride>;

class Choices {
 public:
  Choices() = default;
  // `overrides` in any order; of two with one key the last counts.
  explicit Choices(uint64_t seed, std::span<const ChoiceOverride> overrides = {});

  // 64 uniform bits. Everything else is made of this.
  uint64_t Raw(ChoiceKey key) const {
    if (!filter_.empty()) [[unlikely]] {
      const uint64_t slot = key >> 52;
      if ((filter_[slot >> 6] >> (slot & 63)) & 1) return RawSlowly(key);
    }
    return Mix(key, seed_);
  }
  // Uniform in [0, n); n > 0. A pure function of Raw, monotonic in it (so 0 stays benign).
  uint64_t Below(ChoiceKey key, uint64_t n) const {
    return static_cast<uint64_t>((static_cast<unsigned __int128>(Raw(key)) * n) >> 64);
  }
  // Uniform in [min, max], both ends included; min at the benign end.
  Duration Between(ChoiceKey key, Duration min, Duration max) const {
    if (max <= min) return min;
    return min +
           Duration{static_cast<int64_t>(Below(key, static_cast<uint64_t>(max.ns - min.ns) + 1))};
  }

  // The choices of another future: every key has that number in it, and no override applies. Equal
  // seeds and numbers give equal futures, whatever the overrides of the past were.
  Choices Future(uint64_t number) const;

  // From now on every choice that is asked for is appended to `log`, which the caller owns and
  // which outlives this; null: no longer. A copy (a fork) does not record.
  void Record(ChoiceLog* log);

  uint64_t seed() const { return seed_; }
  std::span<const ChoiceOverride> overrides() const { return overrides_; }
  friend bool operator==(const Choices& a, const Choices& b) {
    return a.seed_ == b.seed_ && a.overrides_ == b.overrides_;
  }
  friend void HashInto(StableHash& hash, const Choices& choices);

 private:
  struct Recorder {
    ChoiceLog* log = nullptr;
    Recorder() = default;
    Recorder(const Recorder&) {}
    Recorder& operator=(const Recorder&) { return log = nullptr, *this; }
  };

  void FillFilter();
  uint64_t RawSlowly(ChoiceKey key) const;

  uint64_t seed_ = 0;
  std::vector<ChoiceOverride> overrides_;  // sorted by key
  std::vector<uint64_t> filter_;  // empty without overrides, else 64 words; all ones to record
  Recorder recorder_;
};

}  // namespace sim

#endif  // SIM_CHOICE_H_
