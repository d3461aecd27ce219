// The follower, recovery, and the process's own life.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/follower_fixture.h"

namespace kafka::broker {
namespace {

using testing::SizeIs;

// KB:R-42: append, then watermark; the next fetch asks from the new end.
TEST(Follower, DataIsAppendedAndTheNextFetchSaysSo) {
  FollowerRig rig;
  rig.Copy(0, 0, 1);
  EXPECT_EQ(rig.partition().log.end, Offset{1});
  EXPECT_EQ(rig.partition().high_watermark, Offset{1});
  ASSERT_THAT(rig.SentOf<FetchRequest>(), SizeIs(1));
  EXPECT_EQ(rig.SentOf<FetchRequest>()[0].item.offset, Offset{1});
  EXPECT_EQ(rig.SentOf<FetchRequest>()[0].item.last_fetched_epoch, LeaderEpoch{0});
}

// KB:R-34: assigned, so it may fall.
TEST(Follower, TheWatermarkIsAssigned) {
  FollowerRig rig;
  rig.Copy(0, 0, 1);
  rig.Answer(rig.Item(0));
  EXPECT_EQ(rig.partition().high_watermark, Offset{0});
}

// KB:R-43, three cases. The log is epoch 0 at [0, 3), epoch 2 at [3, 5).
struct Divergence {
  const char* what;
  int32_t epoch;
  int64_t end, expected;
};
class Truncation : public testing::TestWithParam<Divergence> {};
TEST_P(Truncation, CutsWhereTheEpochsPart) {
  FollowerRig rig;
  for (int64_t i = 0; i < 3; ++i) rig.Copy(i, 0, 0);
  rig.FollowEpoch(2);
  const Link link = rig.broker.process.fetchers[0].link;
  rig.Call(OnFetchResponse, link.connection, FetchResponse{.correlation = link.in_flight});
  for (int64_t i = 3; i < 5; ++i) rig.Copy(i, 2, 0);
  ASSERT_EQ(rig.partition().log.end, Offset{5});
  rig.Diverge(GetParam().epoch, GetParam().end);
  EXPECT_EQ(rig.partition().log.end, Offset{GetParam().expected});
  EXPECT_EQ(rig.partition().fetch.offset, rig.partition().log.end);
}
INSTANTIATE_TEST_SUITE_P(
    KbR43, Truncation,
    testing::Values(Divergence{"same epoch, shorter leader", 2, 4, 4},
                    Divergence{"an epoch unknown here: step down one", 1, 9, 3},
                    Divergence{"an epoch unknown here, which ended early there", 1, 2, 3},
                    Divergence{"same lower epoch", 0, 2, 2},
                    Divergence{"no epoch as low here", -1, 1, 1}),
    [](const auto& info) { return "Case" + std::to_string(info.index); });

// KB:R-41.
TEST(Follower, AnAnswerFromBeforeANewEpochIsIgnored) {
  FollowerRig rig;
  const FetchResponse::Item old = [&] {
    FetchResponse::Item item = rig.Item(1);
    item.first = rig.Written(0, 0);
    item.count = 1;
    return item;
  }();
  rig.FollowEpoch(1);
  rig.Answer(old);
  EXPECT_EQ(rig.partition().log.end, Offset{0});
}

// KB:P-15: written by a later leader than the one that was asked.
TEST(Follower, BatchesOfALaterEpochAreDropped) {
  FollowerRig rig;
  rig.Copy(0, 5, 1);
  EXPECT_EQ(rig.partition().log.end, Offset{0});
}

// KB:R-17 as seen: with an inline flush the next fetch waits for the disk.
TEST(Follower, FlushesBeforeItsNextFetch) {
  FollowerRig rig;
  rig.setup.topics[0].settings.flush_messages = 1;
  rig.Copy(0, 0, 0);
  EXPECT_THAT(rig.SentOf<FetchRequest>(), SizeIs(0));
  const uint32_t token = rig.EffectsOf(sim::EffectKind::kFlush).at(0).token;
  rig.Call(OnFlushed, {}, sim::Flushed{.file = LogFile(kOrders), .token = token});
  EXPECT_THAT(rig.SentOf<FetchRequest>(), SizeIs(1));
  EXPECT_EQ(rig.partition().recovery_point, Offset{1});
}

// KB:R-6: the fetcher holds its lock until the disk is done, so a new leader waits that long, and
// is asked from an end that is flushed.
TEST(Follower, ANewLeaderWaitsForTheFlushOfWhatTheOldOneSent) {
  FollowerRig rig;
  rig.setup.topics[0].settings.flush_messages = 1;
  rig.Copy(0, 0, 0);
  const uint32_t token = rig.EffectsOf(sim::EffectKind::kFlush).at(0).token;
  rig.PublishLater(kB3, 0b111, 1, 1);
  rig.Fire(kMetadataTimer);
  EXPECT_EQ(rig.partition().leader, kB1);
  rig.Call(OnFlushed, {}, sim::Flushed{.file = LogFile(kOrders), .token = token});
  EXPECT_EQ(rig.partition().leader, kB3);
  EXPECT_EQ(rig.partition().recovery_point, Offset{1});
  EXPECT_EQ(rig.partition().fetch.offset, Offset{1});
  EXPECT_THAT(rig.SentOf<FetchRequest>(), SizeIs(0));  // nothing more to the old leader
}

// KB: each thread waits for its own disk alone.
TEST(Follower, AFlushReleasesTheFetcherThatWaitedForIt) {
  FollowerRig rig;
  Process& process = rig.broker.process;
  rig.setup.topics[0].settings.flush_messages = 1;
  process.fetchers.insert(process.fetchers.begin(), Fetcher{.source = kB3, .link = {}});
  process.fetchers[0].flushes_pending = 1;
  rig.Copy(0, 0, 0, 1);
  const uint32_t token = rig.EffectsOf(sim::EffectKind::kFlush).at(0).token;
  rig.Call(OnFlushed, {}, sim::Flushed{.file = LogFile(kOrders), .token = token});
  EXPECT_EQ(process.fetchers[0].flushes_pending, 1);
  EXPECT_EQ(process.fetchers[1].flushes_pending, 0);
  EXPECT_THAT(rig.SentOf<FetchRequest>(), SizeIs(1));
}

// FC:C.2: so does a kernel with too much dirty memory.
TEST(Follower, HeldInItsWriteAsksWhenTheKernelLetsItGo) {
  FollowerRig rig;
  sim::StorageConfig config;
  config.dirty_limit_bytes = config.dirty_background_bytes = 50;
  config.bandwidth_bytes_per_s = 1000;
  rig.disk = {config, 1};
  rig.Copy(0, 0, 0);
  EXPECT_THAT(rig.SentOf<FetchRequest>(), SizeIs(0));
  EXPECT_EQ(rig.partition().log.end, Offset{1});
  rig.Fire(kHeldTimer, kFetcherRole, kOrders.value);
  ASSERT_THAT(rig.SentOf<FetchRequest>(), SizeIs(1));
  EXPECT_EQ(rig.SentOf<FetchRequest>()[0].item.offset, Offset{1});
}

// KB:R-45.
TEST(Follower, ALostLeaderIsTriedAgainAfterTheBackOff) {
  FollowerRig rig;
  rig.Call(OnDisconnected, rig.broker.process.fetchers[0].link.connection, sim::Disconnected{});
  ASSERT_THAT(rig.EffectsOf(sim::EffectKind::kSetTimer), SizeIs(1));
  EXPECT_EQ(rig.EffectsOf(sim::EffectKind::kSetTimer)[0].from, 1'000'000'000u);
  rig.Fire(kFetcherTimer, kFetcherRole, kB1.value);
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kConnect), SizeIs(1));
}

// Files as a process left them: `bytes` of the log, then a restart.
struct RestartRig : Rig {
  RestartRig(int32_t batches, uint64_t bytes) {
    for (int32_t i = 0; i < batches; ++i) {
      tables.Add(kOrders, {i}, MakeBatch(1, 7, i), {0});
    }
    if (bytes > 0) disk.Write(LogFile(kOrders), 0, bytes, kOrders.value, 0, {});
  }
};

// KB:S-42.
TEST(Recovery, AnUncleanStartDropsTheTornTail) {
  RestartRig rig(3, 250);
  rig.Start(2);
  EXPECT_EQ(rig.partition().log.end, Offset{2});
  ASSERT_THAT(rig.EffectsOf(sim::EffectKind::kTruncate), SizeIs(1));
  EXPECT_EQ(rig.EffectsOf(sim::EffectKind::kTruncate)[0].from, 200u);
  ASSERT_THAT(rig.NotesOf<notes::Recovered>(), SizeIs(1));
  EXPECT_EQ(rig.NotesOf<notes::Recovered>()[0].bytes_scanned, 250u);
  EXPECT_EQ(rig.broker.process.load_time, sim::Nanoseconds(500));  // at 500 MB/s
  EXPECT_EQ(rig.NotesOf<notes::Recovered>()[0].high_watermark,
            Offset{0});  // no checkpoint: the watermark is 0 (KB:R-61)
  EXPECT_EQ(Latest(rig.partition().epochs), LeaderEpoch{0});
}

// KB:S-42, KB:R-60: checkpoints that say more than the file holds are cut to its end.
TEST(Recovery, NoCheckpointPassesTheLogsEnd) {
  RestartRig rig(3, 250);
  const uint64_t three[] = {kOrders.value, 3};
  rig.disk.WriteWords(kRecoveryPointFile, three, {}, rig.choices, {});
  rig.disk.WriteWords(kHighWatermarkFile, three, {}, rig.choices, {});
  const uint64_t epochs[] = {0, 0, 1, 3};  // of which 1 begins at 3
  rig.disk.WriteWords(EpochFile(kOrders), epochs, {}, rig.choices, {});
  rig.Start(2);
  EXPECT_EQ(rig.partition().recovery_point, Offset{2});
  EXPECT_EQ(rig.partition().high_watermark, Offset{2});
  EXPECT_EQ(Latest(rig.partition().epochs), LeaderEpoch{0});
  ASSERT_THAT(rig.EffectsOf(sim::EffectKind::kReplace), SizeIs(1));
  EXPECT_EQ(rig.EffectsOf(sim::EffectKind::kReplace)[0].file, EpochFile(kOrders));  // KB:R-57
}

TEST(Recovery, ThePlantedBugKeepsIt) {
  RestartRig rig(3, 250);
  rig.setup.mutant = Mutant::kRecoveryKeepsTornTail;
  rig.Start(2);
  EXPECT_EQ(rig.partition().log.end, Offset{3});
}

// KB:P-40, P-41: of each producer only the newest batch is known after a restart.
TEST(Recovery, TheDuplicateWindowShrinksToOne) {
  RestartRig rig(3, 300);
  rig.Start(2);
  const auto& known = rig.partition().producers;
  ASSERT_THAT(known, SizeIs(1));
  EXPECT_THAT(known[0].batches, SizeIs(1));
  EXPECT_EQ(known[0].batches[0].last_sequence, 2);
}

// KB:S-41, E-20.
TEST(Restart, TheMarkerIsReadAndDeletedFirst) {
  RestartRig rig(1, 100);
  const uint64_t epoch = 42;
  rig.disk.WriteWords(kCleanShutdownFile, {&epoch, 1}, {}, rig.choices, {});
  rig.Start(2);
  EXPECT_EQ(rig.broker.process.previous_epoch, BrokerEpoch{42});
  EXPECT_EQ(rig.out.effects()[0].kind, sim::EffectKind::kRemove);
  EXPECT_THAT(rig.NotesOf<notes::Recovered>(), SizeIs(0));  // KB:S-44: nothing is scanned
  ASSERT_THAT(rig.NotesOf<notes::Loaded>(), SizeIs(1));
  EXPECT_EQ(rig.NotesOf<notes::Loaded>()[0].end, Offset{1});
  EXPECT_EQ(rig.broker.process.load_time, sim::Duration{});
  EXPECT_EQ(rig.partition().recovery_point, Offset{1});
}

// KB:C-1, C-2: nobody is served before metadata is there; a duplicate is tried again.
TEST(Restart, RegistersAgainUntilTheOldSessionHasEnded) {
  Rig rig;
  rig.Start(2);
  rig.Call(OnAccepted, {77}, sim::Accepted{});
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kClose), SizeIs(1));
  rig.Fire(kStartUpTimer);
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kConnect), SizeIs(3));
  const sim::ConnectionId lifecycle = rig.broker.process.links[kLifecycle].connection;
  rig.Call(OnConnected, lifecycle, sim::Connected{});
  const auto asked = rig.SentOf<RegisterRequest>();
  ASSERT_THAT(asked, SizeIs(1));
  rig.Call(OnRegisterResponse, lifecycle,
           RegisterResponse{.correlation = asked[0].body.correlation,
                            .error = Error::kDuplicateBrokerRegistration,
                            .broker_epoch = {}});
  EXPECT_EQ(rig.EffectsOf(sim::EffectKind::kSetTimer).at(0).from, 2'000'000'000u);
  rig.Fire(kLifecycleTimer);
  EXPECT_THAT(rig.SentOf<RegisterRequest>(), SizeIs(1));
}

