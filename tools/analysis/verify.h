// tools/analysis/verify.h
//
// --verify: the same run in a new process, with other addresses and another heap, has to come out
// the same.
#ifndef TOOLS_ANALYSIS_VERIFY_H_
#define TOOLS_ANALYSIS_VERIFY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "model/kafka/run.h"
#include "tools/answers/result.pb.h"
#include "tools/fate/options.h"

namespace analysis {

struct Verification {
  int exit_code = 0;    // 0: the same; 5: it differs; 70, 74: it could not be found out
  std::string message;  // one line or more, for stderr, each with its line end
};

// The arguments, behind the program's name, that make one run of `scenario` with the settings of
// `options`: no trace, no seeds, no place to write to.
std::vector<std::string> RunArguments(const fate::Options& options, const std::string& scenario,
                                      uint64_t seed);

// Runs this very binary again with `arguments` (from RunArguments), and compares. `recording` is
// the Recorder's of the run that `result` is of, and `world` is as that run left it.
Verification VerifyRun(const fate::Options& options, const std::vector<std::string>& arguments,
                       const answers::RunResult& result, const std::string& recording,
                       const kafka::World& world);

// Starts `binary` with `arguments` and waits for its end. Its output is thrown away. -1 if it could
// not be started, 128 + n if signal n ended it.
int RunProcess(const std::string& binary, const std::vector<std::string>& arguments);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_VERIFY_H_
