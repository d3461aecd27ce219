// Idempotence: which batches a replica has seen of each producer.
#include "model/kafka/broker/requests/producer_state.h"

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
    // KB:P-31: by exact range.
    const CachedBatch* seen = entry->batches.Find(batch.base_sequence, LastSequence(batch));
    if (seen != nullptr) return {.duplicate = true, .base = seen->base, .end = seen->end};
  }
  if (batch.producer_epoch < entry->epoch)
    return {.error = Error::kInvalidProducerEpoch};  // KB:P-28
  if (batch.producer_epoch != entry->epoch) {        // KB:P-29
    if (batch.base_sequence != 0) return {.error = Error::kOutOfOrderSequenceNumber};
    return {};
  }
  const int32_t last = entry->batches.empty() ? -1 : entry->batches.newest().last_sequence;
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
    entry->batches.Keep(0);
  }
  entry->batches.Add({.first_sequence = batch.base_sequence,
                      .last_sequence = LastSequence(batch),
                      .base = base,
                      .end = base + RecordCount{batch.count}});
}

void KeepNewestOnly(std::vector<ProducerEntry>& producers) {
  for (ProducerEntry& entry : producers) entry.batches.Keep(1);
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
void HashInto(sim::StableHash& hash, const RecentBatches& batches) {
  hash(batches.size());
  for (uint32_t i = 0; i < batches.size(); ++i) hash(batches[i]);
}
void HashInto(sim::StableHash& hash, const ProducerEntry& entry) {
  const auto& [id, epoch, batches] = entry;
  hash(id, epoch, batches);
}

}  // namespace kafka::broker
