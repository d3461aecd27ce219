// The small files that Kafka waits for: epochs before they are used, what a truncation leaves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/follower_fixture.h"

namespace kafka::broker {
namespace {

using testing::SizeIs;

// b2, which is to lead in epoch 1 and syncs that.
struct LeaderRig : FollowerRig {
  LeaderRig() {
    syncs_at_once = false;
    PublishLater(kB2, 0b110, 1, 1);
    Fire(kMetadataTimer);
  }
};

// KB:P-18: a new leader serves when its epoch is on the disk, and not before.
TEST(ANewLeader, ServesWhenItsEpochIsOnTheDisk) {
  LeaderRig rig;
  ASSERT_THAT(rig.EffectsOf(sim::EffectKind::kReplace), SizeIs(1));
  EXPECT_THAT(rig.NotesOf<notes::BecameLeader>(), SizeIs(0));
  EXPECT_LT(rig.broker.process.metadata_applied, rig.broker.process.metadata_due);
  const sim::Effect sync = rig.EffectsOf(sim::EffectKind::kReplace)[0];
  EXPECT_EQ(sync.file, EpochFile(kOrders));
  rig.Call(OnFlushed, {}, sim::Flushed{.file = sync.file, .token = sync.token});
  EXPECT_THAT(rig.NotesOf<notes::BecameLeader>(), SizeIs(1));
  EXPECT_EQ(rig.broker.process.metadata_applied, rig.broker.process.metadata_due);
}

// KB:X-2: who asks for the partition waits for its lock, and is served in the new epoch.
TEST(ANewLeader, LetsProducersAndReadersWaitForThatDisk) {
  LeaderRig rig;
  const sim::Effect sync = rig.EffectsOf(sim::EffectKind::kReplace)[0];
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  EXPECT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(0));
  rig.ConsumerFetch(2, 0);
  rig.FollowerFetch(kB3, 0, 1);
  EXPECT_THAT(rig.broker.process.queue, SizeIs(2));
  EXPECT_THAT(rig.broker.process.fetches, SizeIs(0));
  rig.Call(OnFlushed, {}, sim::Flushed{.file = sync.file, .token = sync.token});
  ASSERT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(1));
  EXPECT_EQ(rig.SentOf<ProduceResponse>()[0].item.error, Error::kNone);
  EXPECT_THAT(rig.broker.process.queue, SizeIs(0));
}

// KB: the followers' clocks start with the lock, and run while the disk works.
TEST(ANewLeader, CountsTheTimeOfItsDiskAsTheFollowersLag) {
  LeaderRig rig;
  const sim::Effect sync = rig.EffectsOf(sim::EffectKind::kReplace)[0];
  const WallTime before = rig.wall;
  rig.Pass(sim::Seconds(40));
  rig.Call(OnFlushed, {}, sim::Flushed{.file = sync.file, .token = sync.token});
  for (const RemoteReplica& replica : rig.partition().remotes) {
    EXPECT_LE(replica.caught_up, before);
  }
}

// KB:P-18, S-33: the epoch is synced before the first record of it is written, and the fetcher asks
// for nothing meanwhile.
TEST(AFollower, SyncsAnEpochBeforeItCopiesTheFirstRecordOfIt) {
  FollowerRig rig;
  rig.syncs_at_once = false;
  rig.Copy(0, 0, 0);
  ASSERT_THAT(rig.EffectsOf(sim::EffectKind::kReplace), SizeIs(1));
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kWrite), SizeIs(0));
  EXPECT_THAT(rig.SentOf<FetchRequest>(), SizeIs(0));
  rig.FinishSyncs();
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kWrite), SizeIs(1));
  EXPECT_EQ(rig.partition().log.end, Offset{1});
  EXPECT_THAT(rig.SentOf<FetchRequest>(), SizeIs(1));
  rig.Copy(1, 0, 1);  // of the same epoch: nothing to sync
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kReplace), SizeIs(0));
  EXPECT_EQ(rig.partition().log.end, Offset{2});
}

// KB:R-6: the publisher takes partitions from a fetcher, and waits until it is back.
TEST(AFollower, KeepsNewMetadataWaitingWhileItSyncs) {
  FollowerRig rig;
  rig.syncs_at_once = false;
  rig.Copy(0, 0, 0);
  const sim::Effect sync = rig.EffectsOf(sim::EffectKind::kReplace)[0];
  rig.PublishLater(kB3, 0b110, 1, 1);
  rig.Fire(kMetadataTimer);
  EXPECT_EQ(rig.partition().leader, kB1);
  rig.Call(OnFlushed, {}, sim::Flushed{.file = sync.file, .token = sync.token});
  EXPECT_EQ(rig.partition().log.end, Offset{1});  // what it had in hand, first
  EXPECT_EQ(rig.partition().leader, kB3);
}

// KB:R-64: the snapshot of producers, then the recovery points and their directory. The epochs are
// a task of their own.
TEST(AFollower, WaitsForTheRecoveryPointsOfATruncation) {
  FollowerRig rig;
  for (int64_t base = 0; base < 3; ++base) rig.Copy(base, 0, 0);
  rig.syncs_at_once = false;
  rig.Diverge(0, 2);
  EXPECT_EQ(rig.partition().log.end, Offset{2});
  ASSERT_THAT(rig.EffectsOf(sim::EffectKind::kReplace), SizeIs(1));
  const sim::Effect sync = rig.EffectsOf(sim::EffectKind::kReplace)[0];
  EXPECT_EQ(sync.file, kRecoveryPointFile);
  EXPECT_EQ(sync.from, 1u);  // the snapshot
  EXPECT_THAT(rig.SentOf<FetchRequest>(), SizeIs(0));
  rig.FinishSyncs();
  EXPECT_THAT(rig.SentOf<FetchRequest>(), SizeIs(1));
}

// KB:S-4, S-5: the log, its two indexes, and once its directory.
TEST(AFlush, FsyncsTheIndexesTooAndOnceTheDirectory) {
  Rig rig;
  rig.setup.topics[0].settings.flush_messages = 1;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  EXPECT_EQ(rig.EffectsOf(sim::EffectKind::kFlush).at(0).from, 3u);
  rig.FinishFlush();
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  EXPECT_EQ(rig.EffectsOf(sim::EffectKind::kFlush).at(0).from, 2u);
}

}  // namespace
}  // namespace kafka::broker
