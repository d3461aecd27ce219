// model/kafka/targets.h
//
// Whom a fault meets, in a Kafka world: what a sim::FaultTarget holds there, and how it is
// resolved.
#ifndef MODEL_KAFKA_TARGETS_H_
#define MODEL_KAFKA_TARGETS_H_

#include <cstdint>

#include "model/kafka/setup.h"
#include "model/kafka/vocabulary/ids.h"
#include "sim/engine.h"
#include "sim/faults/fault.h"

namespace kafka {

// Brokers by role in a partition, as the controller sees it at that moment.
enum class Role : uint8_t {
  kNone = 0,   // only what `brokers` names
  kLeader,     // none just now: the last one
  kFollower,   // the first follower in assignment order that is in the ISR, else the first that is
               // up
  kFollowers,  // all replicas but the leader
  kReplicas,
  kOthers,    // every broker but the leader
  kProducer,  // number in `brokers`
  kConsumer,
};

// A power loss takes this much around the target.
enum class Domain : uint8_t { kHost = 0, kRack, kRoom, kAll };

struct Target {
  static constexpr uint32_t kPartitionOfNote =
      0xffffffff;  // of the note that fired, else the first

  Role role = Role::kNone;
  Domain domain = Domain::kHost;
  bool controller = false;
  bool clients = false;
  bool everybody_else = false;  // every host that is not on the other side
  uint8_t unused = 0;           // no padding
  uint16_t brokers = 0;         // a BrokerSet's bits; with kProducer, kConsumer: its number
  uint32_t partition = kPartitionOfNote;
};

// Role and flags are one word, as long as fault times are drawn by this hash: another one would
// draw them all anew.
inline void HashInto(sim::StableHash& hash, const Target& target) {
  const auto& [role, domain, controller, clients, everybody_else, unused, brokers, partition] =
      target;
  static_cast<void>(unused);
  const uint32_t flags = static_cast<uint32_t>(domain) | uint32_t{controller} << 4 |
                         uint32_t{clients} << 5 | uint32_t{everybody_else} << 6;
  hash(static_cast<uint16_t>(static_cast<uint32_t>(role) | flags << 8), brokers, partition);
}

// What a role means at this moment, for ResolveTarget.
struct RoleView {
  BrokerId leader;  // current, or the last one
  BrokerSet isr;
  BrokerSet up;  // brokers whose process runs
};

// Machines and hosts of `target`. `other`: the side that has been resolved already, or null.
sim::Engine::Resolved ResolveTarget(const Setup& setup, const sim::Engine& engine,
                                    const Target& target, PartitionId partition,
                                    const RoleView& view, const sim::Engine::Resolved* other);

}  // namespace kafka

#endif  // MODEL_KAFKA_TARGETS_H_
