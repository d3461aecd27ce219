// A follower's fetcher: back-off, time-outs, errors of the leader, a cut of the log
// (KB:R-38..R-46).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/follower_fixture.h"

namespace kafka::broker {
namespace {

using sim::Seconds;
using testing::SizeIs;

constexpr uint16_t kToLeader = kB1.value;

// KB: the leader is told which incarnation asks.
TEST(Fetcher, AsksInTheNameOfItsIncarnationAndNotForEver) {
  FollowerRig rig;
  rig.Copy(0, 0, 0);
  ASSERT_THAT(rig.SentOf<FetchRequest>(), SizeIs(1));
  EXPECT_EQ(rig.SentOf<FetchRequest>()[0].body.replica_epoch, BrokerEpoch{2});
  EXPECT_EQ(rig.DelayOf(kFetcherTimer, kToLeader), Seconds(30));  // replica.socket.timeout.ms
  rig.Fire(kFetcherTimer, kFetcherRole, kToLeader);
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kClose), SizeIs(1));
  EXPECT_EQ(rig.DelayOf(kFetcherTimer, kToLeader), Seconds(1));
}

// KB:R-45: SIGSTOP ends the wait for the socket without a look at it, and the request's time is
// over. After a shorter freeze the wait goes on, and the answer is there.
TEST(Fetcher, FrozenForLongerThanTheTimeOutItReadsNoAnswerAndBacksOff) {
  for (const bool longer : {false, true}) {
    FollowerRig rig;
    rig.Pass(longer ? Seconds(31) : Seconds(29));
    rig.Copy(0, 0, 0);
    EXPECT_EQ(rig.partition().log.end, Offset{longer ? 0 : 1});
    EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kClose), SizeIs(longer ? 1 : 0));
    EXPECT_EQ(rig.DelayOf(kFetcherTimer, kToLeader), longer ? Seconds(1) : Seconds(30));
  }
}

TEST(Fetcher, ALeaderThatDoesNotAnswerTheHandshakeIsGivenUpAfterTenSeconds) {
  Rig rig(kB2);
  rig.Start();
  EXPECT_EQ(rig.DelayOf(kFetcherTimer, kToLeader), Seconds(10));
  rig.Fire(kFetcherTimer, kFetcherRole, kToLeader);
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kClose), SizeIs(1));
  EXPECT_EQ(rig.DelayOf(kFetcherTimer, kToLeader), Seconds(1));
}

// Most errors are waited out for replica.fetch.backoff.ms (KB:R-45).
TEST(Fetcher, AnErrorOfTheLeaderIsTriedAgainAfterTheBackOff) {
  FollowerRig rig;
  rig.Refuse(Error::kNotLeaderOrFollower);
  EXPECT_THAT(rig.SentOf<FetchRequest>(), SizeIs(0));
  EXPECT_EQ(rig.DelayOf(kFetcherTimer, kToLeader), Seconds(1));
  rig.Pass(Seconds(1));
  rig.Fire(kFetcherTimer, kFetcherRole, kToLeader);
  EXPECT_THAT(rig.SentOf<FetchRequest>(), SizeIs(1));
}

// A fenced partition is taken off the fetcher, not delayed (KB: ).
TEST(Fetcher, FencedItWaitsForANewEpochAndNotForTime) {
  FollowerRig rig;
  rig.Refuse(Error::kFencedLeaderEpoch);
  EXPECT_THAT(rig.SentOf<FetchRequest>(), SizeIs(0));
  EXPECT_LT(rig.DelayOf(kFetcherTimer, kToLeader), sim::Duration{});
  rig.FollowEpoch(1);
  ASSERT_THAT(rig.SentOf<FetchRequest>(), SizeIs(1));
  EXPECT_EQ(rig.SentOf<FetchRequest>()[0].item.current_leader_epoch, LeaderEpoch{1});
}

