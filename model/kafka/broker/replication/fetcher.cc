// Fetcher threads: one per broker fetched from, one request in flight (KB:R-38).
#include "model/kafka/broker/replication/fetcher.h"

#include <algorithm>
#include <new>

#include "model/kafka/broker/choice_keys.h"
#include "model/kafka/broker/metadata_log.h"
#include "model/kafka/broker/replication/follower.h"
#include "model/kafka/broker/timers.h"

namespace kafka::broker {
namespace {

sim::TimerTag TagOf(const Fetcher& fetcher) {
  return {kFetcherTimer, kFetcherRole, fetcher.source.value};
}

// socket.connection.setup.timeout.ms
constexpr Duration kSetupTimeout = sim::Seconds(10);

bool Fetches(const Partition& partition, BrokerId source) {
  return partition.role == Role::kFollower && partition.fetch.source == source &&
         (partition.fetch.kind == FetchState::Kind::kFetching ||
          partition.fetch.kind == FetchState::Kind::kOutOfRange);
}

void AwaitAnswer(const Context& ctx, const Broker& self, Fetcher& fetcher, Effects& out) {
  const Duration timeout = SettingsOf(ctx, self).replica_socket_timeout;
  fetcher.deadline = ctx.mono + timeout;
  out.SetTimer({.tag = TagOf(fetcher), .min = timeout});
}

// KB:R-44: what the leader holds is asked before anything is cut.
void AskForEnd(const Context& ctx, Broker& self, Fetcher& fetcher, Partition& partition,
               Effects& out) {
  partition.fetch.asked_epoch = partition.fetch.current_epoch;
  partition.fetch.asked_offset = partition.fetch.offset;
  fetcher.link.in_flight = ++fetcher.link.sent;
  const sim::About about = fetcher.about;
  ++fetcher.about.attempt;
  out.Send({.connection = fetcher.link.connection, .about = about, .wire_bytes = kWireOverhead},
           ListOffsetsRequest{.correlation = fetcher.link.in_flight,
                              .partition = partition.id,
                              .which = ListOffsetsRequest::Which::kLatest,
                              .is_follower = 1,
                              .current_leader_epoch = partition.fetch.current_epoch});
  AwaitAnswer(ctx, self, fetcher, out);
}

FetchRequest::Item ItemFor(const Partition& partition, const BrokerSettings& settings) {
  return {.partition = partition.id,
          .current_leader_epoch = partition.fetch.current_epoch,
          .last_fetched_epoch = partition.fetch.last_fetched_epoch,
          .bytes_max = settings.replica_fetch_max_bytes,
          .offset = partition.fetch.offset,
          .log_start = {0}};
}

// For `count` partitions, those that may be fetched now.
void SendFetch(const Context& ctx, Broker& self, Fetcher& fetcher, size_t count, Effects& out) {
  const BrokerSettings& settings = SettingsOf(ctx, self);
  fetcher.link.in_flight = ++fetcher.link.sent;
  const sim::About about = fetcher.about;
  ++fetcher.about.attempt;
  const auto room = out.SendRoom<FetchRequest>(
      {.connection = fetcher.link.connection, .about = about, .wire_bytes = kWireOverhead}, count);
  ::new (room.body) FetchRequest{.correlation = fetcher.link.in_flight,
                                 .replica = self.id,
                                 .consumer = {},
                                 .replica_epoch = self.process.epoch,
                                 .wait_max_ns = settings.replica_fetch_wait_max.ns,
                                 .bytes_min = settings.replica_fetch_min_bytes,
                                 .bytes_max = settings.replica_fetch_response_max_bytes};
  FetchRequest::Item* place = room.items;
  for (Partition& partition : self.process.partitions) {
    if (!Fetches(partition, fetcher.source) || partition.fetch.delayed_until > ctx.mono) continue;
    ::new (place) FetchRequest::Item(ItemFor(partition, settings));
    ++place;
  }
  AwaitAnswer(ctx, self, fetcher, out);
}

}  // namespace

Fetcher* FetcherAt(Process& process, ConnectionId connection) {
  for (Fetcher& fetcher : process.fetchers) {
    if (fetcher.link.connection == connection) return &fetcher;
  }
  return nullptr;
}

Fetcher* FetcherOf(Process& process, BrokerId source) {
  for (Fetcher& fetcher : process.fetchers) {
    if (fetcher.source == source) return &fetcher;
  }
  return nullptr;
}

void StopFetching(Partition& partition) { partition.fetch = {}; }

// KB:R-40. Required: the partition follows a leader that is alive.
void StartFetching(const Context& ctx, Broker& self, Partition& partition, Effects& out) {
  Process& process = self.process;
  const bool before_kip_101 = ctx.setup->Has(Mutant::kTruncateToHighWatermark);
  uint16_t fsyncs = 0;
  if (partition.epochs.entries.empty() || before_kip_101) {
    fsyncs = TruncateReplica(ctx, self, partition, partition.high_watermark, out);
  }
  partition.fetch = {.kind = FetchState::Kind::kFetching,
                     .source = partition.leader,
                     .offset = partition.log.end,
                     .current_epoch = partition.leader_epoch,
                     .last_fetched_epoch = Latest(partition.epochs),
                     .asked_offset = Offset::Unknown(),
                     .asked_epoch = {}};
  if (before_kip_101) partition.fetch.last_fetched_epoch = {};
  Fetcher* fetcher = FetcherOf(process, partition.leader);
  if (fetcher == nullptr) {
    process.fetchers.push_back({.source = partition.leader,
                                .link = {},
                                .about = {UidBelow(ctx, partition, partition.log.end), 0}});
    process.fetchers.back().flushes_pending = fsyncs;
    return OpenFetcher(process.fetchers.back(), out);
  }
  fetcher->flushes_pending = static_cast<uint16_t>(fetcher->flushes_pending + fsyncs);
  SendNextFetch(ctx, self, *fetcher, out);
}

void RetireIdleFetchers(Broker& self, Effects& out) {
  Process& process = self.process;
  std::erase_if(process.fetchers, [&](const Fetcher& fetcher) {
    for (const Partition& partition : process.partitions) {
      if (partition.fetch.kind != FetchState::Kind::kIdle &&
          partition.fetch.source == fetcher.source) {
        return false;
      }
    }
    if (fetcher.link.state != Link::State::kDown) out.Close(fetcher.link.connection);
    out.CancelTimer(TagOf(fetcher));
    return true;
  });
}

void OpenFetcher(Fetcher& fetcher, Effects& out) {
  const sim::About about{fetcher.about.uid, fetcher.link.attempts++};
  fetcher.link.connection = out.Connect(MachineOf(fetcher.source), about);
  fetcher.link.state = Link::State::kConnecting;
  fetcher.link.in_flight = 0;
  out.SetTimer({.tag = TagOf(fetcher), .min = kSetupTimeout});
}

// KB:R-45: all partitions of the thread back off.
void LoseFetcher(const Context& ctx, Broker& self, Fetcher& fetcher, Effects& out) {
  fetcher.link.state = Link::State::kDown;
  fetcher.link.connection = {};
  fetcher.link.in_flight = 0;
  out.SetTimer({.tag = TagOf(fetcher), .min = SettingsOf(ctx, self).replica_fetch_backoff});
}

// A thread that stood still for longer than its time-out finds no answer when its wait returns, but
// a request whose time is over; what lies in the socket is never read (KB:R-45).
bool GiveUpOverdue(const Context& ctx, Broker& self, Fetcher& fetcher, Effects& out) {
  if (ctx.mono <= fetcher.deadline) return false;
  out.Close(fetcher.link.connection);
  LoseFetcher(ctx, self, fetcher, out);
  return true;
}

// Connecting or waiting for an answer: time is up. Otherwise: a back-off is over.
void OnFetcherTimer(const Context& ctx, Broker& self, BrokerId source, Effects& out) {
  Fetcher* fetcher = FetcherOf(self.process, source);
  if (fetcher == nullptr) return;
  if (fetcher->link.state == Link::State::kDown) return OpenFetcher(*fetcher, out);
  if (fetcher->link.idle()) return SendNextFetch(ctx, self, *fetcher, out);
  out.Close(fetcher->link.connection);
  LoseFetcher(ctx, self, *fetcher, out);
}

void SendNextFetch(const Context& ctx, Broker& self, Fetcher& fetcher, Effects& out) {
  if (!fetcher.link.idle() || fetcher.flushes_pending > 0 || self.process.publisher_waits) return;
  size_t count = 0;
  MonoTime earliest = sim::Never<MonoTime>();
  for (Partition& partition : self.process.partitions) {
    if (!Fetches(partition, fetcher.source)) continue;
    if (partition.fetch.delayed_until > ctx.mono) {
      earliest = std::min(earliest, partition.fetch.delayed_until);
      continue;
    }
    if (partition.fetch.kind == FetchState::Kind::kOutOfRange) {
      return AskForEnd(ctx, self, fetcher, partition, out);
    }
    partition.fetch.asked_offset = partition.fetch.offset;
    partition.fetch.asked_epoch = partition.fetch.current_epoch;
    ++count;
  }
  if (count > 0) return SendFetch(ctx, self, fetcher, count, out);
  if (earliest == sim::Never<MonoTime>()) return out.CancelTimer(TagOf(fetcher));
  out.SetTimer({.tag = TagOf(fetcher), .min = earliest - ctx.mono});
}

}  // namespace kafka::broker
