#include "model/kafka/run.h"

#include <algorithm>

#include "model/kafka/targets.h"

namespace kafka {
namespace {

// How long the world may take to settle after faults have ended: every time-out of a default
// configuration fits (delivery.timeout.ms 120 s, session 9 s, ISR 45 s), and then some.
constexpr Duration kPatience = Seconds(400);
// How often quiescence is looked at, and how long it has to last.
constexpr Duration kLook = Milliseconds(250);
// After this long without any partition record, a leaderless partition stays so: nobody is left
// whose return could change it.
constexpr Duration kLeaderlessPatience = Seconds(30);

const broker::Partition* ReplicaOf(const World& world, BrokerId broker, PartitionId partition) {
  return world.machine<broker::Broker>(MachineOf(broker)).process.Find(partition);
}

bool ProgramsDone(const World& world) {
  for (uint16_t i = 0; i < world.config->producers.size(); ++i) {
    const sim::MachineId machine = MachineOf(*world.config, ProducerIndex{i});
    if (!world.engine.process(machine).life.running) continue;  // killed: its program is over
    if (!world.machine<producer::Producer>(machine).process.closed) return false;
  }
  return true;
}

bool BrokersServe(const World& world) {
  const controller::Process& controller = world.machines<controller::Controller>()[0].process;
  for (uint8_t i = 0; i < world.config->brokers.size(); ++i) {
    const controller::Registration& broker = controller.brokers[{i}];
    if (!world.engine.process(MachineOf(BrokerId{i})).life.running) return false;
    if (!broker.registered || broker.fenced || broker.in_controlled_shutdown) return false;
    // The registration of the process that runs now, not of the one before it.
    const sim::Process& process = world.engine.process(MachineOf(BrokerId{i}));
    if (broker.incarnation != process.incarnation) return false;
  }
  return true;
}

// What a fault declares is what it does: a cut link stays cut, and a dead broker dead, for as long
// as the plan says, even if the programs have nothing left to send. (Healed at once, a leader that
// was cut off would never be replaced, and its last acknowledged messages never lost.)
bool FaultsPassed(const World& world) {
  if (world.engine.faults_ended()) return true;  // a fork of the end of a run
  if (!world.engine.AllFaultsFired()) return false;
  const auto plan = world.engine.plan();
  const auto realised = world.engine.realised();
  return std::all_of(realised.begin(), realised.end(), [&](const sim::RealisedFault& fault) {
    return fault.over || plan[fault.plan].lasts >= sim::kForever;
  });
}

// Everybody in the assignment is in sync, and everybody knows that all of it is committed.
bool PartitionRests(const World& world, PartitionId partition) {
  const controller::PartitionState& state =
      world.machines<controller::Controller>()[0].process.partitions[partition.value];
  const auto& replicas = world.config->partitions[partition.value].replicas;
  const broker::Partition* leader = ReplicaOf(world, state.leader, partition);
  if (leader == nullptr || !leader->leads()) return false;
  const Offset end = leader->log.end;
  for (const BrokerId replica : replicas) {
    const broker::Partition* copy = ReplicaOf(world, replica, partition);
    if (copy == nullptr || !state.isr.contains(replica)) return false;
    if (copy->log.end != end || copy->high_watermark != end) return false;
  }
  for (uint16_t i = 0; i < world.config->consumers.size(); ++i) {
    const sim::MachineId machine = MachineOf(*world.config, ConsumerIndex{i});
    if (!world.engine.process(machine).life.running) continue;
    const consumer::Consumer& reader = world.machine<consumer::Consumer>(machine);
    const bool unheard = end > Offset{0} && world.config->Reads(reader.index, partition) &&
                         !consumer::Knows(reader, partition);
    if (unheard) return false;  // it has yet to hear of a partition that was added
    if (!consumer::IsCaughtUp(world.machine<consumer::Consumer>(machine), partition, end)) {
      return false;
    }
  }
  return true;
}

const controller::PartitionState& StateOf(const World& world, PartitionId partition) {
  return world.machines<controller::Controller>()[0].process.partitions[partition.value];
}

bool HasLeader(const World& world, PartitionId partition) {
  return StateOf(world, partition).leader.exists();
}

void CountPartitionRecord(const notes::PartitionState& said, RunOutcome& outcome) {
  const Election how = said.election;
  const bool led =
      how != Election::kNone && how != Election::kLeaderless && how != Election::kCreated;
  outcome.elections += led ? 1 : 0;
  outcome.unclean_elections += IsWishedUnclean(how) ? 1 : 0;
  outcome.last_known_leader_elections += how == Election::kLastKnownLeader ? 1 : 0;
  const int size = said.isr.size();
  int& before = outcome.isr_sizes[said.partition.value];
  outcome.isr_shrinks += size < before ? 1 : 0;
  outcome.isr_expands += size > before ? 1 : 0;
  before = size;
}

// The notes of which a run's outcome tells more than how many there were.
using ToldMore =
    sim::NoteList<notes::PartitionState, notes::AckedToApplication, notes::ProducerIdle,
                  sim::notes::ProcessStarted, sim::notes::ProcessKilled, sim::notes::ProcessExited>;

constexpr auto kIsToldMore =
    AllNotes::TableOf<bool>(false, []<typename N>() { return ToldMore::kHas<N>; });

}  // namespace

void Runner::TellMore(const sim::Note& note, RunOutcome& outcome) {
  ToldMore::Visit(
      note, [&](const notes::PartitionState& said) { CountPartitionRecord(said, outcome); },
      [&](const notes::AckedToApplication&) {
        const sim::SimTime now = world_.engine.now();
        outcome.write_stall = std::max(outcome.write_stall, now - last_ack_);
        last_ack_ = now;
      },
      [&]<typename N>(const N&) { programs_asked_ = true; });  // a program's end shows in the rest
}

inline void Runner::Tell(RunOutcome& outcome, RunWatcher* watcher) {
  for (const sim::Note& note : scratch_.effects.notes()) {
    ++outcome.notes[note.kind];
    if (kIsToldMore[note.kind]) TellMore(note, outcome);
  }
  if (state_watcher_ != nullptr) [[unlikely]]
    state_watcher_->AfterEvent(scratch_.effects, world_);
  if (watcher != nullptr) [[unlikely]]
    watcher->OnEvent(world_.engine.header(), scratch_.effects.notes(), world_);
}

bool Runner::Step(sim::SimTime until, RunOutcome& outcome, RunWatcher* watcher) {
  if (!world_.Step(scratch_, until)) return false;
  Tell(outcome, watcher);
  return true;
}

void Runner::Prepare(const Setup& setup) { Form(setup, formed_); }

void Runner::Run(const RunRequest& request, RunOutcome& outcome, RunWatcher* watcher) {
  static const RunOutcome kEmpty{};
  outcome = kEmpty;  // keeps the memory
  for (const PartitionSetup& partition : request.setup->partitions) {
    outcome.isr_sizes.push_back(static_cast<int>(partition.replicas.size()));
  }
  last_ack_ = {};
  state_watcher_ = find_state_watcher_ != nullptr ? find_state_watcher_() : nullptr;
  scratch_.strike_watcher = state_watcher_;
  if (formed_.config == request.setup) {
    world_ = formed_;
    Begin(sim::Choices(request.seed, request.overrides), request.faults, world_, scratch_);
  } else {
    Build(*request.setup, request.seed, request.overrides, request.faults, world_, scratch_);
  }
  world_.engine.SetEventLimits(request.limits);
  if (state_watcher_ != nullptr) state_watcher_->OnBegin(world_);
  Tell(outcome, watcher);
  RunToEnd(request.until, outcome, watcher);
}

void Runner::Continue(const World& fork, Duration until, const Redraw* redraw, RunOutcome& outcome,
                      RunWatcher* watcher) {
  static const RunOutcome kEmpty{};
  outcome = kEmpty;  // keeps the memory
  world_ = fork;
  StateWatcher* const of_thread = find_state_watcher_ != nullptr ? find_state_watcher_() : nullptr;
  state_watcher_ = of_thread != nullptr ? of_thread->OfFork(fork, world_) : nullptr;
  scratch_.strike_watcher = state_watcher_;
  for (const kafka::ledger::Partition& partition : world_.observer.truth.ledger.partitions) {
    outcome.isr_sizes.push_back(partition.record.isr.size());
  }
  last_ack_ = world_.engine.now();
  if (redraw != nullptr) {
    world_.engine.Override(world_.engine.choices().Future(redraw->future));
    world_.RedrawFaults(redraw->faults_until);
  }
  RunToEnd(until, outcome, watcher);
}

void Runner::RunToEnd(Duration until, RunOutcome& outcome, RunWatcher* watcher) {
  const sim::SimTime limit{std::min(world_.config->time_limit.ns, until.ns)};
  bool programs_done = false;
  programs_asked_ = true;
  for (;;) {
    if (programs_asked_) {
      programs_done = ProgramsDone(world_);
      programs_asked_ = false;
    }
    if (programs_done && FaultsPassed(world_)) break;
    if (!Step(limit, outcome, watcher)) {
      if (!world_.engine.overrun()) StopPrograms(limit, outcome, watcher);
      break;
    }
  }
  outcome.programs_ended = world_.engine.now();
  if (!world_.engine.overrun()) Heal(outcome, watcher);
  outcome.overrun = world_.engine.overrun();
  outcome.state_hash = world_.Checkpoint();
  outcome.digest = world_.digest();
  outcome.events = world_.engine.event_count();
  outcome.ended = world_.engine.now();
  outcome.realised.assign(world_.engine.realised().begin(), world_.engine.realised().end());
  for (uint16_t i = 0; i < world_.engine.plan().size(); ++i) {
    const auto fired = [&](const sim::RealisedFault& fault) { return fault.plan == i; };
    if (std::none_of(outcome.realised.begin(), outcome.realised.end(), fired)) {
      outcome.unfired.push_back(i);
    }
  }
  world_.observer.truth.Finish(world_.tables, *world_.config, outcome.verdict);
  outcome.invariants = world_.observer.truth.invariants.tallies;
  outcome.violations = world_.observer.truth.invariants.violations;
  if (state_watcher_ != nullptr) state_watcher_->OnEnd(outcome, world_);
}

// Each as SIGTERM does: no more send(), and what was sent is seen through.
void Runner::StopPrograms(sim::SimTime at, RunOutcome& outcome, RunWatcher* watcher) {
  for (uint16_t i = 0; i < world_.config->producers.size(); ++i) {
    const sim::MachineId machine = MachineOf(*world_.config, ProducerIndex{i});
    const producer::Process& process = world_.machine<producer::Producer>(machine).process;
    if (!world_.engine.process(machine).life.running || process.closed) continue;
    outcome.unsent += world_.config->producers[i].program.messages - process.program.next;
    world_.AskToStop(machine, at, scratch_);
    Tell(outcome, watcher);
  }
}

void Runner::Heal(RunOutcome& outcome, RunWatcher* watcher) {
  world_.EndFaults(scratch_);
  Tell(outcome, watcher);
  const sim::SimTime healed = world_.engine.now();
  constexpr uint16_t kRecord = sim::kKindOf<notes::PartitionState>;
  uint64_t records = outcome.notes[kRecord];
  sim::SimTime last_record = healed;
  for (sim::SimTime look = healed + kLook; look < healed + kPatience; look = look + kLook) {
    while (Step(look, outcome, watcher)) {
    }
    if (world_.engine.overrun()) return;
    if (records != outcome.notes[kRecord]) {
      records = outcome.notes[kRecord];
      last_record = look;
    }
    if (!BrokersServe(world_) || !ProgramsDone(world_)) {
      const bool stuck = look - last_record > kLeaderlessPatience && BrokersServe(world_);
      bool leaderless = false;
      for (uint16_t i = 0; i < world_.config->partitions.size(); ++i) {
        const bool exists = controller::Exists(StateOf(world_, {i}));
        leaderless = leaderless || (exists && !HasLeader(world_, {i}));
      }
      if (!stuck || !leaderless) continue;
    }
    bool rests = true;
    outcome.leaderless.clear();
    for (uint16_t i = 0; i < world_.config->partitions.size(); ++i) {
      if (!controller::Exists(StateOf(world_, {i}))) continue;
      if (HasLeader(world_, {i})) {
        rests = rests && PartitionRests(world_, {i});
      } else {
        outcome.leaderless.push_back({i});
        rests = rests && look - last_record > kLeaderlessPatience;
      }
    }
    if (!rests) continue;
    outcome.settled = true;
    return;
  }
}

namespace {

// Whoever led the partition of the note is meant, whatever makes the fault strike now.
sim::FaultTarget Pinned(const sim::FaultTarget& planned, uint32_t partition) {
  Target target = planned.As<Target>();
  if (target.partition == Target::kPartitionOfNote) target.partition = partition;
  return target;
}

}  // namespace

std::vector<sim::PlannedFault> Anchored(std::span<const sim::PlannedFault> plan,
                                        std::span<const sim::RealisedFault> realised) {
  std::vector<sim::PlannedFault> anchored(plan.begin(), plan.end());
  for (const sim::RealisedFault& fired : realised) {
    sim::PlannedFault& fault = anchored[fired.plan];
    fault.occurrence = 1;
    fault.guard = {};
    if (IsAboutPartition(fired.note_kind)) {
      fault.target = Pinned(fault.target, fired.note_subject);
      fault.peer = Pinned(fault.peer, fired.note_subject);
    }
    const bool about_message = fired.note_kind != 0 && fired.uid != 0;
    fault.by_uid = about_message;
    fault.uid = fired.uid;
    if (!about_message) fault.note_kind = 0;
    // The same message may never reach that point under other settings; then the fallback counts.
    fault.at = about_message ? std::max(plan[fired.plan].at, fired.time) : fired.time;
  }
  return anchored;
}

}  // namespace kafka
