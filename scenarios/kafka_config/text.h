// scenarios/kafka_config/text.h
//
// Small functions over text that the configuration reader shares.
#ifndef SCENARIOS_KAFKA_CONFIG_TEXT_H_
#define SCENARIOS_KAFKA_CONFIG_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kafka_config {

// (absl::StrCat does not take a std::string_view in the Abseil of Debian 12.)
template <class... Parts>
std::string Cat(const Parts&... parts) {
  std::string text;
  (text.append(std::string_view(parts)), ...);
  return text;
}

// Without the characters up to U+0020 at both ends, as Java's String.trim().
std::string_view Trim(std::string_view text);
std::vector<std::string_view> Split(std::string_view text, char separator);
std::string Join(const std::vector<std::string>& parts, std::string_view separator);
std::string Lower(std::string_view text);

// A decimal as Java's Long.parseLong reads it: an optional sign, digits, nothing else, no overflow.
std::optional<int64_t> ParseInt64(std::string_view text);

// One character of UTF-8; or one byte that begins none, and then `valid` is false.
struct Character {
  uint32_t code = 0;
  size_t size = 1;  // in bytes
  bool valid = false;
};
// Requires a text that is not empty.
Character FirstCharacter(std::string_view text);
// C0, DEL and C1.
bool IsControl(uint32_t code);
// Where the first byte stands that is no UTF-8; npos if there is none.
size_t FindInvalidUtf8(std::string_view text);

// What could write to a terminal stands as \x1b or \u202e: control characters but those in `kept`,
// characters that turn the direction of a line, and bytes that are no UTF-8.
std::string Escaped(std::string_view text, std::string_view kept);
// The same, and the length bounded, so that a hostile file cannot flood a terminal.
std::string Printable(std::string_view text);

// The number of single-character edits (insert, delete, replace, swap of neighbours) between two
// texts, or `limit + 1` as soon as it is known to be larger. Cost: |a| * |b|.
int EditDistance(std::string_view a, std::string_view b, int limit);

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_TEXT_H_
