// FC:I18, for a log's end: a process that starts keeps no more than its file holds.
// Reads LogKept, Loaded and Recovered, before the ledger folds them.
#include "model/kafka/invariants/invariants.h"

namespace kafka::invariants {

// What the ledger does not know to be there stands within what a crash has left of the file; what
// was kept before this has been folded.
void CheckHonestRecovery(Invariants& all, const View& view, const notes::LogKept& said) {
  const kafka::ledger::Replica& replica = view.replica();
  const kafka::ledger::IdRange ids{.first = said.first.value, .count = said.count};
  const kafka::ledger::TableView table = view.table();

  const uint64_t bytes = table.ByteEndOf(ids.end() - 1) - table.entry(ids.first).position();
  const uint64_t end = replica.log.BytesBelow(table, said.base) + bytes;
  const bool holds = replica.log.HoldsAll(ids) || end <= replica.found_bytes;
  all.Expect(Invariant::kHonestRecovery, holds, view.ledger,
             {view.partition(), view.broker(), table.EndOf(ids.end() - 1)});
}

// It claims no more than it has kept.
void CheckHonestRecovery(Invariants& all, const View& view, kafka::Offset end) {
  const kafka::ledger::Replica& replica = view.replica();

  if (end == kafka::Offset{0}) return all.Vacuous(Invariant::kHonestRecovery);
  all.Expect(Invariant::kHonestRecovery, end <= replica.log.end, view.ledger,
             {view.partition(), view.broker(), end});
}

}  // namespace kafka::invariants
