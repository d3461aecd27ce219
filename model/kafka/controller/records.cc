#include "model/kafka/controller/records.h"

#include <algorithm>

#include "model/kafka/clockwork.h"

namespace kafka::controller {
namespace {

constexpr sim::TimerTag kCommit{.kind = kCommitTimer, .role = 0, .index = 0};
constexpr sim::TimerTag kSession{.kind = kSessionTimer, .role = 0, .index = 0};

int64_t WrittenEnd(const Context& ctx) { return static_cast<int64_t>(ctx.tables->metadata.size()); }

// The first record after a commit starts the linger; later ones join its batch.
void StartLinger(const Context& ctx, const Process& process, Effects& out) {
  if (WrittenEnd(ctx) - process.committed > 1) return;
  out.SetTimer({.tag = kCommit, .min = ctx.setup->controller.append_linger});
}

void SendReply(const Context& ctx, Process& process, const PendingReply& reply, Effects& out) {
  const Registration& broker = process.brokers[reply.broker];
  const sim::About about{sim::HashName(ctx.setup->brokers[reply.broker.value].name),
                         reply.correlation};
  const SendSpec to{.connection = reply.connection, .about = about};
  switch (reply.kind) {
    case PendingReply::Kind::kRegister:
      out.Send(to, RegisterResponse{.correlation = reply.correlation,
                                    .error = Error::kNone,
                                    .broker_epoch = broker.epoch});
      return;
    case PendingReply::Kind::kHeartbeat: {
      const bool stop = broker.fenced && broker.in_controlled_shutdown;
      out.Send(to, HeartbeatResponse{.correlation = reply.correlation,
                                     .error = Error::kNone,
                                     .fenced = static_cast<uint8_t>(broker.fenced),
                                     .should_shut_down = static_cast<uint8_t>(stop)});
      return;
    }
    case PendingReply::Kind::kAlterPartition:
      out.Send(to, AlterPartitionResponse{.correlation = reply.correlation, .error = Error::kNone},
               std::span(process.reply_items).subspan(reply.first_item, reply.item_count));
      return;
  }
}

}  // namespace

void WriteBroker(const Context& ctx, Process& process, MetadataRecord::Kind kind, BrokerId broker,
                 BrokerEpoch epoch, Effects& out) {
  MetadataRecord record;
  record.kind = kind;
  record.broker = broker;
  record.broker_epoch = epoch;
  out.Add(record);
  StartLinger(ctx, process, out);
}

ChangeRequest RequestFor(const Context& ctx, const Process& process, PartitionId partition) {
  const PartitionSetup& setup = ctx.setup->partitions[partition.value];
  const TopicSettings& topic = TopicOf(ctx, process, partition);
  ChangeRequest request;
  request.target_isr = process.partitions[partition.value].isr;
  request.assignment = setup.replicas;
  request.min_isr = ctx.setup->EffectiveMinIsr(partition, topic);
  request.elr_enabled = ctx.setup->controller.elr;
  request.unclean_allowed = topic.unclean_leader_election;
  request.any_alive_may_lead = ctx.setup->Has(Mutant::kElectOutsideIsr);
  for (const BrokerId replica : setup.replicas) {
    const Registration& broker = process.brokers[replica];
    if (broker.registered && !broker.fenced && !broker.in_controlled_shutdown) {
      request.acceptable = request.acceptable.With(replica);
    }
  }
  return request;
}

void WritePartition(const Context& ctx, Process& process, PartitionId partition,
                    ChangeRequest request, Effects& out) {
  const ChangeResult result = Change(process.partitions[partition.value], request);
  if (result.changed) WriteState(ctx, process, partition, result, out);
}

void WriteState(const Context& ctx, Process& process, PartitionId partition,
                const ChangeResult& result, Effects& out) {
  const PartitionState& state = result.state;
  process.partitions[partition.value] = state;
  const TopicSettings& topic = TopicOf(ctx, process, partition);
  MetadataRecord record;
  record.kind = MetadataRecord::Kind::kPartition;
  record.partition = partition;
  record.leader = state.leader;
  record.last_known_leader = state.last_known_leader;
  record.isr = state.isr;
  record.elr = state.elr;
  record.leader_epoch = state.leader_epoch;
  record.partition_epoch = state.partition_epoch;
  out.Add(record);
  StartLinger(ctx, process, out);
  out.Say(notes::PartitionState{
      .partition = partition,
      .leader = state.leader,
      .election = result.election,
      .leader_epoch = state.leader_epoch,
      .partition_epoch = state.partition_epoch,
      .isr = state.isr,
      .elr = state.elr,
      .last_known_leader = state.last_known_leader,
      .min_isr = static_cast<int16_t>(ctx.setup->EffectiveMinIsr(partition, topic))});
}

void RemoveFromIsrs(const Context& ctx, Process& process, BrokerId broker, Effects& out) {
  for (uint16_t i = 0; i < process.partitions.size(); ++i) {
    if (!process.partitions[i].isr.contains(broker)) continue;
    ChangeRequest request = RequestFor(ctx, process, {i});
    request.target_isr = request.target_isr.Without(broker);
    request.acceptable = request.acceptable.Without(broker);  // KB:E-6
    WritePartition(ctx, process, {i}, request, out);
  }
}

void RemoveUncleanly(const Context& ctx, Process& process, BrokerId broker, Effects& out) {
  for (uint16_t i = 0; i < process.partitions.size(); ++i) {
    const PartitionState& state = process.partitions[i];
    if (!state.isr.contains(broker) && !state.elr.contains(broker)) continue;
    ChangeRequest request = RequestFor(ctx, process, {i});
    request.target_isr = request.target_isr.Without(broker);
    request.acceptable = request.acceptable.Without(broker);
    request.unclean_shutdown = BrokerSet::Of(broker);
    WritePartition(ctx, process, {i}, request, out);
  }
}

void ElectForLeaderless(const Context& ctx, Process& process, Effects& out) {
  for (uint16_t i = 0; i < process.partitions.size(); ++i) {
    if (process.partitions[i].leader.exists() || !Exists(process.partitions[i])) continue;
    WritePartition(ctx, process, {i}, RequestFor(ctx, process, {i}), out);
  }
}

void WriteSetting(const Context& ctx, Process& process, const MetadataRecord& record,
                  Effects& out) {
  for (uint16_t i = 0; i < process.partitions.size(); ++i) {
    const TopicId topic = ctx.setup->partitions[i].topic;
    if (!Changes(*ctx.setup, process.in_force, record, topic)) continue;
    out.Say(notes::SettingChanged{.partition = {i},
                                  .setting = record.setting,
                                  .of_cluster = !record.topic.exists(),
                                  .value = record.value});
  }
  Apply(*ctx.setup, BrokerId::None(), record, process.in_force);
  out.Add(record);
  StartLinger(ctx, process, out);
}

void BalanceLeaders(const Context& ctx, Process& process, Effects& out) {
  for (uint16_t i = 0; i < process.partitions.size(); ++i) {
    const BrokerId leader = process.partitions[i].leader;
    if (!leader.exists() || leader == ctx.setup->partitions[i].replicas.front()) continue;
    ChangeRequest request = RequestFor(ctx, process, {i});
    request.preferred = true;
    WritePartition(ctx, process, {i}, request, out);
  }
}

void Fence(const Context& ctx, Process& process, BrokerId broker, FenceReason reason,
           Effects& out) {
  Registration& registration = process.brokers[broker];
  RemoveFromIsrs(ctx, process, broker, out);
  registration.fenced = true;
  WriteBroker(ctx, process, MetadataRecord::Kind::kFence, broker, registration.epoch, out);
  out.Say(notes::Fenced{.broker = broker, .epoch = registration.epoch, .reason = reason});
}

void Reply(const Context& ctx, Process& process, PendingReply reply, Effects& out) {
  reply.offset = WrittenEnd(ctx);
  if (reply.offset <= process.committed) return SendReply(ctx, process, reply, out);
  process.replies.push_back(reply);
}

void AnswerMetadataWait(const Context& ctx, Process& process, BrokerId broker, Effects& out) {
  MetadataWait& wait = process.waits[broker];
  if (wait.from < 0 || wait.from >= process.committed) return;
  const sim::About about{sim::HashName(ctx.setup->brokers[broker.value].name),
                         static_cast<uint32_t>(wait.correlation)};
  out.Send({.connection = wait.connection, .about = about},
           MetadataFetchResponse{
               .correlation = wait.correlation, .from = wait.from, .to = process.committed});
  wait = {};
}

void Commit(const Context& ctx, Process& process, Effects& out) {
  process.committed = WrittenEnd(ctx);
  for (const PendingReply& reply : process.replies) SendReply(ctx, process, reply, out);
  process.replies.clear();
  process.reply_items.clear();
  for (uint8_t broker = 0; broker < ctx.setup->brokers.size(); ++broker) {
    AnswerMetadataWait(ctx, process, {broker}, out);
  }
}

void ArmSessionCheck(const Context& ctx, const Process& process, Effects& out) {
  sim::MonoTime earliest = sim::Never<sim::MonoTime>();
  Duration session = Seconds(9);
  for (uint8_t i = 0; i < ctx.setup->brokers.size(); ++i) {
    const Registration& broker = process.brokers[{i}];
    if (!broker.registered || broker.fenced) continue;
    session = ctx.setup->brokers[i].settings.session_timeout;
    earliest = std::min(earliest, broker.last_contact + session);
  }
  if (earliest == sim::Never<sim::MonoTime>()) return out.CancelTimer(kSession);
  const int64_t period = std::max<int64_t>(session.ns / 8, 1);
  const Duration up = std::max(earliest, ctx.mono) - process.started;
  const Duration tick = UntilNextTick(up, {}, {period});
  out.SetTimer({.tag = kSession, .min = std::max(earliest, ctx.mono) - ctx.mono + tick});
}

}  // namespace kafka::controller
