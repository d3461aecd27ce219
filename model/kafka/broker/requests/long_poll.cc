// Fetches that wait for data: parked, woken, answered in the order in which they were parked.
#include "model/kafka/broker/requests/long_poll.h"

#include <algorithm>

#include "model/kafka/broker/requests/read.h"
#include "model/kafka/broker/timers.h"
#include "model/kafka/item_buffer.h"

namespace kafka::broker {
namespace {

void ArmFetchTimer(const Context& ctx, Process& process, MonoTime deadline, Effects& out) {
  if (deadline >= process.fetch_timer) return;  // the earlier one looks again
  process.fetch_timer = deadline;
  out.SetTimer({.tag = {kFetchTimer, kBrokerRole, 0},
                .min = std::max(deadline - ctx.mono, sim::Nanoseconds(1))});
}

// KB:R-18: the read is redone from scratch, with the bounds of now and without KB:R-15.
bool TryAnswer(const Context& ctx, Broker& self, const ParkedFetch& fetch,
               std::span<const FetchRequest::Item> items, Effects& out) {
  ItemBuffer<FetchResponse::Item> buffer;
  FetchAnswer answer{.items = buffer.items(), .budget = fetch.request.bytes_max, .waited = true};
  for (const FetchRequest::Item& item : items) {
    const FetchResponse::Item& read = ReadPartition(ctx, self, fetch.request, item, answer);
    answer.at_once |= read.error != Error::kNone || read.diverging != 0;
  }
  const bool due = fetch.deadline <= ctx.mono;
  if (!due && !answer.at_once && answer.bytes < fetch.request.bytes_min) return false;
  AnswerFetch(ctx, self, fetch.connection, fetch.request, answer, out);
  return true;
}

bool Concerns(std::span<const FetchRequest::Item> items, uint64_t partitions) {
  return std::any_of(items.begin(), items.end(), [partitions](const FetchRequest::Item& item) {
    return (Bit(item.partition) & partitions) != 0;
  });
}

}  // namespace

void ParkFetch(const Context& ctx, Broker& self, const sim::Received<FetchRequest>& event,
               Effects& out) {
  Process& process = self.process;
  const MonoTime deadline = ctx.mono + Duration{event.body.wait_max_ns};
  ParkedFetch& parked = process.fetches.emplace_back();
  parked.request = event.body;
  parked.connection = event.connection;
  parked.deadline = deadline;
  parked.item_count = static_cast<uint32_t>(event.items.size());
  process.fetch_items.insert(process.fetch_items.end(), event.items.begin(), event.items.end());
  ArmFetchTimer(ctx, process, deadline, out);
}

// A grown log wakes followers only, a moved watermark consumers only. Those whose time is up go in
// any case.
void CompleteFetches(const Context& ctx, Broker& self, Moved moved, Effects& out) {
  Process& process = self.process;
  size_t kept = 0;
  size_t kept_items = 0;
  size_t item = 0;
  for (size_t i = 0; i < process.fetches.size(); ++i) {
    const ParkedFetch& fetch = process.fetches[i];
    const std::span items(process.fetch_items.data() + item, fetch.item_count);
    item += fetch.item_count;
    const uint64_t concerning = fetch.request.replica.exists() ? moved.appended : moved.advanced;
    const bool looked_at = fetch.deadline <= ctx.mono || Concerns(items, concerning);
    if (looked_at && TryAnswer(ctx, self, fetch, items, out)) continue;
    if (kept_items + fetch.item_count != item) {
      std::copy(items.begin(), items.end(),
                process.fetch_items.begin() + static_cast<std::ptrdiff_t>(kept_items));
    }
    kept_items += fetch.item_count;
    if (kept != i) process.fetches[kept] = fetch;
    ++kept;
  }
  process.fetches.resize(kept);
  process.fetch_items.resize(kept_items);
}

void ExpireFetches(const Context& ctx, Broker& self, Effects& out) {
  Process& process = self.process;
  process.fetch_timer = sim::Never<MonoTime>();
  CompleteFetches(ctx, self, {}, out);
  MonoTime next = sim::Never<MonoTime>();
  for (const ParkedFetch& fetch : process.fetches) next = std::min(next, fetch.deadline);
  if (next != sim::Never<MonoTime>()) ArmFetchTimer(ctx, process, next, out);
}

void DropFetches(Process& process, ConnectionId connection) {
  size_t item = 0;
  for (size_t i = 0; i < process.fetches.size();) {
    const uint32_t count = process.fetches[i].item_count;
    if (process.fetches[i].connection != connection) {
      item += count;
      ++i;
      continue;
    }
    const auto first = process.fetch_items.begin() + static_cast<std::ptrdiff_t>(item);
    process.fetch_items.erase(first, first + count);
    process.fetches.erase(process.fetches.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

}  // namespace kafka::broker
