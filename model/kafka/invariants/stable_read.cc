// FC:I7: a record that was delivered at an offset is never later replaced or missing in the
// leader's log. Reads BecameLeader: a leader's log only grows while it leads, so it is enough to
// look when one begins; before the ledger accepts what it lacks.
#include "model/kafka/invariants/invariants.h"

namespace kafka::invariants {

using kafka::Offset;

void CheckStableRead(Invariants& all, const View& view, const notes::BecameLeader& said) {
  const kafka::ledger::Replica& replica = view.replica();
  const kafka::ledger::ShadowLog& delivered = all.delivered[view.partition().value];

  const bool outdated = said.epoch < view.ledger.of(view.partition()).record.leader_epoch;
  if (outdated || delivered.runs.empty()) {
    return all.Vacuous(Invariant::kStableRead);
  }
  const Offset missing = FirstMissing(view.table(), delivered, replica.log);
  const bool whole = missing == delivered.end;
  if (!whole) {
    const kafka::AppendedId entry = delivered.At(view.table(), missing);
    const MissingRecord record{view.partition(), entry, view.broker(),
                               replica.log.At(view.table(), missing)};
    const Exception exception =
        entry.exists() ? ExceptionFor(view.ledger, view.setup, record) : Exception::kNone;
    if (exception != Exception::kNone) return all.Excepted(Invariant::kStableRead, exception);
  }
  all.Expect(Invariant::kStableRead, whole, view.ledger,
             {view.partition(), view.broker(), missing});
}

}  // namespace kafka::invariants
