#include "model/kafka/invariants/exceptions.h"

#include <algorithm>

namespace kafka::invariants {
namespace {

using kafka::ledger::Removal;

bool LostUnsynced(const kafka::ledger::Ledger& ledger, const MissingRecord& record) {
  return std::any_of(ledger.removals.begin(), ledger.removals.end(), [&](const Removal& removal) {
    return removal.partition == record.partition && removal.holder == record.broker &&
           removal.by_fault() && removal.ids.contains(record.entry);
  });
}

}  // namespace

const char* NameOf(Exception exception) {
  constexpr const char* kNames[kExceptionCount] = {"none",           "UE",         "PL", "ELR0",
                                                   "forgotten_join", "epoch_bump", "TU"};
  return kNames[static_cast<uint32_t>(exception)];
}

// The election in force, or one since somebody last led: a leader that was made uncleanly
// and stopped before it led leaves an ISR of itself behind.
bool IsUncleanElection(const kafka::ledger::Ledger& ledger, const MissingRecord& record) {
  const kafka::LeaderEpoch last_epoch = ledger.of(record.partition).claim.epoch;
  bool in_force = true;
  for (auto i = ledger.records.rbegin(); i != ledger.records.rend(); ++i) {
    if (i->partition != record.partition || i->how == kafka::Election::kNone) continue;
    if (i->how == kafka::Election::kLeaderless) continue;
    if (!in_force && i->leader_epoch <= last_epoch) return false;
    if (kafka::ledger::IsUnclean(i->how) && i->leader == record.broker) return true;
    in_force = false;
  }
  return false;
}

bool IsReplacedUncleanly(const kafka::ledger::Ledger& ledger, kafka::PartitionId partition,
                         kafka::LeaderEpoch epoch) {
  return ledger.of(partition).unclean > epoch;
}

bool IsPowerLoss(const kafka::ledger::Ledger& ledger, const MissingRecord& record) {
  return ledger.Holders(record.partition, record.entry).empty() && LostUnsynced(ledger, record);
}

bool IsElrOff(const kafka::ledger::Ledger& ledger, const kafka::Setup& setup,
              const MissingRecord& record) {
  const kafka::BrokerSet eligible = ledger.of(record.partition).record.eligible();
  return !setup.controller.elr && eligible == kafka::BrokerSet::Of(record.broker) &&
         LostUnsynced(ledger, record);
}

bool IsTruncationUndone(const kafka::ledger::Ledger& ledger, const kafka::Setup& setup,
                        const MissingRecord& record) {
  if (!record.instead.exists()) return false;
  if (setup.brokers[record.broker.value].storage.ordered_metadata) return false;
  return std::any_of(ledger.removals.begin(), ledger.removals.end(), [&](const Removal& removal) {
    return removal.partition == record.partition && removal.holder == record.broker &&
           removal.how == Removal::How::kTruncated && removal.ids.contains(record.instead);
  });
}

Exception ExceptionFor(const kafka::ledger::Ledger& ledger, const kafka::Setup& setup,
                       const MissingRecord& record) {
  if (IsUncleanElection(ledger, record)) return Exception::kUncleanElection;
  if (IsPowerLoss(ledger, record)) return Exception::kPowerLoss;
  if (IsElrOff(ledger, setup, record)) return Exception::kElrOff;
  if (ledger.AdmittedWithout(record.partition, record.broker, record.entry)) {
    return Exception::kForgottenJoin;
  }
  if (IsTruncationUndone(ledger, setup, record)) return Exception::kTruncationUndone;
  return Exception::kNone;
}

}  // namespace kafka::invariants
