// model/kafka/explain/inquiry.h
//
// One message of a finished run, with all that can be asked about it: notes, ledger, verdict, plan.
//
// Outlives nothing: it refers to the recording, the world and the outcome.
#ifndef MODEL_KAFKA_EXPLAIN_INQUIRY_H_
#define MODEL_KAFKA_EXPLAIN_INQUIRY_H_

#include <optional>
#include <span>

#include "model/kafka/explain/recording.h"
#include "model/kafka/run.h"

namespace kafka::explain {

// The moments that every chain is made of. Event none: it did not come to that.
struct Moments {
  sim::NoteHeader sent;      // first on the wire
  sim::NoteHeader appended;  // by a leader, first
  sim::NoteHeader told;      // the application: "stored", or that it was sent
  sim::NoteHeader failed;    // the application: an error
  sim::NoteHeader end;       // of what mattered to it
  kafka::BrokerId author;    // who appended it first
  kafka::Offset offset = kafka::Offset::Unknown();  // there
  kafka::Offset offset_end = kafka::Offset::Unknown();
  kafka::LeaderEpoch epoch;
};

inline sim::NoteHeader HeaderOf(const kafka::ledger::Moment& moment) {
  return {moment.event, {}, moment.time};
}

struct Inquiry {
  const Recording* recording = nullptr;
  const kafka::World* world = nullptr;
  const kafka::RunOutcome* outcome = nullptr;
  std::span<const sim::PlannedFault> plan;
  kafka::MessageId message;
  kafka::PartitionId partition;
  kafka::ledger::Fate fate{};
  const kafka::ledger::Finding* finding = nullptr;  // null: nothing was lost
  Moments moments;

  const kafka::Setup& setup() const { return *world->config; }
  const kafka::Tables& tables() const { return world->tables; }
  const kafka::ledger::Ledger& ledger() const { return world->observer.truth.ledger; }
  std::span<const RecordedNote> notes() const { return recording->notes(); }
  sim::MachineId producer() const { return MachineOf(setup(), tables()[message].producer); }
  kafka::BrokerSet replicas() const;
  // Its copies at that event belong to it, not to another message at the same offset.
  bool IsOurEntry(kafka::AppendedId entry) const;
  bool HoldsOurs(kafka::ledger::IdRange ids) const;
  bool IsOfPartition(const sim::Note& note) const;
  // A note about a batch that holds the message.
  bool IsOfBatch(const sim::Note& note) const;
  // The controller's record in force just before `event`.
  kafka::ledger::PartitionRecord RecordBefore(sim::EventId event) const;
  // The broker that led in the sense of the ledger when `event` happened; none before any.
  kafka::BrokerId LeaderAt(sim::EventId event) const;
  const sim::RealisedFault* Realised(uint16_t plan_index) const;
  bool WasLost() const { return finding != nullptr; }
  // Stored, and a group has still to come to it.
  bool IsAwaited() const {
    return fate == kafka::ledger::Fate::kPending &&
           outcome->verdict.read.facts[message.value].awaited;
  }
  // Replicas without a copy at the end.
  kafka::BrokerSet WithoutCopy() const;
  // The end of a program that was to read it and did not go on afterwards; null: there is none.
  const RecordedNote* ReadersEnd() const;
  // By the coming of a leader without it, and not by the end of its last copy.
  bool LostByElection() const;
};

// Required: `recording` has seen the whole run that `world` and `outcome` are the end of.
Inquiry MakeInquiry(const Recording& recording, const kafka::World& world,
                    const kafka::RunOutcome& outcome, std::span<const sim::PlannedFault> plan);

// A fetch of a follower, as its leader saw it.
struct Fetch {
  kafka::BrokerId follower;
  bool answered = false;  // the leader answered up to `end`; else it was asked from `end`
  kafka::Offset end;
};
std::optional<Fetch> FetchIn(const sim::Note& note);

// The machine's broker, also of an engine note about its host.
kafka::BrokerId BrokerOf(const kafka::Setup& setup, const sim::Note& note);

}  // namespace kafka::explain

#endif  // MODEL_KAFKA_EXPLAIN_INQUIRY_H_
