// model/kafka/broker/producer_state.h
//
// What one replica knows of the idempotent producers that wrote to it.
//
// Survives:    nothing as such: it is what the log's own prefix says (KB:P-37), but for the
// snapshots
//              that shrink it (KB:P-40).
// Invariants:  at most five batches a producer, newest last.
// Leaves out:  transactions, expiry after 24 h (KB:P-45).
#ifndef MODEL_KAFKA_BROKER_PRODUCER_STATE_H_
#define MODEL_KAFKA_BROKER_PRODUCER_STATE_H_

#include <cstdint>
#include <vector>

#include "model/kafka/log/log.h"
#include "model/vocabulary/errors.h"
#include "model/vocabulary/records.h"
#include "sim/inline_vec.h"

namespace kafka::broker {

struct CachedBatch {
  int32_t first_sequence = 0;
  int32_t last_sequence = 0;
  Offset base;
  Offset end;
  friend bool operator==(const CachedBatch&, const CachedBatch&) = default;
};

struct ProducerEntry {
  int32_t id = -1;
  int16_t epoch = -1;
  sim::InlineVec<CachedBatch, 5> batches;
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
void HashInto(sim::StableHash& hash, const ProducerEntry& entry);

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_PRODUCER_STATE_H_
