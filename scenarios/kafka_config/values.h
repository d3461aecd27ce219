// scenarios/kafka_config/values.h
//
// The types and ranges of Kafka's settings, checked as Kafka's ConfigDef checks them.
//
// Leaves out:  that a class exists, that a file can be read, that a protocol list is sensible.
#ifndef SCENARIOS_KAFKA_CONFIG_VALUES_H_
#define SCENARIOS_KAFKA_CONFIG_VALUES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kafka_config {

enum class ValueType {
  kBoolean,
  kShort,
  kInt,
  kLong,
  kDouble,
  kString,
  kList,
  kClass,
  kPassword,
};

std::optional<ValueType> ParseValueType(std::string_view text);

// What a value must fulfil beyond its type: the column `valid` of the table.
struct ValueRule {
  enum class Kind { kNone, kRange, kOneOf, kNonEmpty, kListOf, kNonEmptyList };

  Kind kind = Kind::kNone;
  std::string min, max;              // kRange, as text; "" if open
  std::optional<int64_t> or_also;    // kRange: one more value ("or -1")
  std::vector<std::string> choices;  // kOneOf, kListOf
  bool ignores_case = false;
};

// nullopt if the text is no rule that is known here.
std::optional<ValueRule> ParseValueRule(ValueType type, std::string_view text);

// Kafka's objection, without name and value: "Value must be at least 1"; nullopt if it has none.
// `value` is as written; Kafka trims it.
std::optional<std::string> Objection(ValueType type, const ValueRule& rule, std::string_view value);

// The value as the model wants it: trimmed, booleans in lower case, integers without a plus sign,
// lists without blanks.
// Requires that there is no objection.
std::string Canonical(ValueType type, std::string_view value);

// The entries of a LIST.
std::vector<std::string> ListEntries(std::string_view value);

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_VALUES_H_
