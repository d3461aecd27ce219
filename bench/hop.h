// bench/hop.h
//
// The barest System: machines in pairs that pass one message to and fro, each hop setting a timer
// and cancelling the one before it.
#ifndef BENCH_HOP_H_
#define BENCH_HOP_H_

#include "sim/world.h"

namespace bench {

struct Hop {
  uint64_t uid = 0;
  uint64_t hops = 0;
};

struct Peer {
  struct Process {
    uint64_t hops = 0;
    uint64_t timeouts = 0;
  } process;
  sim::MachineId opposite;  // none: waits to be called

  friend void HashInto(sim::StableHash& hash, const Peer& peer) {
    hash(peer.process.hops, peer.process.timeouts, peer.opposite);
  }
};

constexpr sim::TimerTag kTimeout{.kind = 1};

inline void Pass(sim::ConnectionId to, const Hop& hop, sim::Effects& out) {
  out.SendBody<sim::List<Hop>>(to, {hop.uid, static_cast<uint32_t>(hop.hops)}, 0, hop);
  out.SetTimer({.tag = kTimeout, .min = sim::Seconds(30)});
}
inline void OnStarted(const sim::Context&, Peer& peer, const sim::Received<sim::Started>&,
                      sim::Effects& out) {
  if (peer.opposite.exists()) out.Connect(peer.opposite);
}
inline void OnConnected(const sim::Context& ctx, Peer&,
                        const sim::Received<sim::Connected>& connected, sim::Effects& out) {
  Pass(connected.connection, {ctx.self_name, 0}, out);
}
inline void OnAccepted(const sim::Context&, Peer&, const sim::Received<sim::Accepted>&,
                       sim::Effects&) {}
inline void OnTimeout(const sim::Context&, Peer& peer, const sim::Received<sim::TimerFired>&,
                      sim::Effects&) {
  ++peer.process.timeouts;
}
inline void OnHop(const sim::Context&, Peer& peer, const sim::Received<Hop>& hop,
                  sim::Effects& out) {
  ++peer.process.hops;
  out.CancelTimer(kTimeout);
  Pass(hop.connection, {hop.body.uid, hop.body.hops + 1}, out);
}

struct HopSystem {
  struct Config {};
  struct Tables {
    friend void HashInto(sim::StableHash&, const Tables&) {}
  };
  struct Observer {
    void Observe(const sim::NoteHeader&, std::span<const sim::Note>, const auto&) {}
    friend void HashInto(sim::StableHash&, const Observer&) {}
  };
  using Machines = sim::List<Peer>;
  using Bodies = sim::List<Hop>;
  using Context = sim::Context;
  using Effects = sim::Effects;
  using Handlers = sim::List<sim::On<&OnStarted>, sim::On<&OnConnected>, sim::On<&OnAccepted>,
                             sim::On<&OnTimeout>, sim::On<&OnHop>>;

  static Context MakeContext(const auto& world, sim::MachineId self) {
    return world.engine.ContextOf(self);
  }
  static bool GuardHolds(const auto&, const sim::PlannedFault&, const sim::Note&) { return true; }
  static uint64_t UidOf(const auto&, const sim::Note&) { return 0; }
  static bool IsAbout(const auto&, const sim::Note&, uint64_t) { return false; }
  static sim::Engine::Resolved Resolve(const auto&, const sim::FaultTarget&, const sim::Note*,
                                       const sim::Engine::Resolved*) {
    return {};
  }
};
using HopWorld = sim::World<HopSystem>;

}  // namespace bench

#endif  // BENCH_HOP_H_
