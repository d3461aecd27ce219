// model/kafka/consumer/network.h
//
// A consumer's side of its network client (model/kafka/client/): what becomes of positions and
// commits when a connection is lost (network.cc).
#ifndef MODEL_KAFKA_CONSUMER_NETWORK_H_
#define MODEL_KAFKA_CONSUMER_NETWORK_H_

#include "model/kafka/client/connections.h"
#include "model/kafka/consumer/settings.h"
#include "model/kafka/consumer/state.h"

namespace kafka::consumer {

inline void RequestMetadata(Process& process) { process.client.metadata.wanted = true; }
void MaybeSendMetadata(const Context& ctx, Consumer& self, Effects& out);
// A ready connection to that broker or to the store of offsets; null: one is being made.
inline client::Node* ReadyNode(const Context& ctx, Consumer& self, client::Peer peer,
                               Effects& out) {
  return client::UsableNode(ctx, ClientSettingsOf(ctx, self), self.process.client, peer, out);
}
// Whether a fetch is in flight there: a broker is asked one at a time (KC:C-6).
bool IsFetching(const client::Node& node);
// The connection is gone, and everything on it fails (KC:P-35, P-36).
void LoseConnection(const Context& ctx, Consumer& self, client::Peer peer);
// Gives up connections that take too long to be made or to answer (KC:P-35, P-36).
void CheckTimeouts(const Context& ctx, Consumer& self, Effects& out);
sim::MonoTime NextNetworkTime(const Context& ctx, const Consumer& self);

}  // namespace kafka::consumer

#endif  // MODEL_KAFKA_CONSUMER_NETWORK_H_
