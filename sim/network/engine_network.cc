// The network's part of the engine: connections, links, what arrives and what waits.
#include <algorithm>
#include <bit>

#include "sim/check.h"
#include "sim/engine.h"

namespace sim {
namespace {

enum NetworkPurpose : uint32_t { kRetransmit = 1 };

// Once for every send: a division would be its slowest instruction, and bandwidths are powers of
// two, most of them.
Duration Transmission(uint32_t wire_bytes, uint64_t bytes_per_second) {
  const uint64_t scaled = uint64_t{wire_bytes} * 1'000'000'000u;
  const bool is_power = (bytes_per_second & (bytes_per_second - 1)) == 0;
  const uint64_t ns =
      is_power ? scaled >> std::countr_zero(bytes_per_second) : scaled / bytes_per_second;
  return Duration{static_cast<int64_t>(ns)};
}

}  // namespace

ConnectionId Engine::Reserve() {
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
  connections_[slot] = {.id = {}, .about = {}, .ends = {}};
  connections_[slot].id = id;
  return id;
}

MachineId Engine::PeerOf(ConnectionId id, MachineId self) const {
  const Connection* connection = Find(id);
  if (connection == nullptr) return MachineId::None();
  return connection->ends[connection->ends[0].machine == self ? 1 : 0].machine;
}

uint16_t Engine::MakeLink(HostId from, HostId to) {
  const Host& a = hosts_[from.value];
  const Host& b = hosts_[to.value];
  const auto latency_class =
      static_cast<uint8_t>(a.net_class * NetworkConfig::kHostClasses + b.net_class);
  links_.push_back(
      {.from = from, .to = to, .latency_class = latency_class, .name = Mix(a.name, b.name)});
  SIM_CHECK(links_.size() <= UINT16_MAX);
  link_between_.resize(hosts_.size() * hosts_.size());
  link_between_[from.value * hosts_.size() + to.value] = static_cast<uint16_t>(links_.size());
  return static_cast<uint16_t>(links_.size() - 1);
}

[[gnu::always_inline]] inline void Engine::SendOn(Connection& connection, uint8_t from_end,
                                                  uint32_t slot, const About& about,
                                                  uint32_t wire_bytes, Duration wait) {
  ConnectionEnd& from = connection.ends[from_end];
  Link& link = links_[connection.links[from_end]];
  if (link.cuts != 0) {
    if (parked_.size() <= slot) parked_.resize(slot + 1);
    parked_[slot] = {about, wire_bytes};
    return Chain(from.unsent, slot);
  }
  const LatencyClass& speed = network_.classes[link.latency_class];
  SimTime departs = now_;
  if (speed.bytes_per_second != 0) {
    departs = std::max(link.free_at, now_) + Transmission(wire_bytes, speed.bytes_per_second);
    link.free_at = departs;
  }
  const auto purpose = static_cast<uint32_t>(slab_[slot].kind);
  const uint64_t raw =
      choices_.Raw(MakeChoiceKey(ChoiceDomain::kLinkLatency, purpose, link.name, about));
  const SimTime arrives = departs + wait + speed.table.At(speed.base, raw) + link.extra;
  // Never a tie within a stream, and never overtaking (first in, first out).
  from.last_arrival = std::max(arrives, from.last_arrival + Nanoseconds(1));
  PushEvent(from.last_arrival, slot);
}

void Engine::ApplySend(MachineId self, const Effect& effect, Effects& out) {
  Connection* connection = Find(effect.connection);
  if (connection == nullptr) return;
  const uint8_t end = EndOf(*connection, self);
  if (connection->ends[end].state != EndState::kOpen) return;
  const uint32_t slot = slab_.Add(out.WordsOf(effect).data(), effect.size);
  Event& event = slab_[slot];
  event.kind = effect.body_kind;
  event.end = static_cast<uint8_t>(1 - end);
  event.machine = connection->ends[1 - end].machine;
  event.incarnation = 0;
  event.connection = effect.connection;
  event.cause = last_event();
  SendOn(*connection, end, slot, effect.about, effect.token, {});
  NextRequest(connection->ends[end]);
}

void Engine::SendControl(Connection& connection, uint8_t from_end, EventKind kind,
                         Disconnect reason, Duration wait) {
  const MachineId sender = connection.ends[from_end].machine;
  const MachineId receiver = connection.ends[1 - from_end].machine;
  uint32_t slot;
  if (kind == EventKind::kDisconnected) {
    slot = NewEvent(kind, receiver, Disconnected{sender, reason});
  } else if (kind == EventKind::kConnected) {
    slot = NewEvent(kind, receiver, Connected{sender, 0});
  } else {
    slot = NewEvent(kind, receiver, Accepted{sender, 0});
  }
  Event& event = slab_[slot];
  event.incarnation = 0;
  event.connection = connection.id;
  event.end = static_cast<uint8_t>(1 - from_end);
  SendOn(connection, from_end, slot, connection.about, 0, wait);
}

bool Engine::AdmitHandshake(Connection& connection, ConnectionEnd& to, uint32_t slot) {
  if (slab_[slot].kind == EventKind::kAccepted) {
    if (to.state != EndState::kNone) return Drop(slot);
    if (!processes_[to.machine.value].listening) {
      to.state = EndState::kClosed;
      slab_.Free(slot);
      SendControl(connection, 1, EventKind::kDisconnected, Disconnect::kRefused);
      return false;
    }
    SendControl(connection, 1, EventKind::kConnected, Disconnect::kClosed);
  } else {
    if (to.state == EndState::kLost) return AnswerReset(connection, slot);
    if (to.state != EndState::kConnecting) return Drop(slot);
  }
  // By the kernel, even if the process is paused.
  to.state = EndState::kOpen;
  slab_[slot].next |= kHasTurn;
  return !HoldIfPaused(slot);
}

bool Engine::AdmitDisconnected(Connection& connection, ConnectionEnd& to, uint32_t slot,
                               Effects& out) {
  if (to.state == EndState::kNone || to.state == EndState::kClosed || to.state == EndState::kLost) {
    if (to.state == EndState::kNone) to.state = EndState::kClosed;
    slab_.Free(slot);
    MaybeFree(connection);
    return false;
  }
  if (HoldIfPaused(slot)) return false;
  // Bytes that had arrived before the close are still read and executed (KB:X-1).
  if (to.turn_due || !to.received.empty()) return Chain(to.received, slot), false;
  return EndConnection(connection, to, slot, out);
}

bool Engine::EndConnection(Connection& connection, ConnectionEnd& to, uint32_t slot, Effects& out) {
  Disconnected body;
  std::memcpy(&body, slab_.Body(slab_[slot]), sizeof(body));
  out.SayOf(to.machine,
            notes::Disconnected{.connection = connection.id.serial(), .reason = body.reason});
  to.state = EndState::kClosed;
  MaybeFree(connection);
  return true;
}

// The kernel that is up now never heard of this connection.
bool Engine::AnswerReset(Connection& connection, uint32_t slot) {
  const uint8_t lost_end = slab_[slot].end;
  const EndState peer = connection.ends[1 - lost_end].state;
  slab_.Free(slot);
  if (peer == EndState::kOpen || peer == EndState::kConnecting) {
    SendControl(connection, lost_end, EventKind::kDisconnected, Disconnect::kReset);
  }
  return false;
}

void Engine::TakeTurn(ConnectionEnd& listener) {
  if (listener.turn_due) return;
  const uint32_t slot = Unchain(listener.received);
  slab_[slot].next = kHasTurn;
  listener.turn_due = true;
  queue_.PushSoon({now_ + Nanoseconds(1), NextNumber(), slot});
}

void Engine::CloseEnd(Connection& connection, uint8_t end) {
  ConnectionEnd& own = connection.ends[end];
  if (own.state == EndState::kNone) return;  // a handshake on its way meets whoever listens then
  const bool tells = own.state == EndState::kOpen || own.state == EndState::kConnecting;
  own.state = EndState::kClosed;
  DropChain(own.received);
  if (tells) SendControl(connection, end, EventKind::kDisconnected, Disconnect::kClosed);
  MaybeFree(connection);
}

// The kernel under this end is gone: nothing is told, nothing parked survives.
void Engine::LoseEnd(Connection& connection, uint8_t end) {
  ConnectionEnd& own = connection.ends[end];
  if (own.state != EndState::kNone && own.state != EndState::kClosed) own.state = EndState::kLost;
  DropChain(own.received);
  DropChain(own.unsent);
  MaybeFree(connection);
}

// A kernel is back. Whoever had sent something into the dark retransmits, and hears a reset;
// whoever tried to connect is heard now.
void Engine::RevisitLostEnds(HostId host) {
  for (Connection& connection : connections_) {
    for (uint8_t end = 0; end < 2 && connection.id.exists(); ++end) {
      ConnectionEnd& own = connection.ends[end];
      if (!own.machine.exists() || processes_[own.machine.value].host != host) continue;
      if (!own.unheard) continue;
      own.unheard = false;
      const ConnectionEnd& peer = connection.ends[1 - end];
      const bool peer_waits = peer.state == EndState::kOpen || peer.state == EndState::kConnecting;
      if (!peer_waits || !hosts_[processes_[peer.machine.value].host.value].up) continue;
      // A retransmission time-out passes before the sender tries again.
      const ChoiceKey key = MakeChoiceKey(ChoiceDomain::kNetwork, kRetransmit,
                                          processes_[peer.machine.value].name, connection.about);
      const Duration wait = choices_.Between(key, Milliseconds(200), Seconds(3));
      if (own.state == EndState::kNone) {
        SendControl(connection, 0, EventKind::kAccepted, Disconnect::kClosed, wait);
      } else {
        SendControl(connection, end, EventKind::kDisconnected, Disconnect::kReset, wait);
      }
    }
  }
}

void Engine::MaybeFree(Connection& connection) {
  for (const ConnectionEnd& end : connection.ends) {
    if (end.state == EndState::kOpen || end.state == EndState::kConnecting) return;
    if (!end.unsent.empty()) return;
  }
  // A handshake that is still on its way finds the serial number changed.
  if (!connection.id.exists()) return;
  free_connections_.push_back(static_cast<uint16_t>(connection.id.slot()));
  connection.id = {};
}

void Engine::Chain(EventChain& chain, uint32_t slot) {
  slab_[slot].next = 0;
  if (chain.tail != 0) slab_[chain.tail - 1].next = slot + 1;
  if (chain.head == 0) chain.head = slot + 1;
  chain.tail = slot + 1;
}
uint32_t Engine::Unchain(EventChain& chain) {
  const uint32_t slot = chain.head - 1;
  chain.head = slab_[slot].next;
  slab_[slot].next = 0;
  if (chain.head == 0) chain.tail = 0;
  return slot;
}
void Engine::DropChain(EventChain& chain) {
  while (!chain.empty()) slab_.Free(Unchain(chain));
}

void Engine::CutLink(HostId from, HostId to, Effects& out) {
  Link& link = LinkBetween(from, to);
  if (link.cuts++ != 0) return;
  out.SayOf(MachineId::None(), notes::LinkCut{.from = from, .to = to});
}

void Engine::HealLink(HostId from, HostId to, Effects& out) {
  Link& link = LinkBetween(from, to);
  if (link.cuts == 0 || --link.cuts != 0) return;
  out.SayOf(MachineId::None(), notes::LinkHealed{.from = from, .to = to});
  for (Connection& connection : connections_) {
    for (uint8_t end = 0; end < 2 && connection.id.exists(); ++end) {
      ConnectionEnd& own = connection.ends[end];
      if (own.unsent.empty() || processes_[own.machine.value].host != from ||
          processes_[connection.ends[1 - end].machine.value].host != to) {
        continue;
      }
      // What was parked goes out at the next retransmission.
      const ChoiceKey key = MakeChoiceKey(ChoiceDomain::kNetwork, kRetransmit, link.name,
                                          {processes_[own.machine.value].name, 0});
      const Duration wait = choices_.Between(key, Milliseconds(0), Milliseconds(400));
      while (!own.unsent.empty()) {
        const uint32_t slot = Unchain(own.unsent);
        const Parked message = parked_[slot];
        SendOn(connection, end, slot, message.about, message.wire_bytes, wait);
      }
      MaybeFree(connection);
    }
  }
}

}  // namespace sim
