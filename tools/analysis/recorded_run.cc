#include "tools/analysis/recorded_run.h"

#include "scenarios/bridge/to_config.h"
#include "tools/analysis/capsule_settings.h"
#include "tools/analysis/evaluate.h"
#include "tools/answers/capsule.pb.h"

namespace analysis {
namespace {

std::unique_ptr<RecordedRun> RunAndJudge(const Prepared& prepared, const kafka::RunRequest& request,
                                         kafka::RunWatcher* also) {
  auto run = std::make_unique<RecordedRun>(prepared);
  Watchers watchers;
  watchers.Add(&run->recorder);
  if (also != nullptr) watchers.Add(also);
  run->runner.Run(request, run->outcome, &watchers);
  run->judgement = Judge(prepared, run->outcome, run->world());
  run->result = Evaluate(prepared, request.seed, run->outcome, run->judgement, run->world());
  return run;
}

void AddRealised(const std::vector<sim::RealisedFault>& faults, answers::Capsule& capsule) {
  for (const sim::RealisedFault& fault : faults) {
    auto* realised = capsule.add_realised();
    realised->set_plan(fault.plan);
    realised->set_by_fallback(fault.by_fallback);
    realised->set_note_kind(fault.note_kind);
    realised->set_note_subject(fault.note_subject);
    realised->set_uid(fault.uid);
    realised->set_at_ns(static_cast<uint64_t>(fault.time.ns));
  }
}

}  // namespace

std::unique_ptr<RecordedRun> Record(const Prepared& prepared, const RunFacts& facts,
                                    kafka::RunWatcher* also) {
  std::vector<sim::PlannedFault> faults = prepared.setup().faults;
  if (facts.anchored) faults = kafka::Anchored(faults, facts.realised);
  auto run = RunAndJudge(prepared,
                         {.setup = &prepared.setup(),
                          .seed = facts.seed,
                          .overrides = {},
                          .faults = faults,
                          .until = facts.until},
                         also);
  run->facts = facts;
  return run;
}

std::unique_ptr<RecordedRun> Record(const Prepared& prepared, const kafka::RunRequest& request) {
  auto run = RunAndJudge(prepared, request, nullptr);
  run->facts = {.seed = request.seed, .until = request.until, .anchored = false, .realised = {}};
  return run;
}

bool IsInternalError(const Prepared& prepared, const kafka::RunOutcome& outcome) {
  const bool planted = prepared.setup().mutant != kafka::Mutant::kNone;
  return (!planted && !outcome.violations.empty()) ||
         (outcome.verdict.unexplained && !outcome.overrun);
}

answers::Capsule MakeCapsule(const kafka_config::Tables& tables, const Prepared& prepared,
                             const RecordedRun& run) {
  const RunFacts& facts = run.facts;
  answers::Capsule capsule;
  capsule.set_schema_version(1);
  capsule.set_engine(EngineVersion());
  capsule.set_scenario_text(bridge::ShareableText(tables, prepared.scenario));
  capsule.set_scenario_sha256(prepared.scenario.sha256);
  capsule.set_seed(facts.seed);
  AddRealised(facts.anchored ? facts.realised : run.outcome.realised, capsule);
  for (const std::string& line : CapsuleSettings(prepared.configuration)) {
    capsule.add_settings(line);
  }
  if (facts.until < sim::kForever) capsule.set_until_ns(static_cast<uint64_t>(facts.until.ns));
  capsule.set_digest(HexOf(run.outcome.digest));
  capsule.set_events(run.outcome.events);
  *capsule.mutable_result() = run.result;
  capsule.set_notes(run.recorder.bytes());
  capsule.set_anchored(facts.anchored);
  return capsule;
}

}  // namespace analysis
