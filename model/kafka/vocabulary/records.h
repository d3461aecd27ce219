// model/kafka/vocabulary/records.h
//
// Messages, batches as sent, and batches as written: append-only tables that everybody refers to by
// id.
//
// Invariants:  (1) nothing in a table ever changes, but Message::next while its batch is open, and
//              Message::partition while its send() is blocked;
//              (2) ids are indices, given in order; (3) a table's chain is a hash of all of it.
// Leaves out:  compression, headers, CRCs: a batch is intact if and only if all its bytes survived.
#ifndef MODEL_KAFKA_VOCABULARY_RECORDS_H_
#define MODEL_KAFKA_VOCABULARY_RECORDS_H_

#include <compare>
#include <cstdint>
#include <vector>

#include "model/kafka/vocabulary/ids.h"
#include "model/kafka/vocabulary/topic_setting.h"
#include "sim/check.h"
#include "sim/hash.h"
#include "sim/time.h"

namespace kafka {

// One record as an application handed it to send(). 16 bytes a message.
struct Message {
  uint32_t number =
      0;  // the n-th message of its producer, from 0; (producer, number) is its identity
  uint32_t key = 0;
  ProducerIndex producer;
  PartitionId partition;
  MessageId next;  // in its batch; none at the end

  friend constexpr auto operator<=>(const Message&, const Message&) = default;
};

// A batch as a producer sent it, 24 bytes. A retry is the same batch; an epoch bump makes a new one
// (KC:I-6).
struct Batch {
  MessageId first;
  uint32_t count = 0;
  uint32_t bytes = 0;
  int32_t producer_id = -1;  // -1: not idempotent
  int32_t base_sequence = -1;
  int16_t producer_epoch = -1;
  PartitionId partition;

  friend constexpr auto operator<=>(const Batch&, const Batch&) = default;
};

// A batch as a leader wrote it, 16 bytes: every fork copies all of them. Replicas that copy it
// refer to the same entry.
class Appended {
 public:
  constexpr Appended(Offset base, uint64_t position, BatchId of_batch, LeaderEpoch epoch)
      : batch(of_batch),
        base_(static_cast<uint32_t>(base.value)),
        place_(position << kEpochBits | static_cast<uint64_t>(epoch.value)) {
    SIM_CHECK(base.value >= 0 && base.value <= UINT32_MAX);
    SIM_CHECK(epoch.value >= 0 && epoch.value < (1 << kEpochBits));
    SIM_CHECK(position < (uint64_t{1} << (64 - kEpochBits)));
  }

  BatchId batch;

  constexpr Offset base() const { return {base_}; }
  // Bytes of all entries before it in this table: its address as a payload.
  constexpr uint64_t position() const { return place_ >> kEpochBits; }
  constexpr LeaderEpoch epoch() const {
    return {static_cast<int32_t>(place_ & ((1 << kEpochBits) - 1))};
  }

  friend constexpr bool operator==(const Appended&, const Appended&) = default;

 private:
  static constexpr uint32_t kEpochBits = 16;

  uint32_t base_;
  uint64_t place_;  // position | epoch
};
static_assert(sizeof(Batch) == 24 && sizeof(Appended) == 16);

// All that was ever written to one partition by any leader.
struct AppendedTable {
  std::vector<Appended> entries;
  uint64_t bytes = 0;  // position of the next entry
  uint64_t chain = 0;
};

// What a metadata record says (KB:C-30). A partition's record carries its whole new state.
struct MetadataRecord {
  enum class Kind : uint8_t {
    kRegister,
    kFence,
    kUnfence,
    kControlledShutdown,
    kPartition,
    kSetting  // of a topic, or of all that have none of their own
  };
  Kind kind{};
  BrokerId broker;  // not kPartition, not kSetting
  PartitionId partition;
  BrokerId leader;
  BrokerId last_known_leader;
  BrokerSet isr;
  BrokerSet elr;
  LeaderEpoch leader_epoch;
  PartitionEpoch partition_epoch;
  BrokerEpoch broker_epoch;  // kRegister
  // kSetting; without a topic it is the cluster's.
  TopicId topic;
  TopicSetting setting{};
  int64_t value = 0;

