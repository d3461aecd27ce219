// model/kafka/broker/parts.h
//
// What the broker's handlers share: leadership, watermark, ISR, purgatories, fetchers, checkpoints.
//
// Each function changes the broker that it is given and appends to `out`, as handlers do. A mask of
// partitions has bit p for PartitionId p.
#ifndef MODEL_KAFKA_BROKER_PARTS_H_
#define MODEL_KAFKA_BROKER_PARTS_H_

#include <algorithm>

#include "model/kafka/broker/state.h"

namespace kafka::broker {

// ---- Names of timers and of flushes. ----

enum TimerKind : uint8_t {
  kStartUpTimer = 1,
  kLifecycleTimer,  // next heartbeat or registration, or the time-out of the one in flight
  kReconnectTimer,  // index: ControllerLink
  kMetadataTimer,   // records are applied
  kAlterTimer,      // a refused AlterPartition goes out again
  kIsrTimer,
  kWatermarkTimer,      // checkpoint
  kRecoveryPointTimer,  // checkpoint
  kFlusherTimer,
  kProduceTimer,
  kFetchTimer,
  kFetcherTimer,  // index: broker fetched from
  kQuorumStateTimer,
  kHeldTimer,  // index: partition whose writer the kernel lets go; in the role of who wrote
};
enum TimerRole : uint8_t { kBrokerRole = 0, kFetcherRole = 1 };

enum FlushPurpose : uint16_t {
  kCheckpointFlush = 0,  // nobody waits for it
  kInlineFlush,
  kFollowerFlush,
  kPeriodicFlush,
  kStopFlush,  // one of several
  kStopRecoveryPoints,
  kStopMarker,
};
constexpr uint32_t FlushToken(FlushPurpose purpose, PartitionId partition = {0}) {
  return uint32_t{purpose} << 16 | partition.value;
}

// ---- Small words. ----

constexpr uint64_t Bit(PartitionId partition) { return uint64_t{1} << partition.value; }
constexpr uint32_t kWireOverhead = 100;

inline const BrokerSettings& SettingsOf(const Context& ctx, const Broker& self) {
  return ctx.setup->brokers[self.id.value].settings;
}
inline bool Serves(const Process& process) {
  return process.phase == Process::Phase::kServing || process.phase == Process::Phase::kLeaving;
}
// Choice key of a response on a client's connection: the same subject again is another attempt.
sim::About NextAbout(Process& process, ConnectionId connection, uint64_t uid);
// Every connection that was opened here is closed; what waited on it is forgotten.
void CloseClients(Process& process, Effects& out);
// The uid of the last message below `offset` in the log, or the partition's own name.
uint64_t UidBelow(const Context& ctx, const Partition& partition, Offset offset);
uint64_t UidOfPartition(const Context& ctx, PartitionId partition);

// KB:R-11, in its order; `epoch` -1 is not checked.
inline Error CheckLeadership(const Context& ctx, const Partition& partition, LeaderEpoch epoch) {
  if (epoch.value >= 0 && !ctx.setup->Has(Mutant::kStaleLeaderAccepts)) {
    if (epoch < partition.leader_epoch) return Error::kFencedLeaderEpoch;
    if (epoch > partition.leader_epoch) return Error::kUnknownLeaderEpoch;
  }
  return partition.leads() ? Error::kNone : Error::kNotLeaderOrFollower;
}

// ---- Leaders: leader.cc, isr.cc ----

void BecomeLeader(const Context& ctx, Broker& self, Partition& partition, Effects& out);
// True if the leader epoch is new: fetching starts anew (KB:R-5).
bool BecomeFollower(Broker& self, Partition& partition, Effects& out);
inline int32_t MinIsrOf(const Context& ctx, PartitionId partition) {  // effective (KB:P-11)
  const auto replicas =
      static_cast<int32_t>(ctx.setup->partitions[partition.value].replicas.size());
  return std::min(ctx.setup->topic_of(partition).min_insync_replicas, replicas);
}
bool MaybeAdvanceHighWatermark(const Context& ctx, Broker& self, Partition& partition,
                               Effects& out);
bool IsEligible(const Context& ctx, const Process& process, const RemoteReplica& replica);
bool IsCaughtUp(const Context& ctx, const Broker& self, const Partition& partition,
                const RemoteReplica& replica);
void MaybeExpandIsr(const Context& ctx, Broker& self, Partition& partition,
                    const RemoteReplica& replica, Effects& out);
void MaybeShrinkIsr(const Context& ctx, Broker& self, Partition& partition, Effects& out);
bool HandleIsrResult(const Context& ctx, Broker& self, const AlterPartitionRequest::Item& asked,
                     const AlterPartitionResponse::Item& item, Effects& out);
void SendAlterations(const Context& ctx, Broker& self, Effects& out);
void AssignNewEpoch(Partition& partition, LeaderEpoch epoch, Offset start, Effects& out);
// Whoever writes says in which epoch; most of the time it is the latest.
inline void AssignEpoch(Partition& partition, LeaderEpoch epoch, Offset start, Effects& out) {
  const auto& entries = partition.epochs.entries;
  const bool known =
      !entries.empty() && entries.back().epoch == epoch && start >= entries.back().start;
  if (!known) AssignNewEpoch(partition, epoch, start, out);
}

// ---- What waits: purgatory.cc, long_poll.cc ----

// Partitions whose log grew, and whose watermark moved or whose leader is another.
struct Moved {
  uint64_t appended = 0;
  uint64_t advanced = 0;
};
// KB:P-58: delayed produce first, then long polls, in the order in which they were parked.
void CompleteDelayed(const Context& ctx, Broker& self, Moved moved, Effects& out);
void CompleteProduces(const Context& ctx, Broker& self, uint64_t partitions, Effects& out);
void CompleteFetches(const Context& ctx, Broker& self, Moved moved, Effects& out);
void ExpireProduces(const Context& ctx, Broker& self, Effects& out);
void ExpireFetches(const Context& ctx, Broker& self, Effects& out);
void DropFetches(Process& process, ConnectionId connection);
// After all items went through: answers, or parks.
void FinishProduce(const Context& ctx, Broker& self, size_t index, Effects& out);
void ParkFetch(const Context& ctx, Broker& self, const sim::Received<FetchRequest>& event,
               Effects& out);

// One fetch's answer in the making. Items are not zeroed ahead.
struct FetchAnswer {
  FetchResponse::Item* items = nullptr;  // room for kMaxPartitions
  uint32_t count = 0;
  uint64_t bytes = 0;
  uint64_t budget = 0;
  bool at_once = false;  // an error or a divergence
};
// Into the next of the answer's items.
FetchResponse::Item& ReadPartition(const Context& ctx, const Broker& self,
                                   const FetchRequest& request, const FetchRequest::Item& item,
                                   FetchAnswer& answer);
void AnswerFetch(const Context& ctx, Broker& self, ConnectionId connection,
                 const FetchRequest& request, const FetchAnswer& answer, Effects& out);

// ---- Request threads: request_threads.cc ----

// write() returns at last: the request that waited for it flushes, or goes on.
void ReleaseWriter(const Context& ctx, Broker& self, PartitionId partition, Effects& out);
// An inline flush is done: what held the lock goes on, then who waited for it.
void ResumeProduces(const Context& ctx, Broker& self, PartitionId partition, Effects& out);
void ResumeWaiting(const Context& ctx, Broker& self, PartitionId partition, Effects& out);
void RunQueued(const Context& ctx, Broker& self, Effects& out);

// ---- Followers: fetcher.cc, follower.cc ----

Fetcher* FetcherAt(Process& process, ConnectionId connection);
Fetcher* FetcherOf(Process& process, BrokerId source);
void StartFetching(const Context& ctx, Broker& self, Partition& partition, Effects& out);
void StopFetching(Partition& partition);
void RetireIdleFetchers(Broker& self, Effects& out);
void SendNextFetch(const Context& ctx, Broker& self, Fetcher& fetcher, Effects& out);
// KB:R-17: the disk that a follower's fetcher waited for is done.
void ResumeFetcher(const Context& ctx, Broker& self, const Partition& partition, Effects& out);
void OpenFetcher(Fetcher& fetcher, Effects& out);
void LoseFetcher(const Context& ctx, Broker& self, Fetcher& fetcher, Effects& out);
// The fetcher's write() returns at last: it flushes if it has to (KB:R-17), or asks on.
void ReleaseFollower(const Context& ctx, Broker& self, PartitionId partition, Effects& out);
void OnFetcherTimer(const Context& ctx, Broker& self, BrokerId source, Effects& out);
void TruncateReplica(const Context& ctx, Broker& self, Partition& partition, Offset target,
                     Effects& out);
// Copies a run that a leader answered; false: it does not fit, the partition has failed (KB:R-42).
bool AppendAsFollower(const Context& ctx, Broker& self, Partition& partition, Run run,
                      Effects& out);
void SetFollowerHighWatermark(const Context& ctx, Broker& self, Partition& partition, Offset to,
                              Effects& out);

// ---- Controller: on_lifecycle.cc, on_metadata_log.cc ----

void OpenController(Broker& self, ControllerLink which, const Context& ctx, Effects& out);
void OnControllerUp(const Context& ctx, Broker& self, ControllerLink which, Effects& out);
void LoseController(const Context& ctx, Broker& self, ControllerLink which, Effects& out);
void OnLifecycleTimer(const Context& ctx, Broker& self, Effects& out);
void SendHeartbeat(const Context& ctx, Broker& self, Effects& out);
void MaybeScheduleApply(const Context& ctx, Broker& self, Effects& out);
void FetchMetadata(const Context& ctx, Broker& self, Effects& out);
void ApplyMetadata(const Context& ctx, Broker& self, int64_t to, Effects& out);
void OnMetadataTimer(const Context& ctx, Broker& self, Effects& out);
// A disk is done: metadata that waited for it is applied.
void ResumePublisher(const Context& ctx, Broker& self, Effects& out);
void AskForProducerIds(const Context& ctx, Broker& self, Effects& out);
void BeginServing(const Context& ctx, Broker& self, Effects& out);

// ---- Disk: recovery.cc, on_disk.cc ----

// kNew: a run begins with a cluster that was just formed.
enum class LoadKind : uint8_t { kNew, kClean, kUnclean };
void LoadReplicas(const Context& ctx, Broker& self, LoadKind kind, Effects& out);
// Something that the next high-watermark checkpoint will write has changed.
void Touch(const Context& ctx, Broker& self, Effects& out);
void WriteHighWatermarks(Broker& self, uint32_t token, Effects& out);
void WriteRecoveryPoints(const Context& ctx, Broker& self, uint32_t token, Effects& out);
void WriteEpochs(const Partition& partition, Effects& out);
void FlushDueLogs(const Context& ctx, Broker& self, Effects& out);
void BeginStopping(const Context& ctx, Broker& self, Effects& out);

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_PARTS_H_
