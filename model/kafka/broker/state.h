// model/kafka/broker/state.h
//
// A broker: the replicas it hosts, what waits in it, and what it knows of the cluster.
//
// Survives:    nothing but the identity: everything here dies with the process; what survives lies
//              in the host's files (sim/storage).
// Invariants:  (1) one produce request in progress per connection (KB:X-1), so the purgatory is as
//              long as there are clients; (2) parallel vectors (requests and their items) are in
//              the same order; (3) a partition is fetched from at most one broker.
// Leaves out:  several log directories, fetch sessions, quotas, throttling (KB:P-5), transactions.
#ifndef MODEL_KAFKA_BROKER_STATE_H_
#define MODEL_KAFKA_BROKER_STATE_H_

#include <cstdint>
#include <vector>

#include "model/kafka/broker/requests/producer_state.h"
#include "model/kafka/context.h"
#include "model/kafka/log/log.h"
#include "model/kafka/topics_in_force.h"
#include "sim/id_map.h"
#include "sim/inline_vec.h"

namespace kafka::broker {

using sim::ConnectionId;
using sim::Duration;
using sim::MonoTime;
using sim::WallTime;

// What a leader knows of one other replica (KB: ).
struct RemoteReplica {
  BrokerId broker;
  Offset log_end = Offset::Unknown();
  Offset leader_end_at_last_fetch = Offset::Unknown();
  WallTime caught_up = kLongAgo;  // the ISR's clock is the wall's (KB:X-4)
  WallTime last_fetch = kLongAgo;
  BrokerEpoch epoch;
  bool has_epoch = false;

  static constexpr WallTime kLongAgo{INT64_MIN / 4};
  friend bool operator==(const RemoteReplica&, const RemoteReplica&) = default;
};

// KB:R-1: while a change is pending, the larger of "what we asked" and "what we know" counts.
struct IsrState {
  enum class Kind : uint8_t { kCommitted, kPendingExpand, kPendingShrink };
  Kind kind = Kind::kCommitted;
  bool sent = false;    // a proposal is in the AlterPartition request that is in flight
  BrokerSet committed;  // last confirmed by the controller
  BrokerSet proposed;

  BrokerSet maximal() const {
    return kind == Kind::kPendingExpand ? committed | proposed : committed;
  }
  bool pending() const { return kind != Kind::kCommitted; }
  friend bool operator==(const IsrState&, const IsrState&) = default;
};

enum class Role : uint8_t { kNone, kLeader, kFollower };

// A follower's side of one partition (KB:R-39).
struct FetchState {
  enum class Kind : uint8_t { kIdle, kFetching, kOutOfRange, kFailed };
  Kind kind = Kind::kIdle;
  BrokerId source;
  Offset offset;
  LeaderEpoch current_epoch;
  LeaderEpoch last_fetched_epoch;
  MonoTime delayed_until{};
  Offset asked_offset;  // of the request in flight, for the response guard (KB:R-41)
  LeaderEpoch asked_epoch;

  friend bool operator==(const FetchState&, const FetchState&) = default;
};

// One hosted replica.
struct Partition {
  PartitionId id;
  Role role = Role::kNone;
  bool log_locked = false;  // by an inline flush (KB:P-23), a writer that the kernel holds back, or
                            // a leader that syncs its new epoch (KB:P-18)
  bool periodic_flush = false;  // one of the flusher's is under way
  BrokerId leader;              // of this replica's own view
  LeaderEpoch leader_epoch;     // -1: no metadata applied yet
  PartitionEpoch partition_epoch;
  Offset epoch_start;  // leader: log end when the epoch began
  Offset high_watermark;
  Offset recovery_point;                 // everything below is on the medium
  Offset flushing_to;                    // of the inline flush under way
  Offset held_from = Offset::Unknown();  // of the writer that is held back: not readable yet
  Offset periodic_flushing_to;
  Offset snapshot;  // producer state below it is known by newest batch alone
  MonoTime last_flush{};
  IsrState isr;
  FetchState fetch;
  Log log;
  EpochCache epochs;
  std::vector<RemoteReplica> remotes;  // leader only, in the order of the assignment
  std::vector<ProducerEntry> producers;

