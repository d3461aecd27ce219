// What producers and consumers say.
#include <algorithm>

#include "model/kafka/ledger/ledger.h"

namespace kafka::ledger {

using kafka::BatchId;
using kafka::Offset;
using kafka::PartitionId;

namespace {

constexpr uint64_t kAcksAllOnNote = 255;

uint16_t AcksFlags(uint64_t acks) {
  if (acks == kAcksAllOnNote) return MessageFacts::kAcksAll;
  return acks == 1 ? MessageFacts::kAcksLeader : 0;
}

constexpr uint32_t kGroupsCounted = 8;  // two bits each in MessageFacts::processed

void CountProcessed(MessageFacts& facts, uint32_t group) {
  if (group >= kGroupsCounted) return;
  const uint32_t shift = 2 * group;
  const uint32_t count = (facts.processed >> shift) & 3;
  if (count < 2) facts.processed = static_cast<uint16_t>(facts.processed + (1u << shift));
}

}  // namespace

void Ledger::MakeRoomFor(kafka::MessageId message, const kafka::Tables& tables) {
  // All that were handed over in this event, at once.
  messages.resize(std::max<size_t>(message.value + 1, tables.messages.size()));
}

void Ledger::OnSent(const sim::Note& note, const kafka::Tables& tables) {
  if (note.a >= messages.size()) [[unlikely]]
    MakeRoomFor({static_cast<uint32_t>(note.a)}, tables);
  const int callback = (note.b >> 8 & 1) != 0 ? MessageFacts::kHasCallback : 0;
  const int idempotent = (note.b >> 9 & 1) != 0 ? MessageFacts::kIdempotent : 0;
  messages[note.a].flags |= MessageFacts::kSent | AcksFlags(note.b & 0xff) | callback | idempotent;
  ++sent_count;
}

void Ledger::OnSendRefused(const sim::Note& note, const kafka::Tables& tables,
                           const kafka::Setup& setup) {
  if (note.a >= messages.size()) MakeRoomFor({static_cast<uint32_t>(note.a)}, tables);
  MessageFacts& facts = messages[note.a];
  if (!facts.has(MessageFacts::kSent)) ++sent_count;
  facts.flags |= MessageFacts::kRefused;
  if (static_cast<kafka::Error>(note.b) == kafka::Error::kRecordTooLarge) {
    facts.flags |= MessageFacts::kTooLarge;
  }
  const uint16_t producer = tables.messages[note.a].producer.value;
  const kafka::ProducerSetup& declared = setup.producers[producer];
  if (declared.program.has_callback) facts.flags |= MessageFacts::kHasCallback;
}

void Ledger::FoldClient(const sim::Note& note, const kafka::Tables& tables,
                        const kafka::Setup& setup) {
  const BatchId batch{static_cast<uint32_t>(note.a)};
  switch (note.kind) {
    case kafka::kSent:
      return OnSent(note, tables);
    case kafka::kSendRefused:
      return OnSendRefused(note, tables, setup);
    case kafka::kProducerIdle:
      idle_producers |= 1u << note.subject;
      break;
    case kafka::kProduceSent:
      FactsOf(tables, batch).flags |= MessageFacts::kOnTheWire;
      break;
    case kafka::kAckedToApplication: {
      MessageFacts& facts = FactsOf(tables, batch);
      if (!facts.has(MessageFacts::kTold)) told_count += tables[batch].count;
      facts.flags |= MessageFacts::kTold;
      facts.told_event = now.event;
      facts.told_time = CoarseTime::Of(now.time);
      break;
    }
    case kafka::kFailedToApplication:
      FactsOf(tables, batch).flags |=
          MessageFacts::kFailed | (note.c != 0 ? MessageFacts::kMaybeWritten : 0);
      break;
    case kafka::kRetried:
      return OnRetried(note);
    case kafka::kRenumbered:
      return OnRenumbered(note);
    default:
      break;
  }
}

void Ledger::OnRetried(const sim::Note& note) {
  retry = {.partition = {static_cast<uint16_t>(note.subject)},
           .to = {static_cast<uint32_t>(note.a)},
           .leader = {},
           .error = static_cast<kafka::Error>(note.b),
           .at = at()};
}

// What a producer numbers anew because of an answer, it numbers anew in the event of that answer.
void Ledger::OnRenumbered(const sim::Note& note) {
  const PartitionId id{static_cast<uint16_t>(note.subject)};
  const bool answered = retry.partition == id && retry.at.event == now.event;
  renumberings.push_back({.partition = id,
                          .to = {static_cast<uint32_t>(note.b)},
                          .leader = of(id).record.leader,
                          .error = answered ? retry.error : kafka::Error::kNone,
                          .at = at()});
}

void Ledger::FoldConsumer(const sim::Note& note, const kafka::Tables& tables,
                          const kafka::Setup& setup) {
  const PartitionId id{static_cast<uint16_t>(note.subject)};
  if (note.kind == kafka::kProcessed) return Processed(note, tables, setup);
  if (note.kind == kafka::kPositionReset) {  // what lies below is passed, read or not
    GroupProgress& its = ProgressOf(setup.consumers[note.a].program.group, id);
    its.processed_to = std::max(its.processed_to, Offset{static_cast<int64_t>(note.b)});
    return;
  }
  if (note.kind == kafka::kConsumerEnded) {
    ended_consumers.push_back({.consumer = {static_cast<uint16_t>(note.a)},
                               .partition = id,
                               .why = static_cast<kafka::ConsumerEnd>(note.b),
                               .position = {static_cast<int64_t>(note.c)},
                               .at = at()});
    return;
  }
  if (note.kind != kafka::kCommitted) return;
  GroupProgress& group = ProgressOf({static_cast<uint16_t>(note.a)}, id);
  group.committed = std::max(group.committed, Offset{static_cast<int64_t>(note.b)});
}

// [b, c) as it stands in the log of the leader, from which consumers read.
void Ledger::Processed(const sim::Note& note, const kafka::Tables& tables,
                       const kafka::Setup& setup) {
  const PartitionId id{static_cast<uint16_t>(note.subject)};
  const kafka::GroupId group = setup.consumers[note.a].program.group;
  const Offset from{static_cast<int64_t>(note.b)};
  const Offset to{static_cast<int64_t>(note.c)};
  GroupProgress& its = ProgressOf(group, id);
  its.processed_to = std::max(its.processed_to, to);
  const Replica* leader = Find(id, of(id).last_leader);
  const TableView table{&tables, id};
  for (Offset at = from; leader != nullptr && at < to;) {
    const kafka::AppendedId entry = leader->log.At(table, at);
    if (!entry.exists()) break;
    kafka::MessageId message = tables[table.entry(entry.value).batch].first;
    const Offset end = table.EndOf(entry.value);
    for (Offset offset = table.entry(entry.value).base(); offset < end;
         offset = offset + kafka::RecordCount{1}) {
      if (from <= offset && offset < to && message.value < messages.size()) {
        CountProcessed(messages[message.value], group.value);
      }
      message = tables[message].next;
    }
    at = end;
  }
}

}  // namespace kafka::ledger
