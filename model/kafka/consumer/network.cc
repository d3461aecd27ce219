#include "model/kafka/consumer/network.h"

#include <algorithm>

#include "model/kafka/client/metadata.h"
#include "model/kafka/client/timeouts.h"
#include "model/kafka/consumer/commits.h"
#include "model/kafka/consumer/positions.h"

namespace kafka::consumer {
namespace {

// A consumer has its leaders from the metadata alone; which of them are missing its partitions say.
constexpr client::Topic kTopic = client::Topic::kIsKnown;

// Some thread of a consumer polls nearly always.
constexpr Duration kPollInterval = sim::Milliseconds(1);

void FailRequest(const Context& ctx, Consumer& self, const client::Request& request) {
  Process& process = self.process;
  switch (request.As<RequestKind>()) {
    case RequestKind::kMetadata:
      return;  // the client's own
    case RequestKind::kListOffsets:
    case RequestKind::kEpochEnd:
    case RequestKind::kOffsetFetch: {
      Partition& partition = process.partitions[request.subject];
      if (partition.asked == request.correlation) RetryLater(ctx, self, partition);
      return;
    }
    case RequestKind::kOffsetCommit:
      return LoseCommits(process);
    case RequestKind::kFetch:
      return;  // the next one starts at the same position
  }
}

}  // namespace

void MaybeSendMetadata(const Context& ctx, Consumer& self, Effects& out) {
  Process& process = self.process;
  const client::Update update =
      client::MaybeRequestUpdate(ctx, ClientSettingsOf(ctx, self), process.client, kTopic, out);
  if (update != client::Update::kNobodyLeft) return;
  for (Partition& partition : process.partitions) partition.leader = BrokerId::None();
}

bool IsFetching(const client::Node& node) {
  return std::any_of(node.in_flight.begin(), node.in_flight.end(), [](const client::Request& r) {
    return r.As<RequestKind>() == RequestKind::kFetch;
  });
}

void LoseConnection(const Context& ctx, Consumer& self, client::Peer peer) {
  const auto failed =
      client::LoseConnection(ctx, ClientSettingsOf(ctx, self), self.process.client, peer);
  for (const client::Request& request : failed) FailRequest(ctx, self, request);
}

void CheckTimeouts(const Context& ctx, Consumer& self, Effects& out) {
  const Duration request_timeout = SettingsOf(ctx, self).request_timeout;
  client::Client& client = self.process.client;
  for (;;) {
    const client::Peer late = client::FirstOverdue(ctx, request_timeout, client);
    if (!late.exists()) return;
    out.Close(client.nodes[late].connection);
    LoseConnection(ctx, self, late);
  }
}

sim::MonoTime NextNetworkTime(const Context& ctx, const Consumer& self) {
  const ConsumerSettings& settings = SettingsOf(ctx, self);
  const client::Client& client = self.process.client;
  return std::min(
      client::NextConnectionTime(ctx, settings.request_timeout, client, client::PeerSet::All(),
                                 kPollInterval),
      client::NextMetadataTime(ctx, settings.metadata_max_age, client.metadata, kTopic));
}

}  // namespace kafka::consumer
