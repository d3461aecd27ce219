// Losses under acks=all by a leader that had been replaced, or had not been; which cure is named;
// and what is no loss.
#include <gtest/gtest.h>

#include "tests/model/ledger_story.h"

namespace kafka::ledger {
namespace {

using kafka::Acks;
using kafka::Election;

// Rule 2, its exceptions: replaced by the last known leader before it acknowledged.
TEST(PromiseReplaced, ByTheLastKnownLeaderIsOutsideThePromise) {
  Story story;
  const auto batch = story.Send();
  story.Elect(1, Election::kLastKnownLeader, 1, Story::Set({1}));
  story.Append(0, batch, 0);
  story.Told(batch);
  story.Follow(0, 1, 1);
  story.Truncate(0, 0);

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.loss_class, LossClass::kOutsidePromise);
  EXPECT_EQ(finding.leaf, Leaf::kLastKnownLeader);
}

// An unclean election that came afterwards excuses no acknowledgement.
TEST(PromiseReplaced, UncleanlyAfterItAcknowledgedIsABrokenPromise) {
  Story story;
  const auto batch = story.Send();
  story.Append(0, batch);
  story.Told(batch);
  story.Kill(0);
  story.Elect(1, Election::kUnclean, 1, Story::Set({1}));
  story.Truncate(0, 0);

  EXPECT_EQ(OnlyFinding(story).loss_class, LossClass::kPromiseBroken);
}

// An operator asked for it, so that no setting is a cure.
TEST(PromiseReplaced, ByHandIsAsConfiguredWithoutACure) {
  Story story;
  const auto batch = story.Send();
  story.Elect(1, Election::kUncleanByHand, 1, Story::Set({1}));
  story.Append(0, batch, 0);
  story.Told(batch);
  story.Follow(0, 1, 1);
  story.Truncate(0, 0);

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.loss_class, LossClass::kAsConfigured);
  EXPECT_EQ(finding.leaf, Leaf::kUnclean);
  EXPECT_EQ(finding.mechanism, Mechanism::kUncleanElectionByHand);
  EXPECT_EQ(finding.cure, Cure::kNone);
}

// Nor does the one by which the author itself came to lead.
TEST(PromiseReplaced, AnAuthorThatWasElectedUncleanlyIsNotReplacedByThat) {
  Story story;
  story.Elect(0, Election::kUnclean, 1, Story::Set({0}));
  const auto batch = story.Send();
  story.Append(0, batch, 1);
  story.Told(batch);
  story.Kill(0);
  story.Elect(1, Election::kFromIsr, 2, Story::Set({1}));
  story.Truncate(0, 0);

  EXPECT_EQ(OnlyFinding(story).loss_class, LossClass::kPromiseBroken);
}

// Rule 3a asks for the first unclean election of a leader that lacks it. b1 had it when it was
// elected, never led, and lost it later with its power: that is 3b.
TEST(PromiseReplaced, AnUncleanElectionOfWhoHadItIsNotWhatLostIt) {
  Story story({.acks = Acks::kAll, .min_isr = 1, .elr = false});
  story.Committed();
  story.Kill(0);
  story.Record(1, Election::kUnclean, 1, Story::Set({1}));
  story.LosePower(1, 0);
  story.Record(-1, Election::kLeaderless, 2, Story::Set({1}));
  story.Start(1);
  story.Register(1, 2);
  story.Elect(1, Election::kFromIsr, 3, Story::Set({1}));
  story.Truncate(0, 0);
  story.Truncate(2, 0);
  EXPECT_EQ(OnlyFinding(story).leaf, Leaf::kUnsynced);
}

TEST(PromiseReplaced, AnUncleanElectionOfWhoLackedItIsThoughAnotherOneFollowed) {
  Story story({.acks = Acks::kAll, .min_isr = 1, .elr = false});
  story.Record(0, Election::kNone, 0, Story::Set({0, 1}));
  const auto batch = story.Send();
  story.Write(batch, 0, {1});
  story.Watermark(0, 1, Story::Set({0, 1}));
  story.Told(batch);
  story.Record(2, Election::kUnclean, 1, Story::Set({2}));
  story.Record(-1, Election::kLeaderless, 2, Story::Set({2}));
  story.Elect(2, Election::kFromIsr, 3, Story::Set({2}));
  story.Truncate(0, 0);
  story.Truncate(1, 0);
  EXPECT_EQ(OnlyFinding(story).leaf, Leaf::kUnclean);
}

// ---- Rule 3b: ELR is the cure where it is off and another replica has the message.

TEST(PromiseCure, WithElrOnItIsTheFlushThoughAnotherReplicaHasIt) {
  Story story({.acks = Acks::kAll, .min_isr = 1, .elr = true});
  story.Committed();
  story.Record(0, Election::kNone, 0, Story::Set({0}));
  story.LosePower(0, 0);
  story.Record(-1, Election::kLeaderless, 1, {}, Story::Set({0}), 0);
  story.Elect(0, Election::kFromElr, 2, Story::Set({0}));
  story.Truncate(1, 0);
  story.Truncate(2, 0);

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.leaf, Leaf::kUnsynced);
  EXPECT_EQ(finding.cure, Cure::kFlushEachMessage);
}

TEST(PromiseCure, WhereNobodyHasItElrWouldNotHelp) {
  Story story({.acks = Acks::kAll, .min_isr = 2, .elr = false});
  story.Committed();
  for (const int broker : {0, 1, 2}) story.LosePower(broker, 0);
  story.Record(-1, Election::kLeaderless, 1, Story::Set({2}));
  story.Elect(2, Election::kFromIsr, 2, Story::Set({2}));

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.leaf, Leaf::kUnsynced);
  EXPECT_EQ(finding.cure, Cure::kFlushEachMessage);
}

// ---- What the final read makes of it.

TEST(FinalFates, AboveTheHighWatermarkAMessageIsInvisible) {
  Story story({.acks = Acks::kLeader});
  const auto batch = story.Send();
  story.Append(0, batch);
  story.Told(batch);
  EXPECT_EQ(story.Finish().fates[static_cast<uint32_t>(Fate::kInvisible)], 1u);
}

TEST(FinalFates, AProducerThatDiedIsAtWorkOnNothing) {
  for (const bool dies : {false, true}) {
    Story story;
    story.Send();
    if (dies) story.Say(story.producer(), sim::notes::ProcessKilled{});
    const Fate fate = dies ? Fate::kLostSilent : Fate::kPending;
    EXPECT_EQ(story.Finish().fates[static_cast<uint32_t>(fate)], 1u);
  }
}

}  // namespace
}  // namespace kafka::ledger
