// FC:I18, for a log's end: a process that starts claims no more than its file holds.
// Reads Loaded and Recovered, before the ledger folds it.
#include "model/kafka/invariants/invariants.h"

namespace kafka::invariants {

void CheckHonestRecovery(Invariants& all, const View& view, kafka::Offset end) {
  const kafka::ledger::Replica& replica = view.replica();

  if (end == kafka::Offset{0}) return all.Vacuous(Invariant::kHonestRecovery);
  all.Expect(Invariant::kHonestRecovery, end <= replica.log.end, view.ledger,
             {view.partition(), view.broker(), end});
}

}  // namespace kafka::invariants
