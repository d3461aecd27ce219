#include "scenarios/kafka_config/formats/detect.h"

#include <algorithm>
#include <utility>

#include "scenarios/kafka_config/describe.h"
#include "scenarios/kafka_config/formats/environment.h"
#include "scenarios/kafka_config/formats/librdkafka.h"
#include "scenarios/kafka_config/formats/log_dump.h"
#include "scenarios/kafka_config/formats/sections.h"
#include "scenarios/kafka_config/formats/spring.h"
#include "scenarios/kafka_config/formats/strimzi.h"
#include "scenarios/kafka_config/formats/topics_describe.h"
#include "scenarios/kafka_config/formats/yaml.h"
#include "scenarios/kafka_config/text.h"

namespace kafka_config {
namespace {

constexpr std::string_view kAsProperties = "give its settings as Java properties";

bool HasKey(const Entries& entries, std::string_view key) {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const PropertyEntry& entry) { return entry.key == key; });
}

// Of the producer and the consumer in Scala that Kafka had until 2.0.
bool IsScalaClient(const Entries& entries) {
  constexpr std::string_view kNames[] = {
      "producer.type",    "serializer.class",    "key.serializer.class", "queue.enqueue.timeout.ms",
      "request.num.acks", "consumer.timeout.ms", "rebalance.backoff.ms", "zookeeper.sync.time.ms"};
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [&](std::string_view name) { return HasKey(entries, name); });
}

bool IsScalaClients(const Tables& tables, const Entries& entries) {
  const bool is_brokers = std::any_of(entries.begin(), entries.end(), [&](const auto& entry) {
    return tables.Find(Scope::kBroker, entry.key) != nullptr;
  });
  return IsScalaClient(entries) && !is_brokers;
}

// The first line that says something.
std::string_view FirstLine(std::string_view text) {
  for (const std::string_view line : Split(text, '\n')) {
    const std::string_view trimmed = Trim(line);
    if (!trimmed.empty() && !trimmed.starts_with('#')) return trimmed;
  }
  return "";
}

bool HasEnding(std::string_view path, std::initializer_list<std::string_view> endings) {
  const std::string lower = Lower(path);
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return lower.ends_with(ending); });
}

bool IsJson(const ConfigFile& file) {
  const std::string_view first = FirstLine(file.text);
  return first.starts_with('{') || (first.starts_with('[') && HasEnding(file.path, {".json"}));
}

// A key with nothing behind its colon opens a mapping; Java would take it for a setting without a
// value.
bool IsYaml(const ConfigFile& file) {
  if (HasEnding(file.path, {".yaml", ".yml"})) return true;
  if (HasEnding(file.path, {".properties", ".env", ".conf", ".config"})) return false;
  const std::string_view first = FirstLine(file.text);
  if (first == "---" || first.starts_with("apiVersion: ")) return true;
  return first.ends_with(':') && first.find_first_of("= \t") == first.npos;
}

// A list of names and values, whatever it was written in.
FileReading ReadNamed(const Tables& tables, const ConfigFile& file, const Entries& entries,
                      std::string format) {
  if (IsSpring(entries)) return ReadSpring(tables, file.path, entries);
  if (IsMirrorMaker(entries)) {
    return NotRead(file.path, "a file of MirrorMaker 2",
                   "give the settings of its producers and consumers as Java properties");
  }
  if (IsEnvironment(entries)) return ReadEnvironment(tables, file.path, entries);
  if (IsScalaClients(tables, entries)) {
    return NotRead(file.path, "a file of the Scala clients, which Kafka removed in 2.0",
                   "give the settings of today's clients");
  }
  if (HasSections(tables, entries)) return ReadSections(tables, file.path, entries);
  if (IsLibrdkafka(tables, entries)) {
    return ReadLibrdkafka(tables, file.path, entries, file.target);
  }
  FileReading reading{.format = std::move(format)};
  for (const PropertyEntry& entry : entries) reading.Add(std::nullopt, entry);
  return reading;
}

// Of the documents of an application those that hold without a profile.
Entries WithoutProfiles(const std::vector<Entries>& documents, FileReading& rest) {
  Entries entries;
  for (const Entries& document : documents) {
    const bool is_of_profile = &document != &documents.front() && IsOfProfile(document);
    Entries& into = is_of_profile ? rest.left_out : entries;
    into.insert(into.end(), document.begin(), document.end());
  }
  for (PropertyEntry& entry : rest.left_out) entry.value.clear();
  return WithJoinedLists(entries);
}

FileReading ReadStructured(const Tables& tables, const ConfigFile& file, bool is_json) {
  YamlFile yaml = ReadYaml(file.text, file.path);
  const std::string format = is_json ? "JSON of names and values" : "YAML of names and values";
  if (!yaml.errors.empty()) return {.format = format, .errors = std::move(yaml.errors)};
  if (IsStrimzi(yaml.documents)) return ReadStrimzi(tables, file.path, yaml.documents);
  for (const Entries& document : yaml.documents) {
    if (IsCompose(document)) return ReadCompose(tables, file.path, document);
    const std::string_view kind = ValueOf(document, "kind");
    if (!kind.empty() && !ValueOf(document, "apiVersion").empty()) {
      return NotRead(file.path, Cat("a Kubernetes resource of kind ", Printable(kind)),
                     kAsProperties.data());
    }
    if (HasKey(document, "replicaCount") || HasKey(document, "image.repository")) {
      return NotRead(file.path, "the values of a Helm chart", kAsProperties.data());
    }
  }
  FileReading rest;
  FileReading reading = ReadNamed(tables, file, WithoutProfiles(yaml.documents, rest), format);
  for (PropertyEntry& entry : rest.left_out) reading.left_out.push_back(std::move(entry));
  return reading;
}

}  // namespace

FileReading ReadByFormat(const Tables& tables, const ConfigFile& file) {
  if (IsLogDump(file.text)) return ReadLogDump(file.text, file.path);
  if (IsTopicsDescribe(file.text)) return ReadTopicsDescribe(file.text, file.path);
  const bool is_json = IsJson(file);
  if (is_json || IsYaml(file)) return ReadStructured(tables, file, is_json);
  PropertiesFile properties = ReadProperties(file.text, file.path);
  FileReading reading = ReadNamed(tables, file, properties.entries, "a Java properties file");
  for (Diagnostic& error : properties.errors) reading.errors.push_back(std::move(error));
  return reading;
}

}  // namespace kafka_config
