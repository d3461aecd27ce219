#include "tools/fate/prepare.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

namespace fate {
namespace {

using schema::ConfigFile;
using schema::ConfigLine;
using schema::ConfigLines;
using schema::Diagnostic;
using schema::Origin;
using schema::Scope;

void Append(ConfigLines lines, std::vector<ConfigLine>& into, std::vector<Diagnostic>& errors,
            std::vector<schema::ConfigNote>& notes) {
  into.insert(into.end(), lines.lines.begin(), lines.lines.end());
  errors.insert(errors.end(), lines.errors.begin(), lines.errors.end());
  notes.insert(notes.end(), lines.notes.begin(), lines.notes.end());
}

ConfigLine LineOf(const schema::LoadedScenario& loaded, const schema::Target& target,
                  const schema::proto::Setting& setting, const std::string& path) {
  return {.target = target,
          .name = setting.key(),
          .value = setting.value(),
          .origin = {Origin::Kind::kScenario, loaded.PlaceOf(path)}};
}

// The `config { ... }` of every part of the scenario.
std::vector<ConfigLine> ScenarioLines(const schema::LoadedScenario& loaded) {
  const schema::proto::Scenario& scenario = loaded.scenario;
  std::vector<ConfigLine> lines;
  const auto add = [&](const auto& settings, const schema::Target& target,
                       const std::string& path) {
    for (int i = 0; i < settings.size(); ++i) {
      lines.push_back(
          LineOf(loaded, target, settings.Get(i), path + ".config[" + std::to_string(i) + "]"));
    }
  };
  add(scenario.cluster().config(), {Scope::kBroker, ""}, "cluster");
  for (int i = 0; i < scenario.cluster().broker_size(); ++i) {
    const auto& broker = scenario.cluster().broker(i);
    add(broker.config(), {Scope::kBroker, std::to_string(broker.id())},
        "cluster.broker[" + std::to_string(i) + "]");
  }
  for (int i = 0; i < scenario.topic_size(); ++i) {
    add(scenario.topic(i).config(), {Scope::kTopic, scenario.topic(i).name()},
        "topic[" + std::to_string(i) + "]");
  }
  for (int i = 0; i < scenario.producer_size(); ++i) {
    add(scenario.producer(i).config(), {Scope::kProducer, scenario.producer(i).name()},
        "producer[" + std::to_string(i) + "]");
  }
  for (int i = 0; i < scenario.consumer_size(); ++i) {
    add(scenario.consumer(i).config(), {Scope::kConsumer, scenario.consumer(i).name()},
        "consumer[" + std::to_string(i) + "]");
  }
  return lines;
}

schema::Declared DeclaredBy(const schema::proto::Scenario& scenario) {
  schema::Declared declared;
  declared.brokers = static_cast<int>(scenario.cluster().brokers());
  for (const auto& topic : scenario.topic()) declared.topics.push_back(topic.name());
  for (const auto& producer : scenario.producer()) declared.producers.push_back(producer.name());
  for (const auto& consumer : scenario.consumer()) declared.consumers.push_back(consumer.name());
  declared.has_elr = scenario.cluster().elr();
  return declared;
}

// What stands for the user's files and flags when the capsule is run somewhere else. Only settings
// whose values may be shown; the others act on nothing.
std::vector<std::string> SetLines(const schema::Configuration& configuration) {
  std::vector<std::string> lines;
  for (const auto& given : configuration.GivenSettings()) {
    if (given.origin.kind != Origin::Kind::kFile && given.origin.kind != Origin::Kind::kSet)
      continue;
    const bool acted_on =
        schema::ShownSet(configuration.tables(),
                         Describe(given.target) + ":" + given.name + "=" + given.shown_value) ==
        Describe(given.target) + ":" + given.name + "=" + given.shown_value;
    if (!acted_on) continue;
    lines.push_back(Describe(given.target) + ":" + given.name + "=" + given.shown_value);
  }
  return lines;
}

}  // namespace

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
  schema::ConfigInputs inputs;
  inputs.declared = DeclaredBy(loaded.scenario);
  inputs.files = user.files;
  inputs.scenario = ScenarioLines(loaded);
  std::vector<Diagnostic> errors;
  std::vector<schema::ConfigNote> notes;
  // The scenario's own `set` (a variant's change) comes before the user's: what the user types wins
  // over the file, but a variant must differ from its base, so its line is the last word.
  for (const std::string& line : user.set) {
    Append(schema::ParseSet(tables, line), inputs.set, errors, notes);
  }
  for (int i = 0; i < loaded.scenario.set_size(); ++i) {
    const Origin origin{Origin::Kind::kScenario, loaded.PlaceOf("set[" + std::to_string(i) + "]")};
    Append(schema::ParseSet(tables, loaded.scenario.set(i), origin), inputs.set, errors, notes);
  }
  schema::Resolution resolved = schema::Resolve(tables, inputs);
  errors.insert(errors.end(), resolved.errors.begin(), resolved.errors.end());
  if (!errors.empty()) return {kExitInvalid, schema::Describe(errors)};
  Prepared prepared{.scenario = loaded,
                    .configuration = std::move(resolved.configuration),
                    .notes = std::move(notes),
                    .built = {},
                    .set_lines = {}};
  prepared.notes.insert(prepared.notes.end(), resolved.notes.begin(), resolved.notes.end());
  prepared.built = schema::BuildSetup(prepared.scenario, prepared.configuration);
  if (!prepared.built.errors.empty()) {
    return {kExitInvalid, schema::Describe(prepared.built.errors)};
  }
  prepared.set_lines = SetLines(prepared.configuration);
  out.push_back(std::move(prepared));
  return {};
}

Failure PrepareWithSet(const schema::Tables& tables, const Prepared& base, const UserSettings& user,
                       const std::vector<std::string>& more_set, std::vector<Prepared>& out) {
  schema::LoadedScenario scenario = base.scenario;
  for (const std::string& line : more_set) scenario.scenario.add_set(line);
  return Prepare(tables, scenario, user, out);
}

}  // namespace fate
