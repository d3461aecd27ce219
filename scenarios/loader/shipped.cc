#include "scenarios/loader/shipped.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "scenarios/kafka_config/properties.h"
#include "scenarios/kafka_config/text.h"

namespace loader {
namespace {

// The folder that a shipped file stands in: "acks".
std::string_view FolderOf(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return "";
  const std::string_view folder = path.substr(0, slash);
  return folder.substr(folder.rfind('/') + 1);
}

bool LooksLikePath(std::string_view name) {
  return name.find('/') != std::string_view::npos || name.ends_with(".textproto");
}

LoadResult Failed(std::string_view file, std::string message, std::string suggestion = "") {
  LoadResult result;
  result.errors.push_back({.position = {std::string(file)},
                           .message = std::move(message),
                           .suggestion = std::move(suggestion)});
  return result;
}

LoadResult LoadFile(std::string_view path) {
  const absl::StatusOr<std::string> text = kafka_config::ReadTextFile(std::string(path));
  if (text.ok()) return LoadScenario(*text, path);
  const absl::string_view why = text.status().message();
  return Failed("", kafka_config::Cat(kafka_config::Printable(path), ": ",
                                      std::string_view(why.data(), why.size())));
}

}  // namespace

std::string_view StemOf(std::string_view path) {
  path.remove_prefix(path.rfind('/') + 1);
  return path.substr(0, path.rfind(".textproto"));
}

const embedded::EmbeddedFile* FindShipped(std::string_view name) {
  for (const embedded::EmbeddedFile& file : embedded::EmbeddedScenarios()) {
    if (StemOf(file.path) == name) return &file;
  }
  const std::string lower = kafka_config::Lower(name);
  const std::string claim = lower.starts_with("cl:") ? lower : kafka_config::Cat("cl:", lower);
  for (const embedded::EmbeddedFile& file : embedded::EmbeddedScenarios()) {
    const proto::Scenario scenario = ParseScenarioText(file.text, file.path).scenario;
    if (scenario.name() == name || kafka_config::Lower(scenario.claim()) == claim) return &file;
  }
  return nullptr;
}

std::vector<const embedded::EmbeddedFile*> ShippedCollection(std::string_view folder) {
  std::vector<const embedded::EmbeddedFile*> files;
  for (const embedded::EmbeddedFile& file : embedded::EmbeddedScenarios()) {
    if (FolderOf(file.path) == folder) files.push_back(&file);
  }
  return files;
}

std::vector<std::string> ShippedFolders() {
  std::vector<std::string> folders;
  for (const embedded::EmbeddedFile& file : embedded::EmbeddedScenarios())
    folders.emplace_back(FolderOf(file.path));
  std::sort(folders.begin(), folders.end());
  folders.erase(std::unique(folders.begin(), folders.end()), folders.end());
  return folders;
}

std::string NearestShipped(std::string_view name) {
  std::vector<std::string> names = ShippedFolders();
  for (const embedded::EmbeddedFile& file : embedded::EmbeddedScenarios())
    names.emplace_back(StemOf(file.path));
  if (std::string nearest = NearestName(name, names); !nearest.empty()) return nearest;
  // A piece of a long name is as good as a typo in it: "leader_dies", "killed".
  for (const std::string& candidate : names) {
    if (name.size() >= 4 && candidate.find(kafka_config::Lower(name)) != std::string::npos)
      return candidate;
  }
  return "";
}

LoadResult LoadByName(std::string_view name) {
  if (LooksLikePath(name)) return LoadFile(name);
  if (const embedded::EmbeddedFile* file = FindShipped(name))
    return LoadScenario(file->text, file->path);
  std::error_code error;
  if (std::filesystem::is_regular_file(std::string(name), error)) return LoadFile(name);
  const std::string nearest = NearestShipped(name);
  return Failed(
      "",
      kafka_config::Cat("no scenario is called \"", kafka_config::Printable(name),
                        "\", and there is no such file; `scenario list` shows what there is"),
      nearest);
}

}  // namespace loader
