// tools/fate/verify.h
//
// --verify: the same run in a new process, with other addresses and another heap, has to come out
// the same.
#ifndef TOOLS_FATE_VERIFY_H_
#define TOOLS_FATE_VERIFY_H_

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tools/analysis/recorded_run.h"
#include "tools/fate/options.h"

namespace fate {

// The arguments, behind the program's name, that make one run of `scenario` with the settings of
// `options`: no trace, no seeds, no place to write to.
std::vector<std::string> RunArguments(const Options& options, const std::string& scenario,
                                      uint64_t seed);

// Runs this very binary again with `arguments` (from RunArguments), and compares with `run`. What
// is to be said of it, with its line end; kAborted: it differs; anything else: it could not be
// found out.
absl::StatusOr<std::string> VerifyRun(const Options& options,
                                      const std::vector<std::string>& arguments,
                                      const analysis::RecordedRun& run);

// Starts `binary` with `arguments` and waits for its end. Its output is thrown away. -1 if it could
// not be started, 128 + n if signal n ended it.
int RunProcess(const std::string& binary, const std::vector<std::string>& arguments);

}  // namespace fate

#endif  // TOOLS_FATE_VERIFY_H_
