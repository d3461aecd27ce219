// KB:I-16: a leader's high watermark never moves while its committed ISR is smaller than
// min.insync.replicas. Reads kHighWatermark.
#include "model/kafka/invariants/invariants.h"

namespace kafka::invariants {

void CheckMinIsr(Invariants& all, const View& view) {
  const kafka::BrokerSet isr{static_cast<uint16_t>(kafka::High(view.note.c))};
  const int min_isr = view.ledger.of(view.partition()).record.min_isr;
  all.Expect(Invariant::kMinIsr, isr.size() >= min_isr, view.ledger,
             {view.partition(), view.broker(), {static_cast<int64_t>(view.note.a)}});
}

}  // namespace kafka::invariants
