// A replica's log: reading, cutting, recovering, and its leader epochs.
#include "model/kafka/log/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace kafka {
namespace {

constexpr PartitionId kPartition{0};

// Batches of the given numbers of records, 100 bytes a record, all of epoch 0, written in order.
Tables Written(const std::vector<uint32_t>& counts) {
  Tables tables;
  tables.appended.resize(1);
  Offset base{0};
  for (const uint32_t count : counts) {
    const BatchId batch = tables.Add(
        Batch{.first = {0}, .count = count, .bytes = 100 * count, .partition = kPartition});
    tables.Add(kPartition, base, batch, {0});
    base = base + RecordCount{count};
  }
  return tables;
}
Log LogOf(const Tables& tables, std::vector<Run> runs) {
  Log log;
  log.partition = kPartition;
  for (const Run run : runs) Append(tables, log, run);
  return log;
}
Log AllOf(const Tables& tables) {
  return LogOf(tables, {{{0}, static_cast<uint32_t>(tables.appended[0].entries.size())}});
}

TEST(Log, NeighbouringRunsAreOne) {
  const Tables tables = Written({1, 2, 3});
  const Log log = LogOf(tables, {{{0}, 1}, {{1}, 2}});
  EXPECT_EQ(log.runs.size(), 1u);
  EXPECT_EQ(log.end, Offset{6});
  EXPECT_EQ(log.bytes, 600u);
}

TEST(Log, ReadStartsWithTheEntryThatHoldsTheOffsetAndEndsBelowTheLimit) {
  const Tables tables = Written({2, 3, 4});
  const Log log = AllOf(tables);
  struct Row {
    int64_t offset, limit;
    uint64_t bytes_max;
    kafka::Run expected;
  };
  const Row rows[] = {
      {0, 9, 1 << 20, {{0}, 3}}, {1, 9, 1 << 20, {{0}, 3}}, {2, 9, 1 << 20, {{1}, 2}},
      {4, 9, 1 << 20, {{1}, 2}}, {0, 8, 1 << 20, {{0}, 2}}, {0, 5, 1 << 20, {{0}, 2}},
      {0, 1, 1 << 20, {}},       {9, 9, 1 << 20, {}},       {0, 9, 1, {{0}, 1}},
      {0, 9, 499, {{0}, 1}},     {0, 9, 500, {{0}, 2}},     {2, 9, 899, {{1}, 2}}};
  for (const Row& row : rows) {
    const kafka::Run run = ReadFrom(tables, log, {row.offset}, {row.limit}, row.bytes_max);
    EXPECT_EQ(run.count, row.expected.count) << row.offset << " " << row.limit;
    if (run.count == 0) continue;
    EXPECT_EQ(run.first, row.expected.first) << row.offset;
  }
}

TEST(Log, TruncationInsideABatchDropsTheWholeBatch) {
  const Tables tables = Written({2, 3, 4});
  Log log = AllOf(tables);
  EXPECT_EQ(TruncateTo(tables, log, {4}), 200u);
  EXPECT_EQ(log.end, Offset{2});
  EXPECT_EQ(EntryAt(tables, log, {2}), AppendedId::None());
  EXPECT_EQ(TruncateTo(tables, log, {0}), 0u);
  EXPECT_TRUE(log.runs.empty());
}

TEST(Log, OffsetsAndBytesAgreeAtEveryPlace) {
  EXPECT_TRUE(rc::check("BytesBelow, OffsetAtByte and TruncateTo say the same", [] {
    const auto counts = *rc::gen::container<std::vector<uint32_t>>(rc::gen::inRange(1u, 5u));
    const Tables tables = Written(counts);
    const Log log = AllOf(tables);
    RC_CLASSIFY(counts.empty(), "empty");
    const auto cut = *rc::gen::inRange<int64_t>(0, log.end.value + 1);
    Log copy = log;
    const uint64_t length = TruncateTo(tables, copy, {cut});
    RC_ASSERT(copy.end <= Offset{cut});
    RC_ASSERT(length == BytesBelow(tables, log, {cut}));
    RC_ASSERT(OffsetAtByte(tables, log, length) == copy.end);
    const sim::Extent extent{0, length, kPartition.value, 0};
    const Log read = RecoverFrom(tables, kPartition, {&extent, length == 0 ? 0u : 1u});
    RC_ASSERT(read == copy);
  }));
}

TEST(Recovery, KeepsWholeBatchesUntilTheFirstBadByte) {
  const Tables tables = Written({1, 1, 1, 1});
  struct Row {
    const char* what;
    std::vector<sim::Extent> extents;
    int64_t end;
  };
  const Row rows[] = {
      {"whole", {{0, 400, 0, 0}}, 4},
      {"last batch torn", {{0, 350, 0, 0}}, 3},
      {"zeros at the end", {{0, 300, 0, 0}, {300, 400, sim::kZeros, 0}}, 3},
      {"zeros from the middle of a batch", {{0, 250, 0, 0}, {250, 400, sim::kZeros, 0}}, 2},
      {"a hole", {{0, 100, 0, 0}, {100, 200, sim::kZeros, 0}, {200, 400, 0, 200}}, 1},
      {"foreign bytes", {{0, 200, 0, 0}, {200, 300, 7, 200}}, 2},
      {"a gap in the stream", {{0, 200, 0, 0}, {200, 300, 0, 300}}, 2},
      {"nothing", {}, 0}};
  for (const Row& row : rows) {
    EXPECT_EQ(RecoverFrom(tables, kPartition, row.extents).end, Offset{row.end}) << row.what;
  }
}

TEST(Recovery, AFileOfTwoLeadersIsTwoRuns) {
  Tables tables = Written({1, 1, 1});
  // Another leader wrote at offset 1 too: entry 3.
  tables.Add(kPartition, {1}, {0}, {1});
  const sim::Extent extents[] = {{0, 100, 0, 0}, {100, 200, 0, 300}};
  const Log log = RecoverFrom(tables, kPartition, extents);
  EXPECT_EQ(log.runs, (std::vector<kafka::Run>{{{0}, 1}, {{3}, 1}}));
  EXPECT_EQ(log.end, Offset{2});
}

EpochCache CacheOf(std::vector<EpochEntry> entries) { return {std::move(entries)}; }

TEST(EpochCache, AssigningRemovesWhatItContradicts) {
  EpochCache cache;
  EXPECT_TRUE(Assign(cache, {1}, {0}));
  EXPECT_FALSE(Assign(cache, {1}, {5}));
  EXPECT_TRUE(Assign(cache, {2}, {5}));
  EXPECT_TRUE(Assign(cache, {3}, {5}));  // epoch 2 has no record
  EXPECT_EQ(cache, CacheOf({{{1}, {0}}, {{3}, {5}}}));
}

TEST(EpochCache, EndOffsets) {
  const EpochCache cache = CacheOf({{{2}, {10}}, {{4}, {20}}});
  struct Row {
    int32_t asked, epoch;
    int64_t end;
  };
  for (const Row row : {Row{-1, -1, -1}, Row{1, 1, 10}, Row{2, 2, 20}, Row{3, 2, 20}, Row{4, 4, 30},
                        Row{5, -1, -1}}) {
    const EpochEnd end = EndOffsetFor(cache, {row.asked}, {30});
    EXPECT_EQ(end.epoch.value, row.epoch) << row.asked;
    EXPECT_EQ(end.end.value, row.end) << row.asked;
  }
}

TEST(EpochCache, TruncationAtTheLogEndDropsAPhantomEntry) {
  EpochCache cache = CacheOf({{{2}, {10}}, {{4}, {20}}});
  TruncateFromEnd(cache, {20});
  EXPECT_EQ(Latest(cache), LeaderEpoch{2});
}

}  // namespace
}  // namespace kafka
