#include "tools/analysis/scenario_list.h"

#include "scenarios/loader/shipped.h"
#include "tools/analysis/prepare.h"

namespace analysis {

absl::StatusOr<answers::ScenarioList> ShippedScenarios() {
  answers::ScenarioList list;
  for (const std::string& folder : loader::ShippedFolders()) {
    for (const embedded::EmbeddedFile* file : loader::ShippedCollection(folder)) {
      const loader::LoadResult loaded = loader::LoadScenario(file->text, file->path);
      if (!loaded.scenario) return absl::InternalError(kafka_config::Describe(loaded.errors));
      const auto& scenario = loaded.scenario->scenario;
      auto& entry = *list.add_scenarios();
      entry.set_name(scenario.name());
      entry.set_folder(folder);
      entry.set_claim(scenario.claim());
      entry.set_why(scenario.why());
    }
  }
  return list;
}

absl::Status CheckScenario(const kafka_config::Tables& tables, const std::string& name) {
  const auto loaded = LoadNamed(name);
  if (!loaded.ok()) return loaded.status();
  const auto prepared = Prepare(tables, *loaded, {}, kafka::kNoStateWatcher);
  if (!prepared.ok()) return prepared.status();
  for (int i = 0; i < loaded->scenario.variant_size(); ++i) {
    const auto variant =
        Prepare(tables, loader::ExpandVariant(*loaded, i), {}, kafka::kNoStateWatcher);
    if (!variant.ok()) return variant.status();
  }
  return absl::OkStatus();
}

}  // namespace analysis
