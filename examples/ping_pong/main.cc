// Two machines play ping-pong. One is killed; the other calls it again until it is back.
#include <cstdio>

#include "sim/search/runner.h"
#include "sim/system.h"
using sim::Context, sim::Effects, sim::Milliseconds, sim::Received;
struct Ball {
  static constexpr const char* kName = "ball";
  uint64_t hits = 0;
};
struct Hit {
  uint64_t hits = 0;
  static constexpr sim::NoteName kNote{sim::kFirstSystemNote, "hit"};
  static constexpr auto kFields = sim::NoteFields(sim::NoteField{"hits", &Hit::hits, sim::kInA});
};
struct Player {
  struct Process {
    uint64_t hits = 0;
  } process;                // a kill empties it
  sim::MachineId opponent;  // whom it calls; none: it waits for a call
  friend void HashInto(sim::StableHash& hash, const Player& player) {
    const auto& [process, opponent] = player;
    hash(process.hits, opponent);
  }
};
void OnStarted(const Context&, Player& player, const Received<sim::Started>&, Effects& out) {
  if (player.opponent.exists()) out.Connect(player.opponent);
}
void OnAccepted(const Context&, Player&, const Received<sim::Accepted>& call, Effects& out) {
  out.SendBody<sim::List<Ball>>(call.connection, {}, 0, Ball{});
}
void OnConnected(const Context&, Player&, const Received<sim::Connected>&, Effects&) {}
void OnBall(const Context&, Player& player, const Received<Ball>& ball, Effects& out) {
  out.Say(Hit{++player.process.hits});
  out.SendBody<sim::List<Ball>>(ball.connection, {ball.body.hits}, 0, Ball{ball.body.hits + 1});
}
void OnGone(const Context&, Player& player, const Received<sim::Disconnected>&, Effects& out) {
  if (player.opponent.exists()) out.SetTimer({.tag = {}, .min = Milliseconds(1)});
}
void OnTimer(const Context&, Player& player, const Received<sim::TimerFired>&, Effects& out) {
  out.Connect(player.opponent);
}
struct PingPong : sim::SystemBase {
  using Machines = sim::List<Player>;
  using Bodies = sim::List<Ball>;
  using Handlers = sim::List<sim::On<&OnStarted>, sim::On<&OnAccepted>, sim::On<&OnConnected>,
                             sim::On<&OnBall>, sim::On<&OnGone>, sim::On<&OnTimer>>;
  static const char* NoteName(uint16_t) { return Hit::kNote.name; }
};
int main() {
  const sim::PlannedFault kill{
      .at = {Milliseconds(3).ns}, .target = sim::OnMachine({0}), .lasts = Milliseconds(2)};
  const sim::RunPlan<PingPong> plan{.faults = {kill}, .end = {Milliseconds(8).ns}};
  sim::Runner<PingPong> runner(plan, [](auto& world) {
    world.AddMachine("ping", Player{.process = {}, .opponent = world.AddMachine("pong", Player{})});
  });
  for (const auto& [seed, run] : runner.RunSeeds(1, 3)) std::printf("%lu %016lx\n", seed, run.low);
  runner.Trace(1, [](const std::string& line) { std::puts(line.c_str()); });
  return runner.Replay(runner.Record(1)) ? 1 : 0;
}
