// tools/analysis/cures.h
//
// Whether the cure that a finding names saves the messages when it is run.
#ifndef TOOLS_ANALYSIS_CURES_H_
#define TOOLS_ANALYSIS_CURES_H_

#include <string>
#include <vector>

#include "model/kafka/run.h"
#include "tools/analysis/prepare.h"
#include "tools/analysis/recorded_run.h"
#include "tools/analysis/study.h"
#include "tools/answers/result.pb.h"

namespace analysis {

// Runs each cure that a finding names, on the same seed with the faults where they fired, and says
// whether it saves the messages.
void ConfirmCures(const kafka_config::Tables& tables, const Prepared& prepared,
                  const UserSettings& user, const kafka::RunOutcome& outcome,
                  answers::RunResult& result);

// What would have helped a recorded run: each finding's cure alone, and all findings together, on
// the seeds around this one too. Of `request` counts all but the seeds.
void AddCures(const kafka_config::Tables& tables, const Prepared& prepared,
              const UserSettings& user, const StudyRequest& request, RecordedRun& run);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_CURES_H_
