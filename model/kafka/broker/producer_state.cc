// Idempotence: which batches a replica has seen of each producer.
#include "model/kafka/broker/producer_state.h"

#include <algorithm>

namespace kafka::broker {
namespace {

const ProducerEntry* Find(const std::vector<ProducerEntry>& producers, int32_t id) {
  for (const ProducerEntry& entry : producers) {
    if (entry.id == id) return &entry;
  }
  return nullptr;
}

}  // namespace

SequenceCheck CheckSequence(const std::vector<ProducerEntry>& producers, const Batch& batch) {
  if (batch.producer_id < 0) return {};
  const ProducerEntry* entry = Find(producers, batch.producer_id);
  if (entry == nullptr) return {};  // KB:P-33: any sequence is accepted of an unknown producer
  if (entry->epoch == batch.producer_epoch) {
    for (const CachedBatch& seen : entry->batches) {
      // KB:P-31: by exact range.
      if (seen.first_sequence == batch.base_sequence && seen.last_sequence == LastSequence(batch)) {
        return {.duplicate = true, .base = seen.base, .end = seen.end};
      }
    }
  }
  if (batch.producer_epoch < entry->epoch)
    return {.error = Error::kInvalidProducerEpoch};  // KB:P-28
  if (batch.producer_epoch != entry->epoch) {        // KB:P-29
    if (batch.base_sequence != 0) return {.error = Error::kOutOfOrderSequenceNumber};
    return {};
  }
  const int32_t last = entry->batches.empty() ? -1 : entry->batches.back().last_sequence;
  const bool next = int64_t{batch.base_sequence} == int64_t{last} + 1 ||
                    (batch.base_sequence == 0 && last == INT32_MAX);
  if (!next) return {.error = Error::kOutOfOrderSequenceNumber};
  return {};
}

void Remember(std::vector<ProducerEntry>& producers, const Batch& batch, Offset base) {
  if (batch.producer_id < 0) return;
  ProducerEntry* entry = const_cast<ProducerEntry*>(Find(producers, batch.producer_id));
  if (entry == nullptr) {
    producers.push_back({.id = batch.producer_id, .epoch = batch.producer_epoch, .batches = {}});
    entry = &producers.back();
  }
  if (entry->epoch != batch.producer_epoch) {
    entry->epoch = batch.producer_epoch;
    entry->batches.clear();
  }
  const CachedBatch seen{.first_sequence = batch.base_sequence,
                         .last_sequence = LastSequence(batch),
                         .base = base,
                         .end = base + RecordCount{batch.count}};
  auto& batches = entry->batches;
  if (batches.size() < batches.capacity()) return batches.push_back(seen);
  std::copy(batches.begin() + 1, batches.end(), batches.begin());
  batches.back() = seen;
}

void KeepNewestOnly(std::vector<ProducerEntry>& producers) {
  for (ProducerEntry& entry : producers) {
    while (entry.batches.size() > 1) entry.batches.erase_at(0);
  }
}

void Rebuild(std::vector<ProducerEntry>& producers, const Tables& tables, const Log& log,
             Offset snapshot) {
  producers.clear();
  bool below = true;
  for (const Run& run : log.runs) {
    for (uint32_t i = 0; i < run.count; ++i) {
      const Appended& entry = tables.At(log.partition, {run.first.value + i});
      if (below && entry.base() >= snapshot) {
        KeepNewestOnly(producers);
        below = false;
      }
      Remember(producers, tables[entry.batch], entry.base());
    }
  }
  if (below && log.end <= snapshot) KeepNewestOnly(producers);
}

void HashInto(sim::StableHash& hash, const CachedBatch& batch) {
  const auto& [first_sequence, last_sequence, base, end] = batch;
  hash(first_sequence, last_sequence, base, end);
}
void HashInto(sim::StableHash& hash, const ProducerEntry& entry) {
  const auto& [id, epoch, batches] = entry;
  hash(id, epoch, batches);
}

}  // namespace kafka::broker
