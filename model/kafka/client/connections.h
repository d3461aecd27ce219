// model/kafka/client/connections.h
//
// A client's connections: opened on demand, one to each server, and what is in flight on them
// (KC:P-32, P-33, P-36).
//
// Leaves out:  a connection set-up time-out that grows to 30 s.
#ifndef MODEL_KAFKA_CLIENT_CONNECTIONS_H_
#define MODEL_KAFKA_CLIENT_CONNECTIONS_H_

#include <optional>
#include <vector>

#include "model/kafka/client/settings.h"
#include "model/kafka/client/state.h"

namespace kafka::client {

constexpr uint32_t kWireOverhead = 100;  // bytes of a message beside its records
// socket.connection.setup.timeout.ms (KC:P-36).
constexpr Duration kSetupTimeout = sim::Seconds(10);

// Whether a request may be handed to that node now.
inline bool IsUsable(const Node& node, uint32_t max_in_flight) {
  return node.state == Node::State::kReady && node.in_flight.size() < max_in_flight;
}
inline bool IsBeingMade(const Node& node) {
  return node.state == Node::State::kConnecting || node.state == Node::State::kAsking;
}
inline bool CanConnect(const Node& node, sim::MonoTime now) {
  return node.state == Node::State::kIdle && now >= node.retry_at;
}
// Starts a connection, if none is there and the back-off is over.
void MaybeConnect(const Context& ctx, Client& client, Peer peer, Effects& out);
// That node if it is usable. Null: it is not yet, and is being connected if it can be.
Node* UsableNode(const Context& ctx, const Settings& settings, Client& client, Peer peer,
                 Effects& out);
// The server at the other end, or none: the connection has been given up.
Peer PeerAt(const Client& client, sim::ConnectionId connection);
// TCP is up: asks the server for its versions, and until it has answered nothing else is sent
// (KC:P-32). False: that connection has been given up.
bool BeginHandshake(const Context& ctx, const Settings& settings, Client& client,
                    sim::ConnectionId connection, Effects& out);
// The server has answered the handshake. False: that connection has been given up.
bool FinishHandshake(Client& client, sim::ConnectionId connection);
// The connection is gone: its back-off begins, and new metadata are wanted if it was a broker's
// (KC:P-36). Returns what was in flight, oldest first; all of it has failed (KC:P-35). The failure
// of a metadata request has been seen to; all others are the owner's.
[[nodiscard]] std::vector<Request> LoseConnection(const Context& ctx, const Settings& settings,
                                                  Client& client, Peer peer);
// Closes every connection; the nodes are as at the start.
void CloseAll(Client& client, Effects& out);

// Notes down a request that is being sent; returns its correlation.
template <typename Kind>
uint32_t Track(Client& client, Node& node, Kind kind, uint32_t subject, sim::MonoTime now) {
  const uint32_t correlation = client.NextCorrelation();
  node.in_flight.push_back({.kind = static_cast<uint8_t>(kind),
                            .correlation = correlation,
                            .subject = subject,
                            .sent = now});
  return correlation;
}
// Takes off the request that is answered, which is the oldest; none if the answer is to no request.
std::optional<Request> TakeAnswered(Node& node, uint32_t correlation);
std::optional<Request> TakeAnswered(Client& client, sim::ConnectionId connection,
                                    uint32_t correlation);

// A usable broker with the fewest requests in flight, looked for from a random start that `attempt`
// keys; else one that is being connected; else one that can be (KC:P-56). None: all have failed
// just now, or are full.
BrokerId LeastLoaded(const Context& ctx, const Settings& settings, const Client& client,
                     uint32_t attempt);
// Whether no broker is connected or may be connected now.
bool AllRefuse(const Context& ctx, const Client& client);

}  // namespace kafka::client

#endif  // MODEL_KAFKA_CLIENT_CONNECTIONS_H_
