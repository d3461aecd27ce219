// One network client under producer and consumer: connections, time-outs, metadata.
#include <gtest/gtest.h>

#include "model/kafka/client/connections.h"
#include "model/kafka/client/metadata.h"
#include "model/kafka/client/timeouts.h"
#include "tests/model/lone_machine.h"

namespace kafka::client {
namespace {

using sim::Milliseconds;
using sim::Seconds;

enum class Kind : uint8_t { kMetadata, kWork };

struct Desk : LoneMachine {
  Client client;
  Settings settings{.request_timeout = Seconds(30),
                    .metadata_max_age = Seconds(300),
                    .metadata_kind = static_cast<uint8_t>(Kind::kMetadata),
                    .reconnect = {.base = Milliseconds(50), .max = Milliseconds(1000)},
                    .metadata_retry = {.base = Milliseconds(100), .max = Milliseconds(1000)},
                    .purposes = {}};

  Desk() { client.name = 7; }
  Context Ctx() { return ContextOf(MachineOf(kB1), "client"); }
  // As far as a kernel goes, whose process may stand still.
  void BeginTcp(BrokerId broker) {
    MaybeConnect(Ctx(), client, PeerOf(broker), out);
    BeginHandshake(Ctx(), settings, client, client.node(broker).connection, out);
  }
  void Connect(BrokerId broker) {
    BeginTcp(broker);
    FinishHandshake(client, client.node(broker).connection);
  }
  uint32_t Ask(BrokerId broker, Kind kind = Kind::kWork) {
    return Track(client, client.node(broker), kind, 0, mono);
  }
};

// A broker that stands still has a kernel that accepts; the connection is of no use before the
// broker itself has answered (KC:P-32), and is given up when request.timeout.ms is over (KC:P-35).
TEST(ClientConnection, IsUsableWhenTheServerHasAnsweredTheHandshake) {
  Desk desk;
  desk.BeginTcp(kB1);
  EXPECT_EQ(UsableNode(desk.Ctx(), desk.settings, desk.client, PeerOf(kB1), desk.out), nullptr);
  desk.mono = desk.mono + Seconds(11);  // socket.connection.setup.timeout.ms is TCP's alone
  EXPECT_FALSE(FirstOverdue(desk.Ctx(), desk.settings.request_timeout, desk.client).exists());
  desk.mono = desk.mono + Seconds(20);
  EXPECT_EQ(FirstOverdue(desk.Ctx(), desk.settings.request_timeout, desk.client), PeerOf(kB1));
}

// A connection answers in the order in which it was asked (KC:P-33).
TEST(ClientConnection, AnswersComeInTheOrderOfTheRequests) {
  Desk desk;
  desk.Connect(kB1);
  const uint32_t first = desk.Ask(kB1);
  const uint32_t second = desk.Ask(kB1);
  EXPECT_FALSE(TakeAnswered(desk.client.node(kB1), second));
  EXPECT_TRUE(TakeAnswered(desk.client.node(kB1), first));
  EXPECT_TRUE(TakeAnswered(desk.client.node(kB1), second));
}

// KC:P-35, P-36: the owner is told what has failed, oldest first, and metadata are wanted.
TEST(ClientConnection, ItsLossFailsEverythingInFlight) {
  Desk desk;
  desk.Connect(kB1);
  const uint32_t first = desk.Ask(kB1);
  const uint32_t second = desk.Ask(kB1);
  const auto failed = LoseConnection(desk.Ctx(), desk.settings, desk.client, PeerOf(kB1));
  ASSERT_EQ(failed.size(), 2u);
  EXPECT_EQ(failed[0].correlation, first);
  EXPECT_EQ(failed[1].correlation, second);
  EXPECT_TRUE(desk.client.metadata.wanted);
  EXPECT_FALSE(CanConnect(desk.client.node(kB1), desk.mono));
  EXPECT_TRUE(CanConnect(desk.client.node(kB1), desk.mono + Milliseconds(60)));
}

TEST(ClientConnection, TheLossOfTheOffsetStoreSaysNothingOfLeaders) {
  Desk desk;
  MaybeConnect(desk.Ctx(), desk.client, kOffsetStore, desk.out);
  EXPECT_TRUE(LoseConnection(desk.Ctx(), desk.settings, desk.client, kOffsetStore).empty());
  EXPECT_FALSE(desk.client.metadata.wanted);
}

// A request that is not answered in time costs the connection (KC:P-35).
TEST(ClientTimeout, OneRequestThatIsTooOldCostsItsConnection) {
  Desk desk;
  desk.Connect(kB1);
  desk.Connect(kB2);
  desk.Ask(kB2);
  desk.mono = desk.mono + Milliseconds(30'000);
  EXPECT_FALSE(FirstOverdue(desk.Ctx(), desk.settings.request_timeout, desk.client).exists());
  desk.mono = desk.mono + Milliseconds(1);
  EXPECT_EQ(FirstOverdue(desk.Ctx(), desk.settings.request_timeout, desk.client), PeerOf(kB2));
}

// Nothing ends a poll() at the deadline (KC:P-35): one that began two seconds after the request was
// sent lasts for the whole request.timeout.ms, one of many short ones ends soon after.
TEST(ClientTimeout, IsNoticedWhenAPollReturns) {
  Desk desk;
  desk.Connect(kB1);
  desk.Ask(kB1);
  desk.mono = desk.mono + Seconds(2);
  const auto noticed = [&](Duration longest) {
    return NextConnectionTime(desk.Ctx(), desk.settings.request_timeout, desk.client, PeerSet{},
                              longest);
  };
  EXPECT_EQ(noticed(Seconds(30)), desk.mono + Seconds(30) + Milliseconds(1));
  EXPECT_EQ(noticed(Milliseconds(300)), desk.mono + Milliseconds(94 * 300 + 1));  // 28.2 s
}

// A batch for that server makes the poll() as short as TCP's own limit; nothing else does.
TEST(ClientTimeout, OfASetUpIsNoticedInTimeByWhoWaitsForTheServer) {
  Desk desk;
  MaybeConnect(desk.Ctx(), desk.client, PeerOf(kB1), desk.out);
  const auto noticed = [&](PeerSet wanted) {
    return NextConnectionTime(desk.Ctx(), desk.settings.request_timeout, desk.client, wanted,
                              Seconds(30));
  };
  EXPECT_EQ(noticed(PeerSet::All()), desk.mono + Seconds(10) + Milliseconds(1));
  EXPECT_EQ(noticed(PeerSet{}), desk.mono + Seconds(30) + Milliseconds(1));
}

// The ready node with the fewest requests is asked (KC:P-56).
TEST(ClientMetadata, IsAskedOfTheBrokerWithTheFewestRequests) {
  Desk desk;
  for (const BrokerId broker : {kB1, kB2, kB3}) desk.Connect(broker);
  desk.Ask(kB1);
  desk.Ask(kB3);
  EXPECT_EQ(LeastLoaded(desk.Ctx(), desk.settings, desk.client, 0), kB2);
}

// When every broker has refused, what was known of the topic goes (KC:P-37).
TEST(ClientMetadata, SaysThatNobodyIsLeftWhenEveryBrokerHasRefused) {
  Desk desk;
  desk.client.metadata.wanted = true;
  for (const BrokerId broker : {kB1, kB2, kB3}) {
    desk.Connect(broker);
    (void)LoseConnection(desk.Ctx(), desk.settings, desk.client, PeerOf(broker));
  }
  EXPECT_EQ(MaybeRequestUpdate(desk.Ctx(), desk.settings, desk.client, Topic::kIsKnown, desk.out),
            Update::kNobodyLeft);
  desk.mono = desk.mono + Seconds(1);
  EXPECT_EQ(MaybeRequestUpdate(desk.Ctx(), desk.settings, desk.client, Topic::kIsKnown, desk.out),
            Update::kNotSent);  // one is being connected
}

TEST(ClientMetadata, NobodyIsForgottenWithoutTheRecovery) {
  Desk desk;
  desk.settings.recovery = MetadataRecovery::kNone;
  desk.client.metadata.wanted = true;
  for (const BrokerId broker : {kB1, kB2, kB3}) {
    desk.Connect(broker);
    (void)LoseConnection(desk.Ctx(), desk.settings, desk.client, PeerOf(broker));
  }
  EXPECT_EQ(MaybeRequestUpdate(desk.Ctx(), desk.settings, desk.client, Topic::kIsKnown, desk.out),
            Update::kNotSent);
}

// Who is not in the last metadata is not asked (KC:P-56), though it would be ready.
TEST(ClientMetadata, IsAskedOfTheBrokersOfTheLastAnswer) {
  Desk desk;
  for (const BrokerId broker : {kB1, kB2, kB3}) desk.Connect(broker);
  desk.Ask(kB1);
  UpdateArrived(desk.Ctx(), desk.settings, desk.client, {.alive = BrokerSet{}.With(kB1)});
  EXPECT_EQ(LeastLoaded(desk.Ctx(), desk.settings, desk.client, 0), kB1);
}

// An answer that knows no broker is no answer.
TEST(ClientMetadata, IsAskedForAgainIfTheAnswerNamesNobody) {
  Desk desk;
  UpdateArrived(desk.Ctx(), desk.settings, desk.client, {.alive = {}, .changed = true});
  EXPECT_TRUE(desk.client.metadata.wanted);
  EXPECT_EQ(desk.client.metadata.unchanged, 1u);
}

// KC:P-54: whatever is asked for while an update is under way, the answer to come satisfies it.
TEST(ClientMetadata, WhatIsAskedForMeanwhileIsAnsweredToo) {
  Desk desk;
  desk.client.metadata.in_flight = desk.client.metadata.wanted = true;
  UpdateArrived(desk.Ctx(), desk.settings, desk.client,
                {.alive = BrokerSet{}.With(kB1), .changed = true});
  EXPECT_FALSE(desk.client.metadata.wanted);
}

// Nothing is to be done for the age of what is being replaced (KC:P-54).
TEST(ClientMetadata, ItsAgeWakesNobodyWhileItIsAskedFor) {
  Desk desk;
  desk.client.metadata.in_flight = true;
  EXPECT_EQ(NextMetadataTime(desk.Ctx(), desk.settings.metadata_max_age, desk.client.metadata,
                             Topic::kIsKnown),
            sim::Never<sim::MonoTime>());
}

}  // namespace
}  // namespace kafka::client
