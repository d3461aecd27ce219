// A leader that has asked the controller for another ISR: what it makes of each answer, and of
// none (KB:R-25..R-27).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/broker_fixture.h"

namespace kafka::broker {
namespace {

using sim::Milliseconds;
using testing::SizeIs;

constexpr BrokerSet kAll{0b111}, kTwo{0b011};

// b3 is silent while a record comes: b1 has asked for {b1, b2}. The record waits for b3 still.
struct Asked : Rig {
  Sent<AlterPartitionRequest> request;

  Asked() {
    Start();
    Call(OnConnected, link().connection, sim::Connected{});
    FollowerFetch(kB2, 0);
    FollowerFetch(kB3, 0);
    Pass(sim::Seconds(40));
    Produce(1, MakeBatch(), Acks::kAll);
    FollowerFetch(kB2, 1);
    Fire(kIsrTimer);
    EXPECT_THAT(SentOf<AlterPartitionRequest>(), SizeIs(1));
    request = SentOf<AlterPartitionRequest>().at(0);
    EXPECT_EQ(request.item.isr, kTwo);
  }
  Link& link() { return broker.process.links[kAlterations]; }
  const IsrState& isr() { return partition().isr; }
  AlterPartitionResponse::Item Granted() const {
    return {.partition = kOrders,
            .isr = kTwo,
            .leader = kB1,
            .leader_epoch = {0},
            .partition_epoch = {1}};
  }
  void Answer(const AlterPartitionResponse::Item& item, Error top = Error::kNone) {
    Call(OnAlterPartitionResponse, request.connection,
         AlterPartitionResponse{.correlation = request.body.correlation, .error = top}, {item});
  }
  void Answer(Error error) {
    AlterPartitionResponse::Item item = Granted();
    item.error = error;
    Answer(item);
  }
  size_t Requests() const { return SentOf<AlterPartitionRequest>().size(); }
};

TEST(IsrAnswer, GrantedIsTheIsrAndTheRecordIsCommitted) {
  Asked rig;
  rig.Answer(Error::kNone);
  EXPECT_FALSE(rig.isr().pending());
  EXPECT_EQ(rig.isr().committed, kTwo);
  EXPECT_EQ(rig.partition().partition_epoch, PartitionEpoch{1});
  EXPECT_EQ(rig.partition().high_watermark, Offset{1});
  EXPECT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(1));  // acks=all waited for it
}

TEST(IsrAnswer, OfAnotherEpochOrFromBeforeIsIgnoredAndTheProposalStays) {
  for (const bool other_leader : {true, false}) {
    Asked rig;
    AlterPartitionResponse::Item item = rig.Granted();
    (other_leader ? item.leader_epoch.value : item.partition_epoch.value) = other_leader ? 1 : -1;
    rig.Answer(item);
    EXPECT_EQ(rig.isr().kind, IsrState::Kind::kPendingShrink);
    EXPECT_EQ(rig.partition().high_watermark, Offset{0});
    EXPECT_EQ(rig.Requests(), 0u);
  }
}

TEST(IsrAnswer, AnIneligibleMemberTakesTheProposalBackUntilTheNextCheck) {
  Asked rig;
  rig.Answer(Error::kIneligibleReplica);
  EXPECT_FALSE(rig.isr().pending());
  EXPECT_EQ(rig.isr().committed, kAll);
  EXPECT_EQ(rig.Requests(), 0u);
  rig.Fire(kIsrTimer);
  EXPECT_EQ(rig.Requests(), 1u);
}

// Somebody else has decided meanwhile, and the metadata will say what.
TEST(IsrAnswer, ARefusalThatMetadataWillExplainLeavesTheProposalPending) {
  for (const Error error : {Error::kUnknownTopicOrPartition, Error::kFencedLeaderEpoch,
                            Error::kInvalidUpdateVersion, Error::kInvalidRequest}) {
    SCOPED_TRACE(NameOf(error));
    Asked rig;
    rig.Answer(error);
    EXPECT_EQ(rig.Requests(), 0u);
    EXPECT_TRUE(rig.isr().pending());
    EXPECT_EQ(rig.partition().high_watermark, Offset{0});
    rig.Fire(kIsrTimer);
    EXPECT_EQ(rig.Requests(), 0u);
    rig.AddPartitionRecord(kB1, kTwo.value, 0, 1);
    rig.Apply();
    EXPECT_FALSE(rig.isr().pending());
    EXPECT_EQ(rig.isr().committed, kTwo);
    EXPECT_EQ(rig.partition().high_watermark, Offset{1});
  }
}

TEST(IsrAnswer, AControllerThatIsNoneIsAskedTheSameAgain) {
  Asked rig;
  rig.Answer(Error::kNotController);
  ASSERT_EQ(rig.Requests(), 1u);
  EXPECT_EQ(rig.SentOf<AlterPartitionRequest>()[0].item.isr, kTwo);
  EXPECT_TRUE(rig.isr().pending());
}

// KB:R-26: the whole request was refused.
TEST(IsrAnswer, AnErrorOfTheWholeRequestIsRetriedAfterFiftyMilliseconds) {
  Asked rig;
  rig.Answer(rig.Granted(), Error::kStaleBrokerEpoch);
  EXPECT_TRUE(rig.isr().pending());
  EXPECT_EQ(rig.Requests(), 0u);
  EXPECT_EQ(rig.EffectsOf(sim::EffectKind::kSetTimer).at(0).from,
            static_cast<uint64_t>(Milliseconds(50).ns));
  rig.Fire(kAlterTimer);
  EXPECT_EQ(rig.Requests(), 1u);
}

// A new leader epoch came while the request was under way: its answer means nothing any more.
TEST(IsrAnswer, ToAProposalThatMetadataHasOvertakenIsIgnored) {
  Asked rig;
  rig.AddPartitionRecord(kB1, kAll.value, 1, 1);
  rig.Apply();
  ASSERT_FALSE(rig.isr().pending());
  EXPECT_THAT(rig.NotesOf<notes::ProposalForgotten>(),
              SizeIs(0));  // decided against, not forgotten
  AlterPartitionResponse::Item item = rig.Granted();
  item.leader_epoch = {1};
  item.partition_epoch = {2};
  rig.Answer(item);
  EXPECT_EQ(rig.isr().committed, kAll);
}

// KB:R-2: the answer was quicker than the metadata of the change before it.
TEST(IsrAnswer, OlderMetadataThatComesBehindItTakesNothingBack) {
  Asked rig;
  AlterPartitionResponse::Item item = rig.Granted();
  item.partition_epoch = {2};
  rig.Answer(item);
  rig.AddPartitionRecord(kB1, kAll.value, 0, 1);
  rig.Apply();
  EXPECT_EQ(rig.isr().committed, kTwo);
  EXPECT_EQ(rig.partition().partition_epoch, PartitionEpoch{2});
}

// A request that was answered, or whose connection is no more, has no answer to come.
TEST(IsrAnswer, ToAnotherRequestOrOnAnotherConnectionIsIgnored) {
  for (const bool other_request : {true, false}) {
    Asked rig;
    if (other_request) ++rig.request.body.correlation;
    if (!other_request) rig.request.connection = {77};
    rig.Answer(Error::kNone);
    EXPECT_TRUE(rig.isr().pending());
    EXPECT_EQ(rig.isr().committed, kAll);
  }
}

// ---- Without an answer ----

TEST(ControllerLink, LostWithAProposalUnderWayLeavesItPendingAndIsMadeAgain) {
  Asked rig;
  rig.Call(OnDisconnected, rig.request.connection, sim::Disconnected{kControllerMachine});
  EXPECT_TRUE(rig.isr().pending());
  EXPECT_EQ(rig.partition().high_watermark, Offset{0});
  rig.Fire(kIsrTimer);
  EXPECT_EQ(rig.Requests(), 0u);  // nobody is there to be asked, and nothing else is proposed
  rig.Fire(kReconnectTimer, kBrokerRole, kAlterations);
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kConnect), SizeIs(1));
  rig.Call(OnConnected, rig.link().connection, sim::Connected{kControllerMachine});
  ASSERT_EQ(rig.Requests(), 1u);
  EXPECT_EQ(rig.SentOf<AlterPartitionRequest>()[0].item.isr, kTwo);
  rig.Fire(kIsrTimer);
  EXPECT_EQ(rig.Requests(), 0u);
  rig.Fire(kAlterTimer);
  EXPECT_EQ(rig.Requests(), 0u);  // one in flight
}

