// What producers and consumers say.
#include <algorithm>

#include "model/kafka/ledger/ledger.h"

namespace kafka::ledger {

using kafka::Offset;
using kafka::PartitionId;

namespace {

uint16_t AcksFlags(kafka::Acks acks) {
  if (acks == kafka::Acks::kAll) return MessageFacts::kAcksAll;
  return acks == kafka::Acks::kLeader ? MessageFacts::kAcksLeader : 0;
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

// Called once a message, and by FoldProducer alone.
inline void Ledger::OnSent(const notes::Sent& said, const kafka::Tables& tables) {
  const uint32_t message = said.message.value;
  if (message >= messages.size()) [[unlikely]]
    MakeRoomFor(said.message, tables);
  const int callback = said.has_callback ? MessageFacts::kHasCallback : 0;
  const int idempotent = said.idempotent ? MessageFacts::kIdempotent : 0;
  messages[message].flags |= MessageFacts::kSent | AcksFlags(said.acks) | callback | idempotent;
  ++sent_count;
}

void Ledger::OnSendRefused(const notes::SendRefused& said, const kafka::Tables& tables,
                           const kafka::Setup& setup) {
  const uint32_t message = said.message.value;
  if (message >= messages.size()) MakeRoomFor(said.message, tables);
  MessageFacts& facts = messages[message];
  if (!facts.was_handed_over()) ++sent_count;
  facts.flags |= MessageFacts::kRefused;
  if (said.error == kafka::Error::kRecordTooLarge) facts.flags |= MessageFacts::kTooLarge;
  const uint16_t producer = tables[said.message].producer.value;
  const kafka::ProducerSetup& declared = setup.producers[producer];
  if (declared.program.has_callback) facts.flags |= MessageFacts::kHasCallback;
}

// The process of that producer has ended. If its program stood in a send() that blocked, the
// message is the last one that it made, and nothing was said of it.
void Ledger::OnBlockedSendEnded(kafka::ProducerIndex producer, const kafka::Tables& tables,
                                const kafka::Setup& setup) {
  const auto is_of_producer = [producer](const kafka::Message& each) {
    return each.producer == producer;
  };
  const auto last = std::find_if(tables.messages.rbegin(), tables.messages.rend(), is_of_producer);
  if (last == tables.messages.rend()) return;
  const auto message = static_cast<uint32_t>(tables.messages.rend() - last - 1);
  if (message >= messages.size()) MakeRoomFor({message}, tables);
  MessageFacts& facts = messages[message];
  if (facts.was_handed_over()) return;
  const kafka::ProducerSetup& declared = setup.producers[producer.value];
  facts.flags |= MessageFacts::kBlocked | AcksFlags(declared.settings.acks);
  if (declared.program.has_callback) facts.flags |= MessageFacts::kHasCallback;
  ++sent_count;
}

void Ledger::OnAcked(const notes::AckedToApplication& said, const kafka::Tables& tables) {
  ForEachOf(tables, said.batch, [&](MessageFacts& facts) {
    told_count += facts.has(MessageFacts::kTold) ? 0 : 1;
    facts.flags |= MessageFacts::kTold;
    facts.told_event = now.event;
    facts.told_time = CoarseTime::Of(now.time);
  });
}

void Ledger::OnFailed(const notes::FailedToApplication& said, const kafka::Tables& tables) {
  ForEachOf(tables, said.batch, [](MessageFacts& facts) { facts.flags |= MessageFacts::kFailed; });
}

void Ledger::FoldProducer(const sim::Note& note, const kafka::Tables& tables,
                          const kafka::Setup& setup) {
  notes::ProducerNotes::Visit(
      note, [&](const notes::Sent& said) { OnSent(said, tables); },
      [&](const notes::SendRefused& said) { OnSendRefused(said, tables, setup); },
      [&](const notes::AckedToApplication& said) { OnAcked(said, tables); },
      [&](const notes::FailedToApplication& said) { OnFailed(said, tables); },
      [&](const notes::Retried& said) { OnRetried(said, tables); },
      [&](const notes::Renumbered& said) { OnRenumbered(said); },
      [&](const notes::ProducerIdle& said) { idle_producers |= 1u << said.producer.value; },
      sim::Ignored<notes::BatchClosed, notes::ProduceSent>{});
}

void Ledger::OnRetried(const notes::Retried& said, const kafka::Tables& tables) {
  if (said.error ==
      kafka::Error::kMessageTooLarge) {  // it is split: its parts are smaller (KC:P-45)
    ForEachOf(tables, said.batch, [](MessageFacts& facts) {
      facts.flags &= static_cast<uint16_t>(~MessageFacts::kTooLarge);
    });
  }
  retry = {
      .partition = said.partition, .to = said.batch, .leader = {}, .error = said.error, .at = at()};
}

// What a producer numbers anew because of an answer, it numbers anew in the event of that answer.
void Ledger::OnRenumbered(const notes::Renumbered& said) {
  const PartitionId id = said.partition;
  const bool answered = retry.partition == id && retry.at.event == now.event;
  renumberings.push_back({.partition = id,
                          .to = said.renumbered,
                          .leader = of(id).record.leader,
                          .error = answered ? retry.error : kafka::Error::kNone,
                          .at = at()});
}

void Ledger::FoldConsumer(const sim::Note& note, const kafka::Tables& tables,
                          const kafka::Setup& setup) {
  notes::ConsumerNotes::Visit(
      note, [&](const notes::Processed& said) { OnProcessed(said, tables, setup); },
      [&](const notes::PositionReset& said) {  // what lies below is passed, read or not
        const kafka::GroupId group = setup.consumers[said.consumer.value].program.group;
        GroupProgress& progress = ProgressOf(group, said.partition);
        progress.processed_to = std::max(progress.processed_to, said.to);
      },
      [&](const notes::ConsumerEnded& said) {
        ended_consumers.push_back({.consumer = said.consumer,
                                   .partition = said.partition,
                                   .why = said.why,
                                   .position = said.position,
                                   .at = at()});
      },
      [&](const notes::Committed& said) {
        GroupProgress& group = ProgressOf(said.group, said.partition);
        group.committed = std::max(group.committed, said.offset);
      },
      sim::Ignored<notes::Polled, notes::ConsumerCaughtUp>{});
}

// Of a key whose messages lie in two partitions no log says which came first, only who processes
// them.
void Ledger::FollowKeys(const notes::Processed& said, const kafka::Tables& tables,
                        const kafka::Setup& setup) {
  const kafka::GroupId group = setup.consumers[said.consumer.value].program.group;
  const TableView table{&tables, said.partition};
  kafka::AppendedId entry = said.first;
  for (Offset at = said.from; at < said.to; ++entry.value) {
    const kafka::Batch& batch = tables[table.entry(entry.value).batch];
    Offset offset = table.entry(entry.value).base();
    kafka::MessageId message = batch.first;
    for (uint32_t i = 0; i < batch.count && message.exists(); ++i) {
      const bool has_key = setup.producers[tables[message].producer.value].program.keys > 0;
      const bool processed = said.from <= offset && offset < said.to;
      if (has_key && processed) FollowKey(group, tables[message], message);
      offset = offset + kafka::RecordCount{1};
      message = tables[message].next;
    }
    at = table.EndOf(entry.value);
  }
}

void Ledger::FollowKey(kafka::GroupId group, const kafka::Message& message, kafka::MessageId id) {
  const KeyProgress its{.group = group,
                        .producer = message.producer,
                        .key = message.key,
                        .partition = message.partition,
                        .greatest = message.number};
  const auto found =
      std::lower_bound(keys.begin(), keys.end(), its,
                       [](const KeyProgress& a, const auto& b) { return a.name() < b.name(); });
  if (found == keys.end() || found->name() != its.name()) {
    keys.insert(found, its);
    return;
  }
  const bool first = ((messages[id.value].processed >> (2 * group.value)) & 3) == 0;
  if (found->greatest < message.number) {
    *found = its;
  } else if (first && found->partition != message.partition) {
    messages[id.value].flags |= MessageFacts::kOvertaken;
  }
}

// The records that the program had in its hands, whatever any log holds by now.
void Ledger::OnProcessed(const notes::Processed& said, const kafka::Tables& tables,
                         const kafka::Setup& setup) {
  const PartitionId id = said.partition;
  const kafka::GroupId group = setup.consumers[said.consumer.value].program.group;
  const Offset from = said.from;
  const Offset to = said.to;
  GroupProgress& progress = ProgressOf(group, id);
  progress.processed_to = std::max(progress.processed_to, to);
  const TableView table{&tables, id};
  kafka::AppendedId entry = said.first;
  if (topics_grow) FollowKeys(said, tables, setup);
  for (Offset at = from; at < to; ++entry.value) {
    Offset offset = table.entry(entry.value).base();
    ForEachOf(tables, table.entry(entry.value).batch, [&](MessageFacts& facts) {
      if (from <= offset && offset < to) CountProcessed(facts, group.value);
      offset = offset + kafka::RecordCount{1};
    });
    at = table.EndOf(entry.value);
  }
}

}  // namespace kafka::ledger
