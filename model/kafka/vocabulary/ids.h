// model/kafka/vocabulary/ids.h
//
// Offsets, epochs and ids of a partitioned log. A point and a distance are different types; what
// has no meaning together does not compile.
#ifndef MODEL_KAFKA_VOCABULARY_IDS_H_
#define MODEL_KAFKA_VOCABULARY_IDS_H_

#include <bit>
#include <compare>
#include <cstdint>

#include "sim/check.h"
#include "sim/hash.h"
#include "sim/ids.h"

namespace kafka {

using sim::Id;

// A count of records: the distance between two offsets.
struct RecordCount {
  int64_t value = 0;
  friend constexpr auto operator<=>(const RecordCount&, const RecordCount&) = default;
};

// A place in a partition's log. Log ends and high watermarks are exclusive: the next offset.
struct Offset {
  int64_t value = 0;

  static constexpr Offset Unknown() { return {-1}; }
  constexpr bool known() const { return value >= 0; }
  friend constexpr auto operator<=>(const Offset&, const Offset&) = default;
  friend constexpr Offset operator+(Offset o, RecordCount n) { return {o.value + n.value}; }
  friend constexpr Offset operator-(Offset o, RecordCount n) { return {o.value - n.value}; }
  friend constexpr RecordCount operator-(Offset a, Offset b) { return {a.value - b.value}; }
};

// Bumped by the controller whenever the leader field is written (KB:E-1). -1: none.
struct LeaderEpoch {
  int32_t value = -1;
  friend constexpr auto operator<=>(const LeaderEpoch&, const LeaderEpoch&) = default;
};
// Bumped on every partition record (KB:E-1).
struct PartitionEpoch {
  int32_t value = -1;
  friend constexpr auto operator<=>(const PartitionEpoch&, const PartitionEpoch&) = default;
};
// The metadata offset of a broker's registration (KB:C-3). -1: none.
struct BrokerEpoch {
  int64_t value = -1;
  friend constexpr auto operator<=>(const BrokerEpoch&, const BrokerEpoch&) = default;
};

using PartitionId = Id<struct PartitionTag, uint16_t>;  // dense over all topics
using TopicId = Id<struct TopicTag, uint16_t>;
using ProducerIndex = Id<struct ProducerTag, uint16_t>;  // the n-th declared producer
using ConsumerIndex = Id<struct ConsumerTag, uint16_t>;
using GroupId = Id<struct GroupTag, uint16_t>;
using MessageId = Id<struct MessageTag, uint32_t>;    // in Tables::messages, in order of send()
using BatchId = Id<struct BatchTag, uint32_t>;        // in Tables::batches
using AppendedId = Id<struct AppendedTag, uint32_t>;  // in its partition's table of appends

constexpr uint32_t kMaxBrokers = 12;
constexpr uint32_t kMaxPartitions = 64;
constexpr uint32_t kMaxProducers = 16;
constexpr uint32_t kMaxConsumers = 16;

// A broker's index in the cluster, from 0. What people see is node.id, which is index + 1.
struct BrokerId {
  static constexpr uint8_t kNone = 0xff;
  uint8_t value = kNone;

  static constexpr BrokerId None() { return {}; }
  constexpr bool exists() const { return value != kNone; }
  constexpr int node_id() const { return value + 1; }
  friend constexpr auto operator<=>(const BrokerId&, const BrokerId&) = default;
};

// A set of brokers: an ISR, an ELR. Order is that of the partition's assignment, never of the set.
struct BrokerSet {
  uint16_t value = 0;

  static constexpr BrokerSet Of(BrokerId broker) {
    return {static_cast<uint16_t>(1u << broker.value)};
  }
  constexpr bool contains(BrokerId broker) const {
    return broker.exists() && ((value >> broker.value) & 1) != 0;
  }
  constexpr bool empty() const { return value == 0; }
  constexpr int size() const {  // by hand: without -mpopcnt the library's is a call
    uint32_t bits = value - ((value >> 1) & 0x5555u);
    bits = (bits & 0x3333u) + ((bits >> 2) & 0x3333u);
    bits = (bits + (bits >> 4)) & 0x0f0fu;
    return static_cast<int>((bits + (bits >> 8)) & 0x1fu);
  }
  constexpr BrokerSet With(BrokerId broker) const {
    return {static_cast<uint16_t>(value | 1u << broker.value)};
  }
  constexpr BrokerSet Without(BrokerId broker) const {
    return {static_cast<uint16_t>(value & ~(1u << broker.value))};
  }
  friend constexpr BrokerSet operator|(BrokerSet a, BrokerSet b) {
    return {static_cast<uint16_t>(a.value | b.value)};
  }
  friend constexpr BrokerSet operator&(BrokerSet a, BrokerSet b) {
    return {static_cast<uint16_t>(a.value & b.value)};
  }
  friend constexpr BrokerSet operator-(BrokerSet a, BrokerSet b) {
    return {static_cast<uint16_t>(a.value & ~b.value)};
  }
  friend constexpr auto operator<=>(const BrokerSet&, const BrokerSet&) = default;
};

}  // namespace kafka

#endif  // MODEL_KAFKA_VOCABULARY_IDS_H_
