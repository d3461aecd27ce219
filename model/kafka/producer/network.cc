// The network client: one connection a broker, time-outs, metadata (KC:P-32..P-37, P-54..P-56).
#include <algorithm>

#include "model/kafka/producer/parts.h"

namespace kafka::producer {
namespace {

using State = Node::State;

constexpr Duration kSetupTimeout = sim::Seconds(10);  // KC:P-36; growth to 30 s is left out

uint64_t UidOfNode(const Context& ctx, const Process& process, BrokerId broker) {
  return sim::Mix(process.name, sim::HashName(ctx.setup->brokers[broker.value].name));
}

bool CanConnect(const Context& ctx, const Node& node) {
  return node.state == State::kIdle && ctx.mono >= node.retry_at;
}

// KC:P-56: a ready node with the fewest requests, from a random start; else one that is being
// connected; else one that may be.
BrokerId LeastLoaded(const Context& ctx, const Producer& self, uint32_t asks) {
  const Process& process = self.process;
  const auto count = static_cast<uint32_t>(ctx.setup->brokers.size());
  const auto start = static_cast<uint32_t>(
      ctx.Choose(kLeastLoadedStart, {.uid = process.name, .attempt = asks}, count));
  BrokerId best;
  BrokerId connecting;
  BrokerId connectable;
  for (uint32_t i = 0; i < count; ++i) {
    const BrokerId broker{static_cast<uint8_t>((start + i) % count)};
    const Node& node = process.nodes[broker];
    if (IsUsable(ctx, self, node)) {
      if (!best.exists() || node.in_flight.size() < process.nodes[best].in_flight.size()) {
        best = broker;
      }
    } else if (node.state == State::kConnecting) {
      connecting = broker;
    } else if (CanConnect(ctx, node) && !connectable.exists()) {
      connectable = broker;
    }
  }
  if (best.exists()) return best;
  return connecting.exists() ? connecting : connectable;
}

// That node if it is usable, or none yet: then it is being connected.
BrokerId Ask(const Context& ctx, Producer& self, BrokerId broker, Effects& out) {
  if (!broker.exists()) return broker;
  if (IsUsable(ctx, self, self.process.nodes[broker])) return broker;
  MaybeConnect(ctx, self, broker, out);
  return BrokerId::None();
}

// KC:P-37: metadata are due, and every broker has just refused: what was known of the topic is
// dropped, and send() waits. A broker that is silent, or being connected, keeps it.
void MaybeForgetMetadata(const Context& ctx, Process& process) {
  for (uint8_t i = 0; i < ctx.setup->brokers.size(); ++i) {
    const Node& node = process.nodes[BrokerId{i}];
    if (node.state != State::kIdle || CanConnect(ctx, node)) return;
  }
  process.metadata.known = false;
  for (Partition& partition : process.partitions) partition.leader = BrokerId::None();
}

Duration MetadataBackoff(const Context& ctx, const Producer& self) {
  const Process& process = self.process;
  const ProducerSettings& settings = SettingsOf(ctx, self);
  const uint32_t n = process.metadata.unchanged > 0 ? process.metadata.unchanged - 1 : 0;
  return Backoff(ctx, settings.retry_backoff, settings.retry_backoff_max, n, kMetadataJitter,
                 {.uid = process.name, .attempt = process.metadata.requests});
}

void SetRetry(const Context& ctx, Producer& self, BrokerId broker) {
  Node& node = self.process.nodes[broker];
  const ProducerSettings& settings = SettingsOf(ctx, self);
  const sim::About about{.uid = UidOfNode(ctx, self.process, broker), .attempt = node.connects};
  node.retry_at =
      ctx.mono + Backoff(ctx, settings.reconnect_backoff, settings.reconnect_backoff_max,
                         node.failures, kReconnectJitter, about);
  if (node.failures < UINT8_MAX) ++node.failures;
}

}  // namespace

Duration Backoff(const Context& ctx, Duration base, Duration max, uint32_t n, Purpose purpose,
                 sim::About about) {
  if (max <= base) return max;
  Duration term = base;
  for (uint32_t i = 0; i < n && term < max; ++i) term = std::min(term * 2, max);
  const Duration low = term * 4 / 5;
  const Duration high = term * 6 / 5;
  const uint64_t span = static_cast<uint64_t>((high - low).ns) + 1;
  const Duration jitter{static_cast<int64_t>(ctx.Choose(purpose, about, span))};
  return std::min(max, low + jitter);
}

void MaybeConnect(const Context& ctx, Producer& self, BrokerId broker, Effects& out) {
  Node& node = self.process.nodes[broker];
  if (!CanConnect(ctx, node)) return;
  node.state = State::kConnecting;
  node.setup_deadline = ctx.mono + kSetupTimeout;
  const sim::About about{.uid = UidOfNode(ctx, self.process, broker), .attempt = node.connects};
  ++node.connects;
  node.connection = out.Connect(MachineOf(broker), about);
}

BrokerId BrokerOf(const Process& process, sim::ConnectionId connection) {
  for (uint8_t i = 0; i < kMaxBrokers; ++i) {
    const Node& node = process.nodes[BrokerId{i}];
    if (node.state != State::kIdle && node.connection == connection) return {i};
  }
  return BrokerId::None();
}

void LoseConnection(const Context& ctx, Producer& self, BrokerId broker, Error error,
                    Effects& out) {
  Process& process = self.process;
  Node& node = process.nodes[broker];
  node.state = State::kIdle;
  node.connection = {};
  SetRetry(ctx, self, broker);
  RequestMetadata(process);
  for (const Request& request : node.in_flight) {
    if (request.kind == Request::Kind::kMetadata) FailedMetadata(ctx, self);
    if (request.kind == Request::Kind::kInitProducerId) process.asking_producer_id = false;
    if (request.kind == Request::Kind::kProduce) FailRequest(ctx, self, request, error, out);
  }
  node.in_flight.clear();
}

void RequestMetadata(Process& process) { process.metadata.wanted = true; }

void FailedMetadata(const Context& ctx, Producer& self) {
  Metadata& metadata = self.process.metadata;
  metadata.in_flight = false;
  metadata.wanted = true;
  ++metadata.unchanged;
  metadata.next_allowed = ctx.mono + MetadataBackoff(ctx, self);
}

void MaybeSendMetadata(const Context& ctx, Producer& self, Effects& out) {
  Process& process = self.process;
  Metadata& metadata = process.metadata;
  if (!IsMetadataDue(ctx, self)) return;
  const BrokerId least_loaded = LeastLoaded(ctx, self, metadata.requests);
  if (!least_loaded.exists()) return MaybeForgetMetadata(ctx, process);
  const BrokerId broker = Ask(ctx, self, least_loaded, out);
  if (!broker.exists()) return;
  Node& node = process.nodes[broker];
  const uint32_t correlation = ++process.correlation;
  const sim::About about{.uid = process.name, .attempt = metadata.requests};
  metadata.in_flight = true;
  metadata.wanted = false;
  ++metadata.requests;
  out.Send({.connection = node.connection, .about = about, .wire_bytes = kWireOverhead},
           MetadataRequest{.correlation = correlation});
  node.in_flight.push_back(
      {.kind = Request::Kind::kMetadata, .correlation = correlation, .sent = ctx.mono});
}

void MaybeAskProducerId(const Context& ctx, Producer& self, Effects& out) {
  Process& process = self.process;
  if (process.producer_id >= 0 || process.asking_producer_id) return;
  if (ctx.mono < process.producer_id_retry_at) return;
  const BrokerId broker = Ask(ctx, self, LeastLoaded(ctx, self, process.producer_id_requests), out);
  if (!broker.exists()) return;
  Node& node = process.nodes[broker];
  const uint32_t correlation = ++process.correlation;
  const sim::About about{.uid = sim::Mix(process.name, 1), .attempt = process.producer_id_requests};
  process.asking_producer_id = true;
  ++process.producer_id_requests;
  out.Send({.connection = node.connection, .about = about, .wire_bytes = kWireOverhead},
           InitProducerIdRequest{.correlation = correlation});
  node.in_flight.push_back(
      {.kind = Request::Kind::kInitProducerId, .correlation = correlation, .sent = ctx.mono});
}

void CheckTimeouts(const Context& ctx, Producer& self, Effects& out) {
  const Duration limit = SettingsOf(ctx, self).request_timeout;
  for (uint8_t i = 0; i < ctx.setup->brokers.size(); ++i) {
    const BrokerId broker{i};
    Node& node = self.process.nodes[broker];
    const bool setup_over = node.state == State::kConnecting && ctx.mono >= node.setup_deadline;
    const bool answer_over =
        !node.in_flight.empty() && ctx.mono - node.in_flight.front().sent >= limit;
    if (!setup_over && !answer_over) continue;
    out.Close(node.connection);
    LoseConnection(ctx, self, broker, Error::kRequestTimedOut, out);
  }
}

sim::MonoTime NextNetworkTime(const Context& ctx, const Producer& self) {
  const Process& process = self.process;
  const ProducerSettings& settings = SettingsOf(ctx, self);
  const bool ask_metadata = !process.metadata.in_flight && NeedsMetadata(ctx, self);
  const bool ask_id =
      settings.enable_idempotence && process.producer_id < 0 && !process.asking_producer_id;
  sim::MonoTime wake = sim::Never<sim::MonoTime>();
  const auto at = [&](sim::MonoTime time) {
    if (time > ctx.mono) wake = std::min(wake, time);
  };
  const auto brokers = static_cast<uint8_t>(ctx.setup->brokers.size());
  for (uint8_t i = 0; i < brokers; ++i) {
    const Node& node = process.nodes[BrokerId{i}];
    if (!node.in_flight.empty()) at(node.in_flight.front().sent + settings.request_timeout);
    if (node.state == State::kReady) continue;
    if (node.state == State::kConnecting) {
      at(node.setup_deadline);
      continue;
    }
    if (node.retry_at <= ctx.mono) continue;
    bool wanted = ask_metadata || ask_id;
    for (const Partition& partition : process.partitions) {
      wanted |= partition.head != kNil && partition.leader.value == i;
    }
    if (wanted) at(node.retry_at);
  }
  if (ask_metadata) at(process.metadata.next_allowed);
  if (ask_id) at(process.producer_id_retry_at);
  if (process.metadata.known) at(process.metadata.last_success + settings.metadata_max_age);
  return wake;
}

void AcceptLeader(Partition& partition, BrokerId leader, LeaderEpoch epoch) {
  if (epoch < partition.leader_epoch) return;  // KC:P-55: a stale broker moves nobody back
  partition.leader = leader;
  partition.leader_epoch = epoch;
}

bool TakeRequest(Node& node, uint32_t correlation, Request& request) {
  if (node.in_flight.empty() || node.in_flight.front().correlation != correlation) return false;
  request = node.in_flight.front();
  node.in_flight.erase(node.in_flight.begin());
  return true;
}

}  // namespace kafka::producer
