// Where the network meets processes and is spoken of: who is admitted, and what is said of it.
#include "sim/engine.h"

namespace sim {

void Engine::ApplySend(MachineId self, const Effect& effect, Effects& out) {
  Connection* connection = network_.Find(effect.connection);
  if (connection == nullptr) return;
  const uint8_t end = Network::EndOf(*connection, self);
  ConnectionEnd& own = connection->ends[end];
  if (own.state != EndState::kOpen) return;
  if (own.peer_closed) [[unlikely]] {
    if (own.peer_reset) return network_.BreakEnd(core_, own);
    own.peer_reset = true;  // KB:X-1: this one meets a closed socket, and the next one fails
  }
  const uint32_t slot = core_.slab.Add(out.WordsOf(effect).data(), effect.size);
  Event& event = core_.slab[slot];
  event.kind = effect.body_kind;
  event.end = static_cast<uint8_t>(1 - end);
  event.machine = connection->ends[1 - end].machine;
  event.incarnation = 0;
  event.connection = effect.connection;
  event.cause = core_.last_event();
  network_.Send(core_, *connection, end, slot, effect.about, effect.token, {});
  network_.NextRequest(core_, connection->ends[end]);
}

bool Engine::AdmitHandshake(Connection& connection, ConnectionEnd& to, uint32_t slot) {
  if (core_.slab[slot].kind == EventKind::kAccepted) {
    if (to.state != EndState::kNone) return Drop(slot);
    if (!processes_[to.machine.value].life.listening) {
      to.state = EndState::kClosed;
      core_.slab.Free(slot);
      network_.SendControl(core_, connection, 1, EventKind::kDisconnected, Disconnect::kRefused);
      return false;
    }
    network_.SendControl(core_, connection, 1, EventKind::kConnected, Disconnect::kClosed);
  } else {
    if (to.state == EndState::kLost) return network_.AnswerReset(core_, connection, slot), false;
    if (to.state != EndState::kConnecting) return Drop(slot);
  }
  // By the kernel, even if the process is paused.
  to.state = EndState::kOpen;
  core_.slab[slot].next |= Event::kHasTurn;
  return !HoldIfPaused(slot);
}

bool Engine::AdmitDisconnected(Connection& connection, ConnectionEnd& to, uint32_t slot,
                               Effects& out) {
  if (to.state == EndState::kNone || to.state == EndState::kClosed || to.state == EndState::kLost) {
    if (to.state == EndState::kNone) to.state = EndState::kClosed;
    core_.slab.Free(slot);
    network_.MaybeFree(connection);
    return false;
  }
  to.peer_closed = true;  // by the kernel, even if the process is paused
  Disconnected body;
  std::memcpy(&body, core_.slab.Body(core_.slab[slot]), sizeof(body));
  to.peer_reset |= body.reason == Disconnect::kReset;
  if (HoldIfPaused(slot)) return false;
  // Bytes that had arrived before the close are still read, as long as answers can be written.
  if (to.turn_due || !to.received.empty()) return core_.slab.Append(to.received, slot), false;
  return EndConnection(connection, to, slot, out);
}

bool Engine::EndConnection(Connection& connection, ConnectionEnd& to, uint32_t slot, Effects& out) {
  Disconnected body;
  std::memcpy(&body, core_.slab.Body(core_.slab[slot]), sizeof(body));
  out.SayOf(to.machine,
            notes::Disconnected{.connection = connection.id.serial(), .reason = body.reason});
  to.state = EndState::kClosed;
  network_.MaybeFree(connection);
  return true;
}

void Engine::CutLink(HostId from, HostId to, Effects& out) {
  Link& link = network_.LinkBetween(from, to, hosts_);
  if (link.cuts++ != 0) return;
  out.SayOf(MachineId::None(), notes::LinkCut{.from = from, .to = to});
}

void Engine::HealLink(HostId from, HostId to, Effects& out) {
  Link& link = network_.LinkBetween(from, to, hosts_);
  if (link.cuts == 0 || --link.cuts != 0) return;
  out.SayOf(MachineId::None(), notes::LinkHealed{.from = from, .to = to});
  network_.Retransmit(core_, link, processes_);
}

}  // namespace sim
