// model/ledger/judge.h
//
// From the end of a run to its verdict: each property HELD, BROKEN or INCONCLUSIVE, and each loss
// with its class.
#ifndef MODEL_LEDGER_JUDGE_H_
#define MODEL_LEDGER_JUDGE_H_

#include "model/kafka/setup.h"
#include "model/ledger/final_read.h"
#include "model/ledger/ledger.h"
#include "model/ledger/verdict.h"
#include "model/vocabulary/records.h"

namespace ledger {

// The verdict holds the read.
Verdict Judge(const Ledger& ledger, const kafka::Tables& tables, const kafka::Setup& setup,
              FinalRead read);

}  // namespace ledger

#endif  // MODEL_LEDGER_JUDGE_H_
