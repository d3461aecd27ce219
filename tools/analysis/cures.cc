#include "tools/analysis/cures.h"

#include <utility>

#include "tools/analysis/change.h"
#include "tools/analysis/remedy.h"

namespace analysis {

void ConfirmCures(const kafka_config::Tables& tables, const Prepared& prepared,
                  const UserSettings& user, const kafka::RunOutcome& outcome,
                  answers::RunResult& result) {
  kafka::Runner runner(prepared.state_watcher);
  kafka::RunOutcome cured;
  for (size_t i = 0; i < outcome.verdict.findings.size(); ++i) {
    const kafka::ledger::Finding& finding = outcome.verdict.findings[i];
    const ChangeSet changes = CureOf(prepared.setup(), finding);
    if (changes.empty()) continue;
    const absl::StatusOr<Prepared> cure = PrepareChanged(tables, prepared, user, changes);
    if (!cure.ok()) continue;
    const auto faults = kafka::Anchored(cure->setup().faults, outcome.realised);
    runner.Run({.setup = &cure->setup(), .seed = result.seed(), .faults = faults}, cured);
    const kafka::ledger::PropertyResult& saved = cured.verdict.of(finding.property);
    result.mutable_findings(static_cast<int>(i))
        ->set_cure_confirmed(saved.status == kafka::ledger::Status::kHeld);
  }
}

void AddCures(const kafka_config::Tables& tables, const Prepared& prepared,
              const UserSettings& user, const StudyRequest& request, RecordedRun& run) {
  ConfirmCures(tables, prepared, user, run.outcome, run.result);
  std::vector<LosingRun> losing = LosingNeighbours(
      prepared,
      {.seed = run.facts.seed, .until = request.until, .jobs = request.jobs, .stop = request.stop},
      run.outcome);
  if (losing.empty()) return;
  *run.result.mutable_remedy() =
      FindRemedy(QuestionOf(tables, prepared, user, std::move(losing), request));
}

}  // namespace analysis