TEST(ControllerLink, AnAnswerOnTheLostConnectionIsNobodys) {
  Asked rig;
  rig.Call(OnDisconnected, rig.request.connection, sim::Disconnected{kControllerMachine});
  rig.Fire(kReconnectTimer, kBrokerRole, kAlterations);
  rig.Call(OnConnected, rig.link().connection, sim::Connected{kControllerMachine});
  rig.Answer(Error::kNone);  // of the connection before
  EXPECT_TRUE(rig.isr().pending());
  EXPECT_EQ(rig.isr().committed, kAll);
}

TEST(ControllerLink, RefusedAgainAndAgainItIsTriedEverySecondInTheEnd) {
  Asked rig;
  rig.Answer(Error::kNone);
  rig.Call(OnDisconnected, rig.link().connection, sim::Disconnected{kControllerMachine});
  std::vector<uint64_t> waits;
  for (int i = 0; i < 7; ++i) {
    waits.push_back(rig.EffectsOf(sim::EffectKind::kSetTimer).at(0).from / 1'000'000);
    rig.Fire(kReconnectTimer, kBrokerRole, kAlterations);
    rig.Call(OnDisconnected, rig.link().connection,
             sim::Disconnected{kControllerMachine, sim::Disconnect::kRefused});
  }
  EXPECT_THAT(waits, testing::ElementsAre(50, 100, 200, 400, 800, 1000, 1000));
}

// What the followers have is known meanwhile; the leader that is cut off goes on for acks=1 and
// keeps acks=all waiting (KB:R-25).
TEST(ControllerLink, WithoutItTheLeaderServesWhatNeedsNoNewIsr) {
  Asked rig;
  rig.Call(OnDisconnected, rig.request.connection, sim::Disconnected{kControllerMachine});
  rig.Produce(2, rig.MakeBatch(), Acks::kLeader);
  EXPECT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(1));
  rig.FollowerFetch(kB2, 2);
  EXPECT_EQ(rig.partition().high_watermark, Offset{0});
  rig.FollowerFetch(kB3, 2);  // it is back after all
  EXPECT_EQ(rig.partition().high_watermark, Offset{2});
  EXPECT_TRUE(rig.isr().pending());
}

}  // namespace
}  // namespace kafka::broker
