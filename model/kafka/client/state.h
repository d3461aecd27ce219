// model/kafka/client/state.h
//
// What every Kafka client holds of its servers: one connection to each, the requests that have no
// answer, and how old its metadata are.
//
// Survives:    nothing: it is memory of its owner's process.
// Invariants:  (1) answers come in the order of the requests, connection by connection (KC:P-33);
//              (2) a node that is not ready has no request in flight.
// Leaves out:  idle connections that close (connections.max.idle.ms), throttling, and
//              metadata.recovery.rebootstrap.trigger.ms (KC:P-37).
//
// The owner (a producer, a consumer) says what its requests are about and what becomes of those
// that fail: functions here return what has failed, and call nobody back.
#ifndef MODEL_KAFKA_CLIENT_STATE_H_
#define MODEL_KAFKA_CLIENT_STATE_H_

#include <cstdint>
#include <vector>

#include "model/kafka/context.h"
#include "sim/id_map.h"
#include "sim/time.h"

namespace kafka::client {

// A server that a client connects to: a broker, or the store of committed offsets.
using Peer = sim::Id<struct PeerTag, uint8_t>;
constexpr Peer PeerOf(BrokerId broker) { return {broker.value}; }
constexpr Peer kOffsetStore{kMaxBrokers};
constexpr bool IsBroker(Peer peer) { return peer.value < kMaxBrokers; }
constexpr BrokerId BrokerOf(Peer peer) {
  return IsBroker(peer) ? BrokerId{peer.value} : BrokerId::None();
}

constexpr uint32_t kNoSubject = UINT32_MAX;

// A request that has no answer yet. `kind` is of an enum of the owner's, and `subject` what a
// request of that kind is about, as the owner counts.
struct Request {
  uint8_t kind = 0;
  uint32_t correlation = 0;
  uint32_t subject = kNoSubject;
  sim::MonoTime sent{};

  template <typename Kind>
  constexpr Kind As() const {
    return static_cast<Kind>(kind);
  }
  friend bool operator==(const Request&, const Request&) = default;
};

// The one connection to a server (KC:P-32..P-36). kConnecting: TCP's handshake, which a kernel
// answers for a process that stands still. kAsking: the server has been asked for its versions.
// kReady: it has answered.
struct Node {
  enum class State : uint8_t { kIdle, kConnecting, kAsking, kReady };
  State state = State::kIdle;
  uint8_t failures = 0;   // in a row; 0 again when a connection is ready
  uint32_t connects = 0;  // attempts so far
  sim::ConnectionId connection;
  sim::MonoTime retry_at{};        // kIdle: no connection before
  sim::MonoTime setup_deadline{};  // kConnecting, kAsking: given up after that
  std::vector<Request> in_flight;  // oldest first

  friend bool operator==(const Node&, const Node&) = default;
};

struct Metadata {
  bool wanted = false;
  bool in_flight = false;
  BrokerSet known;  // of the last answer; none: those of bootstrap.servers, which are all
  uint32_t requests = 0;
  uint32_t unchanged = 0;  // failed or equivalent refreshes in a row (KC:P-54)
  sim::MonoTime next_allowed{};
  sim::MonoTime last_success{};

  friend bool operator==(const Metadata&, const Metadata&) = default;
};

struct Client {
  uint64_t name = 0;  // hash of the declared name
  uint32_t correlation = 0;
  Metadata metadata;
  sim::IdMap<Peer, Node, kMaxBrokers + 1> nodes;

  Node& node(BrokerId broker) { return nodes[PeerOf(broker)]; }
  const Node& node(BrokerId broker) const { return nodes[PeerOf(broker)]; }
  uint32_t NextCorrelation() { return ++correlation; }
  friend bool operator==(const Client&, const Client&) = default;
};

}  // namespace kafka::client

#endif  // MODEL_KAFKA_CLIENT_STATE_H_
