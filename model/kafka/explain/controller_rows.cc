// What the controller decided.
#include <optional>

#include "model/kafka/explain/chain.h"

namespace kafka::explain {
namespace {

using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::Election;

kafka::ledger::PartitionRecord RecordOf(const Said& said) {
  const sim::Note& note = said.note;
  kafka::ledger::PartitionRecord record;
  record.leader = {static_cast<uint8_t>(kafka::High(note.a))};
  record.how = static_cast<Election>(kafka::Low(note.a));
  record.leader_epoch = {static_cast<int32_t>(kafka::High(note.b))};
  record.isr = {static_cast<uint16_t>(note.c)};
  record.elr = {static_cast<uint16_t>(note.c >> 16)};
  return record;
}

struct ControllerRows {
  const Inquiry& its;
  std::vector<Row>& rows;

  sim::EventId From() const {
    const Moments& at = its.moments;
    if (at.sent.event.exists()) return at.sent.event;
    return at.appended.event.exists() ? at.appended.event : sim::EventId{0};
  }
  // The election of the leader without it; where the last copy had gone before, the next one.
  bool Decides(const Said& said) const {
    if (!its.WasLost()) return false;
    const kafka::ledger::Finding& finding = *its.finding;
    if (its.LostByElection()) {
      return finding.elected.exists() && finding.elected.event == said.header.event;
    }
    for (const kafka::ledger::PartitionRecord& record : its.ledger().records) {
      const bool leads = record.partition == its.partition && record.leader.exists() &&
                         record.how != Election::kNone;
      if (!leads || !record.at.exists() || record.at.event < finding.lost.event) continue;
      return record.at.event == said.header.event;
    }
    return false;
  }
  // A replica left the ISR, and never had the message, or could have led with it.
  bool ExplainsLack(BrokerSet left) const {
    if (!its.WasLost()) return true;
    const kafka::ledger::Finding& finding = *its.finding;
    return left.contains(finding.loser) || !(left & finding.unused).empty();
  }
  std::optional<row::Fencing> FencedBy(const Said& record) const;
  void OfRecord(const Said& said);
};

row::Fencing::Reason ReasonOf(uint64_t code) {
  if (code == 1) return row::Fencing::Reason::kSessionExpired;
  return code == 2 ? row::Fencing::Reason::kStops : row::Fencing::Reason::kRegisteredAnew;
}

// The fencing that the record is part of. Of several brokers that are fenced in one event, each is
// named after its own records.
std::optional<row::Fencing> ControllerRows::FencedBy(const Said& record) const {
  bool written = false;
  for (const Said& said : its.said()) {
    if (said.header.event != record.header.event) continue;
    written |= said.note == record.note;
    if (!written || said.note.kind != kafka::kFenced) continue;
    return row::Fencing{{static_cast<uint8_t>(said.note.subject)}, ReasonOf(said.note.b)};
  }
  return std::nullopt;
}

void ControllerRows::OfRecord(const Said& said) {
  const kafka::ledger::PartitionRecord before = its.RecordBefore(said.header.event);
  const kafka::ledger::PartitionRecord now = RecordOf(said);
  const BrokerSet left = before.isr - now.isr;
  const bool early = said.header.event < From();
  if (said.header.event > its.moments.end.event && !Decides(said)) return;
  if (now.how == Election::kNone) {
    if (left.empty()) return;
    // What happened before the message was sent matters if it still held then.
    if (early && (left - its.RecordBefore(From()).isr).empty()) return;
    rows.push_back(MakeRow(row::IsrShrank{left, now.isr}, said, ExplainsLack(left) ? 3 : 5));
  } else if (now.how == Election::kLeaderless) {
    if (early) return;
    const bool decides = its.WasLost() || its.fate == kafka::ledger::Fate::kInvisible;
    const row::Leaderless detail{FencedBy(said), now.isr, now.elr};
    rows.push_back(MakeRow(detail, said, decides ? 2 : 3));
  } else {
    if (early && !Decides(said)) return;
    const row::Elected detail{.fenced = FencedBy(said),
                              .leader = now.leader,
                              .how = now.how,
                              .isr_before = before.isr,
                              .elr_before = before.elr,
                              .epoch_before = before.leader_epoch,
                              .epoch = now.leader_epoch};
    rows.push_back(MakeRow(detail, said, Decides(said) ? 0 : 3));
  }
}

}  // namespace

void AddControllerRows(const Inquiry& its, std::vector<Row>& rows) {
  ControllerRows controller{its, rows};
  for (const Said& said : its.said()) {
    if (said.note.kind == kafka::kPartitionState && its.IsOfPartition(said.note)) {
      controller.OfRecord(said);
    }
  }
}

}  // namespace kafka::explain
