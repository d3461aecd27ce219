// tools/analysis/cures.h
//
// Whether the cure that a finding names saves the messages when it is run.
#ifndef TOOLS_ANALYSIS_CURES_H_
#define TOOLS_ANALYSIS_CURES_H_

#include <string>
#include <vector>

#include "model/kafka/run.h"
#include "tools/analysis/prepare.h"
#include "tools/answers/result.pb.h"

namespace analysis {

// Runs each cure that a finding names, on the same seed with the faults where they fired, and says
// whether it saves the messages.
void ConfirmCures(const kafka_config::Tables& tables, const Prepared& prepared,
                  const UserSettings& user, const kafka::RunOutcome& outcome,
                  answers::RunResult& result);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_CURES_H_
