// A broker and its controller: links, heartbeats, metadata, leaving; and what it does by itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/follower_fixture.h"

namespace kafka::broker {
namespace {

using sim::Milliseconds;
using sim::Seconds;
using testing::SizeIs;

// Registered before the run; its next heartbeat, correlation 1, is in flight.
struct Registered : Rig {
  sim::ConnectionId lifecycle;

  Registered() {
    Start();
    Up();
    Fire(kLifecycleTimer);
    EXPECT_THAT(SentOf<HeartbeatRequest>(), SizeIs(1));
  }
  void Up() {
    lifecycle = broker.process.links[kLifecycle].connection;
    Call(OnConnected, lifecycle, sim::Connected{});
  }
  void Down() { Call(OnDisconnected, lifecycle, sim::Disconnected{kControllerMachine}); }
  void Stop() { Call(OnStopRequested, {}, sim::StopRequested{}); }
  Process::Phase phase() const { return broker.process.phase; }
};

// ---- The controller's answers, and none ----

TEST(ControllerSession, ARequestIsGivenUpWithAllLinksAfterHalfASession) {
  Registered rig;
  EXPECT_EQ(rig.DelayOf(kLifecycleTimer), Milliseconds(4500));
  rig.Fire(kLifecycleTimer);
  EXPECT_THAT(rig.SentOf<HeartbeatRequest>(), SizeIs(0));
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kClose), SizeIs(3));
}

// KB:C-5: its registration stands.
TEST(ControllerSession, AfterALostLinkItGoesOnWithHeartbeats) {
  Registered rig;
  rig.Down();
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kCancelTimer), SizeIs(1));  // of the heartbeat
  rig.Fire(kReconnectTimer, kBrokerRole, kLifecycle);
  rig.Up();
  EXPECT_THAT(rig.SentOf<RegisterRequest>(), SizeIs(0));
  EXPECT_THAT(rig.SentOf<HeartbeatRequest>(), SizeIs(1));
}

// KB:C-1: caught up is who has applied the record of its own registration, and not before.
TEST(ControllerSession, AsksToBeUnfencedWhenItHasAppliedItsRegistration) {
  for (const bool applied : {false, true}) {
    Registered rig;
    rig.broker.process.epoch = {rig.broker.process.metadata_applied - (applied ? 1 : 0)};
    rig.broker.process.caught_up = false;
    rig.Call(OnHeartbeatResponse, rig.lifecycle, HeartbeatResponse{.correlation = 1, .fenced = 1});
    if (!applied) rig.Fire(kLifecycleTimer);  // else at once, since there is something to say
    ASSERT_THAT(rig.SentOf<HeartbeatRequest>(), SizeIs(1));
    EXPECT_EQ(rig.SentOf<HeartbeatRequest>()[0].body.want_fence, applied ? 0 : 1);
  }
}

TEST(ProducerIds, AreAskedForOnceAndAgainOnANewLink) {
  Rig rig;
  rig.Start();
  rig.ConnectAlterations();
  const auto asks = [&] { return rig.SentOf<AllocateProducerIdRequest>(); };
  rig.Call(OnInitProducerId, rig.Client(1), InitProducerIdRequest{.correlation = 5});
  ASSERT_THAT(asks(), SizeIs(1));
  rig.Call(OnInitProducerId, rig.Client(2), InitProducerIdRequest{.correlation = 6});
  ASSERT_THAT(asks(), SizeIs(1));  // its own
  rig.Call(OnDisconnected, rig.Client(2), sim::Disconnected{});
  rig.Call(OnDisconnected, rig.broker.process.links[kAlterations].connection,
           sim::Disconnected{kControllerMachine});
  rig.Fire(kReconnectTimer, kBrokerRole, kAlterations);
  rig.ConnectAlterations();
  ASSERT_THAT(asks(), SizeIs(1));  // the second one's client has left
  const AllocateProducerIdResponse answer{.correlation = asks()[0].body.correlation,
                                          .producer_id = 9};
  rig.Call(OnAllocateProducerIdResponse, {}, answer);
  ASSERT_THAT(rig.SentOf<InitProducerIdResponse>(), SizeIs(1));
  EXPECT_EQ(rig.SentOf<InitProducerIdResponse>()[0].body.producer_id, 9);
  EXPECT_EQ(rig.SentOf<InitProducerIdResponse>()[0].body.correlation, 5u);
  rig.Call(OnAllocateProducerIdResponse, {}, answer);
  EXPECT_THAT(rig.SentOf<InitProducerIdResponse>(), SizeIs(0));
}