// KB:C-1, C-7.
TEST(Restart, ThePortOpensWhenTheBrokerIsUnfencedAndStaysOpen) {
  Rig rig;
  rig.Start(2);
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kStopListening), SizeIs(1));
  rig.Fire(kStartUpTimer);
  const sim::ConnectionId lifecycle = rig.broker.process.links[kLifecycle].connection;
  rig.Call(OnConnected, lifecycle, sim::Connected{});
  rig.Call(OnRegisterResponse, lifecycle,
           RegisterResponse{.correlation = 1, .error = Error::kNone, .broker_epoch = {3}});
  rig.broker.process.phase = Process::Phase::kServing;
  const auto answered = [&](uint32_t correlation, uint8_t fenced) {
    rig.Call(OnHeartbeatResponse, lifecycle,
             HeartbeatResponse{.correlation = correlation, .fenced = fenced});
    const size_t opened = rig.EffectsOf(sim::EffectKind::kListen).size();
    rig.Fire(kLifecycleTimer);  // the next heartbeat
    return opened;
  };
  EXPECT_EQ(answered(2, 1), 0u);
  rig.Call(OnHeartbeatResponse, lifecycle,
           HeartbeatResponse{.correlation = 3, .error = Error::kStaleBrokerEpoch});
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kListen), SizeIs(0));
  rig.Fire(kLifecycleTimer);
  EXPECT_EQ(answered(4, 0), 1u);
  EXPECT_EQ(answered(5, 0), 0u);
  EXPECT_EQ(answered(6, 1), 0u);
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kStopListening), SizeIs(0));
}

