#include "tools/analysis/cures.h"

#include "tools/analysis/change.h"

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

}  // namespace analysis
