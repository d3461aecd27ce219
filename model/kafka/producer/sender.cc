// The sender's loop (KC:P-29, P-30), run whenever something that it waits for may have changed.
#include "model/kafka/producer/sender.h"

#include <algorithm>
#include <array>
#include <bit>
#include <new>

#include "model/kafka/client/connections.h"
#include "model/kafka/producer/accumulator.h"
#include "model/kafka/producer/idempotence.h"
#include "model/kafka/producer/network.h"
#include "model/kafka/producer/outcomes.h"

namespace kafka::producer {
namespace {

// Takes nothing now, and is not waiting to be connected.
bool IsBusy(const client::Node& node, const ProducerSettings& settings) {
  return node.in_flight.size() >= settings.max_in_flight || client::IsBeingMade(node);
}

// Nodes that could take a partition whose head is ready. Unknown leaders ask for metadata
// (KC:P-23).
BrokerSet ReadyNodes(const Context& ctx, Producer& self) {
  Process& process = self.process;
  const ProducerSettings& settings = SettingsOf(ctx, self);
  BrokerSet ready;
  for (Partition& partition : process.partitions) {
    if (partition.head == kNil) continue;
    if (!partition.leader.exists()) {
      RequestMetadata(process);
      continue;
    }
    MaybeUpdateLeaderEpoch(process.slots[partition.head], partition.leader_epoch);
    if (IsBusy(process.client.node(partition.leader), settings)) continue;
    if (IsReady(ctx, self, partition)) ready = ready.With(partition.leader);
  }
  return ready;
}

// Moves the head of the queue into a request: now its sequence is fixed (KC:P-27), and its records
// are known. True: it is drained for the first time.
bool TakeHead(const Context& ctx, Producer& self, Partition& partition, BrokerId broker,
              Effects& out) {
  Process& process = self.process;
  const uint32_t at = PopFront(process, partition);
  Slot& slot = process.slots[at];
  slot.closed = true;
  slot.in_flight = true;
  slot.renumbered = false;  // a new number is new until it is sent (KC:P-64)
  const bool first_time = !slot.has_sequence() || !slot.is_retry();
  if (IsIdempotent(ctx, self)) AssignSequence(process, partition, slot);
  if (first_time &&
      std::find(partition.sent.begin(), partition.sent.end(), at) == partition.sent.end()) {
    partition.sent.push_back(at);
  }
  const bool is_new = !slot.id.exists();
  if (is_new) {
    slot.id = out.Add(Batch{.first = slot.first,
                            .count = slot.count,
                            .bytes = slot.bytes,
                            .producer_id = slot.has_sequence() ? process.producer_id : -1,
                            .base_sequence = slot.base_sequence,
                            .producer_epoch = slot.producer_epoch,
                            .partition = partition.id});
  }
  out.Say(notes::BatchClosed{
      .partition = partition.id, .batch = slot.id, .broker = broker, .attempt = slot.attempts});
  return is_new;
}

// What one node's drain took: batches chained by Slot::next, and whether any was never sent before.
struct Drained {
  uint32_t first_slot = kNil;
  bool any_new = false;
};

// At most one batch a partition, from the saved place on; a partition that may not be drained now
// holds up the rest of the round (KC:P-25, P-26).
Drained DrainNode(const Context& ctx, Producer& self, BrokerId broker, Effects& out) {
  Process& process = self.process;
  uint16_t& drain_index = process.drain_index[broker];
  std::array<uint16_t, kMaxPartitions> led;  // not zeroed ahead
  uint32_t led_count = 0;
  for (uint16_t i = 0; i < process.partitions.size(); ++i) {
    if (process.partitions[i].leader == broker) led[led_count++] = i;
  }
  const ProducerSettings& settings = SettingsOf(ctx, self);
  Drained drained;
  uint32_t last = kNil;
  uint64_t bytes = 0;
  uint32_t index = drain_index % led_count;
  for (uint32_t step = 0; step < led_count; ++step, index = index + 1 < led_count ? index + 1 : 0) {
    drain_index = static_cast<uint16_t>(index);
    Partition& partition = process.partitions[led[index]];
    if (partition.muted || partition.head == kNil) continue;
    const uint32_t at = partition.head;
    MaybeUpdateLeaderEpoch(process.slots[at], partition.leader_epoch);
    if (IsBackingOff(ctx, self, process.slots[at])) continue;
    if (last != kNil && bytes + process.slots[at].bytes > settings.max_request_size) break;
    if (settings.enable_idempotence && StopsDrain(process, partition)) break;
    bytes += process.slots[at].bytes;
    drained.any_new |= TakeHead(ctx, self, partition, broker, out);
    if (settings.max_in_flight == 1) partition.muted = true;  // KC:P-28
    if (last == kNil) {
      drained.first_slot = at;
    } else {
      process.slots[last].next = at;
    }
    last = at;
  }
  return drained;
}

// With acks=0, written to the socket is success, and nothing comes back (KC:P-58).
void CompleteUnacknowledged(const Context& ctx, Producer& self, uint32_t first, Effects& out) {
  for (uint32_t at = first; at != kNil;) {
    const uint32_t next = self.process.slots[at].next;
    CompleteBatch(ctx, self, at, {}, out);
    at = next;
  }
}

void SendProduce(const Context& ctx, Producer& self, BrokerId broker, uint32_t first_slot,
                 Effects& out) {
  Process& process = self.process;
  const ProducerSettings& settings = SettingsOf(ctx, self);
  client::Node& node = process.client.node(broker);
  size_t count = 0;
  uint32_t bytes = client::kWireOverhead;
  for (uint32_t at = first_slot; at != kNil; at = process.slots[at].next) {
    const Slot& slot = process.slots[at];
    ++count;
    bytes += slot.bytes;
    out.Say(notes::ProduceSent{.partition = process.partitions[slot.partition].id,
                               .batch = slot.id,
                               .broker = broker,
                               .attempt = slot.attempts});
  }
  const Slot& first = process.slots[first_slot];
  const bool is_answered = settings.acks != Acks::kNone;
  const uint32_t correlation =
      is_answered ? client::Track(process.client, node, RequestKind::kProduce, first_slot, ctx.mono)
                  : process.client.NextCorrelation();
  const auto room = out.SendRoom<ProduceRequest>(
      {.connection = node.connection,
       .about = {.uid = UidOf(ctx, process, first), .attempt = first.attempts},
       .wire_bytes = bytes},
      count);
  ::new (room.body) ProduceRequest{
      .correlation = correlation, .acks = settings.acks, .timeout_ns = settings.request_timeout.ns};
  ProduceRequest::Item* place = room.items;
  for (uint32_t at = first_slot; at != kNil; at = process.slots[at].next) {
    ::new (place) ProduceRequest::Item{.batch = process.slots[at].id};
    ++place;
  }
  if (!is_answered) CompleteUnacknowledged(ctx, self, first_slot, out);
}

// The first of a set of brokers, as bits. Requires: it is not empty.
BrokerId FirstOf(uint32_t brokers) { return {static_cast<uint8_t>(std::countr_zero(brokers))}; }

// Nothing is queued, asked for or over: a round would change nothing.
bool HasNothingToDo(const Context& ctx, const Producer& self) {
  const Process& process = self.process;
  return process.queued == 0 && ctx.mono < NoExpiryBefore(ctx, self) && !IsMetadataDue(ctx, self) &&
         (!IsIdempotent(ctx, self) || HasIdlingSequences(process));
}

// What one iteration did. `again`: another one may be worth it at once.
struct Round {
  bool again = false;
  bool drained_new = false;  // some batch left its queue for the first time
};
Round RunSender(const Context& ctx, Producer& self, Effects& out) {
  if (HasNothingToDo(ctx, self)) return {};
  Process& process = self.process;
  const bool idempotent = IsIdempotent(ctx, self);
  if (idempotent && !HasIdlingSequences(process)) {
    ResolveSequences(process);
    MaybeBumpEpoch(ctx, self, out);
    MaybeAskProducerId(ctx, self, out);
  }
  const BrokerSet ready = ReadyNodes(ctx, self);
  // No node counts as ready while metadata are due (KC:P-32), nor without a producer id (KC:I-1).
  bool metadata_due = IsMetadataDue(ctx, self);
  if (metadata_due) {
    MaybeSendMetadata(ctx, self, out);
    metadata_due = IsMetadataDue(ctx, self);
  }
  BrokerSet drained;
  bool drained_new = false;
  std::array<uint32_t, kMaxBrokers> first_slot;  // of those in `drained`; not zeroed ahead
  const bool may_send = !metadata_due && (!idempotent || process.producer_id >= 0);
  for (uint32_t left = may_send ? ready.value : 0; left != 0; left &= left - 1) {
    const BrokerId broker = FirstOf(left);
    if (!client::IsUsable(process.client.node(broker), SettingsOf(ctx, self).max_in_flight)) {
      client::MaybeConnect(ctx, process.client, client::PeerOf(broker), out);
      continue;
    }
    const Drained taken = DrainNode(ctx, self, broker, out);
    first_slot[broker.value] = taken.first_slot;
    drained_new |= taken.any_new;
    if (taken.first_slot != kNil) drained = drained.With(broker);
  }
  // While an id is asked for, the loop does not get as far as this (KC:I-1).
  const bool expired = (!idempotent || process.producer_id >= 0) && ExpireBatches(ctx, self, out);
  for (uint32_t left = drained.value; left != 0; left &= left - 1) {
    const BrokerId broker = FirstOf(left);
    SendProduce(ctx, self, broker, first_slot[broker.value], out);
  }
  return {.again = expired || !drained.empty(), .drained_new = drained_new};
}

bool IsIdle(const Process& process) {
  if (!process.closing || process.live > 0) return false;
  for (const client::Node& node : process.client.nodes) {
    for (const client::Request& request : node.in_flight) {
      if (request.As<RequestKind>() == RequestKind::kProduce) return false;
    }
  }
  return true;
}

void Close(Producer& self, Effects& out) {
  Process& process = self.process;
  process.closed = true;
  client::CloseAll(process.client, out);
  process.drain_index = {};
  out.CancelTimer({kSenderTimer});
  out.CancelTimer({kProgramTimer});
  process.armed = process.poll_until = sim::Never<sim::MonoTime>();
  out.Say(notes::ProducerIdle{.producer = self.index});
  if (process.exit_when_closed) out.Exit();
}

// When a poll() that begins now ends by itself: later than now, since the sender has just done what
// it could.
sim::MonoTime PollEnd(const Context& ctx, const Producer& self) {
  const Process& process = self.process;
  sim::MonoTime end = NextNetworkTime(ctx, self);
  const auto look = [&](sim::MonoTime time) {
    if (time > ctx.mono) end = std::min(end, time);
  };
  for (const Partition& partition : process.partitions) {
    if (partition.head != kNil) look(ReadyAt(ctx, self, partition));
  }
  if (NoExpiryBefore(ctx, self) < end) look(NextExpiry(ctx, self));
  return end;
}

// For the end of poll(), and of a send() that blocks. A timer that is set too early only fires too
// early: it is moved nearer, never away.
void ArmTimer(const Context& ctx, Producer& self, Effects& out) {
  Process& process = self.process;
  sim::MonoTime wake = process.poll_until;
  if (process.call.blocked != SendCall::Blocked::kNo) {
    wake = std::min(wake, process.call.deadline);
  }
  if (wake >= process.armed) return;
  process.armed = wake;
  const Duration delay = wake > ctx.mono ? wake - ctx.mono : Duration{0};
  out.SetTimer({.tag = {kSenderTimer}, .min = delay});
}

bool IsRunning(const Process& process) { return !process.closed && !process.partitions.empty(); }

}  // namespace

void EndOverduePoll(const Context& ctx, Producer& self, Effects& out) {
  if (ctx.mono > self.process.poll_until) CheckTimeouts(ctx, self, out);
}

void RunApplication(const Context& ctx, Producer& self, Effects& out) {
  if (!IsRunning(self.process)) return;
  RunProgram(ctx, self, out);
  if (self.process.woken) return AfterPoll(ctx, self, out);
  ArmTimer(ctx, self, out);
}

void AfterPoll(const Context& ctx, Producer& self, Effects& out) {
  Process& process = self.process;
  if (!IsRunning(process)) return;
  CheckTimeouts(ctx, self, out);
  Round round;
  do {
    RunProgram(ctx, self, out);
    round = RunSender(ctx, self, out);
    if (round.drained_new) programs::QueueMoved(process.program);
  } while (round.again);
  process.woken = false;
  if (IsIdle(process)) return Close(self, out);
  process.poll_until = PollEnd(ctx, self);
  ArmTimer(ctx, self, out);
}

}  // namespace kafka::producer
