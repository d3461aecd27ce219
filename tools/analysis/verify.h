// tools/analysis/verify.h
//
// The same run in a new process, with other addresses and another heap, has to come out the same.
#ifndef TOOLS_ANALYSIS_VERIFY_H_
#define TOOLS_ANALYSIS_VERIFY_H_

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "tools/analysis/recorded_run.h"
#include "tools/answers/capsule.pb.h"

namespace analysis {

struct NewProcess {
  int exit_code = 0;  // -1: it could not be started; 128 + n: signal n ended it
  absl::StatusOr<answers::Capsule> capsule;  // that it left
};
// Runs this very binary again, or `program` where it cannot be found, with `arguments` and a
// directory to write to. Its output is thrown away. kUnavailable: there is no such directory.
absl::StatusOr<NewProcess> RunInNewProcess(const std::string& program,
                                           std::vector<std::string> arguments);

bool IsSameRun(const RecordedRun& run, const answers::Capsule& again);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_VERIFY_H_
