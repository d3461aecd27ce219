#include "model/kafka/client/connections.h"

#include <utility>

#include "model/kafka/client/backoff.h"
#include "model/kafka/client/metadata.h"
#include "sim/inline_vec.h"

namespace kafka::client {
namespace {

using State = Node::State;

uint64_t UidOfNode(const Context& ctx, const Client& client, Peer peer) {
  if (peer == kOffsetStore) return sim::Mix(client.name, sim::HashName("offsets"));
  return sim::Mix(client.name, sim::HashName(ctx.setup->brokers[peer.value].name));
}

sim::About AboutNode(const Context& ctx, const Client& client, Peer peer) {
  return {.uid = UidOfNode(ctx, client, peer), .attempt = client.nodes[peer].connects};
}

sim::MachineId MachineOfPeer(Peer peer) {
  return IsBroker(peer) ? MachineOf(BrokerOf(peer)) : kOffsetStoreMachine;
}

// Those of the last metadata (KC:P-56), in order; all before the first.
using Brokers = sim::InlineVec<BrokerId, kMaxBrokers>;
Brokers KnownBrokers(const Context& ctx, const Client& client) {
  Brokers known;
  const BrokerSet told = client.metadata.known;
  for (uint8_t i = 0; i < ctx.setup->brokers.size(); ++i) {
    if (told.empty() || told.contains({i})) known.push_back({i});
  }
  return known;
}

}  // namespace

void MaybeConnect(const Context& ctx, Client& client, Peer peer, Effects& out) {
  Node& node = client.nodes[peer];
  if (!CanConnect(node, ctx.mono)) return;
  const sim::About about = AboutNode(ctx, client, peer);
  node.state = State::kConnecting;
  node.setup_deadline = ctx.mono + kSetupTimeout;
  ++node.connects;
  node.connection = out.Connect(MachineOfPeer(peer), about);
}

Node* UsableNode(const Context& ctx, const Settings& settings, Client& client, Peer peer,
                 Effects& out) {
  Node& node = client.nodes[peer];
  if (IsUsable(node, settings.max_in_flight)) return &node;
  MaybeConnect(ctx, client, peer, out);
  return nullptr;
}

Peer PeerAt(const Client& client, sim::ConnectionId connection) {
  for (uint8_t i = 0; i < client.nodes.capacity(); ++i) {
    const Node& node = client.nodes[Peer{i}];
    if (node.state != State::kIdle && node.connection == connection) return {i};
  }
  return Peer::None();
}

bool BeginHandshake(const Context& ctx, const Settings& settings, Client& client,
                    sim::ConnectionId connection, Effects& out) {
  const Peer peer = PeerAt(client, connection);
  if (!peer.exists()) return false;
  Node& node = client.nodes[peer];
  node.state = State::kAsking;
  node.setup_deadline = ctx.mono + settings.request_timeout;
  out.Send({.connection = connection,
            .about = AboutNode(ctx, client, peer),
            .wire_bytes = kWireOverhead},
           ApiVersionsRequest{.correlation = node.connects});
  return true;
}

bool FinishHandshake(Client& client, sim::ConnectionId connection) {
  const Peer peer = PeerAt(client, connection);
  if (!peer.exists()) return false;
  Node& node = client.nodes[peer];
  SIM_CHECK(node.state == State::kAsking);  // who has not been asked does not answer
  node.state = State::kReady;
  node.failures = 0;
  return true;
}

std::vector<Request> LoseConnection(const Context& ctx, const Settings& settings, Client& client,
                                    Peer peer) {
  Node& node = client.nodes[peer];
  node.state = State::kIdle;
  node.connection = {};
  node.retry_at =
      ctx.mono + Backoff(ctx, settings.reconnect, node.failures, settings.purposes.reconnect_jitter,
                         AboutNode(ctx, client, peer));
  if (node.failures < UINT8_MAX) ++node.failures;
  if (IsBroker(peer)) client.metadata.wanted = true;
  std::vector<Request> failed = std::exchange(node.in_flight, {});
  for (const Request& request : failed) {
    if (request.kind == settings.metadata_kind) UpdateFailed(ctx, settings, client);
  }
  return failed;
}

void CloseAll(Client& client, Effects& out) {
  static const Node kUnused{};
  for (Node& node : client.nodes) {
    if (node.state != State::kIdle) out.Close(node.connection);
    node = kUnused;
  }
}

std::optional<Request> TakeAnswered(Node& node, uint32_t correlation) {
  if (node.in_flight.empty()) return std::nullopt;
  const Request oldest = node.in_flight.front();
  if (oldest.correlation != correlation) return std::nullopt;
  node.in_flight.erase(node.in_flight.begin());
  return oldest;
}

std::optional<Request> TakeAnswered(Client& client, sim::ConnectionId connection,
                                    uint32_t correlation) {
  const Peer peer = PeerAt(client, connection);
  if (!peer.exists()) return std::nullopt;
  return TakeAnswered(client.nodes[peer], correlation);
}

BrokerId LeastLoaded(const Context& ctx, const Settings& settings, const Client& client,
                     uint32_t attempt) {
  const Brokers known = KnownBrokers(ctx, client);
  const auto start =
      static_cast<uint32_t>(ctx.Choose(settings.purposes.least_loaded_start,
                                       {.uid = client.name, .attempt = attempt}, known.size()));
  BrokerId best;
  BrokerId connecting;
  BrokerId connectable;
  for (uint32_t i = 0; i < known.size(); ++i) {
    const BrokerId broker = known[(start + i) % known.size()];
    const Node& node = client.node(broker);
    if (IsUsable(node, settings.max_in_flight)) {
      const bool better =
          !best.exists() || node.in_flight.size() < client.node(best).in_flight.size();
      if (better) best = broker;
    } else if (IsBeingMade(node)) {
      connecting = broker;
    } else if (CanConnect(node, ctx.mono) && !connectable.exists()) {
      connectable = broker;
    }
  }
  if (best.exists()) return best;
  return connecting.exists() ? connecting : connectable;
}

bool AllRefuse(const Context& ctx, const Client& client) {
  for (const BrokerId broker : KnownBrokers(ctx, client)) {
    const Node& node = client.node(broker);
    if (node.state != State::kIdle || CanConnect(node, ctx.mono)) return false;
  }
  return true;
}

}  // namespace kafka::client
