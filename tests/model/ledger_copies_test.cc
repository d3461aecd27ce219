// Copies, answers under way, and the guards of faults that ask for them.
#include <gtest/gtest.h>

#include "tests/model/ledger_story.h"

namespace kafka::ledger {
namespace {

using kafka::Election;

TEST(Copies, ShrinkWithTruncationAndWithUnsyncedData) {
  Story story;
  const auto entry = story.Write(story.Send(), 0, {1, 2});
  const auto holders = [&] { return story.truth.ledger.Holders(Story::kPartition, entry); };
  EXPECT_EQ(holders(), Story::Set({0, 1, 2}));
  story.Kill(0);  // its page cache lives on
  EXPECT_EQ(holders(), Story::Set({0, 1, 2}));
  story.Truncate(1, 0);
  EXPECT_EQ(holders(), Story::Set({0, 2}));
  story.LosePower(2, 0);
  EXPECT_EQ(holders(), Story::Set({0}));
}

TEST(Copies, AnEntryThatLostItsLastByteIsLostWhole) {
  Story story;
  story.Write(story.Send(), 0, {});
  const auto second = story.Write(story.Send(), 0, {});
  story.LoseBytes(0, 2 * Story::kBatchBytes - 1, 1 << 20);
  EXPECT_EQ(story.Log(0).end.value, 1);
  EXPECT_FALSE(story.Log(0).Holds(second));
}

TEST(InFlight, AnAnswerOutlivesItsLeaderUntilItsReaderIsGone) {
  Story story;
  const auto entry = story.Append(0, story.Send());
  const auto in_flight = [&] {
    return story.truth.ledger.InFlight(story.tables, Story::kPartition, entry);
  };
  EXPECT_EQ(in_flight(), 0);
  story.AnswerFetch(0, 1, 0, 1);
  story.AnswerFetch(0, 2, 0, 1);
  EXPECT_EQ(in_flight(), 2);
  story.Kill(0);
  EXPECT_EQ(in_flight(), 2);
  story.Kill(2);
  EXPECT_EQ(in_flight(), 1);
  story.Follow(1, 2, 1);  // it would be refused now
  EXPECT_EQ(in_flight(), 0);
}

TEST(Guard, HoldsForAnAcknowledgedMessageWithOneCopyAndNothingUnderWay) {
  Story story({.acks = kafka::Acks::kLeader});
  const auto batch = story.Send();
  const auto entry = story.Append(0, batch);
  story.Told(batch);
  const sim::FaultGuard guard{.copies_max = 1, .in_flight_max = 0, .acknowledged_min = 1};
  const sim::Note told = sim::Note::Of(story.producer(), story.AckOf(batch));
  const auto holds = [&] { return story.truth.GuardHolds(guard, told, story.tables, story.setup); };
  EXPECT_TRUE(holds());
  story.AnswerFetch(0, 1, 0, 1);
  EXPECT_FALSE(holds());
  story.Copy(0, 1, entry);
  EXPECT_FALSE(holds());
  story.Kill(1);  // copies are those of brokers that are up
  EXPECT_TRUE(holds());
}

TEST(Guard, KnowsAMessageByItsUid) {
  Story story;
  story.Send();
  const auto batch = story.Send();
  const sim::Note told = sim::Note::Of(story.producer(), story.AckOf(batch));
  const uint64_t uid = story.truth.UidOf(told, story.tables, story.setup);
  EXPECT_EQ(uid, sim::Mix(sim::HashName("producer/shop"), 1));
  EXPECT_TRUE(story.truth.IsAbout(told, uid, story.tables, story.setup));
  EXPECT_FALSE(story.truth.IsAbout(told, uid + 1, story.tables, story.setup));
}

TEST(TrueWatermark, WaitsForEverybodyWhoCouldBeElected) {
  Story story;
  const auto entry = story.Append(0, story.Send());
  story.Copy(0, 1, entry);
  story.Watermark(0, 1, Story::Set({0, 1}));  // the leader has forgotten somebody
  EXPECT_EQ(story.TrueWatermark().value, 0);
  story.Copy(0, 2, entry);
  EXPECT_EQ(story.TrueWatermark().value, 1);
}

TEST(TrueWatermark, CountsAFollowerThatHadItAndLostItWithItsPower) {
  Story story;
  const auto entry = story.Write(story.Send(), 0, {1, 2});
  story.LosePower(2, 0);
  story.Watermark(0, 1, story.in_sync);
  EXPECT_EQ(story.truth.ledger.Holders(Story::kPartition, entry), Story::Set({0, 1}));
  EXPECT_EQ(story.TrueWatermark().value, 1);
}

}  // namespace
}  // namespace kafka::ledger
