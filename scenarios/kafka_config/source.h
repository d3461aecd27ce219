// scenarios/kafka_config/source.h
//
// Where settings come from: files, lines of a scenario, --set; and for whom they are meant.
#ifndef SCENARIOS_KAFKA_CONFIG_SOURCE_H_
#define SCENARIOS_KAFKA_CONFIG_SOURCE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/kafka_config/diagnostic.h"
#include "scenarios/kafka_config/tables.h"

namespace kafka_config {

// All of a scope, or one of it: a broker's id, a topic, a producer's or consumer's declared name.
struct Target {
  Scope scope = Scope::kBroker;
  std::string name;  // "" is all

  friend auto operator<=>(const Target&, const Target&) = default;
};

// "producer", "topic/orders".
std::string Describe(const Target& target);
// "producer" or "topic/orders"; nullopt if the scope is none of broker, topic, producer, consumer.
std::optional<Target> ParseTarget(std::string_view text);

// One setting, as somebody gave it.
struct ConfigLine {
  Target target;
  std::string name;
  std::string value;
  Origin origin;
};

// A file and for whom it is meant; without a target that is inferred from the names in it.
struct ConfigFile {
  std::optional<Target> target;
  std::string path;
  std::string text;
};

// A line that sets durability in words that were not taken over.
struct UnclearSetting {
  Target target;        // whose, as far as the name tells
  std::string name;     // the setting of Kafka 4.3 that it is about
  std::string written;  // as it stands there, where it may be shown
  Position position;
};

// What a file, a line or an option became.
struct ConfigLines {
  std::vector<ConfigLine> lines;
  std::vector<Diagnostic> errors;
  std::vector<ConfigNote> notes;
  std::vector<UnclearSetting> unclear;
};

// The argument of --config: "FILE", "producer=FILE", "topic/orders=FILE". The text is not read yet.
ConfigFile ParseConfigArgument(std::string_view argument);

// The lines of a file in any format that formats/ reads, with the scope inferred where nobody says
// it. The first note says what the file was taken for. Of a key given twice the last one stands
// here, and a note says so. A file of which most is not understood is an error.
ConfigLines ReadConfigFile(const Tables& tables, const ConfigFile& file);

// The argument of --set: "acks=all", "producer:acks=all", "broker/1:num.io.threads=4". Without a
// scope the name must belong to one scope alone. At most one line; its value is never in an error.
// `origin` is where the argument stands, for one that a scenario's `set` holds.
ConfigLines ParseSet(const Tables& tables, std::string_view argument,
                     const Origin& origin = {Origin::Kind::kSet, {.file = "--set"}});

// The argument of --set as it may be printed: the value only where the model acts on the setting.
std::string ShownSet(const Tables& tables, std::string_view argument);

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_SOURCE_H_
