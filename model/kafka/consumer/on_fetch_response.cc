// A fetch's answer, partition by partition: data into the buffer, or what an error means
// (KC:7.3).
#include "model/kafka/consumer/handlers.h"
#include "model/kafka/consumer/parts.h"

namespace kafka::consumer {
namespace {

void TakeData(const Context& ctx, Consumer& self, uint16_t index, const FetchResponse::Item& item,
              Effects& out) {
  Partition& partition = self.process.partitions[index];
  if (item.fetch_offset != partition.position) return;  // of a position before (KC:C-9)
  partition.validated_epoch = partition.leader_epoch;
  if (item.count > 0) {
    const AppendedId last{item.first.value + item.count - 1};
    DropBuffer(self.process, index);
    partition.entry = item.first;
    partition.buffer_from = partition.position;
    partition.buffer_end = ctx.tables->EndOf(partition.id, last);
    partition.caught_up = false;
    self.process.buffered.push_back(index);
    return;
  }
  if (partition.caught_up || item.high_watermark != partition.position) return;
  partition.caught_up = true;
  out.Say(notes::ConsumerCaughtUp{
      .partition = partition.id, .consumer = self.index, .position = partition.position});
}

// Every error keeps the position, but one.
void TakeError(const Context& ctx, Consumer& self, uint16_t index,
               const FetchResponse::Item& item) {
  Partition& partition = self.process.partitions[index];
  if (item.error == Error::kOffsetOutOfRange) {
    const bool current = item.fetch_offset == partition.position;
    if (!current || partition.state != Partition::State::kFetching) return;
    ResetByPolicy(ctx, self, partition, Partition::State::kOutOfRange);
    if (partition.state != Partition::State::kOutOfRange) return;
    DropBuffer(self.process, index);
    self.process.buffered.push_back(index);  // its turn is behind what came before it (KC:C-10)
    return;
  }
  if (item.error != Error::kUnknownLeaderEpoch) self.process.metadata.wanted = true;
  RetryLater(ctx, self, partition);
  const bool hinted =
      item.error == Error::kNotLeaderOrFollower || item.error == Error::kFencedLeaderEpoch;
  if (!hinted || !item.leader_hint.exists()) return;
  if (item.current_leader_epoch <= partition.leader_epoch) return;
  AcceptLeader(partition, item.leader_hint, item.current_leader_epoch);
}

}  // namespace

void OnFetchResponse(const Context& ctx, Consumer& self, const sim::Received<FetchResponse>& event,
                     Effects& out) {
  Process& process = self.process;
  Node* node = NodeOf(process, event.connection);
  Request request;
  if (node == nullptr || !TakeRequest(*node, event.body.correlation, request)) return;
  node->fetching = false;
  for (const FetchResponse::Item& item : event.items) {
    for (uint16_t i = 0; i < process.partitions.size(); ++i) {
      Partition& partition = process.partitions[i];
      if (partition.id != item.partition) continue;
      if (item.error == Error::kNone) {
        TakeData(ctx, self, i, item, out);
      } else {
        TakeError(ctx, self, i, item);
      }
    }
  }
  Run(ctx, self, out);
}

}  // namespace kafka::consumer
