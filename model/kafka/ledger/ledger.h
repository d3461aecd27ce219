// model/kafka/ledger/ledger.h
//
// The ledger: what became of every message, as somebody knows it who sees everything. A fold over
// notes, outside of the modelled protocol; it believes what happened, never what a broker thinks.
//
// Invariants:  (1) a partition's `high_watermark` only passes an entry that everybody had whom the
//              controller could elect and on whom the leader waits (docs/promise.md);
//              (2) shadow logs hold what files hold: a dead process loses nothing, a dark host what
//              its cache had; whoever recovers a file says what is in it (LogKept), and is believed.
// Complexity:  O(1) a note, amortised; 16 B a message, 8 B an entry; nothing is allocated once the
//              vectors have grown.
// Leaves out:  retention and compaction (EXPIRED), deadlines (LATE).
#ifndef MODEL_KAFKA_LEDGER_LEDGER_H_
#define MODEL_KAFKA_LEDGER_LEDGER_H_

#include <algorithm>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "model/kafka/ledger/facts.h"
#include "model/kafka/ledger/history.h"
#include "model/kafka/ledger/shadow_log.h"
#include "model/kafka/notes.h"
#include "model/kafka/setup.h"
#include "model/kafka/vocabulary/records.h"
#include "sim/id_map.h"
#include "sim/inline_vec.h"

namespace kafka::ledger {

// One broker's copy of one partition.
struct Replica {
  kafka::BrokerId broker;
  bool leads = false;               // thinks so
  kafka::BrokerId answered_by;      // the leader of the fetch answer under way; none: no answer
  int16_t min_isr = 1;              // in effect, as that broker knows it
  int16_t first_min_isr = 1;        // ... before anybody changed it
  kafka::LeaderEpoch epoch;         // it acts in
  kafka::Offset high_watermark{0};  // as it knows it
  kafka::Offset durable_end{0};     // below it all is on its medium
  uint64_t found_bytes = 0;   // its file goes so far since a crash; 0: no crash, or it was opened
  uint64_t medium_bytes = 0;  // ... without what only the drive's own cache has
  kafka::Offset answered_from{0};  // [from, to) is in a socket, on its way to this replica
  kafka::Offset answered_to{0};
  ShadowLog log;

  // The fetch answer under way reaches it no more.
  void DropAnswer() { answered_by = kafka::BrokerId::None(); }
  friend bool operator==(const Replica&, const Replica&) = default;
};

// A high watermark that a leader claims, and what it rests on.
struct Claim {
  kafka::BrokerId by;
  kafka::BrokerSet view;  // the committed ISR as that leader knows it
  kafka::LeaderEpoch epoch;
  kafka::Offset to{0};
  int16_t min_isr = 1;  // in effect, as that leader knew it

  friend bool operator==(const Claim&, const Claim&) = default;
};

struct Partition {
  PartitionRecord record;  // the controller's, in force
  kafka::BrokerId last_leader;
  kafka::BrokerSet ever_eligible;  // members of R(t) for some t so far
  kafka::LeaderEpoch unclean;      // the newest whose leader was made uncleanly; -1: none
  uint16_t first_replica = 0;      // in Ledger::replicas, in the order of the assignment
  uint16_t replica_count = 0;
  // Each broker's copy: its place among them + 1. 0: none.
  sim::IdMap<kafka::BrokerId, uint8_t, kafka::kMaxBrokers> places;
  kafka::Offset high_watermark{0};  // the ledger's own
  Claim claim;
  ShadowLog committed;  // the prefix below high_watermark
  std::vector<EntryFacts> entries;

  friend bool operator==(const Partition&, const Partition&) = default;
};

// What a group did with a partition.
struct GroupProgress {
  kafka::Offset committed = kafka::Offset::Unknown();
  kafka::Offset processed_to = kafka::Offset::Unknown();

  friend bool operator==(const GroupProgress&, const GroupProgress&) = default;
};

// How far a group has come with a key, where a topic grows: its messages lie in two partitions.
struct KeyProgress {
  kafka::GroupId group;
  kafka::ProducerIndex producer;
  uint32_t key = 0;
  kafka::PartitionId partition;  // of the greatest
  uint32_t greatest = 0;         // number of a message that was processed

