#include "tools/analysis/case.h"

#include <algorithm>
#include <utility>

namespace analysis {
namespace {

std::vector<kafka_config::ConfigLine> LinesOf(const kafka_config::Tables& tables,
                                              const std::vector<std::string>& set) {
  std::vector<kafka_config::ConfigLine> all;
  for (const std::string& argument : set) {
    const kafka_config::ConfigLines parsed = kafka_config::ParseSet(tables, argument);
    all.insert(all.end(), parsed.lines.begin(), parsed.lines.end());
  }
  return all;
}

// One of `mine` says the same setting for the same target, or for all of its scope.
bool IsOverruled(const kafka_config::Tables& tables, const std::string& set,
                 const std::vector<kafka_config::ConfigLine>& mine) {
  const kafka_config::ConfigLines parsed = kafka_config::ParseSet(tables, set);
  return std::any_of(parsed.lines.begin(), parsed.lines.end(), [&](const auto& line) {
    return std::any_of(mine.begin(), mine.end(), [&](const auto& over) {
      return over.name == line.name && over.target.scope == line.target.scope &&
             (over.target.name.empty() || over.target == line.target);
    });
  });
}

}  // namespace

Case CaseOf(const kafka_config::Tables& tables, Prepared prepared, UserSettings user,
            std::optional<uint64_t> seed, sim::Duration until) {
  const uint64_t default_seed = prepared.scenario.scenario.default_seed();
  std::vector<sim::PlannedFault> faults = prepared.setup().faults;
  return {.tables = &tables,
          .prepared = std::move(prepared),
          .user = std::move(user),
          .seed = seed.value_or(default_seed),
          .overrides = {},
          .until = until,
          .faults = std::move(faults),
          .outcome = {}};
}

void RunCase(Case& made, kafka::Runner& runner, kafka::RunWatcher* watcher) {
  runner.Run(made.request(), made.outcome, watcher);
}

Identity IdentityOf(const kafka::World& world, kafka::MessageId message) {
  return {kafka::UidOf(*world.config, world.tables, message)};
}

kafka::MessageId FindMessage(const kafka::World& world, Identity identity) {
  const auto count = static_cast<uint32_t>(world.observer.truth.ledger.messages.size());
  for (uint32_t i = 0; i < count; ++i) {
    if (IdentityOf(world, {i}) == identity) return {i};
  }
  return kafka::MessageId::None();
}

absl::StatusOr<std::unique_ptr<const Prepared>> PrepareChanges(const Case& base,
                                                               const ChangeSet& changes) {
  const std::vector<std::string> set = SettingLines(changes);
  const std::vector<kafka_config::ConfigLine> mine = LinesOf(*base.tables, set);
  const auto overruled = [&](const std::string& line) {
    return IsOverruled(*base.tables, line, mine);
  };
  UserSettings user = base.user;
  std::erase_if(user.set, overruled);
  user.set.insert(user.set.end(), set.begin(), set.end());
  loader::LoadedScenario loaded = base.prepared.scenario;
  for (int i = loaded.scenario.set_size() - 1; i >= 0; --i) {
    if (!overruled(loaded.scenario.set(i))) continue;
    const bool of_variant = i >= loaded.scenario.set_size() - loaded.variant_sets;
    loaded.scenario.mutable_set()->DeleteSubrange(i, 1);
    if (of_variant) --loaded.variant_sets;
  }
  if (EditsScenario(changes)) EditScenario(changes, loaded.scenario);
  absl::StatusOr<Prepared> prepared =
      Prepare(*base.tables, loaded, user, base.prepared.state_watcher);
  if (!prepared.ok()) return prepared.status();
  return std::make_unique<const Prepared>(*std::move(prepared));
}

VariationResult RunChanged(const Case& base, const Prepared& prepared, Identity identity,
                           kafka::ledger::Property property, const ChangeSet& changes,
                           kafka::Runner& runner) {
  VariationResult result;
  const auto faults = ChangedPlan(changes, base.faults, base.outcome.realised);
  runner.Run({.setup = &prepared.setup(),
              .seed = base.seed,
              .overrides = base.overrides,
              .faults = faults,
              .until = base.until},
             result.outcome);
  const kafka::World& world = runner.world();
  result.all_fired = result.outcome.unfired.empty() && !result.outcome.overrun;
  const kafka::ledger::PropertyResult& broken = result.outcome.verdict.of(property);
  result.property_broken = broken.status == kafka::ledger::Status::kBroken;
  result.broken_messages = broken.broken;
  const kafka::MessageId message = FindMessage(world, identity);
  if (!message.exists()) return result;
  result.sent = true;
  result.fate = result.outcome.verdict.read.fates[message.value];
  for (const kafka::ledger::Finding& finding : result.outcome.verdict.findings) {
    if (std::find(finding.messages.begin(), finding.messages.end(), message) !=
        finding.messages.end()) {
      result.finding = finding;
    }
  }
  return result;
}

}  // namespace analysis
