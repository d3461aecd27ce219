// What a producer does as time passes: time-outs, deadlines, back-off, full buffers, metadata.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "model/kafka/producer/accumulator.h"
#include "tests/model/producer_fixture.h"

namespace kafka::producer {
namespace {

using sim::Microseconds;
using sim::Milliseconds;
using sim::Seconds;
using testing::ElementsAre;

// KC:P-35: one request over its time takes the connection, and all that is on it, oldest first.
TEST(ProducerTime, ASilentBrokerCostsTheConnectionAndEverythingOnIt) {
  Desk desk(3);
  desk.Start();
  ASSERT_EQ(desk.OnTheWire(), "ABC");
  const sim::ConnectionId connection = desk.produced[0].connection;
  desk.Pass(Seconds(30));
  EXPECT_TRUE(desk.closed.empty());
  desk.Pass(Milliseconds(1));
  EXPECT_THAT(desk.closed, ElementsAre(connection));
  EXPECT_EQ(desk.Order<notes::Retried>(), "ABC");
  for (const notes::Retried& said : desk.NotesOf<notes::Retried>()) {
    EXPECT_EQ(said.error, Error::kRequestTimedOut);
  }
}

// Nothing ends the sender's poll() at the deadline (KC:P-35): B begins one at 20 s, which lasts its
// own 30 s, and A's 30 s are over unseen in the middle of it.
TEST(ProducerTime, ATimeOutIsNoticedWhenPollReturns) {
  Desk desk(2);
  desk.program().interval = Seconds(20);
  desk.Start();
  desk.Pass(Seconds(50));
  ASSERT_EQ(desk.OnTheWire(), "AB");
  EXPECT_TRUE(desk.closed.empty());
  desk.Pass(Milliseconds(1));
  EXPECT_EQ(desk.Order<notes::Retried>(), "AB");
}

// A record that joins the one open batch wakes nobody (KC:P-10), one that opens a batch does.
TEST(ProducerTime, ATimeOutIsNoticedWhenSendWakesTheSender) {
  Desk desk(16);
  desk.settings().batch_size = kBatchHeader + 4 * 208;
  desk.settings().max_in_flight = 1;
  desk.program().interval = Seconds(6);
  desk.Start();
  desk.Pass(Seconds(29));  // A has been sent; B to E share a batch, opened at 6 s
  ASSERT_EQ(desk.OnTheWire(), "A");
  desk.Pass(Milliseconds(1'500));  // F opens the next one, at 30 s
  EXPECT_TRUE(desk.closed.empty());
  desk.Pass(Milliseconds(6'000));  // G joins it: two batches wait, and the sender is woken
  EXPECT_EQ(desk.closed.size(), 1u);
}

// An answer ends the poll(), and with it comes the look at the clock (KC:P-34): A is taken, and B,
// whose answer may lie behind it, is too old.
TEST(ProducerTime, OneAnswerAPollThenTheTimeOuts) {
  Desk desk(4);
  desk.program().interval = Milliseconds(1);
  desk.Start();
  desk.Pass(Milliseconds(1));
  desk.program().interval = Seconds(20);
  desk.Pass(Seconds(21));  // D begins the last poll()
  ASSERT_EQ(desk.OnTheWire(), "ABCD");
  desk.Pass(Seconds(10));
  desk.Answer();
  EXPECT_EQ(desk.Order<notes::AckedToApplication>(), "A");
  EXPECT_EQ(desk.Order<notes::Retried>(), "BCD");
}

// Seen after SIGSTOP: the poll() under way is long over, and returns with nothing. All is sent again,
// in reverse, though it stands in the log and the answers were there.
TEST(ProducerTime, AfterALongStandstillNoAnswerIsRead) {
  Desk desk(3);
  desk.settings().acks = Acks::kLeader;
  desk.settings().enable_idempotence = false;
  desk.Start();
  ASSERT_EQ(desk.OnTheWire(), "ABC");
  desk.Advance(desk.mono + Seconds(31));  // no timer fires, no answer is read
  const Produced first = desk.produced[0];
  desk.AppendAllUnseen();
  desk.produced.clear();
  desk.Call(OnProduceResponse, first.connection,
            ProduceResponse{.correlation = first.correlation, .reserved = 0},
            {desk.Refused(first.batches[0], Error::kNone)});
  EXPECT_EQ(desk.Order<notes::Retried>(), "ABC");
  EXPECT_TRUE(desk.NotesOf<notes::AckedToApplication>().empty());
  desk.RunToTheEnd();
  EXPECT_EQ(desk.log.text, "ABCCBA");
}

// KC:I-1: the sender does not get as far as that before it has an id.
TEST(ProducerTime, NothingExpiresWhileAProducerIdIsAskedFor) {
  Desk desk(1);
  desk.settings().delivery_timeout = Seconds(2);
  desk.Call(OnStarted, {}, sim::Started{1});
  for (int i = 0; i < 50; ++i) {
    while (!desk.connecting.empty()) {
      const auto [connection, broker] = desk.connecting.front();
      desk.connecting.erase(desk.connecting.begin());
      desk.Shake(connection, broker);
    }
    if (!desk.id_requests.empty()) desk.AnswerId(Error::kNotController);
    if (!desk.metadata.empty()) desk.AnswerMetadata();
    desk.Pass(Milliseconds(100));
  }
  ASSERT_EQ(desk.NotesOf<notes::Sent>().size(), 1u);
  EXPECT_TRUE(desk.NotesOf<notes::FailedToApplication>().empty());
  desk.Serve();
  desk.Pass(Milliseconds(100));
  desk.Serve();
  EXPECT_EQ(desk.Order<notes::FailedToApplication>(), "A");
}

// KC:P-35: an answer on a connection that was given up is nobody's.
TEST(ProducerTime, AnAnswerOfAConnectionGivenUpIsIgnored) {
  Desk desk(1);
  desk.Start();
  const Produced late = desk.produced[0];
  desk.Pass(Seconds(31));
  desk.Call(OnProduceResponse, late.connection,
            ProduceResponse{.correlation = late.correlation, .reserved = 0},
            {desk.AppendTo(desk.log, late.batches[0])});
  EXPECT_TRUE(desk.NotesOf<notes::AckedToApplication>().empty());
}

// KC:P-46, KC:P-47: the request goes on; its answer comes too late to be a success.
TEST(ProducerTime, ABatchInFlightExpiresAndItsLateAnswerChangesNothing) {
  Desk desk(1);
  desk.settings().delivery_timeout = Seconds(2);
  desk.Start();
  desk.Pass(Seconds(2) - Milliseconds(1));
  EXPECT_TRUE(desk.NotesOf<notes::FailedToApplication>().empty());
  desk.Pass(Milliseconds(1));
  ASSERT_EQ(desk.Order<notes::FailedToApplication>(), "A");
  EXPECT_TRUE(desk.NotesOf<notes::FailedToApplication>()[0].maybe_written);
  EXPECT_TRUE(desk.closed.empty());
  EXPECT_LT(desk.process().memory_free,
            desk.settings().buffer_memory);  // held until the answer: KC:P-16
  desk.Answer();
  EXPECT_EQ(desk.process().memory_free, desk.settings().buffer_memory);
  EXPECT_EQ(desk.partition().last_acked, 0);
  EXPECT_TRUE(desk.NotesOf<notes::AckedToApplication>().empty());
}

// KC:P-46: what was never sent fails whole, and nothing of it is anywhere.
TEST(ProducerTime, QueuedBatchesExpireFromTheHeadWhenNobodyLeads) {
  Desk desk(3);
  desk.leaders = {BrokerId::None()};
  desk.settings().delivery_timeout = Seconds(2);
  desk.Start();
  for (int i = 0; i < 40 && !desk.process().closed; ++i) {
    desk.Pass(Milliseconds(100));
    desk.Serve();
  }
  EXPECT_EQ(desk.Order<notes::FailedToApplication>(), "ABC");
  for (const notes::FailedToApplication& said : desk.NotesOf<notes::FailedToApplication>())
    EXPECT_FALSE(said.maybe_written);
  EXPECT_TRUE(desk.process().closed);
}

// KC:P-9, KC:P-22: 100, 200, 400, 800, 1000 ms, each within a fifth.
TEST(ProducerTime, RetriesBackOffTwiceAsLongEachTimeUpToASecond) {
  Desk desk(1);
  desk.Start();
  std::vector<int64_t> waits;
  for (int i = 0; i < 6; ++i) {
    const sim::MonoTime refused = desk.mono;
    desk.Answer(Error::kNotEnoughReplicas);
    while (desk.produced.empty()) {
      desk.Pass(Milliseconds(1));
      desk.Serve();
    }
    waits.push_back((desk.mono - refused).ns / 1'000'000);
  }
  const std::vector<int64_t> terms = {100, 200, 400, 800, 1000, 1000};
  for (size_t i = 0; i < waits.size(); ++i) {
    EXPECT_GE(waits[i], terms[i] * 4 / 5 - 1) << i;
    EXPECT_LE(waits[i], std::min<int64_t>(1000, terms[i] * 6 / 5) + 1) << i;
  }
}

// KC:P-22, KC:P-39: the answer names the new leader, and nobody waits.
TEST(ProducerTime, ANewLeaderInTheAnswerIsAskedAtOnce) {
  Desk desk(1);
  desk.Start();
  const Produced request = desk.produced.front();
  desk.produced.clear();
  ProduceResponse::Item item = desk.Refused(request.batches[0], Error::kNotLeaderOrFollower);
  item.leader_hint = kB2;
  item.leader_epoch = {1};
  desk.leaders = {kB2};
  desk.leader_epoch = 1;
  desk.Call(OnProduceResponse, request.connection,
            ProduceResponse{.correlation = request.correlation, .reserved = 0}, {item});
  desk.Serve();
  ASSERT_EQ(desk.OnTheWire(), "A");
  EXPECT_EQ(desk.peers[desk.produced[0].connection.value], kB2);
}

// A lower leader epoch than one already heard of is not believed (KC:P-55).
TEST(ProducerTime, AStaleBrokerDoesNotMoveTheClientBack) {
  Desk desk(1);
  desk.leader_epoch = 5;
  desk.leaders = {kB2};
  desk.Start();
  desk.leader_epoch = 4;
  desk.leaders = {kB1};
  desk.Answer(Error::kNotLeaderOrFollower);
  for (int i = 0; i < 20; ++i) {
    desk.Pass(Milliseconds(50));
    // A broker answers in the order in which it was asked (KB:X-1).
    const bool retried_first =
        !desk.produced.empty() && (desk.metadata.empty() || desk.produced.front().correlation <
                                                                desk.metadata.front().correlation);
    if (retried_first) desk.Answer(Error::kNotLeaderOrFollower);
    desk.Serve();
  }
  EXPECT_GT(desk.process().client.metadata.unchanged, 0u);  // the stale answer was read
  EXPECT_EQ(desk.partition().leader, kB2);
  EXPECT_EQ(desk.partition().leader_epoch.value, 5);
}

// acks=0 succeeds with the last byte written (KC:P-58).
TEST(ProducerTime, WithoutAcksWrittenToTheSocketIsSuccess) {
  Desk desk(2);
  desk.settings().acks = Acks::kNone;
  desk.settings().enable_idempotence = false;
  desk.Start();
  EXPECT_EQ(desk.Order<notes::AckedToApplication>(), "AB");
  EXPECT_THAT(desk.AckedOffsets(), ElementsAre(-1, -1));
  EXPECT_TRUE(desk.process().closed);
}

// KC:P-16, KC:P-12, KC:P-13: five in flight hold all of the memory.
TEST(ProducerTime, AFullBufferHoldsSendUntilMaxBlockIsOver) {
  Desk desk(8);
  desk.settings().buffer_memory = 5 * 329;  // one record's room
  desk.settings().max_block = Seconds(1);
  desk.Start();
  ASSERT_EQ(desk.OnTheWire(), "ABCDE");
  desk.Pass(Seconds(1) - Milliseconds(1));
  EXPECT_TRUE(desk.NotesOf<notes::SendRefused>().empty());
  desk.Pass(Milliseconds(1));
  ASSERT_EQ(desk.NotesOf<notes::SendRefused>().size(), 1u);
  EXPECT_EQ(desk.NotesOf<notes::SendRefused>()[0].error, Error::kBufferExhausted);
  desk.Answer();  // A's memory is H's, not F's
  EXPECT_EQ(desk.OnTheWire(), "BCDEG");
}

// No batch can ever be opened (KC:P-16): each call throws at once.
TEST(ProducerTime, WithLessMemoryThanABatchSendThrows) {
  Desk desk(2);
  desk.settings().batch_size = 16384;
  desk.settings().buffer_memory = 10'000;
  desk.Start();
  ASSERT_EQ(desk.NotesOf<notes::SendRefused>().size(), 2u);
  EXPECT_EQ(desk.NotesOf<notes::SendRefused>()[0].error, Error::kIllegalArgument);
  EXPECT_TRUE(desk.process().closed);
}

// A call that blocks is ended by max.block.ms, also when the queue behind it has become so long
// meanwhile that the loop would rest: five that were in flight are back in it.
TEST(ProducerTime, ACallThatBlocksEndsThoughTheQueueHasGrown) {
  Desk desk(100);
  desk.settings().buffer_memory = 65 * 329;
  desk.settings().max_block = Seconds(1);
  desk.Start();
  desk.Pass(Milliseconds(1));
  ASSERT_EQ(desk.process().queued, 60u);
  ASSERT_EQ(desk.process().call.blocked, SendCall::Blocked::kMemory);
  desk.Disconnect(kB1);
  ASSERT_EQ(desk.process().queued, 65u);
  desk.Pass(Seconds(2));
  EXPECT_FALSE(desk.NotesOf<notes::SendRefused>().empty());
}

// The wait for metadata (KC:P-11) has max.block.ms at most (KC:P-12).
TEST(ProducerTime, WithoutMetadataSendFailsAfterMaxBlock) {
  Desk desk(1);
  desk.settings().max_block = Seconds(1);
  desk.Call(OnStarted, {}, sim::Started{1});
  desk.Pass(Seconds(1));
  ASSERT_EQ(desk.NotesOf<notes::SendRefused>().size(), 1u);
  EXPECT_EQ(desk.NotesOf<notes::SendRefused>()[0].error, Error::kTimeout);
}

// KC:P-20: a paced program leaves no open batch behind, so batch.size bytes are enough.
TEST(ProducerTime, TheStickyPartitionChangesAfterBatchSizeBytes) {
  Desk desk(26, 3);
  desk.settings().batch_size = 1000;
  desk.program().interval = Milliseconds(10);
  desk.Start();
  for (int i = 0; i < 400 && !desk.process().closed; ++i) {
    desk.Pass(Milliseconds(1));
    desk.AnswerAll();
  }
  const auto sent = desk.NotesOf<notes::Sent>();
  ASSERT_EQ(sent.size(), 26u);
  uint32_t longest = 1;
  uint32_t stay = 1;
  uint32_t changes = 0;
  for (size_t i = 1; i < sent.size(); ++i) {
    const bool same = sent[i].partition == sent[i - 1].partition;
    stay = same ? stay + 1 : 1;
    changes += same ? 0 : 1;
    longest = std::max(longest, stay);
  }
  EXPECT_EQ(longest % 4, 0u);  // 4 records of 208 bytes and their headers make 1000
  EXPECT_GE(changes, 2u);
}

// A loop without a pause: near the sender while that moves, far ahead while it does not.
TEST(ProducerTime, AClosedLoopRunsAheadOnlyWhileNothingMoves) {
  Desk desk(20'000);
  desk.Start();
  for (int i = 0; i < 2'000; ++i) {
    desk.Pass(Microseconds(10));
    desk.Answer();
    ASSERT_LE(desk.process().slots.size(), 64u + 5u);
  }
  desk.Pass(Seconds(2));  // the leader answers nothing
  EXPECT_EQ(desk.NotesOf<notes::Sent>().size(), 20'000u);
  EXPECT_EQ(sizeof(Slot), 64u);
}

}  // namespace
}  // namespace kafka::producer
