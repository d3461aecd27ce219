// Small requests of clients: versions, metadata, producer ids, offsets, ends of epochs.
#include <algorithm>

#include "model/kafka/broker/choice_keys.h"
#include "model/kafka/broker/handlers.h"
#include "model/kafka/broker/replication/leader.h"
#include "model/kafka/broker/requests/producer_ids.h"
#include "model/kafka/broker/requests/request_threads.h"

namespace kafka::broker {
namespace {

// Not about any message: the clients' own counting tells such requests apart.
sim::About AboutClient(const Context& ctx, Process& process, ConnectionId connection) {
  return NextAbout(process, connection, ctx.self_name);
}

// A partition that the cache does not know, or that is not hosted here, is told apart (KB:P-7)
// before its leadership is looked at (KB:R-11).
Error CheckPartition(const Context& ctx, const Process& process, PartitionId id,
                     LeaderEpoch epoch) {
  if (process.view[id.value].leader_epoch.value < 0) return Error::kUnknownTopicOrPartition;
  const Partition* partition = process.Find(id);
  if (partition == nullptr) return Error::kNotLeaderOrFollower;
  return CheckLeadership(ctx, *partition, epoch);
}

}  // namespace

// A request thread answers it like any other request: a broker that stands still, or whose threads
// are all busy, makes no connection usable (KC:P-32).
void OnApiVersions(const Context& ctx, Broker& self, const sim::Received<ApiVersionsRequest>& event,
                   Effects& out) {
  if (!TakesThread(ctx, self, event)) return;
  const sim::About about = AboutClient(ctx, self.process, event.connection);
  out.Send({.connection = event.connection, .about = about, .wire_bytes = kWireOverhead},
           ApiVersionsResponse{.correlation = event.body.correlation});
}

// From this broker's own cache, however old it is (KB:C-34, C-35).
void OnMetadataRequest(const Context& ctx, Broker& self,
                       const sim::Received<MetadataRequest>& event, Effects& out) {
  if (!TakesThread(ctx, self, event)) return;
  Process& process = self.process;
  MetadataResponse response{.correlation = event.body.correlation, .alive = {}};
  for (uint8_t i = 0; i < process.brokers.size(); ++i) {
    if (process.brokers[i].alive()) response.alive = response.alive.With({i});
  }
  sim::InlineVec<MetadataResponse::Item, kMaxPartitions> items;
  for (uint16_t i = 0; i < process.view.size(); ++i) {
    const PartitionView& view = process.view[i];
    if (view.leader_epoch.value < 0) continue;
    items.push_back({.partition = {i}, .leader = view.leader, .leader_epoch = view.leader_epoch});
  }
  const sim::About about = AboutClient(ctx, process, event.connection);
  out.Send({.connection = event.connection, .about = about, .wire_bytes = kWireOverhead}, response,
           {items.data(), items.size()});
}

void OnListOffsets(const Context& ctx, Broker& self, const sim::Received<ListOffsetsRequest>& event,
                   Effects& out) {
  if (!TakesThread(ctx, self, event)) return;
  const ListOffsetsRequest& request = event.body;
  if (self.process.lead_syncing == request.partition) return Queue(self.process, event);
  ListOffsetsResponse response{.correlation = request.correlation,
                               .partition = request.partition,
                               .which = request.which,
                               .offset = Offset::Unknown()};
  response.error =
      CheckPartition(ctx, self.process, request.partition, request.current_leader_epoch);
  if (response.error == Error::kNone) {
    const Partition& partition = *self.process.Find(request.partition);
    if (request.which == ListOffsetsRequest::Which::kEarliest) {
      response.offset = {0};
    } else if (request.is_follower != 0) {
      response.offset = partition.log.end;
    } else if (partition.high_watermark < partition.epoch_start) {  // KB:R-33
      response.error = Error::kOffsetNotAvailable;
    } else {
      response.offset = partition.high_watermark;
    }
  }
  const sim::About about = AboutClient(ctx, self.process, event.connection);
  out.Send({.connection = event.connection, .about = about, .wire_bytes = kWireOverhead}, response);
}

// Where an epoch ends in the leader's own history; clients ask it to validate a position (KB:R-48,
//
void OnEpochEnd(const Context& ctx, Broker& self, const sim::Received<EpochEndRequest>& event,
                Effects& out) {
  if (!TakesThread(ctx, self, event)) return;
  const EpochEndRequest& request = event.body;
  if (self.process.lead_syncing == request.partition) return Queue(self.process, event);
  EpochEndResponse response{.correlation = request.correlation,
                            .partition = request.partition,
                            .epoch = {},
                            .end = Offset::Unknown()};
  response.error =
      CheckPartition(ctx, self.process, request.partition, request.current_leader_epoch);
  if (response.error == Error::kNone) {
    const Partition& partition = *self.process.Find(request.partition);
    const EpochEnd end = EndOffsetFor(partition.epochs, request.epoch, partition.log.end);
    response.epoch = end.epoch;
    response.end = end.end;
  }
  const sim::About about = AboutClient(ctx, self.process, event.connection);
  out.Send({.connection = event.connection, .about = about, .wire_bytes = kWireOverhead}, response);
}

void OnInitProducerId(const Context& ctx, Broker& self,
                      const sim::Received<InitProducerIdRequest>& event, Effects& out) {
  if (!TakesThread(ctx, self, event)) return;
  self.process.producer_ids.push_back(
      {.connection = event.connection, .correlation = event.body.correlation});
  AskForProducerIds(ctx, self, out);
}

void AskForProducerIds(const Context& ctx, Broker& self, Effects& out) {
  Process& process = self.process;
  const Link& link = process.links[kAlterations];
  if (link.state != Link::State::kUp) return;
  for (WaitingProducerId& waiting : process.producer_ids) {
    if (waiting.asked != 0) continue;
    waiting.asked = process.NextCorrelation();
    const sim::About about = NextAbout(process, waiting.connection, ctx.self_name);
    out.Send({.connection = link.connection, .about = about, .wire_bytes = kWireOverhead},
             AllocateProducerIdRequest{.correlation = waiting.asked, .broker = self.id});
  }
}

void OnAllocateProducerIdResponse(const Context& ctx, Broker& self,
                                  const sim::Received<AllocateProducerIdResponse>& event,
                                  Effects& out) {
  Process& process = self.process;
  const auto found =
      std::find_if(process.producer_ids.begin(), process.producer_ids.end(),
                   [&](const WaitingProducerId& w) { return w.asked == event.body.correlation; });
  if (found == process.producer_ids.end()) return;  // its client has left
  const sim::About about = AboutClient(ctx, process, found->connection);
  out.Send({.connection = found->connection, .about = about, .wire_bytes = kWireOverhead},
           InitProducerIdResponse{.correlation = found->correlation,
                                  .producer_id = event.body.producer_id,
                                  .producer_epoch = 0});
  process.producer_ids.erase(found);
}

}  // namespace kafka::broker
