// A leader that waits for its disk: inline flushes, and writes that the kernel holds back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/broker_fixture.h"

namespace kafka::broker {
namespace {

using testing::SizeIs;

// KB:P-23, S-5, R-17.
TEST(InlineFlush, TheAnswerWaitsForTheDiskAndTheLogEndIsSeenMeanwhile) {
  Rig rig;
  rig.setup.topics[0].settings.flush_messages = 1;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  ASSERT_THAT(rig.EffectsOf(sim::EffectKind::kFlush), SizeIs(1));
  EXPECT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(0));
  const uint32_t token = rig.EffectsOf(sim::EffectKind::kFlush)[0].token;
  rig.Produce(2, rig.MakeBatch(), Acks::kLeader);  // waits for the lock
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kWrite), SizeIs(0));
  EXPECT_EQ(rig.broker.process.threads_busy, 2);
  rig.FollowerFetch(kB2, 0);
  ASSERT_THAT(rig.SentOf<FetchResponse>(), SizeIs(1));
  EXPECT_EQ(rig.SentOf<FetchResponse>()[0].item.count, 1u);
  rig.Call(OnFlushed, {}, sim::Flushed{.file = LogFile(kOrders), .token = token});
  EXPECT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(1));
  EXPECT_THAT(rig.NotesOf<notes::FlushedTo>(), SizeIs(1));
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kWrite), SizeIs(1));  // the second one's turn
  EXPECT_EQ(rig.broker.process.threads_busy, 1);
}

// KB:X-2: who appends holds the partition's lock until the disk is done, and so keeps it the
// leader; who came after the news finds another one.
TEST(InlineFlush, TheEndOfItsLeadershipWaitsForTheFlush) {
  Rig rig;
  rig.setup.topics[0].settings.flush_messages = 1;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  const uint32_t token = rig.EffectsOf(sim::EffectKind::kFlush)[0].token;
  rig.PublishLater(kB2, 0b111, 1, 1);
  rig.Fire(kMetadataTimer);
  EXPECT_TRUE(rig.partition().leads());
  rig.Produce(2, rig.MakeBatch(), Acks::kLeader);
  rig.Call(OnFlushed, {}, sim::Flushed{.file = LogFile(kOrders), .token = token});
  EXPECT_FALSE(rig.partition().leads());
  const auto sent = rig.SentOf<ProduceResponse>();
  ASSERT_THAT(sent, SizeIs(2));
  EXPECT_EQ(sent[0].item.error, Error::kNone);
  EXPECT_EQ(sent[1].item.error, Error::kNotLeaderOrFollower);
}

TEST(InlineFlush, WithEveryThreadInAFlushOtherRequestsWait) {
  Rig rig;
  rig.setup.topics[0].settings.flush_messages = 1;
  rig.setup.brokers[0].settings.num_io_threads = 1;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  const uint32_t token = rig.EffectsOf(sim::EffectKind::kFlush)[0].token;
  rig.FollowerFetch(kB2, 0);
  EXPECT_THAT(rig.SentOf<FetchResponse>(), SizeIs(0));
  EXPECT_THAT(rig.broker.process.queue, SizeIs(1));
  rig.Call(OnFlushed, {}, sim::Flushed{.file = LogFile(kOrders), .token = token});
  EXPECT_THAT(rig.SentOf<FetchResponse>(), SizeIs(1));
  EXPECT_THAT(rig.broker.process.queue, SizeIs(0));
}

// A kernel with room for 150 dirty bytes, and a drive that writes a thousand a second.
sim::HostStorage CrampedDisk() {
  sim::StorageConfig config;
  config.dirty_limit_bytes = config.dirty_background_bytes = 150;
  config.bandwidth_bytes_per_s = 1000;
  return {config, 1};
}

// FC:C.2: write() returns when the excess of 50 bytes is written; until then the thread and the log
// are taken, and nobody reads what is half written.
TEST(HeldWriter, TheAnswerWaitsForTheKernelAndNothingIsReadMeanwhile) {
  Rig rig;
  rig.Start();
  rig.disk = CrampedDisk();
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  EXPECT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(1));
  rig.disk.Write(LogFile(kOrders), 0, 100, kOrders.value, 0, {});
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  EXPECT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(0));
  EXPECT_EQ(rig.EffectsOf(sim::EffectKind::kSetTimer).at(0).from, 50'000'000u);
  EXPECT_EQ(rig.broker.process.threads_busy, 1);
  rig.Produce(2, rig.MakeBatch(), Acks::kLeader);  // waits for the lock
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kWrite), SizeIs(0));
  rig.FollowerFetch(kB2, 0);
  EXPECT_EQ(rig.SentOf<FetchResponse>().at(0).item.count, 1u);  // the first one alone
  rig.disk = {{}, 1};
  rig.Fire(kHeldTimer, kBrokerRole, kOrders.value);
  EXPECT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(2));
  EXPECT_EQ(rig.broker.process.threads_busy, 0);
  rig.FollowerFetch(kB2, 1);
  EXPECT_EQ(rig.SentOf<FetchResponse>().at(0).item.count, 2u);
}

TEST(HeldWriter, AnInlineFlushComesAfterTheWrite) {
  Rig rig;
  rig.setup.topics[0].settings.flush_messages = 1;
  rig.Start();
  rig.disk = CrampedDisk();
  rig.Produce(1, rig.MakeBatch(2), Acks::kLeader);
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kFlush), SizeIs(0));
  rig.Fire(kHeldTimer, kBrokerRole, kOrders.value);
  ASSERT_THAT(rig.EffectsOf(sim::EffectKind::kFlush), SizeIs(1));
  const uint32_t token = rig.EffectsOf(sim::EffectKind::kFlush)[0].token;
  EXPECT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(0));
  rig.Call(OnFlushed, {}, sim::Flushed{.file = LogFile(kOrders), .token = token});
  EXPECT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(1));
  EXPECT_EQ(rig.broker.process.threads_busy, 0);
}

}  // namespace
}  // namespace kafka::broker
