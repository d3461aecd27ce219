// Produce: admission, the local append, and the inline flush.
#include "model/kafka/broker/choice_keys.h"
#include "model/kafka/broker/disk/checkpoints.h"
#include "model/kafka/broker/handlers.h"
#include "model/kafka/broker/metadata_log.h"
#include "model/kafka/broker/replication/isr.h"
#include "model/kafka/broker/replication/leader.h"
#include "model/kafka/broker/requests/long_poll.h"
#include "model/kafka/broker/requests/produce.h"
#include "model/kafka/broker/requests/purgatory.h"
#include "model/kafka/broker/requests/request_threads.h"
#include "model/kafka/broker/timers.h"

namespace kafka::broker {
namespace {

// KB:P-1, P-7, P-11: in this order, before anything is written.
Error Admit(const Context& ctx, const Broker& self, const PendingItem& item, Acks acks) {
  const Process& process = self.process;
  if (process.view[item.partition.value].leader_epoch.value < 0) {
    return Error::kUnknownTopicOrPartition;
  }
  const Partition* partition = process.Find(item.partition);
  if (partition == nullptr || !partition->leads()) return Error::kNotLeaderOrFollower;
  if (acks == Acks::kAll && partition->isr.committed.size() < MinIsrOf(ctx, self, item.partition)) {
    return Error::kNotEnoughReplicas;  // the committed ISR, not the maximal one
  }
  if ((*ctx.tables)[item.batch].bytes > TopicOf(ctx, self, item.partition).max_message_bytes) {
    return Error::kMessageTooLarge;  // KB:P-15
  }
  return Error::kNone;
}

// KB:P-16..P-22. True if bytes were written.
bool AppendAsLeader(const Context& ctx, Broker& self, Partition& partition, PendingItem& item,
                    Effects& out) {
  const Batch batch = (*ctx.tables)[item.batch];
  if (!ctx.setup->Has(Mutant::kNoDuplicateCheck)) {
    const SequenceCheck check = CheckSequence(partition.producers, batch);
    item.error = check.error;
    if (check.duplicate) {  // KB:P-21: success with the original offsets
      item.base = check.base;
      item.required = check.end;
      out.Say(
          notes::Duplicate{.partition = item.partition, .batch = item.batch, .base = check.base});
    }
    if (check.duplicate || check.error != Error::kNone) return false;
  }
  item.base = partition.log.end;
  const uint64_t from = partition.log.bytes;
  const AppendedId id = out.Add(item.partition, item.base, item.batch, partition.leader_epoch);
  Append(*ctx.tables, partition.log, {id, 1});
  item.required = partition.log.end;  // KB:P-10
  Remember(partition.producers, batch, item.base);
  out.Write({.file = LogFile(item.partition),
             .from = from,
             .bytes = batch.bytes,
             .source = item.partition.value,
             .source_from = ctx.tables->At(item.partition, id).position()});
  Touch(ctx, self, out);
  out.Say(notes::Appended{.partition = item.partition,
                          .first = id,
                          .count = 1,
                          .base = item.base,
                          .epoch = partition.leader_epoch,
                          .as_leader = true});
  return true;
}

bool NeedsFlush(const Context& ctx, const Broker& self, const Partition& partition) {
  return (partition.log.end - partition.recovery_point).value >=
         TopicOf(ctx, self, partition.id).flush_messages;
}

// The request keeps its thread, and the log's lock, until the disk lets it go.
void WaitForDisk(Process& process, Partition& partition, PendingProduce& produce) {
  partition.log_locked = true;
  produce.phase = PendingProduce::Phase::kFlushing;
  ++process.threads_busy;
}

void FlushInline(const Context& ctx, Partition& partition, Effects& out) {
  partition.flushing_to = partition.log.end;
  FlushLog(partition, kInlineFlush, {UidBelow(ctx, partition, partition.log.end), 0}, out);
}

// FC:C.2, balance_dirty_pages: above the hard limit of dirty memory write() does not return before
// enough has been written back.
void HoldWriter(Partition& partition, Offset from, Duration held, Effects& out) {
  partition.held_from = from;
  out.SetTimer({.tag = {kHeldTimer, kBrokerRole, partition.id.value}, .min = held});
}

void SayRejected(const Process& process, const PendingItem& item, Effects& out) {
  const Partition* partition = process.Find(item.partition);
  out.Say(notes::ProduceRejected{
      .partition = item.partition,
      .batch = item.batch,
      .error = item.error,
      .epoch = partition == nullptr ? LeaderEpoch{} : partition->leader_epoch});
}

// The items one after the other, until one has to wait for the disk or the log's lock.
void RunProduce(const Context& ctx, Broker& self, size_t index, size_t first_item, Effects& out) {
  Process& process = self.process;
  PendingProduce& produce = process.produces[index];
  produce.phase = PendingProduce::Phase::kRunning;
  for (; produce.next_item < produce.item_count; ++produce.next_item) {
    PendingItem& item = process.produce_items[first_item + produce.next_item];
    item.error = Admit(ctx, self, item, produce.acks);
    if (item.error == Error::kNone) {
      Partition& partition = *process.Find(item.partition);
      if (partition.log_locked || process.publisher_waits) {
        produce.phase = PendingProduce::Phase::kLockWait;
        ++process.threads_busy;
        return;
      }
      if (AppendAsLeader(ctx, self, partition, item, out)) {
        produce.appended |= Bit(item.partition);
        const Duration held = ctx.disk->HeldBack((*ctx.tables)[item.batch].bytes);
        const bool flushes = NeedsFlush(ctx, self, partition);  // KB:P-23: before the answer
        if (held > Duration{} || flushes) {
          WaitForDisk(process, partition, produce);
          return held > Duration{} ? HoldWriter(partition, item.base, held, out)
                                   : FlushInline(ctx, partition, out);
        }
      }
      if (item.error == Error::kNone && MaybeAdvanceHighWatermark(ctx, self, partition, out)) {
        produce.advanced |= Bit(item.partition);
      }
    }
    if (item.error != Error::kNone) SayRejected(process, item, out);
  }
  const Moved moved{.appended = produce.appended, .advanced = produce.advanced};
  FinishProduce(ctx, self, index, out);
  CompleteDelayed(ctx, self, moved, out);  // KB:P-58: after this request's own answer
}

size_t FirstItemOf(const Process& process, size_t index) {
  size_t first = 0;
  for (size_t i = 0; i < index; ++i) first += process.produces[i].item_count;
  return first;
}

// Index of the first request in `phase` whose item in hand is of that partition, or -1.
int64_t FindBlocked(const Process& process, PendingProduce::Phase phase, PartitionId partition) {
  size_t item = 0;
  for (size_t i = 0; i < process.produces.size(); ++i) {
    const PendingProduce& produce = process.produces[i];
    if (produce.phase == phase &&
        process.produce_items[item + produce.next_item].partition == partition) {
      return static_cast<int64_t>(i);
    }
    item += produce.item_count;
  }
  return -1;
}

}  // namespace

void OnProduce(const Context& ctx, Broker& self, const sim::Received<ProduceRequest>& event,
               Effects& out) {
  if (!TakesThread(ctx, self, event)) return;
  Process& process = self.process;
  const size_t first_item = process.produce_items.size();
  process.produces.push_back({.connection = event.connection,
                              .correlation = event.body.correlation,
                              .acks = event.body.acks,
                              .item_count = static_cast<uint16_t>(event.items.size()),
                              .timeout = {event.body.timeout_ns}});
  for (const ProduceRequest::Item& item : event.items) {
    process.produce_items.push_back(
        {.batch = item.batch, .partition = (*ctx.tables)[item.batch].partition});
  }
  RunProduce(ctx, self, process.produces.size() - 1, first_item, out);
}

void ReleaseWriter(const Context& ctx, Broker& self, PartitionId id, Effects& out) {
  Partition& partition = *self.process.Find(id);
  partition.held_from = Offset::Unknown();
  if (NeedsFlush(ctx, self, partition)) return FlushInline(ctx, partition, out);
  ResumeProduces(ctx, self, id, out);
  RunQueued(ctx, self, out);
}

void ResumeProduces(const Context& ctx, Broker& self, PartitionId id, Effects& out) {
  Process& process = self.process;
  Partition& partition = *process.Find(id);
  partition.log_locked = false;
  const int64_t holder = FindBlocked(process, PendingProduce::Phase::kFlushing, id);
  if (holder >= 0) {
    const auto index = static_cast<size_t>(holder);
    PendingProduce& produce = process.produces[index];
    --process.threads_busy;
    if (MaybeAdvanceHighWatermark(ctx, self, partition, out)) produce.advanced |= Bit(id);
    ++produce.next_item;
    RunProduce(ctx, self, index, FirstItemOf(process, index), out);
  }
  ResumePublisher(ctx, self, out);
  ResumeWaiting(ctx, self, id, out);
}

// Behind metadata that waits as well (KB:X-2): a writer's turn comes before new readers'.
void ResumeWaiting(const Context& ctx, Broker& self, PartitionId id, Effects& out) {
  Process& process = self.process;
  while (!process.Find(id)->log_locked && !process.publisher_waits) {
    const int64_t waiting = FindBlocked(process, PendingProduce::Phase::kLockWait, id);
    if (waiting < 0) return;
    const auto index = static_cast<size_t>(waiting);
    --process.threads_busy;
    RunProduce(ctx, self, index, FirstItemOf(process, index), out);
  }
}

}  // namespace kafka::broker
