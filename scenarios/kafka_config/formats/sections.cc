#include "scenarios/kafka_config/formats/sections.h"

#include <algorithm>
#include <utility>

#include "scenarios/kafka_config/formats/yaml.h"
#include "scenarios/kafka_config/text.h"

namespace kafka_config {
namespace {

struct ClientPrefix {
  std::string_view prefix;
  Scope scope;
};

// The longer prefix first. A connector's own stand over the worker's.
constexpr ClientPrefix kClientPrefixes[] = {{"producer.override.", Scope::kProducer},
                                            {"consumer.override.", Scope::kConsumer},
                                            {"producer.", Scope::kProducer},
                                            {"consumer.", Scope::kConsumer}};

constexpr std::string_view kConnectNames[] = {
    "config.storage.topic",         "connector.class",      "key.converter",
    "offset.storage.file.filename", "offset.storage.topic", "status.storage.topic"};

struct ConnectDefault {
  std::string_view name, value;
};

// [Worker#baseProducerConfigs]
constexpr ConnectDefault kConnectDefaults[] = {
    {"acks", "all"},
    {"enable.idempotence", "false"},
    {"max.in.flight.requests.per.connection", "1"},
    {"delivery.timeout.ms", "2147483647"},
    {"max.block.ms", "9223372036854775807"},
};

struct ScopedName {
  Scope scope = Scope::kProducer;
  std::string name;
};

std::optional<ScopedName> ScopedNameOf(const Tables& tables, std::string_view key) {
  if (!tables.ScopesOf(key).empty()) return std::nullopt;  // producer.id.expiration.ms
  for (const ClientPrefix& known : kClientPrefixes) {
    if (!key.starts_with(known.prefix)) continue;
    const std::string_view name = key.substr(known.prefix.size());
    if (!IsOfKafka(tables, known.scope, name)) return std::nullopt;
    return ScopedName{known.scope, std::string(name)};
  }
  return std::nullopt;
}

bool IsConnect(const Entries& entries) {
  return std::any_of(entries.begin(), entries.end(), [](const PropertyEntry& entry) {
    return std::find(std::begin(kConnectNames), std::end(kConnectNames), entry.key) !=
           std::end(kConnectNames);
  });
}

void AddConnectDefaults(const std::string& path, FileReading& reading) {
  std::vector<std::string> said;
  for (const ConnectDefault& one : kConnectDefaults) {
    if (reading.Has(Scope::kProducer, one.name)) continue;
    reading.Add(Scope::kProducer, {std::string(one.name), std::string(one.value), {.file = path}});
    said.push_back(Cat(one.name, "=", one.value));
  }
  if (said.empty()) return;
  reading.notes.push_back({ConfigNote::Kind::kRead,
                           {.file = path},
                           Cat("Connect's own defaults of a producer where the file says nothing: ",
                               Join(said, ", "))});
}

// The configuration of a connector, as its REST interface takes it: {"name": ..., "config": {...}}.
Entries Unwrapped(const Entries& entries) {
  constexpr std::string_view kConfig = "config.";
  Entries plain = entries;
  if (ValueOf(entries, "config.connector.class").empty()) return plain;
  for (PropertyEntry& entry : plain) {
    if (entry.key.starts_with(kConfig)) entry.key.erase(0, kConfig.size());
  }
  return plain;
}

}  // namespace

bool HasSections(const Tables& tables, const Entries& entries) {
  const Entries plain = Unwrapped(entries);
  return IsConnect(plain) ||
         std::any_of(plain.begin(), plain.end(), [&](const PropertyEntry& entry) {
           return ScopedNameOf(tables, entry.key).has_value();
         });
}

FileReading ReadSections(const Tables& tables, const std::string& path, const Entries& entries) {
  const Entries plain = Unwrapped(entries);
  const bool is_connect = IsConnect(plain);
  FileReading reading{.format = is_connect ? "a file of a Kafka Connect worker or connector"
                                           : "settings under `producer.` and `consumer.`"};
  for (const bool is_override : {false, true}) {
    for (const PropertyEntry& entry : plain) {
      if ((entry.key.find(".override.") != entry.key.npos) != is_override) continue;
      if (const auto placed = ScopedNameOf(tables, entry.key)) {
        reading.Add(placed->scope, {placed->name, entry.value, entry.position});
      } else {
        reading.left_out.push_back({entry.key, "", entry.position});
      }
    }
  }
  if (is_connect) AddConnectDefaults(path, reading);
  return reading;
}

bool IsMirrorMaker(const Entries& entries) {
  return std::any_of(entries.begin(), entries.end(), [](const PropertyEntry& entry) {
    return entry.key.find("->") != entry.key.npos;
  });
}

}  // namespace kafka_config
