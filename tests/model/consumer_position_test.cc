// Where a consumer reads: what was committed, the reset policy, errors, and a log that has been cut
// (KC:3.3, KC:3.4, KC:7.3).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/consumer_fixture.h"

namespace kafka::consumer {
namespace {

using sim::Milliseconds;
using sim::Seconds;
using testing::IsEmpty;
using testing::SizeIs;
using Reset = ConsumerSettings::Reset;
using Which = ListOffsetsRequest::Which;
using State = Partition::State;

int64_t FetchedFrom(const Desk& desk) { return desk.fetches.at(0).items.at(0).offset.value; }

// ---- The start (KC:C-14) ----

// Dealt out among the consumers of its group and topic, and of no other.
TEST(ConsumerStart, ItReadsEveryPartitionOfItsTopicAndNoOther) {
  Desk desk(Reset::kEarliest, 2);
  desk.setup.topics.push_back(desk.setup.topics[0]);
  desk.setup.partitions.push_back({.topic = {1}, .index = 0, .replicas = {{0}}});
  desk.Start();
  EXPECT_EQ(desk.process().partitions.size(), 2u);
}

TEST(ConsumerStart, WithoutACommitThePolicyDecides) {
  Desk earliest(Reset::kEarliest);
  earliest.Start();
  earliest.AnswerCommitted(Offset::Unknown());
  ASSERT_THAT(earliest.list_offsets, SizeIs(1));
  EXPECT_EQ(earliest.list_offsets[0].body.which, Which::kEarliest);
  Desk latest(Reset::kLatest);
  latest.Start();
  latest.AnswerCommitted(Offset::Unknown());
  ASSERT_THAT(latest.list_offsets, SizeIs(1));
  EXPECT_EQ(latest.list_offsets[0].body.which, Which::kLatest);
  latest.AnswerListOffsets({70});
  EXPECT_EQ(FetchedFrom(latest), 70);
}

TEST(ConsumerStart, WithoutACommitAndWithoutAPolicyTheProgramEnds) {
  Desk desk(Reset::kNone, 2);
  desk.Start();
  desk.AnswerCommitted({5});                // orders-0 could be read
  desk.AnswerCommitted(Offset::Unknown());  // orders-1: NoOffsetForPartitionException
  EXPECT_TRUE(desk.HasEnded());
  EXPECT_THAT(desk.list_offsets, IsEmpty());
  EXPECT_THAT(desk.peers, IsEmpty());
  ASSERT_THAT(desk.NotesOf<notes::ConsumerEnded>(), SizeIs(1));
  const notes::ConsumerEnded said = desk.NotesOf<notes::ConsumerEnded>()[0];
  EXPECT_EQ(said.partition, kOrders1);
  EXPECT_EQ(said.why, ConsumerEnd::kNoCommittedOffset);
  const size_t asked = desk.fetches.size();
  desk.Pass(Seconds(600));
  EXPECT_EQ(desk.fetches.size(), asked);
}

TEST(ConsumerStart, AtACommittedOffsetAsksTheLeaderForItsHistoryFirst) {
  Desk desk(Reset::kLatest);
  desk.Start();
  desk.AnswerCommitted({40}, {0});
  EXPECT_THAT(desk.fetches, IsEmpty());
  ASSERT_THAT(desk.epoch_ends, SizeIs(1));
  EXPECT_EQ(desk.epoch_ends[0].body.epoch, LeaderEpoch{0});
  desk.AnswerEpochEnd({0}, {90});
  EXPECT_EQ(FetchedFrom(desk), 40);
  EXPECT_THAT(desk.NotesOf<notes::PositionReset>(), IsEmpty());
}

// KC:C-20: a commit of a client that gave none.
TEST(ConsumerStart, AtACommittedOffsetWithoutAnEpochItIsTakenAsItIs) {
  Desk desk(Reset::kLatest);
  desk.Start();
  desk.AnswerCommitted({40});
  EXPECT_THAT(desk.epoch_ends, IsEmpty());
  EXPECT_EQ(FetchedFrom(desk), 40);
}

// The log was cut below the commit and has regrown beyond it: only the epoch can tell (KC:R-13).
TEST(ConsumerStart, AtACommitThatTheLogWasCutBelowItGoesBackToWhereTheLogsPart) {
  Desk desk(Reset::kLatest);
  desk.leader_epoch = 2;
  desk.Start();
  desk.AnswerCommitted({40}, {1});
  desk.AnswerEpochEnd({1}, {25});
  ASSERT_THAT(desk.NotesOf<notes::PositionReset>(), SizeIs(1));
  EXPECT_EQ(FetchedFrom(desk), 25);
}

// ---- A leader change (KC:C-19, C-20) ----

TEST(Validation, ANewLeaderIsAskedBeforeAnythingIsFetchedFromIt) {
  Desk desk(Reset::kLatest);
  desk.StartAt({40});
  desk.MoveLeader(kB2);
  EXPECT_EQ(desk.partition().state, State::kValidating);
  EXPECT_THAT(desk.fetches, IsEmpty());
  ASSERT_THAT(desk.epoch_ends, SizeIs(1));
  EXPECT_EQ(desk.peers[desk.epoch_ends[0].connection.value], MachineOf(kB2));
  EXPECT_EQ(desk.epoch_ends[0].body.current_leader_epoch, LeaderEpoch{1});
  desk.AnswerEpochEnd({0}, {60});
  EXPECT_EQ(FetchedFrom(desk), 40);
}

// KC:C-9: what was fetched before and is not handed out yet is thrown away by the poll() that finds
// the position in doubt, and read again from where it is valid.
TEST(Validation, DropsWhatWasFetchedFromTheLeaderBefore) {
  Desk desk(Reset::kEarliest);
  desk.settings().max_poll_records = 4;
  desk.program().processing = Seconds(1);
  desk.program().commit = ConsumerProgram::Commit::kNever;
  desk.StartAt({0});
  desk.AnswerFetch(desk.Append(kOrders0, 10));
  ASSERT_TRUE(desk.partition().has_buffer());
  desk.leader_epoch = 1;
  desk.process().client.metadata.wanted = true;
  desk.Pass(Seconds(4));  // the first four are done; the next poll() asks for metadata
  while (!desk.metadata.empty()) desk.AnswerMetadata();
  EXPECT_EQ(desk.partition().state, State::kValidating);
  EXPECT_THAT(desk.epoch_ends, IsEmpty());  // by the next poll(), which throws the buffer away
  desk.Pass(Seconds(4));
  EXPECT_FALSE(desk.partition().has_buffer());
  const int64_t position = desk.partition().position.value;
  desk.AnswerEpochEnd({0}, {10});
  EXPECT_EQ(FetchedFrom(desk), position);
}

// Silently, whatever the policy: neither the beginning nor the end.
TEST(Validation, ALogThatWasCutMovesThePositionToWhereTheLogsPart) {
  for (const Reset policy : {Reset::kEarliest, Reset::kLatest}) {
    Desk desk(policy);
    desk.StartAt({40});
    desk.MoveLeader(kB2);
    desk.AnswerEpochEnd({0}, {33});
    EXPECT_EQ(FetchedFrom(desk), 33);
    EXPECT_THAT(desk.list_offsets, IsEmpty());
    EXPECT_EQ(desk.NotesOf<notes::PositionReset>().at(0).from, Offset{40});
  }
}

// KC:C-19, KC:C-20: it goes on from there in that epoch, of which the next leader will be asked.
TEST(Validation, ALogThatWasCutTellsTheEpochFromWhichItGoesOn) {
  Desk desk(Reset::kEarliest);
  desk.Start();
  desk.AnswerCommitted({40}, {2});
  desk.AnswerEpochEnd({1}, {33});
  EXPECT_EQ(desk.partition().position_epoch, LeaderEpoch{1});
  desk.MoveLeader(kB2);
  EXPECT_EQ(desk.epoch_ends.at(0).body.epoch, LeaderEpoch{1});
}

// A lower leader epoch than one already heard of is not believed (KC:P-55).
TEST(Validation, AStaleBrokerDoesNotMoveTheConsumerBack) {
  Desk desk(Reset::kEarliest);
  desk.StartAt({40});
  desk.MoveLeader(kB2);
  desk.AnswerEpochEnd({0}, {60});
  desk.leader = kB1;
  desk.leader_epoch = 0;
  desk.mono = desk.mono + Seconds(1);
  desk.Disconnect(desk.fetches.at(0).connection);
  desk.Pass(Seconds(1));
  ASSERT_THAT(desk.metadata, testing::Not(IsEmpty()));
  desk.AnswerMetadata();
  EXPECT_EQ(desk.partition().leader, kB2);
}

TEST(Validation, ALogThatWasCutEndsAProgramWithoutAPolicy) {
  Desk desk(Reset::kNone);
  desk.StartAt({40});
  desk.MoveLeader(kB2);
  desk.AnswerEpochEnd({0}, {33});  // LogTruncationException
  EXPECT_TRUE(desk.HasEnded());
  EXPECT_EQ(desk.EndsOf(), std::vector{ConsumerEnd::kLogTruncated});
}

TEST(Validation, AHistoryThatNobodyKnowsIsLeftToThePolicy) {
  Desk desk(Reset::kEarliest);
  desk.StartAt({40});
  desk.MoveLeader(kB2);
  desk.AnswerEpochEnd({-1}, Offset::Unknown());
  ASSERT_THAT(desk.list_offsets, SizeIs(1));
  EXPECT_EQ(desk.list_offsets[0].body.which, Which::kEarliest);
}

TEST(Validation, AnErrorIsAskedAboutAgainWithFreshMetadata) {
  Desk desk(Reset::kLatest);
  desk.StartAt({40});
  desk.MoveLeader(kB2);
  desk.AnswerEpochEnd({}, Offset::Unknown(), Error::kNotLeaderOrFollower);
  EXPECT_TRUE(desk.process().client.metadata.wanted || !desk.metadata.empty());
  EXPECT_EQ(desk.partition().state, State::kValidating);
  EXPECT_THAT(desk.epoch_ends, IsEmpty());
  desk.Pass(Milliseconds(130));
  EXPECT_THAT(desk.epoch_ends, SizeIs(1));
}

// KC:C-20: after a reset nothing is known of what lies below. What the next leader has there
// instead is read as if it had always been.
TEST(Validation, APositionWithoutAnEpochIsNotValidated) {
  Desk desk(Reset::kLatest);
  desk.Start();
  desk.AnswerCommitted(Offset::Unknown());
  desk.AnswerListOffsets({40});
  desk.MoveLeader(kB2);
  EXPECT_THAT(desk.epoch_ends, IsEmpty());
  EXPECT_EQ(FetchedFrom(desk), 40);
}

TEST(Validation, ARecordThatWasHandedOutTellsItsEpoch) {
  Desk desk(Reset::kEarliest);
  desk.Start();
  desk.AnswerCommitted(Offset::Unknown());
  desk.AnswerListOffsets({0});
  desk.AnswerFetch(desk.Append(kOrders0, 5));
  ASSERT_EQ(desk.partition().position, Offset{5});
  desk.MoveLeader(kB2);
  desk.AnswerCommit();  // of what was handed out: the next poll() looks after the position
  EXPECT_THAT(desk.epoch_ends, SizeIs(1));
}

// ---- OFFSET_OUT_OF_RANGE (KC:C-21) ----

TEST(OutOfRange, AboveOrBelowTheLogThePolicyDecides) {
  for (const int64_t position : {0, 900}) {  // the log is [100, 200)
    Desk earliest(Reset::kEarliest);
    earliest.StartAt({position});
    earliest.AnswerFetch(Error::kOffsetOutOfRange);
    ASSERT_EQ(earliest.list_offsets.at(0).body.which, Which::kEarliest);
    earliest.AnswerListOffsets({100});
    EXPECT_EQ(FetchedFrom(earliest), 100);
    Desk latest(Reset::kLatest);
    latest.StartAt({position});
    latest.AnswerFetch(Error::kOffsetOutOfRange);
    ASSERT_EQ(latest.list_offsets.at(0).body.which, Which::kLatest);
    latest.AnswerListOffsets({200});
    EXPECT_EQ(FetchedFrom(latest), 200);
    EXPECT_EQ(latest.NotesOf<notes::PositionReset>().at(0).to, Offset{200});
  }
}

// KC:C-20: no record tells the epoch of a position that the policy chose.
TEST(OutOfRange, AResetForgetsTheEpoch) {
  Desk desk(Reset::kEarliest);
  desk.StartAt({40});
  ASSERT_EQ(desk.partition().position_epoch, LeaderEpoch{0});
  desk.AnswerFetch(Error::kOffsetOutOfRange);
  desk.AnswerListOffsets({0});
  EXPECT_EQ(desk.partition().position_epoch, LeaderEpoch{});
  desk.MoveLeader(kB2);
  EXPECT_THAT(desk.epoch_ends, IsEmpty());
}

TEST(OutOfRange, WithoutAPolicyTheProgramEnds) {
  Desk desk(Reset::kNone);
  desk.StartAt({900});
  desk.AnswerFetch(Error::kOffsetOutOfRange);
  EXPECT_TRUE(desk.HasEnded());
  EXPECT_EQ(desk.EndsOf(), std::vector{ConsumerEnd::kOutOfRange});
}

// Two partitions of one leader, of which the second has a position that nobody has.
void AskForBoth(Desk& desk) {
  desk.Start();
  desk.AnswerCommitted({0});
  desk.AnswerCommitted({900});
  desk.AnswerFetch(AppendedId{});  // the first fetch asked for orders-0 alone, and found nothing
  ASSERT_THAT(desk.fetches, SizeIs(1));
  ASSERT_THAT(desk.fetches[0].items, SizeIs(2));
}

// KC:C-10: poll() returns what it had collected; the exception is the next poll's.
TEST(OutOfRange, WaitsBehindWhatWasFetchedBeforeIt) {
  Desk desk(Reset::kNone, 2);
  desk.program().processing = Milliseconds(5);
  AskForBoth(desk);
  const AppendedId entry = desk.Append(kOrders0, 3);
  desk.AnswerFetchWith({desk.ItemOf(kOrders0, entry, {0}), desk.ItemOf(kOrders1, {}, {900})});
  EXPECT_THAT(desk.NotesOf<notes::Polled>(), SizeIs(1));
  EXPECT_FALSE(desk.HasEnded());
  desk.Pass(Milliseconds(100));
  while (!desk.commits.empty()) desk.AnswerCommit();
  EXPECT_THAT(desk.NotesOf<notes::Processed>(), SizeIs(1));
  EXPECT_TRUE(desk.HasEnded());
  EXPECT_EQ(desk.EndsOf(), std::vector{ConsumerEnd::kOutOfRange});
}

// ... and what comes behind it is never handed out.
TEST(OutOfRange, IsThrownBeforeWhatWasFetchedBehindIt) {
  Desk desk(Reset::kNone, 2);
  AskForBoth(desk);
  const AppendedId entry = desk.Append(kOrders0, 3);
  desk.AnswerFetchWith({desk.ItemOf(kOrders1, {}, {900}), desk.ItemOf(kOrders0, entry, {0})});
  EXPECT_THAT(desk.NotesOf<notes::Polled>(), IsEmpty());
  EXPECT_TRUE(desk.HasEnded());
}

TEST(OutOfRange, OfAPositionBeforeAResetIsStale) {
  Desk desk(Reset::kEarliest);
  desk.StartAt({900});
  desk.partition().position = {50};
  desk.AnswerFetch(Error::kOffsetOutOfRange);
  EXPECT_THAT(desk.list_offsets, IsEmpty());
  EXPECT_EQ(FetchedFrom(desk), 50);
}

// ---- The other errors of a fetch (KC:7.3): none moves the position. ----

TEST(FetchErrors, KeepThePositionAndMostAskForMetadata) {
  constexpr std::pair<Error, bool> kRows[] = {{Error::kNotLeaderOrFollower, true},
                                              {Error::kFencedLeaderEpoch, true},
                                              {Error::kOffsetNotAvailable, true},
                                              {Error::kUnknownTopicOrPartition, true},
                                              {Error::kUnknownLeaderEpoch, false}};
  for (const auto& [error, asks] : kRows) {
    SCOPED_TRACE(NameOf(error));
    Desk desk(Reset::kEarliest);
    desk.StartAt({40});
    desk.AnswerFetch(error);
    EXPECT_EQ(desk.process().client.metadata.wanted || !desk.metadata.empty(), asks);
    EXPECT_EQ(desk.partition().state, State::kFetching);
    while (!desk.metadata.empty()) desk.AnswerMetadata();
    desk.Pass(Seconds(1));
    EXPECT_EQ(FetchedFrom(desk), 40);
    EXPECT_THAT(desk.NotesOf<notes::PositionReset>(), IsEmpty());
  }
}

TEST(FetchErrors, ALostConnectionFetchesTheSameAgain) {
  Desk desk(Reset::kEarliest);
  desk.StartAt({40});
  const sim::ConnectionId lost = Desk::Take(desk.fetches).connection;
  desk.Disconnect(lost);
  while (!desk.metadata.empty()) desk.AnswerMetadata();
  desk.Pass(Seconds(1));
  EXPECT_EQ(FetchedFrom(desk), 40);
}

// KC:7.3: an answer to ListOffsets that is an error leaves the partition where it was.
// KC:P-35, of a consumer as well: request.timeout.ms is the end of the connection.
TEST(FetchErrors, ASilentLeaderIsGivenUpAndAskedOnANewConnection) {
  Desk desk(Reset::kEarliest);
  desk.StartAt({40});
  const sim::ConnectionId silent = desk.fetches.at(0).connection;
  desk.Pass(Seconds(31));
  EXPECT_EQ(desk.peers.count(silent.value), 0u);
  ASSERT_THAT(desk.fetches, SizeIs(2));
  EXPECT_NE(desk.fetches[1].connection, silent);
  EXPECT_EQ(desk.fetches[1].items.at(0).offset, Offset{40});
}

TEST(FetchErrors, OfAResetAreAskedAgain) {
  Desk desk(Reset::kLatest);
  desk.Start();
  desk.AnswerCommitted(Offset::Unknown());
  desk.AnswerListOffsets(Offset::Unknown(), Error::kOffsetNotAvailable);
  EXPECT_EQ(desk.partition().state, State::kResetting);
  EXPECT_THAT(desk.list_offsets, IsEmpty());
  while (!desk.metadata.empty()) desk.AnswerMetadata();
  desk.Pass(Milliseconds(130));
  EXPECT_THAT(desk.list_offsets, SizeIs(1));
}

}  // namespace
}  // namespace kafka::consumer
