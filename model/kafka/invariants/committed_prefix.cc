// FC:I4: once below the true high watermark, a record never changes or disappears, and a leader's
// high watermark does not fall (KB:I-14, KB:I-21).
// Reads HighWatermark and Truncated, before the ledger folds them.
#include <algorithm>

#include "model/kafka/invariants/invariants.h"

namespace kafka::invariants {

using kafka::AppendedId;
using kafka::Offset;

// A leader stands by what is committed: its log has it, as far as the watermark goes that it
// claims.
void CheckCommittedClaim(Invariants& all, const View& view, const notes::HighWatermark& said) {
  const kafka::ledger::Replica& replica = view.replica();

  const kafka::ledger::Partition& partition = view.ledger.of(view.partition());
  const bool rises = said.to >= said.from;
  const Offset checked = std::min(said.to, partition.high_watermark);
  if (rises && IsReplacedUncleanly(view.ledger, view.partition(), replica.epoch)) {
    return all.Excepted(Invariant::kCommittedPrefix, Exception::kUncleanElection);
  }
  bool same = true;
  if (checked > Offset{0}) {
    const kafka::ledger::ShadowLog& committed = partition.committed;
    const AppendedId last = checked == committed.end
                                ? committed.Last()
                                : committed.At(view.table(), checked - kafka::RecordCount{1});
    same = !last.exists() || replica.log.Holds(last);
  }
  if (rises && !same) {
    const Offset missing = FirstMissing(view.table(), partition.committed, replica.log);
    const Exception exception =
        WhyAnotherHistory(all, view, missing, partition.committed.At(view.table(), missing));
    if (exception != Exception::kNone) {
      return all.Excepted(Invariant::kCommittedPrefix, exception);
    }
  }
  all.Expect(Invariant::kCommittedPrefix, rises && same, view.ledger,
             {view.partition(), view.broker(), checked});
}

// Whoever cuts a committed record off its log throws away a copy that counts.
void CheckCommittedCut(Invariants& all, const View& view, const notes::Truncated& said) {
  const kafka::ledger::Replica& replica = view.replica();
  const Offset to = said.end;
  const kafka::ledger::Partition& partition = view.ledger.of(view.partition());
  if (to >= partition.high_watermark) return all.Vacuous(Invariant::kCommittedPrefix);
  const AppendedId first = replica.log.At(view.table(), to);
  const bool drops = first.exists() && partition.committed.Holds(first);
  all.Expect(Invariant::kCommittedPrefix, !drops, view.ledger,
             {view.partition(), view.broker(), to});
}

}  // namespace kafka::invariants
