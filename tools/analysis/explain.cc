#include "tools/analysis/explain.h"

#include "tools/analysis/causes.h"
#include "tools/analysis/evaluate.h"
#include "tools/analysis/futures.h"
#include "tools/analysis/what_if.h"

namespace analysis {
namespace {

void FillRun(const Case& base, answers::Explanation& out) {
  out.set_schema_version(1);
  out.set_engine(EngineVersion());
  out.set_profile(kProfile);
  out.set_scenario(base.prepared.name());
  out.set_scenario_sha256(base.prepared.scenario.sha256);
  out.set_seed(base.seed);
  out.set_digest(HexOf(base.outcome.digest));
}

}  // namespace

answers::Explanation Explain(const Case& base, kafka::MessageId message,
                             const ExplainRequest& request) {
  answers::Explanation out;
  const auto finished = [&](const char* part) {
    out.set_interrupted(request.stop.stopped());
    if (request.on_part) request.on_part(part, out);
  };
  FillRun(base, out);
  kafka::Runner runner(base.prepared.state_watcher);
  const Story story = TellStory(base, message, runner, out);
  // What went well has no causes to remove.
  const bool fared_well = story.fate == kafka::ledger::Fate::kOk;
  if (!fared_well) FindCauses(base, story, request.stop, runner, out);
  finished("chain");
  if (fared_well) return out;
  if (request.futures > 0 && !request.stop.stopped()) {
    DrawFutures(base, story,
                {.futures = request.futures, .jobs = request.jobs, .stop = request.stop},
                *out.mutable_futures());
    finished("futures");
  }
  if (request.seeds > 0 && !request.stop.stopped()) {
    AskWhatIf(base, story, CandidatesOf(base, story, out),
              {.seeds = request.seeds,
               .jobs = request.jobs,
               .stop = request.stop,
               .on_line = request.on_line},
              *out.mutable_what_if());
    finished("what_if");
  }
  out.set_interrupted(request.stop.stopped());
  return out;
}

}  // namespace analysis
