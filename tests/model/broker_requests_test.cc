// What a broker answers at once and what waits: fetches, offsets, producers, request threads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/broker_fixture.h"

namespace kafka::broker {
namespace {

using sim::Milliseconds;
using sim::Seconds;
using testing::SizeIs;

// KB:R-13. The leader has epoch 0 at [0, 3) and epoch 2 at [3, 5).
struct TwoEpochs : Rig {
  TwoEpochs() {
    Start();
    for (int i = 0; i < 3; ++i) Produce(1, MakeBatch(), Acks::kLeader);
    AddPartitionRecord(kB1, 0b111, 2, 1);
    Apply();
    for (int i = 0; i < 2; ++i) Produce(1, MakeBatch(), Acks::kLeader);
  }
  FetchResponse::Item Read(int64_t offset, int32_t last_epoch, int32_t epoch = 2) {
    Fetch({.replica = kB2, .offset = offset, .epoch = epoch, .last_epoch = last_epoch});
    const auto sent = SentOf<FetchResponse>();
    return sent.size() == 1 ? sent[0].item : FetchResponse::Item{};
  }
};

TEST(Divergence, IsToldWhereTheLogsPart) {
  struct Row {
    const char* what;
    int64_t offset;
    int32_t last_epoch, epoch;
    int64_t end;
  };
  const Row rows[] = {{"beyond the end of its epoch", 4, 0, 0, 3},
                      {"of an epoch that nobody led, below the parting", 2, 1, 0, 3},
                      {"beyond the leader's end", 6, 2, 2, 5}};
  for (const Row& row : rows) {
    TwoEpochs rig;
    const FetchResponse::Item item = rig.Read(row.offset, row.last_epoch);
    EXPECT_EQ(item.diverging, 1) << row.what;
    EXPECT_EQ(item.diverging_epoch, LeaderEpoch{row.epoch}) << row.what;
    EXPECT_EQ(item.diverging_end, Offset{row.end}) << row.what;
    EXPECT_EQ(item.count, 0u) << row.what;
    EXPECT_EQ(rig.partition().remotes[0].log_end, Offset::Unknown()) << row.what;  // KB:R-15
  }
  TwoEpochs rig;
  EXPECT_EQ(rig.Read(3, 0).count, 2u);  // exactly where its epoch ends: no divergence
}

TEST(Divergence, OfALaterEpochThanTheLeadersIsOutOfRange) {
  TwoEpochs rig;
  EXPECT_EQ(rig.Read(4, 3).error, Error::kOffsetOutOfRange);
}

// KB:R-11.
TEST(FetchRefused, ByEpochByAssignmentByOffset) {
  TwoEpochs rig;
  EXPECT_EQ(rig.Read(0, -1, 1).error, Error::kFencedLeaderEpoch);
  EXPECT_EQ(rig.Read(0, -1, 3).error, Error::kUnknownLeaderEpoch);
  rig.ConsumerFetch(9, 6);
  EXPECT_EQ(rig.SentOf<FetchResponse>().at(0).item.error, Error::kOffsetOutOfRange);
  rig.ConsumerFetch(9, -1);
  EXPECT_EQ(rig.SentOf<FetchResponse>().at(0).item.error, Error::kOffsetOutOfRange);
  Rig two;
  two.setup.partitions[0].replicas = {kB1, kB2};
  two.tables.metadata.back().isr = {0b011};
  two.Start();
  two.FollowerFetch(kB3, 0);
  EXPECT_EQ(two.SentOf<FetchResponse>().at(0).item.error, Error::kUnknownLeaderEpoch);
}

// KB:P-7: the metadata of the topic has not arrived here.
TEST(UnknownTopic, IsWhatEveryRequestIsTold) {
  Rig rig;
  rig.Start();
  rig.broker.process.view[kOrders.value] = {};
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  EXPECT_EQ(rig.SentOf<ProduceResponse>().at(0).item.error, Error::kUnknownTopicOrPartition);
  rig.ConsumerFetch(1, 0);
  EXPECT_EQ(rig.SentOf<FetchResponse>().at(0).item.error, Error::kUnknownTopicOrPartition);
  rig.Call(OnListOffsets, rig.Client(1), ListOffsetsRequest{.partition = kOrders});
  EXPECT_EQ(rig.SentOf<ListOffsetsResponse>().at(0).body.error, Error::kUnknownTopicOrPartition);
}

// KB:C-34.
TEST(Metadata, NamesWhoIsAliveAndWhoLeads) {
  Rig rig;
  rig.Start();
  rig.AddBrokerRecord(MetadataRecord::Kind::kFence, kB3);
  rig.Apply();
  rig.Call(OnMetadataRequest, rig.Client(1), MetadataRequest{});
  ASSERT_THAT(rig.SentOf<MetadataResponse>(), SizeIs(1));
  EXPECT_EQ(rig.SentOf<MetadataResponse>()[0].body.alive, BrokerSet{0b011});
  EXPECT_EQ(rig.SentOf<MetadataResponse>()[0].item.leader, kB1);
}

// KB: followers are told the log's end, clients the high watermark, and not before it
// has reached where this leader began.
TEST(ListOffsets, LatestIsAnotherForFollowersAndForClients) {
  TwoEpochs rig;
  const auto latest = [&](bool is_follower) {
    rig.Call(OnListOffsets, rig.Client(1),
             ListOffsetsRequest{.partition = kOrders,
                                .which = ListOffsetsRequest::Which::kLatest,
                                .is_follower = static_cast<uint8_t>(is_follower ? 1 : 0),
                                .current_leader_epoch = {2}});
    return rig.SentOf<ListOffsetsResponse>().at(0).body;
  };
  EXPECT_EQ(latest(true).offset, Offset{5});
  EXPECT_EQ(latest(false).error, Error::kOffsetNotAvailable);
  rig.FollowerFetch(kB2, 3, 2, 0);
  rig.FollowerFetch(kB3, 3, 2, 0);
  EXPECT_EQ(latest(false).error, Error::kNone);
  EXPECT_EQ(latest(false).offset, Offset{3});
}

// KB:R-56: the end of the epoch in force is the log's, committed or not.
TEST(EpochEnd, OfTheLatestEpochIsTheLogsEnd) {
  TwoEpochs rig;
  rig.Call(OnEpochEnd, rig.Client(1),
           EpochEndRequest{.partition = kOrders, .current_leader_epoch = {2}, .epoch = {2}});
  EXPECT_EQ(rig.SentOf<EpochEndResponse>().at(0).body.end, Offset{5});
}

// ---- KB: long polls ----

TEST(LongPoll, WithoutAWaitIsAnsweredEmpty) {
  Rig rig;
  rig.Start();
  rig.Fetch({.replica = kB2, .wait = {}});
  EXPECT_THAT(rig.SentOf<FetchResponse>(), SizeIs(1));
}

TEST(LongPoll, WaitsForItsLeastBytes) {
  Rig rig;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  rig.Fetch({.replica = kB2, .bytes_min = 250});
  EXPECT_THAT(rig.SentOf<FetchResponse>(), SizeIs(0));
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  EXPECT_THAT(rig.SentOf<FetchResponse>(), SizeIs(0));
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  EXPECT_EQ(rig.SentOf<FetchResponse>().at(0).item.count, 3u);
}

TEST(LongPoll, AShorterOneBehindALongerOneIsOverFirst) {
  Rig rig;
  rig.Start();
  rig.Fetch({.replica = kB2, .wait = Milliseconds(500)});
  rig.Fetch({.replica = kB3, .wait = Milliseconds(100)});
  EXPECT_EQ(rig.DelayOf(kFetchTimer), Milliseconds(100));
  rig.Pass(Milliseconds(100));
  rig.Fire(kFetchTimer);
  ASSERT_THAT(rig.SentOf<FetchResponse>(), SizeIs(1));
  EXPECT_EQ(rig.SentOf<FetchResponse>()[0].connection, rig.Client(100u + kB3.value));
  rig.Fetch({.replica = kB3, .wait = Milliseconds(500)});
  EXPECT_LT(rig.DelayOf(kFetchTimer), sim::Duration{});  // b2's is due before
}

TEST(LongPoll, OfAClientThatLeftTakesNobodyElsesPlace) {
  Rig rig;
  rig.Start();
  rig.FollowerFetch(kB2, 0);
  rig.ConsumerFetch(9, 0);
  rig.Call(OnDisconnected, rig.Client(9), sim::Disconnected{});
  ASSERT_THAT(rig.broker.process.fetch_items, SizeIs(1));
  EXPECT_EQ(rig.broker.process.fetch_items[0].current_leader_epoch, LeaderEpoch{0});  // b2's
}

// ---- KB:P-52..P-58: who waits for replication ----

TEST(Waiting, AnAnswerToAClientThatLeftIsGivenToNobody) {
  Rig rig;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kAll);
  rig.Call(OnDisconnected, rig.Client(1), sim::Disconnected{});
  rig.FollowerFetch(kB2, 1);
  rig.FollowerFetch(kB3, 1);
  EXPECT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(0));
  EXPECT_THAT(rig.NotesOf<notes::Acknowledged>(), SizeIs(0));
  EXPECT_THAT(rig.broker.process.produces, SizeIs(0));
}

