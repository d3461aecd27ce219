// Produce requests that wait for replication, and every produce answer.
#include "model/kafka/broker/requests/purgatory.h"

#include <algorithm>
#include <new>

#include "model/kafka/broker/choice_keys.h"
#include "model/kafka/broker/replication/isr.h"
#include "model/kafka/broker/requests/long_poll.h"
#include "model/kafka/broker/timers.h"

namespace kafka::broker {
namespace {

// KB:P-53. True if the item's fate is decided.
bool Decide(const Context& ctx, const Broker& self, PendingItem& item) {
  if (item.decided) return true;
  const Partition* partition = self.process.Find(item.partition);
  if (partition == nullptr || !partition->leads()) {
    item.error = Error::kNotLeaderOrFollower;  // it may survive, or be truncated
  } else {
    if (item.required > partition->high_watermark) return false;
    const bool enough = MinIsrOf(ctx, self, item.partition) <= partition->isr.maximal().size();
    item.error = enough ? Error::kNone : Error::kNotEnoughReplicasAfterAppend;  // KB:P-54
  }
  item.decided = true;
  return true;
}

inline bool DecideAll(const Context& ctx, const Broker& self, std::span<PendingItem> items) {
  bool all = true;
  for (PendingItem& item : items) all &= Decide(ctx, self, item);
  return all;
}

ProduceResponse::Item ItemFor(const Process& process, const PendingItem& item) {
  ProduceResponse::Item answer{.partition = item.partition,
                               .error = item.error,
                               .leader_hint = {},
                               .leader_epoch = {},
                               .batch = item.batch,
                               .base = item.base};
  if (item.error != Error::kNone) answer.base = Offset::Unknown();
  if (item.error == Error::kNotLeaderOrFollower) {  // KB:P-4: the hint can be stale
    const PartitionView& view = process.view[item.partition.value];
    answer.leader_hint = view.leader;
    answer.leader_epoch = view.leader_epoch;
  }
  return answer;
}

// A request with acks=0 gets no answer; if one of its partitions failed, the connection is closed
// (KB:P-3).
void EndWithoutAnswer(Process& process, const PendingProduce& produce,
                      std::span<const PendingItem> items, Effects& out) {
  const bool failed = std::any_of(items.begin(), items.end(), [](const PendingItem& item) {
    return item.error != Error::kNone;
  });
  if (!failed) return out.Done(produce.connection);
  out.Close(produce.connection);
  std::erase_if(process.clients,
                [&](const ClientConnection& client) { return client.id == produce.connection; });
}

void Answer(const Context& ctx, Process& process, const PendingProduce& produce,
            std::span<const PendingItem> items, Effects& out) {
  if (!produce.connection.exists()) return;  // closed meanwhile: nobody is told
  if (produce.acks == Acks::kNone) return EndWithoutAnswer(process, produce, items, out);
  const uint64_t uid = items.empty() ? 0 : UidOf(*ctx.setup, *ctx.tables, items[0].batch);
  const sim::About about = NextAbout(process, produce.connection, uid);
  const auto room = out.SendRoom<ProduceResponse>(
      {.connection = produce.connection, .about = about, .wire_bytes = kWireOverhead},
      items.size());
  ::new (room.body) ProduceResponse{.correlation = produce.correlation};
  ProduceResponse::Item* place = room.items;
  for (const PendingItem& item : items) {
    ::new (place) ProduceResponse::Item(ItemFor(process, item));
    ++place;
    if (item.error != Error::kNone) continue;
    out.Say(notes::Acknowledged{
        .partition = item.partition, .batch = item.batch, .base = item.base, .acks = produce.acks});
  }
}

void ArmProduceTimer(const Context& ctx, Process& process, MonoTime deadline, Effects& out) {
  if (deadline >= process.produce_timer) return;  // the earlier one looks again
  process.produce_timer = deadline;
  out.SetTimer({.tag = {kProduceTimer, kBrokerRole, 0},
                .min = std::max(deadline - ctx.mono, sim::Nanoseconds(1))});
}

// Where a resize might as well have to grow it.
template <typename T>
void Shorten(std::vector<T>& entries, size_t count) {
  entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(count), entries.end());
}

// Answers those for which `is_due`, keeps the others in their order.
template <typename IsDue>
void Sweep(const Context& ctx, Process& process, Effects& out, const IsDue& is_due) {
  size_t kept = 0;
  size_t kept_items = 0;
  size_t item = 0;
  const size_t count = process.produces.size();
  for (size_t i = 0; i < count; ++i) {
    const PendingProduce& produce = process.produces[i];
    const std::span items(process.produce_items.data() + item, produce.item_count);
    item += produce.item_count;
    if (produce.phase == PendingProduce::Phase::kReplicating && is_due(produce, items)) {
      Answer(ctx, process, produce, items, out);
      continue;
    }
    if (kept_items + produce.item_count != item) {
      std::copy(items.begin(), items.end(),
                process.produce_items.begin() + static_cast<std::ptrdiff_t>(kept_items));
    }
    kept_items += produce.item_count;
    if (kept != i) process.produces[kept] = produce;
    ++kept;
  }
  if (kept == count) return;
  Shorten(process.produces, kept);
  Shorten(process.produce_items, kept_items);
}

}  // namespace