  friend constexpr auto operator<=>(const MetadataRecord&, const MetadataRecord&) = default;
};

struct Tables {
  std::vector<Message> messages;
  std::vector<Batch> batches;
  std::vector<AppendedTable> appended;  // by partition
  // The controller's log, as committed. A record's index is its metadata offset.
  std::vector<MetadataRecord> metadata;
  std::vector<uint64_t> names;  // by producer: its declared name, hashed. Constant, and in no chain
  uint64_t chain = 0;

  const Message& operator[](MessageId id) const { return messages[id.value]; }
  const Batch& operator[](BatchId id) const { return batches[id.value]; }
  const Appended& At(PartitionId partition, AppendedId id) const {
    return appended[partition.value].entries[id.value];
  }
  // Exclusive end offset of an entry.
  Offset EndOf(PartitionId partition, AppendedId id) const {
    const Appended& entry = At(partition, id);
    return entry.base() + RecordCount{batches[entry.batch.value].count};
  }
  // Whether the batch carries that message.
  bool Contains(BatchId batch, MessageId message) const {
    const Batch& whole = batches[batch.value];
    MessageId each = whole.first;
    for (uint32_t i = 0; i < whole.count && each.exists(); ++i) {
      if (each == message) return true;
      each = messages[each.value].next;
    }
    return false;
  }
  uint32_t BytesOf(PartitionId partition, AppendedId id) const {
    return batches[At(partition, id).batch.value].bytes;
  }

  MessageId Add(const Message& message) {
    chain = sim::Mix(chain, uint64_t{message.number} << 32 | message.key) ^ message.partition.value;
    messages.push_back(message);
    return {static_cast<uint32_t>(messages.size() - 1)};
  }
  // The message goes to that partition after all.
  void Place(MessageId id, PartitionId partition) {
    if (messages[id.value].partition == partition) return;
    chain = sim::Mix(chain, uint64_t{id.value} << 16 | partition.value);
    messages[id.value].partition = partition;
  }
  BatchId Add(const Batch& batch) {
    chain = sim::Mix(chain, uint64_t{batch.first.value} << 32 | batch.count) +
            static_cast<uint64_t>(batch.base_sequence);
    batches.push_back(batch);
    return {static_cast<uint32_t>(batches.size() - 1)};
  }
  AppendedId Add(PartitionId partition, Offset base, BatchId batch, LeaderEpoch epoch) {
    AppendedTable& table = appended[partition.value];
    table.chain = sim::Mix(table.chain ^ static_cast<uint64_t>(base.value),
                           uint64_t{batch.value} << 32 | static_cast<uint32_t>(epoch.value));
    table.entries.emplace_back(base, table.bytes, batch, epoch);
    table.bytes += batches[batch.value].bytes;
    return {static_cast<uint32_t>(table.entries.size() - 1)};
  }
};

inline void HashInto(sim::StableHash& hash, const AppendedTable& table) {
  const auto& [entries, bytes, chain] = table;
  hash(entries.size(), bytes, chain);
}
inline void HashInto(sim::StableHash& hash, const MetadataRecord& record) {
  const auto& [kind, broker, partition, leader, last_known_leader, isr, elr, leader_epoch,
               partition_epoch, broker_epoch, topic, setting, value] = record;
  hash(kind, broker, partition, leader, last_known_leader, isr, elr, leader_epoch, partition_epoch,
       broker_epoch);
  if (kind == MetadataRecord::Kind::kSetting) hash(topic, setting, value);
}
inline void HashInto(sim::StableHash& hash, const Tables& tables) {
  const auto& [messages, batches, appended, metadata, names, chain] = tables;
  static_cast<void>(names);
  hash(messages.size(), batches.size(), appended, metadata, chain);
}

}  // namespace kafka

#endif  // MODEL_KAFKA_VOCABULARY_RECORDS_H_
