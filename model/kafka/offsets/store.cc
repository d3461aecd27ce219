#include <algorithm>

#include "model/kafka/offsets/handlers.h"

namespace kafka::offsets {
namespace {

uint64_t UidOf(const Context& ctx, GroupId group, PartitionId partition) {
  return sim::Mix(sim::HashName(ctx.setup->groups[group.value]), partition.value);
}

}  // namespace

void OnStarted(const Context&, OffsetStore&, const sim::Received<sim::Started>&, Effects&) {}
void OnStopRequested(const Context&, OffsetStore&, const sim::Received<sim::StopRequested>&,
                     Effects&) {}
void OnAccepted(const Context&, OffsetStore&, const sim::Received<sim::Accepted>&, Effects&) {}
void OnDisconnected(const Context&, OffsetStore&, const sim::Received<sim::Disconnected>&,
                    Effects&) {}

void OnApiVersions(const Context& ctx, OffsetStore&, const sim::Received<ApiVersionsRequest>& event,
                   Effects& out) {
  const sim::About about{ctx.self_name, event.body.correlation};
  out.Send({.connection = event.connection, .about = about},
           ApiVersionsResponse{.correlation = event.body.correlation});
}

void OnCommit(const Context& ctx, OffsetStore& self,
              const sim::Received<OffsetCommitRequest>& event, Effects& out) {
  const OffsetCommitRequest& request = event.body;
  const auto same = [&](const CommittedOffset& entry) {
    return entry.group == request.group && entry.partition == request.partition;
  };
  const auto found = std::find_if(self.committed.begin(), self.committed.end(), same);
  if (found == self.committed.end()) {
    self.committed.push_back({request.group, request.partition, request.offset, request.epoch});
  } else {
    found->offset = request.offset;  // KC:C-5
    found->epoch = request.epoch;
  }
  out.Say(notes::Committed{
      .partition = request.partition, .group = request.group, .offset = request.offset});
  const sim::About about{UidOf(ctx, request.group, request.partition), request.correlation};
  out.Send(
      {.connection = event.connection, .about = about},
      OffsetCommitResponse{.correlation = request.correlation, .partition = request.partition});
}

void OnFetch(const Context& ctx, OffsetStore& self, const sim::Received<OffsetFetchRequest>& event,
             Effects& out) {
  const OffsetFetchRequest& request = event.body;
  OffsetFetchResponse response{.correlation = request.correlation,
                               .partition = request.partition,
                               .epoch = {},
                               .offset = Offset::Unknown()};
  for (const CommittedOffset& entry : self.committed) {
    if (entry.group == request.group && entry.partition == request.partition) {
      response.offset = entry.offset;
      response.epoch = entry.epoch;
    }
  }
  const sim::About about{UidOf(ctx, request.group, request.partition), request.correlation};
  out.Send({.connection = event.connection, .about = about}, response);
}

void HashInto(sim::StableHash& hash, const CommittedOffset& committed) {
  const auto& [group, partition, offset, epoch] = committed;
  hash(group, partition, offset, epoch);
}
void HashInto(sim::StableHash& hash, const OffsetStore& store) {
  const auto& [committed, process] = store;
  hash(committed);
  (void)process;
}

}  // namespace kafka::offsets
