#include "model/kafka/ledger/promise.h"

#include <optional>

namespace kafka::ledger {
namespace {

using kafka::BrokerSet;
using kafka::Election;

// The leader without the message: where the last copy went first, it led later than that.
void DescribeSuccessor(const LossEvidence& evidence, Finding& finding) {
  const Installation* without = evidence.FirstWithout();
  if (without == nullptr) return;
  finding.successor = without->leader;
  finding.led_without = without->at;
}

// Who led in the epoch in which the first entry was written.
void DescribeAuthor(const LossEvidence& evidence, Finding& finding) {
  if (evidence.entries.empty()) return;
  const PartitionId partition = evidence.lost.partition;
  const kafka::LeaderEpoch epoch = evidence.tables.At(partition, evidence.entries[0]).epoch();
  for (const PartitionRecord& record : evidence.ledger.records) {
    const bool wrote = record.partition == partition && record.leader_epoch == epoch;
    if (wrote && record.leader.exists()) finding.author = record.leader;
  }
}

void Describe(const LossEvidence& evidence, const std::optional<Loss>& loss, Finding& finding) {
  const Ledger& ledger = evidence.ledger;
  finding.partition = evidence.lost.partition;
  finding.acks = evidence.lost.acks;
  finding.told = evidence.lost.told;
  finding.committed = evidence.Committed();
  for (const Removal& removal : ledger.removals) {
    if (removal.partition != evidence.lost.partition || !evidence.Concerns(removal.ids)) continue;
    if (removal.by_fault()) {
      finding.Add(CacheLoss{removal.holder, removal.at});
    } else {
      finding.truncated = finding.truncated.With(removal.holder);
    }
  }
  DescribeAuthor(evidence, finding);
  if (!loss) return;
  finding.lost = loss->at;
  finding.loser = loss->leader;
  finding.unused = loss->holders.Without(loss->leader);
  finding.how = loss->record.how;
  finding.elected = loss->record.at;
  DescribeSuccessor(evidence, finding);
  const sim::EventId led_from = evidence.LedFrom(finding.author);
  for (const Incident& incident : ledger.incidents) {
    if (incident.broker != finding.author || incident.at.event > loss->at.event) continue;
    if (incident.at.event < led_from) continue;
    // Asked to stop, and cut off from whom it would ask for leave, it led on (KB:E-42).
    const bool led_on = incident.kind == Incident::Kind::kStopRequested && finding.told.exists() &&
                        finding.told.event > loss->at.event;
    if (led_on) continue;
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

void Broken(const LossEvidence& evidence, Finding& finding, Leaf leaf, Mechanism mechanism) {
  const bool forgotten = finding.loser.exists() && !evidence.entries.empty() &&
                         evidence.ledger.AdmittedWithout(evidence.lost.partition, finding.loser,
                                                         evidence.entries.back());
  Decide(finding, LossClass::kPromiseBroken, leaf,
         forgotten ? Mechanism::kForgottenJoin : mechanism);
  finding.explained_by = evidence.setup.mutant;
}

// A leader of a later epoch was made uncleanly before the acknowledgement was given.
const PartitionRecord* ReplacedUncleanly(const LossEvidence& evidence) {
  if (evidence.entries.empty()) return nullptr;
  for (const PartitionRecord& record : evidence.ledger.records) {
    const bool later = record.partition == evidence.lost.partition &&
                       record.leader_epoch > evidence.epoch() &&
                       record.at.event < evidence.lost.told.event;
    if (later && IsUnclean(record.how)) return &record;
  }
  return nullptr;
}

// What helps against a leader that lost it with unsynced data. Eligible leader replicas make the
// partition wait for a replica that has it, if such a one would be among them (KB:E-15).
Cure CureOfUnsynced(const LossEvidence& evidence, const Loss& loss) {
  if (evidence.setup.controller.elr) return Cure::kFlushEachMessage;
  const bool waits = !(evidence.EligibleWithElr(loss) & loss.holders).empty();
  return waits ? Cure::kElrOn : Cure::kFlushEachMessage;
}

// Rules 3b and 3c, where the leader lost it with unsynced data and nobody who counts has it.
void Unsynced(const LossEvidence& evidence, const Loss& loss, Leaf leaf, Finding& finding) {
  const kafka::PartitionSetup& partition = evidence.setup.partitions[evidence.lost.partition.value];
  const bool alone = partition.replicas.size() > 1 && loss.eligible.size() == 1;
  Decide(finding, LossClass::kAsConfigured, leaf,
         alone ? Mechanism::kSoleMemberLostCache : Mechanism::kAllCopiesUnsynced,
         CureOfUnsynced(evidence, loss));
}

// Rule 3d: no setting brings back what a disk held. If somebody else whom the controller could elect
// has it still, its loss by the leader explains nothing (3b).
bool WentWithDisk(const LossEvidence& evidence, const Loss& loss) {
  const Removal* removal = evidence.LastRemoval(loss.leader, loss.at.event);
  const bool of_leader = removal != nullptr && removal->how == Removal::How::kDiskLost;
  if (!of_leader && !evidence.LastCopyWentWithDisk(loss)) return false;
  return (loss.eligible & loss.holders).Without(loss.leader).empty();
}

void DecideDiskLost(Finding& finding) {
  Decide(finding, LossClass::kOutsidePromise, Leaf::kMediumLost, Mechanism::kDiskLost);
}

// By setting, which may be another; or by hand, against which no setting helps.
void DecideUnclean(Election how, Finding& finding) {
  if (how == Election::kUncleanByHand) {
    return Decide(finding, LossClass::kAsConfigured, Leaf::kUnclean,
                  Mechanism::kUncleanElectionByHand);
  }
  Decide(finding, LossClass::kAsConfigured, Leaf::kUnclean, Mechanism::kUncleanElection,
         Cure::kUncleanOff);
}

// Rule 3b had happened when a leader acknowledged that did not know yet that it was replaced: the
// member that had fetched the message had lost it with its cache, and had been elected, alone.
bool ReplacedByWhoLostIt(const LossEvidence& evidence, const Loss& loss) {
  const bool replaced = loss.record.leader_epoch > evidence.epoch() &&
                        loss.record.leader == loss.leader &&
                        loss.record.at.event < evidence.lost.told.event;
  const Removal* removal = evidence.LastRemoval(loss.leader, loss.at.event);
  const bool unsynced = removal != nullptr && removal->by_fault();
  return replaced && unsynced && loss.eligible.contains(loss.leader) &&
         (loss.eligible & loss.holders).Without(loss.leader).empty();
}

// Rule 2: the loss came before the commit, or there was none.
void BeforeCommit(const LossEvidence& evidence, const std::optional<Loss>& loss, Finding& finding) {
  if (evidence.lost.acks == kafka::Acks::kNone && evidence.entries.empty()) {
    return Decide(finding, LossClass::kAsConfigured, Leaf::kBeforeCommit,
                  Mechanism::kNeverReachedLog, Cure::kAcksAll);
  }
  if (evidence.entries.empty()) {
    return Broken(evidence, finding, Leaf::kAnythingElse, Mechanism::kAckedUnwritten);
  }
  const Mechanism mechanism = HowAuthorWent(finding);
  if (evidence.lost.acks != kafka::Acks::kAll) {
    return Decide(finding, LossClass::kAsConfigured, Leaf::kBeforeCommit, mechanism,
                  Cure::kAcksAll);
  }
  const PartitionRecord* replaced = ReplacedUncleanly(evidence);
  if (replaced == nullptr && loss && ReplacedByWhoLostIt(evidence, *loss)) {
    if (WentWithDisk(evidence, *loss)) return DecideDiskLost(finding);
    return Unsynced(evidence, *loss, Leaf::kUnsynced, finding);
  }
  if (replaced == nullptr) return Broken(evidence, finding, Leaf::kBeforeCommit, mechanism);
  if (kafka::IsWishedUnclean(replaced->how)) return DecideUnclean(replaced->how, finding);
  Decide(finding, LossClass::kOutsidePromise, Leaf::kLastKnownLeader, Mechanism::kLastKnownLeader);
}

// Rule 3, its cases in their order.
void AfterCommit(const LossEvidence& evidence, const Loss& loss, Finding& finding) {
  if (WentWithDisk(evidence, loss)) return DecideDiskLost(finding);
  if (kafka::IsWishedUnclean(loss.record.how) && loss.by_election) {
    return DecideUnclean(loss.record.how, finding);
  }
  const Removal* removal = evidence.LastRemoval(loss.leader, loss.at.event);
  const bool unsynced = removal != nullptr && removal->by_fault();
  if (unsynced && loss.eligible.contains(loss.leader)) {
    if ((loss.eligible & loss.holders).Without(loss.leader).empty()) {
      return Unsynced(evidence, loss, Leaf::kUnsynced, finding);
    }
    return Broken(evidence, finding, Leaf::kUnsynced, Mechanism::kMemberLostCache);
  }
  const bool leaderless = loss.installation == nullptr && !loss.record.leader.exists();
  if (unsynced && (loss.record.how == Election::kLastKnownLeader || leaderless)) {
    const BrokerSet former = evidence.ledger.of(evidence.lost.partition).ever_eligible;
    if ((former & loss.holders).empty()) {
      return Unsynced(evidence, loss, Leaf::kLastKnownLeader, finding);
    }
    return Decide(finding, LossClass::kOutsidePromise, Leaf::kLastKnownLeader,
                  Mechanism::kLastKnownLeader);
  }
  Broken(evidence, finding, Leaf::kAnythingElse,
         removal != nullptr ? Mechanism::kTruncatedIntactCopy : Mechanism::kElectedWithoutCopy);
}

Finding JudgeLoss(const LossEvidence& evidence) {
  Finding finding;
  const std::optional<Loss> loss = evidence.FindLoss();
  Describe(evidence, loss, finding);
  if (evidence.entries.empty()) {
    BeforeCommit(evidence, loss, finding);
    return finding;
  }
  if (!loss) {
    finding.loss_class = LossClass::kUnexplained;
    return finding;
  }
  const bool committed_first =
      finding.committed.exists() && finding.committed.event <= loss->at.event;
  if (committed_first) {
    AfterCommit(evidence, *loss, finding);
  } else {
    BeforeCommit(evidence, loss, finding);
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
    const Finding finding = JudgeLoss({ledger, tables, setup, lost, link});
    if (!worst || finding.loss_class > worst->loss_class) worst = finding;
  }
  if (worst) return *worst;
  return JudgeLoss({ledger, tables, setup, lost, lost.entries});
}

}  // namespace kafka::ledger
