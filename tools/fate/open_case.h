// tools/fate/open_case.h
//
// From a word of the command line to a case: a run's directory, a capsule, or a scenario with a
// seed.
#ifndef TOOLS_FATE_OPEN_CASE_H_
#define TOOLS_FATE_OPEN_CASE_H_

#include <absl/status/statusor.h>

#include <string>

#include "tools/analysis/case.h"
#include "tools/fate/options.h"

namespace fate {

struct OpenedCase {
  analysis::Case made;    // not run yet
  std::string reproduce;  // a command line that runs it
};
// `target`: "" is the latest run under fate-out/. Seed and settings of the command line belong to a
// scenario; a capsule has its own, and they are a usage error there.
absl::StatusOr<OpenedCase> OpenCase(const kafka_config::Tables& tables, const Options& options,
                                    const std::string& target);

}  // namespace fate

#endif  // TOOLS_FATE_OPEN_CASE_H_
