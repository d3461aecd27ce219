// model/kafka/client/timeouts.h
//
// What time alone does to a client: connections that are not made, answers that do not come,
// back-offs and ages that are over (KC:P-35, P-36).
//
// Models:      one request that is older than request.timeout.ms costs its connection, and all
//              requests on it; this is looked for when a poll() returns, and nothing ends a poll()
//              at the very deadline.
// Leaves out:  the loops of a consumer, of which one or the other polls all the time: it notices
//              within some milliseconds.
#ifndef MODEL_KAFKA_CLIENT_TIMEOUTS_H_
#define MODEL_KAFKA_CLIENT_TIMEOUTS_H_

#include "model/kafka/client/metadata.h"
#include "model/kafka/client/settings.h"
#include "model/kafka/client/state.h"

namespace kafka::client {

// The first server whose connection has to be given up, brokers before the offset store; or none.
// The owner closes it and asks again, until there is none.
Peer FirstOverdue(const Context& ctx, Duration request_timeout, const Client& client);

// A set of servers: bit p for Peer p.
struct PeerSet {
  uint16_t value = 0;

  static constexpr PeerSet All() { return {static_cast<uint16_t>((1u << (kMaxBrokers + 1)) - 1)}; }
  constexpr bool contains(Peer peer) const { return ((value >> peer.value) & 1) != 0; }
};

// A poll() that begins now, and returns after `longest` at the latest to begin again: when it is
// noticed that a connection is overdue, or that the back-off of one of `wanted` is over. The first
// such time after now.
sim::MonoTime NextConnectionTime(const Context& ctx, Duration request_timeout, const Client& client,
                                 PeerSet wanted, Duration longest);
// When the client may, or has to, look at its metadata again: the first such time after now.
sim::MonoTime NextMetadataTime(const Context& ctx, Duration max_age, const Metadata& metadata,
                               Topic topic);

}  // namespace kafka::client

#endif  // MODEL_KAFKA_CLIENT_TIMEOUTS_H_
