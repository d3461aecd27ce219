#include "scenarios/kafka_config/properties.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace kafka_config {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs Read(std::string_view text) {
  Pairs pairs;
  for (const PropertyEntry& entry : ReadProperties(text, "f").entries) {
    pairs.emplace_back(entry.key, entry.value);
  }
  return pairs;
}

struct TextCase {
  std::string what;
  std::string text;
  Pairs entries;
};

// What java.util.Properties makes of it, each line by the letter of its documentation and its code.
std::vector<TextCase> LineCases() {
  return {
      {"nothing", "", {}},
      {"separators",
       "a=1\nb:2\nc 3\nd\t4\ne\f5\n",
       {{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}, {"e", "5"}}},
      {"blanks around the separator",
       "a = 1\nb  :  2\nc \t 3\n",
       {{"a", "1"}, {"b", "2"}, {"c", "3"}}},
      {"only the first separator separates",
       "a==1\nb=:2\nc:=3\nd =  = 4\n",
       {{"a", "=1"}, {"b", ":2"}, {"c", "=3"}, {"d", "= 4"}}},
      {"blanks at the end of a value stay", "a=1 \t\n", {{"a", "1 \t"}}},
      {"leading blanks of a line go", " \t\fa=1\n", {{"a", "1"}}},
      {"no value, no separator", "a\nb=\nc:\n", {{"a", ""}, {"b", ""}, {"c", ""}}},
      {"no name", "=1\n: 2\n", {{"", "1"}, {"", "2"}}},
      {"comments",
       "# a=1\n  ! b=2\na=1 # not a comment\nb=!x\n",
       {{"a", "1 # not a comment"}, {"b", "!x"}}},
      {"a comment does not continue", "# a \\\nb=2\n", {{"b", "2"}}},
      {"continuation", "a=1,\\\n  2,\\\n\t3\nb=4\n", {{"a", "1,2,3"}, {"b", "4"}}},
      {"continued by a line that looks like a comment", "a=1\\\n#2\n", {{"a", "1#2"}}},
      {"continued by an empty line", "a=1\\\n\nb=2\n", {{"a", "1"}, {"b", "2"}}},
      {"an even number of backslashes does not continue",
       "a=1\\\\\nb=2\n",
       {{"a", "1\\"}, {"b", "2"}}},
      {"an odd number does", "a=1\\\\\\\nb=2\n", {{"a", "1\\b=2"}}},
      {"a name continues too", "a\\\n b=1\n", {{"ab", "1"}}},
  };
}

std::vector<TextCase> EscapeCases() {
  using namespace std::string_literals;
  return {
      {"escapes", "a\\=b\\:c\\ d=\\t\\n\\r\\f\\\\\\q\\\"\\#\n", {{"a=b:c d", "\t\n\r\f\\q\"#"}}},
      {"unicode",
       "a=\\u0041\\u00e4\\u20AC\\uD83D\\uDE00\n",
       {{"a", "A\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"}}},
      {"half a surrogate pair",
       "a=\\uD83Dx\nb=\\uDE00\nc=\\uD83D\\u0041\n",
       {{"a", "\xef\xbf\xbdx"},
        {"b", "\xef\xbf\xbd"},
        {"c",
         "\xef\xbf\xbd"
         "A"}}},
      {"u escaped twice is no unicode", "a=\\\\u0041\n", {{"a", "\\u0041"}}},
      {"line ends of Windows and of old Macs",
       "a=1\r\nb=2\rc=3\r\n\r\nd=4\\\r\n  5\r\n",
       {{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "45"}}},
      {"no line end at the end", "a=1", {{"a", "1"}}},
      {"a backslash at the end", "a=1\\", {{"a", "1"}}},
      {"a backslash and a line end at the end", "a=1\\\n", {{"a", "1"}}},
      {"a lone backslash is a line without a name", "\\", {{"", ""}}},
      {"a lone backslash before a comment joins nothing", "\\\n# x\na=1\n", {{"a", "1"}}},
      {"a name twice stands twice", "a=1\na=2\n", {{"a", "1"}, {"a", "2"}}},
      {"a zero byte is a byte", "a=1\0002\n"s, {{"a", "1\0002"s}}},
      {"other bytes are kept", "a=\xe4\xff\n", {{"a", "\xe4\xff"}}},
  };
}

