// model/kafka/setup.h
//
// Everything that is fixed before a run begins: the cluster, its topics, the programs around it,
// the faults. Built by the scenario loader; constant during the run; outside of the World.
//
// Settings carry Kafka's names and their resolved values, in the model's units.
#ifndef MODEL_KAFKA_SETUP_H_
#define MODEL_KAFKA_SETUP_H_

#include <cstdint>
#include <string>
#include <vector>

#include "model/kafka/vocabulary/ids.h"
#include "model/kafka/vocabulary/requests.h"
#include "model/kafka/vocabulary/topic_setting.h"
#include "sim/faults/fault.h"
#include "sim/network/config.h"
#include "sim/storage/config.h"
#include "sim/time.h"

namespace kafka {

using sim::Duration;
using sim::Milliseconds;
using sim::Seconds;

// Planted bugs: each breaks one rule, so that a checker can be seen to notice. Off in every
// profile.
enum class Mutant : uint8_t {
  kNone = 0,
  kAckBeforeAppend,            // acks=all answered after the local append, without waiting
  kHighWatermarkFalls,         // the leader takes the minimum even when it is lower
  kTruncationSkipped,          // a follower ignores the diverging epoch and goes on
  kTruncateToHighWatermark,    // before KIP-101
  kFollowerToldNewWatermark,   // the response carries the watermark after this fetch, and not
                               // the one before it (against KB:R-12)
  kWatermarkIgnoresMinIsr,     // KB:R-30 without its first line
  kWatermarkCommittedIsrOnly,  // the maximal ISR is not waited for (against KB:R-1)
  kElectOutsideIsr,            // the first alive replica leads, in sync or not
  kJoinWithoutEpochStart,      // KB:R-24 without the epoch start condition
  kNoBrokerEpochCheck,         // KIP-903 absent: a stale incarnation's fetch counts
  kStaleLeaderAccepts,         // a fetch or produce of another epoch is accepted (against KB:R-11)
  kNoDuplicateCheck,           // the producer state never recognises a batch
  kConsumerReadsToLogEnd,      // a consumer is served above the high watermark
  kRecoveryKeepsTornTail,      // an unclean start does not scan: what was written counts as there
  kRestartedStaysInIsr,     // registration leaves the new incarnation in the ISR (against KB:C-4)
  kHideLogEndUntilFlushed,  // followers are shown only what is on the leader's medium (CL:B12's
                            // control)
  kRecoveryPointTooHigh,    // a checkpoint raises the recovery point to the log end, flushed or not
  kKeepPendingIsr,          // no bug, but what would mend Kafka's own race (docs/fidelity.md):
                            // metadata of an equal partition epoch leave a pending change of the
                            // ISR as it is (against KB:R-2)
};

struct BrokerSettings {
  Duration replica_lag_time_max = Seconds(30);
  Duration replica_fetch_wait_max = Milliseconds(500);
  uint32_t replica_fetch_min_bytes = 1;
  uint32_t replica_fetch_max_bytes = 1048576;
  uint32_t replica_fetch_response_max_bytes = 10485760;
  Duration replica_fetch_backoff = Milliseconds(1000);
  Duration replica_socket_timeout = Seconds(30);
  Duration high_watermark_checkpoint_interval = Seconds(5);
  Duration flush_scheduler_interval = sim::kForever;  // log.flush.scheduler.interval.ms
  Duration flush_offset_checkpoint_interval = Seconds(60);
  Duration initial_task_delay = Seconds(30);  // log.initial.task.delay.ms
  Duration heartbeat_interval = Milliseconds(2000);
  Duration session_timeout = Milliseconds(9000);
  bool controlled_shutdown_enable = true;
  uint32_t num_io_threads = 8;
};

struct BrokerSetup {
  std::string name;  // "broker-1"
  BrokerSettings settings;
  sim::StorageConfig storage;
  uint16_t rack = 0;
  uint16_t room = 0;
  Duration wall_offset{};
  // of a process that starts during the run, until it registers; a run begins with a running
  // cluster
  Duration start_up_min = Milliseconds(1100);
  Duration start_up_max = Milliseconds(1700);
};

struct TopicSettings {
  int32_t min_insync_replicas = 1;
  bool unclean_leader_election = false;
  int64_t flush_messages = INT64_MAX;
  Duration flush_interval = sim::kForever;  // flush.ms
  uint32_t max_message_bytes = 1048588;

