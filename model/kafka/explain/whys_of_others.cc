// Why a message that was not lost met its end: failed, doubled, out of order, unseen.
#include "model/kafka/explain/asking.h"

namespace kafka::explain {

using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::ledger::Fate;

// The client gave it up for its age: delivery.timeout.ms after send().
std::optional<why::FailedWith::TooOld> Asking::GaveUp(const Said& failed) const {
  const Said* taken = First({0}, [&](const sim::Note& note) {
    const auto sent = note.If<notes::Sent>();
    return sent && sent->message == its.message;
  });
  if (taken == nullptr || !failed.note.Is<notes::FailedToApplication>()) return std::nullopt;
  const sim::Duration timeout =
      its.setup().producers[its.tables()[its.message].producer.value].settings.delivery_timeout;
  if (failed.header.time < taken->header.time + timeout) return std::nullopt;
  return why::FailedWith::TooOld{taken->header.time, timeout};
}

// Requires: the note says that something failed.
kafka::Error ErrorSaid(const Said& said) {
  const auto error =
      said.note.Visit<notes::SendRefused, notes::FailedToApplication, notes::ProduceRejected,
                      notes::Retried>([](const auto& note) { return note.error; });
  SIM_CHECK(error.has_value());
  return *error;
}

void Asking::Failed() {
  const Said* failed = First({0}, [&](const sim::Note& note) {
    const auto refused = note.If<notes::SendRefused>();
    return (refused && refused->message == its.message) ||
           (note.Is<notes::FailedToApplication>() && its.IsOfBatch(note));
  });
  if (failed != nullptr) {
    Add(failed->header, why::FailedWith{ErrorSaid(*failed), GaveUp(*failed)});
  }
  if (its.fate == Fate::kGhost) AnswerLost();
  const Said* rejected = Last(its.moments.end.event, [&](const sim::Note& note) {
    return note.Is<notes::ProduceRejected>() && its.IsOfBatch(note);
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
  const Said* retried = First(
      {0}, [&](const sim::Note& note) { return note.Is<notes::Retried>() && its.IsOfBatch(note); });
  if (retried == nullptr) return;
  Add(retried->header, why::AnswerLost{ErrorSaid(*retried), its.fate == Fate::kGhost});
}

// Which answer was lost, and why the broker did not recognise the second one.
void Asking::Twice() {
  AnswerLost();
  if (its.recording->entries().size() < 2) return;
  const kafka::Batch& batch = its.tables()[its.recording->batches().front()];
  const Said* renumbered = First({0}, [&](const sim::Note& note) {
    return note.Is<notes::Renumbered>() && its.IsOfBatch(note);
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
  const auto note = ended->note.As<notes::ConsumerEnded>();
  Add(ended->header, why::ReaderEnded{.consumer = note.consumer, .reason = note.why});
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
