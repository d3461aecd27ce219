// FC:I8: with idempotence, a message stands at no more than one offset of its partition's log.
// Reads Appended of leaders, before the ledger folds it: does this log hold the batch already?
// What a producer sent again under a new epoch is another batch to every broker (KB:P-31); it is
// counted by name. NO_DUPLICATE tells it to the user all the same.
#include "model/kafka/invariants/invariants.h"

namespace kafka::invariants {
namespace {

bool IsRenumbered(const View& view, kafka::AppendedId before, kafka::BatchId now) {
  const kafka::Batch& old = view.tables[view.table().entry(before.value).batch];
  const kafka::Batch& batch = view.tables[now];
  return old.producer_id != batch.producer_id || old.producer_epoch != batch.producer_epoch;
}

}  // namespace

void CheckNoDup(Invariants& all, const View& view, const notes::Appended& said) {
  if (!said.as_leader) return;
  const kafka::ledger::Replica& replica = view.replica();
  for (uint32_t i = 0; i < said.count; ++i) {
    const uint32_t entry = said.first.value + i;
    const kafka::Appended& appended = view.table().entry(entry);
    const kafka::ledger::MessageFacts& facts = view.ledger.FirstOf(view.tables, appended.batch);
    if (!facts.has(kafka::ledger::MessageFacts::kIdempotent) || !facts.entry.exists()) {
      all.Vacuous(Invariant::kNoDup);  // its first append
      continue;
    }
    const bool held = replica.log.Holds(facts.entry);
    if (held && IsRenumbered(view, facts.entry, appended.batch)) {
      all.Excepted(Invariant::kNoDup, Exception::kEpochBump);
      continue;
    }
    all.Expect(Invariant::kNoDup, !held, view.ledger,
               {view.partition(), view.broker(), appended.base()});
  }
}

}  // namespace kafka::invariants
