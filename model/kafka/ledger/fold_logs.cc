// What brokers and the controller say of logs, and the ledger's own high watermark.
#include <algorithm>

#include "model/kafka/ledger/ledger.h"

namespace kafka::ledger {

using kafka::AppendedId;
using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::High;
using kafka::LeaderEpoch;
using kafka::Low;
using kafka::Offset;
using kafka::PartitionId;

namespace {

LeaderEpoch EpochOf(uint64_t field) { return {static_cast<int32_t>(field)}; }

}  // namespace

void Ledger::OnTruncated(const sim::Note& note, const kafka::Tables& tables, Replica& own) {
  const PartitionId id{static_cast<uint16_t>(note.subject)};
  Cut(tables, id, own, OffsetOf(note.a), Removal::How::kTruncated);
}

void Ledger::OnOpened(const sim::Note& note, const kafka::Tables& tables, Replica& own) {
  const PartitionId id{static_cast<uint16_t>(note.subject)};
  Cut(tables, id, own, OffsetOf(note.a), Removal::How::kShorterRecovery);
  own.high_watermark = OffsetOf(note.c);
}

void Ledger::OnHighWatermark(const sim::Note& note, const kafka::Tables& tables, Replica& own) {
  own.high_watermark = OffsetOf(note.a);
  OnClaim(note, tables, own);
  if (forgotten_joins.empty()) return;
  WidenForgottenJoins(tables, {static_cast<uint16_t>(note.subject)}, own);
}

void Ledger::OnBecameFollower(const sim::Note& note, Replica& own) {
  own.leads = false;
  if (EpochOf(note.a) > own.epoch) own.Forget();  // KB:R-41: it would be refused
  own.epoch = EpochOf(note.a);
}

void Ledger::OnProduceRejected(const sim::Note& note, const kafka::Tables& tables) {
  if (static_cast<kafka::Error>(note.b) != kafka::Error::kMessageTooLarge) return;
  FactsOf(tables, {static_cast<uint32_t>(note.a)}).flags |= MessageFacts::kTooLarge;
}

void Ledger::OnAppended(const sim::Note& note, const kafka::Tables& tables, Replica& replica) {
  const PartitionId id{static_cast<uint16_t>(note.subject)};
  const IdRange ids{.first = High(note.a), .count = Low(note.a)};
  const bool as_leader = Low(note.c) != 0;
  const Offset base = OffsetOf(note.b);
  if (ids.count == 0) return;
  if (base < replica.log.end) Cut(tables, id, replica, base, Removal::How::kOverwritten);
  const TableView table{&tables, id};
  replica.log.Append(table, ids, base);
  Partition& partition = of(id);
  while (partition.entries.size() < ids.end()) partition.entries.emplace_back();
  if (as_leader) {
    for (uint32_t entry = ids.first; entry < ids.end(); ++entry) {
      FactsOf(tables, table.entry(entry).batch).entry = {entry};
    }
  } else {
    CountCopies(tables, id, replica, ids);
    replica.Forget();
  }
  if (partition.claim.to > partition.high_watermark) AdvanceLate(tables, id);
}

void Ledger::CountCopies(const kafka::Tables& tables, PartitionId id, const Replica& follower,
                         IdRange ids) {
  const BrokerId source = follower.answered_by.exists() ? follower.answered_by : of(id).last_leader;
  const Replica* leader = Find(id, source);
  const TableView table{&tables, id};
  const Offset from = table.entry(ids.first).base();
  const Offset to = table.EndOf(ids.end() - 1);
  copies.copied += static_cast<uint64_t>((to - from).value);
  if (leader == nullptr || leader->durable_end >= to) return;
  const Offset unflushed_from = std::max(from, leader->durable_end);
  copies.unflushed += static_cast<uint64_t>((to - unflushed_from).value);
  if (copies.first_at.exists()) return;
  copies.first_partition = id;
  copies.first_offset = unflushed_from;
  copies.first_at = at();
}

void Ledger::Cut(const kafka::Tables& tables, PartitionId id, Replica& replica, Offset offset,
                 Removal::How how) {
  const TableView table{&tables, id};
  for (IdRange gone = replica.log.CutPiece(table, offset); gone.count != 0;
       gone = replica.log.CutPiece(table, offset)) {
    removals.push_back(
        {.partition = id, .holder = replica.broker, .how = how, .ids = gone, .at = at()});
  }
  replica.durable_end = std::min(replica.durable_end, replica.log.end);
}

// A leader that has been replaced may still be right about what its followers hold; its claim is
// looked at once, and the one in force stays.
void Ledger::OnClaim(const sim::Note& note, const kafka::Tables& tables, const Replica& claimant) {
  const PartitionId id{static_cast<uint16_t>(note.subject)};
  Partition& partition = of(id);
  const Claim before = partition.claim;
  partition.claim = {.by = claimant.broker,
                     .view = {static_cast<uint16_t>(High(note.c))},
                     .epoch = EpochOf(Low(note.c)),
                     .to = OffsetOf(note.a)};
  Advance(tables, id, claimant);
  if (partition.claim.epoch < before.epoch) partition.claim = before;
}

// Moves the ledger's own high watermark as far as the claim goes and the copies bear it out: every
// member of R(t), and everybody on whom the leader waited, has had the entry in its log. (Had: a
// follower that answered for an entry and lost its power the moment after has made it committed.)
void Ledger::Advance(const kafka::Tables& tables, PartitionId id, const Replica& claimant) {
  Partition& partition = of(id);
  const Claim& claim = partition.claim;
  if (claim.view.size() < partition.record.min_isr) return;
  const BrokerSet wanted = claim.view | partition.record.eligible();
  const TableView table{&tables, id};
  while (partition.high_watermark < claim.to) {
    const AppendedId entry = claimant.log.At(table, partition.high_watermark);
    if (!entry.exists() || table.EndOf(entry.value) > claim.to) return;
    for (const Replica& replica : ReplicasOf(id)) {
      if (wanted.contains(replica.broker) && !Applied(id, replica, entry)) return;
    }
    EntryFacts& facts = partition.entries[entry.value];
    if (!facts.commit_event.exists()) {
      facts = {.commit_event = now.event, .commit_time = CoarseTime::Of(now.time)};
    }
    partition.committed.Append(table, {.first = entry.value, .count = 1},
                               table.entry(entry.value).base());
    partition.high_watermark = partition.committed.end;
  }
}

// The claim in force, when somebody has copied more or somebody else may be elected.
void Ledger::AdvanceLate(const kafka::Tables& tables, PartitionId id) {
  if (const Replica* claimant = Find(id, of(id).claim.by)) Advance(tables, id, *claimant);
}

void Ledger::FoldPartitionState(const sim::Note& note, const kafka::Tables& tables) {
  const PartitionId id{static_cast<uint16_t>(note.subject)};
  Partition& partition = of(id);
  PartitionRecord& record = partition.record;
  record.leader = {static_cast<uint8_t>(High(note.a))};
  record.how = static_cast<kafka::Election>(Low(note.a));
  record.leader_epoch = EpochOf(High(note.b));
  record.partition_epoch = static_cast<int32_t>(Low(note.b));
  record.isr = {static_cast<uint16_t>(note.c)};
  record.elr = {static_cast<uint16_t>(note.c >> 16)};
  record.last_known_leader = {static_cast<uint8_t>(note.c >> 32)};
  record.min_isr = static_cast<int16_t>(note.c >> 48);
  record.at = at();
  if (record.leader.exists()) partition.last_leader = record.leader;
  partition.ever_eligible = partition.ever_eligible | record.eligible();
  if (IsUnclean(record.how)) {
    partition.unclean = std::max(partition.unclean, record.leader_epoch);
  }
  records.push_back(record);
  if (!forgotten_joins.empty()) DecideForgottenJoins(id);
  if (partition.claim.to > partition.high_watermark) AdvanceLate(tables, id);
}

void Ledger::OnInstalled(const sim::Note& note, const kafka::Tables& tables, Replica& replica) {
  const PartitionId id{static_cast<uint16_t>(note.subject)};
  const LeaderEpoch epoch = EpochOf(note.a);
  if (epoch > replica.epoch) replica.Forget();
  const bool again = replica.leads && replica.epoch == epoch;
  replica.leads = true;
  replica.epoch = epoch;
  replica.high_watermark = OffsetOf(note.c);
  Partition& partition = of(id);
  if (again || epoch < partition.claim.epoch) return;
  const uint32_t first = static_cast<uint32_t>(snapshots.size());
  for (const Replica& each : ReplicasOf(id)) {
    for (const ShadowRun& run : each.log.runs) snapshots.push_back({each.broker, run.ids});
  }
  installations.push_back(
      {.partition = id,
       .leader = replica.broker,
       .epoch = epoch,
       .table_size = static_cast<uint32_t>(tables.appended[id.value].entries.size()),
       .snapshot_first = first,
       .snapshot_count = static_cast<uint32_t>(snapshots.size()) - first,
       .at = at()});
  // What the new leader lacks is not committed any more; that it was stays in the entries' facts.
  const TableView table{&tables, id};
  const Offset missing = FirstMissing(table, partition.committed, replica.log);
  while (partition.committed.CutPiece(table, missing).count != 0) {
  }
  partition.high_watermark = std::min(partition.high_watermark, partition.committed.end);
  partition.claim = {.by = replica.broker, .view = {}, .epoch = epoch, .to = {0}};
}

}  // namespace kafka::ledger
