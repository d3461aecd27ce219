// sim/network/network.h
//
// Every connection and every link of a World, and what the kernels at their ends do on their own.
//
// The network is told what processes do and moves its records; arrivals, closes and resets become
// pending events. Whether a process listens, runs or is paused is the engine's business, which
// admits what arrives (engine_admit.cc, engine_network.cc) and says what happened.
// Survives:    the death of any process; what a kernel held of a connection ends with the kernel.
// Invariants:  (1) arrivals of one direction are in the order in which they were sent, and at least
//              1 ns apart; (2) serial numbers are given in order and never reused; (3) a connection
//              that one end still knows is in the table.
// Models, Leaves out:  see connection.h.
#ifndef SIM_NETWORK_NETWORK_H_
#define SIM_NETWORK_NETWORK_H_

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/core.h"
#include "sim/effects.h"
#include "sim/hash.h"
#include "sim/host/host.h"
#include "sim/ids.h"
#include "sim/network/config.h"
#include "sim/network/connection.h"
#include "sim/time.h"

namespace sim {

class Network final : public ConnectionIds {
 public:
  void Configure(const NetworkConfig& config) { config_ = config; }

  // ---- Connections ----

  ConnectionId Reserve() override;
  // Null if the connection is gone. Valid until the next Reserve.
  Connection* Find(ConnectionId id) {
    Connection* connection = connections_.data() + id.slot();
    // Addresses, since a size takes a division. No connection has the id that does not exist.
    if (connection >= connections_.data() + connections_.size()) return nullptr;
    return connection->id == id && id.exists() ? connection : nullptr;
  }
  const Connection* Find(ConnectionId id) const { return const_cast<Network*>(this)->Find(id); }
  static uint8_t EndOf(const Connection& connection, MachineId machine) {
    return connection.ends[0].machine == machine ? 0 : 1;
  }
  // The machine at the other end, or none if the connection is gone.
  MachineId PeerOf(ConnectionId id, MachineId self) const;
  // The connection goes, if neither end knows it any more and nothing of it is parked.
  void MaybeFree(Connection& connection);

  // ---- Links ----

  Link& LinkBetween(HostId from, HostId to, std::span<const Host> hosts) {
    return links_[LinkIndex(from, to, hosts)];
  }
  uint16_t LinkIndex(HostId from, HostId to, std::span<const Host> hosts) {
    const size_t at = from.value * hosts.size() + to.value;
    if (at < link_between_.size() && link_between_[at] != 0) return link_between_[at] - 1;
    return MakeLink(from, to, hosts);
  }
  // Calls visit(link) for each link that was ever used, in the order of hosts.
  template <typename Visit>
  void ForEachLink(const Visit& visit) {
    for (const uint16_t number : link_between_) {
      if (number != 0) visit(links_[number - 1u]);
    }
  }

  // ---- What processes and kernels do ----

  // The event in `slot` leaves `from_end`, or is parked if the link is cut. `wait`: a
  // retransmission time-out that passes first.
  [[gnu::always_inline]] void Send(Core& core, Connection& connection, uint8_t from_end,
                                   uint32_t slot, const About& about, uint32_t wire_bytes,
                                   Duration wait);
  // A handshake, its answer or a close leaves `from_end`.
  void SendControl(Core& core, Connection& connection, uint8_t from_end, EventKind kind,
                   Disconnect reason, Duration wait = {});
  // The event in `slot` met a kernel that never heard of this connection: the slot is freed, and
  // the sender is told.
  void AnswerReset(Core& core, Connection& connection, uint32_t slot);
  // The process at this end closes it: what it sent still travels, the close behind it.
  void CloseEnd(Core& core, Connection& connection, uint8_t end);
  // A write of this end failed: what it has not read is gone but the peer's close, which its process
  // hears next.
  void BreakEnd(Core& core, ConnectionEnd& end);
  // The process has died, and its kernel closes for it.
  void CloseAll(Core& core, MachineId machine);
  // The kernel under the machine has died: its peers hear nothing.
  void LoseAll(Core& core, MachineId machine);
  // A kernel is back. Whoever had sent something into the dark retransmits, and hears a reset;
  // whoever tried to connect is heard now.
  void AnswerLostEnds(Core& core, HostId host, std::span<const Host> hosts,
                      std::span<const Process> processes);
  // The link is whole again: what was parked on it goes out at the next retransmission.
  void Retransmit(Core& core, const Link& link, std::span<const Process> processes);
  // An end has sent: if it is a listener's, that was an answer, and the next request in its receive
  // buffer has its turn. An opener's end is never busy, and nothing waits in its buffer.
  void NextRequest(Core& core, ConnectionEnd& end) {
    if (!end.received.empty()) [[unlikely]] {
      return TakeTurn(core, end);
    }
    end.busy &= end.turn_due;
  }

