// Which batches a broker takes of an idempotent producer, and what it remembers of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/broker_fixture.h"

namespace kafka::broker {
namespace {

using testing::SizeIs;

// KB:P-26..P-33: producer 7, epoch 0, has written sequences 0..6, one a batch.
TEST(Idempotence, TheVerdictOnEachSequence) {
  Rig rig;
  std::vector<ProducerEntry> known;
  const auto batch = [&](int32_t id, int16_t epoch, int32_t sequence, uint32_t count = 1) {
    return rig.tables[rig.MakeBatch(count, id, sequence, epoch)];
  };
  for (int32_t i = 0; i < 7; ++i) Remember(known, batch(7, 0, i), {i});
  struct Row {
    const char* what;
    Batch sent;
    Error error;
    bool duplicate;
  };
  const Error none = Error::kNone;
  const Error gap = Error::kOutOfOrderSequenceNumber;
  const Row rows[] = {{"the next", batch(7, 0, 7), none, false},
                      {"a retry of the newest", batch(7, 0, 6), none, true},
                      {"a retry of the fifth newest", batch(7, 0, 2), none, true},
                      {"older than the window", batch(7, 0, 1), gap, false},
                      {"batched otherwise", batch(7, 0, 5, 2), gap, false},
                      {"a gap", batch(7, 0, 8), gap, false},
                      {"a new epoch from 0", batch(7, 1, 0), none, false},
                      {"a new epoch in the middle", batch(7, 1, 3), gap, false},
                      {"an unknown producer, any sequence", batch(8, 0, 42), none, false},
                      {"not idempotent", batch(-1, -1, -1), none, false}};
  for (const Row& row : rows) {
    const SequenceCheck check = CheckSequence(known, row.sent);
    EXPECT_EQ(check.error, row.error) << row.what;
    EXPECT_EQ(check.duplicate, row.duplicate) << row.what;
  }
  Remember(known, batch(7, 2, 0), {7});
  EXPECT_FALSE(CheckSequence(known, batch(7, 2, 5)).duplicate);  // that was of another epoch
  Remember(known, batch(9, 0, INT32_MAX), {8});
  EXPECT_EQ(CheckSequence(known, batch(9, 0, 0)).error,
            none);  // 0 follows the last number: KB:P-35
  EXPECT_EQ(CheckSequence(known, batch(7, 1, 0)).error, Error::kInvalidProducerEpoch);
  EXPECT_EQ(LastSequence(batch(7, 0, INT32_MAX, 2)), 0);  // within a batch too: KB:P-35
}

TEST(Idempotence, ADuplicateIsAnsweredWithTheOriginalOffsetAndNotWritten) {
  Rig rig;
  rig.Start();
  const BatchId first = rig.MakeBatch(1, 7, 0);
  rig.Produce(1, first, Acks::kLeader);
  rig.Produce(1, rig.MakeBatch(1, 7, 1), Acks::kLeader);
  rig.Produce(1, first, Acks::kLeader);
  EXPECT_EQ(rig.SentOf<ProduceResponse>().at(0).item.base, Offset{0});
  EXPECT_EQ(rig.SentOf<ProduceResponse>().at(0).item.error, Error::kNone);
  EXPECT_EQ(rig.partition().log.end, Offset{2});
}

TEST(Idempotence, AGapIsRefusedAndNotWritten) {
  Rig rig;
  rig.Start();
  rig.Produce(1, rig.MakeBatch(1, 7, 0), Acks::kLeader);
  rig.Produce(1, rig.MakeBatch(1, 7, 2), Acks::kLeader);
  EXPECT_EQ(rig.SentOf<ProduceResponse>().at(0).item.error, Error::kOutOfOrderSequenceNumber);
  EXPECT_EQ(rig.partition().log.end, Offset{1});
}

// KB:P-21: a success under acks=all is one of the original, too.
TEST(Idempotence, ADuplicateWaitsForTheOriginalToBeCommitted) {
  Rig rig;
  rig.Start();
  const BatchId first = rig.MakeBatch(1, 7, 0);
  rig.Produce(1, first, Acks::kLeader);
  rig.Produce(2, first, Acks::kAll);
  EXPECT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(0));
  rig.FollowerFetch(kB2, 1);
  rig.FollowerFetch(kB3, 1);
  ASSERT_THAT(rig.SentOf<ProduceResponse>(), SizeIs(1));
  EXPECT_EQ(rig.SentOf<ProduceResponse>()[0].item.base, Offset{0});
}

// KB:P-40, P-43: of what lies below the snapshot the newest batch alone, then all that is replayed.
TEST(Idempotence, AReplayBeginsAtTheSnapshot) {
  Rig rig;
  Log log;
  log.partition = kOrders;
  for (int32_t i = 0; i < 4; ++i) {
    const AppendedId id = rig.tables.Add(kOrders, {i}, rig.MakeBatch(1, 7, i), {0});
    Append(rig.tables, log, {id, 1});
  }
  std::vector<ProducerEntry> known;
  Rebuild(known, rig.tables, log, {3});
  ASSERT_THAT(known.at(0).batches, SizeIs(2));
  EXPECT_EQ(known[0].batches[0].last_sequence, 2);
  Rebuild(known, rig.tables, log, {0});
  EXPECT_THAT(known.at(0).batches, SizeIs(4));
}

}  // namespace
}  // namespace kafka::broker
