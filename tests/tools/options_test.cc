// What a shell may type.
#include "tools/fate/options.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace fate {
namespace {

ParsedCommand Parse(std::vector<const char*> words) {
  words.insert(words.begin(), "fate");
  return ParseCommandLine(static_cast<int>(words.size()), words.data());
}

TEST(Options, ARunWithEverything) {
  const ParsedCommand parsed =
      Parse({"run", "b8", "--seeds", "1..200", "-j", "2", "--set", "producer:acks=all", "--set",
             "topic:min.insync.replicas=2", "--config", "producer=mine.properties", "--format",
             "json", "--until", "30s", "--ascii", "-q"});
  ASSERT_FALSE(parsed.exit_code.has_value()) << parsed.message;
  EXPECT_EQ(parsed.options.command, Command::kRun);
  EXPECT_EQ(parsed.options.targets, std::vector<std::string>{"b8"});
  EXPECT_EQ(parsed.options.seeds->first, 1u);
  EXPECT_EQ(parsed.options.seeds->last, 200u);
  EXPECT_EQ(parsed.options.set.size(), 2u);
  EXPECT_EQ(parsed.options.until, sim::Seconds(30));
  EXPECT_EQ(parsed.options.format, Format::kJson);
}

TEST(Options, SeedsAreDecimalOrHexadecimalAndNothingElse) {
  EXPECT_EQ(ParseSeed("42"), 42u);
  EXPECT_EQ(ParseSeed("0x2a"), 42u);
  EXPECT_EQ(ParseSeed("18446744073709551615"), UINT64_MAX);
  for (const char* wrong : {"", "-1", "4 2", "0x", "18446744073709551616", "1e3", "seed"}) {
    EXPECT_EQ(ParseSeed(wrong), std::nullopt) << wrong;
  }
  for (const char* wrong : {"1", "1..", "..3", "3..1", "1...3", "0..1000000"}) {
    EXPECT_EQ(ParseSeedRange(wrong), std::nullopt) << wrong;
  }
}

TEST(Options, MistakesAreUsageErrors) {
  const std::vector<std::vector<const char*>> mistakes = {
      {"run"},
      {"run", "b8", "--bogus"},
      {"run", "b8", "--seed", "x"},
      {"run", "b8", "--seeds", "9..1"},
      {"run", "b8", "--format", "xml"},
      {"run", "b8", "--until", "soon"},
      {"run", "b8", "-j", "0"},
      {"run", "b8", "-j", ""},  // a script's variable that is not set
      {"run", "b8", "--seed", ""},
      {"run", "b8", "--seeds", ""},
      {"run", "b8", "--until", ""},
      {"run", "b8", "-o", ""},
      {"run", "b8", "b9", "-o", "one"},  // two runs, one directory
      {"run", "b8", "--variants", "--seed", "1"},
      {"run", "b8", "--variants", "--verify"},
      {"run", "b8", "--seeds", "1..2", "--verify"},
      {"run", "b8", "--seed", "1", "--seeds", "1..2"},
      {"run", "b8", "--trace", "full", "--seeds", "1..2"},
      {"fuzz", "b8"},
      {"scenario"},
      {"help", "nobody"}};
  for (const auto& words : mistakes) {
    const ParsedCommand parsed = Parse(words);
    EXPECT_EQ(parsed.exit_code, kExitUsage) << words.front();
    EXPECT_FALSE(parsed.message.empty());
  }
}

TEST(Options, ACommandThatIsNoneIsNamedWithTheNearest) {
  EXPECT_NE(Parse({"runn", "b8"}).message.find("no command 'runn'; did you mean run?"),
            std::string::npos);
  EXPECT_NE(Parse({"help", "replai"}).message.find("did you mean replay?"), std::string::npos);
}

// It is where no flag says otherwise, whichever command comes first in our list.
TEST(Options, TheEnvironmentsSeedYieldsToEveryFlag) {
  ASSERT_EQ(setenv("FATE_SEED", "7", 1), 0);
  const Options plain = Parse({"run", "b8"}).options;
  const Options flag = Parse({"run", "b8", "--seed", "3"}).options;
  const ParsedCommand range = Parse({"run", "b8", "--seeds", "1..2"});
  ASSERT_EQ(setenv("FATE_SEED", "seven", 1), 0);
  EXPECT_EQ(Parse({"run", "b8"}).exit_code, kExitUsage);
  unsetenv("FATE_SEED");
  EXPECT_EQ(plain.seed, std::nullopt);
  EXPECT_EQ(plain.environment_seed, 7u);
  EXPECT_EQ(flag.seed, 3u);
  EXPECT_FALSE(range.exit_code.has_value());
}

TEST(Options, HelpIsNoMistake) {
  EXPECT_EQ(Parse({"--help"}).exit_code, kExitMet);
  EXPECT_EQ(Parse({"help"}).message, Parse({"--help"}).message) << "every command, not help alone";
  EXPECT_EQ(Parse({"help", "run"}).exit_code, kExitMet);
  EXPECT_EQ(Parse({"help", "run"}).message, Parse({"run", "--help"}).message);
  EXPECT_NE(Parse({"run", "--help"}).message.find("--seeds"), std::string::npos);
}

}  // namespace
}  // namespace fate
