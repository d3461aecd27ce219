// model/ledger/promise.h
//
// Whose fault a loss is: docs/promise.md, applied to one batch's copies.
//
// Reads the ledger's history alone: what was promised, when, and the moment at which it could no
// longer be kept.
#ifndef MODEL_LEDGER_PROMISE_H_
#define MODEL_LEDGER_PROMISE_H_

#include "model/kafka/setup.h"
#include "model/ledger/loss.h"
#include "model/ledger/verdict.h"
#include "model/vocabulary/records.h"

namespace ledger {

// Everything of a Finding but its property and messages. loss_class is kUnexplained if no rule
// finds the loss. Required: no leader's log holds any of the entries at the end.
Finding Attribute(const Ledger& ledger, const kafka::Tables& tables, const kafka::Setup& setup,
                  const LostThing& lost);

}  // namespace ledger

#endif  // MODEL_LEDGER_PROMISE_H_
