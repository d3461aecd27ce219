#include "scenarios/kafka_config/properties.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "scenarios/kafka_config/text.h"

namespace kafka_config {
namespace {

constexpr size_t kFileBytesMax = size_t{8} << 20;

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\f'; }
bool IsLineEnd(char c) { return c == '\n' || c == '\r'; }

// One byte of a logical line, with its place in the file.
struct Byte {
  char c;
  int line;
  int column;
};

// Cuts a text into logical lines: comments and blank lines gone, continuations joined. It mirrors
// the state machine of java.util.Properties, with its quirks: a line of a lone backslash is
// joined to a following comment line, which is then still a comment.
class LogicalLines {
 public:
  explicit LogicalLines(std::string_view text) : text_(text) {}

  // False at the end of the text.
  bool Next(std::vector<Byte>& line) {
    line.clear();
    Reset();
    while (at_ < text_.size()) {
      const Byte byte = Take();
      if (skips_blanks_ && SkipsBlank(byte.c)) continue;
      if (line.empty() && (byte.c == '#' || byte.c == '!')) {
        SkipComment();
        continue;
      }
      if (!IsLineEnd(byte.c)) {
        line.push_back(byte);
        ends_in_backslash_ = byte.c == '\\' && !ends_in_backslash_;
        continue;
      }
      if (EndsLogicalLine(byte.c, line)) return true;
    }
    return EndOfText(line);
  }

 private:
  void Reset() {
    skips_blanks_ = true;
    continues_ = false;
    ends_in_backslash_ = false;
  }

  // Of \r\n, the \n is swallowed with the \r: for the reader both are one line end.
  Byte Take() {
    const Byte byte{text_[at_++], line_, column_++};
    if (!IsLineEnd(byte.c)) return byte;
    if (byte.c == '\r' && at_ < text_.size() && text_[at_] == '\n') ++at_;
    ++line_;
    column_ = 1;
    return byte;
  }

  bool SkipsBlank(char c) {
    if (IsSpace(c)) return true;
    if (!continues_ && IsLineEnd(c)) return true;
    skips_blanks_ = false;
    continues_ = false;
    return false;
  }

  void SkipComment() {
    while (at_ < text_.size() && !IsLineEnd(Take().c)) {
    }
    skips_blanks_ = true;
  }

  // At a line end: true if the logical line ends here too. (A backslash and \n that end the text
  // leave a line, even an empty one: Java looks for more text before it asks what it has.)
  bool EndsLogicalLine(char end, std::vector<Byte>& line) {
    if (line.empty()) {
      skips_blanks_ = true;
      return false;
    }
    if (!ends_in_backslash_) return true;
    line.pop_back();
    ends_in_backslash_ = false;
    skips_blanks_ = true;
    continues_ = true;
    return at_ == text_.size() && text_.back() == end;
  }

  // A backslash as the last byte of the text is dropped, and what it leaves is a line, even empty.
  bool EndOfText(std::vector<Byte>& line) {
    if (line.empty()) return false;
    if (ends_in_backslash_) line.pop_back();
    return true;
  }

