// tools/analysis/demo.h
//
// A scenario beside its first variant, on one seed and with the faults at the same points, told of
// the message that was lost last.
#ifndef TOOLS_ANALYSIS_DEMO_H_
#define TOOLS_ANALYSIS_DEMO_H_

#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "tools/analysis/case.h"
#include "tools/analysis/recorded_run.h"

namespace analysis {

struct Demo {
  Case base;  // and run
  Prepared variant;
  kafka::MessageId lost;  // of the base run; none: nothing was lost
  uint64_t lost_uid = 0;
};

// Without a seed, the scenario's own.
absl::StatusOr<Demo> MakeDemo(const kafka_config::Tables& tables, const std::string& scenario,
                              std::optional<uint64_t> seed,
                              kafka::StateWatcherOfThread state_watcher);

// Each side once more, for `watcher` to see.
std::unique_ptr<RecordedRun> RunBase(const Demo& demo, kafka::RunWatcher& watcher);
std::unique_ptr<RecordedRun> RunVariant(const Demo& demo, kafka::RunWatcher& watcher);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_DEMO_H_
