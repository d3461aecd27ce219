// tools/fate/verify.h
//
// --verify: the same run in a new process has to come out the same.
#ifndef TOOLS_FATE_VERIFY_H_
#define TOOLS_FATE_VERIFY_H_

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>

#include "tools/analysis/recorded_run.h"
#include "tools/fate/options.h"

namespace fate {

// Runs `scenario` once more with the settings of `options`, and compares with `run`. What is to be
// said of it, with its line end; kAborted: it differs; anything else: it could not be found out.
absl::StatusOr<std::string> VerifyRun(const Options& options, const std::string& scenario,
                                      uint64_t seed, const analysis::RecordedRun& run);

}  // namespace fate

#endif  // TOOLS_FATE_VERIFY_H_
