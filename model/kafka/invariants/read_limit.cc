// FC:I17: a fetch of a consumer returns nothing at or above the high watermark.
// Reads kServed.
#include "model/kafka/invariants/invariants.h"

namespace kafka::invariants {

void CheckReadLimit(Invariants& all, const View& view) {
  const kafka::ledger::Replica& replica = view.replica();
  const kafka::Offset to{static_cast<int64_t>(view.note.c)};
  all.Expect(Invariant::kReadLimit, to <= replica.high_watermark, view.ledger,
             {view.partition(), view.broker(), to});
}

}  // namespace kafka::invariants
