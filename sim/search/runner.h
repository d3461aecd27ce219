// sim/search/runner.h
//
// Runs of any System by their seeds: digests, traces with names, and replays that name the first
// event that differs.
//
// A message body may name itself: `static constexpr const char* kName`. System::NoteName names the
// kinds of notes.
// Invariants:  a run depends on its plan, how it was built, and its seed; never on the runs before
//              it.
// Complexity:  the World is built once and copied for each run, which keeps its memory.
// Leaves out:  threads (a caller may have a Runner in each), shrinking, files.
// Example:     examples/ping_pong/main.cc
#ifndef SIM_SEARCH_RUNNER_H_
#define SIM_SEARCH_RUNNER_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/choice.h"
#include "sim/digest.h"
#include "sim/faults/fault.h"
#include "sim/hash.h"
#include "sim/network/config.h"
#include "sim/search/names.h"
#include "sim/storage/config.h"
#include "sim/time.h"
#include "sim/world.h"

namespace sim {

template <typename System>
struct RunPlan {
  typename System::Config config{};
  NetworkConfig network;
  std::vector<PlannedFault> faults;
  SimTime faults_end = SimTime{} + Seconds(60);  // everything is mended then
  SimTime end = SimTime{} + Seconds(90);
};

struct SeedDigest {
  uint64_t seed = 0;
  Digest128 digest;

  friend bool operator==(const SeedDigest&, const SeedDigest&) = default;
};

// A run, event by event: what happened, and the digest of all up to and with it.
struct Recording {
  struct Step {
    EventHeader event;
    Digest128 digest;
  };
  uint64_t seed = 0;
  std::vector<Step> steps;
  Digest128 digest;  // with the state at the end
};

// Where a replay left its recording; an empty text means that the run was over.
struct Difference {
  uint64_t event = 0;  // counted from 0
  std::string recorded;
  std::string now;
};

// Adds hosts and machines, and remembers what they are called. Order is identity.
template <typename System>
class Builder {
 public:
  explicit Builder(World<System>& world) : world_(world) {}

  HostId AddHost(std::string_view name, const StorageConfig& storage = {}) {
    return world_.engine.AddHost({.name = HashName(name)}, storage);
  }
  template <typename M>
  MachineId AddMachine(std::string_view name, HostId host, const M& machine) {
    names_.emplace_back(name);
    return world_.AddMachine(machine, host, HashName(name));
  }
  // A machine on a host of its own.
  template <typename M>
  MachineId AddMachine(std::string_view name, const M& machine) {
    return AddMachine(name, AddHost(name), machine);
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  World<System>& world_;
  std::vector<std::string> names_;  // by MachineId
};

template <typename System>
class Runner {
 public:
  using World = sim::World<System>;

  // `build(Builder<System>&)` adds the hosts and the machines.
  template <typename Build>
  Runner(const RunPlan<System>& plan, const Build& build) : plan_(plan) {
    built_.config = &plan_.config;
    built_.engine.Reset(Choices(0), plan_.network);
    Builder<System> builder(built_);
    build(builder);
    names_ = builder.names();
    built_.engine.SetFaults(plan_.faults);
  }
  Runner(const Runner&) = delete;  // Worlds point to the plan
  Runner& operator=(const Runner&) = delete;

