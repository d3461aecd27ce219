#include "model/kafka/producer/network.h"

#include <algorithm>

#include "model/kafka/client/connections.h"
#include "model/kafka/client/timeouts.h"
#include "model/kafka/producer/outcomes.h"

namespace kafka::producer {
namespace {

bool WantsProducerId(const Context& ctx, const Producer& self) {
  const Process& process = self.process;
  return IsIdempotent(ctx, self) && process.producer_id < 0 && !process.asking_producer_id;
}

// Brokers that something waits for: the leaders of partitions with a batch, or any.
client::PeerSet WantedBrokers(const Process& process, bool any) {
  if (any) return client::PeerSet::All();
  client::PeerSet wanted;
  for (const Partition& partition : process.partitions) {
    if (partition.head == kNil || !partition.leader.exists()) continue;
    wanted.value = static_cast<uint16_t>(wanted.value | 1u << partition.leader.value);
  }
  return wanted;
}

// How long one poll() of the sender lasts at most. While a producer id is asked for, or nobody can
// be asked for metadata yet, it looks again sooner (KC:P-29, P-30).
Duration LongestPoll(const Context& ctx, const Producer& self) {
  const ProducerSettings& settings = SettingsOf(ctx, self);
  if (self.process.asking_producer_id) return settings.retry_backoff;
  if (IsMetadataDue(ctx, self)) return settings.reconnect_backoff;
  return settings.request_timeout;
}

}  // namespace

void MaybeSendMetadata(const Context& ctx, Producer& self, Effects& out) {
  Process& process = self.process;
  const client::Update update = client::MaybeRequestUpdate(ctx, ClientSettingsOf(ctx, self),
                                                           process.client, TopicOf(process), out);
  if (update != client::Update::kNobodyLeft) return;
  // What was known of the topic is dropped, and send() waits (KC:P-37). A broker that is silent, or
  // being connected, keeps it.
  process.topic_known = false;
  for (Partition& partition : process.partitions) partition.leader = BrokerId::None();
}

void MaybeAskProducerId(const Context& ctx, Producer& self, Effects& out) {
  Process& process = self.process;
  if (process.producer_id >= 0 || process.asking_producer_id) return;
  if (ctx.mono < process.producer_id_retry_at) return;
  const client::Settings settings = ClientSettingsOf(ctx, self);
  const uint32_t attempt = process.producer_id_requests;
  const BrokerId broker = client::LeastLoaded(ctx, settings, process.client, attempt);
  if (!broker.exists()) return;
  client::Node* node =
      client::UsableNode(ctx, settings, process.client, client::PeerOf(broker), out);
  if (node == nullptr) return;
  const uint32_t correlation = client::Track(process.client, *node, RequestKind::kInitProducerId,
                                             client::kNoSubject, ctx.mono);
  const sim::About about{.uid = sim::Mix(process.client.name, 1), .attempt = attempt};
  process.asking_producer_id = true;
  ++process.producer_id_requests;
  out.Send({.connection = node->connection, .about = about, .wire_bytes = client::kWireOverhead},
           InitProducerIdRequest{.correlation = correlation});
}

void LoseConnection(const Context& ctx, Producer& self, client::Peer peer, Error error,
                    Effects& out) {
  Process& process = self.process;
  const auto failed =
      client::LoseConnection(ctx, ClientSettingsOf(ctx, self), process.client, peer);
  for (const client::Request& request : failed) {
    switch (request.As<RequestKind>()) {
      case RequestKind::kMetadata:
        break;  // the client's own
      case RequestKind::kInitProducerId:
        process.asking_producer_id = false;
        break;
      case RequestKind::kProduce:
        FailBatches(ctx, self, request.subject, error, out);
        break;
    }
  }
}

void CheckTimeouts(const Context& ctx, Producer& self, Effects& out) {
  const Duration request_timeout = SettingsOf(ctx, self).request_timeout;
  client::Client& client = self.process.client;
  for (;;) {
    const client::Peer late = client::FirstOverdue(ctx, request_timeout, client);
    if (!late.exists()) return;
    out.Close(client.nodes[late].connection);
    LoseConnection(ctx, self, late, Error::kRequestTimedOut, out);
  }
}

sim::MonoTime NextNetworkTime(const Context& ctx, const Producer& self) {
  const Process& process = self.process;
  const ProducerSettings& settings = SettingsOf(ctx, self);
  const client::Metadata& metadata = process.client.metadata;
  const bool asks_metadata =
      !metadata.in_flight &&
      client::NeedsUpdate(metadata, settings.metadata_max_age, TopicOf(process), ctx.mono);
  const bool asks_id = WantsProducerId(ctx, self);
  const client::PeerSet wanted = WantedBrokers(process, asks_metadata || asks_id);
  const sim::MonoTime wake = std::min(
      client::NextConnectionTime(ctx, settings.request_timeout, process.client, wanted,
                                 LongestPoll(ctx, self)),
      client::NextMetadataTime(ctx, settings.metadata_max_age, metadata, TopicOf(process)));
  if (!asks_id || process.producer_id_retry_at <= ctx.mono) return wake;
  return std::min(wake, process.producer_id_retry_at);
}

void AcceptLeader(Partition& partition, BrokerId leader, LeaderEpoch epoch) {
  if (epoch < partition.leader_epoch) return;
  partition.leader = leader;
  partition.leader_epoch = epoch;
}

}  // namespace kafka::producer
