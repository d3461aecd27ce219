// What a producer makes of each error, with sequences and without (KC:7.1, KC:P-64).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/model/producer_fixture.h"

namespace kafka::producer {
namespace {

using sim::Milliseconds;
using sim::Seconds;

// How one record fares whose first attempt is answered with `error`.
struct Fare {
  bool retried = false;
  bool asks_for_metadata = false;
  bool may_be_in_log = false;  // as a later failure would say
  bool bumped = false;
};

// A record was acknowledged before, so that the leader knows the producer (KC:I-3).
Fare FareOf(Error error, bool idempotent) {
  Desk desk(2);
  desk.settings().enable_idempotence = idempotent;
  desk.settings().max_in_flight = 1;
  desk.Start();
  desk.Answer();
  desk.Answer(error);
  const bool retried = desk.Order<notes::Retried>() == "B";
  const auto failures = desk.NotesOf<notes::FailedToApplication>();
  EXPECT_EQ(failures.size(), retried ? 0u : 1u);
  const bool may_be_in_log = retried ? desk.process().slots[desk.partition().head].maybe_written
                                     : failures.at(0).maybe_written;
  return {.retried = retried,
          .asks_for_metadata = desk.process().client.metadata.wanted || !desk.metadata.empty(),
          .may_be_in_log = may_be_in_log,
          .bumped = desk.process().producer_epoch > 0};
}

struct Row {
  Error error;
  bool retried;
  bool metadata;
  bool in_log;
  bool bump;  // with sequences: KC:I-7
};

// KC:7.1, KC:P-64 (last row), as far as a broker of the model answers it, or the client to itself.
constexpr Row kRows[] = {
    {Error::kNetworkException, true, true, true, false},
    {Error::kRequestTimedOut, true, false, true, false},
    {Error::kUnknownTopicOrPartition, true, true, false, false},
    {Error::kNotLeaderOrFollower, true, true, true, false},
    {Error::kNotEnoughReplicas, true, false, false, false},
    {Error::kNotEnoughReplicasAfterAppend, true, false, true, false},
    {Error::kFencedLeaderEpoch, true, true, false, false},
    {Error::kUnknownLeaderEpoch, true, false, false, false},
    {Error::kMessageTooLarge, false, false, false, true},  // one record: nothing to split
    {Error::kInvalidProducerEpoch, false, false, false, true},
    {Error::kInvalidRequest, false, false, false, true},
};

TEST(ProducerErrors, WhoIsRetriedWhoAsksForMetadataAndWhoFailsForGood) {
  for (const Row& row : kRows) {
    for (const bool idempotent : {false, true}) {
      SCOPED_TRACE(NameOf(row.error));
      const Fare fare = FareOf(row.error, idempotent);
      EXPECT_EQ(fare.retried, row.retried);
      EXPECT_EQ(fare.asks_for_metadata, row.metadata);
      EXPECT_EQ(fare.may_be_in_log, row.in_log);
      EXPECT_EQ(fare.bumped, row.bump && idempotent);
    }
  }
}

// KC:P-40, KC:I-7: retries used up, the retriable error fails the batch, and no sequence is
// adjusted for it (KC:P-39).
TEST(ProducerErrors, WithItsRetriesUsedUpABatchFailsWithoutANewEpoch) {
  Desk desk(2);
  desk.settings().retries = 1;
  desk.Start();
  desk.Answer();
  desk.Answer(Error::kNotEnoughReplicas);
  desk.Pass(Milliseconds(130));
  ASSERT_EQ(desk.OnTheWire(), "B");
  desk.Answer(Error::kNotEnoughReplicas);
  ASSERT_EQ(desk.Order<notes::FailedToApplication>(), "B");
  EXPECT_EQ(desk.NotesOf<notes::FailedToApplication>()[0].error, Error::kNotEnoughReplicas);
  EXPECT_EQ(desk.process().producer_epoch, 0);
}

// KC:I-7, second clause: with retries left, past the deadline.
TEST(ProducerErrors, ARetriableErrorPastTheDeadlineIsANewEpoch) {
  Desk desk(2);
  desk.settings().delivery_timeout = Seconds(10);
  desk.settings().request_timeout = Seconds(9);
  desk.Start();
  desk.Answer();
  desk.Advance(desk.mono + Seconds(10));  // the answer is read before the deadline's own timer
  desk.Answer(Error::kNotEnoughReplicas);
  ASSERT_EQ(desk.Order<notes::FailedToApplication>(), "B");
  EXPECT_EQ(desk.process().producer_epoch, 1);
}

// ---- KC:P-64, OUT_OF_ORDER_SEQUENCE_NUMBER, row by row ----

// A to D are sent, A is acknowledged; B, C, D are in flight with the sequences 1, 2, 3.
Desk ThreeInFlight() {
  Desk desk(4);
  desk.settings().delivery_timeout = Seconds(40);
  desk.Start();
  desk.Answer();
  EXPECT_EQ(desk.OnTheWire(), "BCD");
  return desk;
}

TEST(OutOfOrderSequence, OfABatchThatABumpHasRenumberedIsRetriedWithoutAnother) {
  Desk desk = ThreeInFlight();
  desk.Answer(Error::kOutOfOrderSequenceNumber);  // B, the head: a gap
  ASSERT_EQ(desk.process().producer_epoch, 1);
  desk.Answer(Error::kOutOfOrderSequenceNumber);  // C, sent under the epoch before
  desk.Answer(Error::kOutOfOrderSequenceNumber);
  desk.Pass(Milliseconds(130));
  ASSERT_EQ(desk.OnTheWire(), "B");
  EXPECT_EQ(desk.Order<notes::Retried>(), "BCD");
  EXPECT_EQ(desk.process().producer_epoch, 1);
}

// Its new number is an excuse until it is sent: then out of order at the head is a gap again.
TEST(OutOfOrderSequence, OfARenumberedBatchThatHasBeenSentIsAGapOfItsOwn) {
  Desk desk = ThreeInFlight();
  for (int i = 0; i < 3; ++i) desk.Answer(Error::kOutOfOrderSequenceNumber);
  desk.Pass(Milliseconds(130));
  ASSERT_EQ(desk.OnTheWire(), "B");
  desk.Answer(Error::kOutOfOrderSequenceNumber);
  EXPECT_EQ(desk.process().producer_epoch, 2);
}

// B has been tried twice and expires on its way; C and D, sent after it, are still there.
Desk Unresolved() {
  Desk desk = ThreeInFlight();
  desk.program().messages = 4;
  Partition& partition = desk.partition();
  const uint32_t b = partition.sent.front();
  desk.process().slots[b].attempts = 1;
  desk.process().slots[b].created = desk.mono - Seconds(40);
  desk.process().oldest = desk.process().slots[b].created;
  desk.process().poll_until = desk.mono;
  desk.Call(OnTimer, {}, sim::TimerFired{{kSenderTimer, 0, 0}});
  EXPECT_EQ(desk.Order<notes::FailedToApplication>(), "B");
  EXPECT_TRUE(desk.partition().unresolved);
  EXPECT_EQ(desk.partition().unresolved_next, 2);
  return desk;
}

TEST(OutOfOrderSequence, OfTheOneThatFollowsAnExpiredBatchIsAGap) {
  Desk desk = Unresolved();
  desk.produced.erase(desk.produced.begin());  // B's answer is still out
  const Produced c = desk.produced.front();
  client::Node& node = desk.process().client.node(kB1);
  ASSERT_TRUE(client::TakeAnswered(node, node.in_flight.front().correlation));
  ASSERT_EQ(desk.TextOf(c.batches[0]), "C");
  desk.Answer(Error::kOutOfOrderSequenceNumber);
  EXPECT_EQ(desk.Order<notes::Retried>(), "C");
  EXPECT_EQ(desk.process().producer_epoch, 1);
}

TEST(OutOfOrderSequence, OfALaterOneBehindAnExpiredBatchWaitsForTheOneBefore) {
  Desk desk = Unresolved();
  desk.Answer(Error::kOutOfOrderSequenceNumber);  // B: it has had its outcome
  EXPECT_EQ(desk.Order<notes::Retried>(), "");
  desk.produced.erase(desk.produced.begin());  // C's answer is late
  std::vector<client::Request>& in_flight = desk.process().client.node(kB1).in_flight;
  in_flight.erase(in_flight.begin());
  desk.Answer(Error::kOutOfOrderSequenceNumber);
  EXPECT_EQ(desk.Order<notes::Retried>(), "D");
  EXPECT_EQ(desk.process().producer_epoch, 0);
}

// KC:P-66, first case: what came after it was taken, so the expired batch must have been.
TEST(OutOfOrderSequence, AnExpiredBatchWhoseFollowersAreTakenIsResolvedWithoutANewEpoch) {
  Desk desk = Unresolved();
  desk.AnswerAll();
  EXPECT_FALSE(desk.partition().unresolved);
  EXPECT_EQ(desk.process().producer_epoch, 0);
  EXPECT_EQ(desk.log.text, "ABCD");
}

// ---- KC:I-12: a new epoch for what is in doubt makes duplicates, with all the defaults ----

TEST(EpochBump, OfABatchThatIsInTheLogAndWhoseAnswerIsLostDoublesIt) {
  Desk desk(3);
  desk.Start();
  ASSERT_EQ(desk.OnTheWire(), "ABC");
  desk.Answer(Error::kInvalidRequest);  // A fails for good; B and C are sequences 0 and 1 now
  ASSERT_EQ(desk.process().producer_epoch, 1);
  desk.AppendAllUnseen();  // as they were sent: sequences 1 and 2 of epoch 0
  desk.Disconnect(kB1);
  desk.RunToTheEnd();
  EXPECT_EQ(desk.Order<notes::AckedToApplication>(), "BC");
  EXPECT_EQ(desk.log.text, "BCBC");
}

// Nothing but a retriable refusal of the very first batch and a lost connection (KC:I-11).
TEST(EpochBump, AfterTheFirstBatchesRefusalALostAnswerDoublesTheSecond) {
  Desk desk(2);
  desk.Start();
  ASSERT_EQ(desk.OnTheWire(), "AB");
  desk.Answer(Error::kNotEnoughReplicas);
  desk.AppendAllUnseen();  // B, as the first that the leader sees of this producer
  desk.Disconnect(kB1);
  desk.RunToTheEnd();  // A is out of order behind B, and the head of the line: a gap
  EXPECT_EQ(desk.Order<notes::AckedToApplication>(), "AB");
  EXPECT_EQ(desk.log.text, "BAB");
}

// A batch that was acknowledged before is not part of it: only what is in flight is renumbered.
TEST(EpochBump, OfOnePartitionLeavesTheOthersWithTheirsUntilNothingIsInFlight) {
  Desk desk(2, 2);
  desk.program().keys = 2;  // keys 0 and 1 go to different partitions
  desk.Start();
  const auto first = desk.produced.front().batches;
  ASSERT_EQ(desk.OnTheWire().size(), 2u);
  ASSERT_EQ(first.size(), 2u) << "one request with a batch for each";
  const Produced request = desk.produced.front();
  desk.produced.clear();
  desk.Call(OnProduceResponse, request.connection,
            ProduceResponse{.correlation = request.correlation, .reserved = 0},
            {desk.Refused(first[0], Error::kInvalidRequest),
             desk.Refused(first[1], Error::kNotEnoughReplicas)});
  ASSERT_EQ(desk.process().producer_epoch, 1);
  desk.Pass(Milliseconds(130));
  ASSERT_EQ(desk.produced.size(), 1u);
  EXPECT_EQ(desk.produced[0].batches, std::vector<BatchId>{first[1]});  // epoch 0, as it was
}

}  // namespace
}  // namespace kafka::producer
