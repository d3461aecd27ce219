#include "tools/fate/prepare.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

namespace fate {

using schema::ConfigFile;
using schema::Diagnostic;

Failure ReadUserSettings(const Options& options, UserSettings& out) {
  for (const std::string& argument : options.config) {
    ConfigFile file = schema::ParseConfigArgument(argument);
    std::error_code error;
    if (std::filesystem::is_directory(file.path, error)) {
      return {kExitInvalid, file.path + ": error: is a directory, not a properties file\n"};
    }
    std::ifstream stream(file.path, std::ios::binary);
    std::ostringstream text;
    if (!stream ||
        !(text << stream.rdbuf() || stream.peek() == std::ifstream::traits_type::eof())) {
      return {kExitInvalid, file.path + ": error: cannot be read\n"};
    }
    file.text = text.str();
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

Failure PrepareWithSet(const schema::Tables& tables, const Prepared& base, const UserSettings& user,
                       const std::vector<std::string>& more_set, std::vector<Prepared>& out) {
  UserSettings more = user;
  more.set.insert(more.set.end(), more_set.begin(), more_set.end());
  return Prepare(tables, base.scenario, more, out);
}

}  // namespace fate
