#include "model/kafka/client/timeouts.h"

#include <algorithm>

#include "model/kafka/client/connections.h"

namespace kafka::client {
namespace {

// The least of the times that are still to come.
class Earliest {
 public:
  explicit Earliest(sim::MonoTime now) : now_(now) {}
  void Add(sim::MonoTime time) {
    if (time > now_) first_ = std::min(first_, time);
  }
  sim::MonoTime first() const { return first_; }

 private:
  sim::MonoTime now_;
  sim::MonoTime first_ = sim::Never<sim::MonoTime>();
};

bool IsOverdue(const Context& ctx, const Settings& settings, const Node& node) {
  if (IsBeingMade(node) && ctx.mono > node.setup_deadline) return true;
  if (node.in_flight.empty()) return false;
  return ctx.mono - node.in_flight.front().sent > settings.request_timeout;
}

// The clock of a client counts milliseconds, and a deadline has passed when it shows a later one.
constexpr Duration kClockTick = sim::Milliseconds(1);

// The end of the first poll() after the deadline. Requires: the deadline is not over.
sim::MonoTime NoticedAt(sim::MonoTime deadline, sim::MonoTime now, Duration longest) {
  const int64_t poll = std::max(longest, kClockTick).ns;
  const int64_t polls = std::max<int64_t>(1, ((deadline - now).ns + poll - 1) / poll);
  return now + Duration{polls * poll} + kClockTick;
}

}  // namespace

Peer FirstOverdue(const Context& ctx, const Settings& settings, const Client& client) {
  for (uint8_t i = 0; i < client.nodes.capacity(); ++i) {
    if (IsOverdue(ctx, settings, client.nodes[Peer{i}])) return {i};
  }
  return Peer::None();
}

sim::MonoTime NextConnectionTime(const Context& ctx, const Settings& settings, const Client& client,
                                 PeerSet wanted, Duration longest) {
  Earliest wake(ctx.mono);
  const auto look = [&](Peer peer) {
    const Node& node = client.nodes[peer];
    if (!node.in_flight.empty()) {
      const sim::MonoTime deadline = node.in_flight.front().sent + settings.request_timeout;
      wake.Add(NoticedAt(deadline, ctx.mono, longest));
    }
    if (IsBeingMade(node)) {
      // Who has something for a server that is being connected waits that long at most.
      const bool waits = node.state == Node::State::kConnecting && wanted.contains(peer);
      const Duration poll = waits ? std::min(longest, kSetupTimeout) : longest;
      wake.Add(NoticedAt(node.setup_deadline, ctx.mono, poll));
    }
    if (node.state == Node::State::kIdle && wanted.contains(peer)) wake.Add(node.retry_at);
  };
  for (uint8_t i = 0; i < ctx.setup->brokers.size(); ++i) look({i});
  look(kOffsetStore);
  return wake.first();
}

sim::MonoTime NextMetadataTime(const Context& ctx, const Settings& settings,
                               const Metadata& metadata, Topic topic) {
  Earliest wake(ctx.mono);
  const bool needs = NeedsUpdate(metadata, settings.metadata_max_age, topic, ctx.mono);
  if (metadata.in_flight) return wake.first();
  wake.Add(needs ? metadata.next_allowed : metadata.last_success + settings.metadata_max_age);
  return wake.first();
}

}  // namespace kafka::client
