// model/kafka/run.h
//
// One run from beginning to end, and what it came to.
//
// The end of a run: programs done (a time limit bounds them), faults fired and, if their end was
// declared, passed; then faults stop, links heal, every host that can return is back, and the world
// runs on until only timers and long polls are left. A partition without a leader then is
// unavailable.
#ifndef MODEL_KAFKA_RUN_H_
#define MODEL_KAFKA_RUN_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/kafka/ledger/verdict.h"
#include "model/kafka/system.h"

namespace kafka {

struct RunRequest {
  const Setup* setup = nullptr;
  uint64_t seed = 1;
  std::span<const sim::ChoiceOverride> overrides;
  std::span<const sim::PlannedFault> faults;  // the setup's, or anchored ones
  Duration until = sim::kForever;             // ends the programs earlier than the time limit
  sim::EventLimits limits;                    // one that needs more events ends where it stands
};

// Sees every event as it happens: traces, capsules. Changes nothing.
class RunWatcher {
 public:
  virtual ~RunWatcher() = default;
  virtual void OnEvent(const sim::NoteHeader& header, std::span<const sim::Note> notes,
                       const World& world) = 0;
};

// What is otherwise after a fork than in the run that was forked.
struct Redraw {
  uint64_t future = 0;                         // its number is in the key of every choice
  std::span<const sim::SimTime> faults_until;  // see sim::Engine::RedrawFaults
};

struct RunOutcome;

// Looks at the whole state and not at notes, at every run of a program: at the beginning, after
// every event, and within an event before a fault strikes. Changes nothing.
class StateWatcher : public World::StrikeWatcher {
 public:
  virtual void OnBegin(const World& world) = 0;
  virtual void AfterEvent(const Effects& effects, const World& world) = 0;
  virtual void OnEnd(const RunOutcome& outcome, const World& world) = 0;
  // Who has seen how `fork` came to be, and looks at `copy` as it goes on; null: nobody has.
  virtual StateWatcher* OfFork(const World& fork, const World& copy) = 0;

 protected:
  ~StateWatcher() = default;
};
// Finds who looks at the runs of the calling thread; null, as what it finds may be: nobody does.
using StateWatcherOfThread = StateWatcher* (*)();
inline constexpr StateWatcherOfThread kNoStateWatcher = nullptr;

struct RunOutcome {
  sim::Digest128 digest;
  uint64_t state_hash = 0;
  uint32_t events = 0;
  sim::SimTime programs_ended;  // when healing began
  sim::SimTime ended;
  uint64_t unsent = 0;   // messages that programs had yet to send when the time limit came
  bool settled = false;  // false: the world was still busy when its patience ended
  // Set: the run spun and was ended where it stood, without healing. What is counted below is what
  // had come of it by then, and the verdict says nothing.
  std::optional<sim::Overrun> overrun;
  std::vector<PartitionId> leaderless;
  std::vector<sim::RealisedFault> realised;
  std::vector<uint16_t> unfired;                 // planned faults that never struck
  std::array<uint64_t, AllNotes::kEnd> notes{};  // how many of each kind
  uint64_t elections = 0;                        // records that wrote a leader
  uint64_t unclean_elections = 0;                // by setting
  uint64_t last_known_leader_elections = 0;      // nobody else could: KB:E-14
  uint64_t isr_shrinks = 0;
  uint64_t isr_expands = 0;
  std::vector<int> isr_sizes;  // by partition, at the end
  Duration write_stall{};  // the longest time between two acknowledgements while a program waited
  kafka::ledger::Verdict verdict;
  std::array<kafka::invariants::Tally, kafka::invariants::kInvariantCount> invariants{};
  std::vector<kafka::invariants::Violation> violations;  // the first few
};

// Runs with the memory of the runs before it. One a thread.
class Runner {
 public:
  // Who looks at each run is found when it begins; at a fork looks that one's OfFork.
  explicit Runner(StateWatcherOfThread find_state_watcher)
      : find_state_watcher_(find_state_watcher) {}

  // Forms the cluster once: runs of this setup then begin with a copy of it. The setup may not
  // change, nor anything else take its place in memory, before the next Prepare. Without it each
  // run forms its own.
  void Prepare(const Setup& setup);
  // Fills `outcome`, whose memory is reused too.
  void Run(const RunRequest& request, RunOutcome& outcome, RunWatcher* watcher = nullptr);
  // The rest of a run, from a copy of its World between two events, with its own choices and faults
  // or with others. `until` as in the RunRequest. What `outcome` counts, it counts from there on
  // (notes, elections, write_stall); what became of messages and faults is that of the whole run.
  void Continue(const World& fork, Duration until, const Redraw* redraw, RunOutcome& outcome,
                RunWatcher* watcher = nullptr);
  // The world as the last run left it.
  const World& world() const { return world_; }

 private:
  bool Step(sim::SimTime until, RunOutcome& outcome, RunWatcher* watcher);
  void RunToEnd(Duration until, RunOutcome& outcome, RunWatcher* watcher);
  void StopPrograms(sim::SimTime at, RunOutcome& outcome, RunWatcher* watcher);
  void Heal(RunOutcome& outcome, RunWatcher* watcher);
  void Tell(RunOutcome& outcome, RunWatcher* watcher);
  void TellMore(const sim::Note& note, RunOutcome& outcome);

  World world_;
  World formed_;  // at time 0, of the setup that was prepared
  World::Scratch scratch_;
  StateWatcherOfThread find_state_watcher_;
  StateWatcher* state_watcher_ = nullptr;  // of the run that goes on
  sim::SimTime last_ack_{};
  bool programs_asked_ = false;  // something was said that may end a program
};

// The faults of a variant, a cure or a what-if: each fires where it fired in the base run (same
// message, else same time). What follows another fault still does: if that one is over too late
// for the time of the base run, as planned.
std::vector<sim::PlannedFault> Anchored(std::span<const sim::PlannedFault> plan,
                                        std::span<const sim::RealisedFault> realised);

}  // namespace kafka

#endif  // MODEL_KAFKA_RUN_H_
