// scenarios/kafka_config/formats/reading.h
//
// What the reader of one format found in a file: settings by Kafka's names, for whom they are, and
// what it left out.
#ifndef SCENARIOS_KAFKA_CONFIG_FORMATS_READING_H_
#define SCENARIOS_KAFKA_CONFIG_FORMATS_READING_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/kafka_config/properties.h"
#include "scenarios/kafka_config/source.h"

namespace kafka_config {

using Entries = std::vector<PropertyEntry>;

struct FileReading {
  struct Group {
    std::optional<Target> target;  // nullopt: the file does not say whose they are
    Entries entries;
  };

  std::string format;        // "a Spring Boot application file"
  std::vector<Group> found;  // at most one group a target
  Entries left_out;          // of others, by the names that the file has
  std::vector<ConfigNote> notes;
  std::vector<Diagnostic> errors;

  void Add(const std::optional<Target>& target, PropertyEntry entry);
  void Add(Scope scope, PropertyEntry entry) { Add(Target{scope, ""}, std::move(entry)); }
  bool Has(const Target& target) const;
  bool Has(Scope scope, std::string_view name) const;
};

// Names that a reader changed into Kafka's; said once a file.
class Translations {
 public:
  // `written` became `name`; nothing is noted if they are the same.
  void Add(const PropertyEntry& written, std::string_view name);
  // "translated: request.required.acks (line 3) is acks, ...", if there is anything to say.
  void Say(std::string_view file, FileReading& reading) const;

 private:
  std::vector<std::string> said_;
};

// True if Kafka 4.3 or an earlier Kafka knows the name in this scope.
bool IsOfKafka(const Tables& tables, Scope scope, std::string_view name);
// True if librdkafka knows the name and Kafka 4.3 does not know it in that scope.
bool IsOfLibrdkafkaAlone(const Tables& tables, Scope scope, std::string_view name);

// A file whose format is recognised and not read: an error that names it.
FileReading NotRead(const std::string& path, std::string format, std::string advice);

// "enable.auto.commit (line 4), ...": names of a file, those that may be shown, at most a dozen.
std::string NamesAndLines(const Tables& tables, const Entries& entries);

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_FORMATS_READING_H_
