// AlterPartition: a leader proposes an ISR (KB:R-28).
#include "model/kafka/controller/handlers.h"
#include "model/kafka/controller/records.h"

namespace kafka::controller {
namespace {

// KB:R-28, last line: everybody in the new ISR must be active, in the incarnation that was meant.
bool AllEligible(const Context& ctx, const Process& process,
                 const AlterPartitionRequest::Item& item) {
  for (const BrokerId replica : ctx.setup->partitions[item.partition.value].replicas) {
    if (!item.isr.contains(replica)) continue;
    const Registration& broker = process.brokers[replica];
    if (!broker.registered || broker.fenced || broker.in_controlled_shutdown) return false;
    const int64_t meant = item.member_epochs[replica.value];
    const bool unchecked = ctx.setup->Has(Mutant::kNoBrokerEpochCheck);
    if (!unchecked && meant != -1 && meant != broker.epoch.value) return false;
  }
  return true;
}

BrokerSet Assigned(const Context& ctx, PartitionId partition) {
  BrokerSet all;
  for (const BrokerId replica : ctx.setup->partitions[partition.value].replicas) {
    all = all.With(replica);
  }
  return all;
}

// The checks, in their order.
Error Validate(const Context& ctx, const Process& process, BrokerId sender,
               const AlterPartitionRequest::Item& item) {
  if (item.partition.value >= process.partitions.size()) return Error::kUnknownTopicOrPartition;
  const PartitionState& state = process.partitions[item.partition.value];
  if (item.leader_epoch > state.leader_epoch || item.partition_epoch > state.partition_epoch) {
    return Error::kNotController;
  }
  if (item.leader_epoch < state.leader_epoch) return Error::kFencedLeaderEpoch;
  if (sender != state.leader) return Error::kInvalidRequest;
  if (item.partition_epoch < state.partition_epoch) return Error::kInvalidUpdateVersion;
  const bool subset = (item.isr - Assigned(ctx, item.partition)).empty();
  if (!subset || item.isr.empty() || !item.isr.contains(sender)) return Error::kInvalidRequest;
  if (!AllEligible(ctx, process, item)) return Error::kIneligibleReplica;
  return Error::kNone;
}

// The state as it is after the change, if there was one.
AlterPartitionResponse::Item AnswerFor(const Process& process, PartitionId partition, Error error) {
  AlterPartitionResponse::Item answer;
  answer.partition = partition;
  answer.error = error;
  if (partition.value >= process.partitions.size()) return answer;
  const PartitionState& state = process.partitions[partition.value];
  answer.isr = state.isr;
  answer.leader = state.leader;
  answer.leader_epoch = state.leader_epoch;
  answer.partition_epoch = state.partition_epoch;
  return answer;
}

}  // namespace

void OnAlterPartition(const Context& ctx, Controller& self,
                      const sim::Received<AlterPartitionRequest>& event, Effects& out) {
  Process& process = self.process;
  const AlterPartitionRequest& request = event.body;
  const Registration& broker = process.brokers[request.broker];
  if (!broker.registered || broker.epoch != request.broker_epoch) {
    const sim::About about{sim::HashName(ctx.setup->brokers[request.broker.value].name),
                           request.correlation};
    out.Send({.connection = event.connection, .about = about},
             AlterPartitionResponse{.correlation = request.correlation,
                                    .error = Error::kStaleBrokerEpoch});
    return;
  }
  const auto first = static_cast<uint32_t>(process.reply_items.size());
  for (const AlterPartitionRequest::Item& item : event.items) {
    const Error error = Validate(ctx, process, request.broker, item);
    if (error == Error::kNone) {
      ChangeRequest change = RequestFor(ctx, process, item.partition);
      change.target_isr = item.isr;
      WritePartition(ctx, process, item.partition, change, out);
    }
    process.reply_items.push_back(AnswerFor(process, item.partition, error));
  }
  const auto count = static_cast<uint32_t>(process.reply_items.size()) - first;
  Reply(ctx, process,
        {.kind = PendingReply::Kind::kAlterPartition,
         .broker = request.broker,
         .connection = event.connection,
         .correlation = request.correlation,
         .first_item = first,
         .item_count = count},
        out);
  if (process.replies.empty()) process.reply_items.clear();
}

}  // namespace kafka::controller