  bool leads() const { return role == Role::kLeader; }
  friend bool operator==(const Partition&, const Partition&) = default;
};

// What the metadata cache says of a partition and of a broker (KB:C-30).
struct PartitionView {
  LeaderEpoch leader_epoch;  // -1: unknown partition
  PartitionEpoch partition_epoch;
  BrokerSet isr;
  BrokerId leader;

  friend bool operator==(const PartitionView&, const PartitionView&) = default;
};
struct BrokerView {
  BrokerEpoch epoch;  // -1: never registered
  bool fenced = true;
  bool in_controlled_shutdown = false;

  bool alive() const { return epoch.value >= 0 && !fenced; }
  friend bool operator==(const BrokerView&, const BrokerView&) = default;
};

// A produce request on its way through the broker: waiting is data.
struct PendingProduce {
  enum class Phase : uint8_t {
    kRunning,
    kFlushing,    // in a request thread, holding the log's lock
    kLockWait,    // in a request thread, waiting for another's flush
    kReplicating  // in the purgatory (KB:P-52)
  };
  ConnectionId connection;  // none: closed meanwhile
  uint32_t correlation = 0;
  Phase phase = Phase::kRunning;
  Acks acks{};
  uint16_t item_count = 0;
  uint16_t next_item = 0;
  MonoTime deadline{};
  Duration timeout{};
  uint64_t appended = 0;  // bit per partition: wakes followers when the request is through
  uint64_t advanced = 0;  // bit per partition: its high watermark moved

  friend bool operator==(const PendingProduce&, const PendingProduce&) = default;
};
struct PendingItem {
  BatchId batch;
  PartitionId partition;
  Error error{};
  bool decided = false;
  Offset base = Offset::Unknown();
  Offset required = Offset::Unknown();  // KB:P-10; unknown: not appended
  friend bool operator==(const PendingItem&, const PendingItem&) = default;
};

// A long poll (KB:R-18).
struct ParkedFetch {
  FetchRequest request;
  ConnectionId connection;
  MonoTime deadline{};
  uint32_t item_count = 0;
};

// A request that found no free thread, or waits for a partition's lock, as it came.
struct QueuedRequest {
  ConnectionId connection;
  uint8_t kind = 0;  // position in the broker's list of request bodies
  uint32_t first_word = 0;
  uint32_t size = 0;
  friend bool operator==(const QueuedRequest&, const QueuedRequest&) = default;
};

// A connection of a client or follower, and what was last answered on it.
struct ClientConnection {
  ConnectionId id;
  sim::About about;
  friend bool operator==(const ClientConnection&, const ClientConnection&) = default;
};

// A connection to the controller, or to a leader that is fetched from.
struct Link {
  enum class State : uint8_t { kDown, kConnecting, kUp };
  ConnectionId connection;
  State state = State::kDown;
  uint32_t in_flight = 0;  // correlation of the one request; 0: none
  uint32_t attempts = 0;   // since it last worked
  uint32_t sent = 0;       // requests so far: the last correlation