// KB:P-58.
TEST(Waiting, TheProducerIsAnsweredBeforeConsumersAreServed) {
  Rig rig;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kAll);
  rig.ConsumerFetch(9, 0);
  rig.FollowerFetch(kB2, 1);
  rig.FollowerFetch(kB3, 1);
  std::vector<std::string> kinds;
  for (const sim::Note& note : rig.out.notes()) kinds.push_back(Notes::NameOf(note.kind));
  EXPECT_THAT(kinds,
              testing::ElementsAre("follower_fetched", "high_watermark", "acknowledged", "served"));
}

TEST(Waiting, EachHasItsOwnDeadline) {
  Rig rig;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kAll);
  rig.Pass(Seconds(10));
  rig.Produce(2, rig.MakeBatch(), Acks::kAll);
  rig.Pass(Seconds(20));
  rig.Fire(kProduceTimer);
  EXPECT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(1));
  EXPECT_EQ(rig.DelayOf(kProduceTimer), Seconds(10));
}

TEST(Waiting, AShorterTimeOutBehindALongerOneIsOverFirst) {
  Rig rig;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kAll);
  rig.Call(OnProduce, rig.Client(2),
           ProduceRequest{.acks = Acks::kAll, .timeout_ns = Seconds(1).ns}, {{rig.MakeBatch()}});
  EXPECT_EQ(rig.DelayOf(kProduceTimer), Seconds(1));
}

