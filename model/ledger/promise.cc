#include "model/ledger/promise.h"

#include <algorithm>
#include <optional>

namespace ledger {
namespace {

using kafka::AppendedId;
using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::Election;

// The moment of loss, and who led then.
struct Loss {
  Moment at;
  const Installation* installation = nullptr;  // null: the end of the last copy
  BrokerId leader;
  PartitionRecord record;   // that made it leader
  BrokerSet eligible;       // R(l), before that record
  BrokerSet holders;        // who had it intact then
  bool by_election = true;  // that record put a leader without it in charge
};

struct Case {
  const Ledger& ledger;
  const kafka::Tables& tables;
  const kafka::Setup& setup;
  const LostThing& lost;
  std::span<const AppendedId> entries;  // of this link of the chain

  kafka::LeaderEpoch epoch() const { return tables.At(lost.partition, entries.back()).epoch(); }
  bool Concerns(IdRange ids) const {
    return std::any_of(entries.begin(), entries.end(),
                       [ids](AppendedId entry) { return ids.contains(entry); });
  }
  Moment Committed() const;
  BrokerSet HoldersAt(const Installation& installation) const;
  bool LeaderHas(const Installation& installation) const;
  const Installation* FirstWithout() const;
  const Removal* LastRemoval(BrokerId holder, sim::EventId until) const;
  const Removal* EndOfLastCopy() const;
  const Installation* InOfficeAt(sim::EventId event) const;
  PartitionRecord RecordOf(const Installation& installation, BrokerSet& eligible_before) const;
  PartitionRecord InForceAt(sim::EventId event) const;
  const PartitionRecord* UncleanWithout(sim::EventId until) const;
  kafka::LeaderEpoch OfficeBefore(const Installation& installation) const;
  std::optional<Loss> FindLoss() const;
  // When the leader that wrote the first entry took office for that epoch; 0: from the start.
  sim::EventId InOfficeFrom(BrokerId author) const;
};

sim::EventId Case::InOfficeFrom(BrokerId author) const {
  if (entries.empty()) return {0};
  const kafka::LeaderEpoch epoch = tables.At(lost.partition, entries[0]).epoch();
  for (const Installation& each : ledger.installations) {
    const bool it = each.partition == lost.partition && each.leader == author;
    if (it && each.epoch == epoch) return each.at.event;
  }
  return {0};
}

Moment Case::Committed() const {
  Moment first;
  for (const AppendedId entry : entries) {
    const auto& facts = ledger.of(lost.partition).entries[entry.value];
    if (facts.commit_event.exists() && facts.commit_event < first.event) {
      first = {facts.commit_event, facts.commit_time.time()};
    }
  }
  return first;
}

BrokerSet Case::HoldersAt(const Installation& installation) const {
  BrokerSet holders;
  for (uint32_t i = 0; i < installation.snapshot_count; ++i) {
    const SnapshotRun& run = ledger.snapshots[installation.snapshot_first + i];
    if (Concerns(run.ids)) holders = holders.With(run.holder);
  }
  return holders;
}

// It had the message when it took office, or wrote it later.
bool Case::LeaderHas(const Installation& installation) const {
  if (HoldersAt(installation).contains(installation.leader)) return true;
  return std::any_of(entries.begin(), entries.end(), [&](AppendedId entry) {
    return entry.value >= installation.table_size &&
           tables.At(lost.partition, entry).epoch() == installation.epoch;
  });
}

const Installation* Case::FirstWithout() const {
  const Installation* first = nullptr;
  for (auto i = ledger.installations.rbegin(); i != ledger.installations.rend(); ++i) {
    if (i->partition != lost.partition) continue;
    if (LeaderHas(*i)) break;
    first = &*i;
  }
  return first;
}

const Removal* Case::LastRemoval(BrokerId holder, sim::EventId until) const {
  for (auto i = ledger.removals.rbegin(); i != ledger.removals.rend(); ++i) {
    if (i->partition != lost.partition || i->holder != holder || i->at.event > until) continue;
    if (Concerns(i->ids)) return &*i;
  }
  return nullptr;
}

const Removal* Case::EndOfLastCopy() const {
  for (const AppendedId entry : entries) {
    if (!ledger.Holders(lost.partition, entry).empty()) return nullptr;
  }
  for (auto i = ledger.removals.rbegin(); i != ledger.removals.rend(); ++i) {
    if (i->partition == lost.partition && Concerns(i->ids)) return &*i;
  }
  return nullptr;
}

const Installation* Case::InOfficeAt(sim::EventId event) const {
  for (auto i = ledger.installations.rbegin(); i != ledger.installations.rend(); ++i) {
    if (i->partition == lost.partition && i->at.event <= event) return &*i;
  }
  return nullptr;
}

// The record that made this leader, and R(t) just before it. A leader that was made uncleanly and
// stopped before it took office leaves an ISR of itself behind, from which the next election is
// clean only in name: of all elections since somebody was last in office, the first unclean one
// counts.
PartitionRecord Case::RecordOf(const Installation& installation, BrokerSet& eligible_before) const {
  PartitionRecord found;
  BrokerSet before;
  const kafka::LeaderEpoch last_office = OfficeBefore(installation);
  for (const PartitionRecord& record : ledger.records) {
    if (record.partition != lost.partition) continue;
    if (record.leader_epoch > installation.epoch) break;
    const bool its_own = record.leader_epoch == installation.epoch &&
                         record.leader == installation.leader && record.how != Election::kNone;
    const bool unclean = record.leader_epoch > last_office && IsUnclean(record.how);
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

// The epoch of the leader that was in office before, or -1.
kafka::LeaderEpoch Case::OfficeBefore(const Installation& installation) const {
  kafka::LeaderEpoch before;
  for (const Installation& each : ledger.installations) {
    const bool earlier = each.partition == lost.partition && each.epoch < installation.epoch;
    if (earlier) before = std::max(before, each.epoch);
  }
  return before;
}

PartitionRecord Case::InForceAt(sim::EventId event) const {
  PartitionRecord found;
  for (const PartitionRecord& record : ledger.records) {
    if (record.partition != lost.partition) continue;
    if (record.at.exists() && record.at.event > event) break;
    found = record;
  }
  return found;
}

// The first unclean election since somebody took office whose leader had no copy, and got none
// until then. It need not have taken office yet: that no copy is left is decided by the election,
// which let the old leader's go, and not by what became of them a moment before.
const PartitionRecord* Case::UncleanWithout(sim::EventId until) const {
  const Installation* office = InOfficeAt(until);
  const kafka::LeaderEpoch last_office = office == nullptr ? kafka::LeaderEpoch{} : office->epoch;
  for (const PartitionRecord& record : ledger.records) {
    if (record.partition != lost.partition || record.how != Election::kUnclean) continue;
    if (record.leader_epoch <= last_office) continue;
    if (record.at.event > until) return nullptr;
    const Removal* had = LastRemoval(record.leader, until);
    if (had == nullptr || had->at.event < record.at.event) return &record;
  }
  return nullptr;
}

std::optional<Loss> Case::FindLoss() const {
  const Installation* without = FirstWithout();
  const Removal* last = EndOfLastCopy();
  if (last != nullptr && (without == nullptr || last->at.event < without->at.event)) {
    if (const PartitionRecord* unclean = UncleanWithout(last->at.event)) {
      return Loss{last->at, nullptr, unclean->leader, *unclean, unclean->eligible(), {}};
    }
    const PartitionRecord record = InForceAt(last->at.event);
    const Installation* office = InOfficeAt(last->at.event);
    const BrokerId before = office == nullptr ? last->holder : office->leader;
    const BrokerId leader = record.leader.exists() ? record.leader : before;
    return Loss{last->at, nullptr, leader, record, record.eligible(), {}, false};
  }
  if (without == nullptr) return std::nullopt;
  BrokerSet eligible;
  const PartitionRecord record = RecordOf(*without, eligible);
  return Loss{without->at, without, without->leader, record, eligible, HoldersAt(*without)};
}

void Describe(const Case& its, const std::optional<Loss>& loss, Finding& finding) {
  const Ledger& ledger = its.ledger;
  finding.partition = its.lost.partition;
  finding.acks = its.lost.acks;
  finding.told = its.lost.told;
  finding.committed = its.Committed();
  for (const Removal& removal : ledger.removals) {
    if (removal.partition != its.lost.partition || !its.Concerns(removal.ids)) continue;
    BrokerSet& set =
        removal.how == Removal::How::kUnsyncedLost ? finding.lost_unsynced : finding.truncated;
    set = set.With(removal.holder);
  }
  if (!its.entries.empty()) {
    const kafka::LeaderEpoch epoch = its.tables.At(its.lost.partition, its.entries[0]).epoch();
    for (const PartitionRecord& record : ledger.records) {
      const bool wrote = record.partition == its.lost.partition && record.leader_epoch == epoch;
      if (wrote && record.leader.exists()) finding.author = record.leader;
    }
  }
  if (!loss) return;
  finding.lost = loss->at;
  finding.loser = loss->leader;
  finding.unused = loss->holders.Without(loss->leader);
  finding.how = loss->record.how;
  finding.elected = loss->record.at;
  const sim::EventId office_from = its.InOfficeFrom(finding.author);
  for (const Incident& incident : ledger.incidents) {
    if (incident.broker != finding.author || incident.at.event > loss->at.event) continue;
    if (incident.at.event < office_from) continue;
    finding.incident = incident.at;
    finding.incident_kind = incident.kind;
  }
}

// A stop by order shows as a request and then an exit; the last act before the loss counts, unless
// the author was up again by then.
Mechanism HowAuthorWent(const Finding& finding) {
  if (!finding.incident.exists()) return Mechanism::kLeaderReplacedAlive;
  switch (finding.incident_kind) {
    case Incident::Kind::kKilled:
      return Mechanism::kLeaderDiedBeforeCopy;
    case Incident::Kind::kExited:
    case Incident::Kind::kStopRequested:
      return Mechanism::kLeaderStoppedBeforeCopy;
    case Incident::Kind::kPanic:
    case Incident::Kind::kPowerLost:
      return Mechanism::kLeaderLostPowerBeforeCopy;
  }
  return Mechanism::kNone;
}

void Decide(Finding& finding, LossClass loss_class, Leaf leaf, Mechanism mechanism,
            Cure cure = Cure::kNone) {
  finding.loss_class = loss_class;
  finding.leaf = leaf;
  finding.mechanism = mechanism;
  finding.cure = cure;
}

void Broken(const Case& its, Finding& finding, Leaf leaf, Mechanism mechanism) {
  const bool forgotten =
      finding.loser.exists() && !its.entries.empty() &&
      its.ledger.LetInWithout(its.lost.partition, finding.loser, its.entries.back());
  Decide(finding, LossClass::kPromiseBroken, leaf,
         forgotten ? Mechanism::kForgottenJoin : mechanism);
  finding.explained_by = its.setup.mutant;
}

// A leader of a later epoch was made uncleanly before the acknowledgement was given.
const PartitionRecord* ReplacedUncleanly(const Case& its) {
  if (its.entries.empty()) return nullptr;
  for (const PartitionRecord& record : its.ledger.records) {
    const bool later = record.partition == its.lost.partition &&
                       record.leader_epoch > its.epoch() && record.at.event < its.lost.told.event;
    if (later && IsUnclean(record.how)) return &record;
  }
  return nullptr;
}

// Rules 3b and 3c, where the leader lost it with unsynced data and nobody who counts has it.
void Unsynced(const Case& its, const Loss& loss, Leaf leaf, Finding& finding) {
  const kafka::PartitionSetup& partition = its.setup.partitions[its.lost.partition.value];
  const bool alone = partition.replicas.size() > 1 && loss.eligible.size() == 1;
  const bool elr_helps = !its.setup.controller.elr && !loss.holders.empty();
  Decide(finding, LossClass::kAsConfigured, leaf,
         alone ? Mechanism::kSoleMemberLostCache : Mechanism::kAllCopiesUnsynced,
         elr_helps ? Cure::kElrOn : Cure::kFlushEachMessage);
}

// Rule 3b had happened when a leader acknowledged that did not know yet that it was replaced: the
// member that had fetched the message had lost it with its cache, and had been elected, alone.
bool ReplacedByWhoLostIt(const Case& its, const Loss& loss) {
  const bool replaced = loss.record.leader_epoch > its.epoch() &&
                        loss.record.leader == loss.leader &&
                        loss.record.at.event < its.lost.told.event;
  const Removal* removal = its.LastRemoval(loss.leader, loss.at.event);
  const bool unsynced = removal != nullptr && removal->how == Removal::How::kUnsyncedLost;
  return replaced && unsynced && loss.eligible.contains(loss.leader) &&
         (loss.eligible & loss.holders).Without(loss.leader).empty();
}

// Rule 2: the loss came before the commit, or there was none.
void BeforeCommit(const Case& its, const std::optional<Loss>& loss, Finding& finding) {
  if (its.lost.acks == kafka::Acks::kNone && its.entries.empty()) {
    return Decide(finding, LossClass::kAsConfigured, Leaf::kBeforeCommit,
                  Mechanism::kNeverReachedLog, Cure::kAcksAll);
  }
  if (its.entries.empty()) {
    return Broken(its, finding, Leaf::kAnythingElse, Mechanism::kAckedUnwritten);
  }
  const Mechanism mechanism = HowAuthorWent(finding);
  if (its.lost.acks != kafka::Acks::kAll) {
    return Decide(finding, LossClass::kAsConfigured, Leaf::kBeforeCommit, mechanism,
                  Cure::kAcksAll);
  }
  const PartitionRecord* replaced = ReplacedUncleanly(its);
  if (replaced == nullptr && loss && ReplacedByWhoLostIt(its, *loss)) {
    return Unsynced(its, *loss, Leaf::kUnsynced, finding);
  }
  if (replaced == nullptr) return Broken(its, finding, Leaf::kBeforeCommit, mechanism);
  if (replaced->how == Election::kUnclean) {
    return Decide(finding, LossClass::kAsConfigured, Leaf::kUnclean, Mechanism::kUncleanElection,
                  Cure::kUncleanOff);
  }
  Decide(finding, LossClass::kOutsidePromise, Leaf::kLastKnownLeader, Mechanism::kLastKnownLeader);
}

// Rule 3, its cases in their order; 3d cannot be reached yet.
void AfterCommit(const Case& its, const Loss& loss, Finding& finding) {
  if (loss.record.how == Election::kUnclean && loss.by_election) {
    return Decide(finding, LossClass::kAsConfigured, Leaf::kUnclean, Mechanism::kUncleanElection,
                  Cure::kUncleanOff);
  }
  const Removal* removal = its.LastRemoval(loss.leader, loss.at.event);
  const bool unsynced = removal != nullptr && removal->how == Removal::How::kUnsyncedLost;
  if (unsynced && loss.eligible.contains(loss.leader)) {
    if ((loss.eligible & loss.holders).Without(loss.leader).empty()) {
      return Unsynced(its, loss, Leaf::kUnsynced, finding);
    }
    return Broken(its, finding, Leaf::kUnsynced, Mechanism::kMemberLostCache);
  }
  const bool leaderless = loss.installation == nullptr && !loss.record.leader.exists();
  if (unsynced && (loss.record.how == Election::kLastKnownLeader || leaderless)) {
    const BrokerSet former = its.ledger.of(its.lost.partition).ever_eligible;
    if ((former & loss.holders).empty()) {
      return Unsynced(its, loss, Leaf::kLastKnownLeader, finding);
    }
    return Decide(finding, LossClass::kOutsidePromise, Leaf::kLastKnownLeader,
                  Mechanism::kLastKnownLeader);
  }
  Broken(its, finding, Leaf::kAnythingElse,
         removal != nullptr ? Mechanism::kTruncatedIntactCopy : Mechanism::kElectedWithoutCopy);
}

Finding Judge(const Case& its) {
  Finding finding;
  const std::optional<Loss> loss = its.FindLoss();
  Describe(its, loss, finding);
  if (its.entries.empty()) {
    BeforeCommit(its, loss, finding);
    return finding;
  }
  if (!loss) {
    finding.loss_class = LossClass::kUnexplained;
    return finding;
  }
  const bool committed_first =
      finding.committed.exists() && finding.committed.event <= loss->at.event;
  if (committed_first) {
    AfterCommit(its, *loss, finding);
  } else {
    BeforeCommit(its, loss, finding);
  }
  return finding;
}

}  // namespace

// Rule 4: each committed copy that was lost is a link of a chain, and the gravest of them counts.
Finding Attribute(const Ledger& ledger, const kafka::Tables& tables, const kafka::Setup& setup,
                  const LostThing& lost) {
  std::optional<Finding> worst;
  for (size_t i = 0; i < lost.entries.size(); ++i) {
    const auto link = lost.entries.subspan(i, 1);
    const auto& facts = ledger.of(lost.partition).entries[link[0].value];
    if (!facts.commit_event.exists()) continue;
    const Finding finding = Judge({ledger, tables, setup, lost, link});
    if (!worst || finding.loss_class > worst->loss_class) worst = finding;
  }
  if (worst) return *worst;
  return Judge({ledger, tables, setup, lost, lost.entries});
}

}  // namespace ledger
