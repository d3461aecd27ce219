// Why a message that was not lost met its end: failed, doubled, out of order, unseen.
#include "model/kafka/explain/asking.h"

namespace kafka::explain {

using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::ledger::Fate;

// The client gave it up for its age: delivery.timeout.ms after send().
bool Asking::GaveUp(const Said& failed, const Said* taken) const {
  if (taken == nullptr || failed.note.kind != kafka::kFailedToApplication) return false;
  const kafka::ProducerSetup& producer =
      its.setup().producers[its.tables()[its.message].producer.value];
  return failed.header.time >= taken->header.time + producer.settings.delivery_timeout;
}

void Asking::Failed() {
  const Moments& at = its.moments;
  const Said* failed = First({0}, [&](const sim::Note& note) {
    const bool refused = note.kind == kafka::kSendRefused && note.a == its.message.value;
    return refused || (note.kind == kafka::kFailedToApplication && its.IsOfBatch(note));
  });
  const Said* taken = First({0}, [&](const sim::Note& note) {
    return note.kind == kafka::kSent && note.a == its.message.value;
  });
  if (failed != nullptr) {
    const bool gave_up = GaveUp(*failed, taken);
    Add({.kind = WhyKind::kFailedWith,
         .at = failed->header,
         .a = failed->note.b,
         .b = gave_up ? static_cast<uint64_t>(taken->header.time.ns) : 0});
  }
  if (its.fate == Fate::kGhost) AnswerLost();
  const Said* rejected = Last(at.end.event, [&](const sim::Note& note) {
    return note.kind == kafka::kProduceRejected && its.IsOfBatch(note);
  });
  if (rejected != nullptr &&
      (rejected->note.b == static_cast<uint64_t>(kafka::Error::kNotEnoughReplicas) ||
       rejected->note.b == static_cast<uint64_t>(kafka::Error::kNotEnoughReplicasAfterAppend))) {
    const kafka::ledger::PartitionRecord record = its.RecordBefore(rejected->header.event);
    Add({.kind = WhyKind::kRefusedBelowMinIsr,
         .broker = BrokerAt(its.setup(), rejected->note.machine),
         .set = record.isr,
         .at = rejected->header,
         .a = static_cast<uint64_t>(record.min_isr)});
  }
  Unanswered();
}

// The leader was down; or it was up, and acks=all waited for a member of the ISR that was not.
void Asking::Unanswered() {
  const sim::EventId end = its.moments.end.event;
  const BrokerId leader = its.LeaderAt(end);
  if (const Said* down = DownAt(leader, end)) {
    return Add({.kind = WhyKind::kWasDown,
                .broker = leader,
                .set = BrokerSet::Of(leader),
                .at = down->header});
  }
  if (its.ledger().messages[its.message.value].acks() != kafka::Acks::kAll) return;
  const BrokerSet isr = its.RecordBefore(end).isr;
  for (uint8_t i = 0; i < its.setup().brokers.size(); ++i) {
    const Said* down = isr.contains({i}) ? DownAt({i}, end) : nullptr;
    if (down == nullptr) continue;
    return Add({.kind = WhyKind::kWaitsForMember, .broker = {i}, .set = isr, .at = down->header});
  }
}

void Asking::AnswerLost() {
  const Said* retried = First({0}, [&](const sim::Note& note) {
    return note.kind == kafka::kRetried && its.IsOfBatch(note);
  });
  if (retried == nullptr) return;
  Add({.kind = WhyKind::kAnswerLost,
       .broker = its.moments.author,
       .at = retried->header,
       .a = retried->note.b});
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
    Add({.kind = WhyKind::kPlantedBug, .a = static_cast<uint64_t>(its.setup().mutant)});
  } else if (batch.producer_id < 0) {
    Add({.kind = WhyKind::kIdempotenceOff});
  } else if (renumbered != nullptr) {
    Add({.kind = WhyKind::kNewEpoch, .at = renumbered->header});
  } else {
    Add({.kind = WhyKind::kUnknownToLeader, .broker = its.LeaderAt(its.moments.end.event)});
  }
}

void Asking::Reordered() {
  Twice();
  const kafka::ProducerSetup& producer =
      its.setup().producers[its.tables()[its.message].producer.value];
  Add({.kind = WhyKind::kManyInFlight, .a = producer.settings.max_in_flight});
  if (!producer.settings.enable_idempotence) Add({.kind = WhyKind::kIdempotenceOff});
}

void Asking::Awaited() {
  if (const Said* ended = its.ReadersEnd()) {
    return Add({.kind = WhyKind::kReaderEnded,
                .at = ended->header,
                .a = ended->note.b,
                .b = ended->note.a});
  }
  Add({.kind = WhyKind::kReaderBehind});
}

void Asking::Others() {
  const sim::EventId end = its.said().back().header.event;
  const kafka::ledger::PartitionRecord record = its.RecordBefore({end.value + 1});
  if (its.fate == Fate::kInvisible || its.fate == Fate::kPending) {
    if (!record.leader.exists()) {
      Add({.kind = WhyKind::kNobodyLeads, .set = record.eligible(), .at = HeaderOf(record.at)});
    } else if (its.fate == Fate::kInvisible) {
      const kafka::ledger::Replica* leader = its.ledger().Find(its.partition, record.leader);
      Add({.kind = WhyKind::kWatermarkBelow,
           .broker = record.leader,
           .set = record.isr & its.WithoutCopy(),
           .a = leader == nullptr ? 0 : static_cast<uint64_t>(leader->high_watermark.value),
           .b = static_cast<uint64_t>(record.min_isr) << 32 | record.isr.value});
    } else if (its.IsAwaited()) {
      Awaited();
    } else {
      Add({.kind = WhyKind::kStillWaiting});
    }
  }
  for (const Row& row : chain.rows) {
    if (row.kind == RowKind::kPassed && its.fate == Fate::kSkipped) {
      const bool reset = row.note.kind == kafka::kPositionReset;
      Add({.kind = reset ? WhyKind::kPositionReset : WhyKind::kPositionPassed,
           .at = row.header,
           .a = row.note.b,
           .b = row.note.c});
    } else if (row.kind == RowKind::kServedAgain && its.fate == Fate::kDuplicate) {
      Add({.kind = WhyKind::kProcessedAgain, .at = row.header});
    }
  }
}

}  // namespace kafka::explain
