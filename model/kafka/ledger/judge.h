// model/kafka/ledger/judge.h
//
// From the end of a run to its verdict: each property HELD, BROKEN or INCONCLUSIVE, and each loss
// with its class.
#ifndef MODEL_KAFKA_LEDGER_JUDGE_H_
#define MODEL_KAFKA_LEDGER_JUDGE_H_

#include "model/kafka/ledger/final_read.h"
#include "model/kafka/ledger/ledger.h"
#include "model/kafka/ledger/verdict.h"
#include "model/kafka/setup.h"
#include "model/kafka/vocabulary/records.h"

namespace kafka::ledger {

// The verdict holds the read.
Verdict MakeVerdict(const Ledger& ledger, const kafka::Tables& tables, const kafka::Setup& setup,
                    FinalRead read);

}  // namespace kafka::ledger

#endif  // MODEL_KAFKA_LEDGER_JUDGE_H_
