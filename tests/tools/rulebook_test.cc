// The pages of docs/rules as a book: what a page's form means, and which rule an id finds.
#include "tools/analysis/rulebook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tools/render/rules_text.h"

namespace analysis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Ids with the letters of no page: the ids of these pages stand nowhere else.
constexpr char kOne[] =
    "# One page\n\nIt says something first.\n\n"
    "## Replication\n\nOf this chapter, something as well.\n\n"
    "### QA:R-1\nA follower fetches `log` bytes,\nagain and again.\nSource: `Fetcher.run`; "
    "seen.\n\n"
    "### QA:R-12\nThe twelfth.\nSource: a page.\n\n"
    "## Disks\n\n### QA:S-4\nThe fourth, in steps.\nSource: fsync(2).\n";
constexpr char kOther[] = "# Another\n\n### QB:R-1\nThe first of another page.\nSource: seen.\n";
constexpr embedded::EmbeddedFile kPages[] = {{"docs/one.md", kOne}, {"docs/other.md", kOther}};

std::vector<std::string> Found(std::string_view id) {
  std::vector<std::string> ids;
  for (const answers::RuleEntry& rule : FindRule(ParseRules(kPages), id).rules)
    ids.push_back(rule.id());
  return ids;
}

TEST(Rulebook, AnEntryIsAnIdAParagraphAndASource) {
  const Rulebook book = ParseRules(kPages);
  ASSERT_THAT(book.rules, SizeIs(4));
  EXPECT_EQ(book.rules[0].id(), "QA:R-1");
  EXPECT_EQ(book.rules[0].page(), "docs/one.md");
  EXPECT_EQ(book.rules[0].chapter(), "Replication");
  EXPECT_EQ(book.rules[0].text(), "A follower fetches `log` bytes, again and again.");
  EXPECT_EQ(book.rules[0].source(), "`Fetcher.run`; seen.");
  EXPECT_EQ(book.rules[3].chapter(), "Another") << "a page without chapters is one";
}

TEST(Rulebook, ChaptersKnowHowManyTheyHold) {
  const Rulebook book = ParseRules(kPages);
  ASSERT_THAT(book.chapters, SizeIs(3));
  EXPECT_EQ(book.chapters[0].title(), "One page");
  EXPECT_EQ(book.chapters[0].chapter(), "Replication");
  EXPECT_EQ(book.chapters[0].rules(), 2u);
  EXPECT_EQ(book.chapters[0].first(), "QA:R-1");
  EXPECT_EQ(book.chapters[0].last(), "QA:R-12");
  EXPECT_EQ(book.chapters[2].chapter(), "");
}

TEST(Rulebook, AnIdFindsItsRuleHoweverItIsTyped) {
  EXPECT_THAT(Found("QA:R-12"), ElementsAre("QA:R-12"));
  EXPECT_THAT(Found("qa:r-12"), ElementsAre("QA:R-12"));
  EXPECT_THAT(Found("R-12"), ElementsAre("QA:R-12")) << "one page has it";
  EXPECT_THAT(Found("QA:S-4.3"), ElementsAre("QA:S-4")) << "a step of it";
  EXPECT_THAT(Found("QA:R-1..R-12"), IsEmpty()) << "a range is no rule";
}

TEST(Rulebook, WithoutItsPageAnIdCanBeTwoRules) {
  EXPECT_THAT(Found("r-1"), ElementsAre("QA:R-1", "QB:R-1"));
}

TEST(Rulebook, WhatIsNoRuleHasNeighbours) {
  const Rulebook book = ParseRules(kPages);
  const auto nearest = [&](std::string_view id) { return FindRule(book, id).nearest; };
  EXPECT_THAT(nearest("QA:R-10"), ElementsAre("QA:R-12", "QA:R-1")) << "by its number";
  EXPECT_THAT(nearest("QX:R-1"), ElementsAre("QA:R-1", "QB:R-1")) << "on another page";
  EXPECT_THAT(nearest("QA;S-4"), ElementsAre("QA:S-4")) << "by its letters";
  EXPECT_THAT(nearest("what is this"), IsEmpty());
  EXPECT_THAT(nearest(""), IsEmpty());
}

TEST(Rulebook, EveryShippedRuleCanBeReadAndFoundAgain) {
  const Rulebook book = ParseRules(embedded::EmbeddedRules());
  EXPECT_FALSE(book.rules.empty());
  std::set<std::string> ids;
  for (const answers::RuleEntry& rule : book.rules) {
    EXPECT_TRUE(ids.insert(rule.id()).second) << rule.id() << " stands twice";
    EXPECT_FALSE(rule.text().empty()) << rule.id();
    EXPECT_FALSE(rule.source().empty()) << rule.id();
    const RuleMatch match = FindRule(book, rule.id());
    ASSERT_THAT(match.rules, SizeIs(1)) << rule.id();
    EXPECT_EQ(match.rules[0].id(), rule.id());
  }
}

TEST(Rulebook, ARuleIsPrintedWithItsChapterAndItsSource) {
  EXPECT_EQ(render::RuleText(ParseRules(kPages).rules[0], {}),
            "QA:R-1  Replication\n"
            "  A follower fetches log bytes, again and again.\n"
            "  Source: Fetcher.run; seen.\n");
}

TEST(Rulebook, TheListHasALineForEachChapter) {
  answers::RuleList list;
  for (const answers::RuleChapter& chapter : ParseRules(kPages).chapters) {
    *list.add_chapters() = chapter;
  }
  EXPECT_EQ(render::RuleListText(list, {}),
            "One page (docs/one.md)\n"
            "    2  Replication  QA:R-1 to QA:R-12\n"
            "    1  Disks        QA:S-4\n"
            "Another (docs/other.md)\n"
            "    1  Another      QB:R-1\n\n"
            "4 rules\n");
}

}  // namespace
}  // namespace analysis
