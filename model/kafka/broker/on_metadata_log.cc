// The metadata log as a broker observes it: fetched, delayed, applied batch by batch.
#include <algorithm>

#include "model/kafka/broker/choice_keys.h"
#include "model/kafka/broker/disk/checkpoints.h"
#include "model/kafka/broker/disk/recovery.h"
#include "model/kafka/broker/handlers.h"
#include "model/kafka/broker/lifecycle.h"
#include "model/kafka/broker/metadata_log.h"
#include "model/kafka/broker/replication/fetcher.h"
#include "model/kafka/broker/replication/isr.h"
#include "model/kafka/broker/replication/leader.h"
#include "model/kafka/broker/requests/produce.h"
#include "model/kafka/broker/requests/purgatory.h"
#include "model/kafka/broker/requests/request_threads.h"
#include "model/kafka/broker/timers.h"

namespace kafka::broker {
namespace {

// By content, never by its place in the log.
uint64_t UidOfRecord(const Context& ctx, const MetadataRecord& record) {
  const auto kind = static_cast<uint64_t>(record.kind);
  if (record.kind == MetadataRecord::Kind::kSetting) {
    const char* whose =
        record.topic.exists() ? ctx.setup->topics[record.topic.value].name.c_str() : "";
    return sim::Mix(sim::HashName(whose) + static_cast<uint64_t>(record.setting),
                    static_cast<uint64_t>(record.value));
  }
  if (record.kind != MetadataRecord::Kind::kPartition) {
    return sim::Mix(sim::HashName(ctx.setup->brokers[record.broker.value].name), kind);
  }
  const auto leader_epoch = static_cast<uint32_t>(record.leader_epoch.value);
  const auto partition_epoch = static_cast<uint32_t>(record.partition_epoch.value);
  return sim::Mix(UidOfPartition(ctx, record.partition),
                  uint64_t{leader_epoch} << 32 | partition_epoch);
}

void ApplyToCache(Process& process, const MetadataRecord& record) {
  using Kind = MetadataRecord::Kind;
  if (record.kind == Kind::kPartition) {
    process.view[record.partition.value] = {.leader_epoch = record.leader_epoch,
                                            .partition_epoch = record.partition_epoch,
                                            .isr = record.isr,
                                            .leader = record.leader};
    return;
  }
  if (record.kind == Kind::kSetting) return;
  BrokerView& view = process.brokers[record.broker.value];
  switch (record.kind) {
    case Kind::kRegister:
      view = {.epoch = record.broker_epoch};
      break;
    case Kind::kFence:
      view.fenced = true;
      break;
    case Kind::kUnfence:
      view.fenced = false;
      break;
    case Kind::kControlledShutdown:
      view.in_controlled_shutdown = true;
      break;
    case Kind::kPartition:
    case Kind::kSetting:
      break;
  }
}

// A replica of a partition that was added during the run, and is not here yet.
bool IsAddedHere(const Context& ctx, const Broker& self, PartitionId id) {
  const PartitionSetup& partition = ctx.setup->partitions[id.value];
  if (partition.added_by < 0 || self.process.Find(id) != nullptr) return false;
  const auto& replicas = partition.replicas;
  return std::find(replicas.begin(), replicas.end(), self.id) != replicas.end();
}

void HostAdded(const Context& ctx, Broker& self, PartitionId id, Effects& out) {
  // A later process says that it found nothing: the one before it may have had something.
  const LoadKind kind = self.process.incarnation > 1 ? LoadKind::kClean : LoadKind::kNew;
  HostReplica(ctx, self.process, id, kind, out);
  if (self.process.in_force.topics.empty()) return;
  // Its topic's setting was changed before it was here.
  out.Say(notes::SettingApplied{.partition = id,
                                .setting = TopicSetting::kMinInsyncReplicas,
                                .value = TopicOf(ctx, self, id).min_insync_replicas});
}

// Settings come into force behind leaders and followers (KB:C-35); nothing is looked at again
// because of them (KB:R-31).
void ApplySetting(const Context& ctx, Broker& self, const MetadataRecord& record, Effects& out) {
  TopicsInForce& in_force = self.process.in_force;
  for (const Partition& partition : self.process.partitions) {
    const TopicId topic = ctx.setup->partitions[partition.id.value].topic;
    if (!Changes(*ctx.setup, in_force, record, topic)) continue;
    out.Say(notes::SettingApplied{
        .partition = partition.id, .setting = record.setting, .value = record.value});
  }
  Apply(*ctx.setup, self.id, record, in_force);
  if (record.setting == TopicSetting::kFlushInterval) ArmFlusher(ctx, self, out);
}

// A follower fetches from a leader that is alive; one that is leaving goes on only while it is in
// the ISR (KB:R-7).
bool MayFetch(const Broker& self, const Partition& partition) {
  const Process& process = self.process;
  if (!partition.leader.exists()) return false;
  if (!process.brokers[partition.leader.value].alive()) return false;
  // This process's own wish, not what an older incarnation's record still says.
  const bool leaving = process.phase == Process::Phase::kLeaving;
  return !leaving || process.view[partition.id.value].isr.contains(self.id);
}

bool IsToLead(const Broker& self, const Partition& partition) {
  return self.process.view[partition.id.value].leader == self.id;
}

// KB:C-30, C-35: the cache first, then the replicas; of several records of one partition only the
// last is seen (KB:R-9). What this broker is to lead is fetched no longer, before anything else
// (KB:R-6).
void BeginPublishing(const Context& ctx, Broker& self, int64_t to, Effects& out) {
  Process& process = self.process;
  process.publishing = true;
  process.changed = 0;
  process.to_lead = 0;
  for (int64_t i = process.metadata_applied; i < to; ++i) {
    const MetadataRecord& record = ctx.tables->metadata[static_cast<size_t>(i)];
    ApplyToCache(process, record);
    if (record.kind != MetadataRecord::Kind::kPartition) continue;
    process.changed |= Bit(record.partition);
    if (IsAddedHere(ctx, self, record.partition)) HostAdded(ctx, self, record.partition, out);
  }
  for (Partition& partition : process.partitions) {
    if ((process.changed & Bit(partition.id)) == 0 || !IsToLead(self, partition)) continue;
    process.to_lead |= Bit(partition.id);
    StopFetching(partition);
  }
}

// KB:R-6, P-18: leaders first, one after the other, each under its partition's lock until its new
// epoch is on the disk. False: the disk comes first.
bool BecomeLeaders(const Context& ctx, Broker& self, Effects& out) {
  Process& process = self.process;
  for (Partition& partition : process.partitions) {
    if ((process.to_lead & Bit(partition.id)) == 0) continue;
    process.to_lead &= ~Bit(partition.id);
    if (!BecomeLeader(ctx, self, partition, kLeaderSync, out)) continue;
    process.lead_syncing = partition.id;
    partition.log_locked = true;
    return false;
  }
  return true;
}

// KB:R-6: then followers: all become one, then fetchers, then who waited.
void BecomeFollowers(const Context& ctx, Broker& self, Effects& out) {
  Process& process = self.process;
  const uint64_t changed = process.changed;
  if (changed == 0) return;
  const auto leads = [&](const Partition& partition) { return IsToLead(self, partition); };
  uint64_t anew = 0;
  for (Partition& partition : process.partitions) {
    if ((changed & Bit(partition.id)) == 0 || leads(partition)) continue;
    if (BecomeFollower(self, partition, out)) anew |= Bit(partition.id);
  }
  for (Partition& partition : process.partitions) {
    if ((changed & Bit(partition.id)) == 0 || leads(partition)) continue;
    const bool may = MayFetch(self, partition);
    if ((anew & Bit(partition.id)) == 0) {  // KB:R-8: the epoch did not grow
      if (!may) StopFetching(partition);
      continue;
    }
    StopFetching(partition);
    if (may) StartFetching(ctx, self, partition, out);
  }
  RetireIdleFetchers(self, out);
  CompleteDelayed(ctx, self, {.appended = anew, .advanced = anew}, out);
}

// The settings of topics come into force behind all roles (KB:C-35).
void EndPublishing(const Context& ctx, Broker& self, int64_t to, Effects& out) {
  Process& process = self.process;
  process.publishing = false;
  for (int64_t i = process.metadata_applied; i < to; ++i) {
    const MetadataRecord& record = ctx.tables->metadata[static_cast<size_t>(i)];
    if (record.kind == MetadataRecord::Kind::kSetting) ApplySetting(ctx, self, record, out);
  }
  process.metadata_applied = to;
  process.metadata_due = std::max(process.metadata_due, to);
}

// KB: leaders and followers change under their partitions' locks, and fetchers are taken
// off under theirs. Who appends or copies holds these until its disk is done, a flush included
// (KB:P-23, R-17): a fetcher for all that it fetches, a leader for its partition.
bool IsHeldByDisk(const Context& ctx, const Process& process) {
  bool changes = false;
  for (int64_t i = process.metadata_applied; i < process.metadata_due; ++i) {
    const MetadataRecord& record = ctx.tables->metadata[static_cast<size_t>(i)];
    if (record.kind != MetadataRecord::Kind::kPartition) continue;
    const Partition* partition = process.Find(record.partition);
    if (partition == nullptr) continue;
    if (partition->log_locked) return true;
    changes = true;
  }
  return changes && std::any_of(process.fetchers.begin(), process.fetchers.end(),
                                [](const Fetcher& it) { return it.flushes_pending > 0; });
}

// KB:C-1: registered, and caught up as far as its own registration, before the first publish. A
// broker that is refused because the session of its last incarnation still runs (KB:C-2) leads
// nothing, whatever the log says of that incarnation.
bool MayPublish(const Process& process) {
  if (Serves(process)) return true;
  return process.registered && process.metadata_received > process.epoch.value;
}

void ScheduleApply(const Context& ctx, Process& process, Effects& out) {
  process.metadata_due = process.metadata_received;
  const auto first = static_cast<size_t>(process.metadata_applied);
  const sim::About about{UidOfRecord(ctx, ctx.tables->metadata[first]), 0};
  // KB:C-1: logs are loaded, or recovered, within the first publish.
  const Duration load = Serves(process) ? Duration{} : process.load_time;
  out.SetTimer({.tag = {kMetadataTimer, kBrokerRole, 0},
                .min = load + ctx.setup->controller.metadata_delay_min,
                .max = load + ctx.setup->controller.metadata_delay_max,
                .about = about});
}

}  // namespace

void MaybeScheduleApply(const Context& ctx, Broker& self, Effects& out) {
  Process& process = self.process;
  if (process.metadata_due != process.metadata_applied) return;  // one is under way
  if (process.metadata_received == process.metadata_applied || !MayPublish(process)) return;
  ScheduleApply(ctx, process, out);
}

// Answered when there is more; a link that is silent is noticed by the heartbeats.
void FetchMetadata(const Context& ctx, Broker& self, Effects& out) {
  Process& process = self.process;
  Link& link = process.links[kMetadataLog];
  if (!link.idle()) return;
  link.in_flight = ++link.sent;
  const auto next = static_cast<size_t>(process.metadata_received);
  const uint64_t uid = next == 0 ? 0 : UidOfRecord(ctx, ctx.tables->metadata[next - 1]);
  out.Send(
      {.connection = link.connection,
       .about = {sim::Mix(ctx.self_name, uid), link.attempts++},
       .wire_bytes = kWireOverhead},
      MetadataFetchRequest{
          .correlation = link.in_flight, .broker = self.id, .from = process.metadata_received});
}

void OnMetadataFetchResponse(const Context& ctx, Broker& self,
                             const sim::Received<MetadataFetchResponse>& event, Effects& out) {
  Process& process = self.process;
  Link& link = process.links[kMetadataLog];
  if (event.connection != link.connection || event.body.correlation != link.in_flight) return;
  link.in_flight = 0;
  if (event.body.to > process.metadata_received) {
    link.attempts = 0;
    process.metadata_received = event.body.to;
    MaybeScheduleApply(ctx, self, out);
  }
  FetchMetadata(ctx, self, out);
}

// Nobody asks or appends on before the metadata that waits: it would wait for ever.
void ResumePublisher(const Context& ctx, Broker& self, Effects& out) {
  Process& process = self.process;
  if (!process.publisher_waits || IsHeldByDisk(ctx, process)) return;
  OnMetadataTimer(ctx, self, out);
  for (size_t i = 0; i < process.fetchers.size(); ++i) {
    SendNextFetch(ctx, self, process.fetchers[i], out);
  }
  for (const Partition& partition : process.partitions) {
    ResumeWaiting(ctx, self, partition.id, out);
  }
}

void OnMetadataTimer(const Context& ctx, Broker& self, Effects& out) {
  Process& process = self.process;
  process.publisher_waits = IsHeldByDisk(ctx, process);
  if (process.publisher_waits) return;
  if (!Serves(process)) BeginServing(ctx, self, out);
  if (!process.publishing) BeginPublishing(ctx, self, process.metadata_due, out);
  if (!BecomeLeaders(ctx, self, out)) return;
  BecomeFollowers(ctx, self, out);
  EndPublishing(ctx, self, process.metadata_due, out);
  if (process.metadata_received > process.metadata_applied) ScheduleApply(ctx, process, out);
  if (!process.queue.empty()) RunQueued(ctx, self, out);  // fetches of the new epochs
  // Caught up for the first time: asks at once to be unfenced.
  if (!process.caught_up && process.registered && process.metadata_applied > process.epoch.value) {
    SendHeartbeat(ctx, self, out);
  }
}

// The lock is free: who waited for it goes on, and so does the publisher.
void OnLeaderSynced(const Context& ctx, Broker& self, Partition& partition, Effects& out) {
  Process& process = self.process;
  if (process.phase == Process::Phase::kStopping) return;
  process.lead_syncing = {};
  partition.log_locked = false;
  ServeAsLeader(ctx, self, partition, out);
  OnMetadataTimer(ctx, self, out);
  ResumeWaiting(ctx, self, partition.id, out);
  RunQueued(ctx, self, out);
  if (process.isr_check_waits) CheckIsrs(ctx, self, out);
}

void ApplyAtOnce(const Context& ctx, Broker& self, int64_t to, Effects& out) {
  Process& process = self.process;
  BeginPublishing(ctx, self, to, out);
  for (Partition& partition : process.partitions) {
    if ((process.to_lead & Bit(partition.id)) == 0) continue;
    if (!BecomeLeader(ctx, self, partition, kCheckpointFlush, out)) continue;
    ServeAsLeader(ctx, self, partition, out);
  }
  process.to_lead = 0;
  BecomeFollowers(ctx, self, out);
  EndPublishing(ctx, self, to, out);
}

}  // namespace kafka::broker