  bool idle() const { return state == State::kUp && in_flight == 0; }
  friend bool operator==(const Link&, const Link&) = default;
};

// One fetcher thread (KB:R-38).
struct Fetcher {
  BrokerId source;
  uint16_t flushes_pending = 0;  // fsyncs and writes that it is in: it does nothing else (KB:R-17)
  bool epochs_synced = false;    // of the first answer in hand (KB:P-18)
  Link link;
  sim::About about;
  MonoTime deadline{};  // of the request in flight: replica.socket.timeout.ms
  std::vector<FetchResponse::Item> in_hand{};  // answers that wait until the thread is back
  friend bool operator==(const Fetcher&, const Fetcher&) = default;
};

struct WaitingProducerId {
  ConnectionId connection;
  uint32_t correlation = 0;
  uint32_t asked = 0;  // correlation of the request to the controller; 0: not sent
  friend bool operator==(const WaitingProducerId&, const WaitingProducerId&) = default;
};

enum ControllerLink : uint8_t { kLifecycle, kMetadataLog, kAlterations, kControllerLinks };

struct Process {
  enum class Phase : uint8_t { kDown, kStarting, kServing, kLeaving, kStopping };
  Phase phase = Phase::kDown;
  bool registered = false;
  bool fenced = true;
  bool caught_up = false;
  bool was_unfenced = false;     // once: it is RUNNING from then on, fenced again or not
  bool shutdown_asked = false;   // the heartbeat in flight carries the wish
  bool leave_answered = false;   // a heartbeat was answered in controlled shutdown
  bool touched = false;          // since the last high-watermark checkpoint
  bool publisher_waits = false;  // metadata is due, and a disk holds a lock that it needs
  bool isr_check_waits = false;  // for the lock of the partition whose new epoch is synced
  bool publishing = false;       // metadata is in the cache, and not in all replicas yet
  uint16_t incarnation = 0;
  uint16_t threads_busy = 0;
  uint16_t flushes_left = 0;  // of an orderly stop
  uint32_t last_correlation = 0;
  BrokerEpoch epoch;
  BrokerEpoch previous_epoch;
  MonoTime started{};
  Duration load_time{};  // of the scan after an unclean stop, before the first publish
  MonoTime fetch_timer = sim::Never<MonoTime>();
  MonoTime produce_timer = sim::Never<MonoTime>();

  sim::InlineVec<Link, kControllerLinks> links;
  int64_t metadata_received = 0;  // records below it have arrived
  int64_t metadata_due = 0;       // those below it are applied when the delay is over
  int64_t metadata_applied = 0;
  uint64_t changed = 0;      // bit per partition: concerned by the metadata that are published
  uint64_t to_lead = 0;      // ... and led by this broker, which has not looked at it yet
  PartitionId lead_syncing;  // whose new epoch the publisher syncs, under the partition's lock
  std::vector<PartitionView> view;
  std::vector<BrokerView> brokers;
  TopicsInForce in_force;

  std::vector<Partition> partitions;
  sim::IdMap<PartitionId, uint8_t, kMaxPartitions> index;  // position + 1 in `partitions`

  std::vector<PendingProduce> produces;
  std::vector<PendingItem> produce_items;
  std::vector<ParkedFetch> fetches;
  std::vector<FetchRequest::Item> fetch_items;
  std::vector<QueuedRequest> queue;
  std::vector<uint64_t> queue_words;
  std::vector<ClientConnection> clients;
  std::vector<Fetcher> fetchers;
  std::vector<AlterPartitionRequest::Item> alterations;  // proposals not yet answered, in order
  std::vector<WaitingProducerId> producer_ids;

  Partition* Find(PartitionId id) {
    const uint8_t at = index[id];
    return at == 0 ? nullptr : &partitions[at - 1u];
  }
  const Partition* Find(PartitionId id) const { return const_cast<Process*>(this)->Find(id); }
  uint32_t NextCorrelation() { return ++last_correlation; }
};
bool operator==(const Process& a, const Process& b);

struct Broker {
  BrokerId id;
  Process process;

  friend bool operator==(const Broker&, const Broker&) = default;
};

// A mask of partitions has bit p for PartitionId p.
constexpr uint64_t Bit(PartitionId partition) { return uint64_t{1} << partition.value; }
constexpr uint32_t kWireOverhead = 100;  // bytes of a message beside its records

inline const BrokerSettings& SettingsOf(const Context& ctx, const Broker& self) {
  return ctx.setup->brokers[self.id.value].settings;
}
// The topic's settings as this broker knows them: what the topic does not set, it takes from its own
// (KB:8).
inline const TopicSettings& TopicOf(const Context& ctx, const Broker& self, PartitionId partition) {
  const auto& topics = self.process.in_force.topics;
  if (topics.empty()) [[likely]]
    return ctx.setup->topic_on(self.id, partition);
  return topics[ctx.setup->partitions[partition.value].topic.value].settings;
}
inline bool Serves(const Process& process) {
  return process.phase == Process::Phase::kServing || process.phase == Process::Phase::kLeaving;
}

void HashInto(sim::StableHash& hash, const Process& process);
void HashInto(sim::StableHash& hash, const Broker& broker);

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_STATE_H_
