#include "model/kafka/client/timeouts.h"

#include <algorithm>

#include "model/kafka/client/connections.h"

namespace kafka::client {
namespace {

bool IsOverdue(sim::MonoTime now, Duration request_timeout, const Node& node) {
  if (!node.in_flight.empty()) return now - node.in_flight.front().sent > request_timeout;
  return IsBeingMade(node) && now > node.setup_deadline;
}

// The clock of a client counts milliseconds, and a deadline has passed when it shows a later one.
constexpr Duration kClockTick = sim::Milliseconds(1);

// The end of the first poll() after the deadline. Requires: the deadline is not over.
sim::MonoTime NoticedAt(sim::MonoTime deadline, sim::MonoTime now, Duration longest) {
  const int64_t poll = std::max(longest, kClockTick).ns;
  const int64_t left = (deadline - now).ns;
  const int64_t polls = left <= poll ? 1 : (left + poll - 1) / poll;
  return now + Duration{polls * poll} + kClockTick;
}

// When a poll() that begins now has to do with that server. Never: nothing is due from it.
sim::MonoTime NextNodeTime(sim::MonoTime now, Duration request_timeout, const Node& node,
                           bool is_wanted, Duration longest) {
  switch (node.state) {
    case Node::State::kReady:
      if (node.in_flight.empty()) break;
      return NoticedAt(node.in_flight.front().sent + request_timeout, now, longest);
    case Node::State::kConnecting:
      // Who has something for a server that is being connected waits that long at most.
      if (is_wanted) longest = std::min(longest, kSetupTimeout);
      return NoticedAt(node.setup_deadline, now, longest);
    case Node::State::kAsking:
      return NoticedAt(node.setup_deadline, now, longest);
    case Node::State::kIdle:
      if (is_wanted && node.retry_at > now) return node.retry_at;
      break;
  }
  return sim::Never<sim::MonoTime>();
}

}  // namespace

Peer FirstOverdue(const Context& ctx, Duration request_timeout, const Client& client) {
  for (uint8_t i = 0; i < ctx.setup->brokers.size(); ++i) {
    if (IsOverdue(ctx.mono, request_timeout, client.nodes[Peer{i}])) return {i};
  }
  const bool store_is = IsOverdue(ctx.mono, request_timeout, client.nodes[kOffsetStore]);
  return store_is ? kOffsetStore : Peer::None();
}

sim::MonoTime NextConnectionTime(const Context& ctx, Duration request_timeout, const Client& client,
                                 PeerSet wanted, Duration longest) {
  sim::MonoTime first = sim::Never<sim::MonoTime>();
  const auto look = [&](Peer peer) {
    first = std::min(first, NextNodeTime(ctx.mono, request_timeout, client.nodes[peer],
                                         wanted.contains(peer), longest));
  };
  for (uint8_t i = 0; i < ctx.setup->brokers.size(); ++i) look({i});
  look(kOffsetStore);
  return first;
}

sim::MonoTime NextMetadataTime(const Context& ctx, Duration max_age, const Metadata& metadata,
                               Topic topic) {
  if (metadata.in_flight) return sim::Never<sim::MonoTime>();
  const bool needs = NeedsUpdate(metadata, max_age, topic, ctx.mono);
  const sim::MonoTime next = needs ? metadata.next_allowed : metadata.last_success + max_age;
  return next > ctx.mono ? next : sim::Never<sim::MonoTime>();
}

}  // namespace kafka::client
