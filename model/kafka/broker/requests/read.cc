// What a fetch reads of one partition, and the answer that is made of it.
#include "model/kafka/broker/requests/read.h"

#include <algorithm>
#include <new>

#include "model/kafka/broker/choice_keys.h"
#include "model/kafka/broker/replication/leader.h"

namespace kafka::broker {
namespace {

// KB:R-13. Only followers give the epoch of their last record.
bool Diverges(const Partition& partition, const FetchRequest::Item& item,
              FetchResponse::Item& answer) {
  if (item.last_fetched_epoch.value < 0) return false;
  const EpochEnd end = EndOffsetFor(partition.epochs, item.last_fetched_epoch, partition.log.end);
  if (end.epoch.value < 0) {
    answer.error = Error::kOffsetOutOfRange;
    return true;
  }
  if (end.epoch >= item.last_fetched_epoch && end.end >= item.offset) return false;
  answer.diverging = 1;
  answer.diverging_epoch = end.epoch;
  answer.diverging_end = end.end;
  return true;
}

bool IsReplica(const Partition& partition, BrokerId broker) {
  return std::any_of(partition.remotes.begin(), partition.remotes.end(),
                     [broker](const RemoteReplica& replica) { return replica.broker == broker; });
}

// KB:R-14: how far this reader may read.
Offset LimitOf(const Context& ctx, const Partition& partition, const FetchRequest& request) {
  if (!request.replica.exists()) {
    const bool all = ctx.setup->Has(Mutant::kConsumerReadsToLogEnd);
    return all ? partition.log.end : partition.high_watermark;
  }
  // The log end moves when write() returns, not with its first byte.
  const bool held = partition.held_from.known() && partition.held_from < partition.log.end;
  const Offset end = held ? partition.held_from : partition.log.end;
  if (!ctx.setup->Has(Mutant::kHideLogEndUntilFlushed)) return end;  // KB:R-17
  return std::min(end, partition.recovery_point);
}

Error CheckFetch(const Context& ctx, const PartitionView& view, const Partition* partition,
                 const FetchRequest& request, const FetchRequest::Item& item) {
  if (view.leader_epoch.value < 0) return Error::kUnknownTopicOrPartition;
  if (partition == nullptr) return Error::kNotLeaderOrFollower;
  const Error error = CheckLeadership(ctx, *partition, item.current_leader_epoch);
  if (error != Error::kNone) return error;
  if (request.replica.exists() && !IsReplica(*partition, request.replica)) {
    return Error::kUnknownLeaderEpoch;
  }
  return Error::kNone;
}

// The answer's next item, which says nothing of data yet.
FetchResponse::Item& AddItem(const PartitionView& view, const FetchRequest::Item& item,
                             FetchAnswer& answer) {
  SIM_CHECK(answer.count < kMaxPartitions);
  // In place: a copy of what has just been written in small pieces would wait for the cache, 5 ns.
  FetchResponse::Item* const place = answer.items + answer.count;
  ++answer.count;
  return *::new (place) FetchResponse::Item{.partition = item.partition,
                                            .diverging_epoch = {},
                                            .diverging_end = Offset::Unknown(),
                                            .first = {},
                                            .high_watermark = Offset::Unknown(),
                                            .log_start = {0},
                                            .fetch_offset = item.offset,
                                            .current_leader_epoch = view.leader_epoch,
                                            .leader_hint = view.leader};
}

}  // namespace

FetchResponse::Item& ReadPartition(const Context& ctx, const Broker& self,
                                   const FetchRequest& request, const FetchRequest::Item& item,
                                   FetchAnswer& answer) {
  const PartitionView& view = self.process.view[item.partition.value];
  FetchResponse::Item& read = AddItem(view, item, answer);
  const Partition* found = self.process.Find(item.partition);
  read.error = CheckFetch(ctx, view, found, request, item);
  if (read.error != Error::kNone) return read;
  const Partition& partition = *found;
  read.high_watermark = partition.high_watermark;  // KB:R-12: from before this fetch moves it
  if (Diverges(partition, item, read)) return read;
  if (!item.offset.known() || item.offset > partition.log.end) {
    read.error = Error::kOffsetOutOfRange;
    return read;
  }
  const Offset limit = LimitOf(ctx, partition, request);
  const uint64_t room = std::min<uint64_t>(item.bytes_max, answer.budget);
  const Run run = ReadFrom(*ctx.tables, partition.log, item.offset, limit, room);
  if (run.count == 0) return read;
  const AppendedTable& table = ctx.tables->appended[item.partition.value];
  const uint32_t end = run.first.value + run.count;
  const uint64_t to = end < table.entries.size() ? table.entries[end].position() : table.bytes;
  const uint64_t bytes = to - table.entries[run.first.value].position();
  if (answer.bytes > 0 && bytes > room) return read;  // KB:R-20: only the first may exceed
  read.first = run.first;
  read.count = run.count;
  answer.bytes += bytes;
  answer.budget -= std::min(answer.budget, bytes);
  return read;
}

void AnswerFetch(const Context& ctx, Broker& self, ConnectionId connection,
                 const FetchRequest& request, const FetchAnswer& answer, Effects& out) {
  Process& process = self.process;
  uint64_t uid = 0;
  for (uint32_t i = 0; i < answer.count; ++i) {
    const FetchResponse::Item& item = answer.items[i];
    if (item.count == 0) continue;
    if (uid == 0) {
      uid = UidOf(*ctx.setup, *ctx.tables, ctx.tables->At(item.partition, item.first).batch);
    }
    const AppendedId last{item.first.value + item.count - 1};
    const Offset to = ctx.tables->EndOf(item.partition, last);
    if (request.replica.exists()) {
      out.Say(notes::FetchAnswered{.partition = item.partition,
                                   .follower = request.replica,
                                   .from = item.fetch_offset,
                                   .to = to,
                                   .waited = answer.waited});
    } else {
      out.Say(notes::Served{.partition = item.partition,
                            .consumer = request.consumer,
                            .from = item.fetch_offset,
                            .to = to});
    }
  }
  if (uid == 0 && answer.count > 0) {  // nothing sent: it is about what the reader already has
    const Partition* partition = process.Find(answer.items[0].partition);
    const PartitionId id = answer.items[0].partition;
    uid = partition == nullptr ? UidOfPartition(ctx, id)
                               : UidBelow(ctx, *partition, answer.items[0].fetch_offset);
  }
  const sim::About about = NextAbout(process, connection, uid);
  const uint64_t wire = answer.bytes + kWireOverhead;
  out.Send({.connection = connection,
            .about = about,
            .wire_bytes = static_cast<uint32_t>(std::min<uint64_t>(wire, UINT32_MAX))},
           FetchResponse{.correlation = request.correlation}, {answer.items, answer.count});
}

}  // namespace kafka::broker
