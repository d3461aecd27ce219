#include "tools/analysis/futures.h"

#include <algorithm>
#include <vector>

#include "tools/analysis/survival.h"
#include "tools/analysis/workers.h"
#include "tools/answers/wilson.h"

namespace analysis {
namespace {

using Point = answers::Futures::Point;

// A World right after a point's event.
struct Fork {
  DecisivePoint point;
  bool taken = false;
  kafka::World world;
};

bool Exists(const kafka::World& world, kafka::MessageId message) {
  const auto& messages = world.observer.truth.ledger.messages;
  return message.value < messages.size() && message.value < world.tables.messages.size();
}

// What had happened at a fork.
void FillFacts(const kafka::World& world, kafka::MessageId message, Point& out) {
  const kafka::ledger::Ledger& ledger = world.observer.truth.ledger;
  out.set_faults(static_cast<uint32_t>(world.engine.realised().size()));
  if (!Exists(world, message)) return;
  out.set_told(ledger.messages[message.value].has(kafka::ledger::MessageFacts::kTold));
  const kafka::PartitionId partition = world.tables[message].partition;
  const auto elections =
      std::count_if(ledger.records.begin(), ledger.records.end(), [&](const auto& record) {
        return record.partition == partition && record.how != kafka::Election::kNone &&
               record.how != kafka::Election::kCreated && record.leader.exists();
      });
  out.set_elections(static_cast<uint32_t>(elections));
}

// Copies the World at each point while the recorded run happens once more.
class ForkTaker : public kafka::RunWatcher {
 public:
  explicit ForkTaker(const std::vector<DecisivePoint>& points) : forks_(points.size()) {
    for (size_t i = 0; i < points.size(); ++i) forks_[i].point = points[i];
  }

  void OnEvent(const sim::NoteHeader& header, std::span<const sim::Note>,
               const kafka::World& world) override {
    for (size_t i = 0; i < forks_.size(); ++i) {
      const auto event = static_cast<uint32_t>(forks_[i].point.event);
      // Event numbers are consecutive; the one before the first is -1, so that this holds there.
      const uint32_t at = IsWithoutItsFaults(i) ? event - 1 : event;
      if (header.event.value != at || forks_[i].taken) continue;
      forks_[i].world = world;
      forks_[i].taken = true;
      if (IsWithoutItsFaults(i)) StepWithoutFaults(forks_[i].world);
    }
  }

  std::vector<Fork> Take() {
    std::erase_if(forks_, [](const Fork& fork) { return !fork.taken; });
    return std::move(forks_);
  }

 private:
  // Of several points at one event only the last is after the faults that it set off.
  bool IsWithoutItsFaults(size_t i) const {
    return i + 1 < forks_.size() && forks_[i + 1].point.event == forks_[i].point.event;
  }
  void StepWithoutFaults(kafka::World& world) {
    world.engine.HoldPoints();
    world.Step(scratch_);
  }

  std::vector<Fork> forks_;
  kafka::World::Scratch scratch_;
};

// Until when each fault may strike: the last answer of the recorded run, or when it struck there,
// if that was later.
std::vector<sim::SimTime> HazardEnds(const Case& base, const Story& story) {
  const sim::SimTime last =
      story.last_answer > sim::SimTime{} ? story.last_answer : base.outcome.programs_ended;
  std::vector<sim::SimTime> until(base.faults.size(), last);
  for (const sim::RealisedFault& fault : base.outcome.realised) {
    until[fault.plan] = std::max(last, fault.time);
  }
  return until;
}

// When the last fault that was to come at the first fork may strike; zero if none was.
sim::SimTime WindowEnd(const Fork& first, const std::vector<sim::SimTime>& until) {
  const sim::Engine& engine = first.world.engine;
  sim::SimTime end{};
  for (uint16_t i = 0; i < engine.plan().size(); ++i) {
    const auto realised = engine.realised();
    const bool fired = std::any_of(realised.begin(), realised.end(),
                                   [&](const sim::RealisedFault& one) { return one.plan == i; });
    if (!fired && engine.plan()[i].after_fault < 0) end = std::max(end, until[i]);
  }
  return end;
}

// One runner's memory.
struct Worker {
  explicit Worker(const Case& base) : runner(base.prepared.state_watcher) {}

  kafka::Runner runner;
  kafka::RunOutcome outcome;
};

FutureEnd DrawOne(const Case& base, const Story& story, const Fork& fork,
                  const kafka::Redraw& redraw, Worker& worker) {
  worker.runner.Continue(fork.world, base.until, &redraw, worker.outcome);
  const kafka::World& world = worker.runner.world();
  // What was sent before the fork has its number still.
  const kafka::MessageId message =
      Exists(fork.world, story.message) ? story.message : FindMessage(world, story.identity);
  return EndOf(world, worker.outcome, message, story.fate);
}

Point PointOf(const Fork& fork, const Story& story, std::span<const FutureEnd> ends) {
  Point point;
  for (const auto& anchor : fork.point.after) *point.add_after() = anchor;
  point.set_event(fork.point.event);
  point.set_at_ns(static_cast<uint64_t>(fork.point.time.ns));
  const auto lost =
      std::count_if(ends.begin(), ends.end(), [](const FutureEnd& end) { return end.as_recorded; });
  point.set_lost(static_cast<uint32_t>(lost));
  point.set_n(static_cast<uint32_t>(ends.size()));
  const answers::WilsonInterval interval = answers::Wilson(point.lost(), point.n());
  point.set_low(interval.low);
  point.set_high(interval.high);
  FillFacts(fork.world, story.message, point);
  for (const Survival& survival : CountSurvivals(ends, story.fate)) {
    *point.add_survivals() = survival;
  }
  return point;
}

}  // namespace

void DrawFutures(const Case& base, const Story& story, const FuturesRequest& request,
                 answers::Futures& out) {
  out.set_futures(request.futures);
  if (story.decisive.empty() || request.futures == 0) return;
  ForkTaker taker(story.decisive);
  std::vector<Worker> workers;
  workers.emplace_back(base);
  workers[0].runner.Run(base.request(), workers[0].outcome, &taker);
  const std::vector<Fork> forks = taker.Take();
  const std::vector<sim::SimTime> until = HazardEnds(base, story);

  const uint64_t count = forks.size() * uint64_t{request.futures};
  while (workers.size() < JobCount(request.jobs, count)) workers.emplace_back(base);
  std::vector<FutureEnd> ends(count);
  const uint64_t done =
      ForEach(count, request.jobs, request.stop, [&](uint64_t index, uint32_t worker) {
        const kafka::Redraw redraw{.future = index % request.futures, .faults_until = until};
        ends[index] = DrawOne(base, story, forks[index / request.futures], redraw, workers[worker]);
      });

  for (size_t i = 0; i < done / request.futures; ++i) {  // whole points only
    const std::span<const FutureEnd> all(ends);
    *out.add_points() = PointOf(forks[i], story, all.subspan(i * request.futures, request.futures));
  }
  if (out.points().empty()) return;
  out.set_faults_until_ns(static_cast<uint64_t>(WindowEnd(forks.front(), until).ns));
}

}  // namespace analysis
