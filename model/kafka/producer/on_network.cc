// Connections, metadata, producer ids.
#include <algorithm>

#include "model/kafka/client/connections.h"
#include "model/kafka/producer/handlers.h"
#include "model/kafka/producer/network.h"
#include "model/kafka/producer/sender.h"
#include "model/kafka/producer/settings.h"

namespace kafka::producer {
namespace {

// A partition that was added to the topic: from now on keys are spread over one more (KC:P-20).
bool IsNew(const Context& ctx, const Producer& self, PartitionId id) {
  const PartitionSetup& partition = ctx.setup->partitions[id.value];
  if (partition.added_by < 0 || partition.topic != SetupOf(ctx, self).program.topic) return false;
  const auto& known = self.process.partitions;
  return std::none_of(known.begin(), known.end(),
                      [&](const Partition& each) { return each.id == id; });
}

// True if some partition has another leader, or a newer epoch, than before.
bool AcceptMetadata(const Context& ctx, const sim::Received<MetadataResponse>& event,
                    Producer& self) {
  Process& process = self.process;
  bool changed = false;
  for (const MetadataResponse::Item& item : event.items) {
    if (IsNew(ctx, self, item.partition)) process.partitions.emplace_back().id = item.partition;
    for (Partition& partition : process.partitions) {
      if (partition.id != item.partition) continue;
      const BrokerId before = partition.leader;
      const LeaderEpoch epoch = partition.leader_epoch;
      AcceptLeader(partition, item.leader, item.leader_epoch);
      changed |= before != partition.leader || epoch != partition.leader_epoch;
    }
  }
  return changed;
}

// A retriable error in the answer asks for the next one (KC:P-54).
bool SomeLeaderIsUnknown(const Process& process) {
  for (const Partition& partition : process.partitions) {
    if (!partition.leader.exists()) return true;
  }
  return false;
}

}  // namespace

void OnConnected(const Context& ctx, Producer& self, const sim::Received<sim::Connected>& event,
                 Effects& out) {
  EndOverduePoll(ctx, self, out);
  const client::Settings settings = ClientSettingsOf(ctx, self);
  client::BeginHandshake(ctx, settings, self.process.client, event.connection, out);
  AfterPoll(ctx, self, out);
}

void OnApiVersionsResponse(const Context& ctx, Producer& self,
                           const sim::Received<ApiVersionsResponse>& event, Effects& out) {
  EndOverduePoll(ctx, self, out);
  client::FinishHandshake(self.process.client, event.connection);
  AfterPoll(ctx, self, out);
}

void OnDisconnected(const Context& ctx, Producer& self,
                    const sim::Received<sim::Disconnected>& event, Effects& out) {
  EndOverduePoll(ctx, self, out);
  const client::Peer peer = client::PeerAt(self.process.client, event.connection);
  if (peer.exists()) LoseConnection(ctx, self, peer, Error::kNetworkException, out);
  AfterPoll(ctx, self, out);
}

namespace {

void TakeMetadata(const Context& ctx, Producer& self,
                  const sim::Received<MetadataResponse>& event) {
  Process& process = self.process;
  if (!client::TakeAnswered(process.client, event.connection, event.body.correlation)) return;
  const bool is_answer = !event.body.alive.empty();
  const bool changed = is_answer && AcceptMetadata(ctx, event, self);
  if (is_answer) process.topic_known = !event.items.empty();
  client::UpdateArrived(ctx, ClientSettingsOf(ctx, self), process.client,
                        {.alive = event.body.alive, .changed = changed});
  if (SomeLeaderIsUnknown(process)) RequestMetadata(process);
}

void TakeProducerId(const Context& ctx, Producer& self,
                    const sim::Received<InitProducerIdResponse>& event) {
  Process& process = self.process;
  if (!client::TakeAnswered(process.client, event.connection, event.body.correlation)) return;
  process.asking_producer_id = false;
  if (event.body.error == Error::kNone) {
    process.producer_id = event.body.producer_id;
    process.producer_epoch = event.body.producer_epoch;
  } else {  // asked again for as long as it takes (KC:I-1)
    process.producer_id_retry_at = ctx.mono + SettingsOf(ctx, self).retry_backoff;
  }
}

}  // namespace

void OnMetadataResponse(const Context& ctx, Producer& self,
                        const sim::Received<MetadataResponse>& event, Effects& out) {
  EndOverduePoll(ctx, self, out);
  TakeMetadata(ctx, self, event);
  AfterPoll(ctx, self, out);
}

void OnInitProducerIdResponse(const Context& ctx, Producer& self,
                              const sim::Received<InitProducerIdResponse>& event, Effects& out) {
  EndOverduePoll(ctx, self, out);
  TakeProducerId(ctx, self, event);
  AfterPoll(ctx, self, out);
}

}  // namespace kafka::producer
