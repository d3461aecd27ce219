// FC:I1: at the end, every record that was acknowledged under its contract is in the leader's log.
// The contract is acks=all; what acks=1 and acks=0 lose is counted and attributed instead
// (KB:I-65). Evaluated at the end of a run, from the final read.
#include "model/kafka/invariants/invariants.h"

namespace kafka::invariants {

using kafka::AppendedId;
using kafka::ledger::MessageFacts;

namespace {

// Of each message the exception of the first drop that took any of its entries: a zombie may have
// written one. Made once, since many messages are lost together.
std::vector<Exception> ExceptionsOfDrops(const Invariants& all, const kafka::Tables& tables) {
  std::vector<Exception> of_message(tables.messages.size(), Exception::kNone);
  for (const Drop& drop : all.drops) {
    if (drop.exception == Exception::kNone) continue;
    for (uint32_t i = drop.ids.first; i < drop.ids.end(); ++i) {
      const kafka::Batch& batch = tables[tables.At(drop.partition, {i}).batch];
      kafka::MessageId message = batch.first;
      for (uint32_t k = 0; k < batch.count && message.exists(); ++k) {
        Exception& exception = of_message[message.value];
        if (exception == Exception::kNone) exception = drop.exception;
        message = tables[message].next;
      }
    }
  }
  return of_message;
}

// What no drop explains.
Exception WhyLost(const kafka::ledger::Ledger& ledger, const kafka::Tables& tables,
                  kafka::MessageId message) {
  const kafka::PartitionId id = tables[message].partition;
  const AppendedId entry = ledger.messages[message.value].entry;
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
  std::vector<Exception> dropped;  // nothing was lost: nobody asks
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
    if (dropped.empty()) dropped = ExceptionsOfDrops(all, tables);
    Exception exception = entry.exists() ? dropped[i] : Exception::kNone;
    if (entry.exists() && exception == Exception::kNone) exception = WhyLost(ledger, tables, {i});
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