TEST(Properties, ReadsWhatJavaReads) {
  std::vector<TextCase> cases = LineCases();
  for (const TextCase& c : EscapeCases()) cases.push_back(c);
  for (const TextCase& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_EQ(Read(c.text), c.entries);
    EXPECT_THAT(ReadProperties(c.text, "f").errors, testing::IsEmpty());
  }
}

TEST(Properties, MalformedUnicodeIsAnErrorAtItsPlaceAndTheRestIsRead) {
  const PropertiesFile file = ReadProperties("a=1\nb = x\\u12g4\n\\u1=2\nc=\\u\nd=4\n", "p");
  ASSERT_EQ(file.errors.size(), 3u);
  EXPECT_EQ(Describe(file.errors[0].position), "p:2:6");
  EXPECT_EQ(Describe(file.errors[1].position), "p:3:1");
  EXPECT_EQ(Describe(file.errors[2].position), "p:4:3");
  EXPECT_EQ(file.entries.size(), 2u);
}

TEST(Properties, AnEntryKnowsWhereItBegins) {
  const PropertiesFile file = ReadProperties("# x\r\n  a=1,\\\r\n 2\r\n\tb:3\r\n", "p");
  ASSERT_EQ(file.entries.size(), 2u);
  EXPECT_EQ(Describe(file.entries[0].position), "p:2:3");
  EXPECT_EQ(Describe(file.entries[1].position), "p:4:2");
}

// Every byte that could mean something, behind a backslash; a line end cannot be escaped so.
std::string Escape(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '\n':
        escaped += "\\n";
        break;
      case '\r':
        escaped += "\\r";
        break;
      case '\t':
        escaped += "\\t";
        break;
      case '\f':
        escaped += "\\f";
        break;
      case ' ':
      case '\\':
      case '=':
      case ':':
      case '#':
      case '!':
        escaped += '\\';
        [[fallthrough]];
      default:
        escaped += c;
    }
  }
  return escaped;
}

rc::Gen<std::string> AnyText(const std::string& alphabet) {
  return rc::gen::container<std::string>(rc::gen::elementOf(alphabet));
}

TEST(Properties, WhatIsEscapedIsReadBack) {
  EXPECT_TRUE(rc::check("unescaping undoes escaping", [] {
    using namespace std::string_literals;
    const std::string alphabet = "ab1.=:#! \t\n\r\f\\u\0\xe4"s;
    Pairs pairs;
    std::string text;
    for (int i = *rc::gen::inRange(0, 6); i > 0; --i) {
      const std::string key = *AnyText(alphabet);
      const std::string value = *AnyText(alphabet);
      pairs.emplace_back(key, value);
      text += Escape(key) + *rc::gen::element<std::string>("=", ":", " = ", "\t:") + Escape(value) +
              *rc::gen::element<std::string>("\n", "\r\n", "\r", "\n\n  \n", "\n#x\\\n");
    }
    RC_CLASSIFY(pairs.empty(), "vacuous");
    RC_ASSERT(Read(text) == pairs);
  }));
}

// An independent reader, line by line: as slow as it is plain. It refuses nothing and knows no
// \uXXXX. Natural lines first, then logical lines, then key and value.
class SlowReader {
 public:
  Pairs Read(const std::string& text) {
    Pairs pairs;
    std::string logical;
    bool continues = false;
    const std::vector<std::string> lines = NaturalLines(text);
    for (size_t i = 0; i < lines.size(); ++i) {
      std::string line =
          lines[i].substr(std::min(lines[i].find_first_not_of(" \t\f"), lines[i].size()));
      if (logical.empty() && !line.empty() && (line[0] == '#' || line[0] == '!')) {
        continues = false;
        continue;
      }
      if (line.empty() && logical.empty() && !continues) continue;
      const size_t last = line.find_last_not_of('\\');
      const size_t slashes = line.size() - (last == std::string::npos ? 0 : last + 1);
      continues = slashes % 2 == 1;
      if (continues) line.pop_back();
      logical += line;
      if (continues && i + 1 < lines.size()) continue;
      if (!logical.empty()) pairs.push_back(Parse(logical));
      logical.clear();
      continues = false;
    }
    if (!logical.empty()) pairs.push_back(Parse(logical));
    return pairs;
  }