  constexpr auto name() const { return std::tuple(group, producer, key); }
  friend bool operator==(const KeyProgress&, const KeyProgress&) = default;
};

// FLUSHED_BEFORE_COPIED, counted as it happens.
struct CopyCount {
  uint64_t copied = 0;     // messages that reached a follower
  uint64_t unflushed = 0;  // ... before they were on the leader's medium
  kafka::PartitionId first_partition;
  kafka::Offset first_offset = kafka::Offset::Unknown();
  Moment first_at;

  friend bool operator==(const CopyCount&, const CopyCount&) = default;
};

struct Ledger {
  std::vector<MessageFacts> messages;  // by MessageId
  std::vector<Partition> partitions;   // by PartitionId
  std::vector<Replica> replicas;
  std::vector<GroupProgress> progress;  // [group][partition]
  kafka::BrokerSet running;             // brokers whose process runs
  kafka::BrokerSet dark;                // brokers whose host has no power or no kernel
  kafka::BrokerSet registered;          // brokers whose running process has registered
  sim::IdMap<kafka::BrokerId, uint16_t, kafka::kMaxBrokers> incarnations;  // of their last process
  // Messages below it were handed to a process of that producer that has ended.
  sim::IdMap<kafka::ProducerIndex, uint32_t, kafka::kMaxProducers> abandoned_below;
  uint32_t idle_producers = 0;  // bits: done, nothing queued or in flight
  uint64_t sent_count = 0;
  uint64_t told_count = 0;        // messages of which the client was told "stored"
  bool topics_grow = false;       // constant
  std::vector<KeyProgress> keys;  // sorted by name(); empty where no topic grows
  CopyCount copies;
  Renumbering retry;    // the last batch that was to be sent again, under its number, and why
  sim::NoteHeader now;  // of the event that is being folded

  // Rare events, in their order.
  std::vector<PartitionRecord> records;  // of all partitions; the first of each is its creation
  std::vector<Installation> installations;
  std::vector<SnapshotRun> snapshots;
  std::vector<Removal> removals;
  std::vector<Incident> incidents;
  std::vector<ForgottenJoin> forgotten_joins;
  std::vector<EndedConsumer> ended_consumers;
  std::vector<Renumbering> renumberings;

  // Forgets everything, keeps the memory: a cluster that has been formed, with every replica in
  // sync.
  void Begin(const kafka::Setup& setup);
  // The copy of the broker that speaks. Null: it has none of that partition.
  // Requires: a broker's note.
  Replica* SpeakersCopy(const sim::Note& note) {
    const uint32_t speaker = uint32_t{note.machine.value} - MachineOf(kafka::BrokerId{0}).value;
    return Find(PartitionOf(note), {static_cast<uint8_t>(speaker)});
  }
  // The notes of who is no broker.
  void FoldEngine(const sim::Note& note, const kafka::Tables& tables, const kafka::Setup& setup);
  void FoldProducer(const sim::Note& note, const kafka::Tables& tables, const kafka::Setup& setup);
  void FoldConsumer(const sim::Note& note, const kafka::Tables& tables, const kafka::Setup& setup);
  void FoldController(const sim::Note& note, const kafka::Tables& tables);
  // The notes of brokers, one for each kind. `own`: the speaker's copy; `follower`: that of the
  // follower whom the note names, or null.
  void OnAppended(const notes::Appended& said, const kafka::Tables& tables, Replica& own);
  void OnAcknowledged(const notes::Acknowledged& said, const kafka::Tables& tables) {
    ForEachOf(tables, said.batch,
              [](MessageFacts& facts) { facts.flags |= MessageFacts::kAnswered; });
  }
  void OnTruncated(const notes::Truncated& said, const kafka::Tables& tables, Replica& own) {
    Cut(tables, said.partition, own, said.end, Removal::How::kTruncated);
  }
  void OnKept(const notes::LogKept& said, const kafka::Tables& tables, Replica& own);
  // Loaded or Recovered.
  void OnOpened(const kafka::Tables& tables, kafka::PartitionId id, kafka::Offset end,
                kafka::Offset high_watermark, Replica& own) {
    Cut(tables, id, own, end, Removal::How::kShorterRecovery);
    own.high_watermark = high_watermark;
    own.found_bytes = own.medium_bytes = 0;
  }
  void OnFlushed(const notes::FlushedTo& said, Replica& own) {
    own.durable_end = std::max(own.durable_end, said.end);
  }
  void OnHighWatermark(const notes::HighWatermark& said, const kafka::Tables& tables, Replica& own);
  void OnFollowerHighWatermark(const notes::FollowerHighWatermark& said, Replica& own) {
    own.high_watermark = said.to;
  }
  void OnFetchAnswered(const notes::FetchAnswered& said, const Replica& own, Replica* follower) {
    if (follower == nullptr) return;
    follower->answered_by = own.broker;
    follower->answered_from = said.from;
    follower->answered_to = said.to;
  }
  // Whoever asks again has dealt with the answer before.
  void OnFollowerFetched(const Replica& own, Replica* follower) {
    if (follower == nullptr) return;
    if (follower->answered_by == own.broker) follower->DropAnswer();
  }
  void OnIsrCommitted(const notes::IsrCommitted& said, const Replica& own) {
    CloseForgottenJoins(said.partition, own.broker);
  }
  void OnProduceRejected(const notes::ProduceRejected& said, const kafka::Tables& tables);
  void OnProposalForgotten(const notes::ProposalForgotten& said, const Replica& own);
  void OnSettingApplied(const notes::SettingApplied& said, Replica& own);
  void OnInstalled(const notes::BecameLeader& said, const kafka::Tables& tables, Replica& own);
  void OnBecameFollower(const notes::BecameFollower& said, Replica& own);

