// A broker that learns of another leader, or that it is one (KB:R-2..R-9).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/follower_fixture.h"

namespace kafka::broker {
namespace {

using sim::Milliseconds;
using sim::Seconds;
using testing::SizeIs;

// KB: it has not heard of them yet, and that is not their fault.
TEST(Leadership, ANewLeaderGivesTheMembersOfItsIsrTheWholeLag) {
  FollowerRig rig;
  rig.Copy(0, 0, 0);
  rig.ConnectAlterations();
  rig.Pass(Seconds(100));
  rig.AddPartitionRecord(kB2, 0b110, 1, 1);
  rig.Apply();
  rig.Pass(Seconds(30));  // replica.lag.time.max.ms, and not a moment more
  rig.Fire(kIsrTimer);
  EXPECT_FALSE(rig.partition().isr.pending());
  rig.Pass(Milliseconds(1));
  rig.Fire(kIsrTimer);
  EXPECT_TRUE(rig.partition().isr.pending());
  EXPECT_EQ(rig.partition().isr.proposed, BrokerSet::Of(kB2));
}

// The same in a new epoch of its own: who was about to leave has the time again.
TEST(Leadership, ANewEpochOfTheSameLeaderGivesThemTheWholeLagAgain) {
  Rig rig;
  rig.Start();
  rig.FollowerFetch(kB2, 0);
  rig.FollowerFetch(kB3, 0);
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  rig.Pass(Seconds(40));
  rig.AddPartitionRecord(kB1, 0b111, 1, 1);
  rig.Apply();
  rig.Fire(kIsrTimer);
  EXPECT_FALSE(rig.partition().isr.pending());
}

// KB:R-6: its fetcher goes first.
TEST(Leadership, ANewLeaderFetchesNoMore) {
  FollowerRig rig;
  rig.Copy(0, 0, 0);
  const Link link = rig.broker.process.fetchers[0].link;
  rig.AddPartitionRecord(kB2, 0b110, 1, 1);
  rig.Apply();
  EXPECT_THAT(rig.broker.process.fetchers, SizeIs(0));
  ASSERT_THAT(rig.EffectsOf(sim::EffectKind::kClose), SizeIs(1));
  EXPECT_EQ(rig.EffectsOf(sim::EffectKind::kClose)[0].connection, link.connection);
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kCancelTimer), SizeIs(1));
}

// KB:R-2, P-57: the ISR that metadata brings may be the leader alone.
TEST(Leadership, AloneInItsIsrALeaderCommitsAndAnswersWhatWaited) {
  Rig rig;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kAll);
  rig.ConsumerFetch(9, 0);
  rig.AddPartitionRecord(kB1, 0b001, 0, 1);
  rig.Apply();
  EXPECT_EQ(rig.partition().high_watermark, Offset{1});
  ASSERT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(1));
  EXPECT_EQ(rig.SentOf<ProduceResponse>()[0].item.error, Error::kNone);
  EXPECT_THAT(rig.SentOf<FetchResponse>(), SizeIs(1));
}

// Only a new leader epoch restarts a fetcher (KB:R-8).
TEST(Leadership, AnotherIsrAloneDisturbsNoFollower) {
  FollowerRig rig;
  rig.AddPartitionRecord(kB1, 0b011, 0, 1);
  rig.Apply();
  EXPECT_THAT(rig.out.effects(), SizeIs(0));
  EXPECT_THAT(rig.NotesOf<notes::BecameFollower>(), SizeIs(0));
  rig.Copy(0, 0, 0);
  EXPECT_EQ(rig.partition().log.end, Offset{1});
}

// KB:R-6, last step.
TEST(Leadership, WhoWaitsAtADeposedLeaderIsSentElsewhere) {
  Rig rig;
  rig.Start();
  rig.FollowerFetch(kB3, 0);
  rig.ConsumerFetch(9, 0);
  rig.AddPartitionRecord(kB2, 0b110, 1, 1);
  rig.Apply();
  const auto sent = rig.SentOf<FetchResponse>();
  ASSERT_THAT(sent, SizeIs(2));
  EXPECT_EQ(sent[0].item.error, Error::kFencedLeaderEpoch);    // it said in which epoch it asks
  EXPECT_EQ(sent[1].item.error, Error::kNotLeaderOrFollower);  // a consumer without one
  EXPECT_EQ(sent[1].item.leader_hint, kB2);
}

// KB:R-7: nobody is asked who is not there, and nobody else in his place.
TEST(Leadership, AFollowerOfADeadLeaderDoesNotFetch) {
  FollowerRig rig;
  rig.AddBrokerRecord(MetadataRecord::Kind::kFence, kB3);
  rig.AddPartitionRecord(kB3, 0b111, 1, 1);
  rig.Apply();
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kConnect), SizeIs(0));
  EXPECT_THAT(rig.broker.process.fetchers, SizeIs(0));
}

// KB:R-7: in controlled shutdown only members of the ISR go on.
TEST(Leadership, WhoLeavesAndIsOutOfTheIsrStopsFetching) {
  for (const bool leaves : {true, false}) {
    FollowerRig rig;
    if (leaves) rig.broker.process.phase = Process::Phase::kLeaving;
    rig.AddPartitionRecord(kB1, 0b111, 0, 1);
    rig.Apply();
    EXPECT_THAT(rig.broker.process.fetchers, SizeIs(1));
    rig.AddPartitionRecord(kB1, 0b101, 0, 2);
    rig.Apply();
    EXPECT_THAT(rig.broker.process.fetchers, SizeIs(leaves ? 0 : 1));
  }
}

}  // namespace
}  // namespace kafka::broker