 private:
  static std::vector<std::string> NaturalLines(const std::string& text) {
    std::vector<std::string> lines(1);
    for (size_t i = 0; i < text.size(); ++i) {
      const bool is_pair = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
      if (text[i] == '\n' || text[i] == '\r') {
        lines.emplace_back();
        if (is_pair) ++i;
      } else {
        lines.back() += text[i];
      }
    }
    return lines;
  }

  static std::pair<std::string, std::string> Parse(const std::string& line) {
    size_t end = 0;
    while (end < line.size() && std::string("=: \t\f").find(line[end]) == std::string::npos) {
      end += line[end] == '\\' ? 2 : 1;
    }
    end = std::min(end, line.size());
    size_t begin = std::min(line.find_first_not_of(" \t\f", end), line.size());
    if (begin < line.size() && (line[begin] == '=' || line[begin] == ':')) {
      begin = std::min(line.find_first_not_of(" \t\f", begin + 1), line.size());
    }
    return {Plain(line.substr(0, end)), Plain(line.substr(begin))};
  }

  static std::string Plain(const std::string& text) {
    std::string plain;
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\\' || i + 1 == text.size()) {
        plain += text[i];
        continue;
      }
      const char c = text[++i];
      plain += c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c == 'f' ? '\f' : c;
    }
    return plain;
  }
};

TEST(Properties, AgreesWithAPlainReader) {
  EXPECT_TRUE(rc::check("two readers agree", [] {
    const std::string text = *AnyText("abtnx=: \t\f\\\\\n\n\r#!");
    // The one quirk that the plain reader does not have: an empty line left by a backslash.
    Pairs fast = Read(text);
    std::erase_if(fast, [](const auto& pair) { return pair.first.empty() && pair.second.empty(); });
    Pairs slow = SlowReader().Read(text);
    std::erase_if(slow, [](const auto& pair) { return pair.first.empty() && pair.second.empty(); });
    RC_CLASSIFY(fast.empty(), "vacuous");
    RC_ASSERT(fast == slow);
  }));
}

std::string FromHex(std::string_view hex) {
  std::string text;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    text += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return text;
}

std::string ToHex(std::string_view text) {
  std::string hex;
  for (const char c : text) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned char>(c));
    hex += digits;
  }
  return hex;
}

// 500 random files and what java.util.Properties of OpenJDK 17 read from them.
TEST(Properties, AgreesWithJava) {
  std::ifstream file(FATE_SOURCE_DIR "/tests/scenarios/data/java_properties.tsv");
  std::string line;
  std::getline(file, line);
  int files = 0;
  while (std::getline(file, line)) {
    SCOPED_TRACE(line);
    const size_t tab = line.find('\t');
    ASSERT_NE(tab, std::string::npos);
    const PropertiesFile read = ReadProperties(FromHex(line.substr(0, tab)), "f");
    std::string entries;
    for (const PropertyEntry& entry : read.entries) {
      entries += ToHex(entry.key) + "=" + ToHex(entry.value) + ";";
    }
    if (!read.errors.empty()) entries = "ERR";
    EXPECT_EQ(entries, line.substr(tab + 1));
    ++files;
  }
  EXPECT_EQ(files, 500);
}

TEST(Properties, AnyBytesGiveAResult) {
  EXPECT_TRUE(rc::check("random bytes", [] {
    const auto text = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    const PropertiesFile file = ReadProperties(text, "f");
    for (const PropertyEntry& entry : file.entries) {
      RC_ASSERT(entry.key.size() + entry.value.size() <= 3 * text.size());
    }
  }));
}

TEST(Properties, AHugeLineIsALine) {
  const std::string value(4 << 20, 'x');
  const Pairs pairs = Read("a=" + value);
  ASSERT_EQ(pairs.size(), 1u);
  EXPECT_EQ(pairs[0].second.size(), value.size());
}

TEST(ReadTextFile, SaysWhyAFileCannotBeReadAndLeavesItsNameToTheCaller) {
  EXPECT_EQ(ReadTextFile("/no/such.properties").status().message(), "No such file or directory");
  const std::string folder = std::filesystem::temp_directory_path();
  EXPECT_EQ(ReadTextFile(folder).status().message(), "is a directory, a file is needed");
  EXPECT_THAT(std::string(ReadTextFile("/dev/zero").status().message()),
              testing::StartsWith("is larger than"));
}

}  // namespace
}  // namespace kafka_config