// KB:C-30: what arrives while a batch of records is being applied waits for the next.
TEST(MetadataLogOfABroker, IsAppliedBatchByBatch) {
  Rig rig;
  rig.Start();
  Link& link = rig.broker.process.links[kMetadataLog];
  rig.Call(OnConnected, link.connection, sim::Connected{});
  const auto arrive = [&] {
    rig.AddPartitionRecord(kB1, 0b011, 0, static_cast<int32_t>(rig.tables.metadata.size()));
    rig.Call(OnMetadataFetchResponse, link.connection,
             MetadataFetchResponse{.correlation = link.in_flight,
                                   .to = static_cast<int64_t>(rig.tables.metadata.size())});
  };
  const int64_t before = rig.broker.process.metadata_applied;
  arrive();
  EXPECT_GE(rig.DelayOf(kMetadataTimer), sim::Duration{});
  arrive();
  EXPECT_LT(rig.DelayOf(kMetadataTimer), sim::Duration{});
  rig.Fire(kMetadataTimer);
  EXPECT_EQ(rig.broker.process.metadata_applied, before + 1);
  EXPECT_GE(rig.DelayOf(kMetadataTimer), sim::Duration{});
  rig.Fire(kMetadataTimer);
  EXPECT_EQ(rig.broker.process.metadata_applied, before + 2);
}

// ---- KB:E-40..E-42: leaving ----

TEST(Leaving, WithoutControlledShutdownStopsAtOnce) {
  Registered rig;
  rig.setup.brokers[0].settings.controlled_shutdown_enable = false;
  rig.Stop();
  EXPECT_EQ(rig.phase(), Process::Phase::kStopping);
  rig.Down();
  EXPECT_LT(rig.DelayOf(kReconnectTimer, kLifecycle), sim::Duration{});  // it needs nobody now
}

// KB:E-42: it waits for leave as any other, leading on, and asks when the link is back.
TEST(Leaving, WithoutTheControllerGoesOnForFiveMinutes) {
  Registered rig;
  rig.Down();
  rig.Stop();
  EXPECT_EQ(rig.phase(), Process::Phase::kLeaving);
  EXPECT_EQ(rig.DelayOf(kLeavingTimer), Seconds(300));
  EXPECT_TRUE(rig.partition().leads());
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  EXPECT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(1));
  rig.Fire(kReconnectTimer, kBrokerRole, kLifecycle);
  rig.Up();
  ASSERT_THAT(rig.SentOf<HeartbeatRequest>(), SizeIs(1));
  EXPECT_EQ(rig.SentOf<HeartbeatRequest>()[0].body.want_shutdown, 1);
}

TEST(Leaving, IsNotHurriedByASecondRequestButByTime) {
  Registered rig;
  rig.Stop();
  rig.Stop();
  EXPECT_EQ(rig.phase(), Process::Phase::kLeaving);
  EXPECT_LT(rig.DelayOf(kLeavingTimer), sim::Duration{});  // the first one counts
  rig.Fire(kLeavingTimer);
  EXPECT_EQ(rig.phase(), Process::Phase::kStopping);
}

// A broker that the controller fenced for its silence is RUNNING still (KB:C-7).
TEST(Leaving, OnceUnfencedItAsksWhateverBecameOfItSince) {
  for (const bool was_unfenced : {true, false}) {
    Registered rig;
    rig.broker.process.fenced = true;
    rig.broker.process.was_unfenced = was_unfenced;
    rig.Stop();
    EXPECT_EQ(rig.phase(), was_unfenced ? Process::Phase::kLeaving : Process::Phase::kStopping);
  }
}

