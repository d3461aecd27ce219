// The leader: produce, watermark, ISR, long polls, inline flush.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/broker_fixture.h"

namespace kafka::broker {
namespace {

using testing::SizeIs;

TEST(Leader, AcksOneIsAnsweredFromThePageCache) {
  Rig rig;
  rig.Start();
  ASSERT_TRUE(rig.partition().leads());
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kWrite), SizeIs(1));
  const auto sent = rig.SentOf<ProduceResponse>();
  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_EQ(sent[0].item.error, Error::kNone);
  EXPECT_EQ(rig.partition().high_watermark, Offset{0});
}

// KB, P-56: the fetch that commits a record is not told so.
TEST(Leader, AFollowerLearnsTheWatermarkFromBeforeItsOwnFetch) {
  Rig rig;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kAll);
  EXPECT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(0));
  rig.Produce(2, rig.MakeBatch(), Acks::kLeader);
  rig.FollowerFetch(kB2, 0);
  rig.FollowerFetch(kB3, 0);
  rig.FollowerFetch(kB2, 1);
  EXPECT_EQ(rig.partition().high_watermark, Offset{0});
  rig.FollowerFetch(kB3, 1);
  EXPECT_EQ(rig.partition().high_watermark, Offset{1});
  EXPECT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(1));
  const auto fetched = rig.SentOf<FetchResponse>();
  ASSERT_THAT(fetched, SizeIs(1));
  EXPECT_EQ(fetched[0].item.count, 1u);
  EXPECT_EQ(fetched[0].item.high_watermark, Offset{0});
}

TEST(Leader, TheOrderIsAppendWriteNoteWatermarkAnswerConsumers) {
  Rig rig;
  rig.setup.partitions[0].replicas = {kB1};
  rig.tables.metadata.back().isr = BrokerSet::Of(kB1);
  rig.Start();
  rig.ConsumerFetch(9, 0);
  EXPECT_THAT(rig.SentOf<FetchResponse>(), SizeIs(0));
  rig.Produce(1, rig.MakeBatch(), Acks::kAll);
  std::vector<std::string> kinds;
  for (const sim::Note& note : rig.out.notes()) kinds.push_back(Notes::NameOf(note.kind));
  EXPECT_THAT(kinds, testing::ElementsAre("appended", "high_watermark", "acknowledged", "served"));
}

// What the topic does not set, a leader takes from its own settings (KB:8), whatever the controller
// counts with.
TEST(Leader, JudgesByItsOwnMinInsyncReplicas) {
  for (const int32_t own : {1, 2}) {
    Rig rig;
    TopicSetup& topic = rig.setup.topics[0];
    topic.settings.min_insync_replicas = 3 - own;
    topic.on_brokers.assign(3, topic.settings);
    topic.on_brokers[kB1.value].min_insync_replicas = own;
    rig.tables.metadata.back().isr = BrokerSet::Of(kB1);
    rig.Start();
    rig.Produce(1, rig.MakeBatch(), Acks::kAll);
    ASSERT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(1));
    EXPECT_EQ(rig.SentOf<ProduceResponse>()[0].item.error,
              own == 1 ? Error::kNone : Error::kNotEnoughReplicas);
  }
}

// Only acks=all asks for enough replicas (KB:P-11, P-12); the watermark always does (KB:R-30).
TEST(Leader, BelowMinIsrNothingMovesAndOnlyAcksAllIsRefused) {
  Rig rig;
  rig.setup.topics[0].settings.min_insync_replicas = 2;
  rig.tables.metadata.back().isr = BrokerSet::Of(kB1);
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kAll);
  ASSERT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(1));
  EXPECT_EQ(rig.SentOf<ProduceResponse>()[0].item.error, Error::kNotEnoughReplicas);
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  EXPECT_EQ(rig.SentOf<ProduceResponse>()[0].item.error, Error::kNone);
  EXPECT_EQ(rig.partition().log.end, Offset{1});
  EXPECT_EQ(rig.partition().high_watermark, Offset{0});
  rig.setup.mutant = Mutant::kWatermarkIgnoresMinIsr;
  rig.Pass(sim::Seconds(40));  // nobody is nearly caught up any more
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  EXPECT_EQ(rig.partition().high_watermark, Offset{2});
}