// KB: data that do not join the log's end are never written.
TEST(Fetcher, DataThatDoNotFitFailThePartitionUntilANewEpoch) {
  FollowerRig rig;
  rig.Written(0, 0);
  rig.Copy(1, 0, 0);
  EXPECT_EQ(rig.partition().log.end, Offset{0});
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kWrite), SizeIs(0));
  EXPECT_THAT(rig.SentOf<FetchRequest>(), SizeIs(0));
  rig.FollowEpoch(1);
  EXPECT_THAT(rig.SentOf<FetchRequest>(), SizeIs(1));
}

// KB:R-44. It holds [0, 3), and the leader says that 3 is out of range.
struct OutOfRange : FollowerRig {
  OutOfRange() {
    for (int64_t i = 0; i < 3; ++i) Copy(i, 0, 0);
    Refuse(Error::kOffsetOutOfRange);
  }
  void AnswerEnd(int64_t offset, Error error = Error::kNone) {
    const Link link = broker.process.fetchers[0].link;
    Call(OnListOffsetsResponse, link.connection,
         ListOffsetsResponse{.correlation = link.in_flight,
                             .partition = kOrders,
                             .error = error,
                             .offset = {offset}});
  }
  int64_t AskedFrom() {
    const auto sent = SentOf<FetchRequest>();
    return sent.size() == 1 ? sent[0].item.offset.value : -1;
  }
};

TEST(Fetcher, OutOfRangeItAsksForTheLeadersLogEnd) {
  OutOfRange rig;
  const auto asked = rig.SentOf<ListOffsetsRequest>();
  ASSERT_THAT(asked, SizeIs(1));
  EXPECT_EQ(asked[0].body.which, ListOffsetsRequest::Which::kLatest);
  EXPECT_EQ(asked[0].body.is_follower, 1);  // the log end, not the high watermark
  EXPECT_EQ(asked[0].body.current_leader_epoch, LeaderEpoch{0});
  EXPECT_EQ(rig.DelayOf(kFetcherTimer, kToLeader), Seconds(30));
}

TEST(Fetcher, AShorterLeaderCutsIt) {
  OutOfRange rig;
  rig.AnswerEnd(2);
  EXPECT_EQ(rig.partition().log.end, Offset{2});
  EXPECT_EQ(rig.AskedFrom(), 2);
}

TEST(Fetcher, ALongerLeaderIsFollowedFromWhereItIs) {
  OutOfRange rig;
  rig.AnswerEnd(9);
  EXPECT_EQ(rig.partition().log.end, Offset{3});
  EXPECT_EQ(rig.AskedFrom(), 3);
  EXPECT_EQ(rig.SentOf<FetchRequest>()[0].item.last_fetched_epoch, LeaderEpoch{0});
}

TEST(Fetcher, ALeaderThatCannotSayItsEndIsAskedAgainAfterTheBackOff) {
  OutOfRange rig;
  rig.AnswerEnd(-1, Error::kNotLeaderOrFollower);
  EXPECT_THAT(rig.SentOf<ListOffsetsRequest>(), SizeIs(0));
  EXPECT_EQ(rig.DelayOf(kFetcherTimer, kToLeader), Seconds(1));
  rig.Pass(Seconds(1));
  rig.Fire(kFetcherTimer, kFetcherRole, kToLeader);
  EXPECT_THAT(rig.SentOf<ListOffsetsRequest>(), SizeIs(1));
}

// KB:S-45, R-35, R-64, P-43: five batches of one producer, all flushed and committed, cut to two.
struct CutRig : FollowerRig {
  CutRig() {
    for (int32_t i = 0; i < 5; ++i) {
      FetchResponse::Item item = Item(i + 1);
      item.first = tables.Add(kOrders, {i}, MakeBatch(1, 7, i), {i < 3 ? 0 : 1});
      item.count = 1;
      if (i == 3) {
        FollowEpoch(1);
        AnswerNothing();
        item.fetch_offset = partition().fetch.offset;
      }
      Answer(item);
    }
    partition().recovery_point = {5};
    EXPECT_EQ(partition().high_watermark, Offset{5});
    Diverge(0, 2);
  }
};

