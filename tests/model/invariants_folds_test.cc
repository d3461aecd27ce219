// Each invariant catches what it is there for, counts what it looked at, and names its exceptions.
#include <gtest/gtest.h>

#include "tests/model/ledger_story.h"

namespace kafka::ledger {
namespace {

using kafka::Election;
using kafka::invariants::Exception;
using kafka::invariants::Invariant;

uint64_t Excepted(const Story& story, Invariant invariant, Exception exception) {
  return story.truth.invariants.of(invariant).excepted[static_cast<uint32_t>(exception)];
}

TEST(Invariants, ACleanFailoverBreaksNone) {
  Story story;
  story.Committed();
  story.Committed();
  story.Kill(0);
  story.Elect(1, Election::kFromIsr, 1, Story::Set({1, 2}));
  story.Follow(2, 1, 1);
  const auto batch = story.Send();
  story.Write(batch, 1, {2}, 1);
  story.Watermark(1, 3, Story::Set({1, 2}), 1);
  story.Told(batch);
  story.Finish();

  EXPECT_EQ(story.truth.invariants.violated(), 0u);
  for (const Invariant invariant :
       {Invariant::kAckedDurable, Invariant::kLeaderComplete, Invariant::kCommittedPrefix,
        Invariant::kCandidateComplete, Invariant::kFenced, Invariant::kMinIsr}) {
    EXPECT_GT(story.truth.invariants.of(invariant).nonvacuous, 0u) << NameOf(invariant);
  }
}

TEST(LeaderComplete, ALeaderThatLacksACommittedRecord) {
  Story story;
  story.Committed();
  story.Truncate(1, 0);
  story.Elect(1, Election::kFromIsr, 1, Story::Set({1, 2}));
  EXPECT_EQ(story.Violated(Invariant::kLeaderComplete), 1u);
  EXPECT_EQ(story.Violated(Invariant::kCommittedPrefix), 1u);  // the truncation before it
}

TEST(LeaderComplete, AnUncleanElectionIsExceptedByName) {
  Story story;
  story.Committed();
  story.LosePower(1, 0);
  story.Elect(1, Election::kUnclean, 1, Story::Set({1}));
  EXPECT_EQ(story.Violated(Invariant::kLeaderComplete), 0u);
  EXPECT_EQ(Excepted(story, Invariant::kLeaderComplete, Exception::kUncleanElection), 1u);
}

TEST(LeaderComplete, ACommonPowerLossIsExceptedOnlyIfNobodyHasTheRecord) {
  Story lost;
  lost.Committed();
  for (const int broker : {0, 1, 2}) lost.LosePower(broker, 0);
  lost.Elect(1, Election::kFromIsr, 1, Story::Set({1}));
  EXPECT_EQ(Excepted(lost, Invariant::kLeaderComplete, Exception::kPowerLoss), 1u);

  Story kept;
  kept.Committed();
  kept.LosePower(1, 0);
  kept.Elect(1, Election::kFromIsr, 1, Story::Set({1, 2}));
  EXPECT_EQ(kept.Violated(Invariant::kLeaderComplete), 1u);
}

TEST(LeaderComplete, WithoutElrTheOnlyMemberMayHaveLostItsData) {
  Story story({.min_isr = 1, .elr = false});
  story.Committed();
  story.Record(0, Election::kNone, 0, Story::Set({0}));
  story.LosePower(0, 0);
  story.Elect(0, Election::kFromIsr, 1, Story::Set({0}));
  EXPECT_EQ(Excepted(story, Invariant::kLeaderComplete, Exception::kElrOff), 1u);
}

TEST(LogMatch, TwoRecordsAtOneOffsetBelowBothWatermarks) {
  Story story;
  const auto one = story.Append(0, story.Send());
  story.Append(1, story.Send(), 1);  // another record at the same offset
  story.Copy(0, 2, one);
  story.Watermark(0, 1, story.in_sync);
  story.FollowerWatermark(1, 1);
  EXPECT_EQ(story.Violated(Invariant::kLogMatch), 1u);
}

TEST(CommittedPrefix, AWatermarkThatFalls) {
  Story story;
  story.Committed();
  story.Watermark(0, 0, story.in_sync);
  EXPECT_EQ(story.Violated(Invariant::kCommittedPrefix), 1u);
}

TEST(CandidateComplete, AnIncompleteMemberJoins) {
  Story story({.min_isr = 1});
  story.Record(0, Election::kNone, 0, Story::Set({0, 1}));
  const auto entry = story.Write(story.Send(), 0, {1});
  story.Watermark(0, 1, Story::Set({0, 1}));
  ASSERT_EQ(story.TrueWatermark().value, 1);
  story.Record(0, Election::kNone, 0, Story::Set({0, 1, 2}));
  EXPECT_EQ(story.Violated(Invariant::kCandidateComplete), 1u);
  story.Copy(0, 2, entry);
  story.Record(0, Election::kNone, 0, Story::Set({0, 1, 2}));
  EXPECT_EQ(story.Violated(Invariant::kCandidateComplete), 1u);
}

// Two of three are in sync, the leader has proposed the third, and a second record is committed.
struct Joining : Story {
  explicit Joining(bool forgotten) : Story({.min_isr = 1}) {
    Committed();
    Record(0, Election::kNone, 0, Set({0, 1}));
    if (forgotten) ForgetProposal(0, in_sync, Set({0, 1}));
    second = Write(Send(), 0, {1});
    Watermark(0, 2, Set({0, 1}));
  }
  kafka::AppendedId second;
};

// KB:S-45: broker 2 had cut off what the leader lacked, and copied from it; a crash takes the copy
// and brings back what had been cut off, while the epochs say that there is nothing to cut.
struct CutOffAndBack : Story {
  explicit CutOffAndBack(bool ordered) : Story({.min_isr = 1}) {
    setup.brokers[2].storage.ordered_metadata = ordered;
    const kafka::AppendedId old = Write(Send(), 2, {});
    Truncate(2, 0);
    Committed();
    LosePower(2, 0);
    Start(2);
    Recover(2, old, 1);
    Register(2, 2);
  }
};

TEST(TruncationUndone, IsExceptedByNameWhereTheFileSystemMayDoSo) {
  const CutOffAndBack story(false);
  EXPECT_EQ(story.Violated(Invariant::kCandidateComplete), 0u);
  EXPECT_EQ(Excepted(story, Invariant::kCandidateComplete, Exception::kTruncationUndone), 1u);
}

TEST(TruncationUndone, IsAViolationWhereTheFileSystemKeepsTheOrder) {
  EXPECT_EQ(CutOffAndBack(true).Violated(Invariant::kCandidateComplete), 1u);
}

// A leader forgets whom it has just proposed (KB:R-2, docs/fidelity.md).
TEST(ForgottenJoin, WhoIsAdmittedWithoutWhatWasCommittedMeanwhileIsExceptedByName) {
  Joining story(true);
  story.Record(0, Election::kNone, 0, story.in_sync);
  EXPECT_EQ(Excepted(story, Invariant::kCandidateComplete, Exception::kForgottenJoin), 1u);
  story.Elect(2, Election::kFromIsr, 1, Story::Set({2}));
  EXPECT_EQ(Excepted(story, Invariant::kLeaderComplete, Exception::kForgottenJoin), 1u);
  EXPECT_EQ(story.truth.invariants.violated(), 0u);
}

TEST(ForgottenJoin, ALeaderThatHasForgottenNothingIsNotExcepted) {
  Joining story(false);
  story.Record(0, Election::kNone, 0, story.in_sync);
  EXPECT_EQ(story.Violated(Invariant::kCandidateComplete), 1u);
}

TEST(ForgottenJoin, WhatWasCommittedBeforeIsNotExcepted) {
  Story story({.min_isr = 1});
  story.Record(0, Election::kNone, 0, Story::Set({0, 1}));
  story.Write(story.Send(), 0, {1});
  story.Watermark(0, 1, Story::Set({0, 1}));
  story.ForgetProposal(0, story.in_sync, Story::Set({0, 1}));
  story.Record(0, Election::kNone, 0, story.in_sync);
  EXPECT_EQ(story.Violated(Invariant::kCandidateComplete), 1u);
}

TEST(ForgottenJoin, AnotherRecordOfThePartitionEndsIt) {
  Joining story(true);
  story.Record(0, Election::kNone, 0, Story::Set({0}));
  story.Record(0, Election::kNone, 0, story.in_sync);
  EXPECT_EQ(story.Violated(Invariant::kCandidateComplete), 1u);
}

TEST(ForgottenJoin, WhoHasHadTheRecordAndLostItIsNotExcepted) {
  Joining story(true);
  story.Record(0, Election::kNone, 0, story.in_sync);
  story.Copy(0, 2, story.second);
  story.Truncate(2, 1);
  story.Record(0, Election::kNone, 0, story.in_sync);
  EXPECT_EQ(story.Violated(Invariant::kCandidateComplete), 1u);
}

// The old leader, which has not heard of the new one, serves what it committed without it; then the
// new one serves its own record at that offset.
void ServeBothHistories(Joining& story) {
  story.Record(0, Election::kNone, 0, story.in_sync);
  story.Elect(2, Election::kFromIsr, 1, Story::Set({1, 2}));
  story.Serve(0, 0, 2);
  story.Append(2, story.Send(), 1);
  story.Watermark(2, 2, Story::Set({1, 2}), 1);
  story.Serve(2, 0, 2);
}

TEST(ForgottenJoin, AnOffsetThatIsReadWithTwoValuesIsNamedByTheOneThatWasServedBefore) {
  Joining story(true);
  ServeBothHistories(story);
  EXPECT_EQ(Excepted(story, Invariant::kOffsetUnique, Exception::kForgottenJoin), 1u);
  EXPECT_EQ(story.truth.invariants.violated(), 0u);
}

TEST(ForgottenJoin, TwoValuesOfALeaderThatHasForgottenNothingAreNotExcepted) {
  Joining story(false);
  ServeBothHistories(story);
  EXPECT_EQ(story.Violated(Invariant::kOffsetUnique), 1u);
}

TEST(CandidateComplete, ARestartedMemberIsLookedAtWhenItHasRegistered) {
  Story story;
  story.Committed();
  story.LosePower(1, 0);
  story.Start(1);
  story.Record(0, Election::kNone, 0, story.in_sync);
  EXPECT_EQ(story.Violated(Invariant::kCandidateComplete), 0u);
  story.Register(1, 2);
  EXPECT_EQ(story.Violated(Invariant::kCandidateComplete), 1u);
}

TEST(StableRead, AServedRecordIsMissingUnderTheNextLeader) {
  Story story;
  story.Committed();
  story.Serve(0, 0, 1);
  story.Truncate(1, 0);
  story.Elect(1, Election::kFromIsr, 1, Story::Set({1, 2}));
  EXPECT_EQ(story.Violated(Invariant::kStableRead), 1u);
}

TEST(OffsetUnique, OneOffsetIsServedWithTwoValues) {
  Story story;
  story.Committed();
  story.Serve(0, 0, 1);
  story.Serve(0, 0, 1);
  EXPECT_EQ(story.Violated(Invariant::kOffsetUnique), 0u);
  story.Truncate(1, 0);
  story.Append(1, story.Send(), 1);
  story.Serve(1, 0, 1);
  EXPECT_EQ(story.Violated(Invariant::kOffsetUnique), 1u);
}

TEST(ReadLimit, AConsumerIsServedAboveTheWatermark) {
  Story story;
  story.Committed();
  story.Append(0, story.Send());
  story.Serve(0, 0, 1);
  EXPECT_EQ(story.Violated(Invariant::kReadLimit), 0u);
  story.Serve(0, 1, 2);
  EXPECT_EQ(story.Violated(Invariant::kReadLimit), 1u);
}

TEST(NoDup, ABatchIsWrittenTwiceIntoOneLog) {
  Story story;
  const auto batch = story.Committed();
  story.Append(0, batch);
  EXPECT_EQ(story.Violated(Invariant::kNoDup), 1u);
}

TEST(NoDup, ARetryAtALeaderThatLacksItIsNone) {
  Story story;
  const auto batch = story.Send();
  story.Append(0, batch);
  story.Elect(1, Election::kFromIsr, 1, Story::Set({1, 2}));
  story.Append(1, batch, 1);
  EXPECT_EQ(story.Violated(Invariant::kNoDup), 0u);
}

TEST(Fenced, ALeaderThatKnowsItWasReplacedMayNotWrite) {
  Story story;
  story.Append(0, story.Send());
  story.Record(1, Election::kFromIsr, 1, Story::Set({1, 2}));
  story.Append(0, story.Send());  // does not know yet
  EXPECT_EQ(story.Violated(Invariant::kFenced), 0u);
  story.Follow(0, 1, 1);
  story.Append(0, story.Send());
  EXPECT_EQ(story.Violated(Invariant::kFenced), 1u);
}

TEST(Fenced, AFollowerOfAnEarlierEpochMayNotMoveTheWatermark) {
  Story story;
  story.Elect(1, Election::kFromIsr, 1, Story::Set({1, 2}));
  story.SayBroker(1,
                  notes::FollowerFetched{
                      .partition = Story::kPartition, .follower = {2}, .from = {0}, .epoch = {1}});
  EXPECT_EQ(story.Violated(Invariant::kFenced), 1u);
  story.Follow(2, 1, 1);
  story.SayBroker(1,
                  notes::FollowerFetched{
                      .partition = Story::kPartition, .follower = {2}, .from = {0}, .epoch = {1}});
  EXPECT_EQ(story.Violated(Invariant::kFenced), 1u);
}

// A recovery point says up to where a log is flushed (KB:S-4).
TEST(HonestFlush, ARecoveryPointAboveWhatTheDriveHas) {
  Story story;
  story.Committed();
  story.Committed();
  story.Say({}, sim::notes::WrittenBack{.host = Story::HostOf(0),
                                        .file = {0},
                                        .from = 0,
                                        .to = Story::kBatchBytes,
                                        .how = sim::StorageReportKind::kFlushed});
  story.FlushedTo(0, 1);
  EXPECT_EQ(story.Violated(Invariant::kHonestFlush), 0u);
  story.FlushedTo(0, 2);
  EXPECT_EQ(story.Violated(Invariant::kHonestFlush), 1u);
}

TEST(HonestRecovery, ATornTailIsKept) {
  Story story;
  story.Committed();
  story.LosePower(1, 0);
  story.SayBroker(
      1,
      notes::Recovered{
          .partition = Story::kPartition, .end = {1}, .bytes_scanned = 0, .high_watermark = {0}});
  EXPECT_EQ(story.Violated(Invariant::kHonestRecovery), 1u);
}

TEST(MinIsr, TheWatermarkMovesWithTooFewInSync) {
  Story story;
  story.Append(0, story.Send());
  story.Watermark(0, 1, Story::Set({0}));
  EXPECT_EQ(story.Violated(Invariant::kMinIsr), 1u);
  EXPECT_EQ(story.TrueWatermark().value, 0);  // the ledger does not believe it
}

// b1 fetches, the watermark moves, and b1's fetch is answered, all within one event.
void FetchAndAnswer(Story& story, bool waited) {
  story.Write(story.Send(), 0, {1, 2});
  story.SayBroker(0,
                  notes::FollowerFetched{
                      .partition = Story::kPartition, .follower = {1}, .from = {1}, .epoch = {0}});
  story.SayToo(Story::Broker(0), notes::HighWatermark{.partition = Story::kPartition,
                                                      .to = {1},
                                                      .from = {0},
                                                      .isr = story.in_sync,
                                                      .epoch = {0}});
  story.SayToo(Story::Broker(0), notes::FetchAnswered{.partition = Story::kPartition,
                                                      .follower = {1},
                                                      .from = {1},
                                                      .to = {2},
                                                      .waited = waited});
  story.FollowerWatermark(1, 1);
}

TEST(FollowerWatermark, AnAnswerAtOnceCarriesTheWatermarkFromBeforeTheFetch) {
  Story story;
  FetchAndAnswer(story, false);
  EXPECT_EQ(story.Violated(Invariant::kFollowerWatermark), 1u);
}

// KB:R-18: a parked fetch is read anew when it is answered, be it within the event that parked it.
TEST(FollowerWatermark, AParkedFetchCarriesTheWatermarkOfItsAnswer) {
  Story story;
  FetchAndAnswer(story, true);
  EXPECT_EQ(story.Violated(Invariant::kFollowerWatermark), 0u);
}

TEST(AckedDurable, AnAcknowledgedRecordIsGoneAtTheEnd) {
  Story story;
  story.Committed();
  story.Truncate(1, 0);
  story.Elect(1, Election::kFromIsr, 1, Story::Set({1, 2}));
  story.Finish();
  EXPECT_EQ(story.Violated(Invariant::kAckedDurable), 1u);
}

}  // namespace
}  // namespace kafka::ledger