// KB: the new member counts before the controller has said so.
TEST(Leader, AReplicaAtTheEpochStartIsProposedAndCountsAtOnce) {
  Rig rig;
  rig.tables.metadata.back().isr = {0b011};
  rig.Start();
  rig.Call(OnConnected, rig.broker.process.links[kAlterations].connection, sim::Connected{});
  rig.FollowerFetch(kB2, 0);
  rig.FollowerFetch(kB3, 0);
  const auto asked = rig.SentOf<AlterPartitionRequest>();
  ASSERT_THAT(asked, SizeIs(1));
  EXPECT_EQ(asked[0].item.isr, BrokerSet{0b111});
  EXPECT_EQ(asked[0].item.member_epochs[kB3.value], 4);
  EXPECT_EQ(asked[0].item.member_epochs[kB1.value], 0);  // its own as well
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  rig.FollowerFetch(kB2, 1);
  EXPECT_EQ(rig.partition().high_watermark, Offset{0});  // b3 holds it
  rig.FollowerFetch(kB3, 1);
  EXPECT_EQ(rig.partition().high_watermark, Offset{1});
}

TEST(Leader, WhoDoesNotReachTheEpochStartIsNotProposed) {
  Rig rig;
  rig.Start();
  for (int i = 0; i < 3; ++i) rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  rig.AddPartitionRecord(kB2, 0b011, 1, 1);
  rig.AddPartitionRecord(kB1, 0b011, 2, 2);  // KB:R-9: seen as one change
  rig.Apply();
  ASSERT_TRUE(rig.partition().leads());
  EXPECT_EQ(rig.partition().epoch_start, Offset{3});
  rig.FollowerFetch(kB3, 2, 2);
  EXPECT_FALSE(rig.partition().isr.pending());
  rig.FollowerFetch(kB3, 3, 2);
  EXPECT_TRUE(rig.partition().isr.pending());
}

// The broker epoch of a fetch must be the one that the leader knows (KB: ).
TEST(Leader, AFetchOfAnIncarnationThatIsGoneDoesNotCount) {
  Rig rig;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  rig.stale_epochs = true;
  rig.FollowerFetch(kB3, 1);
  ASSERT_THAT(rig.SentOf<FetchResponse>(), SizeIs(1));
  EXPECT_EQ(rig.SentOf<FetchResponse>()[0].item.error, Error::kNotLeaderOrFollower);
  EXPECT_EQ(rig.partition().remotes[1].log_end, Offset::Unknown());
  rig.FollowerFetch(kB3, 0);  // for which there is something to read
  EXPECT_EQ(rig.SentOf<FetchResponse>().at(0).item.count, 0u);
}

// KB: asked after the lag; until it is confirmed the leaving member counts.
TEST(Leader, AFollowerThatIsSilentWhileRecordsComeIsProposedToLeave) {
  Rig rig;
  rig.Start();
  rig.Call(OnConnected, rig.broker.process.links[kAlterations].connection, sim::Connected{});
  rig.FollowerFetch(kB2, 0);
  rig.FollowerFetch(kB3, 0);
  rig.Pass(sim::Seconds(40));
  rig.Fire(kIsrTimer);
  EXPECT_FALSE(rig.partition().isr.pending());  // idle: equal log ends are caught up
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  rig.Client(101);
  rig.FollowerFetch(kB2, 1);
  rig.Fire(kIsrTimer);
  const auto asked = rig.SentOf<AlterPartitionRequest>();
  ASSERT_THAT(asked, SizeIs(1));
  EXPECT_EQ(asked[0].item.isr, BrokerSet{0b011});
  EXPECT_EQ(rig.partition().high_watermark, Offset{0});
  AlterPartitionResponse::Item answer{.partition = kOrders,
                                      .isr = {0b011},
                                      .leader = kB1,
                                      .leader_epoch = {0},
                                      .partition_epoch = {1}};
  rig.Call(OnAlterPartitionResponse, asked[0].connection,
           AlterPartitionResponse{.correlation = asked[0].body.correlation}, {answer});
  EXPECT_EQ(rig.partition().high_watermark, Offset{1});
}