  // ---- Hashing ----

  uint32_t next_serial() const { return next_serial_; }
  // All but next_serial, which the engine hashes before this.
  void HashInto(StableHash& hash, const Core& core) const;

 private:
  // Once for every send: a division would be its slowest instruction, and bandwidths are powers of
  // two, most of them.
  static Duration Transmission(uint32_t wire_bytes, uint64_t bytes_per_second) {
    const uint64_t scaled = uint64_t{wire_bytes} * 1'000'000'000u;
    const bool is_power = (bytes_per_second & (bytes_per_second - 1)) == 0;
    const uint64_t ns =
        is_power ? scaled >> std::countr_zero(bytes_per_second) : scaled / bytes_per_second;
    return Duration{static_cast<int64_t>(ns)};
  }
  uint16_t MakeLink(HostId from, HostId to, std::span<const Host> hosts);
  void Park(ConnectionEnd& from, Core& core, uint32_t slot, const About& about,
            uint32_t wire_bytes) {
    if (parked_.size() <= slot) parked_.resize(slot + 1);
    parked_[slot] = {about, wire_bytes};
    core.slab.Append(from.unsent, slot);
  }
  void TakeTurn(Core& core, ConnectionEnd& listener);
  void LoseEnd(Core& core, Connection& connection, uint8_t end);
  uint64_t HashConnection(const Connection& connection, const Core& core) const;

  NetworkConfig config_;
  std::vector<Connection> connections_;
  std::vector<uint16_t> free_connections_;
  uint32_t next_serial_ = 0;
  std::vector<Link> links_;             // those that were ever used
  std::vector<uint16_t> link_between_;  // [from][to]: which of them, plus one; or 0
  std::vector<Parked> parked_;          // by slot of the slab; what lies in an unsent chain has one
};

inline void Network::Send(Core& core, Connection& connection, uint8_t from_end, uint32_t slot,
                          const About& about, uint32_t wire_bytes, Duration wait) {
  ConnectionEnd& from = connection.ends[from_end];
  Link& link = links_[connection.links[from_end]];
  if (link.cuts != 0) return Park(from, core, slot, about, wire_bytes);
  const LatencyClass& speed = config_.classes[link.latency_class];
  SimTime departs = core.now;
  if (speed.bytes_per_second != 0) {
    departs = std::max(link.free_at, core.now) + Transmission(wire_bytes, speed.bytes_per_second);
    link.free_at = departs;
  }
  const auto purpose = static_cast<uint32_t>(core.slab[slot].kind);
  const uint64_t raw =
      core.choices.Raw(MakeChoiceKey(ChoiceDomain::kLinkLatency, purpose, link.name, about));
  const SimTime arrives = departs + wait + speed.table.At(speed.base, raw) + link.extra;
  // Never a tie within a stream, and never overtaking (first in, first out).
  from.last_arrival = std::max(arrives, from.last_arrival + Nanoseconds(1));
  core.Push(from.last_arrival, slot);
}

}  // namespace sim

#endif  // SIM_NETWORK_NETWORK_H_
