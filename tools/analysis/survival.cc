#include "tools/analysis/survival.h"

#include <algorithm>
#include <array>

#include "tools/analysis/words.h"

namespace analysis {
namespace {

using kafka::AppendedId;
using kafka::LeaderEpoch;
using kafka::PartitionId;

// Where a leader wrote the message for the first time; none: nowhere.
AppendedId FirstEntry(const kafka::Tables& tables, PartitionId partition,
                      kafka::MessageId message) {
  const auto& entries = tables.appended[partition.value].entries;
  for (uint32_t i = 0; i < entries.size(); ++i) {
    if (tables.Contains(entries[i].batch, message)) return {i};
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

// The first leader after that epoch, or null.
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

Survival::Reason WhyStored(const kafka::World& world, kafka::MessageId message) {
  const kafka::ledger::Ledger& ledger = world.observer.truth.ledger;
  const PartitionId partition = world.tables[message].partition;
  const AppendedId first = FirstEntry(world.tables, partition, message);
  if (!first.exists()) return Survival::OTHER;
  if (ledger.messages[message.value].entry != first) return Survival::SENT_AGAIN;
  const LeaderEpoch epoch = world.tables.At(partition, first).epoch();
  const kafka::ledger::PartitionRecord* record = RecordOf(ledger, partition, epoch);
  if (record == nullptr) return Survival::OTHER;
  const kafka::ledger::Installation* next = NextLeader(ledger, partition, epoch);
  if (next == nullptr || next->leader == record->leader) {
    return Stopped(ledger, *record) ? Survival::BACK_IN_TIME : Survival::NEVER_REPLACED;
  }
  return HeldThen(ledger, *next, first) ? Survival::NEXT_HAD_IT : Survival::OTHER;
}

}  // namespace

FutureEnd EndOf(const kafka::World& world, const kafka::RunOutcome& outcome,
                kafka::MessageId message, kafka::ledger::Fate recorded) {
  if (!message.exists()) return {.reason = Survival::NOT_SENT};
  const kafka::ledger::FinalRead& read = outcome.verdict.read;
  const kafka::ledger::Fate fate = read.fates[message.value];
  if (!read.counted[message.value]) return {.fate = fate, .reason = Survival::NOT_SENT};
  if (fate == recorded) return {.fate = fate, .as_recorded = true};
  if (!IsLoss(recorded)) return {.fate = fate};
  if (IsLoss(fate)) return {.fate = fate, .as_recorded = true};
  if (fate == kafka::ledger::Fate::kFailedReported) {
    return {.fate = fate, .reason = Survival::REPORTED};
  }
  const bool stored =
      read.facts[message.value].stored != kafka::ledger::FinalFacts::Stored::kNowhere;
  if (!stored) return {.fate = fate};
  return {.fate = fate, .reason = WhyStored(world, message)};
}

std::vector<Survival> CountSurvivals(std::span<const FutureEnd> ends,
                                     kafka::ledger::Fate recorded) {
  std::array<uint32_t, Survival::Reason_ARRAYSIZE> reasons{};
  std::array<uint32_t, kafka::ledger::kFateCount> fates{};
  for (const FutureEnd& end : ends) {
    if (end.as_recorded) continue;
    const bool fate_alone = end.reason == Survival::OTHER || !IsLoss(recorded);
    ++(fate_alone ? fates[static_cast<uint32_t>(end.fate)] : reasons[end.reason]);
  }
  std::vector<Survival> counts;
  for (int i = 0; i < Survival::Reason_ARRAYSIZE; ++i) {
    if (reasons[static_cast<size_t>(i)] == 0) continue;
    Survival& survival = counts.emplace_back();
    survival.set_reason(static_cast<Survival::Reason>(i));
    survival.set_count(reasons[static_cast<size_t>(i)]);
  }
  for (uint32_t i = 0; i < kafka::ledger::kFateCount; ++i) {
    if (fates[i] == 0) continue;
    Survival& survival = counts.emplace_back();
    survival.set_fate(AnswerOf(static_cast<kafka::ledger::Fate>(i)));
    survival.set_count(fates[i]);
  }
  std::stable_sort(counts.begin(), counts.end(),
                   [](const Survival& a, const Survival& b) { return a.count() > b.count(); });
  return counts;
}

}  // namespace analysis