// KB:E-42: a request that waits for replication is answered by nobody.
TEST(OrderlyStop, ClosesThePortAndEveryConnectionFirst) {
  Rig rig;
  rig.setup.brokers[0].settings.controlled_shutdown_enable = false;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kAll);
  const sim::ConnectionId client = rig.Client(1);
  rig.Call(OnStopRequested, {}, sim::StopRequested{});
  EXPECT_EQ(rig.out.effects()[0].kind, sim::EffectKind::kStopListening);
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kCancelRole), SizeIs(2));
  ASSERT_THAT(rig.EffectsOf(sim::EffectKind::kClose), SizeIs(1));
  EXPECT_EQ(rig.EffectsOf(sim::EffectKind::kClose)[0].connection, client);
  EXPECT_FALSE(rig.broker.process.produces.at(0).connection.exists());
}

// KB:E-40..E-43.
TEST(OrderlyStop, FlushesLogsThenRecoveryPointsThenTheMarkerThenExits) {
  Rig rig;
  rig.setup.brokers[0].settings.controlled_shutdown_enable = false;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  rig.Call(OnStopRequested, {}, sim::StopRequested{});
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kFlush), SizeIs(1));
  const uint32_t token = rig.EffectsOf(sim::EffectKind::kFlush)[0].token;
  rig.Call(OnFlushed, {}, sim::Flushed{.file = kHighWatermarkFile, .token = token});
  EXPECT_THAT(rig.out.effects(), SizeIs(0));
  rig.Call(OnFlushed, {}, sim::Flushed{.file = LogFile(kOrders), .token = token});
  EXPECT_EQ(rig.EffectsOf(sim::EffectKind::kReplace).at(0).file, kRecoveryPointFile);
  EXPECT_EQ(rig.partition().recovery_point, Offset{1});
  rig.Call(OnFlushed, {},
           sim::Flushed{.file = kRecoveryPointFile, .token = FlushToken(kStopRecoveryPoints)});
  EXPECT_EQ(rig.EffectsOf(sim::EffectKind::kWriteWords).at(0).file, kCleanShutdownFile);
  rig.Call(OnFlushed, {},
           sim::Flushed{.file = kCleanShutdownFile, .token = FlushToken(kStopMarker)});
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kExit), SizeIs(1));
}

