// tools/analysis/findings.h
//
// What the ledger found, as rows of an answer: names instead of ids, and no sentence yet.
#ifndef TOOLS_ANALYSIS_FINDINGS_H_
#define TOOLS_ANALYSIS_FINDINGS_H_

#include "model/kafka/ledger/verdict.h"
#include "model/kafka/setup.h"
#include "model/kafka/vocabulary/records.h"
#include "tools/answers/result.pb.h"

namespace analysis {

// Messages that were lost together. `tables` are those of the run that lost them.
answers::Finding FindingOf(const kafka::Setup& setup, const kafka::Tables& tables,
                           const kafka::ledger::Finding& finding);

// Messages that stand twice.
answers::Finding FindingOf(const kafka::Setup& setup, const kafka::Tables& tables,
                           const kafka::ledger::Doubling& doubling);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_FINDINGS_H_
