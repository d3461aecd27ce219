#include "tools/analysis/demo.h"

#include <utility>

namespace analysis {
namespace {

// Whose answer left just before the end.
kafka::MessageId LastLost(const kafka::RunOutcome& outcome) {
  for (const kafka::ledger::Finding& finding : outcome.verdict.findings) {
    if (!finding.messages.empty()) return finding.messages.back();
  }
  return kafka::MessageId::None();
}

}  // namespace

absl::StatusOr<Demo> MakeDemo(const kafka_config::Tables& tables, const std::string& scenario,
                              std::optional<uint64_t> seed,
                              kafka::StateWatcherOfThread state_watcher) {
  const auto loaded = LoadNamed(scenario);
  if (!loaded.ok()) return loaded.status();
  auto base = Prepare(tables, *loaded, {}, state_watcher);
  if (!base.ok()) return base.status();
  auto variant = Prepare(tables, loader::ExpandVariant(*loaded, 0), {}, state_watcher);
  if (!variant.ok()) return variant.status();
  Demo demo{.base = CaseOf(tables, *std::move(base), {}, seed),
            .variant = *std::move(variant),
            .lost = kafka::MessageId::None()};
  kafka::Runner runner(state_watcher);
  RunCase(demo.base, runner);
  demo.lost = LastLost(demo.base.outcome);
  if (demo.lost.exists()) demo.lost_uid = IdentityOf(runner.world(), demo.lost).uid;
  return demo;
}

std::unique_ptr<RecordedRun> RunBase(const Demo& demo, kafka::RunWatcher& watcher) {
  return Record(demo.base.prepared, {.seed = demo.base.seed, .realised = {}}, &watcher);
}

std::unique_ptr<RecordedRun> RunVariant(const Demo& demo, kafka::RunWatcher& watcher) {
  return Record(demo.variant,
                {.seed = demo.base.seed, .anchored = true, .realised = demo.base.outcome.realised},
                &watcher);
}

}  // namespace analysis
