// What became of copies.
#include <algorithm>

#include "model/kafka/explain/chain.h"

namespace kafka::explain {
namespace {

using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::Offset;

struct LogRows {
  const Inquiry& inquiry;
  std::vector<Row>& rows;
  bool appended = false;
  bool replaced = false;
  bool committed = false;

  void Add(const RecordedNote& said);
  void AddAppended(const RecordedNote& said, const notes::Appended& note);
  void AddTruncated(const RecordedNote& said, const notes::Truncated& note);
  void AddRecovered(const RecordedNote& said, const notes::Recovered& note);
  void AddCameBack(const RecordedNote& said, const notes::Recovered& note);
  bool HadLost(const RecordedNote& said) const;
  void AddBecameLeader(const RecordedNote& said, const notes::BecameLeader& note);
  void AddCacheLost(const RecordedNote& said, const sim::notes::DataLost& note);
  void AddDiskLost(const RecordedNote& said);
  void AddCommitted(const RecordedNote& said, const notes::HighWatermark& note);
  row::Append AppendOf(const RecordedNote& said, const notes::Appended& note) const;
  BrokerSet LosesNow(const RecordedNote& said, kafka::ledger::Removal::How how) const;
  bool StartedAnew(const RecordedNote& said) const;
};

// The high watermark that a leader's machine had moved to before `event`.
Offset WatermarkBefore(const Inquiry& inquiry, sim::MachineId machine, sim::EventId event) {
  Offset watermark{0};
  for (const RecordedNote& said : inquiry.notes()) {
    if (said.header.event >= event) break;
    if (!inquiry.IsOfPartition(said.note) || said.note.machine != machine) continue;
    const auto moved = said.note.Visit<notes::HighWatermark, notes::FollowerHighWatermark>(
        [](const auto& note) { return note.to; });
    if (moved) watermark = *moved;
  }
  return watermark;
}

// Brokers whose copy goes with this note's event.
BrokerSet LogRows::LosesNow(const RecordedNote& said, kafka::ledger::Removal::How how) const {
  BrokerSet set;
  for (const kafka::ledger::Removal& removal : inquiry.ledger().removals) {
    if (removal.at.event != said.header.event || removal.how != how) continue;
    if (removal.partition != inquiry.partition || !inquiry.HoldsOurs(removal.ids)) continue;
    if (removal.holder == BrokerOf(inquiry.setup(), said.note)) set = set.With(removal.holder);
  }
  return set;
}

// Its process was started after the message was written.
bool LogRows::StartedAnew(const RecordedNote& said) const {
  for (const RecordedNote& other : inquiry.notes()) {
    if (other.header.event > said.header.event) break;
    const bool starts =
        other.note.Is<sim::notes::ProcessStarted>() && other.note.machine == said.note.machine;
    if (starts && other.header.event > inquiry.moments.appended.event) return true;
  }
  return false;
}

row::Append LogRows::AppendOf(const RecordedNote& said, const notes::Appended& note) const {
  return {.leader = BrokerAt(inquiry.setup(), said.note.machine),
          .from = note.base,
          .to = inquiry.tables().EndOf(inquiry.partition, {note.first.value + note.count - 1}),
          .epoch = note.epoch,
          .high_watermark = WatermarkBefore(inquiry, said.note.machine, said.header.event)};
}

void LogRows::AddAppended(const RecordedNote& said, const notes::Appended& note) {
  const kafka::ledger::IdRange ids{note.first.value, note.count};
  const bool as_leader = note.as_leader;
  if (inquiry.HoldsOurs(ids)) {
    const BrokerId broker = BrokerAt(inquiry.setup(), said.note.machine);
    if (!as_leader) {
      rows.push_back(MakeRow(row::Copied{BrokerSet::Of(broker)}, said, 3));
    } else if (appended) {
      rows.push_back(MakeRow(row::AppendedAgain{AppendOf(said, note)}, said, 1));
    } else {
      rows.push_back(MakeRow(row::Appended{AppendOf(said, note)}, said, 0));
    }
    appended = appended || as_leader;
    return;
  }
  // Another message at its offset, by a leader of a later epoch.
  if (!as_leader || replaced || !appended) return;
  const kafka::Appended& entry = inquiry.tables().At(inquiry.partition, {ids.first});
  const Offset end = inquiry.tables().EndOf(inquiry.partition, {ids.end() - 1});
  if (entry.epoch() <= inquiry.moments.epoch) return;
  if (entry.base() > inquiry.moments.offset || end <= inquiry.moments.offset) return;
  if (inquiry.outcome->verdict.read.offsets[inquiry.message.value] == inquiry.moments.offset)
    return;
  row::Replaced detail{.other = inquiry.tables()[entry.batch].first,
                       .offset = inquiry.moments.offset};
  for (Offset at = entry.base(); at < inquiry.moments.offset && detail.other.exists();
       at = at + kafka::RecordCount{1}) {
    detail.other = inquiry.tables()[detail.other].next;
  }
  replaced = true;
  rows.push_back(MakeRow(detail, said, 2));
}

void LogRows::AddTruncated(const RecordedNote& said, const notes::Truncated& note) {
  const BrokerSet loses = LosesNow(said, kafka::ledger::Removal::How::kTruncated);
  if (loses.empty()) return;
  const row::Truncated detail{.brokers = loses,
                              .from = note.old_end,
                              .to = note.end,
                              .epoch = note.epoch,
                              .restarted = StartedAnew(said)};
  rows.push_back(MakeRow(detail, said, 2));
}

// Its copy was taken for lost, and it has not copied it again since.
bool LogRows::HadLost(const RecordedNote& said) const {
  sim::EventId lost;
  for (const kafka::ledger::Removal& removal : inquiry.ledger().removals) {
    if (removal.partition != inquiry.partition || !inquiry.HoldsOurs(removal.ids)) continue;
    if (removal.holder != BrokerOf(inquiry.setup(), said.note)) continue;
    if (removal.at.event < said.header.event) lost = removal.at.event;
  }
  if (!lost.exists()) return false;
  for (const RecordedNote& other : inquiry.notes()) {
    if (other.header.event <= lost || other.note.machine != said.note.machine) continue;
    if (other.header.event >= said.header.event) break;
    const auto copied = other.note.If<notes::Appended>();
    if (copied && inquiry.IsOfPartition(other.note) &&
        inquiry.HoldsOurs({copied->first.value, copied->count})) {
      return false;
    }
  }
  return true;
}

void LogRows::AddCameBack(const RecordedNote& said, const notes::Recovered& note) {
  const BrokerId broker = BrokerOf(inquiry.setup(), said.note);
  const Layer copy = inquiry.recording->After(said.header.event)[broker.value];
  if (copy == Layer::kNone || copy == Layer::kDead || !HadLost(said)) return;
  rows.push_back(MakeRow(row::CameBack{broker, note.end}, said, 2));
}

void LogRows::AddRecovered(const RecordedNote& said, const notes::Recovered& note) {
  AddCameBack(said, note);
  if (LosesNow(said, kafka::ledger::Removal::How::kShorterRecovery).empty()) return;
  const row::ShortRecovery detail{BrokerOf(inquiry.setup(), said.note), note.end};
  rows.push_back(MakeRow(detail, said, 2));
}

void LogRows::AddCommitted(const RecordedNote& said, const notes::HighWatermark& note) {
  if (!appended || committed) return;
  if (note.from > inquiry.moments.offset || note.to <= inquiry.moments.offset) return;
  // Of this message, and not of another one at its offset.
  const BrokerId leader = BrokerAt(inquiry.setup(), said.note.machine);
  if (inquiry.recording->After(said.header.event)[leader.value] == Layer::kNone &&
      inquiry.recording->Before(said.header.event)[leader.value] == Layer::kNone) {
    return;
  }
  rows.push_back(MakeRow(row::Committed{note.from, note.to, note.isr}, said, 3));
  committed = true;
}

void LogRows::AddBecameLeader(const RecordedNote& said, const notes::BecameLeader& note) {
  if (!appended) return;
  const bool lost_here = inquiry.WasLost() && inquiry.finding->lost.event == said.header.event;
  const row::BecameLeader detail{note.epoch, note.end, note.high_watermark};
  rows.push_back(MakeRow(detail, said, lost_here ? 3 : 6));
}

void LogRows::AddCacheLost(const RecordedNote& said, const sim::notes::DataLost& note) {
  const BrokerSet loses = LosesNow(said, kafka::ledger::Removal::How::kUnsyncedLost);
  if (loses.empty() || note.file != kafka::LogFile(inquiry.partition)) return;
  rows.push_back(MakeRow(row::CacheLost{loses}, said, 1));
}

void LogRows::AddDiskLost(const RecordedNote& said) {
  const BrokerSet loses = LosesNow(said, kafka::ledger::Removal::How::kDiskLost);
  if (!loses.empty()) rows.push_back(MakeRow(row::DiskLost{loses}, said, 1));
}

void LogRows::Add(const RecordedNote& said) {
  if (said.note.Is<sim::notes::DiskReplaced>()) return AddDiskLost(said);
  if (const auto lost = said.note.If<sim::notes::DataLost>()) return AddCacheLost(said, *lost);
  if (!inquiry.IsOfPartition(said.note)) return;
  said.note.Visit<notes::Appended, notes::Truncated, notes::Recovered, notes::HighWatermark,
                  notes::BecameLeader>(
      [&](const notes::Appended& note) { AddAppended(said, note); },
      [&](const notes::Truncated& note) { AddTruncated(said, note); },
      [&](const notes::Recovered& note) { AddRecovered(said, note); },
      [&](const notes::HighWatermark& note) { AddCommitted(said, note); },
      [&](const notes::BecameLeader& note) { AddBecameLeader(said, note); });
}

// When a copy first reached a medium, broker by broker.
void AddDurableRows(const Inquiry& inquiry, std::vector<Row>& rows) {
  Copies before{};
  for (const CopyState& state : inquiry.recording->states()) {
    for (uint8_t i = 0; i < before.size(); ++i) {
      const bool now = state.copies[i] == Layer::kMedium && before[i] != Layer::kMedium &&
                       before[i] != Layer::kNone && before[i] != Layer::kDead;
      if (!now) continue;
      const RecordedNote said{{state.event, {}, state.time}, {}};
      const uint8_t rank = inquiry.fate == kafka::ledger::Fate::kOk ? 2 : 7;
      rows.push_back(MakeRow(row::Durable{BrokerSet::Of({i})}, said, rank));
    }
    before = state.copies;
  }
}

// What the followers last asked for, or were last given, before the leader wrote it and went.
void AddLastFetch(const Inquiry& inquiry, std::vector<Row>& rows) {
  if (!inquiry.WasLost() || !inquiry.moments.appended.event.exists()) return;
  const kafka::ledger::Finding& finding = *inquiry.finding;
  if (!finding.loser.exists() || finding.loser == finding.author) return;
  const RecordedNote* last = nullptr;
  for (const RecordedNote& said : inquiry.notes()) {
    if (finding.lost.exists() && said.header.event >= finding.lost.event) break;
    const std::optional<Fetch> fetch = FetchIn(said.note);
    if (!fetch || !inquiry.IsOfPartition(said.note) || fetch->follower != finding.loser) continue;
    if (BrokerAt(inquiry.setup(), said.note.machine) != finding.author) continue;
    if (fetch->end <= inquiry.moments.offset) last = &said;
  }
  if (last == nullptr) return;
  const Fetch fetch = *FetchIn(last->note);
  const row::LastFetch detail{fetch.follower, fetch.answered, fetch.end};
  rows.push_back(MakeRow(detail, *last, 3));
}

}  // namespace

void AddLogRows(const Inquiry& inquiry, std::vector<Row>& rows) {
  LogRows log{inquiry, rows};
  for (const RecordedNote& said : inquiry.notes()) log.Add(said);
  AddDurableRows(inquiry, rows);
  AddLastFetch(inquiry, rows);
}

}  // namespace kafka::explain
