#include "model/kafka/client/metadata.h"

#include <algorithm>

#include "model/kafka/client/backoff.h"
#include "model/kafka/client/connections.h"

namespace kafka::client {
namespace {

// The next update is not asked for before (KC:P-54).
void SpaceUpdates(const Context& ctx, const Settings& settings, Client& client) {
  Metadata& metadata = client.metadata;
  const uint32_t n = metadata.unchanged > 0 ? metadata.unchanged - 1 : 0;
  metadata.next_allowed =
      ctx.mono + Backoff(ctx, settings.metadata_retry, n, settings.purposes.metadata_jitter,
                         {.uid = client.name, .attempt = metadata.requests});
}

}  // namespace

Update MaybeRequestUpdate(const Context& ctx, const Settings& settings, Client& client, Topic topic,
                          Effects& out) {
  Metadata& metadata = client.metadata;
  if (!IsUpdateDue(metadata, settings.metadata_max_age, topic, ctx.mono)) return Update::kNotSent;
  const BrokerId broker = LeastLoaded(ctx, settings, client, metadata.requests);
  if (!broker.exists()) {
    const bool forgets = settings.recovery == MetadataRecovery::kRebootstrap;
    if (!forgets || !AllRefuse(ctx, client)) return Update::kNotSent;
    metadata.known = {};
    return Update::kNobodyLeft;
  }
  Node* node = UsableNode(ctx, settings, client, PeerOf(broker), out);
  if (node == nullptr) return Update::kNotSent;
  const uint32_t correlation = Track(client, *node, settings.metadata_kind, kNoSubject, ctx.mono);
  const sim::About about{.uid = client.name, .attempt = metadata.requests};
  metadata.in_flight = true;
  metadata.wanted = false;
  ++metadata.requests;
  out.Send({.connection = node->connection, .about = about, .wire_bytes = kWireOverhead},
           MetadataRequest{.correlation = correlation});
  return Update::kSent;
}

void UpdateFailed(const Context& ctx, const Settings& settings, Client& client) {
  Metadata& metadata = client.metadata;
  metadata.in_flight = false;
  metadata.wanted = true;
  ++metadata.unchanged;
  SpaceUpdates(ctx, settings, client);
}

// What was asked for meanwhile is answered too, even if the answer was made before (KC:P-54).
void UpdateArrived(const Context& ctx, const Settings& settings, Client& client,
                   const Answer& answer) {
  if (answer.alive.empty()) return UpdateFailed(ctx, settings, client);
  Metadata& metadata = client.metadata;
  metadata.known = answer.alive;
  metadata.wanted = false;
  metadata.in_flight = false;
  metadata.last_success = ctx.mono;
  metadata.unchanged = answer.changed ? 0 : metadata.unchanged + 1;
  SpaceUpdates(ctx, settings, client);
}

}  // namespace kafka::client
