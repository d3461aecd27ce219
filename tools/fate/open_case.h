// tools/analysis/open_case.h
//
// From a word of the command line to a case: a run's directory, a capsule, or a scenario with a
// seed.
#ifndef TOOLS_ANALYSIS_OPEN_CASE_H_
#define TOOLS_ANALYSIS_OPEN_CASE_H_

#include <optional>
#include <string>

#include "tools/analysis/case.h"
#include "tools/fate/options.h"

namespace analysis {

struct OpenedCase {
  Failure failure;
  std::optional<Case> made;  // not run yet; none after a failure
  std::string reproduce;     // a command line that runs it
};
// `target`: "" is the latest run under fate-out/. Seed and settings of the command line belong to a
// scenario; a capsule has its own, and they are a usage error there.
OpenedCase OpenCase(const kafka_config::Tables& tables, const fate::Options& options,
                    const std::string& target);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_OPEN_CASE_H_
