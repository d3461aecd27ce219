// model/kafka/broker/requests/producer_state.h
//
// What one replica knows of the idempotent producers that wrote to it.
//
// Survives:    nothing as such: it is what the log's own prefix says (KB:P-37), but for the
//              snapshots that shrink it (KB:P-40).
// Invariants:  at most five batches a producer, newest last.
// Leaves out:  transactions, expiry after 24 h (KB:P-45).
#ifndef MODEL_KAFKA_BROKER_REQUESTS_PRODUCER_STATE_H_
#define MODEL_KAFKA_BROKER_REQUESTS_PRODUCER_STATE_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "model/kafka/log/log.h"
#include "model/kafka/vocabulary/errors.h"
#include "model/kafka/vocabulary/records.h"
#include "sim/hash.h"

namespace kafka::broker {

struct CachedBatch {
  int32_t first_sequence = 0;
  int32_t last_sequence = 0;
  Offset base;
  Offset end;
  friend bool operator==(const CachedBatch&, const CachedBatch&) = default;
};

// The newest five, as a ring: each batch that is written takes the place of the oldest.
class RecentBatches {
 public:
  static constexpr uint32_t kMax = 5;

  uint32_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  // From the oldest, 0, to the newest.
  const CachedBatch& operator[](uint32_t i) const {
    const uint32_t at = Oldest() + i;
    return ring_[at < kMax ? at : at - kMax];
  }
  const CachedBatch& newest() const { return ring_[next_ == 0 ? kMax - 1 : next_ - 1]; }
  // The oldest with exactly these sequences; null: none, as it mostly is, which any order tells.
  const CachedBatch* Find(int32_t first_sequence, int32_t last_sequence) const {
    bool any = false;
    for (const CachedBatch& batch : ring_) any |= batch.first_sequence == first_sequence;
    if (!any) return nullptr;
    for (uint32_t i = 0; i < count_; ++i) {
      const CachedBatch& batch = (*this)[i];
      if (batch.first_sequence == first_sequence && batch.last_sequence == last_sequence) {
        return &batch;
      }
    }
    return nullptr;
  }
  void Add(const CachedBatch& batch) {
    ring_[next_] = batch;
    next_ = After(next_);
    if (count_ < kMax) ++count_;
  }
  // Forgets all but the newest `count`.
  void Keep(uint32_t count) { count_ = std::min(count_, count); }

  friend bool operator==(const RecentBatches& a, const RecentBatches& b) {
    if (a.count_ != b.count_) return false;
    for (uint32_t i = 0; i < a.count_; ++i) {
      if (!(a[i] == b[i])) return false;
    }
    return true;
  }

 private:
  static constexpr uint32_t After(uint32_t at) { return at + 1 < kMax ? at + 1 : 0; }
  uint32_t Oldest() const { return next_ < count_ ? next_ + kMax - count_ : next_ - count_; }

  std::array<CachedBatch, kMax> ring_{};
  uint32_t count_ = 0;
  uint32_t next_ = 0;  // where the next one goes
};

struct ProducerEntry {
  int32_t id = -1;
  int16_t epoch = -1;
  RecentBatches batches;
  friend bool operator==(const ProducerEntry&, const ProducerEntry&) = default;
};

// The verdict on a client's batch (KB:P-26..P-29).
struct SequenceCheck {
  Error error = Error::kNone;
  bool duplicate = false;
  Offset base = Offset::Unknown();  // of the original, if it is one
  Offset end = Offset::Unknown();
};
SequenceCheck CheckSequence(const std::vector<ProducerEntry>& producers, const Batch& batch);

// A batch was written at `base` (KB:P-30); of followers and replays too, without any rejection
// (KB:P-36).
void Remember(std::vector<ProducerEntry>& producers, const Batch& batch, Offset base);

// What a snapshot stores: the newest batch alone (KB:P-40).
void KeepNewestOnly(std::vector<ProducerEntry>& producers);

// The state that the log implies: a snapshot at `snapshot`, and all batches from there on replayed
// (KB:P-43).
void Rebuild(std::vector<ProducerEntry>& producers, const Tables& tables, const Log& log,
             Offset snapshot);

// KB:P-35: sequences wrap from INT32_MAX to 0.
constexpr int32_t LastSequence(const Batch& batch) {
  return static_cast<int32_t>((int64_t{batch.base_sequence} + batch.count - 1) & INT32_MAX);
}

void HashInto(sim::StableHash& hash, const CachedBatch& batch);
void HashInto(sim::StableHash& hash, const RecentBatches& batches);
void HashInto(sim::StableHash& hash, const ProducerEntry& entry);

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_REQUESTS_PRODUCER_STATE_H_
