#include "tests/sim/puppet.h"

#include <algorithm>

namespace puppet {
namespace {

sim::TimerTag Tag(uint8_t kind, size_t index) {
  return {.kind = kind, .role = 0, .index = static_cast<uint16_t>(index)};
}

void Perform(const Act& act, Puppet& puppet, sim::Effects& out) {
  Puppet::Process& process = puppet.process;
  switch (act.what) {
    case Do::kConnect:
      process.line = out.Connect({static_cast<uint16_t>(act.arg)});
      return;
    case Do::kSend:
      return out.SendBody<Bodies>(process.line, {act.arg, 0}, act.wire_bytes, Say{act.arg});
    case Do::kClose:
      return out.Close(process.line);
    case Do::kListen:
      return out.Listen();
    case Do::kStopListening:
      return out.StopListening();
    case Do::kTimer:
      return out.SetTimer(
          {.tag = Tag(kOwnTimer, 0), .min = sim::Nanoseconds(static_cast<int64_t>(act.arg))});
    case Do::kCancel:
      return out.CancelTimer(Tag(kOwnTimer, 0));
    case Do::kExit:
      return out.Exit();
    case Do::kWrite:
      out.Write({.file = {0}, .from = process.written, .bytes = act.arg, .source = 1});
      process.written += act.arg;
      return;
    case Do::kFlush:
      return out.Flush({0}, 0);
  }
}

}  // namespace

void OnStarted(const Context& ctx, Puppet& puppet, const sim::Received<sim::Started>& started,
               sim::Effects& out) {
  out.Say(notes::Started{.incarnation = started.body.incarnation});
  puppet.process.written = ctx.disk->Length({0});
  for (size_t i = 0; i < ctx.config->script.size(); ++i) {
    const Act& act = ctx.config->script[i];
    if (act.who != ctx.self || act.at < ctx.now) continue;
    out.SetTimer({.tag = Tag(kActTimer, i), .min = act.at - ctx.now});
  }
}
void OnStop(const Context&, Puppet&, const sim::Received<sim::StopRequested>&, sim::Effects& out) {
  out.Exit();
}
void OnTimer(const Context& ctx, Puppet& puppet, const sim::Received<sim::TimerFired>& fired,
             sim::Effects& out) {
  if (fired.body.tag.kind == kActTimer) {
    return Perform(ctx.config->script[fired.body.tag.index], puppet, out);
  }
  if (fired.body.tag.kind == kThinkTimer) {
    const Echo echo{puppet.process.uid};
    return out.SendBody<Bodies>(puppet.process.to_echo, {echo.uid, 0}, 0, echo);
  }
  out.Say(notes::Timer{.index = fired.body.tag.index});
  out.Say(notes::Clock{.mono = ctx.mono, .wall = ctx.wall});
}
void OnConnected(const Context&, Puppet&, const sim::Received<sim::Connected>& connected,
                 sim::Effects& out) {
  out.Say(notes::Connected{.peer = connected.body.peer});
}
void OnAccepted(const Context&, Puppet&, const sim::Received<sim::Accepted>& accepted,
                sim::Effects& out) {
  out.Say(notes::Accepted{.peer = accepted.body.peer});
}
void OnGone(const Context&, Puppet&, const sim::Received<sim::Disconnected>& gone,
            sim::Effects& out) {
  out.Say(notes::Gone{.peer = gone.body.peer, .reason = gone.body.reason});
}
void OnFlushed(const Context&, Puppet&, const sim::Received<sim::Flushed>&, sim::Effects& out) {
  out.Say(notes::Flushed{});
}
void OnSay(const Context& ctx, Puppet& puppet, const sim::Received<Say>& say, sim::Effects& out) {
  out.Say(notes::HeardSay{.uid = say.body.uid});
  if (!ctx.config->answers) return out.Done(say.connection);
  if (ctx.config->think < sim::Duration{}) return;
  puppet.process.to_echo = say.connection;
  puppet.process.uid = say.body.uid;
  if (ctx.config->think > sim::Duration{}) {
    return out.SetTimer({.tag = Tag(kThinkTimer, 0), .min = ctx.config->think});
  }
  out.SendBody<Bodies>(say.connection, {say.body.uid, 0}, 0, Echo{say.body.uid});
}
void OnEcho(const Context&, Puppet&, const sim::Received<Echo>& echo, sim::Effects& out) {
  out.Say(notes::HeardEcho{.uid = echo.body.uid});
}

uint64_t NumberIn(const sim::Note& note) {
  const auto first = []<typename N>(const N& said) {
    if constexpr (std::tuple_size_v<std::remove_cvref_t<decltype(N::kFields)>> == 0) {
      return uint64_t{0};
    } else {
      return sim::notes_internal::RawOf(said.*(std::get<0>(N::kFields).member));
    }
  };
  return Notes::Visit(note, first).value_or(0);
}

Theatre::Theatre(uint16_t puppets) {
  for (sim::LatencyClass& pair : network.classes) pair.base = sim::Milliseconds(1);
  world.config = &config;
  Rebuild(puppets);
}

void Theatre::Rebuild(uint16_t puppets) {
  world.engine.Reset(sim::Choices(1), network);
  world.machines<Puppet>().clear();
  for (uint16_t i = 0; i < puppets; ++i) {
    world.AddMachine(Puppet{}, world.engine.AddHost({.name = i + 1u}, {}), i + 1u);
  }
}

void Theatre::Note() {
  for (const sim::Note& note : scratch.effects.notes()) {
    told.push_back({world.engine.now(), note});
  }
}

void Theatre::RunUntil(sim::Duration since_start) {
  if (!started_) world.Start(scratch), Note(), started_ = true;
  sim::SimTime last = world.engine.now();
  while (world.Step(scratch, sim::SimTime{} + since_start)) {
    SIM_CHECK(world.engine.now() >= last);
    last = world.engine.now();
    Note();
  }
}

void Theatre::EndFaults() {
  world.EndFaults(scratch);
  Note();
}

std::vector<uint64_t> Theatre::Heard(uint16_t who, uint16_t kind) const {
  std::vector<uint64_t> heard;
  for (const Told& it : told) {
    if (it.note.kind == kind && it.note.machine.value == who) heard.push_back(NumberIn(it.note));
  }
  return heard;
}

std::vector<int64_t> Theatre::Times(uint16_t who, uint16_t kind) const {
  std::vector<int64_t> times;
  for (const Told& it : told) {
    if (it.note.kind == kind && it.note.machine.value == who) times.push_back(it.time.ns);
  }
  return times;
}

std::vector<std::string> Theatre::Lines(std::initializer_list<uint16_t> kinds) const {
  std::vector<std::string> lines;
  for (const Told& it : told) {
    const uint16_t kind = it.note.kind;
    if (!Notes::Has(kind)) continue;
    if (kinds.size() != 0 && std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) continue;
    std::string line(1, static_cast<char>('a' + it.note.machine.value));
    line += std::string(" ") + Notes::NameOf(kind);
    line += " " + std::to_string(NumberIn(it.note));
    if (const auto gone = it.note.If<notes::Gone>()) {
      line += gone->reason == sim::Disconnect::kClosed  ? " closed"
              : gone->reason == sim::Disconnect::kReset ? " reset"
                                                        : " refused";
    }
    lines.push_back(line);
  }
  return lines;
}

sim::PlannedFault Fault(sim::FaultKind kind, uint16_t target, sim::Duration at,
                        sim::Duration lasts) {
  return {.kind = kind,
          .at = sim::SimTime{} + at,
          .target = puppet::Target{.role = kMachine, .index = target},
          .lasts = lasts};
}

}  // namespace puppet
