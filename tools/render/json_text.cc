#include "tools/render/json_text.h"

#include <cstdio>

namespace render {
namespace {

// Length of the well-formed UTF-8 sequence at the front, 0 if there is none.
size_t SequenceLength(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const size_t length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (length == 0 || lead > 0xf4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  if (lead == 0xe0 && byte(1) < 0xa0) return 0;  // longer than it need be
  if (lead == 0xed && byte(1) > 0x9f) return 0;  // half of a surrogate pair
  if (lead == 0xf0 && byte(1) < 0x90) return 0;
  if (lead == 0xf4 && byte(1) > 0x8f) return 0;
  return length;
}

}  // namespace

std::string JsonString(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const size_t length = SequenceLength(text);
    const auto first = static_cast<unsigned char>(text.front());
    if (length == 0 || first < 0x20 || first == 0x7f) {
      char escaped[8];
      std::snprintf(escaped, sizeof(escaped), "\\u%04x", length == 0 ? 0xfffdu : first);
      out += escaped;
    } else {
      if (first == '"' || first == '\\') out.push_back('\\');
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out + "\"";
}

void JsonObject::Raw(std::string_view name, std::string_view value) {
  if (!fields_.empty()) fields_ += ",";
  fields_ += JsonString(name) + ":";
  fields_ += value;
}

void JsonObject::Add(std::string_view name, const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ",") + JsonString(text);
  Raw(name, "[" + list + "]");
}

}  // namespace render
