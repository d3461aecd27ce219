#include "scenarios/kafka_config/text.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace kafka_config {
namespace {

constexpr size_t kPrintedMax = 200;

bool IsBlank(char c) { return static_cast<unsigned char>(c) <= 0x20; }

}  // namespace

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string Join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (size_t i = 0; i < parts.size(); ++i) text += i == 0 ? parts[i] : Cat(separator, parts[i]);
  return text;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::optional<int64_t> ParseInt64(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

Character FirstCharacter(std::string_view text) {
  constexpr Character kInvalid{.code = 0, .size = 1, .valid = false};
  const auto lead = static_cast<uint8_t>(text[0]);
  if (lead < 0x80) return {.code = lead, .size = 1, .valid = true};
  const size_t size = lead >= 0xc2 && lead <= 0xdf   ? 2
                      : (lead & 0xf0) == 0xe0        ? 3
                      : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                     : 0;
  if (size == 0 || size > text.size()) return kInvalid;
  uint32_t code = lead & (0xffu >> (size + 1));
  for (size_t k = 1; k < size; ++k) {
    const auto byte = static_cast<uint8_t>(text[k]);
    if ((byte & 0xc0) != 0x80) return kInvalid;
    code = (code << 6) | (byte & 0x3f);
  }
  const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (overlong || surrogate || code > 0x10ffff) return kInvalid;
  return {.code = code, .size = size, .valid = true};
}

bool IsControl(uint32_t code) { return code < 0x20 || (code >= 0x7f && code < 0xa0); }

// Marks and brackets of direction, and the two separators that begin a new line.
bool IsDirection(uint32_t code) {
  return code == 0x61c || code == 0x200e || code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

size_t FindInvalidUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const Character c = FirstCharacter(text.substr(i));
    if (!c.valid) return i;
    i += c.size;
  }
  return std::string_view::npos;
}

std::string Escaped(std::string_view text, std::string_view kept) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string shown;
  while (!text.empty()) {
    const Character c = FirstCharacter(text);
    if (!c.valid || c.code < 0x80) {
      const auto byte = static_cast<uint8_t>(text[0]);
      if (c.valid && (!IsControl(byte) || kept.find(text[0]) != kept.npos)) {
        shown += text[0];
      } else {
        shown += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
      }
    } else if (IsControl(c.code) || IsDirection(c.code)) {
      shown += {'\\',
                'u',
                kHex[c.code >> 12],
                kHex[(c.code >> 8) & 15],
                kHex[(c.code >> 4) & 15],
                kHex[c.code & 15]};
    } else {
      shown += text.substr(0, c.size);
    }
    text.remove_prefix(c.size);
  }
  return shown;
}

std::string Printable(std::string_view text) {
  if (text.size() <= kPrintedMax) return Escaped(text, "");
  size_t end = 0;  // no character is cut in two
  while (end < kPrintedMax) end += FirstCharacter(text.substr(end)).size;
  return Escaped(text.substr(0, end), "") + "...";
}

int EditDistance(std::string_view a, std::string_view b, int limit) {
  const auto size_a = static_cast<int>(a.size());
  const auto size_b = static_cast<int>(b.size());
  if (std::abs(size_a - size_b) > limit) return limit + 1;
  std::vector<int> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (int j = 0; j <= size_b; ++j) above[j] = j;
  for (int i = 1; i <= size_a; ++i) {
    row[0] = i;
    for (int j = 1; j <= size_b; ++j) {
      const int replace = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replace, above[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    if (*std::min_element(row.begin(), row.end()) > limit) return limit + 1;
    std::swap(before, above);
    std::swap(above, row);
  }
  return std::min(above[size_b], limit + 1);
}

}  // namespace kafka_config
