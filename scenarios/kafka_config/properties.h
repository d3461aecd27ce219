// scenarios/kafka_config/properties.h
//
// A Java properties file, read byte for byte as java.util.Properties reads it, with positions.
//
// Models:      # and ! comments; '=', ':' or blanks as separator; continuation lines; \t \n \f \r
//              \uXXXX, and a backslash before any other character dropped; \n, \r and \r\n ends.
// Leaves out:  Latin-1: Java takes each byte for a character, here bytes are kept as they are and
//              \uXXXX becomes UTF-8, so that a UTF-8 file stays readable.
#ifndef SCENARIOS_KAFKA_CONFIG_PROPERTIES_H_
#define SCENARIOS_KAFKA_CONFIG_PROPERTIES_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "scenarios/kafka_config/diagnostic.h"

namespace kafka_config {

// One `key=value`, unescaped. The position is that of the key's first character.
struct PropertyEntry {
  std::string key;
  std::string value;
  Position position;
};

struct PropertiesFile {
  std::vector<PropertyEntry> entries;  // in the order of the file; a key may stand here twice
  std::vector<Diagnostic> errors;      // malformed \u escapes; such an entry is left out
};

// Never fails as a whole: what is wrong stands in `errors`, without values.
PropertiesFile ReadProperties(std::string_view text, std::string_view file_name);

// The bytes of a file, or what is wrong with it, without its name: "is a directory, a file is needed".
absl::StatusOr<std::string> ReadTextFile(const std::string& path);

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_PROPERTIES_H_
