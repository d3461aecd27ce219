// The programs around Kafka: what a consumer's loop commits when, and what a producer's loop does
// about what it is told (model/programs/).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/model/consumer_fixture.h"
#include "tests/model/producer_fixture.h"

namespace kafka::consumer {
namespace {

using sim::Milliseconds;
using sim::Seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Commit = ConsumerProgram::Commit;
using Reset = ConsumerSettings::Reset;

// Ten records lie at the leader; one takes the program 3 ms.
struct Reading : Desk {
  explicit Reading(Commit commit) : Desk(Reset::kEarliest) {
    program().commit = commit;
    program().processing = Milliseconds(3);
    StartAt({0});
    AnswerFetch(Append(kOrders0, 10));
  }
  static std::string RangeText(Offset from, Offset to) {
    return std::to_string(from.value) + ".." + std::to_string(to.value);
  }
  // What the application has said so far.
  std::vector<std::string> Said() const {
    std::vector<std::string> said;
    for (const sim::Note& note : notes) {
      note.Visit<notes::Polled, notes::Processed>(
          [&](const notes::Polled& it) { said.push_back("polled " + RangeText(it.from, it.to)); },
          [&](const notes::Processed& it) {
            said.push_back("processed " + RangeText(it.from, it.to));
          });
    }
    return said;
  }
};

TEST(ConsumerProgram, ProcessThenCommitPollsAgainWhenTheCommitIsAnswered) {
  Reading desk(Commit::kAfterProcessing);
  EXPECT_THAT(desk.commits, IsEmpty());
  desk.Pass(Milliseconds(29));
  EXPECT_THAT(desk.Said(), ElementsAre("polled 0..10"));
  desk.Pass(Milliseconds(1));
  EXPECT_THAT(desk.Said(), ElementsAre("polled 0..10", "processed 0..10"));
  ASSERT_THAT(desk.commits, SizeIs(1));
  EXPECT_EQ(desk.commits[0].body.offset, Offset{10});  // KC:C-35: the next to read
  EXPECT_EQ(desk.commits[0].body.epoch, LeaderEpoch{0});
  desk.AnswerFetch(desk.Append(kOrders0, 1));  // fetched ahead (KC:C-8), and not handed out yet
  EXPECT_THAT(desk.Said(), SizeIs(2));
  desk.AnswerCommit();
  EXPECT_EQ(desk.Said().back(), "polled 10..11");
}

TEST(ConsumerProgram, CommitThenProcessBeginsWhenTheCommitIsAnswered) {
  Reading desk(Commit::kBeforeProcessing);
  ASSERT_THAT(desk.commits, SizeIs(1));
  desk.Pass(Seconds(1));
  EXPECT_THAT(desk.Said(), ElementsAre("polled 0..10"));
  desk.AnswerCommit();
  desk.Pass(Milliseconds(30));
  EXPECT_THAT(desk.Said(), ElementsAre("polled 0..10", "processed 0..10"));
  EXPECT_THAT(desk.commits, IsEmpty());
}

TEST(ConsumerProgram, WithoutCommitsTheStoreHearsNothing) {
  Reading desk(Commit::kNever);
  desk.Pass(Milliseconds(30));
  desk.AnswerFetch(desk.Append(kOrders0, 2));
  desk.Pass(Milliseconds(6));
  EXPECT_THAT(desk.Said(),
              ElementsAre("polled 0..10", "processed 0..10", "polled 10..12", "processed 10..12"));
  EXPECT_THAT(desk.commits, IsEmpty());
}

// KC:C-32: commitSync sends the same offsets again, for as long as it takes.
TEST(ConsumerProgram, ACommitWhoseAnswerIsLostIsSentAgain) {
  Reading desk(Commit::kAfterProcessing);
  desk.Pass(Milliseconds(30));
  desk.Disconnect(Desk::Take(desk.commits).connection);
  desk.Pass(Milliseconds(100));
  ASSERT_THAT(desk.commits, SizeIs(1));
  EXPECT_EQ(desk.commits[0].body.offset, Offset{10});
  EXPECT_THAT(desk.Said(), SizeIs(2));  // it does not go on meanwhile
}

// A poll stops at max.poll.records (KC:C-9).
TEST(ConsumerProgram, APollHandsOutAtMostMaxPollRecords) {
  Desk desk(Reset::kEarliest);
  desk.settings().max_poll_records = 4;
  desk.program().processing = Milliseconds(1);
  desk.program().commit = Commit::kNever;
  desk.StartAt({0});
  desk.AnswerFetch(desk.Append(kOrders0, 10));
  EXPECT_THAT(desk.fetches, IsEmpty());  // KC:C-6: what is buffered comes first
  desk.Pass(Milliseconds(10));
  std::vector<uint64_t> ends;
  for (const notes::Polled& said : desk.NotesOf<notes::Polled>())
    ends.push_back(static_cast<uint64_t>(said.to.value));
  EXPECT_THAT(ends, ElementsAre(4, 8, 10));
  EXPECT_THAT(desk.fetches, SizeIs(1));
}

// close() of a program that commits by hand commits nothing: what is half done is done again.
TEST(ConsumerProgram, StoppedAtWorkItCommitsNothing) {
  Reading desk(Commit::kAfterProcessing);
  desk.Pass(Milliseconds(10));
  desk.Call(OnStopRequested, {}, sim::StopRequested{});
  EXPECT_TRUE(desk.exited);
  EXPECT_THAT(desk.commits, IsEmpty());
}

TEST(ConsumerProgram, DoesNotPollBeforeItsTime) {
  Desk desk(Reset::kEarliest);
  desk.program().start_after = Seconds(5);
  desk.Start();
  desk.Pass(Seconds(4));
  EXPECT_THAT(desk.metadata, IsEmpty());
  desk.Pass(Seconds(1));
  EXPECT_THAT(desk.metadata, SizeIs(1));
}

}  // namespace
}  // namespace kafka::consumer

