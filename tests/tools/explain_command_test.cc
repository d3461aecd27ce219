// fate explain and fate diff as a shell meets them: which run, which message, which form, and what
// a wrong question is told.
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/support/process.h"
#include "tools/answers/comparison.pb.h"
#include "tools/answers/explanation.pb.h"
#include "tools/answers/result.pb.h"

namespace fate {
namespace {

using answers::Explanation;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using testing_support::ProcessResult;
using testing_support::RunProgram;
using testing_support::TemporaryDirectory;

constexpr char kLosing[] = "b8_leader_dies_before_fetch";

class Explain : public testing::Test {
 protected:
  ProcessResult Fate(const std::vector<std::string>& words) const {
    return RunProgram(FATE_BINARY, words,
                      {.directory = directory_.path(),
                       .environment = {{"NO_COLOR", "1"}, {"LC_ALL", "C.UTF-8"}}});
  }
  // Few futures and no what-if: these tests ask what is asked, not how it comes out.
  ProcessResult Ask(std::vector<std::string> words) const {
    words.insert(words.begin(), "explain");
    words.insert(words.end(), {"--futures", "0", "--no-whatif"});
    return Fate(words);
  }
  Explanation Json(std::vector<std::string> words) const {
    words.insert(words.end(), {"--format", "json"});
    const ProcessResult asked = Ask(words);
    Explanation explanation;
    EXPECT_EQ(asked.exit_code, 0) << asked.err;
    google::protobuf::util::JsonParseOptions options;
    options.ignore_unknown_fields = true;  // an enum that says nothing is ""
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(asked.out, &explanation, options).ok());
    return explanation;
  }

  TemporaryDirectory directory_;
};

TEST_F(Explain, TheWorstMessageIfNoneIsNamed) {
  const Explanation explanation = Json({kLosing, "--seed", "7"});
  EXPECT_EQ(explanation.subject().fate(), answers::LOST_AFTER_ACK);
  EXPECT_EQ(explanation.mechanism(), answers::LEADER_DIED_BEFORE_COPY);
  ASSERT_EQ(explanation.causes_size(), 2);
  EXPECT_EQ(explanation.causes(0).name(), "producer:acks=1");
  EXPECT_EQ(explanation.causes(1).text(), "the kill of broker-1, leader of orders-0");
  for (const auto& cause : explanation.causes()) {
    EXPECT_EQ(cause.confirmation(), answers::Cause::CONFIRMED);
  }
}

TEST_F(Explain, TheLatestRunADirectoryACapsuleAndTheScenarioSayTheSame) {
  ASSERT_NE(Fate({"run", kLosing, "--seed", "7"}).out, "");
  Explanation of_scenario = Json({kLosing, "--seed", "7"});
  of_scenario.clear_reproduce();
  of_scenario.clear_scenario_sha256();  // a capsule's text is the expanded one
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {}, {"fate-out/latest"}, {"fate-out/latest/run.fate"}}) {
    Explanation explanation = Json(words);
    EXPECT_THAT(explanation.reproduce(), HasSubstr("replay"));
    explanation.clear_reproduce();
    explanation.clear_scenario_sha256();
    EXPECT_EQ(explanation.SerializeAsString(), of_scenario.SerializeAsString());
  }
}

TEST_F(Explain, OfABatchTheWorstRun) {
  ASSERT_NE(Fate({"run", kLosing, "--seeds", "1..5"}).out, "");
  EXPECT_EQ(Json({}).subject().fate(), answers::LOST_AFTER_ACK);
}

TEST_F(Explain, AMessageByNameByOffsetAndByItsEnd) {
  const Explanation lost = Json({kLosing, "--seed", "7"});
  const std::string& name = lost.subject().message();
  const std::string place =
      lost.subject().partition() + "@" + std::to_string(lost.subject().offset());
  EXPECT_EQ(Json({kLosing, name, "--seed", "7"}).subject().message(), name);
  EXPECT_EQ(Json({name, kLosing, "--seed", "7"}).subject().message(), name);
  EXPECT_EQ(Json({kLosing, place, "--seed", "7"}).subject().message(), name);
  EXPECT_EQ(Json({kLosing, "--first", "lost", "--seed", "7"}).subject().message(), name);
}

TEST_F(Explain, AMessageThatFaredWellHasAnOrdinaryLife) {
  const Explanation explanation = Json({kLosing, "--first", "ok", "--seed", "7"});
  EXPECT_EQ(explanation.subject().fate(), answers::OK);
  EXPECT_GT(explanation.chain_size(), 1);
  EXPECT_EQ(explanation.causes_size(), 0);
}

TEST_F(Explain, EveryFateThatARunHoldsCanBeAskedFor) {
  for (const char* word : {"lost", "silent", "duplicate", "reordered", "failed", "ghost",
                           "invisible", "pending", "skipped", "ok"}) {
    const ProcessResult asked = Ask({kLosing, "--first", word, "--seed", "7"});
    EXPECT_TRUE(asked.exit_code == 0 || asked.err.find("nothing to explain") != std::string::npos)
        << word << ": " << asked.err;
  }
}

TEST_F(Explain, MarkdownPastesIntoATicket) {
  const ProcessResult asked = Ask({kLosing, "--seed", "7", "--format", "md"});
  EXPECT_THAT(asked.out, StartsWith("## m#"));
  EXPECT_THAT(asked.out, HasSubstr("Reproduce: `"));
}

TEST_F(Explain, AsciiIsAscii) {
  const ProcessResult asked = Ask({kLosing, "--seed", "7", "--ascii"});
  for (const char c : asked.out) ASSERT_LT(static_cast<unsigned char>(c), 0x80) << asked.out;
}

