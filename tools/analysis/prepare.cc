#include "tools/analysis/prepare.h"

#include <algorithm>
#include <utility>

#include "scenarios/kafka_config/properties.h"
#include "scenarios/kafka_config/text.h"
#include "tools/render/sentences.h"

namespace analysis {

using kafka_config::ConfigFile;
using kafka_config::Diagnostic;

namespace {

// Far above any properties file, far below what would keep somebody waiting.
constexpr size_t kConfigBytesMax = size_t{1} << 20;

Failure Refused(const std::string& path, const std::string& why) {
  return {fate::kExitInvalid, kafka_config::Printable(path) + ": error: " + why + "\n"};
}

Failure ReadConfig(ConfigFile& file) {
  if (file.path.empty()) return Refused("--config", "names no file");
  const absl::StatusOr<std::string> text = kafka_config::ReadTextFile(file.path);
  if (!text.ok()) {
    const std::string message(text.status().message());
    const size_t said = kafka_config::Printable(file.path).size() + 2;  // "path: "
    return Refused(file.path, message.substr(std::min(said, message.size())));
  }
  if (text->size() > kConfigBytesMax) {
    return Refused(file.path, "is larger than " + std::to_string(kConfigBytesMax) +
                                  " bytes, which no properties file is");
  }
  if (const size_t zero = text->find('\0'); zero != std::string::npos) {
    return Refused(file.path, "is no text: byte " + std::to_string(zero + 1) + " is zero");
  }
  file.text = *text;
  return {};
}

}  // namespace

Failure ReadUserSettings(const fate::Options& options, UserSettings& out) {
  for (const std::string& argument : options.config) {
    ConfigFile file = kafka_config::ParseConfigArgument(argument);
    Failure failure = ReadConfig(file);
    if (failure.exit_code != 0) return failure;
    out.files.push_back(std::move(file));
  }
  out.set = options.set;
  return {};
}

Failure LoadNamed(const std::string& name, loader::LoadedScenario& out) {
  loader::LoadResult loaded = loader::LoadByName(name);
  if (!loaded.scenario) return {fate::kExitInvalid, kafka_config::Describe(loaded.errors)};
  out = *std::move(loaded.scenario);
  return {};
}

Failure Prepare(const kafka_config::Tables& tables, const loader::LoadedScenario& loaded,
                const UserSettings& user, std::vector<Prepared>& out) {
  std::vector<Diagnostic> errors;
  std::vector<kafka_config::ConfigNote> notes;
  std::vector<kafka_config::ConfigLine> set;
  for (const std::string& argument : user.set) {
    const kafka_config::ConfigLines lines = kafka_config::ParseSet(tables, argument);
    set.insert(set.end(), lines.lines.begin(), lines.lines.end());
    errors.insert(errors.end(), lines.errors.begin(), lines.errors.end());
    notes.insert(notes.end(), lines.notes.begin(), lines.notes.end());
  }
  const bridge::ScenarioInputs scenario = bridge::InputsOf(tables, loaded, user.files, set);
  errors.insert(errors.end(), scenario.errors.begin(), scenario.errors.end());
  kafka_config::Resolution resolved = kafka_config::Resolve(tables, scenario.inputs);
  errors.insert(errors.end(), resolved.errors.begin(), resolved.errors.end());
  if (!errors.empty()) return {fate::kExitInvalid, kafka_config::Describe(errors)};
  Prepared prepared{.scenario = loaded,
                    .configuration = std::move(resolved.configuration),
                    .notes = std::move(notes),
                    .built = {}};
  prepared.notes.insert(prepared.notes.end(), resolved.notes.begin(), resolved.notes.end());
  prepared.built = bridge::BuildSetup(prepared.scenario, prepared.configuration);
  if (!prepared.built.errors.empty()) {
    return {fate::kExitInvalid, kafka_config::Describe(prepared.built.errors)};
  }
  out.push_back(std::move(prepared));
  return {};
}

Changes Sorted(const std::vector<std::string>& lines) {
  Changes changes;
  for (const std::string& line : lines) {
    if (line == render::kElrChange) {
      changes.elr = true;
    } else if (line == render::kCallbackChange) {
      changes.callback = true;
    } else if (line == render::kCommitAfterChange) {
      changes.commit_after = true;
    } else {
      changes.set.push_back(line);
    }
  }
  return changes;
}

void Edit(const Changes& changes, loader::proto::Scenario& scenario) {
  if (changes.elr) scenario.mutable_cluster()->set_elr(true);
  for (auto& producer : *scenario.mutable_producer()) {
    if (changes.callback) producer.set_callback(true);
  }
  for (auto& consumer : *scenario.mutable_consumer()) {
    if (changes.commit_after) consumer.set_commit(loader::proto::Consumer::AFTER);
  }
}

Failure PrepareChanged(const kafka_config::Tables& tables, const Prepared& base,
                       const UserSettings& user, const std::vector<std::string>& lines,
                       std::vector<Prepared>& out) {
  const Changes changes = Sorted(lines);
  UserSettings more = user;
  more.set.insert(more.set.end(), changes.set.begin(), changes.set.end());
  loader::LoadedScenario loaded = base.scenario;
  Edit(changes, loaded.scenario);
  return Prepare(tables, loaded, more, out);
}

}  // namespace analysis
