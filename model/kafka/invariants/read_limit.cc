// FC:I17: a fetch of a consumer returns nothing at or above the high watermark.
// Reads Served.
#include "model/kafka/invariants/invariants.h"

namespace kafka::invariants {

void CheckReadLimit(Invariants& all, const View& view, const notes::Served& said) {
  const kafka::ledger::Replica& replica = view.replica();

  all.Expect(Invariant::kReadLimit, said.to <= replica.high_watermark, view.ledger,
             {view.partition(), view.broker(), said.to});
}

}  // namespace kafka::invariants
