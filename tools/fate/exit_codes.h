// tools/fate/exit_codes.h
//
// What a shell sees of how a command ended.
#ifndef TOOLS_FATE_EXIT_CODES_H_
#define TOOLS_FATE_EXIT_CODES_H_

#include <absl/status/status.h>

#include <vector>

#include "tools/analysis/judge.h"
#include "tools/analysis/study.h"

namespace fate {

enum ExitCode : int {
  kExitMet = 0,     // every expectation is met
  kExitNotMet = 1,  // one is not
  kExitUsage = 2,
  kExitInconclusive = 3,  // none failed, one is inconclusive
  kExitInvalid = 4,       // a scenario or a configuration
  kExitDiverged = 5,      // a replay or a verification differs
  kExitInternal = 70,
  kExitIo = 74,  // what was asked for cannot be read or written
  kExitHangup = 129,
  kExitInterrupted = 130,
  kExitTerminated = 143,
};

// kFailedPrecondition and kNotFound are mistakes on the command line, kInvalidArgument and
// kDataLoss mistakes in what it names, kUnavailable what cannot be read, kAborted a run that
// differs from itself, kCancelled an interrupt; everything else is an error of this program.
int ExitCodeOf(const absl::Status& status);

int ExitCodeOf(analysis::Met met);
// kExitInternal if a run of them found an error of this program.
int ExitCodeOf(const std::vector<analysis::SeedOutcome>& outcomes);

// Of two exit codes the one that a shell has to see: 70, 5, 1, 3, 0 in that order.
int WorseExitCode(int a, int b);

}  // namespace fate

#endif  // TOOLS_FATE_EXIT_CODES_H_
