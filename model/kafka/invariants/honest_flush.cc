// FC:I18, for recovery points: a broker that says that it is flushed up to somewhere has it on its
// medium (KB:S-4: raised only when the fsync has returned). Reads FlushedTo, before the ledger
// believes it: until then it knows what drive and journal said.
#include "model/kafka/invariants/invariants.h"

namespace kafka::invariants {

void CheckHonestFlush(Invariants& all, const View& view, const notes::FlushedTo& said) {
  const kafka::ledger::Replica& replica = view.replica();

  all.Expect(Invariant::kHonestFlush, said.end <= replica.durable_end, view.ledger,
             {view.partition(), view.broker(), said.end});
}

}  // namespace kafka::invariants
