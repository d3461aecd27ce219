// Whose fault a loss is: each leaf of docs/promise.md, from both sides.
#include <gtest/gtest.h>

#include "tests/model/ledger_story.h"

namespace kafka::ledger {
namespace {

using kafka::Acks;
using kafka::Election;

// ---- Rule 2: lost before its commit.

TEST(PromiseBeforeCommit, AcksOneAndTheLeaderDiesBeforeAnybodyCopied) {
  Story story({.acks = Acks::kLeader});
  const auto batch = story.Send();
  story.Append(0, batch);
  story.Told(batch);
  story.Kill(0);
  story.Elect(1, Election::kFromIsr, 1, Story::Set({1, 2}));
  story.Truncate(0, 0);

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.property, Property::kNoAckedLoss);
  EXPECT_EQ(finding.loss_class, LossClass::kAsConfigured);
  EXPECT_EQ(finding.leaf, Leaf::kBeforeCommit);
  EXPECT_EQ(finding.mechanism, Mechanism::kLeaderDiedBeforeCopy);
  EXPECT_EQ(finding.cure, Cure::kAcksAll);
  EXPECT_EQ(finding.author.value, 0);
  EXPECT_EQ(finding.loser.value, 1);
}

TEST(PromiseBeforeCommit, AcksOneAndAnOrderlyStopLosesToo) {
  Story story({.acks = Acks::kLeader});
  const auto batch = story.Send();
  story.Append(0, batch);
  story.Told(batch);
  story.Stop(0);
  story.Elect(1, Election::kFromIsr, 1, Story::Set({1, 2}));

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.loss_class, LossClass::kAsConfigured);
  EXPECT_EQ(finding.mechanism, Mechanism::kLeaderStoppedBeforeCopy);
}

TEST(PromiseBeforeCommit, AZombieAcknowledgesAcksOneAfterItsReplacement) {
  Story story({.acks = Acks::kLeader});
  const auto batch = story.Send();
  story.Elect(1, Election::kFromIsr, 1, Story::Set({1, 2}));
  story.Append(0, batch, 0);
  story.Told(batch);
  story.Follow(0, 1, 1);
  story.Truncate(0, 0);

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.loss_class, LossClass::kAsConfigured);
  EXPECT_EQ(finding.leaf, Leaf::kBeforeCommit);
  EXPECT_EQ(finding.mechanism, Mechanism::kLeaderReplacedAlive);
}

TEST(PromiseBeforeCommit, AcksAllThatWasAcknowledgedWithoutCopiesIsABrokenPromise) {
  Story story({.acks = Acks::kAll, .mutant = kafka::Mutant::kAckBeforeAppend});
  const auto batch = story.Send();
  story.Append(0, batch);
  story.Told(batch);
  story.Kill(0);
  story.Elect(1, Election::kFromIsr, 1, Story::Set({1, 2}));

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.loss_class, LossClass::kPromiseBroken);
  EXPECT_EQ(finding.leaf, Leaf::kBeforeCommit);
  EXPECT_EQ(finding.explained_by, kafka::Mutant::kAckBeforeAppend);
}

TEST(PromiseBeforeCommit, AcksAllByALeaderThatWasReplacedUncleanlyIsTheUncleanElection) {
  Story story({.acks = Acks::kAll, .min_isr = 1});
  story.Record(0, Election::kNone, 0, Story::Set({0}));
  const auto batch = story.Send();
  story.Elect(1, Election::kUnclean, 1, Story::Set({1}));
  story.Append(0, batch, 0);
  story.Watermark(0, 1, Story::Set({0}), 0);
  story.Told(batch);
  story.Follow(0, 1, 1);
  story.Truncate(0, 0);

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.loss_class, LossClass::kAsConfigured);
  EXPECT_EQ(finding.leaf, Leaf::kUnclean);
}

TEST(PromiseBeforeCommit, AcksZeroThatNoLeaderEverWroteIsSilentAndAsConfigured) {
  Story story({.acks = Acks::kNone});
  const auto batch = story.Send();
  story.Told(batch);

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.property, Property::kNoSilentLoss);
  EXPECT_EQ(finding.loss_class, LossClass::kAsConfigured);
  EXPECT_EQ(finding.mechanism, Mechanism::kNeverReachedLog);
}

// ---- Rule 3a: an unclean election.

