// FC:I8: with idempotence, a message stands at no more than one offset of its partition's log.
// Reads kAppended of leaders, before the ledger folds it: does this log hold the batch already?
#include "model/invariants/invariants.h"

namespace invariants {

void CheckNoDup(Invariants& all, const View& view) {
  if (kafka::Low(view.note.c) == 0) return;
  const ledger::Replica* replica = view.replica();
  if (replica == nullptr) return;
  for (uint32_t i = 0; i < kafka::Low(view.note.a); ++i) {
    const uint32_t entry = kafka::High(view.note.a) + i;
    const kafka::Appended& appended = view.table().entry(entry);
    const ledger::MessageFacts& facts = view.ledger.FactsOf(view.tables, appended.batch);
    if (!facts.has(ledger::MessageFacts::kIdempotent) || !facts.entry.exists()) {
      all.Vacuous(Invariant::kNoDup);  // its first append
      continue;
    }
    all.Expect(Invariant::kNoDup, !replica->log.Holds(facts.entry), view.ledger,
               {view.partition(), view.broker(), appended.base});
  }
}

}  // namespace invariants
