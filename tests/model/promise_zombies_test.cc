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
