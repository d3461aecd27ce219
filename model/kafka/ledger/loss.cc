#include "model/kafka/ledger/loss.h"

namespace kafka::ledger {

using kafka::AppendedId;
using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::Election;

sim::EventId LossEvidence::LedFrom(BrokerId author) const {
  if (entries.empty()) return {0};
  const kafka::LeaderEpoch epoch = tables.At(lost.partition, entries[0]).epoch();
  for (const Installation& each : ledger.installations) {
    const bool it = each.partition == lost.partition && each.leader == author;
    if (it && each.epoch == epoch) return each.at.event;
  }
  return {0};
}

Moment LossEvidence::Committed() const {
  Moment first;
  for (const AppendedId entry : entries) {
    const auto& facts = ledger.of(lost.partition).entries[entry.value];
    if (facts.commit_event.exists() && facts.commit_event < first.event) {
      first = {facts.commit_event, facts.commit_time.time()};
    }
  }
  return first;
}

BrokerSet LossEvidence::HoldersAt(const Installation& installation) const {
  BrokerSet holders;
  for (uint32_t i = 0; i < installation.snapshot_count; ++i) {
    const SnapshotRun& run = ledger.snapshots[installation.snapshot_first + i];
    if (Concerns(run.ids)) holders = holders.With(run.holder);
  }
  return holders;
}

// It had the message when it began to lead, or wrote it later.
bool LossEvidence::LeaderHas(const Installation& installation) const {
  if (HoldersAt(installation).contains(installation.leader)) return true;
  return std::any_of(entries.begin(), entries.end(), [&](AppendedId entry) {
    return entry.value >= installation.table_size &&
           tables.At(lost.partition, entry).epoch() == installation.epoch;
  });
}

const Installation* LossEvidence::FirstWithout() const {
  const Installation* first = nullptr;
  for (auto i = ledger.installations.rbegin(); i != ledger.installations.rend(); ++i) {
    if (i->partition != lost.partition) continue;
    if (LeaderHas(*i)) break;
    first = &*i;
  }
  return first;
}

const Removal* LossEvidence::LastRemoval(BrokerId holder, sim::EventId until) const {
  for (auto i = ledger.removals.rbegin(); i != ledger.removals.rend(); ++i) {
    if (i->partition != lost.partition || i->holder != holder || i->at.event > until) continue;
    if (Concerns(i->ids)) return &*i;
  }
  return nullptr;
}

const Removal* LossEvidence::EndOfLastCopy() const {
  for (const AppendedId entry : entries) {
    if (!ledger.Holders(lost.partition, entry).empty()) return nullptr;
  }
  for (auto i = ledger.removals.rbegin(); i != ledger.removals.rend(); ++i) {
    if (i->partition == lost.partition && Concerns(i->ids)) return &*i;
  }
  return nullptr;
}

bool LossEvidence::LastCopyWentWithDisk(const Loss& loss) const {
  if (loss.installation != nullptr) return false;
  return std::any_of(ledger.removals.begin(), ledger.removals.end(), [&](const Removal& removal) {
    return removal.partition == lost.partition && removal.at.event == loss.at.event &&
           removal.how == Removal::How::kDiskLost && Concerns(removal.ids);
  });
}

const Installation* LossEvidence::LastLeaderAt(sim::EventId event) const {
  for (auto i = ledger.installations.rbegin(); i != ledger.installations.rend(); ++i) {
    if (i->partition == lost.partition && i->at.event <= event) return &*i;
  }
  return nullptr;
}

// The record that made this leader, and R(t) just before it. A leader that was made uncleanly and
// stopped before it led leaves an ISR of itself behind, from which the next election is
// clean only in name: of all elections since somebody last led, the first unclean one of
// a leader without the message counts.
PartitionRecord LossEvidence::RecordOf(const Installation& installation,
                                       BrokerSet& eligible_before) const {
  PartitionRecord found;
  BrokerSet before;
  const kafka::LeaderEpoch last_epoch = EpochBefore(installation);
  for (const PartitionRecord& record : ledger.records) {
    if (record.partition != lost.partition) continue;
    if (record.leader_epoch > installation.epoch) break;
    const bool its_own = record.leader_epoch == installation.epoch &&
                         record.leader == installation.leader && record.how != Election::kNone;
    const bool unclean = record.leader_epoch > last_epoch && IsUnclean(record.how) &&
                         !HoldersAt(installation).contains(record.leader) &&
                         GotNoCopySince(record, installation.at.event);
    if (its_own || unclean) {
      eligible_before = record.how == Election::kCreated ? record.eligible() : before;
      return record;
    }
    before = record.eligible();
    found = record;
  }
  eligible_before = before;
  return found;
}

// The epoch of the leader before, or -1.
kafka::LeaderEpoch LossEvidence::EpochBefore(const Installation& installation) const {
  kafka::LeaderEpoch before;
  for (const Installation& each : ledger.installations) {
    const bool earlier = each.partition == lost.partition && each.epoch < installation.epoch;
    if (earlier) before = std::max(before, each.epoch);
  }
  return before;
}

PartitionRecord LossEvidence::InForceAt(sim::EventId event) const {
  PartitionRecord found;
  for (const PartitionRecord& record : ledger.records) {
    if (record.partition != lost.partition) continue;
    if (record.at.exists() && record.at.event > event) break;
    found = record;
  }
  return found;
}

// Who was elected then has lost no copy since: if it has none by now, it had none.
bool LossEvidence::GotNoCopySince(const PartitionRecord& election, sim::EventId until) const {
  const Removal* had = LastRemoval(election.leader, until);
  return had == nullptr || had->at.event < election.at.event;
}

// The first unclean election since somebody began to lead whose leader had no copy, and got none
// until then. That leader need not have learnt of it yet: that no copy is left is decided by the election,
// which let the old leader's go, and not by what became of them a moment before.
const PartitionRecord* LossEvidence::UncleanWithout(sim::EventId until) const {
  const Installation* last_leader = LastLeaderAt(until);
  const kafka::LeaderEpoch last_epoch =
      last_leader == nullptr ? kafka::LeaderEpoch{} : last_leader->epoch;
  for (const PartitionRecord& record : ledger.records) {
    if (record.partition != lost.partition || !kafka::IsWishedUnclean(record.how)) continue;
    if (record.leader_epoch <= last_epoch) continue;
    if (record.at.event > until) return nullptr;
    if (GotNoCopySince(record, until)) return &record;
  }
  return nullptr;
}

std::optional<Loss> LossEvidence::FindLoss() const {
  const Installation* without = FirstWithout();
  const Removal* last = EndOfLastCopy();
  if (last != nullptr && (without == nullptr || last->at.event < without->at.event)) {
    if (const PartitionRecord* unclean = UncleanWithout(last->at.event)) {
      return Loss{last->at, nullptr, unclean->leader, *unclean, unclean->eligible(), {}};
    }
    const PartitionRecord record = InForceAt(last->at.event);
    const Installation* last_leader = LastLeaderAt(last->at.event);
    const BrokerId before = last_leader == nullptr ? last->holder : last_leader->leader;
    const BrokerId leader = record.leader.exists() ? record.leader : before;
    return Loss{last->at, nullptr, leader, record, record.eligible(), {}, false};
  }
  if (without == nullptr) return std::nullopt;
  BrokerSet eligible;
  const PartitionRecord record = RecordOf(*without, eligible);
  return Loss{without->at, without, without->leader, record, eligible, HoldersAt(*without)};
}

// KB:E-12 and KB:E-13, over the records and the crashes that there were: whoever left an ISR that
// was too small stays eligible, unless its next process has to say that the last one crashed.
BrokerSet LossEvidence::EligibleWithElr(const Loss& loss) const {
  BrokerSet isr;
  BrokerSet elr;
  BrokerSet crashed;  // since they joined the ISR
  Incident exited;    // the last one
  int16_t min_isr = 0;
  auto incident = ledger.incidents.begin();
  const auto take_crashes = [&](sim::EventId until) {
    for (; incident != ledger.incidents.end() && incident->at.event <= until; ++incident) {
      const bool exits = incident->kind == Incident::Kind::kExited;
      if (exits) exited = *incident;
      // What exits in order has then ended, in the same event.
      const bool in_order = incident->kind == Incident::Kind::kStopRequested ||
                            (incident->broker == exited.broker && incident->at == exited.at);
      if (incident->broker.exists() && !in_order) crashed = crashed.With(incident->broker);
    }
  };
  for (const PartitionRecord& record : ledger.records) {
    if (record.partition != lost.partition) continue;
    if (record.at.exists() && record.at.event > loss.at.event) break;
    if (record.at.exists()) take_crashes(record.at.event);
    crashed = crashed - (record.isr - isr);
    if (record.min_isr != min_isr) elr = {};  // whoever sets it clears it (KB:E-17)
    min_isr = record.min_isr;
    const bool too_small = record.isr.size() < record.min_isr;
    elr = too_small ? (elr | isr) - record.isr - crashed : BrokerSet{};
    isr = record.isr;
  }
  take_crashes(loss.at.event);
  return (isr | elr) - crashed;
}

}  // namespace kafka::ledger