// KB:P-54: committed, and then the ISR shrank before the test ran.
TEST(Waiting, CommittedUnderAnIsrThatIsTooSmallByNow) {
  for (const bool somebody_joins : {false, true}) {
    Rig rig;
    rig.setup.topics[0].settings.min_insync_replicas = 2;
    rig.Start();
    rig.Produce(1, rig.MakeBatch(), Acks::kAll);
    rig.partition().high_watermark = {1};
    rig.partition().isr = {.committed = BrokerSet::Of(kB1), .proposed = {}};
    if (somebody_joins) {  // he counts (KB:R-1)
      rig.partition().isr.kind = IsrState::Kind::kPendingExpand;
      rig.partition().isr.proposed = {0b011};
    }
    rig.out.Clear();
    CompleteProduces(rig.Ctx(), rig.broker, Bit(kOrders), rig.out);
    ASSERT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(1));
    EXPECT_EQ(rig.SentOf<ProduceResponse>()[0].item.error,
              somebody_joins ? Error::kNone : Error::kNotEnoughReplicasAfterAppend);
  }
}

// KB:P-11: of two copies there is one replica.
TEST(Admission, TheMinimumIsNeverMoreThanTheReplicas) {
  Rig rig;
  rig.setup.topics[0].settings.min_insync_replicas = 2;
  rig.setup.partitions[0].replicas = {kB1};
  rig.tables.metadata.back().isr = BrokerSet::Of(kB1);
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kAll);
  EXPECT_EQ(rig.SentOf<ProduceResponse>().at(0).item.error, Error::kNone);
}

