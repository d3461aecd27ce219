// model/kafka/vocabulary/requests.h
//
// What travels: Kafka's requests and responses, reduced to the fields that some rule reads.
//
// Every body is plain, with unique object representations, since its bytes are hashed; padding is
// therefore spelt out. `correlation` matches a response to the one request it answers. A body with
// an `Item` is followed by items, one a partition.
#ifndef MODEL_KAFKA_VOCABULARY_REQUESTS_H_
#define MODEL_KAFKA_VOCABULARY_REQUESTS_H_

#include <cstdint>

#include "model/kafka/vocabulary/errors.h"
#include "model/kafka/vocabulary/ids.h"

namespace kafka {

// acks as on the wire.
enum class Acks : int8_t { kAll = -1, kNone = 0, kLeader = 1 };

// ---- Clients to servers ----

// The handshake of a connection: which versions does the server speak? Nothing else is sent before
// it has answered (KC:P-32).
struct ApiVersionsRequest {
  uint32_t correlation = 0;
};
struct ApiVersionsResponse {
  uint32_t correlation = 0;
};

struct ProduceRequest {
  struct Item {
    BatchId batch;  // its partition stands in the batch
  };
  uint32_t correlation = 0;
  Acks acks{};
  uint8_t reserved[3]{};
  int64_t timeout_ns =
      0;  // the client's request.timeout.ms: how long the broker may wait (KB:P-52)
};
struct ProduceResponse {
  struct Item {
    PartitionId partition;
    Error error{};
    BrokerId leader_hint;      // with NOT_LEADER_OR_FOLLOWER: what the broker's cache says (KB:P-4)
    LeaderEpoch leader_epoch;  // of the hint
    BatchId batch;
    uint32_t reserved = 0;
    Offset base;  // Unknown with an error
  };
  uint32_t correlation = 0;
  uint32_t reserved = 0;
};

struct MetadataRequest {
  uint32_t correlation = 0;
};
struct MetadataResponse {
  struct Item {
    PartitionId partition;
    BrokerId leader;  // none: no leader
    uint8_t reserved = 0;
    LeaderEpoch leader_epoch;
  };
  uint32_t correlation = 0;
  BrokerSet alive;  // brokers that have an endpoint in the answering broker's cache
  uint16_t reserved = 0;
};

struct InitProducerIdRequest {
  uint32_t correlation = 0;
};
struct InitProducerIdResponse {
  uint32_t correlation = 0;
  int32_t producer_id = -1;
  int16_t producer_epoch = -1;
  Error error{};
  uint8_t reserved = 0;
};

// Of followers and of consumers.
struct FetchRequest {
  struct Item {
    PartitionId partition;
    uint16_t reserved = 0;
    LeaderEpoch current_leader_epoch;
    LeaderEpoch last_fetched_epoch;  // -1: not given (consumers; followers with an empty cache)
    uint32_t bytes_max = 0;
    Offset offset;
    Offset log_start;
  };
  uint32_t correlation = 0;
  BrokerId replica;  // none: a consumer
  uint8_t reserved = 0;
  ConsumerIndex consumer;  // none: a follower
  BrokerEpoch replica_epoch;
  int64_t wait_max_ns = 0;
  uint32_t bytes_min = 0;
  uint32_t bytes_max = 0;
};
struct FetchResponse {
  struct Item {
    PartitionId partition;
    Error error{};
    uint8_t diverging = 0;  // 1: no data, cut to (diverging_epoch, diverging_end) (KB:R-13)
    LeaderEpoch diverging_epoch;
    Offset diverging_end;
    AppendedId first;  // the run of entries [first, first + count); count 0: no data
    uint32_t count = 0;
    Offset high_watermark;
    Offset log_start;
    Offset fetch_offset;  // of the request, for the response guard (KB:R-41)
    LeaderEpoch current_leader_epoch;
    BrokerId leader_hint;
    uint8_t reserved[3]{};

