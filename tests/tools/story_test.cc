// What `fate explain` tells of one message: chains, sentences and signs, over everything that
// ships, and over random faults.
#include "tools/explain/story.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <sstream>

#include "tests/tools/story_rig.h"

namespace fate {
namespace {

using schema::proto::Explanation;

// The laws that every chain keeps.
void ExpectOrderly(const Explanation& out) {
  EXPECT_LE(out.chain_size(), 10);
  EXPECT_GE(out.chain_size(), 1);
  uint64_t before = 0;
  for (const auto& row : out.chain()) {
    EXPECT_GE(row.at_ns(), before);
    before = row.at_ns();
    EXPECT_EQ(row.copies_size(), out.brokers_size());
    EXPECT_FALSE(row.what().empty());
    EXPECT_FALSE(row.where().empty());
  }
  std::istringstream words(out.first_sentence());
  size_t count = 0;
  for (std::string word; words >> word;) ++count;
  EXPECT_LE(count, 30u) << out.first_sentence();
  EXPECT_GT(count, 4u);
  EXPECT_LE(out.sentences_size(), 3);
  EXPECT_LE(out.why_size(), 5);
}

TEST(StoryOfALoss, ThePromiseStandsBeforeTheFaultAndTheElectionDecides) {
  kafka::Runner runner;
  const Case made = MakeCase(LoadedNamed("b8_leader_dies_before_fetch"), {}, 1, runner);
  const auto [story, out] = Tell(made, FirstOf(made, ledger::Fate::kLostAfterAck), runner);
  ExpectOrderly(out);
  std::vector<std::string> marks;
  for (const auto& row : out.chain()) {
    if (!row.mark().empty()) marks.push_back(row.mark());
  }
  EXPECT_EQ(marks,
            (std::vector<std::string>{"promise made", "point of no return", "last bytes erased"}));
  EXPECT_EQ(story.faults_in_chain, std::vector<uint16_t>{0});
  EXPECT_EQ(out.mechanism(), "LEADER_DIED_BEFORE_COPY");
}

}  // namespace
}  // namespace fate
