#include "tools/analysis/survival.h"

#include <algorithm>

namespace analysis {
namespace {

using kafka::AppendedId;
using kafka::LeaderEpoch;
using kafka::PartitionId;

// Where a leader wrote the batch of that first message for the first time; none: nowhere.
AppendedId FirstEntry(const kafka::Tables& tables, PartitionId partition, kafka::MessageId root) {
  const auto& entries = tables.appended[partition.value].entries;
  for (uint32_t i = 0; i < entries.size(); ++i) {
    if (tables[entries[i].batch].first == root) return {i};
  }
  return AppendedId::None();
}

// The controller's record that began the epoch, or null.
const kafka::ledger::PartitionRecord* RecordOf(const kafka::ledger::Ledger& ledger,
                                               PartitionId partition, LeaderEpoch epoch) {
  for (const kafka::ledger::PartitionRecord& record : ledger.records) {
    if (record.partition == partition && record.leader_epoch == epoch) return &record;
  }
  return nullptr;
}

// The first that took office after that epoch, or null.
const kafka::ledger::Installation* NextLeader(const kafka::ledger::Ledger& ledger,
                                              PartitionId partition, LeaderEpoch epoch) {
  for (const kafka::ledger::Installation& one : ledger.installations) {
    if (one.partition == partition && one.epoch > epoch) return &one;
  }
  return nullptr;
}

bool HeldThen(const kafka::ledger::Ledger& ledger, const kafka::ledger::Installation& installation,
              AppendedId entry) {
  for (uint32_t i = 0; i < installation.snapshot_count; ++i) {
    const kafka::ledger::SnapshotRun& run = ledger.snapshots[installation.snapshot_first + i];
    if (run.holder == installation.leader && run.ids.contains(entry)) return true;
  }
  return false;
}

// It went down since it was made leader.
bool Stopped(const kafka::ledger::Ledger& ledger, const kafka::ledger::PartitionRecord& record) {
  return std::any_of(ledger.incidents.begin(), ledger.incidents.end(),
                     [&](const kafka::ledger::Incident& one) {
                       return one.broker == record.leader && one.at.time >= record.at.time;
                     });
}

Survival WhyStored(const kafka::World& world, const kafka::RunOutcome& outcome,
                   kafka::MessageId message) {
  const kafka::ledger::Ledger& ledger = world.observer.truth.ledger;
  const kafka::MessageId root = outcome.verdict.read.roots[message.value];
  const PartitionId partition = world.tables[message].partition;
  const AppendedId first = FirstEntry(world.tables, partition, root);
  if (!first.exists()) return Survival::kOther;
  if (ledger.messages[root.value].entry != first) return Survival::kSentAgain;
  const LeaderEpoch epoch = world.tables.At(partition, first).epoch();
  const kafka::ledger::PartitionRecord* record = RecordOf(ledger, partition, epoch);
  if (record == nullptr) return Survival::kOther;
  const kafka::ledger::Installation* next = NextLeader(ledger, partition, epoch);
  if (next == nullptr || next->leader == record->leader) {
    return Stopped(ledger, *record) ? Survival::kBackInTime : Survival::kNeverReplaced;
  }
  return HeldThen(ledger, *next, first) ? Survival::kNextHadIt : Survival::kOther;
}

}  // namespace

const char* ReasonOf(Survival survival) {
  switch (survival) {
    case Survival::kNotSent:
      return "the program never came to send it";
    case Survival::kReported:
      return "the application was told of an error";
    case Survival::kSentAgain:
      return "the producer sent it again";
    case Survival::kNextHadIt:
      return "the next leader had a copy by then";
    case Survival::kBackInTime:
      return "its leader was back before anybody else took over";
    case Survival::kNeverReplaced:
      return "nobody took over from its leader";
    case Survival::kNone:
    case Survival::kOther:
      break;
  }
  return "it met another end";
}

FutureEnd EndOf(const kafka::World& world, const kafka::RunOutcome& outcome,
                kafka::MessageId message, kafka::ledger::Fate recorded) {
  if (!message.exists()) return {kafka::ledger::Fate::kPending, Survival::kNotSent};
  const kafka::ledger::FinalRead& read = outcome.verdict.read;
  const kafka::ledger::Fate fate = read.fates[message.value];
  if (!read.counted[message.value]) return {fate, Survival::kNotSent};
  if (fate == recorded) return {fate, Survival::kNone};
  if (!IsLoss(recorded)) return {fate, Survival::kOther};
  if (IsLoss(fate)) return {fate, Survival::kNone};
  if (fate == kafka::ledger::Fate::kFailedReported) return {fate, Survival::kReported};
  const bool stored =
      read.facts[message.value].stored != kafka::ledger::FinalFacts::Stored::kNowhere;
  return {fate, stored ? WhyStored(world, outcome, message) : Survival::kOther};
}

}  // namespace analysis