TEST(PromiseUnclean, AReplicaOutsideTheIsrLeadsBySetting) {
  Story story({.acks = Acks::kAll, .min_isr = 1});
  story.Record(0, Election::kNone, 0, Story::Set({0, 1}));
  const auto batch = story.Send();
  story.Write(batch, 0, {1});
  story.Watermark(0, 1, Story::Set({0, 1}));
  story.Told(batch);
  story.Kill(0);
  story.Kill(1);
  story.Elect(2, Election::kUnclean, 1, Story::Set({2}));
  story.Truncate(0, 0);
  story.Truncate(1, 0);

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.loss_class, LossClass::kAsConfigured);
  EXPECT_EQ(finding.leaf, Leaf::kUnclean);
  EXPECT_EQ(finding.cure, Cure::kUncleanOff);
  EXPECT_EQ(finding.unused, Story::Set({0, 1}));
}

TEST(PromiseUnclean, TheLastCopyGoesBetweenTheElectionAndItsLeadersLearningOfIt) {
  Story story({.acks = Acks::kAll, .min_isr = 1});
  story.Record(0, Election::kNone, 0, Story::Set({0}));
  const auto batch = story.Send();
  story.Write(batch, 0, {});
  story.Watermark(0, 1, Story::Set({0}));
  story.Told(batch);
  story.Kill(0);
  story.Record(2, Election::kUnclean, 1, Story::Set({2}));
  story.LosePower(0, 0);
  story.Install(2, 1);

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.loss_class, LossClass::kAsConfigured);
  EXPECT_EQ(finding.leaf, Leaf::kUnclean);
  EXPECT_EQ(finding.loser.value, 2);
}

TEST(PromiseUnclean, AnUncleanLeaderThatHadItAndLosesItLaterIsNotTheElection) {
  Story story({.acks = Acks::kAll, .min_isr = 1});
  story.Committed();
  story.Kill(0);
  story.LosePower(1, 0);
  story.Record(2, Election::kUnclean, 1, Story::Set({2}));  // whole, and dark before it leads
  story.LosePower(0, 0);
  story.LosePower(2, 0);
  story.Install(2, 1);

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.loss_class, LossClass::kAsConfigured);
  EXPECT_EQ(finding.leaf, Leaf::kUnsynced);
}

TEST(PromiseUnclean, TheSameElectionWithoutTheSettingIsABrokenPromise) {
  Story story({.acks = Acks::kAll, .min_isr = 1, .mutant = kafka::Mutant::kElectOutsideIsr});
  story.Record(0, Election::kNone, 0, Story::Set({0, 1}));
  const auto batch = story.Send();
  story.Write(batch, 0, {1});
  story.Watermark(0, 1, Story::Set({0, 1}));
  story.Told(batch);
  story.Kill(0);
  story.Elect(2, Election::kFromElr, 1, Story::Set({2}));
  story.Truncate(0, 0);
  story.Truncate(1, 0);

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.loss_class, LossClass::kPromiseBroken);
  EXPECT_EQ(finding.leaf, Leaf::kAnythingElse);
  EXPECT_EQ(finding.mechanism, Mechanism::kElectedWithoutCopy);
}

// ---- Rule 3b: unsynced data of an electable leader.

TEST(PromiseUnsynced, AllReplicasLoseTheirCaches) {
  Story story;
  story.Committed();
  for (const int broker : {0, 1, 2}) story.LosePower(broker, 0);
  story.Record(-1, Election::kLeaderless, 1, {}, {}, 2);
  story.Elect(2, Election::kLastKnownLeader, 2, Story::Set({2}));

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.loss_class, LossClass::kAsConfigured);
  EXPECT_EQ(finding.leaf, Leaf::kUnsynced);
  EXPECT_EQ(finding.mechanism, Mechanism::kAllCopiesUnsynced);
  EXPECT_EQ(finding.cure, Cure::kFlushEachMessage);
  ASSERT_EQ(finding.lost_unsynced.size(), 3u);
  EXPECT_LT(finding.lost_unsynced[0].at.time, finding.lost_unsynced[2].at.time);
}

TEST(PromiseUnsynced, TheOnlyMemberOfTheIsrComesBackWithLessAndElrIsOff) {
  Story story({.acks = Acks::kAll, .min_isr = 1, .elr = false});
  story.Committed();
  story.Record(0, Election::kNone, 0, Story::Set({0}));
  story.LosePower(0, 0);
  story.Record(-1, Election::kLeaderless, 1, Story::Set({0}));
  story.Elect(0, Election::kFromIsr, 2, Story::Set({0}));
  story.Truncate(1, 0);
  story.Truncate(2, 0);

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.loss_class, LossClass::kAsConfigured);
  EXPECT_EQ(finding.leaf, Leaf::kUnsynced);
  EXPECT_EQ(finding.mechanism, Mechanism::kSoleMemberLostCache);
}