  friend bool operator==(const TopicSettings&, const TopicSettings&) = default;
};

struct TopicSetup {
  std::string name;
  TopicSettings settings;  // as the controller knows them
  // As each broker does, by BrokerId: what the topic does not set, each takes from its own. Empty:
  // all as the controller.
  std::vector<TopicSettings> on_brokers;
  uint8_t own = 0;  // bit per TopicSetting: the topic sets it itself
  std::vector<PartitionId> partitions;
};

struct PartitionSetup {
  TopicId topic;
  uint16_t index = 0;              // in its topic
  std::vector<BrokerId> replicas;  // the assignment, preferred leader first
  int16_t added_by = -1;           // in Setup::acts; -1: it is there from the start
};

// What an operator asks of the controller while the cluster runs. A fault of kind kOrder says when,
// and which.
struct Act {
  enum class Kind : uint8_t { kElectLeaders, kChangeSetting, kAddPartitions };
  Kind kind{};
  TopicId topic;          // none: every topic; kChangeSetting: what the cluster says for all topics
  PartitionId partition;  // kElectLeaders: that one alone
  bool unclean = false;  // kElectLeaders: who is in no ISR may lead, else the preferred replicas do
  TopicSetting setting{};  // kChangeSetting
  // Of it: a number, 0 or 1, nanoseconds. kAddPartitions: how many the topic has then.
  int64_t value = 0;
};

// metadata.recovery.strategy: what a client does that can reach none of the brokers it knows
// (KC:P-37).
enum class MetadataRecovery : uint8_t { kRebootstrap, kNone };

struct ProducerSettings {
  Acks acks = Acks::kAll;
  bool enable_idempotence = true;
  int32_t retries = INT32_MAX;
  uint32_t max_in_flight = 5;
  Duration linger = Milliseconds(5);
  uint32_t batch_size = 16384;
  uint64_t buffer_memory = 33554432;
  Duration max_block = Seconds(60);
  uint32_t max_request_size = 1048576;
  Duration request_timeout = Seconds(30);
  Duration delivery_timeout = Seconds(120);
  Duration retry_backoff = Milliseconds(100);
  Duration retry_backoff_max = Milliseconds(1000);
  Duration reconnect_backoff = Milliseconds(50);
  Duration reconnect_backoff_max = Milliseconds(1000);
  Duration metadata_max_age = Seconds(300);
  MetadataRecovery metadata_recovery = MetadataRecovery::kRebootstrap;
};

// The program that sends: model/programs/producer_program.h.
struct ProducerProgram {
  TopicId topic;
  uint32_t messages = 0;
  Duration interval{};  // between sends; zero: a closed loop, as fast as send() takes them
  uint32_t message_bytes = 100;
  uint32_t keys = 0;       // key = number mod keys; 0: no key (sticky partitioner)
  int32_t partition = -1;  // explicit partition of the topic; -1: the partitioner's choice
  bool has_callback = true;
  Duration start_after{};
};

struct ProducerSetup {
  std::string name;  // "producer/shop"
  ProducerSettings settings;
  ProducerProgram program;
  uint16_t rack = 0;
};

struct ConsumerSettings {
  Duration fetch_max_wait = Milliseconds(500);
  uint32_t fetch_min_bytes = 1;
  uint32_t fetch_max_bytes = 52428800;
  uint32_t max_partition_fetch_bytes = 1048576;
  uint32_t max_poll_records = 500;
  Duration request_timeout = Seconds(30);
  Duration retry_backoff = Milliseconds(100);
  Duration retry_backoff_max = Milliseconds(1000);
  Duration reconnect_backoff = Milliseconds(50);
  Duration reconnect_backoff_max = Milliseconds(1000);
  Duration metadata_max_age = Seconds(300);
  MetadataRecovery metadata_recovery = MetadataRecovery::kRebootstrap;
  enum class Reset : uint8_t { kEarliest, kLatest, kNone };
  Reset auto_offset_reset = Reset::kLatest;
};

struct ConsumerProgram {
  enum class Commit : uint8_t { kNever, kBeforeProcessing, kAfterProcessing };
  TopicId topic;
  GroupId group;
  Duration processing{};  // of one record
  Commit commit = Commit::kAfterProcessing;
  Duration start_after{};
};

struct ConsumerSetup {
  std::string name;  // "consumer/billing"
  ConsumerSettings settings;
  ConsumerProgram program;
  uint16_t rack = 0;
};

struct ControllerSettings {
  bool elr = true;                            // feature eligible.leader.replicas.version
  Duration append_linger = Milliseconds(25);  // controller.quorum.append.linger.ms (KB:C-50)
  Duration metadata_delay_min =
      Milliseconds(1);  // beyond the network: until a broker has applied it
  Duration metadata_delay_max = Milliseconds(20);
  Duration unclean_election_interval = Seconds(300);
  bool leader_rebalance = true;                // auto.leader.rebalance.enable
  Duration rebalance_interval = Seconds(300);  // leader.imbalance.check.interval.seconds
};

struct Setup {
  std::string name;
  std::vector<BrokerSetup> brokers;  // BrokerId is the index
  std::vector<TopicSetup> topics;
  std::vector<PartitionSetup> partitions;  // PartitionId is the index
  std::vector<ProducerSetup> producers;
  std::vector<ConsumerSetup> consumers;
  std::vector<std::string> groups;
  ControllerSettings controller;
  sim::NetworkConfig network;  // host classes: see HostClass
  std::vector<sim::PlannedFault> faults;
  std::vector<Act> acts;
  Duration time_limit = Seconds(120);
  Mutant mutant = Mutant::kNone;

