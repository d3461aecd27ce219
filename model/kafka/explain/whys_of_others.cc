// Why a message that was not lost met its end: failed, doubled, out of order, unseen.
#include "model/kafka/explain/why_collector.h"

namespace kafka::explain {

using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::ledger::Fate;

// The client gave it up for its age: delivery.timeout.ms after send().
std::optional<why::FailedWith::TooOld> WhyCollector::GaveUp(const RecordedNote& failed) const {
  const RecordedNote* taken = First({0}, [&](const sim::Note& note) {
    const auto sent = note.If<notes::Sent>();
    return sent && sent->message == inquiry.message;
  });
  if (taken == nullptr || !failed.note.Is<notes::FailedToApplication>()) return std::nullopt;
  const sim::Duration timeout = inquiry.setup()
                                    .producers[inquiry.tables()[inquiry.message].producer.value]
                                    .settings.delivery_timeout;
  if (failed.header.time < taken->header.time + timeout) return std::nullopt;
  return why::FailedWith::TooOld{taken->header.time, timeout};
}

// Requires: the note says that something failed.
kafka::Error ErrorIn(const RecordedNote& said) {
  const auto error =
      said.note.Visit<notes::SendRefused, notes::FailedToApplication, notes::ProduceRejected,
                      notes::Retried>([](const auto& note) { return note.error; });
  SIM_CHECK(error.has_value());
  return *error;
}

void WhyCollector::Failed() {
  const RecordedNote* failed = First({0}, [&](const sim::Note& note) {
    const auto refused = note.If<notes::SendRefused>();
    return (refused && refused->message == inquiry.message) ||
           (note.Is<notes::FailedToApplication>() && inquiry.IsOfBatch(note));
  });
  if (failed != nullptr) {
    Add(failed->header, why::FailedWith{ErrorIn(*failed), GaveUp(*failed)});
  }
  if (inquiry.fate == Fate::kGhost) AnswerLost();
  const RecordedNote* rejected = Last(inquiry.moments.end.event, [&](const sim::Note& note) {
    return note.Is<notes::ProduceRejected>() && inquiry.IsOfBatch(note);
  });
  if (rejected != nullptr && (ErrorIn(*rejected) == kafka::Error::kNotEnoughReplicas ||
                              ErrorIn(*rejected) == kafka::Error::kNotEnoughReplicasAfterAppend)) {
    const kafka::ledger::PartitionRecord record = inquiry.RecordBefore(rejected->header.event);
    Add(rejected->header,
        why::RefusedBelowMinIsr{.broker = BrokerAt(inquiry.setup(), rejected->note.machine),
                                .isr = record.isr,
                                .min_isr = record.min_isr});
  }
  Unanswered();
}

// The leader was down; or it was up, and acks=all waited for a member of the ISR that was not.
void WhyCollector::Unanswered() {
  const sim::EventId end = inquiry.moments.end.event;
  const BrokerId leader = inquiry.LeaderAt(end);
  if (const RecordedNote* down = DownAt(leader, end)) {
    if (inquiry.WasLost()) return Add(down->header, why::WasDown{leader});
    return Add(down->header, why::LeaderWasDown{leader});
  }
  if (inquiry.ledger().messages[inquiry.message.value].acks() != kafka::Acks::kAll) return;
  const BrokerSet isr = inquiry.RecordBefore(end).isr;
  for (uint8_t i = 0; i < inquiry.setup().brokers.size(); ++i) {
    const RecordedNote* down = isr.contains({i}) ? DownAt({i}, end) : nullptr;
    if (down != nullptr) return Add(down->header, why::WaitsForMember{{i}, isr});
  }
}

void WhyCollector::AnswerLost() {
  const RecordedNote* retried = First({0}, [&](const sim::Note& note) {
    return note.Is<notes::Retried>() && inquiry.IsOfBatch(note);
  });
  if (retried == nullptr) return;
  Add(retried->header, why::AnswerLost{ErrorIn(*retried), inquiry.fate == Fate::kGhost});
}

// Which answer was lost, and why the broker did not recognise the second one.
void WhyCollector::Twice() {
  AnswerLost();
  if (inquiry.recording->entries().size() < 2) return;
  const kafka::Batch& batch = inquiry.tables()[inquiry.recording->batches().front()];
  const RecordedNote* renumbered = First({0}, [&](const sim::Note& note) {
    return note.Is<notes::Renumbered>() && inquiry.IsOfBatch(note);
  });
  if (inquiry.setup().mutant == kafka::Mutant::kNoDuplicateCheck) {
    Add({}, why::PlantedBug{inquiry.setup().mutant});
  } else if (batch.producer_id < 0) {
    Add({}, why::IdempotenceOff{});
  } else if (renumbered != nullptr) {
    Add(renumbered->header, why::NewEpoch{});
  } else {
    Add({}, why::UnknownToLeader{inquiry.LeaderAt(inquiry.moments.end.event)});
  }
}

void WhyCollector::Reordered() {
  Twice();
  const kafka::ProducerSetup& producer =
      inquiry.setup().producers[inquiry.tables()[inquiry.message].producer.value];
  Add({}, why::ManyInFlight{producer.settings.max_in_flight});
  if (!producer.settings.enable_idempotence) Add({}, why::IdempotenceOff{});
}

void WhyCollector::Awaited() {
  const RecordedNote* ended = inquiry.ReadersEnd();
  if (ended == nullptr) return Add({}, why::ReaderBehind{});
  const auto note = ended->note.As<notes::ConsumerEnded>();
  Add(ended->header, why::ReaderEnded{.consumer = note.consumer, .reason = note.why});
}

void WhyCollector::Unread() {
  const sim::EventId end = inquiry.notes().back().header.event;
  const kafka::ledger::PartitionRecord record = inquiry.RecordBefore({end.value + 1});
  if (!record.leader.exists()) {
    Add(HeaderOf(record.at), why::NobodyLeads{record.eligible()});
  } else if (inquiry.fate == Fate::kInvisible) {
    const kafka::ledger::Replica* leader = inquiry.ledger().Find(inquiry.partition, record.leader);
    Add({}, why::WatermarkBelow{
                .high_watermark = leader == nullptr ? kafka::Offset{0} : leader->high_watermark,
                .isr = record.isr,
                .lacking = record.isr & inquiry.WithoutCopy(),
                .min_isr = record.min_isr});
  } else if (inquiry.IsAwaited()) {
    Awaited();
  } else {
    Add({}, why::StillWaiting{});
  }
}

void WhyCollector::Others() {
  if (inquiry.fate == Fate::kInvisible || inquiry.fate == Fate::kPending) Unread();
  for (const Row& row : chain.rows) {
    const auto* passed = inquiry.fate == Fate::kSkipped ? row.As<row::Passed>() : nullptr;
    if (passed != nullptr) {
      if (const auto* reset = std::get_if<row::Passed::ByReset>(&passed->how)) {
        Add(row.header, why::PositionReset{reset->from, reset->to});
      } else {
        Add(row.header, why::PositionPassed{std::get<row::Passed::ByCommit>(passed->how).offset});
      }
    } else if (row.Is<row::ServedAgain>() && inquiry.fate == Fate::kDuplicate) {
      Add(row.header, why::ProcessedAgain{});
    }
  }
}

}  // namespace kafka::explain