TEST(PromiseUnsynced, OneOfSeveralMembersLeadsWithoutItsCacheWhileOthersAreIntact) {
  Story story({.mutant = kafka::Mutant::kRestartedStaysInIsr});
  story.Committed();
  story.LosePower(1, 0);
  story.Start(1);
  story.Kill(0);
  story.Elect(1, Election::kFromIsr, 1, Story::Set({1, 2}));
  story.Truncate(0, 0);
  story.Truncate(2, 0);

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.loss_class, LossClass::kPromiseBroken);
  EXPECT_EQ(finding.leaf, Leaf::kUnsynced);
  EXPECT_EQ(finding.mechanism, Mechanism::kMemberLostCache);
}

TEST(PromiseUnsynced, OneReplicaInAll) {
  Story story({.acks = Acks::kLeader, .min_isr = 1, .replicas = 1});
  story.Committed();
  story.LosePower(0, 0);
  story.Record(-1, Election::kLeaderless, 1, {}, {}, 0);
  story.Elect(0, Election::kLastKnownLeader, 2, Story::Set({0}));

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.loss_class, LossClass::kAsConfigured);
  EXPECT_EQ(finding.leaf, Leaf::kUnsynced);
  EXPECT_EQ(finding.cure, Cure::kFlushEachMessage);
}

// ---- Rule 3c: the last known leader.

TEST(PromiseLastKnown, ItLeadsWithAShortLogWhileAnotherDiskHasTheMessage) {
  Story story;
  story.Committed();
  story.LosePower(0, 0);
  story.LosePower(1, 1);  // this one had it on disk
  story.LosePower(2, 0);
  story.Record(2, Election::kFromIsr, 1, Story::Set({2}), Story::Set({1}));  // named while dark
  story.Record(-1, Election::kLeaderless, 2, {}, Story::Set({1, 2}), 2);
  story.Record(-1, Election::kNone, 2, {}, {}, 2);
  story.Elect(2, Election::kLastKnownLeader, 3, Story::Set({2}));
  story.Truncate(1, 0);

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.loss_class, LossClass::kOutsidePromise);
  EXPECT_EQ(finding.leaf, Leaf::kLastKnownLeader);
  EXPECT_EQ(finding.unused, Story::Set({1}));
}

TEST(PromiseLastKnown, NobodyElseHasItEither) {
  Story story;
  story.Committed();
  story.LosePower(0, 0);
  story.LosePower(1, 0);
  story.Record(-1, Election::kLeaderless, 1, {}, Story::Set({0, 1, 2}), 2);
  story.LosePower(2, 0);
  story.Record(-1, Election::kNone, 1, {}, {}, 2);
  story.Elect(2, Election::kLastKnownLeader, 2, Story::Set({2}));

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.loss_class, LossClass::kAsConfigured);
}

// ---- Rule 3e: anything else.

TEST(PromiseElse, AnIntactCopyIsTruncatedAndThenLeads) {
  Story story({.mutant = kafka::Mutant::kTruncateToHighWatermark});
  story.Committed();
  story.Truncate(1, 0);
  story.Kill(0);
  story.Elect(1, Election::kFromIsr, 1, Story::Set({1, 2}));
  story.Truncate(0, 0);
  story.Truncate(2, 0);

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.loss_class, LossClass::kPromiseBroken);
  EXPECT_EQ(finding.leaf, Leaf::kAnythingElse);
  EXPECT_EQ(finding.mechanism, Mechanism::kTruncatedIntactCopy);
  EXPECT_EQ(finding.explained_by, kafka::Mutant::kTruncateToHighWatermark);
}

TEST(PromiseElse, AcksDoNotMatterOnceItIsCommitted) {
  Story story({.acks = Acks::kLeader});
  story.Committed();
  story.Truncate(1, 0);
  story.Kill(0);
  story.Elect(1, Election::kFromIsr, 1, Story::Set({1, 2}));
  story.Truncate(0, 0);
  story.Truncate(2, 0);

  EXPECT_EQ(OnlyFinding(story).loss_class, LossClass::kPromiseBroken);
}

// ---- Rule 4: along a chain, the gravest counts.

TEST(PromiseChain, ABrokenPromiseIsNotForgottenForALaterLossAsConfigured) {
  Story story({.mutant = kafka::Mutant::kTruncateToHighWatermark});
  const auto batch = story.Committed();
  story.Truncate(1, 0);
  story.Kill(0);
  story.Elect(1, Election::kFromIsr, 1, Story::Set({1, 2}));
  story.Truncate(0, 0);
  story.Truncate(2, 0);
  const auto again = story.Write(batch, 1, {2}, 1);  // sent once more, committed once more
  story.Watermark(1, 1, Story::Set({1, 2}), 1);
  ASSERT_EQ(story.TrueWatermark().value, 1);
  for (const int broker : {0, 1, 2}) story.LosePower(broker, 0);
  story.Elect(2, Election::kLastKnownLeader, 3, Story::Set({2}));

  EXPECT_EQ(again.value, 1u);
  EXPECT_EQ(OnlyFinding(story).loss_class, LossClass::kPromiseBroken);
}

