// model/kafka/ledger/promise.h
//
// Whose fault a loss is: docs/promise.md, applied to one batch's copies.
//
// Reads the ledger's history alone: what was promised, when, and the moment at which it could no
// longer be kept.
#ifndef MODEL_KAFKA_LEDGER_PROMISE_H_
#define MODEL_KAFKA_LEDGER_PROMISE_H_

#include "model/kafka/ledger/loss.h"
#include "model/kafka/ledger/verdict.h"
#include "model/kafka/setup.h"
#include "model/kafka/vocabulary/records.h"

namespace kafka::ledger {

// Everything of a Finding but its property and messages. loss_class is kUnexplained if no rule
// finds the loss. Required: no leader's log holds any of the entries at the end.
Finding Attribute(const Ledger& ledger, const kafka::Tables& tables, const kafka::Setup& setup,
                  const LostThing& lost);

}  // namespace kafka::ledger

#endif  // MODEL_KAFKA_LEDGER_PROMISE_H_
