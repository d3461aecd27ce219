// The network client of a consumer: as a producer's (KC:P-33..P-36, P-54..P-56), and the store's
// connection beside it.
#include <algorithm>

#include "model/kafka/consumer/parts.h"

namespace kafka::consumer {
namespace {

using NodeState = Node::State;

constexpr Duration kSetupTimeout = sim::Seconds(10);         // KC:P-36
constexpr Duration kReconnect = sim::Milliseconds(50);       // reconnect.backoff.ms
constexpr Duration kReconnectMax = sim::Milliseconds(1000);  // reconnect.backoff.max.ms
constexpr Duration kRetryMax = sim::Milliseconds(1000);      // retry.backoff.max.ms
constexpr uint32_t kDoublings = 5;                           // more would pass any maximum here

Duration Grown(Duration base, Duration max, uint32_t n) {
  return std::min(max, base * (int64_t{1} << std::min(n, kDoublings)));
}

uint64_t UidOfNode(const Context& ctx, const Process& process, const Node& node) {
  if (&node == &process.store) return sim::Mix(process.name, sim::HashName("offsets"));
  const auto broker = static_cast<size_t>(&node - process.nodes.begin());
  return sim::Mix(process.name, sim::HashName(ctx.setup->brokers[broker].name));
}

Node* Ready(const Context& ctx, Process& process, Node& node, sim::MachineId machine,
            Effects& out) {
  if (node.state == NodeState::kReady) return &node;
  if (node.state == NodeState::kConnecting || ctx.mono < node.retry_at) return nullptr;
  node.state = NodeState::kConnecting;
  node.setup_deadline = ctx.mono + kSetupTimeout;
  const sim::About about{.uid = UidOfNode(ctx, process, node), .attempt = node.connects};
  ++node.connects;
  node.connection = out.Connect(machine, about);
  return nullptr;
}

// KC:P-56.
BrokerId LeastLoaded(const Context& ctx, const Process& process) {
  const auto count = static_cast<uint32_t>(ctx.setup->brokers.size());
  const auto start = static_cast<uint32_t>(ctx.Choose(
      kLeastLoadedStart, {.uid = process.name, .attempt = process.metadata.requests}, count));
  BrokerId best;
  BrokerId other;
  for (uint32_t i = 0; i < count; ++i) {
    const BrokerId broker{static_cast<uint8_t>((start + i) % count)};
    const Node& node = process.nodes[broker];
    if (node.state == NodeState::kReady) {
      if (!best.exists() || node.in_flight.size() < process.nodes[best].in_flight.size()) {
        best = broker;
      }
    } else if (node.state == NodeState::kConnecting || ctx.mono >= node.retry_at) {
      if (!other.exists() || node.state == NodeState::kConnecting) other = broker;
    }
  }
  return best.exists() ? best : other;
}

bool NeedsMetadata(const Context& ctx, const Consumer& self) {
  const Metadata& metadata = self.process.metadata;
  return metadata.wanted ||
         ctx.mono - metadata.last_success >= SettingsOf(ctx, self).metadata_max_age;
}

void SpaceMetadata(const Context& ctx, Consumer& self) {
  Metadata& metadata = self.process.metadata;
  const uint32_t n = metadata.unchanged > 0 ? metadata.unchanged - 1 : 0;
  const Duration term = Grown(SettingsOf(ctx, self).retry_backoff, kRetryMax, n);
  metadata.next_allowed =
      ctx.mono + Jittered(ctx, term, kMetadataJitter,
                          {.uid = self.process.name, .attempt = metadata.requests});
}

void FailRequest(const Context& ctx, Consumer& self, const Request& request) {
  Process& process = self.process;
  switch (request.kind) {
    case Request::Kind::kMetadata:
      process.metadata.in_flight = false;
      process.metadata.wanted = true;
      ++process.metadata.unchanged;
      return SpaceMetadata(ctx, self);
    case Request::Kind::kListOffsets:
    case Request::Kind::kEpochEnd:
    case Request::Kind::kOffsetFetch: {
      Partition& partition = process.partitions[request.partition];
      if (partition.asked == request.correlation) RetryLater(ctx, self, partition);
      return;
    }
    case Request::Kind::kOffsetCommit:
      return LoseCommits(process);
    case Request::Kind::kFetch:
      return;  // the next one starts at the same position
  }
}

}  // namespace

Duration Jittered(const Context& ctx, Duration term, Purpose purpose, sim::About about) {
  const Duration low = term * 4 / 5;
  const Duration high = term * 6 / 5;
  const uint64_t span = static_cast<uint64_t>((high - low).ns) + 1;
  const Duration jittered = low + Duration{static_cast<int64_t>(ctx.Choose(purpose, about, span))};
  return std::min(jittered, std::max(term, kRetryMax));  // KC:P-9: both maxima are the same
}

Node* NodeOf(Process& process, sim::ConnectionId connection) {
  if (process.store.state != NodeState::kIdle && process.store.connection == connection) {
    return &process.store;
  }
  for (Node& node : process.nodes) {
    if (node.state != NodeState::kIdle && node.connection == connection) return &node;
  }
  return nullptr;
}

Node* ReadyNode(const Context& ctx, Consumer& self, BrokerId broker, Effects& out) {
  return Ready(ctx, self.process, self.process.nodes[broker], MachineOf(broker), out);
}

Node* ReadyStore(const Context& ctx, Consumer& self, Effects& out) {
  return Ready(ctx, self.process, self.process.store, kOffsetStoreMachine, out);
}

uint32_t Track(const Context& ctx, Process& process, Node& node, Request::Kind kind,
               uint16_t partition) {
  const uint32_t correlation = ++process.correlation;
  node.in_flight.push_back(
      {.kind = kind, .partition = partition, .correlation = correlation, .sent = ctx.mono});
  return correlation;
}

bool TakeRequest(Node& node, uint32_t correlation, Request& request) {
  if (node.in_flight.empty() || node.in_flight.front().correlation != correlation) return false;
  request = node.in_flight.front();
  node.in_flight.erase(node.in_flight.begin());
  return true;
}

void LoseConnection(const Context& ctx, Consumer& self, Node& node) {
  node.state = NodeState::kIdle;
  node.fetching = false;
  node.connection = {};
  const Duration term = Grown(kReconnect, kReconnectMax, node.failures);
  const sim::About about{.uid = UidOfNode(ctx, self.process, node), .attempt = node.connects};
  node.retry_at = ctx.mono + Jittered(ctx, term, kReconnectJitter, about);
  if (node.failures < UINT8_MAX) ++node.failures;
  if (&node != &self.process.store) self.process.metadata.wanted = true;
  for (const Request& request : node.in_flight) FailRequest(ctx, self, request);
  node.in_flight.clear();
}

void MaybeSendMetadata(const Context& ctx, Consumer& self, Effects& out) {
  Process& process = self.process;
  Metadata& metadata = process.metadata;
  if (metadata.in_flight || ctx.mono < metadata.next_allowed) return;
  if (!NeedsMetadata(ctx, self)) return;
  const BrokerId broker = LeastLoaded(ctx, process);
  if (!broker.exists()) return;
  Node* node = ReadyNode(ctx, self, broker, out);
  if (node == nullptr) return;
  const uint32_t correlation = Track(ctx, process, *node, Request::Kind::kMetadata, 0);
  const sim::About about{.uid = process.name, .attempt = metadata.requests};
  metadata.in_flight = true;
  metadata.wanted = false;
  ++metadata.requests;
  out.Send({.connection = node->connection, .about = about, .wire_bytes = kWireOverhead},
           MetadataRequest{.correlation = correlation});
}

void MetadataArrived(const Context& ctx, Consumer& self, bool changed) {
  Metadata& metadata = self.process.metadata;
  metadata.in_flight = false;
  metadata.last_success = ctx.mono;
  metadata.unchanged = changed ? 0 : metadata.unchanged + 1;
  SpaceMetadata(ctx, self);
}

void CheckTimeouts(const Context& ctx, Consumer& self, Effects& out) {
  const Duration limit = SettingsOf(ctx, self).request_timeout;
  const auto check = [&](Node& node) {
    const bool setup_over = node.state == NodeState::kConnecting && ctx.mono >= node.setup_deadline;
    const bool answer_over =
        !node.in_flight.empty() && ctx.mono - node.in_flight.front().sent >= limit;
    if (!setup_over && !answer_over) return;
    out.Close(node.connection);
    LoseConnection(ctx, self, node);
  };
  for (Node& node : self.process.nodes) check(node);
  check(self.process.store);
}

sim::MonoTime NextNetworkTime(const Context& ctx, const Consumer& self) {
  const Process& process = self.process;
  const Duration limit = SettingsOf(ctx, self).request_timeout;
  sim::MonoTime wake = sim::Never<sim::MonoTime>();
  const auto at = [&](sim::MonoTime time) {
    if (time > ctx.mono) wake = std::min(wake, time);
  };
  const auto look = [&](const Node& node) {
    if (node.state == NodeState::kConnecting) at(node.setup_deadline);
    if (!node.in_flight.empty()) at(node.in_flight.front().sent + limit);
    if (node.state == NodeState::kIdle) at(node.retry_at);
  };
  for (const Node& node : process.nodes) look(node);
  look(process.store);
  if (!process.metadata.in_flight) {
    if (NeedsMetadata(ctx, self)) {
      at(process.metadata.next_allowed);
    } else {
      at(process.metadata.last_success + SettingsOf(ctx, self).metadata_max_age);
    }
  }
  return wake;
}

}  // namespace kafka::consumer
