#include "tools/analysis/explain.h"

#include "tools/analysis/causes.h"
#include "tools/analysis/evaluate.h"
#include "tools/analysis/futures.h"
#include "tools/analysis/what_if.h"
#include "tools/analysis/workers.h"

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
    out.set_interrupted(Interrupted());
    if (request.on_part) request.on_part(part, out);
  };
  FillRun(base, out);
  kafka::Runner recorded;  // its world stays that of the explained run
  const Story story = TellStory(base, message, recorded, out);
  // What went well has no causes to remove.
  const bool fared_well = story.fate == kafka::ledger::Fate::kOk;
  kafka::Runner trial;
  if (!fared_well) FindCauses(base, story, trial, out);
  WriteSentences(base, story, recorded.world(), out);
  finished("chain");
  if (fared_well) return out;
  if (request.futures > 0 && !Interrupted()) {
    DrawFutures(base, story, {.futures = request.futures, .jobs = request.jobs},
                *out.mutable_futures());
    finished("futures");
  }
  if (request.seeds > 0 && !Interrupted()) {
    AskWhatIf(base, story, CandidatesOf(base, story, out),
              {.seeds = request.seeds, .jobs = request.jobs, .on_line = request.on_line},
              *out.mutable_what_if());
    finished("what_if");
  }
  out.set_interrupted(Interrupted());
  return out;
}

}  // namespace analysis