TEST_F(Explain, JobsChangeNothing) {
  const std::vector<std::string> words = {"explain",   kLosing, "--seed",   "7",
                                          "--futures", "40",    "--format", "json"};
  std::vector<std::string> one = words;
  one.insert(one.end(), {"-j", "1"});
  std::vector<std::string> two = words;
  two.insert(two.end(), {"-j", "2"});
  EXPECT_EQ(Fate(one).out, Fate(two).out);
}

TEST_F(Explain, AWrongQuestionIsTold) {
  struct Wrong {
    std::vector<std::string> words;
    int code;
    const char* says;
  };
  const std::vector<Wrong> wrongs = {
      {{}, 74, "fate-out/latest: no such run"},
      {{"nosuch"}, 4, "no scenario is called \"nosuch\""},
      {{kLosing, "m#999999"}, 2, "no message m#999999 was sent"},
      {{"m#1", "m#2"}, 2, "two messages are named"},
      {{kLosing, kLosing}, 2, "a run is named already"},
      {{kLosing, "orders-9@1"}, 2, "there is no partition orders-9"},
      {{kLosing, "orders-0@99999999"}, 2, "nothing was ever written at"},
      {{kLosing, "--first", "eaten"}, 2, "is none of lost"},
      {{kLosing, "--first", "lost", "--key", "1"}, 2, "exclude each other"},
      {{kLosing, "--key", "x"}, 2, "is no key"},
      {{kLosing, "m#1", "--first", "lost"}, 2, "exclude each other"},
      {{"broken.fate"}, 74, "no such file"},
  };
  for (const Wrong& wrong : wrongs) {
    const ProcessResult asked = Ask(wrong.words);
    EXPECT_EQ(asked.exit_code, wrong.code) << wrong.says;
    EXPECT_THAT(asked.err, HasSubstr(wrong.says));
    EXPECT_EQ(asked.out, "");
  }
  EXPECT_EQ(Fate({"explain", kLosing, "--futures", "-1"}).exit_code, 2);
  EXPECT_EQ(Fate({"explain", kLosing, "--futures", "1000000"}).exit_code, 2);
}

TEST_F(Explain, ARecordedRunTakesNoSettings) {
  ASSERT_NE(Fate({"run", kLosing}).out, "");
  const ProcessResult asked = Ask({"fate-out/latest", "--set", "producer:acks=all"});
  EXPECT_EQ(asked.exit_code, 2);
  EXPECT_THAT(asked.err, HasSubstr("has its own seed and settings"));
}

TEST_F(Explain, ADamagedCapsuleIsNoCrash) {
  testing_support::WriteFile(directory_.path() / "bad.fate", "not a capsule");
  EXPECT_EQ(Ask({"bad.fate"}).exit_code, 4);
}

// ---- fate diff ----

TEST_F(Explain, TwoRunsOfOneSeedAreOne) {
  ASSERT_NE(Fate({"run", kLosing, "--seed", "3", "-o", "a"}).out, "");
  ASSERT_NE(Fate({"run", kLosing, "--seed", "3", "-o", "b"}).out, "");
  const ProcessResult diff = Fate({"diff", "a", "b"});
  EXPECT_EQ(diff.exit_code, 0) << diff.err;
  EXPECT_THAT(diff.out, HasSubstr("The two runs are one"));
}

TEST_F(Explain, DiffNamesTheSettingTheFirstEventAndTheMessagesThatFaredDifferently) {
  ASSERT_NE(Fate({"run", kLosing, "--seed", "7", "-o", "a"}).out, "");
  ASSERT_NE(Fate({"run", kLosing, "--seed", "7", "--set", "producer:acks=all", "-o", "b"}).out, "");
  const ProcessResult human = Fate({"diff", "a", "b"});
  EXPECT_EQ(human.exit_code, 1) << human.err;
  EXPECT_THAT(human.out, HasSubstr("acks: 1 -> all"));
  EXPECT_THAT(human.out, HasSubstr("LOST_AFTER_ACK -> OK"));
  answers::DiffResult diff;
  const ProcessResult json = Fate({"diff", "a", "b", "--format", "json"});
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(json.out, &diff).ok());
  EXPECT_FALSE(diff.identical());
  EXPECT_TRUE(diff.has_first_difference());
  EXPECT_EQ(diff.runs(0).seed(), 7u);
}

// From its first event on, a run of another seed has another digest, long before anything shows.
TEST_F(Explain, DiffSaysInWordsWhereTwoSeedsPart) {
  ASSERT_NE(Fate({"run", kLosing, "--seed", "1", "-o", "a"}).out, "");
  ASSERT_NE(Fate({"run", kLosing, "--seed", "2", "-o", "b"}).out, "");
  const std::string text = Fate({"diff", "a", "b"}).out;
  EXPECT_THAT(text, HasSubstr("Where they part\n  event "));
  EXPECT_THAT(text, testing::Not(HasSubstr("event 0 ")));
  EXPECT_THAT(text, testing::Not(HasSubstr("something else inside the event")));
}

TEST_F(Explain, DiffOfScenariosNamesWhatElseDiffers) {
  const ProcessResult diff = Fate({"diff", "rack_loses_power", "all_lose_power"});
  EXPECT_EQ(diff.exit_code, 1) << diff.err;
  EXPECT_THAT(diff.out, HasSubstr("power_loss.domain"));
}

TEST_F(Explain, DiffWantsTwoRuns) {
  EXPECT_EQ(Fate({"diff", kLosing}).exit_code, 2);
  EXPECT_EQ(Fate({"diff", kLosing, "nosuch"}).exit_code, 4);
}

}  // namespace
}  // namespace fate