  // ---- Reading. ----
  Partition& of(kafka::PartitionId id) { return partitions[id.value]; }
  const Partition& of(kafka::PartitionId id) const { return partitions[id.value]; }
  std::span<const Replica> ReplicasOf(kafka::PartitionId id) const {
    return std::span(replicas).subspan(of(id).first_replica, of(id).replica_count);
  }
  std::span<Replica> ReplicasOf(kafka::PartitionId id) {
    return std::span(replicas).subspan(of(id).first_replica, of(id).replica_count);
  }
  // Null if that broker has no copy of the partition.
  const Replica* Find(kafka::PartitionId id, kafka::BrokerId broker) const {
    const Partition& partition = of(id);
    const uint32_t place = broker.value < kafka::kMaxBrokers ? partition.places[broker] : 0;
    return place == 0 ? nullptr : replicas.data() + partition.first_replica + place - 1;
  }
  Replica* Find(kafka::PartitionId id, kafka::BrokerId broker) {
    return const_cast<Replica*>(std::as_const(*this).Find(id, broker));
  }
  // Brokers whose log holds the entry, in a cache or on a medium.
  kafka::BrokerSet Holders(kafka::PartitionId id, kafka::AppendedId entry) const;
  // Fetch answers that carry the entry, were written to a socket, and may still be appended.
  int InFlight(const kafka::Tables& tables, kafka::PartitionId id, kafka::AppendedId entry) const;
  // The entry has been in that broker's log, and is there still, or went with unsynced data and
  // the broker has not registered since: nobody can know yet that it lacks it.
  bool Applied(kafka::PartitionId id, kafka::BrokerId broker, kafka::AppendedId entry) const {
    const Replica* replica = Find(id, broker);
    return replica != nullptr && Applied(id, *replica, entry);
  }
  bool Applied(kafka::PartitionId id, const Replica& replica, kafka::AppendedId entry) const {
    return replica.log.Holds(entry) || IsUnknownLoss(id, replica.broker, entry);
  }
  // The entry is in that replica's log, or has been.
  bool HasEverHad(kafka::PartitionId id, const Replica& replica, kafka::AppendedId entry) const;
  // Kafka's own race: `broker` was admitted to the ISR by a proposal that its leader had forgotten,
  // and never had the entry, which that leader committed without it.
  bool AdmittedWithout(kafka::PartitionId id, kafka::BrokerId broker,
                       kafka::AppendedId entry) const;
  Moment at() const { return {now.event, now.time}; }
  // Of the batch's first message.
  const MessageFacts& FirstOf(const kafka::Tables& tables, kafka::BatchId batch) const;
  GroupProgress& ProgressOf(kafka::GroupId group, kafka::PartitionId partition) {
    return progress[group.value * partitions.size() + partition.value];
  }
  const GroupProgress& ProgressOf(kafka::GroupId group, kafka::PartitionId partition) const {
    return progress[group.value * partitions.size() + partition.value];
  }

