// What a crash leaves of a log is told by who recovers it.
#include <gtest/gtest.h>

#include "tests/model/ledger_story.h"

namespace kafka::ledger {
namespace {

using kafka::AppendedId;
using kafka::Offset;
using kafka::invariants::Invariant;

// b2 had three entries on its medium, cut the last two to match its leader, and lost power before
// the journal had committed the cut: they are there again.
TEST(Recovery, ForgetsATruncationThatTheJournalHadNotCommitted) {
  Story story;
  const AppendedId first = story.Write(story.Send(), 0, {1});
  story.Write(story.Send(), 0, {1});
  story.Write(story.Send(), 0, {1});
  story.Truncate(1, 1);
  story.LosePower(1, 1);
  story.FindOnMedium(1, 3 * Story::kBatchBytes);
  EXPECT_EQ(story.Log(1).end, Offset{1});  // nobody has read the file yet
  EXPECT_EQ(story.Replica(1).durable_end, Offset{1});
  story.Start(1);
  story.Recover(1, first, 3);
  EXPECT_EQ(story.Log(1).end, Offset{3});
  EXPECT_TRUE(story.Log(1).Holds({first.value + 2}));
  EXPECT_EQ(story.Replica(1).durable_end, Offset{3});
  EXPECT_EQ(story.Violated(Invariant::kHonestRecovery), 0u);
}

// What stands where the file had something else goes.
TEST(Recovery, TakesWhatTheFileHasForWhatThePictureHad) {
  Story story;
  const AppendedId old = story.Append(1, story.Send());
  const AppendedId other = story.Append(0, story.Send());
  story.Truncate(1, 0);
  story.Copy(0, 1, other);
  story.Kill(1);
  story.FindOnMedium(1, Story::kBatchBytes);
  story.Start(1);
  story.Recover(1, old, 1);
  EXPECT_TRUE(story.Log(1).Holds(old));
  EXPECT_FALSE(story.Log(1).Holds(other));
  EXPECT_EQ(story.truth.ledger.removals.back().how, Removal::How::kShorterRecovery);
}

TEST(Recovery, KeepsNoMoreThanItWasFoundOrHeld) {
  Story story;
  const AppendedId first = story.Write(story.Send(), 0, {1});
  story.Write(story.Send(), 0, {1});
  story.LosePower(1, 0);
  story.FindOnMedium(1, 2 * Story::kBatchBytes - 1);  // the second is torn
  story.Start(1);
  story.Recover(1, first, 1);
  EXPECT_EQ(story.Violated(Invariant::kHonestRecovery), 0u);
  story.Kill(1);
  story.Start(1);
  story.Recover(1, first, 2);  // it was opened: what the crash had left is of no use any more
  EXPECT_EQ(story.Violated(Invariant::kHonestRecovery), 1u);
}

TEST(Recovery, OfAFileThatIsShorterThanTheBatchThatItKeepsIsNotHonest) {
  Story story;
  const AppendedId first = story.Write(story.Send(), 0, {1});
  story.Write(story.Send(), 0, {1});
  story.LosePower(1, 0);
  story.FindOnMedium(1, 2 * Story::kBatchBytes - 1);
  story.Start(1);
  story.Recover(1, first, 2);
  EXPECT_EQ(story.Violated(Invariant::kHonestRecovery), 1u);
}

}  // namespace
}  // namespace kafka::ledger
