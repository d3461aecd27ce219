// model/kafka/explain/whys.h
//
// Negative provenance: why a broker had no copy, why another was allowed to lead, why the producer
// was told yes. From notes of rules that fired, or from the guard that kept one from firing.
//
// Invariants:  at most kWhysAtMost, those first that answer the end of the message.
#ifndef MODEL_KAFKA_EXPLAIN_WHYS_H_
#define MODEL_KAFKA_EXPLAIN_WHYS_H_

#include <vector>

#include "model/kafka/explain/chain.h"
#include "model/kafka/explain/inquiry.h"
#include "model/kafka/explain/why_details.h"

namespace kafka::explain {

constexpr size_t kWhysAtMost = 5;

struct Why {
  sim::NoteHeader at;  // of the note or rule that answers it; event none: there is none
  why::Detail detail;
};

std::vector<Why> FindWhys(const Inquiry& inquiry, const Chain& chain);

}  // namespace kafka::explain

#endif  // MODEL_KAFKA_EXPLAIN_WHYS_H_
