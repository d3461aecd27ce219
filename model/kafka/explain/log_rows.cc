// What became of copies.
#include <algorithm>

#include "model/kafka/explain/chain.h"

namespace kafka::explain {
namespace {

using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::High;
using kafka::LeaderEpoch;
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
  void AddCommitted(const Said& said);
  row::Append AppendOf(const Said& said, kafka::ledger::IdRange ids) const;
  BrokerSet LosesNow(const Said& said, kafka::ledger::Removal::How how) const;
  bool StartedAnew(const Said& said) const;
};

LeaderEpoch EpochOf(uint64_t value) { return {static_cast<int32_t>(value)}; }

// The high watermark that a leader's machine had moved to before `event`.
Offset WatermarkBefore(const Inquiry& its, sim::MachineId machine, sim::EventId event) {
  Offset watermark{0};
  for (const Said& said : its.said()) {
    if (said.header.event >= event) break;
    const bool moves =
        said.note.kind == kafka::kHighWatermark || said.note.kind == kafka::kFollowerHighWatermark;
    if (moves && its.IsOfPartition(said.note) && said.note.machine == machine) {
      watermark = OffsetOf(said.note.a);
    }
  }
  return watermark;
}

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

row::Append LogRows::AppendOf(const Said& said, kafka::ledger::IdRange ids) const {
  return {.leader = BrokerAt(its.setup(), said.note.machine),
          .from = OffsetOf(said.note.b),
          .to = its.tables().EndOf(its.partition, {ids.end() - 1}),
          .epoch = EpochOf(High(said.note.c)),
          .high_watermark = WatermarkBefore(its, said.note.machine, said.header.event)};
}

void LogRows::AddAppended(const Said& said) {
  const kafka::ledger::IdRange ids{High(said.note.a), Low(said.note.a)};
  const bool as_leader = Low(said.note.c) != 0;
  if (its.HoldsOurs(ids)) {
    const BrokerId broker = BrokerAt(its.setup(), said.note.machine);
    if (!as_leader) {
      rows.push_back(MakeRow(row::Copied{BrokerSet::Of(broker)}, said, 3));
    } else if (appended) {
      rows.push_back(MakeRow(row::AppendedAgain{AppendOf(said, ids)}, said, 1));
    } else {
      rows.push_back(MakeRow(row::Appended{AppendOf(said, ids)}, said, 0));
    }
    appended = appended || as_leader;
    return;
  }
  // Another message at its offset, by a leader of a later epoch.
  if (!as_leader || replaced || !appended) return;
  const kafka::Appended& entry = its.tables().At(its.partition, {ids.first});
  const Offset end = its.tables().EndOf(its.partition, {ids.end() - 1});
  if (entry.epoch() <= its.moments.epoch) return;
  if (entry.base() > its.moments.offset || end <= its.moments.offset) return;
  if (its.outcome->verdict.read.offsets[its.message.value] == its.moments.offset) return;
  row::Replaced detail{.other = its.tables()[entry.batch].first, .offset = its.moments.offset};
  for (Offset at = entry.base(); at < its.moments.offset && detail.other.exists();
       at = at + kafka::RecordCount{1}) {
    detail.other = its.tables()[detail.other].next;
  }
  replaced = true;
  rows.push_back(MakeRow(detail, said, 2));
}

void LogRows::AddRemoval(const Said& said) {
  using How = kafka::ledger::Removal::How;
  const bool truncates = said.note.kind == kafka::kTruncated;
  const BrokerSet loses = LosesNow(said, truncates ? How::kTruncated : How::kShorterRecovery);
  if (loses.empty()) return;
  if (!truncates) {
    const row::ShortRecovery detail{.broker = BrokerOf(its.setup(), said.note),
                                    .log_end = OffsetOf(said.note.a)};
    rows.push_back(MakeRow(detail, said, 2));
    return;
  }
  const row::Truncated detail{.brokers = loses,
                              .from = OffsetOf(said.note.b),
                              .to = OffsetOf(said.note.a),
                              .epoch = EpochOf(said.note.c),
                              .restarted = StartedAnew(said)};
  rows.push_back(MakeRow(detail, said, 2));
}

void LogRows::AddCommitted(const Said& said) {
  const sim::Note& note = said.note;
  const Offset from = OffsetOf(note.b);
  const Offset to = OffsetOf(note.a);
  if (from > its.moments.offset || to <= its.moments.offset) return;
  // Of this message, and not of another one at its offset.
  const BrokerId leader = BrokerAt(its.setup(), note.machine);
  if (its.recording->After(said.header.event)[leader.value] == Layer::kNone &&
      its.recording->Before(said.header.event)[leader.value] == Layer::kNone) {
    return;
  }
  const row::Committed detail{from, to, {static_cast<uint16_t>(High(note.c))}};
  rows.push_back(MakeRow(detail, said, 3));
  committed = true;
}

void LogRows::Add(const Said& said) {
  const sim::Note& note = said.note;
  if (note.kind == sim::kNoteDataLost) {
    const BrokerSet loses = LosesNow(said, kafka::ledger::Removal::How::kUnsyncedLost);
    if (loses.empty() || (note.subject & 0xffff) != its.partition.value) return;
    rows.push_back(MakeRow(row::CacheLost{loses}, said, 1));
    return;
  }
  if (!its.IsOfPartition(note)) return;
  if (note.kind == kafka::kAppended) {
    AddAppended(said);
  } else if (note.kind == kafka::kTruncated || note.kind == kafka::kRecovered) {
    AddRemoval(said);
  } else if (note.kind == kafka::kHighWatermark && appended && !committed) {
    AddCommitted(said);
  } else if (note.kind == kafka::kBecameLeader && appended) {
    const bool lost_here = its.WasLost() && its.finding->lost.event == said.header.event;
    const row::TookOffice detail{EpochOf(note.a), OffsetOf(note.b), OffsetOf(note.c)};
    rows.push_back(MakeRow(detail, said, lost_here ? 3 : 6));
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
      const Said said{{state.event, {}, state.time}, {}};
      const uint8_t rank = its.fate == kafka::ledger::Fate::kOk ? 2 : 7;
      rows.push_back(MakeRow(row::Durable{BrokerSet::Of({i})}, said, rank));
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
  const bool answered = last->note.kind == kafka::kFetchAnswered;
  const row::LastFetch detail{.follower = finding.loser,
                              .answered = answered,
                              .offset = OffsetOf(answered ? last->note.c : last->note.b)};
  rows.push_back(MakeRow(detail, *last, 3));
}

}  // namespace

void AddLogRows(const Inquiry& its, std::vector<Row>& rows) {
  LogRows log{its, rows};
  for (const Said& said : its.said()) log.Add(said);
  AddDurableRows(its, rows);
  AddLastFetch(its, rows);
}

}  // namespace kafka::explain
