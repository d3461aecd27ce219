// model/kafka/ledger/history.h
//
// What is kept of a run's rare events, for the promise: who was elected and how, who began to lead,
// and what was lost where.
//
// Complexity:  grows with elections, truncations and crashes, never with messages or time.
#ifndef MODEL_KAFKA_LEDGER_HISTORY_H_
#define MODEL_KAFKA_LEDGER_HISTORY_H_

#include <cstdint>
#include <vector>

#include "model/kafka/ledger/facts.h"
#include "model/kafka/ledger/shadow_log.h"
#include "model/kafka/notes.h"
#include "model/kafka/vocabulary/ids.h"

namespace kafka::ledger {

// Made leader without being known to hold all that is committed.
constexpr bool IsUnclean(kafka::Election how) {
  return kafka::IsWishedUnclean(how) || how == kafka::Election::kLastKnownLeader;
}

// The controller's record of a partition, and when it was written.
struct PartitionRecord {
  kafka::PartitionId partition;
  kafka::BrokerId leader;
  kafka::BrokerId last_known_leader;
  kafka::Election how{};
  kafka::LeaderEpoch leader_epoch;
  int32_t partition_epoch = 0;
  kafka::BrokerSet isr;
  kafka::BrokerSet elr;
  int16_t min_isr = 1;
  Moment at;

  // Whom the controller could elect: R(t) of docs/promise.md.
  constexpr kafka::BrokerSet eligible() const { return isr | elr; }
  friend constexpr bool operator==(const PartitionRecord&, const PartitionRecord&) = default;
};

// A broker became the leader, and knows it: from here on its log is the partition's. A leader that was named
// while it was dark never does.
struct Installation {
  kafka::PartitionId partition;
  kafka::BrokerId leader;
  kafka::LeaderEpoch epoch;
  uint32_t table_size = 0;      // entries that anybody had said to have written by then
  uint32_t snapshot_first = 0;  // in Ledger::snapshots: what each replica held then
  uint32_t snapshot_count = 0;
  Moment at;

  friend constexpr bool operator==(const Installation&, const Installation&) = default;
};

// A consumer's program ended, by an exception of poll() about that partition.
struct EndedConsumer {
  kafka::ConsumerIndex consumer;
  kafka::PartitionId partition;
  kafka::ConsumerEnd why{};
  kafka::Offset position = kafka::Offset::Unknown();
  Moment at;

  friend constexpr bool operator==(const EndedConsumer&, const EndedConsumer&) = default;
};

// Part of what a replica held at an installation.
struct SnapshotRun {
  kafka::BrokerId holder;
  IdRange ids;

  friend constexpr bool operator==(const SnapshotRun&, const SnapshotRun&) = default;
};

// Entries that a replica held, and holds no more.
struct Removal {
  enum class How : uint8_t {
    kTruncated,        // to match a leader
    kUnsyncedLost,     // power or panic took what was in a cache
    kShorterRecovery,  // the process came back with less than the file holds
    kOverwritten,      // something was written where they stood: no correct broker does
    kDiskLost,         // the disk was replaced by an empty one
  };
  kafka::PartitionId partition;
  kafka::BrokerId holder;
  How how{};
  IdRange ids;
  Moment at;

  // A fault took them, and no broker did.
  bool by_fault() const { return how == How::kUnsyncedLost || how == How::kDiskLost; }
  friend constexpr bool operator==(const Removal&, const Removal&) = default;
};

// A leader's proposal to admit brokers to the ISR that it forgot while the request was under way
// (KB:R-2: metadata of an equal partition epoch is applied). Until it hears of the next change it
// commits without them.
struct ForgottenJoin {
  kafka::PartitionId partition;
  kafka::BrokerId leader;
  kafka::LeaderEpoch leader_epoch;
  int32_t partition_epoch = 0;
  kafka::BrokerSet joining;
  bool admitted = false;     // by the controller; until then they may be refused
  bool open = true;          // the leader has not heard of it
  kafka::Offset to{0};       // its high watermark
  std::vector<IdRange> ids;  // what that has passed since

  friend bool operator==(const ForgottenJoin&, const ForgottenJoin&) = default;
};

// A producer gave a batch a new epoch and sequence: to a broker it is another one from then on.
struct Renumbering {
  kafka::PartitionId partition;
  kafka::BatchId to;       // the same messages under their new number
  kafka::BrokerId leader;  // whom the batches were for; none: nobody led
  kafka::Error error{};    // that made the producer do it; none: something else did
  Moment at;

  friend constexpr bool operator==(const Renumbering&, const Renumbering&) = default;
};

// A machine or a host stopped, or a fault fired.
struct Incident {
  enum class Kind : uint8_t { kKilled, kExited, kStopRequested, kPanic, kPowerLost };
  Kind kind{};
  kafka::BrokerId broker;  // none: a client, or the controller's host
  Moment at;

  friend constexpr bool operator==(const Incident&, const Incident&) = default;
};

inline void HashInto(sim::StableHash& hash, const PartitionRecord& record) {
  const auto& [partition, leader, last_known_leader, how, leader_epoch, partition_epoch, isr, elr,
               min_isr, at] = record;
  hash(partition, leader, last_known_leader, how, leader_epoch, partition_epoch, isr, elr, min_isr,
       at);
}
inline void HashInto(sim::StableHash& hash, const IdRange& range) {
  const auto& [first, count] = range;
  hash(first, count);
}
inline void HashInto(sim::StableHash& hash, const Installation& installation) {
  const auto& [partition, leader, epoch, table_size, snapshot_first, snapshot_count, at] =
      installation;
  hash(partition, leader, epoch, table_size, snapshot_first, snapshot_count, at);
}
inline void HashInto(sim::StableHash& hash, const SnapshotRun& run) {
  const auto& [holder, ids] = run;
  hash(holder, ids);
}
inline void HashInto(sim::StableHash& hash, const Removal& removal) {
  const auto& [partition, holder, how, ids, at] = removal;
  hash(partition, holder, how, ids, at);
}
inline void HashInto(sim::StableHash& hash, const EndedConsumer& ended) {
  const auto& [consumer, partition, why, position, at] = ended;
  hash(consumer, partition, why, position, at);
}
inline void HashInto(sim::StableHash& hash, const ForgottenJoin& join) {
  const auto& [partition, leader, leader_epoch, partition_epoch, joining, admitted, open, to, ids] =
      join;
  hash(partition, leader, leader_epoch, partition_epoch, joining, admitted, open, to, ids);
}
inline void HashInto(sim::StableHash& hash, const Renumbering& renumbering) {
  const auto& [partition, to, leader, error, at] = renumbering;
  hash(partition, to, leader, static_cast<uint32_t>(error), at);
}
inline void HashInto(sim::StableHash& hash, const Incident& incident) {
  const auto& [kind, broker, at] = incident;
  hash(kind, broker, at);
}

}  // namespace kafka::ledger

#endif  // MODEL_KAFKA_LEDGER_HISTORY_H_
