// tests/model/follower_fixture.h
//
// A follower on a desk, and what its leader answers it.
#ifndef TESTS_MODEL_FOLLOWER_FIXTURE_H_
#define TESTS_MODEL_FOLLOWER_FIXTURE_H_

#include "tests/model/broker_fixture.h"

namespace kafka::broker {

// b2 follows b1; its fetcher is connected and has asked.
struct FollowerRig : Rig {
  FollowerRig() : Rig(kB2) {
    Start();
    Link& link = broker.process.fetchers[0].link;
    Call(OnConnected, link.connection, sim::Connected{});
  }
  // The leader writes a batch of one record in that epoch.
  AppendedId Written(int64_t base, int32_t epoch) {
    const BatchId batch = MakeBatch();
    return tables.Add(kOrders, {base}, batch, {epoch});
  }
  FetchResponse::Item Item(int64_t high_watermark) {
    FetchResponse::Item item;
    item.partition = kOrders;
    item.fetch_offset = partition().fetch.offset;
    item.high_watermark = {high_watermark};
    item.log_start = {0};
    return item;
  }
  void Answer(const FetchResponse::Item& item, size_t fetcher = 0) {
    const Link link = broker.process.fetchers[fetcher].link;
    Call(OnFetchResponse, link.connection, FetchResponse{.correlation = link.in_flight}, {item});
  }
  // The first fetch of a new epoch finds nothing.
  void AnswerNothing() {
    const Link link = broker.process.fetchers[0].link;
    Call(OnFetchResponse, link.connection, FetchResponse{.correlation = link.in_flight});
  }
  void Refuse(Error error) {
    FetchResponse::Item item = Item(0);
    item.error = error;
    Answer(item);
  }
  void Copy(int64_t base, int32_t epoch, int64_t high_watermark, size_t fetcher = 0) {
    FetchResponse::Item item = Item(high_watermark);
    item.first = Written(base, epoch);
    item.count = 1;
    Answer(item, fetcher);
  }
  void Diverge(int32_t epoch, int64_t end) {
    FetchResponse::Item item = Item(0);
    item.diverging = 1;
    item.diverging_epoch = {epoch};
    item.diverging_end = {end};
    Answer(item);
  }
  void FollowEpoch(int32_t epoch) {
    AddPartitionRecord(kB1, 0b111, epoch, epoch);
    Apply();
  }
};

}  // namespace kafka::broker

#endif  // TESTS_MODEL_FOLLOWER_FIXTURE_H_
