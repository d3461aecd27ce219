// The store of committed offsets: what a group committed is what it is told (KC:C-5).
#include <gtest/gtest.h>

#include <cstring>

#include "model/kafka/offsets/handlers.h"
#include "tests/model/lone_machine.h"

namespace kafka::offsets {
namespace {

struct StoreRig : LoneMachine {
  OffsetStore store;

  StoreRig() : LoneMachine(2) { setup.groups = {"billing", "search"}; }
  void Commit(uint16_t group, uint16_t partition, int64_t offset, int32_t epoch) {
    out.Clear();
    const OffsetCommitRequest request{
        .group = {group}, .partition = {partition}, .epoch = {epoch}, .offset = {offset}};
    OnCommit(ContextOf(kOffsetStoreMachine, "offsets"), store, {{7}, request, {}}, out);
  }
  OffsetFetchResponse Committed(uint16_t group, uint16_t partition) {
    out.Clear();
    const OffsetFetchRequest request{.group = {group}, .partition = {partition}};
    OnFetch(ContextOf(kOffsetStoreMachine, "offsets"), store, {{7}, request, {}}, out);
    OffsetFetchResponse response;
    std::memcpy(static_cast<void*>(&response), out.WordsOf(out.effects()[0]).data(),
                sizeof response);
    return response;
  }
};

TEST(OffsetStore, TheLastCommitCountsAlsoIfItGoesBack) {
  StoreRig rig;
  EXPECT_FALSE(rig.Committed(0, 0).offset.known());
  rig.Commit(0, 0, 7, 2);
  rig.Commit(0, 0, 3, 1);
  EXPECT_EQ(rig.Committed(0, 0).offset, Offset{3});
  EXPECT_EQ(rig.Committed(0, 0).epoch, LeaderEpoch{1});
}

TEST(OffsetStore, EachGroupAndEachPartitionHasItsOwn) {
  StoreRig rig;
  rig.Commit(0, 0, 1, 0);
  rig.Commit(1, 0, 2, 0);
  rig.Commit(0, 1, 3, 0);
  EXPECT_EQ(rig.Committed(0, 0).offset, Offset{1});
  EXPECT_EQ(rig.Committed(1, 0).offset, Offset{2});
  EXPECT_EQ(rig.Committed(0, 1).offset, Offset{3});
  EXPECT_FALSE(rig.Committed(1, 1).offset.known());
}

}  // namespace
}  // namespace kafka::offsets
