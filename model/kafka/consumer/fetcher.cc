// Fetches, one a broker, and what poll() makes of their data (KC:3.2).
#include "model/kafka/consumer/fetcher.h"

#include <algorithm>

#include "model/kafka/consumer/network.h"
#include "model/kafka/consumer/settings.h"
#include "sim/inline_vec.h"

namespace kafka::consumer {
namespace {

using Items = sim::InlineVec<FetchRequest::Item, kMaxPartitions>;

// Fetchable partitions that this broker leads; none if one of them has data buffered (KC:C-6).
Items ItemsFor(const Context& ctx, const Consumer& self, BrokerId broker, uint16_t& first) {
  Items items;
  const ConsumerSettings& settings = SettingsOf(ctx, self);
  for (uint16_t i = 0; i < self.process.partitions.size(); ++i) {
    const Partition& partition = self.process.partitions[i];
    if (partition.leader != broker || partition.state != Partition::State::kFetching) continue;
    if (partition.has_buffer()) return {};
    if (ctx.mono < partition.retry_at) continue;
    if (items.empty()) first = i;
    items.push_back({.partition = partition.id,
                     .current_leader_epoch = partition.leader_epoch,
                     .last_fetched_epoch = {},
                     .bytes_max = settings.max_partition_fetch_bytes,
                     .offset = partition.position,
                     .log_start = Offset::Unknown()});
  }
  return items;
}

void SendFetch(const Context& ctx, Consumer& self, BrokerId broker, Effects& out) {
  Process& process = self.process;
  const ConsumerSettings& settings = SettingsOf(ctx, self);
  uint16_t first = 0;
  const Items items = ItemsFor(ctx, self, broker, first);
  if (items.empty()) return;
  client::Node* node = ReadyNode(ctx, self, client::PeerOf(broker), out);
  if (node == nullptr) return;
  const uint32_t correlation =
      client::Track(process.client, *node, RequestKind::kFetch, client::kNoSubject, ctx.mono);
  Partition& asker = process.partitions[first];
  const sim::About about{.uid = asker.uid, .attempt = asker.asks++};
  out.Send({.connection = node->connection, .about = about, .wire_bytes = client::kWireOverhead},
           FetchRequest{.correlation = correlation,
                        .replica = BrokerId::None(),
                        .consumer = self.index,
                        .replica_epoch = {},
                        .wait_max_ns = settings.fetch_max_wait.ns,
                        .bytes_min = settings.fetch_min_bytes,
                        .bytes_max = settings.fetch_max_bytes},
           {items.data(), items.size()});
}

// Gives the program [position, to), and learns the epoch of the last record (KC:C-20).
void HandOut(const Context& ctx, Consumer& self, uint16_t index, int64_t records, Effects& out) {
  Partition& partition = self.process.partitions[index];
  const Offset from = partition.position;
  const Offset to = from + RecordCount{records};
  while (ctx.tables->EndOf(partition.id, partition.entry) <= from) ++partition.entry.value;
  const AppendedId first = partition.entry;
  while (ctx.tables->EndOf(partition.id, partition.entry) < to) ++partition.entry.value;
  const Appended& last = ctx.tables->At(partition.id, partition.entry);
  partition.position_epoch = last.epoch();
  partition.position = partition.buffer_from = to;
  partition.uid = UidOf(*ctx.setup, *ctx.tables, last.batch);
  partition.asks = 0;
  out.Say(notes::Polled{.partition = partition.id, .consumer = self.index, .from = from, .to = to});
  self.process.program.work.push_back(
      {.partition = index, .epoch = last.epoch(), .entry = first, .from = from, .to = to});
}

}  // namespace

void SendFetches(const Context& ctx, Consumer& self, Effects& out) {
  BrokerSet asked;
  for (uint16_t i = 0; i < self.process.partitions.size(); ++i) {
    const Partition& partition = self.process.partitions[i];
    if (partition.state != Partition::State::kFetching) continue;
    if (!partition.leader.exists()) {
      RequestMetadata(self.process);
      continue;
    }
    if (asked.contains(partition.leader)) continue;
    asked = asked.With(partition.leader);
    if (IsFetching(self.process.client.node(partition.leader))) continue;
    SendFetch(ctx, self, partition.leader, out);
  }
}

std::optional<uint16_t> Collect(const Context& ctx, Consumer& self, Effects& out) {
  Process& process = self.process;
  const auto nothing_yet = [&] { return process.program.work.empty(); };
  int64_t room = SettingsOf(ctx, self).max_poll_records;
  while (!process.buffered.empty() && room > 0) {
    const uint16_t index = process.buffered.front();
    Partition& partition = process.partitions[index];
    if (partition.state ==
        Partition::State::kOutOfRange) {  // the next poll throws, if not this one
      return nothing_yet() ? std::optional(index) : std::nullopt;
    }
    // A position that is being validated is not fetchable, and what is not fetchable is thrown away
    // (KC:C-2, C-9): it is fetched again from where the validated position is.
    const bool usable = partition.state == Partition::State::kFetching && partition.has_buffer() &&
                        partition.buffer_from == partition.position;
    if (usable) {
      const int64_t records = std::min(room, (partition.buffer_end - partition.buffer_from).value);
      HandOut(ctx, self, index, records, out);
      room -= records;
      if (partition.has_buffer()) break;  // room is 0
    }
    DropBuffer(process, index);
  }
  return std::nullopt;
}

void DropBuffer(Process& process, uint16_t index) {
  Partition& partition = process.partitions[index];
  partition.buffer_from = partition.buffer_end = {0};
  const auto found = std::find(process.buffered.begin(), process.buffered.end(), index);
  if (found != process.buffered.end()) process.buffered.erase(found);
}

}  // namespace kafka::consumer