// KB:E-40: the first answer without leave is followed by a look after 50 ms, the next ones by
// the usual interval. A heartbeat that was on its way before the wish uses that look up.
TEST(Leaving, LooksAgainSoonOnce) {
  for (const bool one_was_on_its_way : {true, false}) {
    Registered rig;
    uint32_t correlation = 1;
    const auto answer = [&](uint8_t leave) {
      rig.Call(OnHeartbeatResponse, rig.lifecycle,
               HeartbeatResponse{.correlation = correlation++, .should_shut_down = leave});
    };
    if (!one_was_on_its_way) answer(0);
    rig.Stop();
    answer(0);
    if (one_was_on_its_way) {
      ASSERT_THAT(rig.SentOf<HeartbeatRequest>(), SizeIs(1));  // the wish, at once
    } else {
      EXPECT_EQ(rig.DelayOf(kLifecycleTimer), Milliseconds(50));
      rig.Fire(kLifecycleTimer);
    }
    answer(0);
    EXPECT_EQ(rig.DelayOf(kLifecycleTimer), Seconds(2));
    rig.Fire(kLifecycleTimer);
    answer(1);
    EXPECT_EQ(rig.phase(), Process::Phase::kStopping);
  }
}

TEST(Leaving, AFollowerLeavesItsLeader) {
  FollowerRig rig;
  const sim::ConnectionId leader = rig.broker.process.fetchers[0].link.connection;
  rig.setup.brokers[kB2.value].settings.controlled_shutdown_enable = false;
  rig.Call(OnStopRequested, {}, sim::StopRequested{});
  ASSERT_THAT(rig.EffectsOf(sim::EffectKind::kClose), SizeIs(1));
  EXPECT_EQ(rig.EffectsOf(sim::EffectKind::kClose)[0].connection, leader);
  EXPECT_THAT(rig.broker.process.fetchers, SizeIs(0));
}

// KB:E-43: the logs are flushed as they are; who waited for the log's lock writes no more.
TEST(Leaving, NothingIsWrittenBehindTheLastFlush) {
  Rig rig;
  rig.setup.topics[0].settings.flush_messages = 1;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  rig.Produce(2, rig.MakeBatch(), Acks::kLeader);  // waits for the lock
  rig.setup.brokers[0].settings.controlled_shutdown_enable = false;
  rig.Call(OnStopRequested, {}, sim::StopRequested{});
  rig.FinishFlush();
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kWrite), SizeIs(0));
}

// ---- By itself ----

// KB:R-22, S-5: of a broker that has been up for a while, each at its own phase.
TEST(Periodic, IsrChecksAndRecoveryPoints) {
  Rig rig;
  rig.Start();
  const sim::Duration up = rig.mono - rig.broker.process.started;
  EXPECT_EQ((up + rig.DelayOf(kIsrTimer)).ns % Seconds(15).ns,
            0);  // half of replica.lag.time.max.ms
  EXPECT_EQ((up + rig.DelayOf(kRecoveryPointTimer)).ns % Seconds(60).ns, Seconds(30).ns);
  rig.Fire(kIsrTimer);
  EXPECT_EQ(rig.DelayOf(kIsrTimer), Seconds(15));
  rig.Fire(kRecoveryPointTimer);
  EXPECT_EQ(rig.EffectsOf(sim::EffectKind::kReplace).at(0).file, kRecoveryPointFile);
  EXPECT_EQ(rig.DelayOf(kRecoveryPointTimer), Seconds(60));
}

// KB:S-4: an older flush that ends later takes nothing back.
TEST(Periodic, TheRecoveryPointNeverFallsByAFlush) {
  Rig rig;
  rig.setup.topics[0].settings.flush_interval = Seconds(10);
  rig.setup.brokers[0].settings.flush_scheduler_interval = Seconds(3);
  rig.Start();
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  rig.Pass(Seconds(10));
  rig.Fire(kFlusherTimer);
  rig.setup.topics[0].settings.flush_messages = 1;
  rig.Produce(1, rig.MakeBatch(), Acks::kLeader);
  rig.FinishFlush();
  EXPECT_EQ(rig.partition().recovery_point, Offset{2});
  rig.Call(OnFlushed, {},
           sim::Flushed{.file = LogFile(kOrders), .token = FlushToken(kPeriodicFlush, kOrders)});
  EXPECT_EQ(rig.partition().recovery_point, Offset{2});
}

}  // namespace
}  // namespace kafka::broker
