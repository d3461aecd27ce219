// A leader's answer to a follower: data, divergence, or an error.
#include <algorithm>

#include "model/kafka/broker/choice_keys.h"
#include "model/kafka/broker/disk/checkpoints.h"
#include "model/kafka/broker/handlers.h"
#include "model/kafka/broker/metadata_log.h"
#include "model/kafka/broker/replication/fetcher.h"
#include "model/kafka/broker/replication/follower.h"
#include "model/kafka/broker/timers.h"

namespace kafka::broker {
namespace {

void BackOff(const Context& ctx, const Broker& self, Partition& partition) {
  partition.fetch.delayed_until = ctx.mono + SettingsOf(ctx, self).replica_fetch_backoff;
}

// KB:R-43. Data and watermark of such a response are ignored; the watermark is never the target.
// Returns how many fsyncs the fetcher has to wait for.
uint16_t FollowDivergence(const Context& ctx, Broker& self, Partition& partition,
                          const FetchResponse::Item& item, Effects& out) {
  if (ctx.setup->Has(Mutant::kTruncationSkipped)) {
    partition.fetch.last_fetched_epoch = {};
    return 0;
  }
  const Offset end = partition.log.end;
  const EpochEnd mine = EndOffsetFor(partition.epochs, item.diverging_epoch, end);
  Offset target;
  if (mine.epoch.value < 0) {
    target = std::min(item.diverging_end, end);
  } else if (mine.epoch != item.diverging_epoch) {
    target = std::min(mine.end, end);  // a step down; the next fetch looks again
  } else {
    target = std::min({mine.end, item.diverging_end, end});
  }
  const uint16_t fsyncs = TruncateReplica(ctx, self, partition, target, out);
  partition.fetch.offset = partition.log.end;
  partition.fetch.last_fetched_epoch = Latest(partition.epochs);
  return fsyncs;
}

// KB:R-17: the next fetch acknowledges, and waits for the disk.
bool FlushCopied(const Context& ctx, const Broker& self, Partition& partition, sim::About about,
                 Effects& out) {
  const int64_t unflushed = (partition.log.end - partition.recovery_point).value;
  if (unflushed < TopicOf(ctx, self, partition.id).flush_messages) return false;
  partition.flushing_to = partition.log.end;
  FlushLog(partition, kFollowerFlush, about, out);
  return true;
}

// KB:R-42: append, then watermark. False: once more, when the epochs of the data are on the disk
// (KB:P-18).
bool TakeData(const Context& ctx, Broker& self, Fetcher& fetcher, Partition& partition,
              const FetchResponse::Item& item, Effects& out) {
  if (item.count > 0) {
    if (!fetcher.epochs_synced) {
      fetcher.flushes_pending = AssignEpochs(ctx, partition, {item.first, item.count}, out);
      fetcher.epochs_synced = fetcher.flushes_pending > 0;
      if (fetcher.epochs_synced) return false;
    }
    fetcher.epochs_synced = false;
    const Offset before = partition.log.end;
    const uint64_t bytes_before = partition.log.bytes;
    if (!AppendAsFollower(ctx, self, partition, {item.first, item.count}, out)) {
      partition.fetch.kind = FetchState::Kind::kFailed;  // KB:R-46: until a new leader epoch
      return true;
    }
    partition.fetch.offset = partition.log.end;
    if (partition.log.end > before) {
      fetcher.about = {UidBelow(ctx, partition, partition.log.end), 0};
    }
    const Duration held = ctx.disk->HeldBack(partition.log.bytes - bytes_before);
    if (held > Duration{}) {  // FC:C.2: the fetcher's thread is in write() so long
      ++fetcher.flushes_pending;
      out.SetTimer({.tag = {kHeldTimer, kFetcherRole, partition.id.value}, .min = held});
    } else if (FlushCopied(ctx, self, partition, fetcher.about, out)) {
      ++fetcher.flushes_pending;
    }
  }
  SetFollowerHighWatermark(ctx, self, partition, item.high_watermark, out);
  return true;
}

void TakeError(const Context& ctx, const Broker& self, Partition& partition, Error error) {
  switch (error) {
    case Error::kOffsetOutOfRange:
      partition.fetch.kind = FetchState::Kind::kOutOfRange;
      return;
    case Error::kFencedLeaderEpoch:  // KB:R-45: with the epoch of now
      partition.fetch.kind = FetchState::Kind::kFailed;
      return;
    default:
      return BackOff(ctx, self, partition);
  }
}

// KB:R-41: between request and response the partition may have been cut, moved or restarted.
bool IsStillAsked(const Partition& partition, const Fetcher& fetcher, FetchState::Kind kind) {
  const FetchState& fetch = partition.fetch;
  return partition.role == Role::kFollower && fetch.kind == kind &&
         fetch.source == fetcher.source && fetch.offset == fetch.asked_offset &&
         fetch.current_epoch == fetch.asked_epoch;
}

// False: once more, when the disk is done.
bool TakeItem(const Context& ctx, Broker& self, Fetcher& fetcher, const FetchResponse::Item& item,
              Effects& out) {
  Partition* partition = self.process.Find(item.partition);
  if (partition == nullptr) return true;
  if (!IsStillAsked(*partition, fetcher, FetchState::Kind::kFetching)) return true;
  if (partition->fetch.offset != item.fetch_offset) return true;
  if (partition->fetch.delayed_until > ctx.mono) return true;
  if (item.error != Error::kNone) {
    TakeError(ctx, self, *partition, item.error);
  } else if (item.diverging != 0) {
    fetcher.flushes_pending = FollowDivergence(ctx, self, *partition, item, out);
  } else {
    return TakeData(ctx, self, fetcher, *partition, item, out);
  }
  return true;
}

// One after the other; while the thread is in an fsync, the others wait as well.
void TakeItems(const Context& ctx, Broker& self, Fetcher& fetcher,
               std::span<const FetchResponse::Item> items, Effects& out) {
  while (!items.empty()) {
    if (TakeItem(ctx, self, fetcher, items.front(), out)) items = items.subspan(1);
    if (fetcher.flushes_pending > 0) return fetcher.in_hand.assign(items.begin(), items.end());
  }
  SendNextFetch(ctx, self, fetcher, out);
}

}  // namespace

void ResumeFetcher(const Context& ctx, Broker& self, const Partition& partition, Effects& out) {
  Fetcher* fetcher = FetcherOf(self.process, partition.fetch.source);
  if (fetcher == nullptr) return;  // stopping
  if (--fetcher->flushes_pending > 0) return;
  const std::vector<FetchResponse::Item> items = std::move(fetcher->in_hand);
  fetcher->in_hand.clear();
  TakeItems(ctx, self, *fetcher, items, out);
  ResumePublisher(ctx, self, out);
}

void ReleaseFollower(const Context& ctx, Broker& self, PartitionId id, Effects& out) {
  Partition& partition = *self.process.Find(id);
  const sim::About about{UidBelow(ctx, partition, partition.log.end), 0};
  if (FlushCopied(ctx, self, partition, about, out)) return;
  ResumeFetcher(ctx, self, partition, out);
}

void OnFetchResponse(const Context& ctx, Broker& self, const sim::Received<FetchResponse>& event,
                     Effects& out) {
  Process& process = self.process;
  Fetcher* fetcher = FetcherAt(process, event.connection);
  if (fetcher == nullptr || event.body.correlation != fetcher->link.in_flight) return;
  if (GiveUpOverdue(ctx, self, *fetcher, out)) return;
  fetcher->link.in_flight = 0;
  fetcher->link.attempts = 0;
  TakeItems(ctx, self, *fetcher, event.items, out);
}

// KB:R-44. Divergence is not repaired here.
void OnListOffsetsResponse(const Context& ctx, Broker& self,
                           const sim::Received<ListOffsetsResponse>& event, Effects& out) {
  Process& process = self.process;
  Fetcher* fetcher = FetcherAt(process, event.connection);
  if (fetcher == nullptr || event.body.correlation != fetcher->link.in_flight) return;
  if (GiveUpOverdue(ctx, self, *fetcher, out)) return;
  fetcher->link.in_flight = 0;
  Partition* partition = process.Find(event.body.partition);
  if (IsStillAsked(*partition, *fetcher, FetchState::Kind::kOutOfRange)) {
    if (event.body.error != Error::kNone) {
      BackOff(ctx, self, *partition);
    } else {
      // A longer leader: the log start is 0 everywhere, so the data stay and fetching goes on.
      if (event.body.offset < partition->log.end) {
        fetcher->flushes_pending = TruncateReplica(ctx, self, *partition, event.body.offset, out);
      }
      partition->fetch.kind = FetchState::Kind::kFetching;
      partition->fetch.offset = partition->log.end;
      partition->fetch.last_fetched_epoch = Latest(partition->epochs);
    }
  }
  SendNextFetch(ctx, self, *fetcher, out);
}

}  // namespace kafka::broker
