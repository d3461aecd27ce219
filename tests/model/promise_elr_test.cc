// Eligible leader replicas are named as the cure where they would have kept a replica that has the
// message, and nowhere else (KB:E-12, KB:E-13).
#include <gtest/gtest.h>

#include "tests/model/ledger_story.h"

namespace kafka::ledger {
namespace {

using kafka::Election;

// b0 leads alone, loses its cache, and is elected again, since it is the last of the ISR (KB:E-8).
// b1 has what is lost.
struct LeftAlone : Story {
  explicit LeftAlone(int min_isr, uint8_t replicas = 2)
      : Story({.min_isr = min_isr, .replicas = replicas, .elr = false}) {}

  void Commit(std::initializer_list<int> followers) {
    const kafka::BatchId batch = Send();
    Write(batch, 0, followers);
    Watermark(0, 1, in_sync);
    Told(batch);
  }
  void Leaves(int broker) {
    in_sync = in_sync - Set({broker});
    Record(0, Election::kNone, 0, in_sync);
  }
  void Joins(int broker) {
    in_sync = in_sync.With({static_cast<uint8_t>(broker)});
    Record(0, Election::kNone, 0, in_sync);
  }
  // The engine says of every process that it ended, in the event of its exit.
  void StopAndEnd(int broker) {
    Stop(broker);
    SayToo(Broker(broker), sim::notes::ProcessKilled{.host = HostOf(broker), .incarnation = 1});
  }
  Cure CureOfItsLoss() {
    LosePower(0, 0);
    Record(-1, Election::kLeaderless, 1, Set({0}));
    Elect(0, Election::kFromIsr, 2, Set({0}));
    for (int i = 1; i < static_cast<int>(setup.partitions[0].replicas.size()); ++i) Truncate(i, 0);
    const Verdict verdict = Finish();
    EXPECT_EQ(verdict.findings.size(), 1u);
    if (verdict.findings.empty()) return Cure::kNone;
    EXPECT_EQ(verdict.findings[0].mechanism, Mechanism::kSoleMemberLostCache);
    EXPECT_EQ(verdict.findings[0].leaf, Leaf::kUnsynced);
    return verdict.findings[0].cure;
  }
};

TEST(ElrAsACure, WhoLeftAnIsrThatWasTooSmallIsWaitedFor) {
  LeftAlone story(2);
  story.Commit({1});
  story.Leaves(1);
  EXPECT_EQ(story.CureOfItsLoss(), Cure::kElrOn);
}

TEST(ElrAsACure, AStopInOrderKeepsItsPlace) {
  LeftAlone story(2);
  story.Commit({1});
  story.StopAndEnd(1);
  story.Leaves(1);
  EXPECT_EQ(story.CureOfItsLoss(), Cure::kElrOn);
}

TEST(ElrAsACure, WhoWasKilledIsThrownOutWhenItRegisters) {
  LeftAlone story(2);
  story.Commit({1});
  story.Kill(1);
  story.Leaves(1);
  EXPECT_EQ(story.CureOfItsLoss(), Cure::kFlushEachMessage);
}

// The crash comes after it left: its next process says so all the same.
TEST(ElrAsACure, WhoLeftAndWasKilledThenIsThrownOutToo) {
  LeftAlone story(2);
  story.Commit({1});
  story.Leaves(1);
  story.Kill(1);
  EXPECT_EQ(story.CureOfItsLoss(), Cure::kFlushEachMessage);
}

TEST(ElrAsACure, ACrashBeforeItJoinedAgainIsForgotten) {
  LeftAlone story(2);
  story.Kill(1);
  story.Leaves(1);
  story.Start(1);
  story.Joins(1);
  story.Commit({1});
  story.Leaves(1);
  EXPECT_EQ(story.CureOfItsLoss(), Cure::kElrOn);
}

// With min.insync.replicas=1 an ISR of one is large enough, and nobody is kept beside it.
TEST(ElrAsACure, NobodyIsEligibleBesideAnIsrThatIsLargeEnough) {
  LeftAlone story(1);
  story.Commit({1});
  story.Leaves(1);
  EXPECT_EQ(story.CureOfItsLoss(), Cure::kFlushEachMessage);
}

// b2 leaves two behind, which is enough; b1, which lacks nothing, crashed: neither is waited for.
TEST(ElrAsACure, WhoLeavesEnoughBehindIsNotKept) {
  LeftAlone story(2, 3);
  story.Commit({1, 2});
  story.Leaves(2);
  story.Kill(1);
  story.Leaves(1);
  EXPECT_EQ(story.CureOfItsLoss(), Cure::kFlushEachMessage);
}

}  // namespace
}  // namespace kafka::ledger
