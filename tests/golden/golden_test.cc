// Golden traces: each file here is a command, `----`, and exactly what it prints.
//
// FATE_REWRITE=1 writes what is printed now into the files (`--rewrite`, as an argument of the test
// program, does the same); the difference is then reviewed like code.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace {

namespace fs = std::filesystem;
using testing_support::ReadFile;

constexpr char kSeparator[] = "\n----\n";
constexpr size_t kLinesMax = 80;  // a trace that nobody reads proves nothing

bool MustRewrite() {
  const auto arguments = testing::internal::GetArgvs();
  return std::getenv("FATE_REWRITE") != nullptr ||
         std::find(arguments.begin(), arguments.end(), "--rewrite") != arguments.end();
}

struct Golden {
  std::string head;  // comments and the command, as they stand in the file
  std::vector<std::string> words;
  std::string expected;
};

Golden Read(const fs::path& path) {
  const std::string text = ReadFile(path);
  const size_t at = text.find(kSeparator);
  Golden golden;
  golden.head = at == std::string::npos ? text : text.substr(0, at);
  if (at != std::string::npos) golden.expected = text.substr(at + std::size(kSeparator) - 1);
  while (!golden.head.empty() && golden.head.back() == '\n') golden.head.pop_back();
  std::istringstream lines(golden.head);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    for (std::string word; words >> word;) golden.words.push_back(word);
  }
  return golden;
}

// In a place of its own, so that fate-out/ is nobody's; paths are those of the tree.
std::string RunWords(const std::vector<std::string>& words) {
  const testing_support::TemporaryDirectory temporary;
  std::vector<std::string> all = words;
  all.insert(all.end(), {"-o", (temporary.path() / "out").string()});
  const auto result = testing_support::RunProgram(
      FATE_BINARY, all, {.directory = FATE_SOURCE_DIR, .environment = {{"FATE_SEED", ""}}});
  std::string text = result.out;
  // The name that it was called by is the place of this build.
  for (size_t at = 0; (at = text.find(FATE_BINARY, at)) != std::string::npos;) {
    text.replace(at, std::string_view(FATE_BINARY).size(), "fate");
  }
  return text + "exit " + std::to_string(result.exit_code) + "\n";
}

class GoldenTrace : public testing::TestWithParam<std::string> {};

TEST_P(GoldenTrace, IsWhatTheFileSays) {
  const fs::path path = fs::path(FATE_SOURCE_DIR) / "tests" / "golden" / (GetParam() + ".txt");
  const Golden golden = Read(path);
  ASSERT_FALSE(golden.words.empty()) << path << " names no command";
  const std::string now = RunWords(golden.words);
  if (MustRewrite()) {
    testing_support::WriteFile(path, golden.head + kSeparator + now);
    return;
  }
  EXPECT_EQ(golden.expected, now) << "FATE_REWRITE=1 writes the second; review it like code";
  EXPECT_LE(std::count(now.begin(), now.end(), '\n'), static_cast<long>(kLinesMax));
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(fs::path(FATE_SOURCE_DIR) / "tests/golden")) {
    if (entry.path().extension() == ".txt") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Files, GoldenTrace, testing::ValuesIn(Names()),
                         [](const auto& file) { return file.param; });

// "0.100 000 000  producer/shop  sent" and the same with other gaps are one line.
std::string Squeezed(const std::string& line) {
  std::istringstream words(line);
  std::string all;
  for (std::string word; words >> word;) all += (all.empty() ? "" : " ") + word;
  return all;
}

// The lines of the first block of code below a heading, without the remarks behind a #.
std::vector<std::string> CodeUnder(const std::string& heading, const std::string& text) {
  std::istringstream lines(text.substr(text.find(heading)));
  std::vector<std::string> code;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == "```") {
      if (inside) break;
      inside = true;
    } else if (inside) {
      code.push_back(Squeezed(line.substr(0, line.find(" # "))));
    }
  }
  return code;
}

TEST(Architecture, TheLifeOfOneRecordIsARealTrace) {
  const fs::path document = fs::path(FATE_SOURCE_DIR) / "docs" / "ARCHITECTURE.md";
  const std::vector<std::string> told = CodeUnder("The life of one record", ReadFile(document));
  ASSERT_GE(told.size(), 10u);
  std::istringstream trace(RunWords(
      {"run", "tests/golden/life_of_a_record.textproto", "--seed", "1", "--trace", "full", "-q"}));
  size_t found = 0;
  for (std::string line; std::getline(trace, line) && found < told.size();) {
    const std::string words = line.substr(0, line.find(" |"));  // the document leaves the rest out
    if (Squeezed(words) == told[found]) ++found;
  }
  EXPECT_EQ(found, told.size()) << "not in the trace, or not in this order: " << told[found];
}

}  // namespace