TEST(OrderlyStop, WithAControllerTheLeaderLeavesFirst) {
  Rig rig;
  rig.Start();
  const sim::ConnectionId lifecycle = rig.broker.process.links[kLifecycle].connection;
  rig.Call(OnConnected, lifecycle, sim::Connected{});
  EXPECT_THAT(rig.SentOf<HeartbeatRequest>(), SizeIs(0));  // the last one was before the run
  rig.Fire(kLifecycleTimer);
  ASSERT_THAT(rig.SentOf<HeartbeatRequest>(), SizeIs(1));
  rig.Call(OnStopRequested, {}, sim::StopRequested{});
  EXPECT_THAT(rig.SentOf<HeartbeatRequest>(), SizeIs(0));  // one is in flight
  rig.Call(OnHeartbeatResponse, lifecycle, HeartbeatResponse{.correlation = 1});
  ASSERT_THAT(rig.SentOf<HeartbeatRequest>(), SizeIs(1));
  EXPECT_EQ(rig.SentOf<HeartbeatRequest>()[0].body.want_shutdown, 1);
  rig.Call(OnHeartbeatResponse, lifecycle,
           HeartbeatResponse{.correlation = 2, .fenced = 1, .should_shut_down = 1});
  EXPECT_EQ(rig.broker.process.phase, Process::Phase::kStopping);
}

}  // namespace
}  // namespace kafka::broker
