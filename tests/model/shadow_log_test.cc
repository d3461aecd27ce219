// Looking something up in a shadow log, against a walk over all that it holds; and how many brokers
// a set has.
#include "model/kafka/ledger/shadow_log.h"

#include <gtest/gtest.h>

#include <bit>
#include <vector>

#include "model/kafka/log/log.h"

namespace kafka::ledger {
namespace {

using kafka::AppendedId;
using kafka::Offset;

constexpr kafka::PartitionId kOrders{0};

// Two leaders' appends in one table: [0, 6) of one, then what follows offset 8 of another; batches
// of one to four messages.
struct Story {
  kafka::Tables tables;
  ShadowLog shadow;
  kafka::Log log{.partition = kOrders};

  Story() {
    tables.appended.resize(1);
    Write(6, 0);
    const Offset cut{8};
    while (shadow.CutPiece({&tables, kOrders}, cut).count != 0) {
    }
    kafka::TruncateTo(tables, log, cut);
    Write(40, 1);
  }
  void Write(uint32_t entries, int32_t epoch) {
    for (uint32_t i = 0; i < entries; ++i) {
      const kafka::BatchId batch = tables.Add(
          kafka::Batch{.first = {0}, .count = 1 + (i * 7) % 4, .bytes = 100, .partition = kOrders});
      const AppendedId id = tables.Add(kOrders, shadow.end, batch, {epoch});
      const Offset base = shadow.end;
      shadow.Append({&tables, kOrders}, {.first = id.value, .count = 1}, base);
      kafka::Append(tables, log, {id, 1});
    }
  }
  AppendedId Walk(Offset offset) const {
    for (const ShadowRun& run : shadow.runs) {
      for (uint32_t id = run.ids.first; id < run.ids.end(); ++id) {
        const bool begins = tables.At(kOrders, {id}).base() <= offset;
        if (begins && offset < tables.EndOf(kOrders, {id})) return {id};
      }
    }
    return AppendedId::None();
  }
};

TEST(ShadowLog, FindsAtEachOffsetWhatAWalkFinds) {
  const Story story;
  ASSERT_EQ(story.shadow.runs.size(), 2u);
  for (Offset at{0}; at < story.shadow.end + kafka::RecordCount{3};
       at = at + kafka::RecordCount{1}) {
    EXPECT_EQ(story.shadow.At({&story.tables, kOrders}, at), story.Walk(at)) << at.value;
  }
}

TEST(Log, FindsAtEachOffsetWhatAWalkFinds) {
  const Story story;
  ASSERT_EQ(story.log.runs.size(), 2u);
  for (Offset at{0}; at < story.log.end + kafka::RecordCount{3}; at = at + kafka::RecordCount{1}) {
    EXPECT_EQ(kafka::EntryAt(story.tables, story.log, at), story.Walk(at)) << at.value;
  }
}

TEST(BrokerSet, CountsItsMembersAsTheLibraryDoes) {
  for (uint32_t bits = 0; bits <= UINT16_MAX; ++bits) {
    const auto value = static_cast<uint16_t>(bits);
    ASSERT_EQ(kafka::BrokerSet{value}.size(), std::popcount(value));
  }
}

}  // namespace
}  // namespace kafka::ledger
