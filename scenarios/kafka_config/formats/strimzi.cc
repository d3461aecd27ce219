#include "scenarios/kafka_config/formats/strimzi.h"

#include <algorithm>
#include <utility>

#include "scenarios/kafka_config/formats/sections.h"
#include "scenarios/kafka_config/formats/yaml.h"
#include "scenarios/kafka_config/text.h"

namespace kafka_config {
namespace {

constexpr std::string_view kGroup = "kafka.strimzi.io/";

bool IsResource(const Entries& document) {
  return ValueOf(document, "apiVersion").starts_with(kGroup);
}

// "spec.kafka.config.X" -> X.
Entries Under(const Entries& document, std::string_view prefix) {
  Entries found;
  for (const PropertyEntry& entry : document) {
    if (!entry.key.starts_with(prefix)) continue;
    found.push_back({entry.key.substr(prefix.size()), entry.value, entry.position});
  }
  return found;
}

void AddTopic(const Entries& document, FileReading& reading) {
  std::string_view name = ValueOf(document, "spec.topicName");
  if (name.empty()) name = ValueOf(document, "metadata.name");
  const Target topic{Scope::kTopic, std::string(name)};
  for (PropertyEntry& entry : Under(document, "spec.config.")) {
    reading.Add(topic, std::move(entry));
  }
  for (PropertyEntry& entry : Under(document, "spec.replicas")) {
    if (entry.key.empty()) {
      reading.Add(topic, {"replication.factor", std::move(entry.value), entry.position});
    }
  }
}

void AddConnect(const Tables& tables, const std::string& path, const Entries& document,
                FileReading& reading) {
  FileReading connect = ReadSections(tables, path, Under(document, "spec.config."));
  for (FileReading::Group& group : connect.found) {
    for (PropertyEntry& entry : group.entries) reading.Add(group.target, std::move(entry));
  }
  reading.left_out.insert(reading.left_out.end(), connect.left_out.begin(), connect.left_out.end());
  reading.notes.insert(reading.notes.end(), connect.notes.begin(), connect.notes.end());
}

}  // namespace

bool IsStrimzi(const std::vector<Entries>& documents) {
  return std::any_of(documents.begin(), documents.end(), IsResource);
}

FileReading ReadStrimzi(const Tables& tables, const std::string& path,
                        const std::vector<Entries>& documents) {
  FileReading reading{.format = "resources of the Strimzi operator"};
  for (const Entries& nested : documents) {
    const Entries document = WithJoinedLists(nested);
    const std::string_view kind = ValueOf(document, "kind");
    if (!IsResource(document)) continue;
    if (kind == "Kafka") {
      for (PropertyEntry& entry : Under(document, "spec.kafka.config.")) {
        reading.Add(Scope::kBroker, std::move(entry));
      }
    } else if (kind == "KafkaTopic") {
      AddTopic(document, reading);
    } else if (kind == "KafkaConnect" || kind == "KafkaConnector") {
      AddConnect(tables, path, document, reading);
    } else {
      reading.notes.push_back({ConfigNote::Kind::kIgnored, document.front().position,
                               Cat("a resource of kind ", Printable(kind), " is not used")});
    }
  }
  return reading;
}

}  // namespace kafka_config
