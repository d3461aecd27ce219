// `fate rule` as a shell meets it.
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/process.h"
#include "tools/answers/rule.pb.h"

namespace fate {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using testing_support::ProcessResult;

ProcessResult RuleOf(std::vector<std::string> words) {
  words.insert(words.begin(), "rule");
  return testing_support::RunProgram(FATE_BINARY, words, {});
}

template <class Message>
Message FromJson(const std::string& json) {
  Message message;
  const auto status = google::protobuf::util::JsonStringToMessage(json, &message);
  EXPECT_TRUE(status.ok()) << status.ToString() << "\n" << json;
  return message;
}

TEST(RuleCommand, AnIdPrintsItsRule) {
  const ProcessResult rule = RuleOf({"KC:P-46"});
  EXPECT_EQ(rule.exit_code, 0) << rule.err;
  EXPECT_THAT(rule.out, AllOf(StartsWith("KC:P-46  "), HasSubstr("delivery.timeout.ms"),
                              HasSubstr("\n  Source: RecordAccumulator.expiredBatches")));
  EXPECT_EQ(RuleOf({"kc:p-46"}).out, rule.out);
  EXPECT_THAT(RuleOf({"CL:B8", "KC:P-46"}).out, AllOf(StartsWith("CL:B8  "), EndsWith(rule.out)));
}

TEST(RuleCommand, WithoutItsPageAnIdIsEnoughWhereOnlyOnePageHasIt) {
  EXPECT_THAT(RuleOf({"b11"}).out, StartsWith("CL:B11  "));
  const ProcessResult two = RuleOf({"p-9"});
  EXPECT_EQ(two.exit_code, 2);
  EXPECT_EQ(two.out, "");
  EXPECT_THAT(two.err, AllOf(HasSubstr("several pages: KB:P-9 ("), HasSubstr("or KC:P-9 (")));
}

TEST(RuleCommand, NoRuleIsAMistakeThatNamesTheNearest) {
  const ProcessResult rule =
      RuleOf({"KC:"
              "P-4711"});
  EXPECT_EQ(rule.exit_code, 2);
  EXPECT_EQ(rule.out, "");
  EXPECT_THAT(rule.err, AllOf(HasSubstr("no rule '"), HasSubstr("the nearest: KC:P-66, ")));
  EXPECT_THAT(RuleOf({"nothing like it"}).err, HasSubstr("no rule 'nothing like it'\n"));
}

TEST(RuleCommand, AloneItListsTheChapters) {
  const ProcessResult list = RuleOf({});
  EXPECT_EQ(list.exit_code, 0);
  EXPECT_THAT(list.out, AllOf(HasSubstr("(docs/rules/broker.md)\n"), HasSubstr("Claims on trial"),
                              HasSubstr(" rules\n")));
}

TEST(RuleCommand, AsJson) {
  const auto one = FromJson<answers::RuleResult>(RuleOf({"CL:B8", "--format", "json"}).out);
  ASSERT_EQ(one.rules_size(), 1);
  EXPECT_EQ(one.rules(0).page(), "docs/rules/claims.md");
  const auto list = FromJson<answers::RuleList>(RuleOf({"--format", "json"}).out);
  EXPECT_TRUE(std::any_of(list.chapters().begin(), list.chapters().end(), [](const auto& chapter) {
    return chapter.first() == "CL:B1" && chapter.rules() == 8;
  }));
}

}  // namespace
}  // namespace fate
