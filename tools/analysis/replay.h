// tools/analysis/replay.h
//
// A capsule, run again and compared with what it recorded.
#ifndef TOOLS_ANALYSIS_REPLAY_H_
#define TOOLS_ANALYSIS_REPLAY_H_

#include <optional>
#include <string>
#include <vector>

#include "model/kafka/run.h"
#include "tools/analysis/divergence.h"
#include "tools/analysis/prepare.h"
#include "tools/answers/result.pb.h"

namespace analysis {

struct ReadCapsule {
  std::optional<answers::Capsule> capsule;
  std::string file;  // the capsule itself, where a directory was named
  Failure failure;   // exit code 4: damaged, cut off or foreign; 74: cannot be read
};
// A file, or a directory that holds a run.fate; of a batch's directory, the worst of its runs.
ReadCapsule ReadCapsuleAt(const std::string& target);

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
// `file` is for messages. Takes any content; what cannot be run is exit code 4.
Failure OpenCapsule(const kafka_config::Tables& tables, const answers::Capsule& capsule,
                    const std::string& file, std::optional<CapsuleRun>& out);

struct Replayed {
  Failure failure;  // the capsule cannot be run
  bool identical = false;
  std::string digest;
  uint64_t events = 0;
  std::string verdict;
  // The first event that differs; absent if identical, and if the recording itself says nothing.
  std::optional<DivergenceText> difference;
  bool same_verdict = false;
};
// `file` is for messages. Takes any content.
Replayed Replay(const kafka_config::Tables& tables, const answers::Capsule& capsule,
                const std::string& file);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_REPLAY_H_
