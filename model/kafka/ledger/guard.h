// model/kafka/ledger/guard.h
//
// What a note is about, and whether a fault's guard holds for it: questions to the ledger.
//
// A note about several messages (a batch, a range of a log) is about its last entry; a batch goes
// by the uid of its first message, as everywhere (kafka::UidOf).
#ifndef MODEL_KAFKA_LEDGER_GUARD_H_
#define MODEL_KAFKA_LEDGER_GUARD_H_

#include <cstdint>

#include "model/kafka/ledger/ledger.h"
#include "model/kafka/setup.h"
#include "model/kafka/vocabulary/records.h"
#include "sim/faults/fault.h"
#include "sim/notes/note.h"

namespace kafka::ledger {

// Its subject is a partition.
bool IsAboutPartition(const sim::Note& note);
// It is about a batch as its producer numbers it.
bool IsAboutBatch(const sim::Note& note);

// What a note is about. Fields that do not apply do not exist.
struct Subject {
  kafka::PartitionId partition;
  kafka::BatchId batch;
  kafka::AppendedId entry;
  kafka::MessageId message;
  kafka::BrokerId broker;  // who says it, or whom it is about
};
Subject SubjectOf(const Ledger& ledger, const sim::Note& note, const kafka::Tables& tables,
                  const kafka::Setup& setup);

// 0 if the note is about no message.
uint64_t UidOf(const Subject& subject, const kafka::Tables& tables, const kafka::Setup& setup);

// Required: the event's notes are folded.
bool GuardHolds(const Ledger& ledger, const sim::FaultGuard& guard, const sim::Note& note,
                const kafka::Tables& tables, const kafka::Setup& setup);

// The note is about the message with that uid, alone or among others.
bool IsAbout(const Ledger& ledger, const sim::Note& note, uint64_t uid, const kafka::Tables& tables,
             const kafka::Setup& setup);

}  // namespace kafka::ledger

#endif  // MODEL_KAFKA_LEDGER_GUARD_H_
