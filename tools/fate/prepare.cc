#include "tools/fate/prepare.h"

#include <algorithm>
#include <utility>

#include "scenarios/schema/config_text.h"
#include "scenarios/schema/properties.h"
#include "tools/report/sentences.h"

namespace fate {

using schema::ConfigFile;
using schema::Diagnostic;

namespace {

// Far above any properties file, far below what would keep somebody waiting.
constexpr size_t kConfigBytesMax = size_t{1} << 20;

Failure Refused(const std::string& path, const std::string& why) {
  return {kExitInvalid, schema::Printable(path) + ": error: " + why + "\n"};
}

Failure ReadConfig(ConfigFile& file) {
  if (file.path.empty()) return Refused("--config", "names no file");
  const absl::StatusOr<std::string> text = schema::ReadTextFile(file.path);
  if (!text.ok()) {
    const std::string message(text.status().message());
    const size_t said = schema::Printable(file.path).size() + 2;  // "path: "
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

Failure ReadUserSettings(const Options& options, UserSettings& out) {
  for (const std::string& argument : options.config) {
    ConfigFile file = schema::ParseConfigArgument(argument);
    Failure failure = ReadConfig(file);
    if (failure.exit_code != 0) return failure;
    out.files.push_back(std::move(file));
  }
  out.set = options.set;
  return {};
}

Failure LoadNamed(const std::string& name, schema::LoadedScenario& out) {
  schema::LoadResult loaded = schema::LoadByName(name);
  if (!loaded.scenario) return {kExitInvalid, schema::Describe(loaded.errors)};
  out = *std::move(loaded.scenario);
  return {};
}

Failure Prepare(const schema::Tables& tables, const schema::LoadedScenario& loaded,
                const UserSettings& user, std::vector<Prepared>& out) {
  std::vector<Diagnostic> errors;
  std::vector<schema::ConfigNote> notes;
  std::vector<schema::ConfigLine> set;
  for (const std::string& argument : user.set) {
    const schema::ConfigLines lines = schema::ParseSet(tables, argument);
    set.insert(set.end(), lines.lines.begin(), lines.lines.end());
    errors.insert(errors.end(), lines.errors.begin(), lines.errors.end());
    notes.insert(notes.end(), lines.notes.begin(), lines.notes.end());
  }
  const schema::ScenarioInputs scenario = schema::InputsOf(tables, loaded, user.files, set);
  errors.insert(errors.end(), scenario.errors.begin(), scenario.errors.end());
  schema::Resolution resolved = schema::Resolve(tables, scenario.inputs);
  errors.insert(errors.end(), resolved.errors.begin(), resolved.errors.end());
  if (!errors.empty()) return {kExitInvalid, schema::Describe(errors)};
  Prepared prepared{.scenario = loaded,
                    .configuration = std::move(resolved.configuration),
                    .notes = std::move(notes),
                    .built = {}};
  prepared.notes.insert(prepared.notes.end(), resolved.notes.begin(), resolved.notes.end());
  prepared.built = schema::BuildSetup(prepared.scenario, prepared.configuration);
  if (!prepared.built.errors.empty()) {
    return {kExitInvalid, schema::Describe(prepared.built.errors)};
  }
  out.push_back(std::move(prepared));
  return {};
}

Changes Sorted(const std::vector<std::string>& lines) {
  Changes changes;
  for (const std::string& line : lines) {
    if (line == kElrChange) {
      changes.elr = true;
    } else if (line == kCallbackChange) {
      changes.callback = true;
    } else if (line == kCommitAfterChange) {
      changes.commit_after = true;
    } else {
      changes.set.push_back(line);
    }
  }
  return changes;
}

void Edit(const Changes& changes, schema::proto::Scenario& scenario) {
  if (changes.elr) scenario.mutable_cluster()->set_elr(true);
  for (auto& producer : *scenario.mutable_producer()) {
    if (changes.callback) producer.set_callback(true);
  }
  for (auto& consumer : *scenario.mutable_consumer()) {
    if (changes.commit_after) consumer.set_commit(schema::proto::Consumer::AFTER);
  }
}

Failure PrepareChanged(const schema::Tables& tables, const Prepared& base, const UserSettings& user,
                       const std::vector<std::string>& lines, std::vector<Prepared>& out) {
  const Changes changes = Sorted(lines);
  UserSettings more = user;
  more.set.insert(more.set.end(), changes.set.begin(), changes.set.end());
  schema::LoadedScenario loaded = base.scenario;
  Edit(changes, loaded.scenario);
  return Prepare(tables, loaded, more, out);
}

}  // namespace fate
