// model/kafka/controller/state.h
//
// The active controller: who is registered, who leads what, and what waits for the metadata log.
//
// Survives:    everything: one durable process that no fault reaches, for now (printed under
//              "assumed").
// Invariants:  (1) partition_epoch grows with every partition record, leader_epoch with every one
//              that writes the leader (KB:E-1); (2) ISR and ELR are disjoint; (3) a reply that
//              promises something leaves after its records are committed (KB:C-21).
// Leaves out:  the quorum behind it (KB:C-40..C-50 but the append linger), reassignment.
#ifndef MODEL_KAFKA_CONTROLLER_STATE_H_
#define MODEL_KAFKA_CONTROLLER_STATE_H_

#include <cstdint>
#include <vector>

#include "model/kafka/context.h"
#include "model/kafka/topics_in_force.h"
#include "sim/id_map.h"

namespace kafka::controller {

struct Registration {
  bool registered = false;
  bool fenced = true;
  bool in_controlled_shutdown = false;
  uint16_t incarnation = 0;
  BrokerEpoch epoch;
  sim::MonoTime last_contact{};
  int64_t metadata_offset = 0;             // applied by the broker, as it says
  int64_t controlled_shutdown_offset = 0;  // everybody must have applied this much before it stops

  friend bool operator==(const Registration&, const Registration&) = default;
};

struct PartitionState {
  BrokerId leader;
  LeaderEpoch leader_epoch;
  PartitionEpoch partition_epoch;
  BrokerSet isr;
  BrokerSet elr;
  BrokerId last_known_leader;

  friend bool operator==(const PartitionState&, const PartitionState&) = default;
};

// A broker's long poll for metadata, waiting for records to be committed.
struct MetadataWait {
  sim::ConnectionId connection;
  uint32_t correlation = 0;
  int64_t from = -1;  // -1: nobody waits

  friend bool operator==(const MetadataWait&, const MetadataWait&) = default;
};

// A reply that leaves once `offset` records are committed.
struct PendingReply {
  enum class Kind : uint8_t { kRegister, kHeartbeat, kAlterPartition };
  Kind kind{};
  BrokerId broker;
  sim::ConnectionId connection;
  uint32_t correlation = 0;
  uint32_t first_item = 0;  // kAlterPartition: in Process::reply_items
  uint32_t item_count = 0;
  int64_t offset = 0;

  friend bool operator==(const PendingReply&, const PendingReply&) = default;
};

struct Process {
  sim::IdMap<BrokerId, Registration, kMaxBrokers> brokers;
  std::vector<PartitionState> partitions;
  sim::IdMap<BrokerId, MetadataWait, kMaxBrokers> waits;
  std::vector<PendingReply> replies;
  std::vector<AlterPartitionResponse::Item> reply_items;
  int64_t committed = 0;  // records of Tables::metadata that a majority has
  TopicsInForce in_force;
  int32_t next_producer_id = 0;
  sim::MonoTime started{};  // before the run

  friend bool operator==(const Process&, const Process&);
};

struct Controller {
  Process process;
  friend bool operator==(const Controller&, const Controller&) = default;
};

// A partition that was not added yet has no state.
inline bool Exists(const PartitionState& state) { return state.leader_epoch.value >= 0; }
// The topic's settings in force, as the controller knows them.
inline const TopicSettings& TopicOf(const Context& ctx, const Process& process,
                                    PartitionId partition) {
  if (process.in_force.topics.empty()) return ctx.setup->topic_of(partition);
  return process.in_force.topics[ctx.setup->partitions[partition.value].topic.value].settings;
}

enum Timer : uint8_t {
  kCommitTimer = 1,
  kSessionTimer = 2,
  kUncleanTimer = 3,
  kBalanceTimer = 4  // leaders go back to the preferred replicas
};

// A cluster that has been formed: every broker registered and unfenced, every topic created with
// its whole assignment in sync (KB:E-33). Writes the records of it.
Controller Form(const Setup& setup, Tables& tables);

void HashInto(sim::StableHash& hash, const Registration& registration);
void HashInto(sim::StableHash& hash, const PartitionState& partition);
void HashInto(sim::StableHash& hash, const Controller& controller);

}  // namespace kafka::controller

#endif  // MODEL_KAFKA_CONTROLLER_STATE_H_
