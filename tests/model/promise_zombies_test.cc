// A leader that does not know yet that it has been replaced acknowledges acks=all: it finds a fetch
// that was sent before the follower lost its power.
#include <gtest/gtest.h>

#include "tests/model/ledger_story.h"

namespace kafka::ledger {
namespace {

using kafka::Election;

// b1 has what b0 wrote, loses its power, and is elected again with less.
struct Zombie : Story {
  explicit Zombie(bool elr) : Story({.acks = kafka::Acks::kAll, .min_isr = 2, .elr = elr}) {
    Record(0, Election::kNone, 0, Set({0, 1}));
    batch = Send();
    Write(batch, 0, {1});
    LosePower(1, 0);
  }
  void Returns() {
    Start(1);
    Register(1, 2);
  }
  Finding Acknowledged(kafka::BrokerSet view) {
    Watermark(0, 1, view);
    Told(batch);
    Follow(0, 1, 1);
    Truncate(0, 0);
    const Verdict verdict = Finish();
    EXPECT_EQ(verdict.findings.size(), 1u);
    return verdict.findings.empty() ? Finding{} : verdict.findings[0];
  }
  kafka::BatchId batch;
};

TEST(PromiseZombie, AcknowledgesWhatTheOnlyMemberLostWithItsCacheAndElrIsOff) {
  Zombie story(false);
  story.Record(-1, Election::kLeaderless, 1, Story::Set({1}));
  story.Returns();
  story.Elect(1, Election::kFromIsr, 1, Story::Set({1}));
  const Finding finding = story.Acknowledged(Story::Set({0, 1}));
  EXPECT_EQ(finding.loss_class, LossClass::kAsConfigured);
  EXPECT_EQ(finding.leaf, Leaf::kUnsynced);
  EXPECT_EQ(finding.cure, Cure::kElrOn);
}

// Nobody can be elected any more who never had it: it is committed by then, and what the last known
// leader does to it is KAFKA-15580 (docs/promise.md, 3c).
TEST(PromiseZombie, AcknowledgesWhatTheLastKnownLeaderHadAndLostWithItsCache) {
  Zombie story(true);
  story.Record(1, Election::kFromIsr, 1, Story::Set({1}));
  story.Record(-1, Election::kLeaderless, 2, {}, {}, 1);
  story.Returns();
  story.Watermark(0, 1, Story::Set({0, 1}));
  EXPECT_EQ(story.TrueWatermark().value, 1);
  story.Told(story.batch);
  story.Elect(1, Election::kLastKnownLeader, 3, Story::Set({1}));
  story.Follow(0, 1, 3);
  story.Truncate(0, 0);

  const Verdict verdict = story.Finish();
  ASSERT_EQ(verdict.findings.size(), 1u);
  EXPECT_EQ(verdict.findings[0].loss_class, LossClass::kOutsidePromise);
  EXPECT_EQ(verdict.findings[0].leaf, Leaf::kLastKnownLeader);
}

// Who may be elected must have it still.
TEST(PromiseZombie, WhatAMemberOfTheIsrHasLostIsNotCommittedByAnOldFetch) {
  Zombie story(true);
  story.Returns();
  story.Watermark(0, 1, Story::Set({0, 1}));
  EXPECT_EQ(story.TrueWatermark().value, 0);
}

// Who never had it was not waited for.
TEST(PromiseZombie, WhoNeverHadItCommitsNothing) {
  Zombie story(true);
  story.Record(1, Election::kFromIsr, 1, Story::Set({1}));
  story.Record(-1, Election::kLeaderless, 2, {}, {}, 1);
  story.Returns();
  story.Watermark(0, 1, story.in_sync);  // b2 among them
  EXPECT_EQ(story.TrueWatermark().value, 0);
}

TEST(PromiseZombie, WhileAnotherMemberHasItThePromiseIsBroken) {
  Zombie story(true);
  story.Record(0, Election::kNone, 0, Story::Set({0, 1}));
  story.Returns();
  story.Elect(1, Election::kFromIsr, 1, Story::Set({1}));  // KB:C-4 broken: b0 could be elected
  const Finding finding = story.Acknowledged(Story::Set({0, 1}));
  EXPECT_EQ(finding.loss_class, LossClass::kPromiseBroken);
}

}  // namespace
}  // namespace kafka::ledger
