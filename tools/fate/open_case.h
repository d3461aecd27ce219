// tools/fate/open_case.h
//
// The run that the command line names: the latest one, one that was kept, or a scenario's.
#ifndef TOOLS_FATE_OPEN_CASE_H_
#define TOOLS_FATE_OPEN_CASE_H_

#include <absl/status/statusor.h>

#include <string>

#include "tools/analysis/case.h"
#include "tools/fate/options.h"

namespace fate {

struct NamedCase {
  analysis::Case made;    // not run yet
  std::string reproduce;  // a command line that runs it
};
// `target`: "" is the latest run under fate-out/. Seed and settings of the command line belong to a
// scenario; a capsule has its own, and they are a usage error there.
absl::StatusOr<NamedCase> OpenCase(const kafka_config::Tables& tables, const Options& options,
                                   const std::string& target);

}  // namespace fate

#endif  // TOOLS_FATE_OPEN_CASE_H_
