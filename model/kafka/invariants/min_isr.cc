// KB:I-16: a leader's high watermark never moves while its committed ISR is smaller than
// min.insync.replicas. Reads HighWatermark.
#include "model/kafka/invariants/invariants.h"

namespace kafka::invariants {

void CheckMinIsr(Invariants& all, const View& view, const notes::HighWatermark& said) {
  const int min_isr = view.replica().min_isr;  // as that leader knows it
  all.Expect(Invariant::kMinIsr, said.isr.size() >= min_isr, view.ledger,
             {view.partition(), view.broker(), said.to});
}

}  // namespace kafka::invariants
