#include "scenarios/kafka_config/formats/reading.h"

#include <algorithm>
#include <utility>

#include "scenarios/kafka_config/durability.h"
#include "scenarios/kafka_config/text.h"

namespace kafka_config {
namespace {

// "KAFKA_HEAP_OPTS": nobody's password looks like that.
bool IsVariable(std::string_view name) {
  return name.size() <= 100 && name.find('_') != name.npos &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
         });
}

}  // namespace

void FileReading::Add(const std::optional<Target>& target, PropertyEntry entry) {
  const auto same =
      std::find_if(found.begin(), found.end(), [&](const Group& g) { return g.target == target; });
  if (same != found.end()) return same->entries.push_back(std::move(entry));
  found.push_back({.target = target, .entries = {std::move(entry)}});
}

bool FileReading::Has(const Target& target) const {
  return std::any_of(found.begin(), found.end(),
                     [&](const Group& group) { return group.target == target; });
}

bool FileReading::Has(Scope scope, std::string_view name) const {
  for (const Group& group : found) {
    if (group.target != Target{scope, ""}) continue;
    for (const PropertyEntry& entry : group.entries) {
      if (entry.key == name) return true;
    }
  }
  return false;
}

void Translations::Add(const PropertyEntry& written, std::string_view name) {
  if (written.key == name || !IsPlainName(written.key)) return;
  const std::string one =
      Cat(written.key, " (line ", std::to_string(written.position.line), ") is ", name);
  if (std::find(said_.begin(), said_.end(), one) == said_.end()) said_.push_back(one);
}

void Translations::Say(std::string_view file, FileReading& reading) const {
  if (said_.empty()) return;
  reading.notes.push_back({ConfigNote::Kind::kRead,
                           {.file = std::string(file)},
                           Cat("translated to Kafka's names: ", Join(said_, ", "))});
}

bool IsOfKafka(const Tables& tables, Scope scope, std::string_view name) {
  if (tables.Find(scope, name) != nullptr) return true;
  const std::vector<ForeignName> foreign = tables.FindForeign(name);
  return std::any_of(foreign.begin(), foreign.end(), [&](const ForeignName& known) {
    return known.scope == scope && known.last_seen_in.starts_with("Kafka");
  });
}

bool IsOfLibrdkafkaAlone(const Tables& tables, Scope scope, std::string_view name) {
  if (tables.Find(scope, name) != nullptr) return false;
  const std::vector<ForeignName> foreign = tables.FindForeign(name);
  return std::any_of(foreign.begin(), foreign.end(), [&](const ForeignName& known) {
    return known.scope == scope && known.last_seen_in.starts_with("librdkafka");
  });
}

FileReading NotRead(const std::string& path, std::string format, std::string advice) {
  FileReading reading{.format = std::move(format)};
  reading.errors.push_back(
      {.position = {.file = path},
       .message = Cat("reads like ", reading.format, ", which is not read: ", advice)});
  return reading;
}

std::string NamesAndLines(const Tables& tables, const Entries& entries) {
  constexpr size_t kNamedMax = 12;
  std::vector<std::string> named;
  for (const PropertyEntry& entry : entries) {
    if (named.size() == kNamedMax) break;
    const std::string name =
        IsVariable(entry.key) ? std::string(entry.key) : ShownName(tables, entry.key);
    named.push_back(Cat(name, " (line ", std::to_string(entry.position.line), ")"));
  }
  const std::string more = entries.size() > kNamedMax
                               ? Cat(" and ", std::to_string(entries.size() - kNamedMax), " more")
                               : std::string();
  return Cat(Join(named, ", "), more);
}

}  // namespace kafka_config
