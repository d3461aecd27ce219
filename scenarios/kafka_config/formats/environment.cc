#include "scenarios/kafka_config/formats/environment.h"

#include <algorithm>
#include <map>
#include <utility>

#include "scenarios/kafka_config/formats/spring.h"
#include "scenarios/kafka_config/text.h"

namespace kafka_config {
namespace {

constexpr std::string_view kEnvironment = ".environment";
constexpr std::string_view kExport = "export";  // as Java reads "export NAME=value": a name

bool IsVariableName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// "MIN_INSYNC_REPLICAS" -> "min.insync.replicas".
std::string SettingOf(std::string_view variable) {
  std::string name;
  for (size_t i = 0; i < variable.size(); ++i) {
    if (variable[i] != '_') {
      name += variable[i];
      continue;
    }
    size_t run = 1;
    while (run < 3 && i + run < variable.size() && variable[i + run] == '_') ++run;
    name += run == 1 ? '.' : run == 2 ? '_' : '-';
    i += run - 1;
  }
  return Lower(name);
}

std::string_view WithoutPrefix(std::string_view variable) {
  for (const std::string_view prefix : {"KAFKA_CFG_", "KAFKA_"}) {
    if (variable.starts_with(prefix)) return variable.substr(prefix.size());
  }
  return "";
}

std::string Unquoted(std::string_view value) {
  value = Trim(value);
  const bool is_quoted = value.size() > 1 && value.front() == value.back() &&
                         (value.front() == '"' || value.front() == '\'');
  return std::string(is_quoted ? value.substr(1, value.size() - 2) : value);
}

// The settings of one container.
struct Container {
  std::string name;
  Entries settings;  // of a broker
  Entries others;    // KAFKA_ and what is no broker's setting
  Entries spring;
};

// "KAFKA_X=1" as an element of a list, or behind `export`.
PropertyEntry SplitItem(const PropertyEntry& item) {
  const size_t equals = item.value.find('=');
  if (equals == std::string::npos) return {item.value, "", item.position};
  return {item.value.substr(0, equals), item.value.substr(equals + 1), item.position};
}

void Sort(const Tables& tables, PropertyEntry variable, Container& out) {
  if (variable.key == kExport) variable = SplitItem(variable);
  variable.value = Unquoted(variable.value);
  if (variable.key.starts_with("SPRING_KAFKA_")) {
    variable.key = Lower(variable.key);
    std::replace(variable.key.begin(), variable.key.end(), '_', '.');
    out.spring.push_back(std::move(variable));
    return;
  }
  std::string name = SettingOf(WithoutPrefix(variable.key));
  if (!name.empty() && IsOfKafka(tables, Scope::kBroker, name)) {
    out.settings.push_back({std::move(name), std::move(variable.value), variable.position});
  } else {
    out.others.push_back({std::move(variable.key), "", variable.position});
  }
}

struct Place {
  std::string service;
  PropertyEntry variable;
};

// "services.NAME.environment.VARIABLE", or "...environment[0]" with "VARIABLE=value".
std::optional<Place> PlaceOf(const PropertyEntry& entry) {
  const std::string_view key = entry.key;
  const size_t at = key.find(kEnvironment);
  if (!key.starts_with("services.") || at == key.npos) return std::nullopt;
  const std::string_view rest = key.substr(at + kEnvironment.size());
  Place place{.service = std::string(key.substr(9, at - 9)), .variable = entry};
  if (rest.starts_with('.')) {
    place.variable.key = std::string(rest.substr(1));
  } else if (rest.starts_with('[')) {
    place.variable = SplitItem(entry);
  } else {
    return std::nullopt;
  }
  return place;
}

std::vector<Container> ContainersOf(const Tables& tables, const Entries& entries) {
  std::vector<Container> containers;
  for (const PropertyEntry& entry : entries) {
    std::optional<Place> place = PlaceOf(entry);
    if (!place) continue;
    if (containers.empty() || containers.back().name != place->service) {
      containers.push_back({.name = place->service});
    }
    Sort(tables, std::move(place->variable), containers.back());
  }
  return containers;
}

// What all brokers say alike is said of all; the rest is said of each.
void AddBrokers(const std::vector<const Container*>& brokers, FileReading& reading) {
  std::map<std::string, std::vector<std::string>> values;
  for (const Container* broker : brokers) {
    for (const PropertyEntry& entry : broker->settings) values[entry.key].push_back(entry.value);
  }
  int id = 0;
  for (const Container* broker : brokers) {
    const std::string own = std::to_string(++id);
    for (const PropertyEntry& entry : broker->settings) {
      const std::vector<std::string>& all = values[entry.key];
      const bool is_same =
          std::count(all.begin(), all.end(), all[0]) == static_cast<std::ptrdiff_t>(brokers.size());
      const bool is_first = id == 1 || !reading.Has(Scope::kBroker, entry.key);
      if (!is_same) {
        reading.Add(Target{Scope::kBroker, own}, entry);
      } else if (is_first) {
        reading.Add(Scope::kBroker, entry);
      }
    }
  }
}

void AddSpring(const Tables& tables, const Entries& entries, const std::string& path,
               FileReading& reading) {
  if (entries.empty()) return;
  FileReading spring = ReadSpring(tables, path, entries);
  for (FileReading::Group& group : spring.found) {
    for (PropertyEntry& entry : group.entries) reading.Add(group.target, std::move(entry));
  }
  for (PropertyEntry& entry : spring.left_out) reading.left_out.push_back(std::move(entry));
  for (ConfigNote& note : spring.notes) reading.notes.push_back(std::move(note));
}

void LeaveOut(const Entries& others, FileReading& reading) {
  reading.left_out.insert(reading.left_out.end(), others.begin(), others.end());
}

}  // namespace

bool IsEnvironment(const Entries& entries) {
  return std::any_of(entries.begin(), entries.end(), [](const PropertyEntry& entry) {
    const std::string_view name = entry.key == kExport ? entry.value : entry.key;
    return IsVariableName(name.substr(0, name.find('='))) &&
           (name.starts_with("KAFKA_") || name.starts_with("SPRING_KAFKA_"));
  });
}

FileReading ReadEnvironment(const Tables& tables, const std::string& path, const Entries& entries) {
  FileReading reading{.format = "the environment of a container"};
  Container container;
  for (const PropertyEntry& entry : entries) Sort(tables, entry, container);
  AddBrokers({&container}, reading);
  AddSpring(tables, container.spring, path, reading);
  LeaveOut(container.others, reading);
  return reading;
}

bool IsCompose(const Entries& entries) {
  return std::any_of(entries.begin(), entries.end(),
                     [](const PropertyEntry& entry) { return PlaceOf(entry).has_value(); });
}

FileReading ReadCompose(const Tables& tables, const std::string& path, const Entries& entries) {
  FileReading reading{.format = "a compose file"};
  const std::vector<Container> containers = ContainersOf(tables, entries);
  std::vector<const Container*> brokers;
  for (const Container& container : containers) {
    if (!container.settings.empty()) brokers.push_back(&container);
  }
  AddBrokers(brokers, reading);
  for (const Container& container : containers) {
    AddSpring(tables, container.spring, path, reading);
    LeaveOut(container.others, reading);
  }
  return reading;
}

}  // namespace kafka_config
