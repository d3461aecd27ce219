// model/kafka/producer/outcomes.h
//
// What becomes of a batch after an attempt: retried, split, acknowledged, failed, expired
// (outcomes.cc; KC:P-38..P-49).
//
// Invariants:  a batch has one outcome, and keeps its slot until no request holds it any more.
#ifndef MODEL_KAFKA_PRODUCER_OUTCOMES_H_
#define MODEL_KAFKA_PRODUCER_OUTCOMES_H_

#include "model/kafka/producer/settings.h"
#include "model/kafka/producer/state.h"

namespace kafka::producer {

struct Answer {
  Error error = Error::kNone;
  Offset base = Offset::Unknown();
};
bool IsRetriable(Error error);
bool IsInvalidMetadata(Error error);
// The outcome of one attempt (KC:P-39). The slot is in no list; afterwards it is queued or free.
void CompleteBatch(const Context& ctx, Producer& self, uint32_t slot, const Answer& answer,
                   Effects& out);
// The same error for a chain of batches, oldest first: of a request that got no answer (KC:P-35).
void FailBatches(const Context& ctx, Producer& self, uint32_t first_slot, Error error,
                 Effects& out);
// No batch expires before.
inline sim::MonoTime NoExpiryBefore(const Context& ctx, const Producer& self) {
  const bool none = self.process.live == 0 || self.process.oldest == sim::Never<sim::MonoTime>();
  if (none) return sim::Never<sim::MonoTime>();
  return self.process.oldest + SettingsOf(ctx, self).delivery_timeout;
}
// Fails what is older than delivery.timeout.ms (KC:P-46). Returns true if something was.
bool ExpireDue(const Context& ctx, Producer& self, Effects& out);
inline bool ExpireBatches(const Context& ctx, Producer& self, Effects& out) {
  return ctx.mono >= NoExpiryBefore(ctx, self) && ExpireDue(ctx, self, out);
}
sim::MonoTime NextExpiry(const Context& ctx, const Producer& self);

}  // namespace kafka::producer

#endif  // MODEL_KAFKA_PRODUCER_OUTCOMES_H_
