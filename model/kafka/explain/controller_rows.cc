// What the controller decided.
#include <optional>

#include "model/kafka/explain/chain.h"

namespace kafka::explain {
namespace {

using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::Election;

struct ControllerRows {
  const Inquiry& inquiry;
  std::vector<Row>& rows;

  sim::EventId From() const {
    const Moments& at = inquiry.moments;
    if (at.sent.event.exists()) return at.sent.event;
    return at.appended.event.exists() ? at.appended.event : sim::EventId{0};
  }
  // The election of the leader without it; where the last copy had gone before, the next one.
  bool Decides(const RecordedNote& said) const {
    if (!inquiry.WasLost()) return false;
    const kafka::ledger::Finding& finding = *inquiry.finding;
    if (inquiry.LostByElection()) {
      return finding.elected.exists() && finding.elected.event == said.header.event;
    }
    for (const kafka::ledger::PartitionRecord& record : inquiry.ledger().records) {
      const bool leads = record.partition == inquiry.partition && record.leader.exists() &&
                         record.how != Election::kNone;
      if (!leads || !record.at.exists() || record.at.event < finding.lost.event) continue;
      return record.at.event == said.header.event;
    }
    return false;
  }
  // A replica left the ISR, and never had the message, or could have led with it.
  bool ExplainsLack(BrokerSet left) const {
    if (!inquiry.WasLost()) return true;
    const kafka::ledger::Finding& finding = *inquiry.finding;
    return left.contains(finding.loser) || !(left & finding.unused).empty();
  }
  std::optional<row::Fencing> FencedBy(const RecordedNote& record) const;
  void OfRecord(const RecordedNote& said, const notes::PartitionState& now);
};

row::Fencing::Reason ReasonOf(kafka::FenceReason reason) {
  switch (reason) {
    case kafka::FenceReason::kSessionExpired:
      return row::Fencing::Reason::kSessionExpired;
    case kafka::FenceReason::kOwnWish:
      return row::Fencing::Reason::kStops;
    case kafka::FenceReason::kReplaced:
      break;
  }
  return row::Fencing::Reason::kRegisteredAnew;
}

// The fencing that the record is part of. Of several brokers that are fenced in one event, each is
// named after its own records.
std::optional<row::Fencing> ControllerRows::FencedBy(const RecordedNote& record) const {
  bool written = false;
  for (const RecordedNote& said : inquiry.notes()) {
    if (said.header.event != record.header.event) continue;
    written |= said.note == record.note;
    const auto fenced = said.note.If<notes::Fenced>();
    if (written && fenced) return row::Fencing{fenced->broker, ReasonOf(fenced->reason)};
  }
  return std::nullopt;
}

void ControllerRows::OfRecord(const RecordedNote& said, const notes::PartitionState& now) {
  const kafka::ledger::PartitionRecord before = inquiry.RecordBefore(said.header.event);
  const BrokerSet left = before.isr - now.isr;
  const bool early = said.header.event < From();
  if (said.header.event > inquiry.moments.end.event && !Decides(said)) return;
  if (now.election == Election::kNone) {
    if (left.empty()) return;
    // What happened before the message was sent matters if it still held then.
    if (early && (left - inquiry.RecordBefore(From()).isr).empty()) return;
    rows.push_back(MakeRow(row::IsrShrank{left, now.isr}, said, ExplainsLack(left) ? 3 : 5));
  } else if (now.election == Election::kLeaderless) {
    if (early) return;
    const bool decides = inquiry.WasLost() || inquiry.fate == kafka::ledger::Fate::kInvisible;
    const row::Leaderless detail{FencedBy(said), now.isr, now.elr};
    rows.push_back(MakeRow(detail, said, decides ? 2 : 3));
  } else {
    if (early && !Decides(said)) return;
    const row::Elected detail{.fenced = FencedBy(said),
                              .leader = now.leader,
                              .how = now.election,
                              .isr_before = before.isr,
                              .elr_before = before.elr,
                              .epoch_before = before.leader_epoch,
                              .epoch = now.leader_epoch};
    rows.push_back(MakeRow(detail, said, Decides(said) ? 0 : 3));
  }
}

}  // namespace

void AddControllerRows(const Inquiry& inquiry, std::vector<Row>& rows) {
  ControllerRows controller{inquiry, rows};
  for (const RecordedNote& said : inquiry.notes()) {
    const auto record = said.note.If<notes::PartitionState>();
    if (record && inquiry.IsOfPartition(said.note)) controller.OfRecord(said, *record);
  }
}

}  // namespace kafka::explain
