// Retries, order and duplicates of a producer, as a real cluster was seen to do it (KC:9).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "model/kafka/producer/accumulator.h"
#include "tests/model/producer_fixture.h"

namespace kafka::producer {
namespace {

using sim::Milliseconds;
using sim::Seconds;
using testing::ElementsAre;

Desk NotIdempotent(uint32_t messages) {
  Desk desk(messages);
  desk.settings().enable_idempotence = false;
  return desk;
}

// One of the exact cases (KC:9, V-1).
TEST(ProducerOrder, WithoutIdempotenceARefusedBatchLandsBehindThoseThatFollowedIt) {
  Desk desk = NotIdempotent(3);
  desk.Start();
  ASSERT_EQ(desk.OnTheWire(), "ABC");
  desk.Answer(Error::kNotEnoughReplicas);
  desk.Answer();
  desk.Answer();
  EXPECT_EQ(desk.OnTheWire(), "");  // A backs off
  desk.RunToTheEnd();
  EXPECT_EQ(desk.Order<notes::AckedToApplication>(), "BCA");
  EXPECT_EQ(desk.log.text, "BCA");
}

// One of the exact cases (KC:9, V-2): each goes to the front of the queue (KC:P-62).
TEST(ProducerOrder, WithoutIdempotenceALostConnectionTurnsTheUnreadOnesRound) {
  Desk desk = NotIdempotent(3);
  desk.Start();
  ASSERT_EQ(desk.OnTheWire(), "ABC");
  desk.Disconnect(kB1);
  EXPECT_EQ(desk.Order<notes::Retried>(), "ABC");  // oldest first, each to the front
  desk.RunToTheEnd();
  EXPECT_EQ(desk.log.text, "CBA");
}

// One of the exact cases (KC:9, V-3).
TEST(ProducerOrder, WithoutIdempotenceLostAnswersDoubleEverythingBackwards) {
  Desk desk = NotIdempotent(3);
  desk.Start();
  desk.AppendAllUnseen();
  desk.Disconnect(kB1);
  desk.RunToTheEnd();
  EXPECT_EQ(desk.log.text, "ABCCBA");
}

// KC:9, V-5: from the leader's window, with the offsets of then.
TEST(ProducerOrder, WithIdempotenceLostAnswersChangeNothing) {
  Desk desk(3);
  desk.Start();
  ASSERT_EQ(desk.OnTheWire(), "ABC");
  desk.AppendAllUnseen();
  desk.Disconnect(kB1);
  desk.RunToTheEnd();
  EXPECT_THAT(desk.AckedOffsets(), ElementsAre(0, 1, 2));
  EXPECT_EQ(desk.log.text, "ABC");
}

// KC:P-27, KC:I-5: a retry is the same batch, and only the oldest of them is on the wire.
TEST(ProducerOrder, WithIdempotenceARefusalKeepsOrderSequencesAndBatches) {
  Desk desk(4);
  desk.Start();
  desk.Answer();  // A, so that the leader knows the producer
  ASSERT_EQ(desk.OnTheWire(), "BCD");
  const BatchId b = desk.produced[0].batches[0];
  desk.Answer(Error::kNotEnoughReplicas);
  desk.Answer();  // C: out of order
  desk.Answer();
  EXPECT_EQ(desk.Order<notes::Retried>(), "BCD");
  desk.Pass(Milliseconds(130));
  ASSERT_EQ(desk.OnTheWire(), "B");
  EXPECT_EQ(desk.produced[0].batches[0], b);
  EXPECT_EQ(desk.tables[b].base_sequence, 1);
  desk.RunToTheEnd();
  EXPECT_EQ(desk.process().producer_epoch, 0);
  EXPECT_EQ(desk.log.text, "ABCD");
}

// KC:I-11: nobody tells the application before two minutes are over, and then B, C, D are there.
TEST(ProducerOrder, TheFirstBatchOfAllRefusedAndItsFollowersTakenIsLostToTheDeadline) {
  Desk desk(4);
  desk.Start();
  desk.Answer(Error::kNotLeaderOrFollower);
  desk.RunToTheEnd();
  ASSERT_EQ(desk.Order<notes::FailedToApplication>(), "A");
  EXPECT_EQ(desk.NotesOf<notes::FailedToApplication>()[0].error, Error::kTimeout);
  EXPECT_GE(desk.mono.ns, Seconds(120).ns);
  EXPECT_TRUE(desk.NotesOf<notes::Renumbered>().empty());  // KC:P-66 is satisfied, wrongly
  EXPECT_EQ(desk.log.text, "BCD");
}

// KC:P-64, second row, KC:I-6: the leader forgot the producer's last batches.
TEST(ProducerOrder, AGapAtTheHeadOfTheLineStartsANewEpochFromZero) {
  Desk desk(4);
  desk.Start();
  desk.Answer();
  ASSERT_EQ(desk.OnTheWire(), "BCD");
  for (int i = 0; i < 3; ++i) desk.Answer(Error::kOutOfOrderSequenceNumber);
  EXPECT_EQ(desk.process().producer_epoch, 1);
  EXPECT_EQ(desk.NotesOf<notes::Renumbered>().size(), 3u);
  desk.Pass(Milliseconds(130));
  ASSERT_EQ(desk.OnTheWire(), "B");
  const Batch& again = desk.tables[desk.produced[0].batches[0]];
  EXPECT_EQ(again.producer_epoch, 1);
  EXPECT_EQ(again.base_sequence, 0);
  desk.RunToTheEnd();
  EXPECT_EQ(desk.log.text, "ABCD");
}

// KC:P-64, first row: not the head of the line, so no bump.
TEST(ProducerOrder, OutOfOrderBehindTheHeadIsOnlyRetried) {
  Desk desk(3);
  desk.Start();
  desk.Answer(Error::kNotEnoughReplicas);  // A
  desk.Answer(Error::kOutOfOrderSequenceNumber);
  EXPECT_EQ(desk.Order<notes::Retried>(), "AB");
  EXPECT_EQ(desk.process().producer_epoch, 0);
}

// KC:I-7: what fails for good leaves a gap, which the next epoch closes.
TEST(ProducerOrder, ABatchThatFailsForGoodMakesTheOthersANewEpoch) {
  Desk desk(3);
  desk.Start();
  desk.Answer(Error::kInvalidRequest);
  ASSERT_EQ(desk.Order<notes::FailedToApplication>(), "A");
  EXPECT_EQ(desk.process().producer_epoch, 1);
  EXPECT_EQ(desk.partition().next_sequence, 2);  // B and C, from 0
}

// One of the exact cases (KC:9, V-6): the expired batch had been retried (KC:P-48), so nothing new
// goes out until its fate is clear (KC:P-66).
TEST(ProducerOrder, AnExpiredRetryHoldsTheNextBatchUntilTheEpochIsNew) {
  Desk desk(2);
  desk.program().interval = Seconds(121);  // B is sent when A is over
  desk.Start();
  ASSERT_EQ(desk.OnTheWire(), "A");
  desk.AppendAllUnseen();
  desk.Disconnect(kB1);
  for (int i = 0; i < 1'200 && desk.Order<notes::FailedToApplication>().empty(); ++i) {
    while (!desk.connecting.empty()) {  // nobody listens
      const auto [connection, broker] = desk.connecting.front();
      desk.connecting.erase(desk.connecting.begin());
      desk.Call(OnDisconnected, connection,
                sim::Disconnected{MachineOf(broker), sim::Disconnect::kRefused});
    }
    desk.Pass(Milliseconds(100));
  }
  ASSERT_EQ(desk.Order<notes::FailedToApplication>(), "A");
  EXPECT_TRUE(
      desk.NotesOf<notes::FailedToApplication>()[0].maybe_written);  // it may be in the log, and is
  desk.RunToTheEnd();
  const Batch& b = desk.tables[BatchId{static_cast<uint32_t>(desk.tables.batches.size() - 1)}];
  EXPECT_EQ(b.producer_epoch, 1);
  EXPECT_EQ(b.base_sequence, 0);
  EXPECT_EQ(desk.log.text, "AB");
}

// KC:P-28: in flight 1 keeps the order without idempotence.
TEST(ProducerOrder, OneInFlightMutesThePartitionUntilTheAnswer) {
  Desk desk = NotIdempotent(3);
  desk.settings().max_in_flight = 1;
  desk.Start();
  ASSERT_EQ(desk.OnTheWire(), "A");
  desk.Answer(Error::kNotEnoughReplicas);
  EXPECT_EQ(desk.OnTheWire(), "");
  desk.RunToTheEnd();
  EXPECT_EQ(desk.log.text, "ABC");
}

// The parts carry on the numbers of the whole (KC:P-45).
TEST(ProducerOrder, ASplitBatchOfAnIdempotentProducerKeepsItsSequences) {
  Desk desk(4);
  desk.settings().batch_size = kBatchHeader + 4 * 208;
  desk.settings().linger = Milliseconds(5);
  desk.Start();
  ASSERT_EQ(desk.OnTheWire(), "ABCD");
  desk.settings().batch_size = kBatchHeader + 2 * 208;
  desk.Answer(Error::kMessageTooLarge);
  desk.RunToTheEnd();
  EXPECT_EQ(desk.Order<notes::AckedToApplication>(), "ABCD");
  EXPECT_EQ(desk.log.text, "ABCD");
}

// KC:P-45 (seen): first the same batch again, then halves that do not quite hold half of it.
TEST(ProducerOrder, ABatchThatFitsIntoBatchSizeIsSentAgainBeforeItIsHalved) {
  Desk desk = NotIdempotent(10);
  desk.settings().batch_size = kBatchHeader + 10 * 208;
  desk.Start();
  while (desk.produced.size() < 5 && !desk.produced.empty()) desk.Answer(Error::kMessageTooLarge);
  std::vector<uint32_t> sizes;
  for (const notes::ProduceSent& said : desk.NotesOf<notes::ProduceSent>()) {
    sizes.push_back(desk.tables[said.batch].count);
  }
  sizes.resize(5);
  EXPECT_THAT(sizes, ElementsAre(10, 10, 4, 4, 2));
}

// ---- Several partitions behind one connection. Keys 0 and 1 go to different ones. ----

Desk TwoPartitions(uint32_t messages, sim::Duration interval) {
  Desk desk(messages, 2);
  desk.program().keys = 2;
  desk.program().interval = interval;
  return desk;
}
// The requests on the wire: {"AB", "DC"}.
std::vector<std::string> Requests(const Desk& desk) {
  std::vector<std::string> requests;
  for (const Produced& request : desk.produced) {
    std::string& text = requests.emplace_back();
    for (const BatchId batch : request.batches) text += desk.TextOf(batch);
  }
  return requests;
}

// KC:P-25: the walk begins where the last one ended.
TEST(DrainGate, ARequestTakesOneBatchOfEachPartitionRoundRobin) {
  Desk desk = TwoPartitions(6, {});
  desk.Start();
  EXPECT_THAT(Requests(desk), ElementsAre("AB", "DC", "EF"));
}

// KC:P-25: max.request.size ends the walk, but not before one batch is taken.
TEST(DrainGate, ARequestThatIsFullLeavesTheOtherPartitionToTheNext) {
  Desk desk = TwoPartitions(2, {});
  desk.settings().max_request_size = 400;
  desk.Start();
  EXPECT_THAT(Requests(desk), ElementsAre("A", "B"));
}

// KC:P-24: linger holds a node, not a partition.
TEST(DrainGate, TheFirstPartitionThatHasLingeredTakesTheOtherAlong) {
  Desk desk = TwoPartitions(2, Milliseconds(50));
  desk.settings().batch_size = 16384;
  desk.settings().linger = Milliseconds(80);
  desk.program().messages = 3;
  desk.Start();
  desk.Pass(Milliseconds(79));
  EXPECT_THAT(Requests(desk), ElementsAre());
  desk.Pass(Milliseconds(1));
  desk.Serve();
  EXPECT_THAT(Requests(desk), ElementsAre("AB"));
}

// KC:P-32: the limit is the connection's, whatever the partition.
TEST(DrainGate, FiveRequestsInFlightHoldAPartitionThatHasNone) {
  Desk desk = TwoPartitions(12, Milliseconds(10));
  desk.program().keys = 1;
  desk.Start();
  desk.Pass(Milliseconds(45));
  EXPECT_THAT(Requests(desk), ElementsAre("A", "B", "C", "D", "E"));
  desk.program().keys = 2;  // F, number 5, is of the other partition
  desk.Pass(Milliseconds(10));
  ASSERT_EQ(desk.NotesOf<notes::Sent>().size(), 6u);
  EXPECT_NE(desk.NotesOf<notes::Sent>()[5].partition, desk.NotesOf<notes::Sent>()[4].partition);
  EXPECT_EQ(desk.produced.size(), 5u);
  desk.Answer();
  EXPECT_EQ(Requests(desk).back(), "F");
}

// A (key 0) is refused and sent again, C of the same partition waits for its turn behind it; F is
// of the other partition and has nothing to do with them.
Desk HeldUp(bool other_leader) {
  Desk desk = TwoPartitions(6, Milliseconds(50));
  if (other_leader) desk.leaders[PartitionForKey(1, 2)] = kB2;
  desk.Start();
  desk.Pass(Milliseconds(100));
  desk.Serve();
  EXPECT_EQ(desk.OnTheWire(), "ABC");
  desk.Answer(Error::kNotEnoughReplicas);
  desk.Answer();
  desk.Answer(Error::kOutOfOrderSequenceNumber);
  desk.Pass(Milliseconds(140));  // A again; D went meanwhile, and E waits behind C
  EXPECT_EQ(desk.OnTheWire(), "DA");
  desk.Pass(Milliseconds(20));
  EXPECT_EQ(desk.NotesOf<notes::Sent>().size(), 6u);
  return desk;
}

// One batch that is held back ends the round for its broker (KC:P-26).
TEST(DrainGate, ARetryThatMustWaitHoldsUpEveryPartitionOfItsNode) {
  Desk desk = HeldUp(/*other_leader=*/false);
  EXPECT_EQ(desk.OnTheWire(), "DA");
  desk.AnswerAll();
  EXPECT_EQ(desk.process().producer_epoch, 0);
  EXPECT_TRUE(desk.process().closed);
}

TEST(DrainGate, APartitionOfAnotherNodeIsNotHeldUp) {
  Desk desk = HeldUp(/*other_leader=*/true);
  EXPECT_EQ(desk.OnTheWire(), "DAF");
}

// KC:P-28: one in flight a partition, also across its leaders.
TEST(DrainGate, AMutedPartitionWaitsForTheOldLeadersAnswer) {
  Desk desk = NotIdempotent(2);
  desk.settings().max_in_flight = 1;
  desk.settings().metadata_max_age = Seconds(1);
  desk.Start();
  desk.leaders = {kB2};
  desk.leader_epoch = 1;
  for (int i = 0; i < 15; ++i) {
    desk.Pass(Milliseconds(100));
    desk.Serve();
  }
  ASSERT_EQ(desk.partition().leader, kB2);
  EXPECT_EQ(desk.OnTheWire(), "A");
  desk.Answer();
  desk.Serve();
  ASSERT_EQ(desk.OnTheWire(), "B");
  EXPECT_EQ(desk.peers[desk.produced[0].connection.value], kB2);
}

}  // namespace
}  // namespace kafka::producer
