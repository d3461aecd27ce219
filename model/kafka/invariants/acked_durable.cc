// FC:I1: at the end, every record that was acknowledged under its contract is in the leader's log.
// The contract is acks=all; what acks=1 and acks=0 lose is counted and attributed instead
// (KB:I-65). Evaluated at the end of a run, from the final read.
#include "model/kafka/invariants/invariants.h"

namespace kafka::invariants {

using kafka::AppendedId;
using kafka::ledger::MessageFacts;

namespace {

Exception WhyLost(const Invariants& all, const kafka::ledger::Ledger& ledger,
                  const kafka::Tables& tables, kafka::MessageId message) {
  const kafka::PartitionId id = tables[message].partition;
  const AppendedId entry = ledger.messages[message.value].entry;
  if (!entry.exists()) return Exception::kNone;
  for (const Drop& drop : all.drops) {  // any of its entries: a zombie may have written one
    if (drop.partition != id || drop.exception == Exception::kNone) continue;
    for (uint32_t i = drop.ids.first; i < drop.ids.end(); ++i) {
      if (tables.Contains(tables.At(id, {i}).batch, message)) return drop.exception;
    }
  }
  if (IsReplacedUncleanly(ledger, id, tables.At(id, entry).epoch())) {
    return Exception::kUncleanElection;
  }
  for (const kafka::ledger::Replica& replica : ledger.ReplicasOf(id)) {
    const MissingRecord missing{id, entry, replica.broker};
    if (IsPowerLoss(ledger, missing)) return Exception::kPowerLoss;
    if (ledger.AdmittedWithout(missing.partition, missing.broker, missing.entry)) {
      return Exception::kForgottenJoin;
    }
  }
  return Exception::kNone;
}

}  // namespace

void CheckAckedDurable(Invariants& all, const kafka::ledger::Ledger& ledger,
                       const kafka::Tables& tables, const kafka::ledger::FinalRead& read) {
  uint64_t kept = 0;
  for (uint32_t i = 0; i < read.facts.size(); ++i) {
    if (!read.counted[i]) continue;
    const MessageFacts& own = ledger.messages[i];
    if (!own.has(MessageFacts::kTold) || !own.has(MessageFacts::kAcksAll)) continue;
    if (!kafka::ledger::IsLoss(read.fates[i])) {
      ++kept;
      continue;
    }
    const kafka::PartitionId id = tables.messages[i].partition;
    const AppendedId entry = own.entry;
    const Exception exception = WhyLost(all, ledger, tables, {i});
    if (exception != Exception::kNone) {
      all.Excepted(Invariant::kAckedDurable, exception);
      continue;
    }
    const kafka::Offset at =
        entry.exists() ? tables.At(id, entry).base() : kafka::Offset::Unknown();
    all.Expect(Invariant::kAckedDurable, false, ledger, {id, ledger.of(id).last_leader, at});
  }
  all.Hold(Invariant::kAckedDurable, kept);
}

}  // namespace kafka::invariants
