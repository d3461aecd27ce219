// What moves a leader's high watermark, who may join the ISR, and who must leave (KB:R-15..R-35).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/follower_fixture.h"

namespace kafka::broker {
namespace {

using sim::Milliseconds;
using sim::Seconds;
using testing::SizeIs;

// KB:P-23: behind the log's lock.
TEST(Watermark, WaitsForTheFlushThatHoldsTheLog) {
  Rig rig;
  rig.setup.topics[0].settings.flush_messages = 1;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kAll);
  rig.FollowerFetch(kB2, 1);
  rig.FollowerFetch(kB3, 1);
  EXPECT_EQ(rig.partition().high_watermark, Offset{0});
  rig.FinishFlush();
  EXPECT_EQ(rig.partition().high_watermark, Offset{1});
  EXPECT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(1));
}

// KB:R-30: counted is the committed ISR, not who has been asked for.
TEST(Watermark, AProposedMemberDoesNotMakeUpTheMinimum) {
  Rig rig;
  rig.setup.topics[0].settings.min_insync_replicas = 2;
  rig.tables.metadata.back().isr = BrokerSet::Of(kB1);
  rig.Start();
  rig.ConnectAlterations();
  rig.FollowerFetch(kB2, 0);
  const auto asked = rig.SentOf<AlterPartitionRequest>();
  ASSERT_THAT(asked, SizeIs(1));
  rig.Produce(1, rig.MakeBatch(), Acks::kAll);
  EXPECT_EQ(rig.SentOf<ProduceResponse>().at(0).item.error,
            Error::kNotEnoughReplicas);  // the committed ISR counts: KB:P-11
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  rig.FollowerFetch(kB2, 1);
  EXPECT_EQ(rig.partition().high_watermark, Offset{0});
  rig.Call(OnAlterPartitionResponse, asked[0].connection,
           AlterPartitionResponse{.correlation = asked[0].body.correlation},
           {{.partition = kOrders,
             .isr = {0b011},
             .leader = kB1,
             .leader_epoch = {0},
             .partition_epoch = {1}}});
  EXPECT_EQ(rig.partition().high_watermark, Offset{1});
}

// KB:R-30, second disjunct. b1 leads alone and has asked for b2; b3 has everything as well, and
// cannot be asked for before that is answered.
struct AboutToJoin : Rig {
  AboutToJoin() {
    tables.metadata.back().isr = BrokerSet::Of(kB1);
    Start();
    FollowerFetch(kB2, 0);
    FollowerFetch(kB3, 0);
    EXPECT_EQ(partition().isr.proposed, BrokerSet{0b011});
  }
};

TEST(Watermark, WaitsForWhoIsAboutToJoin) {
  AboutToJoin rig;
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  rig.FollowerFetch(kB2, 1);
  EXPECT_EQ(rig.partition().high_watermark, Offset{0});
  rig.FollowerFetch(kB3, 1);
  EXPECT_EQ(rig.partition().high_watermark, Offset{1});
}

TEST(Watermark, DoesNotWaitForWhoCannotJoin) {
  for (const bool fenced : {true, false}) {
    AboutToJoin rig;
    if (fenced) rig.AddBrokerRecord(MetadataRecord::Kind::kFence, kB3);
    if (!fenced) rig.Pass(Seconds(31));  // behind for longer than the lag
    rig.Apply();
    rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
    rig.FollowerFetch(kB2, 1);
    EXPECT_EQ(rig.partition().high_watermark, Offset{1});
  }
}

// KB: a fetch that brings nothing new moves nothing, though b3 is no longer waited for.
TEST(Watermark, IsNotMovedByTimeAlone) {
  AboutToJoin rig;
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  rig.FollowerFetch(kB2, 1);
  rig.Pass(Seconds(31));
  rig.FollowerFetch(kB2, 1);
  EXPECT_EQ(rig.partition().high_watermark, Offset{0});
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  EXPECT_EQ(rig.partition().high_watermark, Offset{1});
}

// The checkpoint of watermarks is written every five seconds (KB:R-60).
TEST(Watermark, AMoveIsWrittenDownAtTheNextFiveSeconds) {
  Rig rig;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  rig.Pass(Seconds(5));
  rig.Fire(kWatermarkTimer);
  EXPECT_EQ(rig.EffectsOf(sim::EffectKind::kReplace).at(0).file, kHighWatermarkFile);
  rig.Pass(Seconds(1));
  rig.FollowerFetch(kB2, 1);
  rig.FollowerFetch(kB3, 1);
  ASSERT_EQ(rig.partition().high_watermark, Offset{1});
  const sim::Duration up = rig.mono - rig.broker.process.started;
  EXPECT_EQ((up + rig.DelayOf(kWatermarkTimer)).ns % Seconds(5).ns, 0);
  EXPECT_LE(rig.DelayOf(kWatermarkTimer), Seconds(5));
}

