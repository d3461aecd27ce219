// Rule 3d of docs/promise.md: a disk that was replaced by an empty one.
#include <gtest/gtest.h>

#include "tests/model/ledger_story.h"

namespace kafka::ledger {
namespace {

using kafka::Election;

TEST(PromiseDisk, TheLastElectableCopyGoesWithItsDisk) {
  Story story;
  story.Committed();
  for (const int broker : {0, 1, 2}) story.LoseDisk(broker);
  story.Record(-1, Election::kLeaderless, 1, {}, {}, 2);
  story.Elect(2, Election::kLastKnownLeader, 2, Story::Set({2}));

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.loss_class, LossClass::kOutsidePromise);
  EXPECT_EQ(finding.leaf, Leaf::kMediumLost);
  EXPECT_EQ(finding.mechanism, Mechanism::kDiskLost);
  EXPECT_EQ(finding.lost_unsynced.size(), 3u);
}

// Whoever comes back with an empty disk is in no ISR (KB:C-4): no fault explains that it leads.
TEST(PromiseDisk, AMemberThatLostItLeadsWhileOthersAreIntact) {
  Story story({.mutant = kafka::Mutant::kRestartedStaysInIsr});
  story.Committed();
  story.LoseDisk(1);
  story.Start(1);
  story.Kill(0);
  story.Elect(1, Election::kFromIsr, 1, Story::Set({1, 2}));
  story.Truncate(0, 0);
  story.Truncate(2, 0);

  const Finding finding = OnlyFinding(story);
  EXPECT_EQ(finding.loss_class, LossClass::kPromiseBroken);
  EXPECT_EQ(finding.leaf, Leaf::kUnsynced);
}

}  // namespace
}  // namespace kafka::ledger