  const TopicSettings& topic_of(PartitionId partition) const {
    return topics[partitions[partition.value].topic.value].settings;
  }
  const TopicSettings& topic_on(BrokerId broker, PartitionId partition) const {
    const TopicSetup& topic = topics[partitions[partition.value].topic.value];
    return topic.on_brokers.empty() ? topic.settings : topic.on_brokers[broker.value];
  }
  // Never more than there are replicas (KB:P-11, E-11).
  int32_t EffectiveMinIsr(PartitionId partition, const TopicSettings& topic) const {
    const auto replicas = static_cast<int32_t>(partitions[partition.value].replicas.size());
    return topic.min_insync_replicas < replicas ? topic.min_insync_replicas : replicas;
  }
  bool Has(Mutant planted) const { return mutant == planted; }
  // A group has one consumer of a topic (the loader refuses a second one): it reads all of it.
  bool Reads(ConsumerIndex consumer, PartitionId partition) const {
    return partitions[partition.value].topic == consumers[consumer.value].program.topic;
  }
};

enum HostClass : uint8_t { kBrokerHost = 0, kClientHost = 1, kControllerHost = 2 };

// Machines are added in this order: controller, offset store, brokers, producers, consumers.
// Controller and offset store share the first host, and every other machine has a host of its own,
// in the same order. Further controllers would be added behind the consumers: a number never
// changes its meaning.
constexpr sim::MachineId kControllerMachine{0};
constexpr sim::MachineId kOffsetStoreMachine{1};
constexpr sim::HostId kControllerHostId{0};

constexpr sim::MachineId FirstBrokerMachine() {
  return {static_cast<uint16_t>(kOffsetStoreMachine.value + 1)};
}
constexpr sim::MachineId FirstProducerMachine(const Setup& setup) {
  return {static_cast<uint16_t>(FirstBrokerMachine().value + setup.brokers.size())};
}
constexpr sim::MachineId FirstConsumerMachine(const Setup& setup) {
  return {static_cast<uint16_t>(FirstProducerMachine(setup).value + setup.producers.size())};
}
constexpr sim::MachineId MachineOf(BrokerId broker) {
  return {static_cast<uint16_t>(FirstBrokerMachine().value + broker.value)};
}
constexpr sim::MachineId MachineOf(const Setup& setup, ProducerIndex producer) {
  return {static_cast<uint16_t>(FirstProducerMachine(setup).value + producer.value)};
}
constexpr sim::MachineId MachineOf(const Setup& setup, ConsumerIndex consumer) {
  return {static_cast<uint16_t>(FirstConsumerMachine(setup).value + consumer.value)};
}
// The broker that this machine is, or none.
constexpr BrokerId BrokerAt(const Setup& setup, sim::MachineId machine) {
  const bool is_broker = machine >= FirstBrokerMachine() && machine < FirstProducerMachine(setup);
  if (!is_broker) return BrokerId::None();
  return {static_cast<uint8_t>(machine.value - FirstBrokerMachine().value)};
}
// The producer that this machine is, or none; and the same of a consumer.
constexpr ProducerIndex ProducerAt(const Setup& setup, sim::MachineId machine) {
  const sim::MachineId first = FirstProducerMachine(setup);
  if (machine < first || machine >= FirstConsumerMachine(setup)) return ProducerIndex::None();
  return {static_cast<uint16_t>(machine.value - first.value)};
}
constexpr ConsumerIndex ConsumerAt(const Setup& setup, sim::MachineId machine) {
  const sim::MachineId first = FirstConsumerMachine(setup);
  if (machine < first || machine.value >= first.value + setup.consumers.size()) {
    return ConsumerIndex::None();
  }
  return {static_cast<uint16_t>(machine.value - first.value)};
}
// The only machine on that host. Requires: not the controller's host, which has two.
constexpr sim::MachineId MachineOn(sim::HostId host) {
  return {static_cast<uint16_t>(kOffsetStoreMachine.value + host.value)};
}

// Files of a broker's host. A log's payload stream is its partition: byte p of the stream is byte p
// of the partition's AppendedTable, so a file's extents say which entries it holds.
constexpr sim::FileId LogFile(PartitionId partition) { return {partition.value}; }
constexpr sim::FileId EpochFile(PartitionId partition) {
  return {static_cast<uint16_t>(kMaxPartitions + partition.value)};
}
constexpr sim::FileId kHighWatermarkFile{2 * kMaxPartitions};
constexpr sim::FileId kRecoveryPointFile{2 * kMaxPartitions + 1};
constexpr sim::FileId kCleanShutdownFile{2 * kMaxPartitions + 2};
constexpr sim::FileId kQuorumStateFile{2 * kMaxPartitions + 3};  // of the metadata log

}  // namespace kafka

#endif  // MODEL_KAFKA_SETUP_H_
