// Why a message that was not lost met its end: failed, doubled, out of order, unseen.
#include "model/kafka/explain/asking.h"

namespace kafka::explain {

using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::ledger::Fate;

// The client gave it up for its age: delivery.timeout.ms after send().
std::optional<why::FailedWith::TooOld> Asking::GaveUp(const Said& failed) const {
  const Said* taken = First({0}, [&](const sim::Note& note) {
    return note.kind == kafka::kSent && note.a == its.message.value;
  });
  if (taken == nullptr || failed.note.kind != kafka::kFailedToApplication) return std::nullopt;
  const sim::Duration timeout =
      its.setup().producers[its.tables()[its.message].producer.value].settings.delivery_timeout;
  if (failed.header.time < taken->header.time + timeout) return std::nullopt;
  return why::FailedWith::TooOld{taken->header.time, timeout};
}

kafka::Error ErrorSaid(const Said& said) {
  return static_cast<kafka::Error>(static_cast<uint8_t>(said.note.b));
}

void Asking::Failed() {
  const Said* failed = First({0}, [&](const sim::Note& note) {
    const bool refused = note.kind == kafka::kSendRefused && note.a == its.message.value;
    return refused || (note.kind == kafka::kFailedToApplication && its.IsOfBatch(note));
  });
  if (failed != nullptr) {
    Add(failed->header, why::FailedWith{ErrorSaid(*failed), GaveUp(*failed)});
  }
  if (its.fate == Fate::kGhost) AnswerLost();
  const Said* rejected = Last(its.moments.end.event, [&](const sim::Note& note) {
    return note.kind == kafka::kProduceRejected && its.IsOfBatch(note);
  });
  if (rejected != nullptr &&
      (ErrorSaid(*rejected) == kafka::Error::kNotEnoughReplicas ||
       ErrorSaid(*rejected) == kafka::Error::kNotEnoughReplicasAfterAppend)) {
    const kafka::ledger::PartitionRecord record = its.RecordBefore(rejected->header.event);
    Add(rejected->header,
        why::RefusedBelowMinIsr{.broker = BrokerAt(its.setup(), rejected->note.machine),
                                .isr = record.isr,
                                .min_isr = record.min_isr});
  }
  Unanswered();
}

// The leader was down; or it was up, and acks=all waited for a member of the ISR that was not.
void Asking::Unanswered() {
  const sim::EventId end = its.moments.end.event;
  const BrokerId leader = its.LeaderAt(end);
  if (const Said* down = DownAt(leader, end)) {
    if (its.WasLost()) return Add(down->header, why::WasDown{leader});
    return Add(down->header, why::LeaderWasDown{leader});
  }
  if (its.ledger().messages[its.message.value].acks() != kafka::Acks::kAll) return;
  const BrokerSet isr = its.RecordBefore(end).isr;
  for (uint8_t i = 0; i < its.setup().brokers.size(); ++i) {
    const Said* down = isr.contains({i}) ? DownAt({i}, end) : nullptr;
    if (down != nullptr) return Add(down->header, why::WaitsForMember{{i}, isr});
  }
}

void Asking::AnswerLost() {
  const Said* retried = First({0}, [&](const sim::Note& note) {
    return note.kind == kafka::kRetried && its.IsOfBatch(note);
  });
  if (retried == nullptr) return;
  Add(retried->header, why::AnswerLost{ErrorSaid(*retried), its.fate == Fate::kGhost});
}

// Which answer was lost, and why the broker did not recognise the second one.
void Asking::Twice() {
  AnswerLost();
  if (its.recording->entries().size() < 2) return;
  const kafka::Batch& batch = its.tables()[its.recording->batches().front()];
  const Said* renumbered = First({0}, [&](const sim::Note& note) {
    return note.kind == kafka::kRenumbered && its.IsOfBatch(note);
  });
  if (its.setup().mutant == kafka::Mutant::kNoDuplicateCheck) {
    Add({}, why::PlantedBug{its.setup().mutant});
  } else if (batch.producer_id < 0) {
    Add({}, why::IdempotenceOff{});
  } else if (renumbered != nullptr) {
    Add(renumbered->header, why::NewEpoch{});
  } else {
    Add({}, why::UnknownToLeader{its.LeaderAt(its.moments.end.event)});
  }
}

void Asking::Reordered() {
  Twice();
  const kafka::ProducerSetup& producer =
      its.setup().producers[its.tables()[its.message].producer.value];
  Add({}, why::ManyInFlight{producer.settings.max_in_flight});
  if (!producer.settings.enable_idempotence) Add({}, why::IdempotenceOff{});
}

void Asking::Awaited() {
  const Said* ended = its.ReadersEnd();
  if (ended == nullptr) return Add({}, why::ReaderBehind{});
  Add(ended->header, why::ReaderEnded{.consumer = {static_cast<uint16_t>(ended->note.a)},
                                      .reason = static_cast<kafka::ConsumerEnd>(ended->note.b)});
}

void Asking::Unread() {
  const sim::EventId end = its.said().back().header.event;
  const kafka::ledger::PartitionRecord record = its.RecordBefore({end.value + 1});
  if (!record.leader.exists()) {
    Add(HeaderOf(record.at), why::NobodyLeads{record.eligible()});
  } else if (its.fate == Fate::kInvisible) {
    const kafka::ledger::Replica* leader = its.ledger().Find(its.partition, record.leader);
    Add({}, why::WatermarkBelow{
                .high_watermark = leader == nullptr ? kafka::Offset{0} : leader->high_watermark,
                .isr = record.isr,
                .lacking = record.isr & its.WithoutCopy(),
                .min_isr = record.min_isr});
  } else if (its.IsAwaited()) {
    Awaited();
  } else {
    Add({}, why::StillWaiting{});
  }
}

void Asking::Others() {
  if (its.fate == Fate::kInvisible || its.fate == Fate::kPending) Unread();
  for (const Row& row : chain.rows) {
    const auto* passed = its.fate == Fate::kSkipped ? row.As<row::Passed>() : nullptr;
    if (passed != nullptr) {
      if (const auto* reset = std::get_if<row::Passed::ByReset>(&passed->how)) {
        Add(row.header, why::PositionReset{reset->from, reset->to});
      } else {
        Add(row.header, why::PositionPassed{std::get<row::Passed::ByCommit>(passed->how).offset});
      }
    } else if (row.Is<row::ServedAgain>() && its.fate == Fate::kDuplicate) {
      Add(row.header, why::ProcessedAgain{});
    }
  }
}

}  // namespace kafka::explain