TEST(Admission, ABatchOfExactlyTheGreatestSizeIsTaken) {
  Rig rig;
  rig.setup.topics[0].settings.max_message_bytes = 100;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(1), Acks::kLeader);
  EXPECT_EQ(rig.SentOf<ProduceResponse>().at(0).item.error, Error::kNone);
  rig.Produce(1, rig.MakeBatch(2), Acks::kLeader);
  EXPECT_EQ(rig.SentOf<ProduceResponse>().at(0).item.error, Error::kMessageTooLarge);
}

// ---- Request threads ----

struct OneThread : Rig {
  OneThread() {
    setup.topics[0].settings.flush_messages = 1;
    setup.brokers[0].settings.num_io_threads = 1;
    Start();
    Produce(1, MakeBatch(), Acks::kLeader);
  }
};

TEST(RequestThreads, WhenTheFlushIsOverAllThatWaitedGoThrough) {
  OneThread rig;
  rig.FollowerFetch(kB2, 0);
  rig.FollowerFetch(kB3, 0);
  rig.FinishFlush();
  EXPECT_THAT(rig.SentOf<FetchResponse>(), SizeIs(2));
  EXPECT_THAT(rig.broker.process.queue, SizeIs(0));
}

TEST(RequestThreads, UntilOneOfThemTakesTheThreadAgain) {
  OneThread rig;
  rig.Produce(2, rig.MakeBatch(), Acks::kLeader);
  rig.FollowerFetch(kB3, 0);
  rig.FinishFlush();
  EXPECT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(1));
  EXPECT_THAT(rig.SentOf<FetchResponse>(), SizeIs(0));
  EXPECT_EQ(rig.broker.process.threads_busy, 1);
}

// ---- KB:S-5 (b): log.flush.interval.ms ----

TEST(PeriodicFlush, FlushesWhatIsOldAndNew) {
  Rig rig;
  rig.setup.topics[0].settings.flush_interval = Seconds(10);
  rig.setup.brokers[0].settings.flush_scheduler_interval = Seconds(3);
  rig.Start();
  EXPECT_GT(rig.DelayOf(kFlusherTimer), sim::Duration{});
  const auto flushes = [&] {
    rig.Fire(kFlusherTimer);
    EXPECT_EQ(rig.DelayOf(kFlusherTimer), Seconds(3));
    return rig.EffectsOf(sim::EffectKind::kFlush).size();
  };
  const auto done = [&] {
    rig.Call(OnFlushed, {},
             sim::Flushed{.file = LogFile(kOrders), .token = FlushToken(kPeriodicFlush, kOrders)});
  };
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  EXPECT_EQ(flushes(), 0u);  // not old enough
  rig.Pass(Seconds(10));
  EXPECT_EQ(flushes(), 1u);
  EXPECT_EQ(flushes(), 0u);  // under way
  done();
  EXPECT_EQ(rig.partition().recovery_point, Offset{1});
  rig.Pass(Seconds(10));
  EXPECT_EQ(flushes(), 0u);  // nothing new
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  EXPECT_EQ(flushes(), 1u);
  done();
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  rig.Pass(Seconds(9));
  EXPECT_EQ(flushes(), 0u);  // ten seconds since the last flush
}

}  // namespace
}  // namespace kafka::broker
