// How a partition's record follows from what happens to its brokers (KB:E-1..E-15).
#include <gtest/gtest.h>

#include <array>

#include "model/kafka/controller/partition_change.h"

namespace kafka::controller {
namespace {

constexpr BrokerId k1{0};
constexpr BrokerId k2{1};
constexpr BrokerId k3{2};
constexpr std::array<BrokerId, 3> kAssignment{k1, k2, k3};

BrokerSet Set(std::initializer_list<BrokerId> brokers) {
  BrokerSet set;
  for (const BrokerId broker : brokers) set = set.With(broker);
  return set;
}

// A partition of [1, 2, 3] whose members come and go, told in one line a step.
class Partition {
 public:
  explicit Partition(int min_isr, bool elr = true) : min_isr_(min_isr), elr_(elr) {
    state_.leader = k1;
    state_.leader_epoch = {0};
    state_.partition_epoch = {0};
    state_.isr = Set({k1, k2, k3});
    alive_ = state_.isr;
  }

  Election Dies(BrokerId broker) {
    alive_ = alive_.Without(broker);
    return Apply(state_.isr.Without(broker), {});
  }
  Election RegistersUncleanly(BrokerId broker) {
    return Apply(state_.isr.Without(broker), BrokerSet::Of(broker));
  }
  Election Returns(BrokerId broker) {
    alive_ = alive_.With(broker);
    return Apply(state_.isr, {});
  }
  Election Joins(BrokerId broker) { return Apply(state_.isr.With(broker), {}); }
  Partition& AllowUnclean() { return unclean_ = true, *this; }

  const PartitionState& state() const { return state_; }

 private:
  Election Apply(BrokerSet target, BrokerSet unclean) {
    const ChangeResult result = Change(state_, {.target_isr = target,
                                                .unclean_shutdown = unclean,
                                                .acceptable = alive_,
                                                .assignment = kAssignment,
                                                .min_isr = min_isr_,
                                                .elr_enabled = elr_,
                                                .unclean_allowed = unclean_});
    state_ = result.state;
    return result.election;
  }

