// What became of copies.
#include <algorithm>

#include "model/kafka/explain/chain.h"

namespace kafka::explain {
namespace {

using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::High;
using kafka::Low;
using kafka::Offset;

struct LogRows {
  const Inquiry& its;
  std::vector<Row>& rows;
  bool appended = false;
  bool replaced = false;
  bool committed = false;

  void Add(const Said& said);
  void AddAppended(const Said& said);
  void AddRemoval(const Said& said);
  BrokerSet LosesNow(const Said& said, kafka::ledger::Removal::How how) const;
  bool StartedAnew(const Said& said) const;
};

// Brokers whose copy goes with this note's event.
BrokerSet LogRows::LosesNow(const Said& said, kafka::ledger::Removal::How how) const {
  BrokerSet set;
  for (const kafka::ledger::Removal& removal : its.ledger().removals) {
    if (removal.at.event != said.header.event || removal.how != how) continue;
    if (removal.partition != its.partition || !its.HoldsOurs(removal.ids)) continue;
    if (removal.holder == BrokerOf(its.setup(), said.note)) set = set.With(removal.holder);
  }
  return set;
}

// Its process was started after the message was written.
bool LogRows::StartedAnew(const Said& said) const {
  for (const Said& other : its.said()) {
    if (other.header.event > said.header.event) break;
    const bool starts =
        other.note.kind == sim::kNoteProcessStarted && other.note.machine == said.note.machine;
    if (starts && other.header.event > its.moments.appended.event) return true;
  }
  return false;
}

void LogRows::AddAppended(const Said& said) {
  const kafka::ledger::IdRange ids{High(said.note.a), Low(said.note.a)};
  const bool as_leader = Low(said.note.c) != 0;
  if (its.HoldsOurs(ids)) {
    const RowKind kind = !as_leader ? RowKind::kCopied
                         : appended ? RowKind::kAppendedAgain
                                    : RowKind::kAppended;
    Row row = MakeRow(kind, said);
    row.brokers = BrokerSet::Of(BrokerAt(its.setup(), said.note.machine));
    row.rank = kind == RowKind::kCopied ? 3 : kind == RowKind::kAppended ? 0 : 1;
    appended = appended || as_leader;
    rows.push_back(row);
    return;
  }
  // Another message at its offset, by a leader of a later epoch.
  if (!as_leader || replaced || !appended) return;
  const kafka::Appended& entry = its.tables().At(its.partition, {ids.first});
  const Offset end = its.tables().EndOf(its.partition, {ids.end() - 1});
  if (entry.epoch() <= its.moments.epoch) return;
  if (entry.base() > its.moments.offset || end <= its.moments.offset) return;
  if (its.outcome->verdict.read.offsets[its.message.value] == its.moments.offset) return;
  Row row = MakeRow(RowKind::kReplaced, said);
  row.rank = 2;
  row.other = its.tables()[entry.batch].first;
  for (Offset at = entry.base(); at < its.moments.offset && row.other.exists();
       at = at + kafka::RecordCount{1}) {
    row.other = its.tables()[row.other].next;
  }
  replaced = true;
  rows.push_back(row);
}

void LogRows::AddRemoval(const Said& said) {
  using How = kafka::ledger::Removal::How;
  const bool truncates = said.note.kind == kafka::kTruncated;
  const How how = truncates ? How::kTruncated : How::kShorterRecovery;
  const BrokerSet loses = LosesNow(said, how);
  if (loses.empty()) return;
  Row row = MakeRow(truncates ? RowKind::kTruncated : RowKind::kShortRecovery, said);
  row.brokers = loses;
  row.extra = truncates && StartedAnew(said) ? 1 : 0;
  row.rank = 2;
  rows.push_back(row);
}

void LogRows::Add(const Said& said) {
  const sim::Note& note = said.note;
  if (note.kind == sim::kNoteDataLost) {
    const BrokerSet loses = LosesNow(said, kafka::ledger::Removal::How::kUnsyncedLost);
    if (loses.empty() || (note.subject & 0xffff) != its.partition.value) return;
    Row row = MakeRow(RowKind::kCacheLost, said);
    row.brokers = loses;
    row.rank = 1;
    rows.push_back(row);
    return;
  }
  if (!its.IsOfPartition(note)) return;
  if (note.kind == kafka::kAppended) {
    AddAppended(said);
  } else if (note.kind == kafka::kTruncated || note.kind == kafka::kRecovered) {
    AddRemoval(said);
  } else if (note.kind == kafka::kHighWatermark && appended && !committed) {
    const Offset from{static_cast<int64_t>(note.b)};
    const Offset to{static_cast<int64_t>(note.a)};
    if (from > its.moments.offset || to <= its.moments.offset) return;
    // Of this message, and not of another one at its offset.
    const BrokerId leader = BrokerAt(its.setup(), note.machine);
    if (its.recording->After(said.header.event)[leader.value] == Layer::kNone &&
        its.recording->Before(said.header.event)[leader.value] == Layer::kNone) {
      return;
    }
    Row row = MakeRow(RowKind::kCommitted, said);
    row.rank = 3;
    committed = true;
    rows.push_back(row);
  } else if (note.kind == kafka::kBecameLeader && appended) {
    Row row = MakeRow(RowKind::kTookOffice, said);
    row.rank = its.WasLost() && its.finding->lost.event == said.header.event ? 3 : 6;
    rows.push_back(row);
  }
}

// When a copy first reached a medium, broker by broker.
void AddDurableRows(const Inquiry& its, std::vector<Row>& rows) {
  Copies before{};
  for (const CopyState& state : its.recording->states()) {
    for (uint8_t i = 0; i < before.size(); ++i) {
      const bool now = state.copies[i] == Layer::kMedium && before[i] != Layer::kMedium &&
                       before[i] != Layer::kNone && before[i] != Layer::kDead;
      if (!now) continue;
      Row row;
      row.kind = RowKind::kDurable;
      row.header = {state.event, {}, state.time};
      row.brokers = BrokerSet::Of({i});
      row.rank = its.fate == kafka::ledger::Fate::kOk ? 2 : 7;
      rows.push_back(row);
    }
    before = state.copies;
  }
}

// What the followers last asked for, or were last given, before the leader wrote it and went.
void AddLastFetch(const Inquiry& its, std::vector<Row>& rows) {
  if (!its.WasLost() || !its.moments.appended.event.exists()) return;
  const kafka::ledger::Finding& finding = *its.finding;
  if (!finding.loser.exists() || finding.loser == finding.author) return;
  const Said* last = nullptr;
  for (const Said& said : its.said()) {
    if (finding.lost.exists() && said.header.event >= finding.lost.event) break;
    const bool fetch =
        said.note.kind == kafka::kFetchAnswered || said.note.kind == kafka::kFollowerFetched;
    if (!fetch || !its.IsOfPartition(said.note) || said.note.a != finding.loser.value) continue;
    if (BrokerAt(its.setup(), said.note.machine) != finding.author) continue;
    const uint64_t end = said.note.kind == kafka::kFetchAnswered ? said.note.c : said.note.b;
    if (end <= static_cast<uint64_t>(its.moments.offset.value)) last = &said;
  }
  if (last == nullptr) return;
  Row row = MakeRow(RowKind::kLastFetch, *last);
  row.brokers = BrokerSet::Of(finding.loser);
  row.rank = 3;
  rows.push_back(row);
}

}  // namespace

void AddLogRows(const Inquiry& its, std::vector<Row>& rows) {
  LogRows log{its, rows};
  for (const Said& said : its.said()) log.Add(said);
  AddDurableRows(its, rows);
  AddLastFetch(its, rows);
}

}  // namespace kafka::explain
