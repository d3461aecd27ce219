// What brokers and the controller say of logs, and the ledger's own high watermark.
#include <algorithm>

#include "model/kafka/ledger/ledger.h"

namespace kafka::ledger {

using kafka::AppendedId;
using kafka::BrokerId;
using kafka::BrokerSet;

using kafka::LeaderEpoch;

using kafka::Offset;
using kafka::PartitionId;

void Ledger::OnHighWatermark(const notes::HighWatermark& said, const kafka::Tables& tables,
                             Replica& own) {
  own.high_watermark = said.to;
  OnClaim(said, tables, own);
  if (forgotten_joins.empty()) return;
  WidenForgottenJoins(tables, said.partition, own);
}

void Ledger::OnBecameFollower(const notes::BecameFollower& said, Replica& own) {
  own.leads = false;
  if (said.epoch > own.epoch) own.DropAnswer();  // KB:R-41: it would be refused
  own.epoch = said.epoch;
}

void Ledger::OnProduceRejected(const notes::ProduceRejected& said, const kafka::Tables& tables) {
  if (said.error != kafka::Error::kMessageTooLarge) return;
  ForEachOf(tables, said.batch,
            [](MessageFacts& facts) { facts.flags |= MessageFacts::kTooLarge; });
}

void Ledger::OnAppended(const notes::Appended& said, const kafka::Tables& tables,
                        Replica& replica) {
  const PartitionId id = said.partition;
  const IdRange ids{.first = said.first.value, .count = said.count};
  if (ids.count == 0) return;
  if (said.base < replica.log.end) Cut(tables, id, replica, said.base, Removal::How::kOverwritten);
  const TableView table{&tables, id};
  replica.log.Append(table, ids, said.base);
  Partition& partition = of(id);
  while (partition.entries.size() < ids.end()) partition.entries.emplace_back();
  if (said.as_leader) {
    for (uint32_t entry = ids.first; entry < ids.end(); ++entry) {
      ForEachOf(tables, table.entry(entry).batch,
                [entry](MessageFacts& facts) { facts.entry = {entry}; });
    }
  } else {
    CountCopies(tables, id, replica, ids);
    replica.DropAnswer();
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

// A log may grow when it is recovered: a truncation that the journal had not committed is forgotten
// with the cache (KB:S-45), and unsynced bytes may have survived.
void Ledger::OnKept(const notes::LogKept& said, const kafka::Tables& tables, Replica& own) {
  const IdRange ids{.first = said.first.value, .count = said.count};
  const TableView table{&tables, said.partition};
  const uint32_t missing = FirstMissing(ids, own.log);
  if (missing < ids.end()) {
    const Offset from = table.entry(missing).base();
    Cut(tables, said.partition, own, from, Removal::How::kShorterRecovery);
    own.log.Append(table, {.first = missing, .count = ids.end() - missing}, from);
  }
  own.durable_end = std::max(own.durable_end, own.log.OffsetAtByte(table, own.medium_bytes));
}

// A leader that has been replaced may still be right about what its followers hold; its claim is
// looked at once, and the one in force stays.
void Ledger::OnClaim(const notes::HighWatermark& said, const kafka::Tables& tables,
                     const Replica& claimant) {
  Partition& partition = of(said.partition);
  const Claim before = partition.claim;
  partition.claim = {.by = claimant.broker,
                     .view = said.isr,
                     .epoch = said.epoch,
                     .to = said.to,
                     .min_isr = claimant.min_isr};
  Advance(tables, said.partition, claimant);
  if (partition.claim.epoch < before.epoch) partition.claim = before;
}

// Moves the ledger's own high watermark as far as the claim goes and the copies bear it out: every
// member of R(t), and everybody on whom the leader waited, has had the entry in its log. (Had: a
// follower that answered for an entry and lost its power the moment after has made it committed. Of
// who is out of R(t) it is enough that it ever had the entry: nobody will elect it.)
void Ledger::Advance(const kafka::Tables& tables, PartitionId id, const Replica& claimant) {
  Partition& partition = of(id);
  const Claim& claim = partition.claim;
  if (claim.view.size() < claim.min_isr) return;
  const BrokerSet eligible = partition.record.eligible();
  const BrokerSet former = claim.view - eligible;
  const TableView table{&tables, id};
  while (partition.high_watermark < claim.to) {
    const AppendedId entry = claimant.log.At(table, partition.high_watermark);
    if (!entry.exists() || table.EndOf(entry.value) > claim.to) return;
    for (const Replica& replica : ReplicasOf(id)) {
      if (eligible.contains(replica.broker) && !Applied(id, replica, entry)) return;
      if (former.contains(replica.broker) && !HasEverHad(id, replica, entry)) return;
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

void Ledger::OnPartitionState(const notes::PartitionState& said, const kafka::Tables& tables) {
  const PartitionId id = said.partition;
  Partition& partition = of(id);
  PartitionRecord& record = partition.record;
  record.leader = said.leader;
  record.how = said.election;
  record.leader_epoch = said.leader_epoch;
  record.partition_epoch = said.partition_epoch.value;
  record.isr = said.isr;
  record.elr = said.elr;
  record.last_known_leader = said.last_known_leader;
  record.min_isr = said.min_isr;
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

void Ledger::OnInstalled(const notes::BecameLeader& said, const kafka::Tables& tables,
                         Replica& replica) {
  const PartitionId id = said.partition;
  const LeaderEpoch epoch = said.epoch;
  if (epoch > replica.epoch) replica.DropAnswer();
  const bool again = replica.leads && replica.epoch == epoch;
  replica.leads = true;
  replica.epoch = epoch;
  replica.high_watermark = said.high_watermark;
  Partition& partition = of(id);
  if (again || epoch < partition.claim.epoch) return;
  const uint32_t first = static_cast<uint32_t>(snapshots.size());
  for (const Replica& each : ReplicasOf(id)) {
    for (const ShadowRun& run : each.log.runs) snapshots.push_back({each.broker, run.ids});
  }
  installations.push_back({.partition = id,
                           .leader = replica.broker,
                           .epoch = epoch,
                           .table_size = static_cast<uint32_t>(partition.entries.size()),
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