TEST(PromiseChain, TwoLossesAsConfiguredStayAsConfigured) {
  Story story({.acks = Acks::kAll, .min_isr = 1});
  const auto batch = story.Committed();
  story.Elect(2, Election::kUnclean, 1, Story::Set({2}));
  EXPECT_TRUE(story.Log(2).Holds({0}));  // elected uncleanly, and whole
  for (const int broker : {0, 1, 2}) story.LosePower(broker, 0);
  story.Elect(2, Election::kLastKnownLeader, 2, Story::Set({2}));
  const auto again = story.Write(batch, 2, {}, 2);
  story.Watermark(2, 1, Story::Set({2}), 2);
  story.LosePower(2, 0);
  story.Elect(2, Election::kLastKnownLeader, 4, Story::Set({2}));

  EXPECT_EQ(again.value, 1u);
  EXPECT_EQ(OnlyFinding(story).loss_class, LossClass::kAsConfigured);
}

// ---- Rule 5 and properties.

TEST(PromiseUnavailable, WithoutALeaderNothingIsLostYet) {
  Story story;
  story.Committed();
  story.Kill(0);
  story.Record(-1, Election::kLeaderless, 1, {}, Story::Set({1, 2}), 0);

  const Verdict verdict = story.Finish();
  EXPECT_TRUE(verdict.findings.empty());
  EXPECT_EQ(verdict.fates[static_cast<uint32_t>(Fate::kInvisible)], 1u);
  EXPECT_EQ(verdict.of(Property::kNoAckedLoss).status, Status::kInconclusive);
}

TEST(Properties, NothingAcknowledgedIsInconclusive) {
  Story story;
  story.Failed(story.Send());

  const Verdict verdict = story.Finish();
  EXPECT_EQ(verdict.fates[static_cast<uint32_t>(Fate::kFailedReported)], 1u);
  EXPECT_EQ(verdict.of(Property::kNoAckedLoss).status, Status::kInconclusive);
  EXPECT_EQ(verdict.of(Property::kNoSilentLoss).status, Status::kHeld);
}

TEST(Properties, AnErrorWithoutACallbackIsASilentLoss) {
  Story story({.has_callback = false});
  story.Failed(story.Send());

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.property, Property::kNoSilentLoss);
  EXPECT_EQ(finding.mechanism, Mechanism::kErrorNotLookedAt);
}

TEST(Properties, OneMessageAtTwoOffsets) {
  Story story;
  const auto batch = story.Committed();
  story.Write(batch, 0, {1, 2});
  story.Watermark(0, 2, story.in_sync);

  const Verdict verdict = story.Finish();
  EXPECT_EQ(verdict.fates[static_cast<uint32_t>(Fate::kDuplicate)], 1u);
  EXPECT_EQ(verdict.of(Property::kNoDuplicate).status, Status::kBroken);
  EXPECT_EQ(verdict.of(Property::kNoAckedLoss).status, Status::kHeld);
}

TEST(Properties, OrderIsAskedPerKey) {
  Story story;
  const auto first = story.Send(1);
  const auto second = story.Send(2);
  const auto third = story.Send(1);
  for (const auto batch : {third, second, first}) {
    const auto entry = story.Write(batch, 0, {1, 2});
    story.Watermark(0, story.tables.EndOf(Story::kPartition, entry).value, story.in_sync);
    story.Told(batch);
  }
  const Verdict verdict = story.Finish();
  EXPECT_EQ(verdict.of(Property::kOrderPerKey).broken, 1u);
  ASSERT_EQ(verdict.of(Property::kOrderPerKey).first.size(), 1u);
  EXPECT_EQ(verdict.of(Property::kOrderPerKey).first[0].value, 0u);
}

TEST(Properties, CopiedBeforeItWasFlushed) {
  Story story;
  const auto entry = story.Append(0, story.Send());
  story.Copy(0, 1, entry);
  EXPECT_EQ(story.Finish().of(Property::kFlushedBeforeCopied).status, Status::kBroken);
}

TEST(Properties, FlushedBeforeItWasCopied) {
  Story story;
  const auto entry = story.Append(0, story.Send());
  story.FlushedTo(0, 1);
  story.Copy(0, 1, entry);
  story.Watermark(0, 1, story.in_sync);
  story.Told({0});
  EXPECT_EQ(story.Finish().of(Property::kFlushedBeforeCopied).status, Status::kHeld);
}

}  // namespace
}  // namespace kafka::ledger
