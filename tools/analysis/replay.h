// tools/analysis/replay.h
//
// A capsule, run again and compared with what it recorded.
#ifndef TOOLS_ANALYSIS_REPLAY_H_
#define TOOLS_ANALYSIS_REPLAY_H_

#include <absl/status/statusor.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/kafka/run.h"
#include "tools/analysis/prepare.h"
#include "tools/analysis/recorded_run.h"
#include "tools/analysis/recording.h"
#include "tools/answers/capsule.pb.h"
#include "tools/answers/comparison.pb.h"
#include "tools/answers/result.pb.h"

namespace analysis {

struct ReadCapsule {
  answers::Capsule capsule;
  std::string file;  // the capsule itself, where a directory was named
};
// A file, or a directory that holds a run.fate; of a batch's directory, the worst of its runs.
// kInvalidArgument: damaged, cut off or foreign; kUnavailable: cannot be read.
absl::StatusOr<ReadCapsule> ReadCapsuleAt(const std::string& target);

// What a capsule holds, ready to run.
struct CapsuleRun {
  Prepared prepared;
  UserSettings user;  // the --set lines that stand for files and flags
  uint64_t seed = 0;
  std::vector<sim::ChoiceOverride> overrides;
  std::vector<sim::PlannedFault> faults;
  sim::Duration until = sim::kForever;

  kafka::RunRequest request() const {
    return {.setup = &prepared.setup(),
            .seed = seed,
            .overrides = overrides,
            .faults = faults,
            .until = until};
  }
};
// `file` is for messages. Takes any content; what cannot be run is kInvalidArgument.
absl::StatusOr<CapsuleRun> OpenCapsule(const kafka_config::Tables& tables,
                                       const answers::Capsule& capsule, const std::string& file,
                                       kafka::StateWatcherOfThread state_watcher);

struct Replayed {
  std::unique_ptr<CapsuleRun> opened;
  std::unique_ptr<RecordedRun> run;  // that was made now
  answers::ReplayResult answer;      // without the first event that differs
  // That event; absent if identical, and if the recording itself says nothing.
  std::optional<Divergence> difference;
};
// Takes any content; what cannot be run is kInvalidArgument.
absl::StatusOr<Replayed> Replay(const kafka_config::Tables& tables, const ReadCapsule& read,
                                kafka::StateWatcherOfThread state_watcher);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_REPLAY_H_
