// The store's whole behaviour: remember the last commit, tell it.
#include <algorithm>

#include "model/kafka/offsets/handlers.h"

namespace kafka::offsets {
namespace {

constexpr uint32_t kWireOverhead = 100;

template <typename Request>
const Committed* Find(const OffsetStore& self, const Request& request) {
  const auto found =
      std::find_if(self.committed.begin(), self.committed.end(), [&](const Committed& entry) {
        return entry.group == request.group && entry.partition == request.partition;
      });
  return found == self.committed.end() ? nullptr : &*found;
}

// About the asker's group and partition, by name and by how often the store has answered.
SendSpec To(const Context& ctx, OffsetStore& self, sim::ConnectionId connection, GroupId group) {
  const uint32_t attempt = self.process.answers++;
  const uint64_t name = sim::HashName(ctx.setup->groups[group.value]);
  return {.connection = connection,
          .about = {.uid = name, .attempt = attempt},
          .wire_bytes = kWireOverhead};
}

}  // namespace

void OnStarted(const Context&, OffsetStore&, const sim::Received<sim::Started>&, Effects&) {}
void OnStopRequested(const Context&, OffsetStore&, const sim::Received<sim::StopRequested>&,
                     Effects& out) {
  out.Exit();
}
void OnAccepted(const Context&, OffsetStore&, const sim::Received<sim::Accepted>&, Effects&) {}
void OnDisconnected(const Context&, OffsetStore&, const sim::Received<sim::Disconnected>&,
                    Effects&) {}

void OnCommit(const Context& ctx, OffsetStore& self,
              const sim::Received<OffsetCommitRequest>& event, Effects& out) {
  const OffsetCommitRequest& request = event.body;
  if (const Committed* known = Find(self, request)) {
    self.committed[static_cast<size_t>(known - self.committed.data())].offset = request.offset;
  } else {
    self.committed.push_back(
        {.group = request.group, .partition = request.partition, .offset = request.offset});
  }
  out.Say(kCommitted, ctx.self, request.partition, request.group.value,
          static_cast<uint64_t>(request.offset.value));
  const SendSpec to = To(ctx, self, event.connection, request.group);
  out.Send(
      to, OffsetCommitResponse{.correlation = request.correlation, .partition = request.partition});
}

void OnFetch(const Context& ctx, OffsetStore& self, const sim::Received<OffsetFetchRequest>& event,
             Effects& out) {
  const OffsetFetchRequest& request = event.body;
  const Committed* known = Find(self, request);
  const SendSpec to = To(ctx, self, event.connection, request.group);
  out.Send(to, OffsetFetchResponse{.correlation = request.correlation,
                                   .partition = request.partition,
                                   .offset = known == nullptr ? Offset::Unknown() : known->offset});
}

}  // namespace kafka::offsets
