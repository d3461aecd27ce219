#include "scenarios/kafka_config/describe.h"

#include <optional>

#include "scenarios/kafka_config/text.h"

namespace kafka_config {
namespace {

struct Header {
  std::string type;
  std::string name;
};

// "Dynamic configs for topic orders are:", "All configs for broker 1 are:",
// "Default configs for brokers in the cluster are:".
std::optional<Header> ParseHeader(std::string_view line) {
  constexpr std::string_view kFor = " configs for ";
  constexpr std::string_view kAre = " are:";
  constexpr std::string_view kCluster = " in the cluster";
  line = Trim(line);
  const size_t at = line.find(kFor);
  if (at == std::string_view::npos || !line.ends_with(kAre)) return std::nullopt;
  const std::string_view kind = line.substr(0, at);
  if (kind != "Dynamic" && kind != "All" && kind != "Default") return std::nullopt;
  const size_t begin = at + kFor.size();
  if (begin + kAre.size() > line.size()) return std::nullopt;
  std::string_view entity = line.substr(begin, line.size() - begin - kAre.size());
  if (entity.ends_with(kCluster)) {
    entity.remove_suffix(kCluster.size());
    if (entity.ends_with('s')) entity.remove_suffix(1);
    return Header{std::string(entity), ""};
  }
  const size_t blank = entity.find(' ');
  if (blank == std::string_view::npos) return Header{std::string(entity), ""};
  return Header{std::string(entity.substr(0, blank)), std::string(entity.substr(blank + 1))};
}

struct Described {
  std::string_view name, value;
  bool is_sensitive = false;
};

// "  name=value sensitive=false synonyms={...}"; the value itself may hold anything.
std::optional<Described> ParseLine(std::string_view line) {
  line = Trim(line);
  const size_t equals = line.find('=');
  if (equals == std::string_view::npos || equals == 0) return std::nullopt;
  const std::string_view rest = line.substr(equals + 1);
  for (const bool is_sensitive : {false, true}) {
    const std::string_view mark =
        is_sensitive ? " sensitive=true synonyms={" : " sensitive=false synonyms={";
    const size_t at = rest.find(mark);
    if (at == std::string_view::npos) continue;
    return Described{line.substr(0, equals), rest.substr(0, at), is_sensitive};
  }
  return std::nullopt;
}

std::string_view WithoutLineEnd(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

int ColumnOf(std::string_view line) { return static_cast<int>(line.find_first_not_of(" \t")) + 1; }

void AddLine(const Described& described, const Position& position, DescribedConfigs& configs) {
  if (configs.entities.empty()) configs.entities.push_back({.position = position});
  if (described.is_sensitive) {
    configs.notes.push_back(
        {ConfigNote::Kind::kIgnored, position,
         Cat(Printable(described.name), " is sensitive: Kafka does not print its value")});
    return;
  }
  if (described.value == "null") return;  // not set
  configs.entities.back().entries.push_back({.key = std::string(described.name),
                                             .value = std::string(described.value),
                                             .position = position});
}

}  // namespace

bool IsDescribeOutput(std::string_view text) {
  for (const std::string_view line : Split(text, '\n')) {
    if (ParseHeader(WithoutLineEnd(line)) || ParseLine(WithoutLineEnd(line))) return true;
  }
  return false;
}

DescribedConfigs ReadDescribeOutput(std::string_view text, std::string_view file_name) {
  DescribedConfigs configs;
  int number = 0;
  for (const std::string_view raw : Split(text, '\n')) {
    const std::string_view line = WithoutLineEnd(raw);
    const Position position{std::string(file_name), ++number, ColumnOf(line)};
    if (const auto header = ParseHeader(line)) {
      configs.entities.push_back(
          {.type = header->type, .name = header->name, .position = position});
    } else if (const auto described = ParseLine(line)) {
      AddLine(*described, position, configs);
    }
  }
  return configs;
}

}  // namespace kafka_config
