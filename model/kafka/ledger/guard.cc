#include "model/kafka/ledger/guard.h"

#include "model/kafka/context.h"
#include "model/kafka/notes.h"

namespace kafka::ledger {

using kafka::AppendedId;
using kafka::BatchId;
using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::Offset;
using kafka::PartitionId;

namespace {

enum class About : uint8_t { kNothing, kMessage, kBatch, kEntries, kEndInA, kEndInC, kBytes };

About AboutOf(const sim::Note& note) {
  switch (note.kind) {
    case kafka::kSent:
    case kafka::kSendRefused:
      return About::kMessage;
    case kafka::kBatchClosed:
    case kafka::kProduceSent:
    case kafka::kAckedToApplication:
    case kafka::kFailedToApplication:
    case kafka::kRetried:
    case kafka::kRenumbered:
    case kafka::kDuplicate:
    case kafka::kProduceRejected:
    case kafka::kAcknowledged:
      return About::kBatch;
    case kafka::kAppended:
      return About::kEntries;
    case kafka::kLoaded:
    case kafka::kRecovered:
    case kafka::kTruncated:
    case kafka::kFlushedTo:
    case kafka::kHighWatermark:
    case kafka::kFollowerHighWatermark:
      return About::kEndInA;
    case kafka::kFetchAnswered:
    case kafka::kServed:
    case kafka::kPolled:
    case kafka::kProcessed:
      return About::kEndInC;
    case sim::kNoteWrittenBack:
    case sim::kNoteDataLost:
      return About::kBytes;
    default:
      return About::kNothing;
  }
}

BrokerId BrokerOf(const sim::Note& note, const kafka::Setup& setup) {
  switch (note.kind) {
    case kafka::kRegistered:
    case kafka::kFenced:
    case kafka::kUnfenced:
    case kafka::kControlledShutdown:
      return {static_cast<uint8_t>(note.subject)};
    case kafka::kPartitionState:
      return {static_cast<uint8_t>(kafka::High(note.a))};
    case sim::kNoteKernelPanic:
    case sim::kNotePowerLost:
    case sim::kNotePowerBack:
    case sim::kNoteDiskSlowed:
    case sim::kNoteClockStepped:
      return BrokerOfHost(setup, note.subject);
    case sim::kNoteWrittenBack:
    case sim::kNoteDataLost:
      return BrokerOfHost(setup, note.subject >> 16);
    default:
      return BrokerAt(setup, note.machine);
  }
}

// The last entry below `end` in the log of who says it; consumers read from the leader.
AppendedId LastBelow(const Ledger& ledger, const kafka::Tables& tables, PartitionId id,
                     BrokerId broker, Offset end) {
  if (end <= Offset{0}) return AppendedId::None();
  const BrokerId whose = broker.exists() ? broker : ledger.of(id).last_leader;
  const Replica* replica = ledger.Find(id, whose);
  if (replica == nullptr) return AppendedId::None();
  return replica->log.At({&tables, id}, end - kafka::RecordCount{1});
}

void ResolveBytes(const Ledger& ledger, const sim::Note& note, const kafka::Tables& tables,
                  Subject& subject) {
  const uint32_t file = note.subject & 0xffff;
  if (file >= ledger.partitions.size()) return;
  subject.partition = {static_cast<uint16_t>(file)};
  const Replica* replica = ledger.Find(subject.partition, subject.broker);
  if (replica == nullptr) return;
  const Offset end = replica->log.OffsetAtByte({&tables, subject.partition}, note.b);
  subject.entry = LastBelow(ledger, tables, subject.partition, subject.broker, end);
}

bool AtLeast(int64_t value, int32_t bound) {
  return bound == sim::FaultGuard::kAny || value >= bound;
}
bool AtMost(int64_t value, int32_t bound) {
  return bound == sim::FaultGuard::kAny || value <= bound;
}

}  // namespace

bool IsAboutBatch(const sim::Note& note) { return AboutOf(note) == About::kBatch; }

bool IsAboutPartition(const sim::Note& note) {
  if (note.kind == kafka::kPartitionState) return true;
  if (note.kind < sim::kFirstSystemNote || note.kind == kafka::kProducerIdle) return false;
  return note.kind < kafka::kRegistered || note.kind > kafka::kPartitionState;
}

Subject SubjectOf(const Ledger& ledger, const sim::Note& note, const kafka::Tables& tables,
                  const kafka::Setup& setup) {
  Subject subject;
  subject.broker = BrokerOf(note, setup);
  if (IsAboutPartition(note)) subject.partition = {static_cast<uint16_t>(note.subject)};
  switch (AboutOf(note)) {
    case About::kMessage:
      subject.message = {static_cast<uint32_t>(note.a)};
      subject.partition = tables[subject.message].partition;
      break;
    case About::kBatch:
      subject.batch = {static_cast<uint32_t>(note.a)};
      subject.entry = ledger.FactsOf(tables, subject.batch).entry;
      subject.partition = tables[subject.batch].partition;
      break;
    case About::kEntries:
      subject.entry = {kafka::High(note.a) + kafka::Low(note.a) - 1};
      break;
    case About::kEndInA:
    case About::kEndInC: {
      const uint64_t end = AboutOf(note) == About::kEndInA ? note.a : note.c;
      subject.entry =
          LastBelow(ledger, tables, subject.partition, subject.broker, {static_cast<int64_t>(end)});
      break;
    }
    case About::kBytes:
      ResolveBytes(ledger, note, tables, subject);
      break;
    case About::kNothing:
      break;
  }
  if (subject.entry.exists() && !subject.batch.exists()) {
    subject.batch = tables.At(subject.partition, subject.entry).batch;
  }
  if (subject.batch.exists() && !subject.message.exists()) {
    subject.message = tables[subject.batch].first;
  }
  return subject;
}

uint64_t UidOf(const Subject& subject, const kafka::Tables& tables, const kafka::Setup& setup) {
  return subject.message.exists() ? kafka::UidOf(setup, tables, subject.message) : 0;
}

bool GuardHolds(const Ledger& ledger, const sim::FaultGuard& guard, const sim::Note& note,
                const kafka::Tables& tables, const kafka::Setup& setup) {
  if (!AtLeast(static_cast<int64_t>(ledger.told_count), guard.acknowledged_min)) return false;
  if (!AtLeast(static_cast<int64_t>(ledger.sent_count), guard.sent_min)) return false;
  const Subject subject = SubjectOf(ledger, note, tables, setup);
  if (guard.actor != sim::FaultGuard::kAny && guard.actor != int32_t{subject.broker.value}) {
    return false;
  }
  if (guard.isr_size != sim::FaultGuard::kAny) {
    if (!subject.partition.exists()) return false;
    if (ledger.of(subject.partition).record.isr.size() != guard.isr_size) return false;
  }
  constexpr int32_t kAny = sim::FaultGuard::kAny;
  const bool counts = guard.copies_min != kAny || guard.copies_max != kAny;
  if (!counts && guard.in_flight_max == kAny) return true;
  if (!subject.message.exists()) return false;
  int copies = 0;  // a message that no broker has appended has no copy
  int in_flight = 0;
  if (subject.entry.exists()) {
    const BrokerSet holders = ledger.Holders(subject.partition, subject.entry);
    copies = (holders & ledger.running).size();
    in_flight = ledger.InFlight(tables, subject.partition, subject.entry);
  }
  return AtLeast(copies, guard.copies_min) && AtMost(copies, guard.copies_max) &&
         AtMost(in_flight, guard.in_flight_max);
}

bool IsAbout(const Ledger& ledger, const sim::Note& note, uint64_t uid, const kafka::Tables& tables,
             const kafka::Setup& setup) {
  const Subject subject = SubjectOf(ledger, note, tables, setup);
  if (!subject.message.exists()) return false;
  kafka::MessageId message = subject.message;
  const uint32_t count = subject.batch.exists() ? tables[subject.batch].count : 1;
  for (uint32_t i = 0; i < count && message.exists(); ++i, message = tables[message].next) {
    if (kafka::UidOf(setup, tables, message) == uid) return true;
  }
  return false;
}

}  // namespace kafka::ledger
