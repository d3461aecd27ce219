// scenarios/kafka_config/diagnostic.h
//
// What configuration says about itself: where a value comes from, what is wrong, what was ignored.
//
// Invariants:  no value of a setting stands in a Diagnostic or a ConfigNote unless the model acts
//              on that setting (Shown in config_tables.h): files hold passwords.
#ifndef SCENARIOS_KAFKA_CONFIG_DIAGNOSTIC_H_
#define SCENARIOS_KAFKA_CONFIG_DIAGNOSTIC_H_

#include <string>
#include <vector>

namespace kafka_config {

// A place in a text; lines and columns (bytes) count from 1, and 0 means "not known".
struct Position {
  std::string file;
  int line = 0;
  int column = 0;

  friend bool operator==(const Position&, const Position&) = default;
};

// Where an effective value comes from.
struct Origin {
  enum class Kind {
    kDefault,   // of Kafka 4.3
    kAssumed,   // nobody said it and Kafka's own default would make no sense; printed as assumed
    kFile,      // a file of the user's
    kScenario,  // a config line of the scenario
    kSet,       // --set
    kAdjusted,  // changed by the client or the broker at its start, as Kafka does; there is a note
  };

  Kind kind = Kind::kDefault;
  Position position;

  friend bool operator==(const Origin&, const Origin&) = default;
};

// An error of the user's input: exit code 4.
struct Diagnostic {
  Position position;
  std::string field;       // the setting, as written, where it may be shown
  std::string value;       // "" or what may be shown of it
  std::string message;     // Kafka's words where Kafka has some
  std::string suggestion;  // "" or what was probably meant

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

// What was done without being asked, and must be said.
struct ConfigNote {
  enum class Kind {
    kRead,         // what a file was taken for, and what of it was taken over
    kDisplaced,    // a line of the scenario gave way to a file
    kIgnored,      // a name of another version, of another part, or of nobody
    kNotCopied,    // belongs to one host (node.id, listeners, ...)
    kDuplicate,    // given twice
    kSwitchedOff,  // what Kafka silently switches off
    kAdjusted,     // what Kafka silently changes
    kWarning,      // accepted by Kafka, and probably not what is wanted
  };

  Kind kind = Kind::kIgnored;
  Position position;
  std::string text;  // a sentence without the position

  friend bool operator==(const ConfigNote&, const ConfigNote&) = default;
};

// "server.properties:3:1", "--set", "" for an empty position.
std::string Describe(const Position& position);
// "default", "assumed", "server.properties:3:1", "--set", "adjusted at start".
std::string Describe(const Origin& origin);
// "producer.properties:3:1: error: acks=2: String must be one of: all, -1, 0, 1".
std::string Describe(const Diagnostic& diagnostic);
// "server.properties:9:1: listeners ..."
std::string Describe(const ConfigNote& note);
// One line each, with a final line end.
std::string Describe(const std::vector<Diagnostic>& diagnostics);

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_DIAGNOSTIC_H_