 private:
  bool IsUnknownLoss(kafka::PartitionId id, kafka::BrokerId broker, kafka::AppendedId entry) const;
  // The facts of each message of a batch.
  template <typename Function>
  void ForEachOf(const kafka::Tables& tables, kafka::BatchId batch, Function&& function) {
    const kafka::Batch& whole = tables[batch];
    kafka::MessageId message = whole.first;
    for (uint32_t i = 0; i < whole.count && message.exists(); ++i) {
      if (message.value >= messages.size()) [[unlikely]]
        MakeRoomFor(message, tables);
      function(messages[message.value]);
      message = tables[message].next;
    }
  }
  void MakeRoomFor(kafka::MessageId message, const kafka::Tables& tables);
  void OnSent(const notes::Sent& said, const kafka::Tables& tables);
  void OnSendRefused(const notes::SendRefused& said, const kafka::Tables& tables,
                     const kafka::Setup& setup);
  void OnBlockedSendEnded(kafka::ProducerIndex producer, const kafka::Tables& tables,
                          const kafka::Setup& setup);
  void OnAcked(const notes::AckedToApplication& said, const kafka::Tables& tables);
  void OnFailed(const notes::FailedToApplication& said, const kafka::Tables& tables);
  void OnRetried(const notes::Retried& said, const kafka::Tables& tables);
  void OnRenumbered(const notes::Renumbered& said);
  void OnSettingChanged(const notes::SettingChanged& said);
  void OnPartitionState(const notes::PartitionState& said, const kafka::Tables& tables);

  void WidenForgottenJoins(const kafka::Tables& tables, kafka::PartitionId id,
                           const Replica& leader);
  void CloseForgottenJoins(kafka::PartitionId id, kafka::BrokerId leader);
  void DecideForgottenJoins(kafka::PartitionId id);
  void OnDiskReplaced(sim::HostId host, const kafka::Tables& tables, const kafka::Setup& setup);
  void OnDataLost(const sim::notes::DataLost& said, const kafka::Tables& tables,
                  const kafka::Setup& setup);
  void OnWrittenBack(const sim::notes::WrittenBack& said, const kafka::Tables& tables,
                     const kafka::Setup& setup);
  void OnFound(const sim::notes::Found& said, const kafka::Tables& tables,
               const kafka::Setup& setup);
  void OnProcessEnded(Incident::Kind kind, sim::MachineId machine, const kafka::Tables& tables,
                      const kafka::Setup& setup);
  void OnKernelLost(Incident::Kind kind, sim::HostId host, const kafka::Setup& setup);
  // The replica whose file that is. Null: it is no log's, or the host is no broker's.
  Replica* CopyIn(sim::HostId host, sim::FileId file, const kafka::Setup& setup);
  void OnProcessed(const notes::Processed& said, const kafka::Tables& tables,
                   const kafka::Setup& setup);
  void FollowKeys(const notes::Processed& said, const kafka::Tables& tables,
                  const kafka::Setup& setup);
  void FollowKey(kafka::GroupId group, const kafka::Message& message, kafka::MessageId id);
  void CountCopies(const kafka::Tables& tables, kafka::PartitionId id, const Replica& follower,
                   IdRange ids);
  void Cut(const kafka::Tables& tables, kafka::PartitionId id, Replica& replica,
           kafka::Offset offset, Removal::How how);
  void OnClaim(const notes::HighWatermark& said, const kafka::Tables& tables,
               const Replica& claimant);
  void Advance(const kafka::Tables& tables, kafka::PartitionId id, const Replica& claimant);
  void AdvanceLate(const kafka::Tables& tables, kafka::PartitionId id);
};

// The broker on that host, or none.
constexpr kafka::BrokerId BrokerOfHost(const kafka::Setup& setup, sim::HostId host) {
  if (host == kafka::kControllerHostId) return kafka::BrokerId::None();
  return BrokerAt(setup, kafka::MachineOn(host));
}

void HashInto(sim::StableHash& hash, const Ledger& ledger);

}  // namespace kafka::ledger

#endif  // MODEL_KAFKA_LEDGER_LEDGER_H_