TEST(Watermark, AFollowersMoveIsWrittenDownToo) {
  FollowerRig rig;
  rig.Copy(0, 0, 0);
  rig.Pass(Seconds(5));
  rig.Fire(kWatermarkTimer);
  rig.Answer(rig.Item(1));
  const sim::Duration up = rig.mono - rig.broker.process.started;
  EXPECT_EQ((up + rig.DelayOf(kWatermarkTimer)).ns % Seconds(5).ns, 0);
}

// KB:R-34: the leader's watermark is ahead of what this follower holds.
TEST(Watermark, AFollowersNeverPassesItsLog) {
  FollowerRig rig;
  rig.Copy(0, 0, 7);
  EXPECT_EQ(rig.partition().high_watermark, Offset{1});
}

// KB:R-15: a restarted follower has less than it had; it is not committed by what it once said.
TEST(Watermark, AFollowerThatComesBackWithLessCountsWithLess) {
  Rig rig;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  rig.FollowerFetch(kB2, 1);
  rig.FollowerFetch(kB2, 0);
  EXPECT_EQ(rig.partition().remotes[0].log_end, Offset{0});
  rig.FollowerFetch(kB3, 1);
  EXPECT_EQ(rig.partition().high_watermark, Offset{0});
}

// KB:R-15, second line: always behind, and never by more than one fetch.
TEST(Lag, WhoReachesTheEndOfItsLastFetchWasCaughtUpThen) {
  Rig rig;
  rig.Start();
  rig.FollowerFetch(kB3, 0);
  for (int i = 0; i < 4; ++i) {  // 10 s each; b2 always copies what was there a fetch ago
    rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
    rig.FollowerFetch(kB2, i);
    rig.Pass(Seconds(10));
  }
  rig.Fire(kIsrTimer);
  EXPECT_EQ(rig.partition().isr.proposed, BrokerSet{0b011});
  EXPECT_EQ(rig.partition().remotes[0].caught_up, sim::WallTime{Seconds(20).ns});
}

// KB:R-15: once it is a whole fetch behind, time counts.
TEST(Lag, WhoFallsBehindByMoreThanAFetchIsNot) {
  Rig rig;
  rig.Start();
  rig.FollowerFetch(kB2, 0);
  for (int i = 0; i < 2; ++i) rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  rig.Pass(Seconds(10));
  rig.FollowerFetch(kB2, 1);
  rig.Pass(Seconds(10));
  rig.FollowerFetch(kB2, 1);  // the last fetch found an end of 2
  EXPECT_EQ(rig.partition().remotes[0].caught_up, sim::WallTime{});
}

// KB:R-24. b1 and b2 are in; b3 asks, and has everything.
struct Outsider : Rig {
  Outsider() {
    tables.metadata.back().isr = {0b011};
    Start();
  }
};

TEST(Join, NotInControlledShutdown) {
  Outsider rig;
  rig.AddBrokerRecord(MetadataRecord::Kind::kControlledShutdown, kB3);
  rig.Apply();
  rig.FollowerFetch(kB3, 0);
  EXPECT_FALSE(rig.partition().isr.pending());
}

TEST(Join, NotFenced) {
  Outsider rig;
  rig.AddBrokerRecord(MetadataRecord::Kind::kFence, kB3);
  rig.Apply();
  rig.FollowerFetch(kB3, 0);
  EXPECT_FALSE(rig.partition().isr.pending());
}

// Its new incarnation has registered, and this one does not know it yet.
TEST(Join, NotInAnIncarnationThatIsOver) {
  Outsider rig;
  rig.broker.process.brokers[kB3.value].epoch = {9};
  rig.FollowerFetch(kB3, 0);
  EXPECT_TRUE(rig.partition().isr.pending());
  Outsider other;
  other.FollowerFetch(kB2, 0);
  other.broker.process.brokers[kB3.value].epoch = {3};  // what the fetch says is newer: wait
  other.Fetch({.replica = kB3, .replica_epoch = 4});
  EXPECT_EQ(other.partition().remotes[1].log_end, Offset{0});
  EXPECT_FALSE(other.partition().isr.pending());
}

TEST(Join, WithoutABrokerEpochItIsTakenAtItsWord) {
  Outsider rig;
  rig.Fetch({.replica = kB3});
  EXPECT_EQ(rig.partition().isr.proposed, BrokerSet{0b111});
}

// KB:R-15: fenced, it is nobody's newer incarnation.
TEST(Join, AFencedBrokersFetchStillCountsAsProgress) {
  Outsider rig;
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  rig.broker.process.brokers[kB3.value] = {.epoch = {9}, .fenced = true};
  rig.stale_epochs = true;
  rig.FollowerFetch(kB3, 0);
  EXPECT_EQ(rig.SentOf<FetchResponse>().at(0).item.error, Error::kNone);
  EXPECT_EQ(rig.partition().remotes[1].log_end, Offset{0});
}

}  // namespace
}  // namespace kafka::broker