  // Runs to the end. world() has the outcome.
  Digest128 Run(uint64_t seed) {
    return Watch(seed, [](const EventHeader*, std::span<const Note>) {});
  }
  // Both ends included, as a user counts.
  std::vector<SeedDigest> RunSeeds(uint64_t first, uint64_t last) {
    std::vector<SeedDigest> results;
    for (uint64_t seed = first; seed <= last; ++seed) results.push_back({seed, Run(seed)});
    return results;
  }
  // One line an event, and one for each note behind it. Calls sink(line).
  template <typename Sink>
  Digest128 Trace(uint64_t seed, const Sink& sink) {
    return Watch(seed, [&](const EventHeader* event, std::span<const Note> notes) {
      if (event != nullptr) sink(EventText(*event));
      for (const Note& note : notes) sink(NoteText(note));
    });
  }
  Recording Record(uint64_t seed) {
    Recording recording{.seed = seed};
    recording.digest = Watch(seed, [&](const EventHeader* event, std::span<const Note>) {
      if (event != nullptr) recording.steps.push_back({*event, world_.digest()});
    });
    return recording;
  }
  // Runs that seed again. None: it was the same run.
  std::optional<Difference> Replay(const Recording& recording) {
    const Recording again = Record(recording.seed);
    const auto& [a, b] = std::pair(std::span(recording.steps), std::span(again.steps));
    const size_t both = std::min(a.size(), b.size());
    for (size_t i = 0; i < both; ++i) {
      if (a[i].digest != b[i].digest) {
        return Difference{i, EventText(a[i].event), EventText(b[i].event)};
      }
    }
    if (a.size() == b.size() && recording.digest == again.digest) return std::nullopt;
    return Difference{both, both < a.size() ? EventText(a[both].event) : "",
                      both < b.size() ? EventText(b[both].event) : ""};
  }
  const World& world() const { return world_; }

 private:
  // Calls look(event, notes) for each event, after it; the event is null where the runner itself
  // acts: at the start, and when the faults end.
  template <typename Look>
  Digest128 Watch(uint64_t seed, const Look& look) {
    world_ = built_;
    world_.engine.Reseed(Choices(seed));
    scratch_.watched = true;
    world_.Start(scratch_);
    look(nullptr, scratch_.effects.notes());
    StepUntil(std::min(plan_.faults_end, plan_.end), look);
    world_.EndFaults(scratch_);
    look(nullptr, scratch_.effects.notes());
    StepUntil(plan_.end, look);
    world_.Checkpoint();
    return world_.digest();
  }
  template <typename Look>
  void StepUntil(SimTime until, const Look& look) {
    while (world_.Step(scratch_, until)) {
      look(&scratch_.event.header, scratch_.effects.notes());
    }
  }

  template <typename... Bodies>
  static std::string BodyName(uint32_t index, List<Bodies...>) {
    std::string found = "message " + std::to_string(index);
    uint32_t at = 0;
    const auto look = [&]<typename B>(const B*) {
      if constexpr (requires { B::kName; }) {
        if (at == index) found = B::kName;
      }
      ++at;
    };
    (look(static_cast<const Bodies*>(nullptr)), ...);
    return found;
  }
  std::string MachineName(MachineId machine) const {
    return machine.exists() ? names_[machine.value] : "-";
  }
  std::string Line(SimTime time, MachineId machine, const std::string& what) const {
    std::string text = TimeText(time) + "  " + MachineName(machine);
    text.resize(std::max<size_t>(text.size(), kNameColumn), ' ');
    return text + "  " + what;
  }
  std::string EventText(const EventHeader& event) const {
    const char* name = EngineEventName(event.kind);
    const auto body =
        static_cast<uint32_t>(event.kind) - static_cast<uint32_t>(EventKind::kFirstBody);
    return Line(event.time, event.machine,
                name != nullptr ? name : BodyName(body, typename System::Bodies{}));
  }
  std::string NoteText(const Note& note) const {
    const char* name = EngineNoteName(note.kind);
    if (note.kind >= kFirstSystemNote) name = System::NoteName(note.kind);
    const std::string what = name != nullptr ? name : "note " + std::to_string(note.kind);
    return Line(world_.engine.now(), note.machine, "  " + what + WordsText(note));
  }

  static constexpr size_t kNameColumn = 32;

  RunPlan<System> plan_;
  World built_;
  World world_;
  typename World::Scratch scratch_;
  std::vector<std::string> names_;  // by MachineId
};

}  // namespace sim

#endif  // SIM_SEARCH_RUNNER_H_
