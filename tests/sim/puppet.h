// tests/sim/puppet.h
//
// A System whose machines do what a test's script says and tell everything that they hear: for
// tests of network, hosts, clocks and faults.
#ifndef TESTS_SIM_PUPPET_H_
#define TESTS_SIM_PUPPET_H_

#include <string>
#include <vector>

#include "sim/world.h"

namespace puppet {

// The first three machines of a theatre, and a moment.
constexpr sim::MachineId a{0}, b{1}, c{2};
constexpr sim::SimTime Ms(int64_t ms) { return {ms * 1'000'000}; }

struct Say {
  uint64_t uid = 0;
};
struct Echo {
  uint64_t uid = 0;
};
using Bodies = sim::List<Say, Echo>;

enum class Do : uint8_t {
  kConnect,
  kSend,
  kClose,
  kListen,
  kStopListening,
  kTimer,
  kCancel,
  kExit,
  kWrite,
  kFlush
};

// At `at` (or at the start, if that is later) the machine does this.
struct Act {
  sim::MachineId who;
  sim::SimTime at{};
  Do what{};
  uint64_t arg = 0;         // kConnect: the peer. kSend: uid. kTimer: delay in ns. kWrite: bytes
  uint32_t wire_bytes = 0;  // kSend
};

namespace notes {

struct Started {
  uint32_t incarnation = 0;
  static constexpr sim::NoteName kNote{32, "started"};
  static constexpr auto kFields =
      sim::NoteFields(sim::NoteField{"incarnation", &Started::incarnation, sim::kInA});
};
struct Connected {
  sim::MachineId peer;
  static constexpr sim::NoteName kNote{33, "connected"};
  static constexpr auto kFields =
      sim::NoteFields(sim::NoteField{"peer", &Connected::peer, sim::kInA});
};
struct Accepted {
  sim::MachineId peer;
  static constexpr sim::NoteName kNote{34, "accepted"};
  static constexpr auto kFields =
      sim::NoteFields(sim::NoteField{"peer", &Accepted::peer, sim::kInA});
};
struct Gone {
  sim::MachineId peer;
  sim::Disconnect reason{};
  static constexpr sim::NoteName kNote{35, "gone"};
  static constexpr auto kFields =
      sim::NoteFields(sim::NoteField{"peer", &Gone::peer, sim::kInA},
                      sim::NoteField{"reason", &Gone::reason, sim::kInB});
};
struct HeardSay {
  uint64_t uid = 0;
  static constexpr sim::NoteName kNote{36, "heard-say"};
  static constexpr auto kFields = sim::NoteFields(sim::NoteField{"uid", &HeardSay::uid, sim::kInA});
};
struct HeardEcho {
  uint64_t uid = 0;
  static constexpr sim::NoteName kNote{37, "heard-echo"};
  static constexpr auto kFields =
      sim::NoteFields(sim::NoteField{"uid", &HeardEcho::uid, sim::kInA});
};
struct Timer {
  uint16_t index = 0;
  static constexpr sim::NoteName kNote{38, "timer"};
  static constexpr auto kFields =
      sim::NoteFields(sim::NoteField{"index", &Timer::index, sim::kInA});
};
struct Flushed {
  static constexpr sim::NoteName kNote{39, "flushed"};
  static constexpr auto kFields = sim::NoteFields();
};
// With each Timer.
struct Clock {
  sim::MonoTime mono;
  sim::WallTime wall;
  static constexpr sim::NoteName kNote{40, "clock"};
  static constexpr auto kFields = sim::NoteFields(sim::NoteField{"mono", &Clock::mono, sim::kInA},
                                                  sim::NoteField{"wall", &Clock::wall, sim::kInB});
};

}  // namespace notes
using Notes =
    sim::NoteList<notes::Started, notes::Connected, notes::Accepted, notes::Gone, notes::HeardSay,
                  notes::HeardEcho, notes::Timer, notes::Flushed, notes::Clock>;

constexpr uint16_t kStarted = sim::kKindOf<notes::Started>;
constexpr uint16_t kConnected = sim::kKindOf<notes::Connected>;
constexpr uint16_t kAccepted = sim::kKindOf<notes::Accepted>;
constexpr uint16_t kGone = sim::kKindOf<notes::Gone>;
constexpr uint16_t kHeardSay = sim::kKindOf<notes::HeardSay>;
constexpr uint16_t kHeardEcho = sim::kKindOf<notes::HeardEcho>;
constexpr uint16_t kTimer = sim::kKindOf<notes::Timer>;
constexpr uint16_t kFlushed = sim::kKindOf<notes::Flushed>;
constexpr uint16_t kClock = sim::kKindOf<notes::Clock>;

struct Config {
  std::vector<Act> script;
  sim::Duration think = {};  // before a Say is echoed; negative: never
  bool answers = true;       // else a Say wants no Echo, and is done when it is read
};

struct Puppet {
  struct Process {
    sim::ConnectionId line;     // the last one that it opened
    sim::ConnectionId to_echo;  // whose Say it thinks about
    uint64_t uid = 0;
    uint64_t written = 0;
  } process;
  friend void HashInto(sim::StableHash& hash, const Puppet& puppet) {
    const auto& [line, to_echo, uid, written] = puppet.process;
    hash(line, to_echo, uid, written);
  }
};

struct Context : sim::Context {
  const Config* config = nullptr;
  sim::SimTime now;  // a script speaks of simulated time, which no real machine sees
};

constexpr uint8_t kActTimer = 1, kThinkTimer = 2, kOwnTimer = 3;

void OnStarted(const Context&, Puppet&, const sim::Received<sim::Started>&, sim::Effects&);
void OnStop(const Context&, Puppet&, const sim::Received<sim::StopRequested>&, sim::Effects&);
void OnTimer(const Context&, Puppet&, const sim::Received<sim::TimerFired>&, sim::Effects&);
void OnConnected(const Context&, Puppet&, const sim::Received<sim::Connected>&, sim::Effects&);
void OnAccepted(const Context&, Puppet&, const sim::Received<sim::Accepted>&, sim::Effects&);
void OnGone(const Context&, Puppet&, const sim::Received<sim::Disconnected>&, sim::Effects&);
void OnFlushed(const Context&, Puppet&, const sim::Received<sim::Flushed>&, sim::Effects&);
void OnSay(const Context&, Puppet&, const sim::Received<Say>&, sim::Effects&);
void OnEcho(const Context&, Puppet&, const sim::Received<Echo>&, sim::Effects&);

enum Role : uint16_t { kNobody, kMachine };  // kMachine: that with the target's index, and its host

struct Target {
  Role role = kNobody;
  uint16_t index = 0;
};

// What a puppet's note is about: its first field, as a number; 0: it has none, or is another's.
uint64_t NumberIn(const sim::Note& note);

struct System {
  struct Tables {
    friend void HashInto(sim::StableHash&, const Tables&) {}
  };
  struct Observer {
    void Observe(const sim::NoteHeader&, std::span<const sim::Note>, const auto&) {}
    friend void HashInto(sim::StableHash&, const Observer&) {}
  };
  using Config = puppet::Config;
  using Context = puppet::Context;
  using Effects = sim::Effects;
  using Bodies = puppet::Bodies;
  using Machines = sim::List<Puppet>;
  using Handlers = sim::List<sim::On<&OnStarted>, sim::On<&OnStop>, sim::On<&OnTimer>,
                             sim::On<&OnConnected>, sim::On<&OnAccepted>, sim::On<&OnGone>,
                             sim::On<&OnFlushed>, sim::On<&OnSay>, sim::On<&OnEcho>>;

