// Fetch, of followers and of consumers: read, then what the fetch says of the follower.
#include <algorithm>

#include "model/kafka/broker/handlers.h"
#include "model/kafka/broker/replication/isr.h"
#include "model/kafka/broker/replication/leader.h"
#include "model/kafka/broker/requests/long_poll.h"
#include "model/kafka/broker/requests/purgatory.h"
#include "model/kafka/broker/requests/read.h"
#include "model/kafka/broker/requests/request_threads.h"
#include "model/kafka/item_buffer.h"

namespace kafka::broker {
namespace {

// KB:R-15. Asking for offset N says that the follower has appended everything below N, in its page
// cache and not necessarily on its disk (KB:R-17). The log end may go down; it is overwritten.
Error RecordProgress(const Context& ctx, const Process& process, const Partition& partition,
                     RemoteReplica& replica, const FetchRequest& request,
                     const FetchRequest::Item& item) {
  const BrokerView& view = process.brokers[replica.broker.value];
  const BrokerEpoch alive = view.alive() ? view.epoch : BrokerEpoch{};
  if (request.replica_epoch.value != -1 && alive > request.replica_epoch &&
      !ctx.setup->Has(Mutant::kNoBrokerEpochCheck)) {
    return Error::kNotLeaderOrFollower;  // an incarnation that is no more
  }
  const Offset leader_end = partition.log.end;
  if (item.offset >= leader_end) {
    replica.caught_up = std::max(replica.caught_up, ctx.wall);
  } else if (item.offset >= replica.leader_end_at_last_fetch) {
    replica.caught_up = std::max(replica.caught_up, replica.last_fetch);
  }
  replica.log_end = item.offset;
  replica.leader_end_at_last_fetch = std::max(leader_end, replica.leader_end_at_last_fetch);
  replica.last_fetch = ctx.wall;
  replica.epoch = request.replica_epoch;
  replica.has_epoch = true;
  return Error::kNone;
}

// KB:R-16: progress, then expansion, then the watermark, then whoever waited for it.
Error OnFollowerProgress(const Context& ctx, Broker& self, const FetchRequest& request,
                         const FetchRequest::Item& item, Effects& out) {
  Partition& partition = *self.process.Find(item.partition);
  const auto found =
      std::find_if(partition.remotes.begin(), partition.remotes.end(),
                   [&](const RemoteReplica& replica) { return replica.broker == request.replica; });
  const Offset before = found->log_end;
  const Error error = RecordProgress(ctx, self.process, partition, *found, request, item);
  if (error != Error::kNone) return error;
  out.Say(notes::FollowerFetched{.partition = item.partition,
                                 .follower = request.replica,
                                 .from = item.offset,
                                 .epoch = partition.leader_epoch});
  MaybeExpandIsr(ctx, self, partition, *found, out);
  if (found->log_end == before) return Error::kNone;
  if (MaybeAdvanceHighWatermark(ctx, self, partition, out)) {
    CompleteDelayed(ctx, self, {.advanced = Bit(item.partition)}, out);
  }
  return Error::kNone;
}

void ReadAndRecord(const Context& ctx, Broker& self, const FetchRequest& request,
                   const FetchRequest::Item& item, FetchAnswer& answer, Effects& out) {
  FetchResponse::Item& read = ReadPartition(ctx, self, request, item, answer);
  if (request.replica.exists() && read.error == Error::kNone && read.diverging == 0) {
    read.error = OnFollowerProgress(ctx, self, request, item, out);
    if (read.error != Error::kNone) read.count = 0;
    if (ctx.setup->Has(Mutant::kFollowerToldNewWatermark)) {
      read.high_watermark = self.process.Find(item.partition)->high_watermark;
    }
  }
  answer.at_once |= read.error != Error::kNone || read.diverging != 0;
}

// KB:X-2: who becomes leader has the partition's lock meanwhile, and fsyncs the new epoch under it
// (KB:P-18). A fetch that speaks of that epoch waits; refused, its follower would stay away for
// replica.fetch.backoff.ms (KB:R-45). What has not even arrived here holds no lock.
bool IsBeingApplied(const Context& ctx, const Process& process, const FetchRequest::Item& item) {
  const Partition* partition = process.Find(item.partition);
  if (partition == nullptr || item.current_leader_epoch <= partition->leader_epoch) return false;
  for (int64_t i = process.metadata_applied; i < process.metadata_due; ++i) {
    const MetadataRecord& record = ctx.tables->metadata[static_cast<size_t>(i)];
    if (record.kind != MetadataRecord::Kind::kPartition) continue;
    if (record.partition != item.partition) continue;
    if (record.leader_epoch >= item.current_leader_epoch) return true;
  }
  return false;
}

}  // namespace

void OnFetch(const Context& ctx, Broker& self, const sim::Received<FetchRequest>& event,
             Effects& out) {
  if (!TakesThread(ctx, self, event)) return;
  const FetchRequest& request = event.body;
  for (const FetchRequest::Item& item : event.items) {
    const bool locked = item.partition == self.process.lead_syncing;
    if (locked || IsBeingApplied(ctx, self.process, item)) return Queue(self.process, event);
  }
  ItemBuffer<FetchResponse::Item> buffer;
  FetchAnswer answer{.items = buffer.items(), .budget = request.bytes_max};
  for (const FetchRequest::Item& item : event.items) {
    ReadAndRecord(ctx, self, request, item, answer, out);
  }
  // A fetch without enough data waits for more, unless there is something to tell at once
  // (KB:R-18).
  const bool now = answer.at_once || request.wait_max_ns <= 0 || event.items.empty() ||
                   answer.bytes >= request.bytes_min;
  if (!now) return ParkFetch(ctx, self, event, out);
  AnswerFetch(ctx, self, event.connection, request, answer, out);
}

}  // namespace kafka::broker
