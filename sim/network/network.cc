#include "sim/network/network.h"

#include <tuple>

#include "sim/check.h"

namespace sim {
namespace {

enum NetworkPurpose : uint32_t { kRetransmit = 1 };

bool IsOpenOrOpening(const ConnectionEnd& end) {
  return end.state == EndState::kOpen || end.state == EndState::kConnecting;
}

bool IsKnownToItsProcess(const ConnectionEnd& end) {
  return IsOpenOrOpening(end) || end.state == EndState::kBroken;
}

}  // namespace

ConnectionId Network::Reserve() {
  uint32_t slot;
  if (!free_connections_.empty()) {
    slot = free_connections_.back();
    free_connections_.pop_back();
  } else {
    slot = static_cast<uint32_t>(connections_.size());
    SIM_CHECK(slot < (1u << ConnectionId::kSlotBits));
    connections_.emplace_back();
  }
  SIM_CHECK(next_serial_ < (1u << (32 - ConnectionId::kSlotBits)));
  const ConnectionId id{next_serial_++ << ConnectionId::kSlotBits | slot};
  connections_[slot] = {.id = id, .about = {}, .ends = {}};
  return id;
}

MachineId Network::PeerOf(ConnectionId id, MachineId self) const {
  const Connection* connection = Find(id);
  if (connection == nullptr) return MachineId::None();
  return connection->ends[connection->ends[0].machine == self ? 1 : 0].machine;
}

void Network::MaybeFree(Connection& connection) {
  for (const ConnectionEnd& end : connection.ends) {
    if (IsKnownToItsProcess(end) || !end.unsent.empty()) return;
  }
  // A handshake that is still on its way finds the serial number changed.
  if (!connection.id.exists()) return;
  free_connections_.push_back(static_cast<uint16_t>(connection.id.slot()));
  connection.id = {};
}

uint16_t Network::MakeLink(HostId from, HostId to, std::span<const Host> hosts) {
  const Host& a = hosts[from.value];
  const Host& b = hosts[to.value];
  const auto latency_class =
      static_cast<uint8_t>(a.net_class * NetworkConfig::kHostClasses + b.net_class);
  links_.push_back(
      {.from = from, .to = to, .latency_class = latency_class, .name = Mix(a.name, b.name)});
  SIM_CHECK(links_.size() <= UINT16_MAX);
  link_between_.resize(hosts.size() * hosts.size());
  link_between_[from.value * hosts.size() + to.value] = static_cast<uint16_t>(links_.size());
  return static_cast<uint16_t>(links_.size() - 1);
}

void Network::SendControl(Core& core, Connection& connection, uint8_t from_end, EventKind kind,
                          Disconnect reason, Duration wait) {
  const MachineId sender = connection.ends[from_end].machine;
  const MachineId receiver = connection.ends[1 - from_end].machine;
  uint32_t slot;
  if (kind == EventKind::kDisconnected) {
    slot = core.NewEvent(kind, receiver, 0, Disconnected{sender, reason});
  } else if (kind == EventKind::kConnected) {
    slot = core.NewEvent(kind, receiver, 0, Connected{sender, 0});
  } else {
    slot = core.NewEvent(kind, receiver, 0, Accepted{sender, 0});
  }
  Event& event = core.slab[slot];
  event.connection = connection.id;
  event.end = static_cast<uint8_t>(1 - from_end);
  Send(core, connection, from_end, slot, connection.about, 0, wait);
}

void Network::AnswerReset(Core& core, Connection& connection, uint32_t slot) {
  const uint8_t lost_end = core.slab[slot].end;
  core.slab.Free(slot);
  if (!IsOpenOrOpening(connection.ends[1 - lost_end])) return;
  SendControl(core, connection, lost_end, EventKind::kDisconnected, Disconnect::kReset);
}

void Network::TakeTurn(Core& core, ConnectionEnd& listener) {
  if (listener.turn_due) return;
  const uint32_t slot = core.slab.TakeFirst(listener.received);
  core.slab[slot].next = Event::kHasTurn;
  listener.turn_due = true;
  core.queue.PushSoon({core.now + Nanoseconds(1), core.NextNumber(), slot});
}

void Network::CloseEnd(Core& core, Connection& connection, uint8_t end) {
  ConnectionEnd& own = connection.ends[end];
  if (own.state == EndState::kNone) return;  // a handshake on its way meets whoever listens then
  const bool tells = IsOpenOrOpening(own);
  own.state = EndState::kClosed;
  core.slab.FreeAll(own.received);
  if (tells) {
    SendControl(core, connection, end, EventKind::kDisconnected, Disconnect::kClosed);
  }
  MaybeFree(connection);
}

void Network::BreakEnd(Core& core, ConnectionEnd& end) {
  end.state = EndState::kBroken;
  end.busy = end.turn_due = false;
  while (!end.received.empty()) {
    const uint32_t slot = core.slab.TakeFirst(end.received);
    if (core.slab[slot].kind != EventKind::kDisconnected) {
      core.slab.Free(slot);
    } else {
      core.queue.PushSoon({core.now + Nanoseconds(1), core.NextNumber(), slot});
    }
  }
}

void Network::CloseAll(Core& core, MachineId machine) {
  for (Connection& connection : connections_) {
    for (uint8_t end = 0; end < 2; ++end) {
      if (connection.id.exists() && connection.ends[end].machine == machine) {
        CloseEnd(core, connection, end);
      }
    }
  }
}

// Nothing is told, nothing parked survives.
void Network::LoseEnd(Core& core, Connection& connection, uint8_t end) {
  ConnectionEnd& own = connection.ends[end];
  if (own.state != EndState::kNone && own.state != EndState::kClosed) own.state = EndState::kLost;
  core.slab.FreeAll(own.received);
  core.slab.FreeAll(own.unsent);
  MaybeFree(connection);
}

void Network::LoseAll(Core& core, MachineId machine) {
  for (Connection& connection : connections_) {
    for (uint8_t end = 0; end < 2; ++end) {
      if (connection.id.exists() && connection.ends[end].machine == machine) {
        LoseEnd(core, connection, end);
      }
    }
  }
}

void Network::AnswerLostEnds(Core& core, HostId host, std::span<const Host> hosts,
                             std::span<const Process> processes) {
  for (Connection& connection : connections_) {
    for (uint8_t end = 0; end < 2 && connection.id.exists(); ++end) {
      ConnectionEnd& own = connection.ends[end];
      if (!own.machine.exists() || processes[own.machine.value].host != host) continue;
      if (!own.unheard) continue;
      own.unheard = false;
      const ConnectionEnd& peer = connection.ends[1 - end];
      if (!IsOpenOrOpening(peer) || !hosts[processes[peer.machine.value].host.value].up) continue;
      // A retransmission time-out passes before the sender tries again.
      const ChoiceKey key = MakeChoiceKey(ChoiceDomain::kNetwork, kRetransmit,
                                          processes[peer.machine.value].name, connection.about);
      const Duration wait = core.choices.Between(key, Milliseconds(200), Seconds(3));
      if (own.state == EndState::kNone) {
        SendControl(core, connection, 0, EventKind::kAccepted, Disconnect::kClosed, wait);
      } else {
        SendControl(core, connection, end, EventKind::kDisconnected, Disconnect::kReset, wait);
      }
    }
  }
}

void Network::Retransmit(Core& core, const Link& link, std::span<const Process> processes) {
  for (Connection& connection : connections_) {
    for (uint8_t end = 0; end < 2 && connection.id.exists(); ++end) {
      ConnectionEnd& own = connection.ends[end];
      if (own.unsent.empty() || processes[own.machine.value].host != link.from ||
          processes[connection.ends[1 - end].machine.value].host != link.to) {
        continue;
      }
      const ChoiceKey key = MakeChoiceKey(ChoiceDomain::kNetwork, kRetransmit, link.name,
                                          {processes[own.machine.value].name, 0});
      const Duration wait = core.choices.Between(key, Milliseconds(0), Milliseconds(400));
      while (!own.unsent.empty()) {
        const uint32_t slot = core.slab.TakeFirst(own.unsent);
        const Parked message = parked_[slot];
        Send(core, connection, end, slot, message.about, message.wire_bytes, wait);
      }
      MaybeFree(connection);
    }
  }
}

uint64_t Network::HashConnection(const Connection& connection, const Core& core) const {
  StableHash hash;
  const auto& [id, about, ends, links] = connection;
  static_cast<void>(links);  // follow from the two machines
  hash(id, about.uid, about.attempt);
  for (const ConnectionEnd& end : ends) {
    const auto& [machine, state, busy, turn_due, unheard, peer_closed, peer_reset, received, unsent,
                 last_arrival] = end;
    hash(machine, state, busy, turn_due, unheard, peer_closed, peer_reset, last_arrival);
    core.slab.ForEach(received, [&](uint32_t slot) { hash(core.HashEvent(slot)); });
    core.slab.ForEach(unsent, [&](uint32_t slot) {
      const auto& [what, wire_bytes] = parked_[slot];
      hash(core.HashEvent(slot), what.uid, what.attempt, wire_bytes);
    });
  }
  return hash.value();
}

void Network::HashInto(StableHash& hash, const Core& core) const {
  const auto& [config, connections, free, next_serial, links, between, parked] = *this;
  static_cast<void>(config);       // constant during a run
  static_cast<void>(free);         // slots are in no hash
  static_cast<void>(next_serial);  // the engine's to hash
  static_cast<void>(parked);       // by HashConnection
  for (size_t at = 0; at < between.size(); ++at) {
    if (between[at] == 0) continue;
    const auto& [from, to, cuts, latency_class, free_at, extra, name] = links[between[at] - 1u];
    static_cast<void>(std::tie(from, to, latency_class, name));  // `at` tells
    hash(at, cuts, free_at, extra);
  }
  uint64_t sum = 0;  // the order of connections is that of their slots, which are in no hash
  for (const Connection& connection : connections) {
    if (connection.id.exists()) sum += HashConnection(connection, core);
  }
  hash(sum);
}

}  // namespace sim