  std::string_view text_;
  size_t at_ = 0;
  int line_ = 1;
  int column_ = 1;
  bool skips_blanks_ = true;
  bool continues_ = false;  // the bytes to come continue a line that ended in a backslash
  bool ends_in_backslash_ = false;
};

std::optional<uint32_t> Hex(const std::vector<Byte>& line, size_t from, size_t to) {
  if (from + 4 > to) return std::nullopt;
  uint32_t value = 0;
  for (size_t i = from; i < from + 4; ++i) {
    const char c = line[i].c;
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return std::nullopt;
    value = value * 16 + static_cast<uint32_t>(digit);
  }
  return value;
}

void AppendUtf8(uint32_t c, std::string& text) {
  const auto tail = [&](int shift) { text += static_cast<char>(0x80 | ((c >> shift) & 0x3f)); };
  if (c < 0x80) {
    text += static_cast<char>(c);
  } else if (c < 0x800) {
    text += static_cast<char>(0xc0 | (c >> 6));
    tail(0);
  } else if (c < 0x10000) {
    text += static_cast<char>(0xe0 | (c >> 12));
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xf0 | (c >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

bool IsHighSurrogate(uint32_t c) { return c >= 0xd800 && c < 0xdc00; }
bool IsLowSurrogate(uint32_t c) { return c >= 0xdc00 && c < 0xe000; }

struct Unescaped {
  std::string text;
  std::optional<size_t> malformed_at;  // index of the backslash of a malformed \u
};

// The code unit after `\u` at `at`, joined with a second one if both are a surrogate pair; a lone
// surrogate, which UTF-8 cannot say, becomes U+FFFD. Moves `at` behind what it took.
std::optional<uint32_t> TakeUnicode(const std::vector<Byte>& line, size_t to, size_t& at) {
  const std::optional<uint32_t> first = Hex(line, at + 2, to);
  if (!first) return std::nullopt;
  at += 6;
  if (IsLowSurrogate(*first)) return 0xfffd;
  if (!IsHighSurrogate(*first)) return first;
  const bool is_followed = at + 1 < to && line[at].c == '\\' && line[at + 1].c == 'u';
  const std::optional<uint32_t> second = is_followed ? Hex(line, at + 2, to) : std::nullopt;
  if (!second || !IsLowSurrogate(*second)) return 0xfffd;
  at += 6;
  return 0x10000 + ((*first - 0xd800) << 10) + (*second - 0xdc00);
}

char Escaped(char c) {
  if (c == 't') return '\t';
  if (c == 'n') return '\n';
  if (c == 'r') return '\r';
  return c == 'f' ? '\f' : c;
}

Unescaped Unescape(const std::vector<Byte>& line, size_t from, size_t to) {
  Unescaped result;
  for (size_t at = from; at < to;) {
    if (line[at].c != '\\' || at + 1 == to) {
      result.text += line[at++].c;
      continue;
    }
    if (line[at + 1].c != 'u') {
      result.text += Escaped(line[at + 1].c);
      at += 2;
      continue;
    }
    const size_t backslash = at;
    const std::optional<uint32_t> c = TakeUnicode(line, to, at);
    if (!c) {
      result.malformed_at = backslash;
      return result;
    }
    AppendUtf8(*c, result.text);
  }
  return result;
}

// Where the key ends and the value begins, as indices of a logical line.
struct Cut {
  size_t key_end = 0;
  size_t value_begin = 0;
};

Cut CutLine(const std::vector<Byte>& line) {
  Cut cut{.key_end = 0, .value_begin = line.size()};
  bool has_separator = false;
  bool is_escaped = false;
  for (; cut.key_end < line.size(); ++cut.key_end) {
    const char c = line[cut.key_end].c;
    const bool is_separator = c == '=' || c == ':';
    if ((is_separator || IsSpace(c)) && !is_escaped) {
      has_separator = is_separator;
      cut.value_begin = cut.key_end + 1;
      break;
    }
    is_escaped = c == '\\' && !is_escaped;
  }
  for (; cut.value_begin < line.size(); ++cut.value_begin) {
    const char c = line[cut.value_begin].c;
    if (IsSpace(c)) continue;
    if (has_separator || (c != '=' && c != ':')) break;
    has_separator = true;
  }
  return cut;
}

Position PositionOf(const std::vector<Byte>& line, size_t index, std::string_view file_name) {
  if (line.empty()) return {.file = std::string(file_name)};
  const Byte& byte = line[index < line.size() ? index : line.size() - 1];
  return {.file = std::string(file_name), .line = byte.line, .column = byte.column};
}

void ReadLine(const std::vector<Byte>& line, std::string_view file_name, PropertiesFile& file) {
  const Cut cut = CutLine(line);
  Unescaped key = Unescape(line, 0, cut.key_end);
  Unescaped value = Unescape(line, cut.value_begin, line.size());
  const auto malformed = key.malformed_at ? key.malformed_at : value.malformed_at;
  if (malformed) {
    file.errors.push_back(
        {.position = PositionOf(line, *malformed, file_name),
         .message = "Malformed \\uxxxx encoding: four hexadecimal digits must follow \\u"});
    return;
  }
  file.entries.push_back({.key = std::move(key.text),
                          .value = std::move(value.text),
                          .position = PositionOf(line, 0, file_name)});
}

}  // namespace

PropertiesFile ReadProperties(std::string_view text, std::string_view file_name) {
  PropertiesFile file;
  LogicalLines lines(text);
  std::vector<Byte> line;
  while (lines.Next(line)) ReadLine(line, file_name, file);
  return file;
}

absl::StatusOr<std::string> ReadTextFile(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) {
    return absl::NotFoundError(std::strerror(errno));
  }
  if (S_ISDIR(info.st_mode)) {
    return absl::InvalidArgumentError("is a directory, a file is needed");
  }
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  if (file == nullptr) return absl::PermissionDeniedError(std::strerror(errno));
  std::string text;
  char buffer[1 << 14];
  while (const size_t count = std::fread(buffer, 1, sizeof buffer, file.get())) {
    text.append(buffer, count);
    if (text.size() > kFileBytesMax) {
      return absl::OutOfRangeError(Cat("is larger than ", std::to_string(kFileBytesMax), " bytes"));
    }
  }
  if (std::ferror(file.get())) return absl::DataLossError("cannot be read");
  return text;
}

}  // namespace kafka_config
