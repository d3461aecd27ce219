// model/kafka/ledger/loss.h
//
// When and how a message was lost: the words of docs/promise.md (l, L, R(l), the true commit), read
// off the ledger's history.
//
// Required:    no leader's log holds any of the entries at the end.
// Complexity:  a few passes over the run's rare events.
#ifndef MODEL_KAFKA_LEDGER_LOSS_H_
#define MODEL_KAFKA_LEDGER_LOSS_H_

#include <algorithm>
#include <optional>
#include <span>

#include "model/kafka/ledger/ledger.h"
#include "model/kafka/setup.h"
#include "model/kafka/vocabulary/records.h"

namespace kafka::ledger {

// A lost message, or a whole batch: its batch's facts, and the entries in which leaders wrote it.
struct LostThing {
  kafka::PartitionId partition;
  kafka::Acks acks{};
  Moment told;
  std::span<const kafka::AppendedId> entries;  // in order
};

// The moment of loss, and who led then.
struct Loss {
  Moment at;
  const Installation* installation = nullptr;  // null: the end of the last copy
  kafka::BrokerId leader;
  PartitionRecord record;     // that made it leader
  kafka::BrokerSet eligible;  // R(l), before that record
  kafka::BrokerSet holders;   // who had it intact then
  bool by_election = true;    // that record put a leader without it in charge
};

// One loss on trial, and what the ledger knows of it.
struct LossEvidence {
  const Ledger& ledger;
  const kafka::Tables& tables;
  const kafka::Setup& setup;
  const LostThing& lost;
  std::span<const kafka::AppendedId> entries;  // of this link of the chain

  kafka::LeaderEpoch epoch() const { return tables.At(lost.partition, entries.back()).epoch(); }
  bool Concerns(IdRange ids) const {
    return std::any_of(entries.begin(), entries.end(),
                       [ids](kafka::AppendedId entry) { return ids.contains(entry); });
  }
  // None: nobody ever led without the message, and a copy is left.
  std::optional<Loss> FindLoss() const;
  // The first time that an entry was truly committed.
  Moment Committed() const;
  // When the leader that wrote the first entry began to lead in that epoch; 0: from the start.
  sim::EventId LedFrom(kafka::BrokerId author) const;
  // Null: that broker never lost a copy, until then.
  const Removal* LastRemoval(kafka::BrokerId holder, sim::EventId until) const;
  // The loss is the end of the last copy, and a disk was replaced then.
  bool LastCopyWentWithDisk(const Loss& loss) const;
  // The first leader after which nobody had the message when it began to lead. Null: the last one had.
  const Installation* FirstWithout() const;
  // Whom the controller would count as eligible at the loss if eligible leader replicas were on.
  kafka::BrokerSet EligibleWithElr(const Loss& loss) const;

 private:
  kafka::BrokerSet HoldersAt(const Installation& installation) const;
  bool LeaderHas(const Installation& installation) const;
  const Removal* EndOfLastCopy() const;
  const Installation* LastLeaderAt(sim::EventId event) const;
  PartitionRecord RecordOf(const Installation& installation,
                           kafka::BrokerSet& eligible_before) const;
  PartitionRecord InForceAt(sim::EventId event) const;
  const PartitionRecord* UncleanWithout(sim::EventId until) const;
  bool GotNoCopySince(const PartitionRecord& election, sim::EventId until) const;
  kafka::LeaderEpoch EpochBefore(const Installation& installation) const;
};

}  // namespace kafka::ledger

#endif  // MODEL_KAFKA_LEDGER_LOSS_H_
