#include "scenarios/kafka_config/values.h"

#include <algorithm>
#include <limits>

#include "absl/strings/numbers.h"
#include "scenarios/kafka_config/text.h"

namespace kafka_config {
namespace {

using Objected = std::optional<std::string>;

bool IsInteger(ValueType type) {
  return type == ValueType::kShort || type == ValueType::kInt || type == ValueType::kLong;
}

bool IsNumber(ValueType type) { return IsInteger(type) || type == ValueType::kDouble; }

std::string_view TypeName(ValueType type) {
  if (type == ValueType::kShort) return "SHORT";
  if (type == ValueType::kInt) return "INT";
  return type == ValueType::kLong ? "LONG" : "DOUBLE";
}

bool FitsInteger(ValueType type, int64_t value) {
  if (type == ValueType::kShort) return value == static_cast<int16_t>(value);
  if (type == ValueType::kInt) return value == static_cast<int32_t>(value);
  return true;
}

// Java's Double.parseDouble also takes a type suffix, and writes infinity in one way only.
std::optional<double> ParseDouble(std::string_view text) {
  const bool has_suffix =
      text.size() > 1 && std::string_view("fFdD").find(text.back()) != std::string_view::npos;
  const std::string lower = Lower(text);
  const bool is_word = lower.find("inf") != std::string::npos || lower == "nan";
  if (is_word && text != "NaN" && text != "Infinity" && text != "-Infinity") return std::nullopt;
  if (has_suffix && !is_word) text.remove_suffix(1);
  double value = 0;
  if (!absl::SimpleAtod(absl::string_view(text.data(), text.size()), &value)) return std::nullopt;
  return value;
}

// The order of two numbers of one type; both parse.
int Compare(ValueType type, std::string_view a, std::string_view b) {
  if (IsInteger(type)) {
    const int64_t left = *ParseInt64(a);
    const int64_t right = *ParseInt64(b);
    return left < right ? -1 : left > right ? 1 : 0;
  }
  const double left = *ParseDouble(a);
  const double right = *ParseDouble(b);
  if (left != left) return 0;  // NaN passes every range, in Kafka too
  return left < right ? -1 : left > right ? 1 : 0;
}

Objected TypeObjection(ValueType type, std::string_view value) {
  if (type == ValueType::kBoolean) {
    const std::string lower = Lower(value);
    if (lower == "true" || lower == "false") return std::nullopt;
    return "Expected value to be either true or false";
  }
  if (IsInteger(type)) {
    const std::optional<int64_t> number = ParseInt64(value);
    if (number && FitsInteger(type, *number)) return std::nullopt;
    return Cat("Not a number of type ", TypeName(type));
  }
  if (type == ValueType::kDouble && !ParseDouble(value)) return "Not a number of type DOUBLE";
  return std::nullopt;
}

Objected RangeObjection(ValueType type, const ValueRule& rule, std::string_view value) {
  if (rule.or_also && Compare(type, value, std::to_string(*rule.or_also)) == 0) return std::nullopt;
  const bool is_low = !rule.min.empty() && Compare(type, value, rule.min) < 0;
  const bool is_high = !rule.max.empty() && Compare(type, value, rule.max) > 0;
  if (!is_low && !is_high) return std::nullopt;
  if (rule.or_also) {
    return Cat("Value must be between ", rule.min, " and ", rule.max, " or equal to ",
               std::to_string(*rule.or_also));
  }
  if (is_low) return Cat("Value must be at least ", rule.min);
  return Cat("Value must be no more than ", rule.max);
}

bool IsChoice(const ValueRule& rule, std::string_view value) {
  return std::any_of(rule.choices.begin(), rule.choices.end(), [&](const std::string& choice) {
    return rule.ignores_case ? Lower(choice) == Lower(value) : choice == value;
  });
}

// by_duration takes an ISO-8601 duration, of which only the form is looked at.
bool IsDurationChoice(const ValueRule& rule, std::string_view value) {
  constexpr std::string_view kPrefix = "by_duration:P";
  const bool is_offered =
      std::any_of(rule.choices.begin(), rule.choices.end(),
                  [](const std::string& choice) { return choice.starts_with("by_duration:"); });
  if (!is_offered || !Lower(value).starts_with("by_duration:p")) return false;
  return value.size() > kPrefix.size() &&
         value.substr(kPrefix.size()).find_first_not_of("0123456789DTHMS.dthms") ==
             std::string_view::npos;
}

Objected ChoiceObjection(const ValueRule& rule, std::string_view value) {
  if (IsChoice(rule, value) || IsDurationChoice(rule, value)) return std::nullopt;
  return Cat("String must be one of", rule.ignores_case ? " (case insensitive)" : "", ": ",
             Join(rule.choices, ", "));
}

Objected ListObjection(const ValueRule& rule, std::string_view value) {
  const std::vector<std::string> entries = ListEntries(value);
  if (rule.kind == ValueRule::Kind::kNonEmptyList) {
    return entries.empty() ? Objected("List must not be empty") : std::nullopt;
  }
  for (const std::string& entry : entries) {
    if (!IsChoice(rule, entry)) return Cat("String must be one of: ", Join(rule.choices, ", "));
  }
  return std::nullopt;
}

// "[a, b, c]" without its brackets, split.
std::vector<std::string> Choices(std::string_view bracketed) {
  return ListEntries(bracketed.substr(1, bracketed.size() - 2));
}

// "[1,...]", "[0,...,3600]", "[1,...,9] or -1".
std::optional<ValueRule> ParseRange(ValueType type, std::string_view text) {
  ValueRule rule{.kind = ValueRule::Kind::kRange};
  const size_t close = text.find(']');
  const std::string_view rest = text.substr(close + 1);
  if (!rest.empty()) {
    if (!rest.starts_with(" or ")) return std::nullopt;
    rule.or_also = ParseInt64(rest.substr(4));
    if (!rule.or_also) return std::nullopt;
  }
  const std::vector<std::string_view> parts = Split(text.substr(1, close - 1), ',');
  if (parts.size() < 2 || parts.size() > 3 || parts[1] != "...") return std::nullopt;
  rule.min = parts[0];
  if (parts.size() == 3) rule.max = parts[2];
  if (TypeObjection(type, rule.min)) return std::nullopt;
  if (!rule.max.empty() && TypeObjection(type, rule.max)) return std::nullopt;
  return rule;
}

}  // namespace

std::optional<ValueType> ParseValueType(std::string_view text) {
  constexpr std::string_view kNames[] = {"BOOLEAN", "SHORT", "INT",   "LONG",    "DOUBLE",
                                         "STRING",  "LIST",  "CLASS", "PASSWORD"};
  for (size_t i = 0; i < std::size(kNames); ++i) {
    if (kNames[i] == text) return static_cast<ValueType>(i);
  }
  return std::nullopt;
}

std::optional<ValueRule> ParseValueRule(ValueType type, std::string_view text) {
  constexpr std::string_view kCaseless = "(case insensitive) ";
  if (text.empty() || text == "non-null string") return ValueRule{};
  if (text == "non-empty string") return ValueRule{.kind = ValueRule::Kind::kNonEmpty};
  if (text == "non-empty list") return ValueRule{.kind = ValueRule::Kind::kNonEmptyList};
  // Throttled replicas: pairs of ids, which nothing here acts on.
  if (text.starts_with("[partitionId]")) return ValueRule{};
  if (IsNumber(type) && text[0] == '[') return ParseRange(type, text);
  ValueRule rule;
  rule.ignores_case = text.starts_with(kCaseless);
  if (rule.ignores_case) text.remove_prefix(kCaseless.size());
  if (!text.starts_with('[') || !text.ends_with(']')) return std::nullopt;
  rule.kind = type == ValueType::kList ? ValueRule::Kind::kListOf : ValueRule::Kind::kOneOf;
  rule.choices = Choices(text);
  return rule;
}

std::optional<std::string> Objection(ValueType type, const ValueRule& rule,
                                     std::string_view value) {
  value = Trim(value);
  if (Objected objection = TypeObjection(type, value)) return objection;
  switch (rule.kind) {
    case ValueRule::Kind::kNone:
      return std::nullopt;
    case ValueRule::Kind::kRange:
      return RangeObjection(type, rule, value);
    case ValueRule::Kind::kOneOf:
      return ChoiceObjection(rule, value);
    case ValueRule::Kind::kNonEmpty:
      return value.empty() ? Objected("String must be non-empty") : std::nullopt;
    case ValueRule::Kind::kListOf:
    case ValueRule::Kind::kNonEmptyList:
      return ListObjection(rule, value);
  }
  return std::nullopt;
}

std::string Canonical(ValueType type, std::string_view value) {
  value = Trim(value);
  if (type == ValueType::kBoolean) return Lower(value);
  if (IsInteger(type)) return std::to_string(ParseInt64(value).value_or(0));
  if (type == ValueType::kList) return Join(ListEntries(value), ",");
  return std::string(value);
}

std::vector<std::string> ListEntries(std::string_view value) {
  std::vector<std::string> entries;
  value = Trim(value);
  if (value.empty()) return entries;
  for (const std::string_view entry : Split(value, ',')) entries.emplace_back(Trim(entry));
  return entries;
}

}  // namespace kafka_config
