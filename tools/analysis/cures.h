// tools/analysis/cures.h
//
// What a finding's cure changes, and whether it saves the messages when it is run.
#ifndef TOOLS_ANALYSIS_CURES_H_
#define TOOLS_ANALYSIS_CURES_H_

#include <string>
#include <vector>

#include "model/kafka/run.h"
#include "tools/analysis/prepare.h"
#include "tools/answers/result.pb.h"

namespace analysis {

// Lines as --set takes them, and some that are no setting (answers::kElrChange, ...); empty where
// no cure is known.
std::vector<std::string> CureLines(const kafka::Setup& setup,
                                   const kafka::ledger::Finding& finding);

// Runs each cure that a finding names, on the same seed with the faults where they fired, and says
// whether it saves the messages.
void ConfirmCures(const kafka_config::Tables& tables, const Prepared& prepared,
                  const UserSettings& user, const kafka::RunOutcome& outcome,
                  answers::RunResult& result);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_CURES_H_
