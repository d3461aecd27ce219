// KB:I-16: a leader's high watermark never moves while its committed ISR is smaller than
// min.insync.replicas. Reads HighWatermark.
#include "model/kafka/invariants/invariants.h"

namespace kafka::invariants {

void CheckMinIsr(Invariants& all, const View& view, const notes::HighWatermark& said) {
  const int min_isr = view.ledger.of(view.partition()).record.min_isr;
  all.Expect(Invariant::kMinIsr, said.isr.size() >= min_isr, view.ledger,
             {view.partition(), view.broker(), said.to});
}

}  // namespace kafka::invariants
