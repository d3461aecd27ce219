// model/kafka/producer/network.h
//
// A producer's side of its network client (model/kafka/client/): what is asked, and what becomes of
// batches and producer ids when a connection is lost (network.cc).
#ifndef MODEL_KAFKA_PRODUCER_NETWORK_H_
#define MODEL_KAFKA_PRODUCER_NETWORK_H_

#include "model/kafka/client/metadata.h"
#include "model/kafka/producer/settings.h"
#include "model/kafka/producer/state.h"

namespace kafka::producer {

inline client::Topic TopicOf(const Process& process) {
  return process.topic_known ? client::Topic::kIsKnown : client::Topic::kIsMissing;
}
inline void RequestMetadata(Process& process) { process.client.metadata.wanted = true; }
// It is time to ask for metadata, and nobody has been asked (KC:P-32).
inline bool IsMetadataDue(const Context& ctx, const Producer& self) {
  return client::IsUpdateDue(self.process.client.metadata, SettingsOf(ctx, self).metadata_max_age,
                             TopicOf(self.process), ctx.mono);
}
void MaybeSendMetadata(const Context& ctx, Producer& self, Effects& out);
// Any broker can give an id, and is asked for as long as it takes (KC:I-1).
void MaybeAskProducerId(const Context& ctx, Producer& self, Effects& out);
// The connection is gone, and everything on it fails (KC:P-35, P-36).
void LoseConnection(const Context& ctx, Producer& self, client::Peer peer, Error error,
                    Effects& out);
// poll() returns: gives up connections that take too long to be made or to answer (KC:P-35, P-36).
void CheckTimeouts(const Context& ctx, Producer& self, Effects& out);
sim::MonoTime NextNetworkTime(const Context& ctx, const Producer& self);
// What some server says of a partition's leader. An older epoch is ignored (KC:P-55).
void AcceptLeader(Partition& partition, BrokerId leader, LeaderEpoch epoch);

}  // namespace kafka::producer

#endif  // MODEL_KAFKA_PRODUCER_NETWORK_H_