// Kafka's own race (docs/fidelity.md). KB:R-2: the answer to an AlterPartition is here before the
// metadata of it; b3's proposal, made in between, is forgotten when that metadata is applied, and
// while its request is under way (KB:R-26) the watermark does not wait for b3.
struct ProposedInTheGap : testing::Test {
  void Propose() {
    rig.tables.metadata.back().isr = BrokerSet::Of(kB1);
    rig.Start();
    rig.Call(OnConnected, rig.broker.process.links[kAlterations].connection, sim::Connected{});
    for (int i = 0; i < 2; ++i) rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
    ASSERT_EQ(rig.partition().high_watermark, Offset{2});
    rig.FollowerFetch(kB2, 2);
    asked = rig.SentOf<AlterPartitionRequest>();
    ASSERT_THAT(asked, SizeIs(1));
    rig.Produce(1, rig.MakeBatch(), Acks::kLeader);  // held by b2
    rig.Call(OnAlterPartitionResponse, asked[0].connection,
             AlterPartitionResponse{.correlation = asked[0].body.correlation}, {answer});
    rig.FollowerFetch(kB3, 2);
    asked = rig.SentOf<AlterPartitionRequest>();
    ASSERT_THAT(asked, SizeIs(1));
    EXPECT_EQ(asked[0].item.isr, BrokerSet{0b111});
    rig.FollowerFetch(kB2, 3);
    EXPECT_EQ(rig.partition().high_watermark, Offset{2});  // held by b3
  }
  Rig rig;
  std::vector<Rig::Sent<AlterPartitionRequest>> asked;
  AlterPartitionResponse::Item answer{.partition = kOrders,
                                      .isr = {0b011},
                                      .leader = kB1,
                                      .leader_epoch = {0},
                                      .partition_epoch = {1}};
};

TEST_F(ProposedInTheGap, MetadataOfAnEqualEpochMakesALeaderForgetWhomItProposed) {
  Propose();
  rig.AddPartitionRecord(kB1, 0b011, 0, 1);
  rig.Apply();
  ASSERT_THAT(rig.NotesOf<notes::ProposalForgotten>(), SizeIs(1));
  EXPECT_EQ(rig.NotesOf<notes::ProposalForgotten>()[0].proposed, BrokerSet{0b111});
  EXPECT_FALSE(rig.partition().isr.pending());
  EXPECT_EQ(rig.partition().high_watermark, Offset{3});  // b3 has two
  rig.FollowerFetch(kB3, 3);
  EXPECT_FALSE(rig.partition().isr.pending());  // KB:R-26: its first request is not answered
  answer.isr = {0b111};
  answer.partition_epoch = {2};
  rig.Call(OnAlterPartitionResponse, asked[0].connection,
           AlterPartitionResponse{.correlation = asked[0].body.correlation}, {answer});
  EXPECT_EQ(rig.partition().isr.committed, BrokerSet{0b011});  // KB:R-27: no longer its proposal
}

// The remedy: its own proposal is no news to it, and the watermark waits for b3.
TEST_F(ProposedInTheGap, KeptItIsWaitedFor) {
  rig.setup.mutant = Mutant::kKeepPendingIsr;
  Propose();
  rig.AddPartitionRecord(kB1, 0b011, 0, 1);
  rig.Apply();
  EXPECT_THAT(rig.NotesOf<notes::ProposalForgotten>(), SizeIs(0));
  EXPECT_TRUE(rig.partition().isr.pending());
  EXPECT_EQ(rig.partition().high_watermark, Offset{2});
  answer.isr = {0b111};
  answer.partition_epoch = {2};
  rig.Call(OnAlterPartitionResponse, asked[0].connection,
           AlterPartitionResponse{.correlation = asked[0].body.correlation}, {answer});
  EXPECT_EQ(rig.partition().isr.committed, BrokerSet{0b111});
}

// KB:R-26: a request that goes out again carries the members' epochs of the proposal. b3 has lost
// its power and come back meanwhile: the controller must see that somebody else was meant.
TEST(Leader, AProposalThatGoesOutAgainIsAsItWasMade) {
  Rig rig;
  rig.tables.metadata.back().isr = {0b011};
  rig.Start();
  const auto link = [&] { return rig.broker.process.links[kAlterations].connection; };
  rig.Call(OnConnected, link(), sim::Connected{});
  rig.FollowerFetch(kB3, 0);
  ASSERT_THAT(rig.SentOf<AlterPartitionRequest>(), SizeIs(1));
  EXPECT_EQ(rig.SentOf<AlterPartitionRequest>()[0].item.member_epochs[kB3.value], 4);
  rig.broker.process.brokers[kB3.value].epoch = {9};
  rig.FollowerFetch(kB3, 0);
  EXPECT_EQ(rig.partition().remotes[1].epoch, BrokerEpoch{9});
  rig.Call(OnDisconnected, link(), sim::Disconnected{});
  rig.Fire(kReconnectTimer, kBrokerRole, kAlterations);
  rig.Call(OnConnected, link(), sim::Connected{});
  ASSERT_THAT(rig.SentOf<AlterPartitionRequest>(), SizeIs(1));
  EXPECT_EQ(rig.SentOf<AlterPartitionRequest>()[0].item.member_epochs[kB3.value], 4);
}