void CompleteProduces(const Context& ctx, Broker& self, uint64_t partitions, Effects& out) {
  Process& process = self.process;
  if (process.produces.empty()) return;
  Sweep(ctx, process, out, [&](const PendingProduce&, std::span<PendingItem> items) {
    const bool named = std::any_of(items.begin(), items.end(), [&](const PendingItem& item) {
      return (Bit(item.partition) & partitions) != 0;
    });
    return named && DecideAll(ctx, self, items);  // KB:P-56: only when all are decided
  });
}

// KB:P-57: time running out does not test again; it answers what stands there.
void ExpireProduces(const Context& ctx, Broker& self, Effects& out) {
  Process& process = self.process;
  process.produce_timer = sim::Never<MonoTime>();
  Sweep(ctx, process, out, [&](const PendingProduce& produce, std::span<PendingItem>) {
    return produce.deadline <= ctx.mono;
  });
  MonoTime next = sim::Never<MonoTime>();
  for (const PendingProduce& produce : process.produces) {
    if (produce.phase == PendingProduce::Phase::kReplicating) {
      next = std::min(next, produce.deadline);
    }
  }
  if (next != sim::Never<MonoTime>()) ArmProduceTimer(ctx, process, next, out);
}

void FinishProduce(const Context& ctx, Broker& self, size_t index, Effects& out) {
  Process& process = self.process;
  PendingProduce& produce = process.produces[index];
  size_t first = 0;
  for (size_t i = 0; i < index; ++i) first += process.produces[i].item_count;
  const std::span items(process.produce_items.data() + first, produce.item_count);
  // KB:P-9: acks=all with at least one partition appended waits; everything else is answered now.
  bool waits = false;
  if (produce.acks == Acks::kAll && !ctx.setup->Has(Mutant::kAckBeforeAppend)) {
    for (PendingItem& item : items) {
      item.decided = item.error != Error::kNone;
      waits |= !item.decided;
    }
  }
  if (waits && !DecideAll(ctx, self, items)) {
    for (PendingItem& item : items) {
      if (!item.decided) item.error = Error::kRequestTimedOut;  // KB:P-52
    }
    produce.phase = PendingProduce::Phase::kReplicating;
    produce.deadline = ctx.mono + produce.timeout;
    return ArmProduceTimer(ctx, process, produce.deadline, out);
  }
  Answer(ctx, process, produce, items, out);
  const auto begin = static_cast<std::ptrdiff_t>(first);
  const auto end = begin + static_cast<std::ptrdiff_t>(items.size());
  process.produces.erase(process.produces.begin() + static_cast<std::ptrdiff_t>(index));
  process.produce_items.erase(process.produce_items.begin() + begin,
                              process.produce_items.begin() + end);
}

void CompleteDelayed(const Context& ctx, Broker& self, Moved moved, Effects& out) {
  if (moved.advanced != 0) CompleteProduces(ctx, self, moved.advanced, out);
  if ((moved.appended | moved.advanced) != 0) CompleteFetches(ctx, self, moved, out);
}

}  // namespace kafka::broker
