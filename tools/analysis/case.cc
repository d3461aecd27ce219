#include "tools/analysis/case.h"

#include <algorithm>

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

absl::Status PrepareVariation(const Case& base, const Variation& variation,
                              std::vector<Prepared>& out) {
  const std::vector<kafka_config::ConfigLine> mine = LinesOf(*base.tables, variation.set);
  const auto overruled = [&](const std::string& set) {
    return IsOverruled(*base.tables, set, mine);
  };
  UserSettings user = base.user;
  std::erase_if(user.set, overruled);
  user.set.insert(user.set.end(), variation.set.begin(), variation.set.end());
  loader::LoadedScenario loaded = base.prepared.scenario;
  for (int i = loaded.scenario.set_size() - 1; i >= 0; --i) {
    if (!overruled(loaded.scenario.set(i))) continue;
    const bool of_variant = i >= loaded.scenario.set_size() - loaded.variant_sets;
    loaded.scenario.mutable_set()->DeleteSubrange(i, 1);
    if (of_variant) --loaded.variant_sets;
  }
  if (variation.edit) variation.edit(loaded.scenario);
  absl::StatusOr<Prepared> prepared = Prepare(*base.tables, loaded, user);
  if (prepared.ok()) out.push_back(*std::move(prepared));
  return prepared.status();
}

std::vector<sim::PlannedFault> PlanOf(const std::vector<sim::PlannedFault>& plan,
                                      std::span<const sim::RealisedFault> realised,
                                      const std::vector<uint16_t>& without) {
  const std::vector<sim::PlannedFault> anchored = kafka::Anchored(plan, realised);
  std::vector<int16_t> number(anchored.size(), -1);  // in the new plan; -1: left out
  std::vector<sim::PlannedFault> kept;
  for (uint16_t i = 0; i < anchored.size(); ++i) {
    if (std::find(without.begin(), without.end(), i) != without.end()) continue;
    number[i] = static_cast<int16_t>(kept.size());
    kept.push_back(anchored[i]);
  }
  for (sim::PlannedFault& fault : kept) {
    if (fault.after_fault >= 0) fault.after_fault = number[static_cast<size_t>(fault.after_fault)];
  }
  return kept;
}

VariationResult RunPrepared(const Case& base, const Prepared& prepared, Identity identity,
                            kafka::ledger::Property property,
                            const std::vector<sim::PlannedFault>& faults, kafka::Runner& runner) {
  VariationResult result;
  runner.Run({.setup = &prepared.setup(),
              .seed = base.seed,
              .overrides = base.overrides,
              .faults = faults,
              .until = base.until},
             result.outcome);
  const kafka::World& world = runner.world();
  result.all_fired = result.outcome.unfired.empty();
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

VariationResult RunVariation(const Case& base, Identity identity, kafka::ledger::Property property,
                             const Variation& variation, kafka::Runner& runner) {
  std::vector<Prepared> prepared;
  const bool same_setup = variation.set.empty() && !variation.edit;
  if (!same_setup) {
    absl::Status failure = PrepareVariation(base, variation, prepared);
    if (!failure.ok()) {
      VariationResult result;
      result.failure = std::move(failure);
      return result;
    }
  }
  return RunPrepared(base, same_setup ? base.prepared : prepared.front(), identity, property,
                     PlanOf(base.faults, base.outcome.realised, variation.without), runner);
}

}  // namespace analysis