  PartitionState state_;
  BrokerSet alive_;
  int min_isr_;
  bool elr_;
  bool unclean_ = false;
};

// KB:E-19, first worked example.
TEST(PartitionChange, MembersDieOneByOneAndTheElrRemembersThem) {
  Partition p(/*min_isr=*/2);
  EXPECT_EQ(p.Dies(k1), Election::kFromIsr);
  EXPECT_EQ(p.state().isr, Set({k2, k3}));
  EXPECT_EQ(p.state().elr, Set({}));

  EXPECT_EQ(p.Dies(k2), Election::kFromIsr);
  EXPECT_EQ(p.state().isr, Set({k3}));
  EXPECT_EQ(p.state().elr, Set({k2}));

  EXPECT_EQ(p.Dies(k3), Election::kLeaderless);
  EXPECT_EQ(p.state().isr, Set({}));
  EXPECT_EQ(p.state().elr, Set({k2, k3}));
  EXPECT_EQ(p.state().last_known_leader, k3);

  EXPECT_EQ(p.Returns(k1), Election::kNone);  // left while the ISR was large enough: may lack data
  EXPECT_FALSE(p.state().leader.exists());

  EXPECT_EQ(p.Returns(k2), Election::kFromElr);
  EXPECT_EQ(p.state().leader, k2);
  EXPECT_EQ(p.state().isr, Set({k2}));
  EXPECT_EQ(p.state().elr, Set({k3}));
  EXPECT_FALSE(p.state().last_known_leader.exists());
}

TEST(PartitionChange, BothEligibleReplicasReturnUncleanlyAndTheLastKnownLeaderLeads) {
  Partition p(/*min_isr=*/2);
  p.Dies(k1);
  p.Dies(k2);
  p.Dies(k3);
  EXPECT_EQ(p.RegistersUncleanly(k2), Election::kNone);
  EXPECT_EQ(p.Returns(k2), Election::kNone);  // 3 is still eligible: wait for it (KB:E-15)
  EXPECT_EQ(p.RegistersUncleanly(k3), Election::kNone);
  EXPECT_EQ(p.state().elr, Set({}));
  EXPECT_EQ(p.Returns(k3), Election::kLastKnownLeader);  // nobody else is left: KB:E-14
  EXPECT_EQ(p.state().leader, k3);
}

// KB:E-15: 2 may come back with everything; the last known leader does not forestall it.
TEST(PartitionChange, WhileSomebodyEligibleMayReturnTheLastKnownLeaderDoesNotLead) {
  Partition p(/*min_isr=*/2);
  p.Dies(k1);
  p.Dies(k2);
  p.Dies(k3);
  p.RegistersUncleanly(k3);
  EXPECT_EQ(p.state().elr, Set({k2}));
  EXPECT_EQ(p.Returns(k3), Election::kNone);
  EXPECT_EQ(p.Returns(k2), Election::kFromElr);
}

// KB:E-19, second worked example.
TEST(PartitionChange, WithMinIsrOneTheOnlyMemberReturnsUncleanlyAndLeadsAllTheSame) {
  Partition p(/*min_isr=*/1);
  p.Dies(k2);
  p.Dies(k3);
  EXPECT_EQ(p.state().isr, Set({k1}));
  EXPECT_EQ(p.Dies(k1), Election::kLeaderless);
  EXPECT_EQ(p.state().elr, Set({k1}));
  EXPECT_EQ(p.RegistersUncleanly(k1), Election::kNone);
  EXPECT_EQ(p.state().elr, Set({}));
  EXPECT_EQ(p.Returns(k1), Election::kLastKnownLeader);
}

// KB:E-8: the last man standing.
TEST(PartitionChange, WithoutElrTheLastMemberStaysInTheIsrWhenItDies) {
  Partition p(/*min_isr=*/1, /*elr=*/false);
  p.Dies(k2);
  p.Dies(k3);
  EXPECT_EQ(p.Dies(k1), Election::kLeaderless);
  EXPECT_EQ(p.state().isr, Set({k1}));
  EXPECT_EQ(p.Returns(k2), Election::kNone);
  EXPECT_EQ(p.Returns(k1), Election::kFromIsr);  // KB:E-9: cleanly, whatever it has lost
}

// With ELR off there are no eligible leader replicas (KB:E-10).
TEST(PartitionChange, WithoutElrNobodyIsRemembered) {
  Partition p(/*min_isr=*/2, /*elr=*/false);
  p.Dies(k3);
  p.Dies(k2);
  EXPECT_EQ(p.state().isr, Set({k1}));
  EXPECT_EQ(p.state().elr, Set({}));
}

// KB:E-4: the ELR counts where the ISR is empty, and is nobody's shortcut past a member that is
// away. KB:E-14: nor is a leader that left a member behind the last known one.
TEST(PartitionChange, AnIsrWhoseMembersAreAwayGoesBeforeTheElr) {
  PartitionState state;
  state.leader = k3;
  state.isr = Set({k3});
  state.elr = Set({k2});
  const ChangeResult result = Change(state, {.target_isr = state.isr,
                                             .acceptable = Set({k1, k2}),
                                             .assignment = kAssignment,
                                             .min_isr = 2});
  EXPECT_FALSE(result.state.leader.exists());
  EXPECT_EQ(result.state.isr, Set({k3}));
  EXPECT_FALSE(result.state.last_known_leader.exists());
}

TEST(PartitionChange, UncleanElectionDoesNotWaitForEligibleReplicas) {  // KB:E-7, as seen
  Partition p(/*min_isr=*/2);
  p.Dies(k3);
  p.Dies(k1);
  p.Dies(k2);
  EXPECT_EQ(p.state().elr, Set({k1, k2}));
  p.AllowUnclean();
  EXPECT_EQ(p.Returns(k3), Election::kUnclean);
  EXPECT_EQ(p.state().leader, k3);
  EXPECT_EQ(p.state().isr, Set({k3}));
  EXPECT_EQ(p.state().elr, Set({}));
}

// A change of the ISR sets no leader (KB:E-2).
TEST(PartitionChange, ShrinkAndExpandDoNotBumpTheLeaderEpoch) {
  Partition p(/*min_isr=*/2);
  p.Dies(k3);
  EXPECT_EQ(p.state().leader_epoch, LeaderEpoch{0});
  EXPECT_EQ(p.state().partition_epoch, PartitionEpoch{1});
  p.Joins(k3);
  EXPECT_EQ(p.state().leader_epoch, LeaderEpoch{0});
  EXPECT_EQ(p.state().partition_epoch, PartitionEpoch{2});
}

// A record that would change nothing is dropped (KB:E-3).
TEST(PartitionChange, NothingNewIsNoRecord) {
  PartitionState state;
  state.leader = k1;
  state.isr = Set({k1, k2, k3});
  const ChangeResult result =
      Change(state, {.target_isr = state.isr, .acceptable = state.isr, .assignment = kAssignment});
  EXPECT_FALSE(result.changed);
}

}  // namespace
}  // namespace kafka::controller
