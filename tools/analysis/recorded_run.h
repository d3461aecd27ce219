// tools/analysis/recorded_run.h
//
// One run with everything that is told and kept of it: prepare -> run -> judge -> answer.
#ifndef TOOLS_ANALYSIS_RECORDED_RUN_H_
#define TOOLS_ANALYSIS_RECORDED_RUN_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "model/kafka/run.h"
#include "tools/analysis/judge.h"
#include "tools/analysis/prepare.h"
#include "tools/analysis/recording.h"
#include "tools/answers/capsule.pb.h"
#include "tools/answers/result.pb.h"

namespace analysis {

// What of a run is in neither its scenario nor its outcome.
struct RunFacts {
  uint64_t seed = 0;
  sim::Duration until = sim::kForever;
  bool anchored = false;  // its faults were to fire where those of `realised` fired
  std::vector<sim::RealisedFault> realised;  // with `anchored`: the base run's. Else unused
};

struct RecordedRun {
  explicit RecordedRun(const Prepared& prepared) : runner(prepared.state_watcher) {}

  RunFacts facts;
  kafka::Runner runner;  // its world is as the run left it
  kafka::RunOutcome outcome;
  Recorder recorder;
  Judgement judgement;
  answers::RunResult result;  // no sentences yet, and no line that reproduces it

  const kafka::World& world() const { return runner.world(); }
};

// `also` sees every event too; null: nobody.
std::unique_ptr<RecordedRun> Record(const Prepared& prepared, const RunFacts& facts,
                                    kafka::RunWatcher* also = nullptr);
// The same with a plan of faults and overrides of the caller's.
std::unique_ptr<RecordedRun> Record(const Prepared& prepared, const kafka::RunRequest& request);

// Found an error of this program: an invariant is broken without a planted bug, or a loss has no
// class.
bool IsInternalError(const Prepared& prepared, const kafka::RunOutcome& outcome);

// Everything that another machine needs to run it again, and nothing secret. `run.result` goes with
// it as it is.
answers::Capsule MakeCapsule(const kafka_config::Tables& tables, const Prepared& prepared,
                             const RecordedRun& run);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_RECORDED_RUN_H_