TEST(Cut, TakesTheFileTheEpochsTheWatermarkAndTheRecoveryPointDown) {
  CutRig rig;
  EXPECT_EQ(rig.partition().log.end, Offset{2});
  EXPECT_EQ(rig.EffectsOf(sim::EffectKind::kTruncate).at(0).from, 200u);
  EXPECT_EQ(Latest(rig.partition().epochs), LeaderEpoch{0});
  EXPECT_EQ(rig.partition().high_watermark, Offset{2});  // committed or not (KB:R-35)
  EXPECT_EQ(rig.partition().recovery_point, Offset{2});
  const auto written = rig.EffectsOf(sim::EffectKind::kReplace);
  ASSERT_THAT(written, SizeIs(2));
  EXPECT_EQ(written[0].file, EpochFile(kOrders));
  EXPECT_EQ(written[1].file, kRecoveryPointFile);
  EXPECT_EQ(rig.SentOf<FetchRequest>().at(0).item.offset, Offset{2});
  EXPECT_EQ(rig.SentOf<FetchRequest>().at(0).item.last_fetched_epoch, LeaderEpoch{0});
}

// What was cut off is no duplicate when it comes again; a cut of that end leaves a snapshot, which
// knows the newest batch alone (KB:P-41).
TEST(Cut, TheProducersAreWhatTheRestOfTheLogSays) {
  CutRig rig;
  const auto& known = rig.partition().producers;
  ASSERT_THAT(known, SizeIs(1));
  EXPECT_EQ(known[0].batches[known[0].batches.size() - 1].last_sequence, 1);
  EXPECT_EQ(rig.partition().snapshot, Offset{2});
  EXPECT_TRUE(CheckSequence(known, rig.tables[rig.MakeBatch(1, 7, 1)]).duplicate);
  EXPECT_FALSE(CheckSequence(known, rig.tables[rig.MakeBatch(1, 7, 2)]).duplicate);
}

// KB:P-43: a snapshot from beyond the cut is of no use.
TEST(Cut, BelowItsSnapshotTheReplayBeginsAtTheStart) {
  CutRig rig;
  for (int32_t i = 2; i < 4; ++i) {
    FetchResponse::Item item = rig.Item(0);
    item.first = rig.tables.Add(kOrders, {i}, rig.MakeBatch(1, 7, i), {1});
    item.count = 1;
    rig.Answer(item);
  }
  rig.Diverge(1, 3);  // the snapshot at 2 counts
  EXPECT_THAT(rig.partition().producers.at(0).batches, SizeIs(2));
  rig.Diverge(0, 2);  // the one at 3 does not
  EXPECT_EQ(rig.partition().log.end, Offset{2});
  EXPECT_THAT(rig.partition().producers.at(0).batches, SizeIs(2));
}

// KB:R-58: it led for a moment and wrote nothing; the entry at its log's end goes with the next cut
// that cuts nothing.
TEST(Cut, ThatCutsNothingTakesAPhantomEpochAway) {
  FollowerRig rig;
  rig.Copy(0, 0, 0);
  rig.AddPartitionRecord(kB2, 0b110, 1, 1);
  rig.Apply();
  EXPECT_EQ(Latest(rig.partition().epochs), LeaderEpoch{1});
  rig.AddPartitionRecord(kB1, 0b111, 2, 2);
  rig.Apply();
  rig.Call(OnConnected, rig.broker.process.fetchers[0].link.connection, sim::Connected{});
  EXPECT_EQ(rig.SentOf<FetchRequest>().at(0).item.last_fetched_epoch, LeaderEpoch{1});
  rig.Diverge(0, 1);
  EXPECT_EQ(rig.partition().log.end, Offset{1});
  EXPECT_EQ(rig.SentOf<FetchRequest>().at(0).item.last_fetched_epoch, LeaderEpoch{0});
}

// KB:R-17: the unflushed count reaches flush.messages, and not before.
TEST(FollowerFlush, AtTheCountThatFlushMessagesSays) {
  FollowerRig rig;
  rig.setup.topics[0].settings.flush_messages = 2;
  rig.Copy(0, 0, 0);
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kFlush), SizeIs(0));
  rig.Copy(1, 0, 0);
  EXPECT_THAT(rig.EffectsOf(sim::EffectKind::kFlush), SizeIs(1));
}

}  // namespace
}  // namespace kafka::broker