namespace kafka::producer {
namespace {

using sim::Milliseconds;
using sim::Seconds;
using testing::ElementsAre;

std::vector<int64_t> SentAtMs(Desk& desk, int64_t until_ms) {
  std::vector<int64_t> times;
  for (int64_t ms = desk.mono.ns / 1'000'000; ms <= until_ms; ++ms) {
    while (times.size() < desk.NotesOf<notes::Sent>().size()) times.push_back(ms);
    desk.Pass(Milliseconds(1));
  }
  return times;
}

TEST(ProducerProgram, SleepsAfterEachCallHasReturned) {
  Desk desk(3);
  desk.program().interval = Milliseconds(100);
  desk.Call(OnStarted, {}, sim::Started{1});
  desk.Pass(Milliseconds(250));  // the first send() waits for metadata
  desk.Serve();
  EXPECT_THAT(SentAtMs(desk, 500), ElementsAre(250, 350, 450));
}

// KC:A-1: what send() or the callback says changes nothing about what is sent next.
TEST(ProducerProgram, DoesNotSendAgainWhatFailed) {
  Desk desk(3);
  desk.Start();
  desk.Answer(Error::kInvalidRequest);
  desk.RunToTheEnd();
  EXPECT_EQ(desk.NotesOf<notes::Sent>().size(), 3u);
  EXPECT_EQ(desk.Order<notes::FailedToApplication>(), "A");
  EXPECT_EQ(desk.log.text, "BC");
}

TEST(ProducerProgram, GoesOnAfterARecordThatSendRefused) {
  Desk desk(3);
  desk.settings().max_request_size = 100;  // no record fits (KC:P-10, KC:P-13)
  desk.Start();
  EXPECT_EQ(desk.NotesOf<notes::SendRefused>().size(), 3u);
  EXPECT_TRUE(desk.process().closed);
}

// A call takes time (a microsecond), so that answers come while it goes on: with max.block.ms=0
// what finds no memory is lost, and that is a share.
TEST(ProducerProgram, ThatDoesNotWaitForMemoryLosesAShare) {
  Desk desk(4'000);
  desk.settings().max_block = {};
  desk.settings().buffer_memory = 20 * 329;
  desk.Start();
  while (!desk.process().closed) {
    desk.Pass(sim::Microseconds(100));
    desk.Serve();
    desk.AnswerAll();
  }
  EXPECT_GE(desk.mono.ns, Milliseconds(4).ns - Milliseconds(1).ns);
  EXPECT_GT(desk.NotesOf<notes::Sent>().size(), 500u);
  EXPECT_GT(desk.NotesOf<notes::SendRefused>().size(), 500u);
}

// It is what the application knows that differs, and not what it does.
TEST(ProducerProgram, WithoutACallbackItSaysSoAndSendsTheSame) {
  std::vector<std::string> logs;
  for (const bool has_callback : {true, false}) {
    Desk desk(4);
    desk.program().has_callback = has_callback;
    desk.Start();
    desk.Answer(Error::kNotEnoughReplicas);
    desk.RunToTheEnd();
    logs.push_back(desk.log.text + desk.Order<notes::FailedToApplication>());
    for (const notes::Sent& said : desk.NotesOf<notes::Sent>())
      EXPECT_EQ(said.has_callback, has_callback);
  }
  EXPECT_EQ(logs[0], logs[1]);
}

// A closing producer takes no more, and sends what it has (KC:P-51).
TEST(ProducerProgram, StoppedItSendsWhatItHasTakenAndNoMore) {
  Desk desk(10);
  desk.program().interval = Milliseconds(100);
  desk.settings().linger = Seconds(5);
  desk.settings().batch_size = 16384;
  desk.Start();
  desk.Pass(Milliseconds(250));
  desk.Call(OnStopRequested, {}, sim::StopRequested{});
  desk.Serve();
  ASSERT_EQ(desk.OnTheWire(), "ABC");  // at once, whatever linger says
  EXPECT_FALSE(desk.process().closed);
  desk.Answer();
  EXPECT_TRUE(desk.process().closed);
  EXPECT_EQ(desk.NotesOf<notes::Sent>().size(), 3u);
}

// KC:P-18: a send() that waits for memory throws when the producer is closed.
TEST(ProducerProgram, StoppedInASendThatBlocksItHearsOfIt) {
  Desk desk(10);
  desk.settings().buffer_memory = 400;  // one batch
  desk.Start();
  ASSERT_EQ(desk.NotesOf<notes::Sent>().size(), 1u);
  ASSERT_EQ(desk.tables.messages.size(), 2u);  // the ledger knows of the one that waits
  desk.Call(OnStopRequested, {}, sim::StopRequested{});
  ASSERT_EQ(desk.NotesOf<notes::SendRefused>().size(), 1u);
  EXPECT_EQ(desk.NotesOf<notes::SendRefused>()[0].error, Error::kProducerClosed);
  EXPECT_EQ(desk.NotesOf<notes::SendRefused>()[0].message, (MessageId{1}));
  desk.Serve();
  desk.Answer();
  EXPECT_TRUE(desk.process().closed);
}

// A message is made when its send() begins, and once.
TEST(ProducerProgram, ASendThatBlockedIsTheSameMessageAfterwards) {
  Desk desk(3);
  desk.settings().buffer_memory = 400;
  desk.Start();
  desk.RunToTheEnd();
  EXPECT_EQ(desk.log.text, "ABC");
  EXPECT_EQ(desk.tables.messages.size(), 3u);
}

// What it had sent is forgotten, so it does not begin again.
TEST(ProducerProgram, RestartedItIsOver) {
  Desk desk(5);
  desk.Call(OnStarted, {}, sim::Started{2});
  desk.Pass(Seconds(10));
  EXPECT_EQ(desk.NotesOf<notes::ProducerIdle>().size(), 1u);
  EXPECT_TRUE(desk.NotesOf<notes::Sent>().empty());
}

}  // namespace
}  // namespace kafka::producer
