#include "tools/analysis/prepare.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <utility>

#include "scenarios/kafka_config/properties.h"
#include "scenarios/kafka_config/text.h"

namespace analysis {

using kafka_config::ConfigFile;
using kafka_config::Diagnostic;

namespace {

// Far above any configuration, far below what would keep somebody waiting.
constexpr size_t kConfigBytesMax = size_t{1} << 20;

absl::Status Refused(const std::string& path, const std::string& why) {
  return absl::InvalidArgumentError(kafka_config::Printable(path) + ": error: " + why + "\n");
}

constexpr char kStandardInput[] = "-";

// One byte more than is read is enough to refuse it.
std::string ReadStandardInput() {
  std::string text(kConfigBytesMax + 1, '\0');
  std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(std::cin.gcount()));
  return text;
}

absl::StatusOr<std::string> ReadConfig(const std::string& path) {
  if (path.empty()) return Refused("--config", "names no file");
  absl::StatusOr<std::string> text =
      path == kStandardInput ? ReadStandardInput() : kafka_config::ReadTextFile(path);
  if (!text.ok()) return Refused(path, std::string(text.status().message()));
  if (text->size() > kConfigBytesMax) {
    return Refused(path, "is larger than " + std::to_string(kConfigBytesMax) +
                             " bytes, which no configuration is");
  }
  if (const size_t zero = text->find('\0'); zero != std::string::npos) {
    return Refused(path, "is no text: byte " + std::to_string(zero + 1) + " is zero");
  }
  return text;
}

// "prodcer=FILE" names a scope that there is not, unless a file is called so.
absl::Status CheckScope(const std::string& argument, const ConfigFile& file) {
  const size_t equals = argument.find('=');
  if (file.target || equals == std::string::npos) return absl::OkStatus();
  const std::string scope = argument.substr(0, equals);
  const bool is_path = scope.find('.') != std::string::npos || scope.starts_with('/');
  if (is_path || std::filesystem::exists(argument)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      kafka_config::Cat("--config: '", kafka_config::Printable(scope),
                        "' is no scope: broker, topic, producer or consumer, or one of them as in "
                        "broker/1, topic/orders\n"));
}

// Standard input can be read once.
absl::Status CheckStandardInput(const std::vector<ConfigFile>& files) {
  const auto count = std::count_if(files.begin(), files.end(), [](const ConfigFile& file) {
    return file.path == kStandardInput;
  });
  if (count <= 1) return absl::OkStatus();
  return absl::FailedPreconditionError("--config: standard input can be named once\n");
}

}  // namespace

absl::StatusOr<UserSettings> ReadUserSettings(const std::vector<std::string>& config,
                                              std::vector<std::string> set) {
  UserSettings settings{.files = {}, .set = std::move(set)};
  for (const std::string& argument : config) {
    settings.files.push_back(kafka_config::ParseConfigArgument(argument));
    const absl::Status known = CheckScope(argument, settings.files.back());
    if (!known.ok()) return known;
  }
  const absl::Status once = CheckStandardInput(settings.files);
  if (!once.ok()) return once;
  for (ConfigFile& file : settings.files) {
    absl::StatusOr<std::string> text = ReadConfig(file.path);
    if (!text.ok()) return text.status();
    file.text = *std::move(text);
    if (file.path == kStandardInput) file.path = "standard input";
  }
  return settings;
}

absl::StatusOr<loader::LoadedScenario> LoadNamed(const std::string& name) {
  loader::LoadResult loaded = loader::LoadByName(name);
  if (!loaded.scenario) return absl::InvalidArgumentError(kafka_config::Describe(loaded.errors));
  return *std::move(loaded.scenario);
}

absl::StatusOr<Prepared> Prepare(const kafka_config::Tables& tables,
                                 const loader::LoadedScenario& loaded, const UserSettings& user,
                                 kafka::StateWatcherOfThread state_watcher) {
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
  if (!errors.empty()) return absl::InvalidArgumentError(kafka_config::Describe(errors));
  Prepared prepared{.scenario = loaded,
                    .configuration = std::move(resolved.configuration),
                    .notes = std::move(notes),
                    .built = {},
                    .state_watcher = state_watcher};
  prepared.notes.insert(prepared.notes.end(), resolved.notes.begin(), resolved.notes.end());
  prepared.built = bridge::BuildSetup(prepared.scenario, prepared.configuration);
  if (prepared.built.errors.empty()) return prepared;
  return absl::InvalidArgumentError(kafka_config::Describe(prepared.built.errors));
}

absl::StatusOr<Prepared> PrepareNamed(const kafka_config::Tables& tables, const std::string& name,
                                      const UserSettings& user,
                                      kafka::StateWatcherOfThread state_watcher) {
  const absl::StatusOr<loader::LoadedScenario> loaded = LoadNamed(name);
  if (!loaded.ok()) return loaded.status();
  return Prepare(tables, *loaded, user, state_watcher);
}

absl::StatusOr<Prepared> PrepareChanged(const kafka_config::Tables& tables, const Prepared& base,
                                        const UserSettings& user, const ChangeSet& changes) {
  const std::vector<std::string> set = SettingLines(changes);
  UserSettings more = user;
  more.set.insert(more.set.end(), set.begin(), set.end());
  loader::LoadedScenario loaded = base.scenario;
  EditScenario(changes, loaded.scenario);
  return Prepare(tables, loaded, more, base.state_watcher);
}

}  // namespace analysis