    friend bool operator==(const Item&, const Item&) = default;
  };
  uint32_t correlation = 0;
  uint32_t reserved = 0;
};

struct ListOffsetsRequest {
  enum class Which : uint8_t { kEarliest, kLatest };
  uint32_t correlation = 0;
  PartitionId partition;
  Which which{};
  uint8_t is_follower = 0;  // a follower sees the log end, a consumer the high watermark (KB:R-44)
  LeaderEpoch current_leader_epoch;
};
struct ListOffsetsResponse {
  uint32_t correlation = 0;
  PartitionId partition;
  Error error{};
  ListOffsetsRequest::Which which{};
  Offset offset;
};
// OffsetsForLeaderEpoch, for clients that validate their position (KC:C-19).
struct EpochEndRequest {
  uint32_t correlation = 0;
  PartitionId partition;
  uint16_t reserved = 0;
  LeaderEpoch current_leader_epoch;
  LeaderEpoch epoch;
};
struct EpochEndResponse {
  uint32_t correlation = 0;
  PartitionId partition;
  Error error{};
  uint8_t reserved = 0;
  LeaderEpoch epoch;
  uint32_t reserved2 = 0;
  Offset end;
};

// ---- Brokers to the controller ----

struct RegisterRequest {
  uint32_t correlation = 0;
  BrokerId broker;
  uint8_t reserved = 0;
  uint16_t incarnation = 0;           // tells this process from the one before
  BrokerEpoch previous_broker_epoch;  // from the clean-shutdown file; -1: none (KB:E-20)
};
struct RegisterResponse {
  uint32_t correlation = 0;
  Error error{};
  uint8_t reserved[3]{};
  BrokerEpoch broker_epoch;
};
struct HeartbeatRequest {
  uint32_t correlation = 0;
  BrokerId broker;
  uint8_t want_fence = 0;
  uint8_t want_shutdown = 0;
  uint8_t reserved = 0;
  BrokerEpoch broker_epoch;
  int64_t metadata_offset = 0;  // applied: records below it
};
struct HeartbeatResponse {
  uint32_t correlation = 0;
  Error error{};
  uint8_t fenced = 0;
  uint8_t should_shut_down = 0;
  uint8_t reserved = 0;
};
struct AlterPartitionRequest {
  struct Item {
    PartitionId partition;
    BrokerSet isr;
    LeaderEpoch leader_epoch;
    PartitionEpoch partition_epoch;
    uint32_t reserved = 0;
    // Of each member of the proposed ISR, by broker; -1: unknown (KB:R-26).
    int64_t member_epochs[kMaxBrokers]{};
  };
  uint32_t correlation = 0;
  BrokerId broker;
  uint8_t reserved[3]{};
  BrokerEpoch broker_epoch;
};
struct AlterPartitionResponse {
  struct Item {
    PartitionId partition;
    BrokerSet isr;
    Error error{};
    BrokerId leader;
    uint16_t reserved = 0;
    LeaderEpoch leader_epoch;
    PartitionEpoch partition_epoch;
  };
  uint32_t correlation = 0;
  Error error{};
  uint8_t reserved[3]{};
};
struct AllocateProducerIdRequest {
  uint32_t correlation = 0;
  BrokerId broker;
  uint8_t reserved[3]{};
};
struct AllocateProducerIdResponse {
  uint32_t correlation = 0;
  int32_t producer_id = -1;
};
// A broker as observer of the metadata log; long-polled (KB:C-30).
struct MetadataFetchRequest {
  uint32_t correlation = 0;
  BrokerId broker;
  uint8_t reserved[3]{};
  int64_t from = 0;  // metadata offset of the first record wanted
};
struct MetadataFetchResponse {
  uint32_t correlation = 0;
  uint32_t reserved = 0;
  int64_t from = 0;  // records [from, to) of Tables::metadata
  int64_t to = 0;
};

// ---- Consumers to the store of committed offsets ----

struct OffsetCommitRequest {
  uint32_t correlation = 0;
  GroupId group;
  PartitionId partition;
  LeaderEpoch epoch;  // of the last record below it; -1: unknown (KC:C-5)
  uint32_t reserved = 0;
  Offset offset;
};
struct OffsetCommitResponse {
  uint32_t correlation = 0;
  PartitionId partition;
  uint16_t reserved = 0;
};
struct OffsetFetchRequest {
  uint32_t correlation = 0;
  GroupId group;
  PartitionId partition;
};
struct OffsetFetchResponse {
  uint32_t correlation = 0;
  PartitionId partition;
  uint16_t reserved = 0;
  LeaderEpoch epoch;
  uint32_t reserved2 = 0;
  Offset offset;  // Unknown: none committed
};

}  // namespace kafka

#endif  // MODEL_KAFKA_VOCABULARY_REQUESTS_H_
