#include "scenarios/kafka_config/formats/log_dump.h"

#include <algorithm>
#include <utility>

#include "scenarios/kafka_config/text.h"

namespace kafka_config {
namespace {

constexpr std::string_view kValues = "Config values:";

struct Dumper {
  std::string_view name;
  Scope scope;
};

constexpr Dumper kDumpers[] = {{"ProducerConfig values:", Scope::kProducer},
                               {"ConsumerConfig values:", Scope::kConsumer},
                               {"KafkaConfig values:", Scope::kBroker},
                               {"LogConfig values:", Scope::kTopic}};

struct Header {
  std::optional<Scope> scope;  // nullopt: somebody whose settings are not used
};

std::optional<Header> ParseHeader(std::string_view line) {
  line = Trim(line);
  if (!line.ends_with(kValues)) return std::nullopt;
  for (const Dumper& dumper : kDumpers) {
    if (!line.ends_with(dumper.name)) continue;
    const std::string_view before = line.substr(0, line.size() - dumper.name.size());
    const bool is_whole =
        before.empty() || before.back() == ' ' || before.back() == '.' || before.back() == ':';
    if (is_whole) return Header{dumper.scope};
  }
  return Header{};
}

// "\tacks = all"; `text` is trimmed at its end where the value is empty.
std::optional<PropertyEntry> ParseSetting(std::string_view line) {
  if (!line.starts_with('\t') && !line.starts_with(' ')) return std::nullopt;
  const std::string_view text = Trim(line);
  const size_t equals = text.find(" =");
  if (equals == text.npos || equals == 0) return std::nullopt;
  const std::string_view name = text.substr(0, equals);
  if (name.find_first_of(" \t") != name.npos) return std::nullopt;
  return PropertyEntry{std::string(name), std::string(Trim(text.substr(equals + 2))), {}};
}

void ReplaceInGroup(FileReading& reading, Scope scope, PropertyEntry entry) {
  for (FileReading::Group& group : reading.found) {
    if (group.target != Target{scope, ""}) continue;
    std::erase_if(group.entries, [&](const auto& known) { return known.key == entry.key; });
  }
  reading.Add(scope, std::move(entry));
}

// True if the text says that the setting has no value that could be taken over.
bool IsUnset(std::string_view value) { return value == "null" || value == "[hidden]"; }

std::string ListText(std::string_view value) {
  const bool is_list = value.starts_with('[') && value.ends_with(']');
  return std::string(is_list ? value.substr(1, value.size() - 2) : value);
}

}  // namespace

bool IsLogDump(std::string_view text) {
  const std::vector<std::string_view> lines = Split(text, '\n');
  return std::any_of(lines.begin(), lines.end(),
                     [](std::string_view line) { return ParseHeader(line).has_value(); });
}

FileReading ReadLogDump(std::string_view text, const std::string& path) {
  FileReading reading{.format = "the log of a client or a broker"};
  std::optional<Header> header;
  int number = 0;
  for (const std::string_view line : Split(text, '\n')) {
    ++number;
    if (const auto found = ParseHeader(line)) {
      header = found;
      continue;
    }
    std::optional<PropertyEntry> entry = ParseSetting(line);
    if (!entry) {
      header.reset();
      continue;
    }
    if (!header || !header->scope || IsUnset(entry->value)) continue;
    entry->value = ListText(entry->value);
    entry->position = {path, number, static_cast<int>(line.find_first_not_of(" \t")) + 1};
    ReplaceInGroup(reading, *header->scope, *std::move(entry));
  }
  return reading;
}

}  // namespace kafka_config
