#include "scenarios/kafka_config/formats/topics_describe.h"

#include <algorithm>
#include <utility>

#include "scenarios/kafka_config/text.h"

namespace kafka_config {
namespace {

constexpr std::string_view kFactor = "ReplicationFactor:";
constexpr std::string_view kConfigs = "Configs:";

// The word behind a label, "" if the label is not there.
std::string_view WordAfter(std::string_view line, std::string_view label) {
  const size_t at = line.find(label);
  if (at == line.npos) return "";
  const std::string_view rest = Trim(line.substr(at + label.size()));
  return rest.substr(0, std::min(rest.find_first_of(" \t\r"), rest.size()));
}

bool IsTopicLine(std::string_view line) {
  return line.find("Topic:") != line.npos && line.find(kFactor) != line.npos;
}

// "cleanup.policy=compact,delete,retention.ms=1": a piece without '=' goes on with the value before.
Entries ParseConfigs(std::string_view text, const Position& position) {
  Entries entries;
  for (const std::string_view piece : Split(Trim(text), ',')) {
    const size_t equals = piece.find('=');
    if (equals != piece.npos) {
      entries.push_back(
          {std::string(piece.substr(0, equals)), std::string(piece.substr(equals + 1)), position});
    } else if (!entries.empty()) {
      entries.back().value += Cat(",", piece);
    }
  }
  return entries;
}

}  // namespace

bool IsTopicsDescribe(std::string_view text) {
  const std::vector<std::string_view> lines = Split(text, '\n');
  return std::any_of(lines.begin(), lines.end(), IsTopicLine);
}

FileReading ReadTopicsDescribe(std::string_view text, const std::string& path) {
  FileReading reading{.format = "the output of kafka-topics --describe"};
  int number = 0;
  for (const std::string_view line : Split(text, '\n')) {
    ++number;
    if (!IsTopicLine(line)) continue;
    const Target topic{Scope::kTopic, std::string(WordAfter(line, "Topic:"))};
    const auto column = [&](std::string_view label) {
      return Position{path, number, static_cast<int>(line.find(label)) + 1};
    };
    reading.Add(topic,
                {"replication.factor", std::string(WordAfter(line, kFactor)), column(kFactor)});
    const size_t configs = line.find(kConfigs);
    if (configs == line.npos) continue;
    for (PropertyEntry& entry :
         ParseConfigs(line.substr(configs + kConfigs.size()), column(kConfigs))) {
      reading.Add(topic, std::move(entry));
    }
  }
  return reading;
}

}  // namespace kafka_config