  static Context MakeContext(const auto& world, sim::MachineId self) {
    return {world.engine.ContextOf(self), world.config, world.engine.now()};
  }
  // Guards speak of the uid: copies_max is the greatest that counts.
  static bool GuardHolds(const auto&, const sim::PlannedFault& fault, const sim::Note& note) {
    return fault.guard.copies_max < 0 ||
           NumberIn(note) <= static_cast<uint64_t>(fault.guard.copies_max);
  }
  static void HashTarget(sim::StableHash& hash, const sim::FaultTarget& planned) {
    const auto [role, index] = planned.As<Target>();
    hash(role, index);
  }
  static uint64_t UidOf(const auto&, const sim::Note& note) { return NumberIn(note); }
  static bool IsAbout(const auto&, const sim::Note& note, uint64_t uid) {
    return NumberIn(note) == uid;
  }
  static sim::Engine::Resolved Resolve(const auto& world, const sim::FaultTarget& planned,
                                       const sim::Note*, const sim::Engine::Resolved*) {
    const auto target = planned.As<Target>();
    if (target.role == kNobody) return {};
    const sim::MachineId machine{target.index};
    return {.hosts = {world.engine.process(machine).host}, .machines = {machine}};
  }
};
using World = sim::World<System>;

// A world of puppets, one on each host, and what they told.
class Theatre {
 public:
  struct Told {
    sim::SimTime time;
    sim::Note note;
  };

  explicit Theatre(uint16_t puppets);
  void Rebuild(uint16_t puppets);  // after a change of `network`
  void Script(std::vector<Act> script) { config.script = std::move(script); }
  void Plan(const std::vector<sim::PlannedFault>& faults) { world.engine.SetFaults(faults); }
  // Starts at the first call.
  void RunUntil(sim::Duration since_start);
  void EndFaults();

  // "12.5 b heard-echo 3", one a line: time in ms, who, what, of the kinds above.
  std::vector<std::string> Lines(std::initializer_list<uint16_t> kinds = {}) const;
  // `a` of the notes of that kind and machine, in order.
  std::vector<uint64_t> Heard(uint16_t who, uint16_t kind) const;
  std::vector<int64_t> Times(uint16_t who, uint16_t kind) const;  // ns

  Config config;
  sim::NetworkConfig network;
  World world;
  World::Scratch scratch;
  std::vector<Told> told;

 private:
  void Note();
  bool started_ = false;
};

sim::PlannedFault Fault(sim::FaultKind kind, uint16_t target, sim::Duration at,
                        sim::Duration lasts = sim::kForever);

}  // namespace puppet

#endif  // TESTS_SIM_PUPPET_H_
