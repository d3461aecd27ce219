#include "tools/render/style.h"

#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace render {
namespace {

const char* CodeOf(Tone tone) {
  switch (tone) {
    case Tone::kPlain:
      return "";
    case Tone::kGood:
      return "\033[32m";
    case Tone::kBad:
      return "\033[31m";
    case Tone::kWarn:
      return "\033[33m";
    case Tone::kDim:
      return "\033[2m";
    case Tone::kBold:
      return "\033[1m";
  }
  return "";
}

bool IsUtf8Locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string_view text(value);
    return text.find("UTF-8") != text.npos || text.find("utf8") != text.npos ||
           text.find("UTF8") != text.npos || text.find("utf-8") != text.npos;
  }
  return true;  // nothing said: today's terminals are UTF-8
}

}  // namespace

std::string Style::Paint(Tone tone, std::string_view text) const {
  if (!color || tone == Tone::kPlain) return std::string(text);
  return std::string(CodeOf(tone)) + std::string(text) + "\033[0m";
}

Style MakeStyle(ColorChoice color, bool ascii, int stream_fd) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool unwanted = (no_color != nullptr && *no_color != '\0') ||
                        (term != nullptr && std::string_view(term) == "dumb");
  Style style;
  style.color = color == ColorChoice::kAlways ||
                (color == ColorChoice::kAuto && !unwanted && isatty(stream_fd) == 1);
  style.ascii = ascii || !IsUtf8Locale();
  return style;
}

std::string Grouped(uint64_t number) {
  std::string digits = std::to_string(number);
  for (size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ' ');
  return digits;
}

size_t Columns(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

std::string PadRight(std::string_view text, size_t width) {
  std::string padded(text);
  const size_t columns = Columns(text);
  if (columns < width) padded.append(width - columns, ' ');
  return padded;
}

std::string PadLeft(std::string_view text, size_t width) {
  const size_t columns = Columns(text);
  return columns < width ? std::string(width - columns, ' ') + std::string(text)
                         : std::string(text);
}

std::string Wrapped(const std::string& text, const std::string& indent, size_t width) {
  std::string out;
  std::string line;
  size_t at = 0;
  while (at < text.size()) {
    size_t end = text.find(' ', at);
    if (end == std::string::npos) end = text.size();
    const std::string word = text.substr(at, end - at);
    if (!line.empty() && Columns(indent) + Columns(line) + 1 + Columns(word) > width) {
      out += indent + line + "\n";
      line.clear();
    }
    if (!line.empty()) line += " ";
    line += word;
    at = end + 1;
  }
  return line.empty() ? out : out + indent + line + "\n";
}

}  // namespace render