// What still waits when the time is up is answered as it stands (KB:P-52, P-57).
TEST(Leader, TimeRunningOutAnswersWhatStandsThere) {
  Rig rig;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kAll);
  rig.Pass(sim::Seconds(30));
  rig.Fire(kProduceTimer);
  ASSERT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(1));
  EXPECT_EQ(rig.SentOf<ProduceResponse>()[0].item.error, Error::kRequestTimedOut);
  EXPECT_EQ(rig.SentOf<ProduceResponse>()[0].item.base, Offset::Unknown());
  EXPECT_EQ(rig.partition().log.end, Offset{1});
}

TEST(Leader, DeposedWhileARequestWaits) {
  Rig rig;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kAll);
  rig.AddPartitionRecord(kB2, 0b011, 1, 1);
  rig.Apply();
  ASSERT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(1));
  EXPECT_EQ(rig.SentOf<ProduceResponse>()[0].item.error, Error::kNotLeaderOrFollower);
  EXPECT_EQ(rig.SentOf<ProduceResponse>()[0].item.leader_hint, kB2);
}

// acks=0 has no answer to put an error into (KB:P-3).
TEST(Leader, AcksNoneIsNeverAnsweredAndAnErrorClosesTheConnection) {
  Rig rig;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kNone);
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kDone), SizeIs(1));
  rig.setup.topics[0].settings.max_message_bytes = 10;
  rig.Produce(1, rig.MakeBatch(), Acks::kNone);
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kClose), SizeIs(1));
  EXPECT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(0));
  EXPECT_THAT(rig.broker.process.clients, SizeIs(0));
}

// Long polls: in parked order, and only those that the event concerns.
TEST(LongPoll, AnAppendWakesFollowersOnly) {
  Rig rig;
  rig.Start();
  rig.ConsumerFetch(9, 0);
  rig.FollowerFetch(kB3, 0);
  rig.FollowerFetch(kB2, 0);
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  const auto sent = rig.SentOf<FetchResponse>();
  ASSERT_THAT(sent, SizeIs(2));
  EXPECT_EQ(sent[0].connection, rig.Client(100u + kB3.value));
  EXPECT_THAT(rig.broker.process.fetches, SizeIs(1));
  rig.Call(OnDisconnected, rig.Client(9), sim::Disconnected{});
  EXPECT_THAT(rig.broker.process.fetches, SizeIs(0));
  EXPECT_THAT(rig.broker.process.fetch_items, SizeIs(0));
}

// KB:X-2: the follower knew first; while this broker applies the record of the new epoch, under the
// partition's lock, the fetch waits for it. Before the record has arrived it is refused (KB:R-11).
TEST(Leader, AFetchOfTheEpochThatIsBeingAppliedWaitsForIt) {
  Rig rig;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  rig.FollowerFetch(kB2, 0, 1);
  EXPECT_EQ(rig.SentOf<FetchResponse>().at(0).item.error, Error::kUnknownLeaderEpoch);
  rig.PublishLater(kB1, 0b011, 1, 1);
  Process& process = rig.broker.process;
  rig.FollowerFetch(kB3, 0, 2);  // of a later one, of which nothing has arrived
  EXPECT_EQ(rig.SentOf<FetchResponse>().at(0).item.error, Error::kUnknownLeaderEpoch);
  rig.FollowerFetch(kB2, 0, 1);
  EXPECT_THAT(rig.SentOf<FetchResponse>(), SizeIs(0));
  rig.Fire(kMetadataTimer);
  ASSERT_THAT(rig.SentOf<FetchResponse>(), SizeIs(1));
  EXPECT_EQ(rig.SentOf<FetchResponse>()[0].item.count, 1u);
  EXPECT_THAT(process.queue, SizeIs(0));
}

TEST(Leader, EveryFieldIsHashed) {
  Rig a;
  a.Start();
  Rig b;
  b.Start();
  EXPECT_EQ(a.broker, b.broker);
  b.Produce(1, b.MakeBatch(), Acks::kAll);
  EXPECT_FALSE(a.broker == b.broker);
}

}  // namespace
}  // namespace kafka::broker
