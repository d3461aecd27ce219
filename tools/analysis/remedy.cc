#include "tools/analysis/remedy.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "tools/analysis/cure_search.h"
#include "tools/analysis/findings.h"
#include "tools/analysis/workers.h"

namespace analysis {
namespace {

constexpr std::array kLosses = {kafka::ledger::Property::kNoAckedLoss,
                                kafka::ledger::Property::kNoSilentLoss};

// One losing run, under a combination of cures.
struct TrialEnding {
  std::array<kafka::ledger::Status, kLosses.size()> losses{};
  bool whole = false;                       // every fault struck, and every partition has a leader
  uint64_t lost = 0;                        // messages
  Steps cures;                              // of what is lost
  std::optional<answers::Finding> finding;  // the first loss
};

struct Trial {
  bool ran = false;  // false: Kafka refuses the combination, or somebody interrupted it
  std::vector<TrialEnding> endings;
  std::vector<bool> saved;

  uint32_t saved_count() const {
    return static_cast<uint32_t>(std::count(saved.begin(), saved.end(), true));
  }
};

class Finder {
 public:
  explicit Finder(const RemedyQuestion& question) : question_(question) {
    const uint32_t jobs = JobCount(question.jobs, question.losing.size());
    for (uint32_t i = 0; i < jobs; ++i)
      workers_.push_back(std::make_unique<Worker>(*question.prepared));
  }

  answers::Remedy Find() {
    unchanged_ = Try({});
    if (!unchanged_.ran) return {};
    Steps steps;
    FollowCures(
        CuresLeft(unchanged_), [this](const Steps& all) { return Attempt(all); }, steps);
    DropNeedless([this](const ChangeSet& fewer) { return SavesAsMany(fewer); }, best_steps_);
    return Told();
  }

 private:
  struct Worker {
    explicit Worker(const Prepared& prepared) : runner(prepared.state_watcher) {}

    kafka::Runner runner;
    kafka::RunOutcome outcome;
  };

  TrialEnding Run(const Prepared& prepared, const LosingRun& losing, Worker& worker) const {
    const kafka::Setup& setup = prepared.setup();
    const auto faults = kafka::Anchored(setup.faults, losing.realised);
    worker.runner.Run(
        {.setup = &setup, .seed = losing.seed, .faults = faults, .until = question_.until},
        worker.outcome);
    const kafka::ledger::Verdict& verdict = worker.outcome.verdict;
    TrialEnding ending;
    ending.whole = worker.outcome.unfired.empty() && worker.outcome.leaderless.empty();
    for (size_t i = 0; i < kLosses.size(); ++i) {
      ending.losses[i] = verdict.of(kLosses[i]).status;
      ending.lost += verdict.of(kLosses[i]).broken;
    }
    for (const kafka::ledger::Finding& finding : verdict.findings) {
      ChangeSet cure = CureOf(setup, finding);
      if (!cure.empty()) ending.cures.push_back(std::move(cure));
      if (ending.finding) continue;
      ending.finding = FindingOf(setup, worker.runner.world().tables, finding);
    }
    return ending;
  }

  // What was lost is not, nothing else is instead, and the faults that caused it did strike.
  bool IsSaved(const TrialEnding& ending, size_t run) const {
    for (size_t i = 0; i < kLosses.size(); ++i) {
      const bool was_lost = unchanged_.endings[run].losses[i] == kafka::ledger::Status::kBroken;
      if (ending.losses[i] == kafka::ledger::Status::kBroken) return false;
      if (was_lost && ending.losses[i] != kafka::ledger::Status::kHeld) return false;
    }
    return ending.whole;
  }

  Trial Try(const ChangeSet& changes) {
    Trial trial;
    const absl::StatusOr<Prepared> prepared =
        PrepareChanged(*question_.tables, *question_.prepared, *question_.user, changes);
    if (!prepared.ok()) return trial;
    const size_t count = question_.losing.size();
    trial.endings.resize(count);
    const uint64_t done =
        ForEach(count, question_.jobs, question_.stop, [&](uint64_t i, uint32_t worker) {
          trial.endings[i] = Run(*prepared, question_.losing[i], *workers_[worker]);
        });
    trial.ran = done == count;
    for (size_t i = 0; i < count && !changes.empty(); ++i) {
      trial.saved.push_back(IsSaved(trial.endings[i], i));
    }
    trial.saved.resize(count, false);
    return trial;
  }

  // Of the runs that are still lost, in their order.
  static Steps CuresLeft(const Trial& trial) {
    Steps cures;
    for (size_t i = 0; i < trial.endings.size(); ++i) {
      if (trial.saved[i]) continue;
      cures.insert(cures.end(), trial.endings[i].cures.begin(), trial.endings[i].cures.end());
    }
    return cures;
  }

  // Keeps the shortest beginning that saves most. One that saves none may still be half of one that
  // saves all: two causes, each enough.
  std::optional<Steps> Attempt(const Steps& steps) {
    const ChangeSet changes = Joined(steps);
    if (changes.size() > kChangesAtMost) return std::nullopt;
    Trial trial = Try(changes);
    if (!trial.ran) return std::nullopt;
    tried_ = changes;
    last_ = trial;
    if (trial.saved_count() > best_.saved_count()) {
      best_steps_ = steps;
      best_ = trial;
    }
    if (trial.saved_count() == question_.losing.size()) return std::nullopt;
    return CuresLeft(trial);
  }

  bool SavesAsMany(const ChangeSet& fewer) {
    Trial trial = Try(fewer);
    if (!trial.ran || trial.saved_count() < best_.saved_count()) return false;
    best_ = std::move(trial);
    return true;
  }

  answers::Remedy Told() const {
    answers::Remedy remedy;
    const bool helps = !best_steps_.empty();
    const Trial& trial = helps ? best_ : last_;
    const ChangeSet changes = helps ? Joined(best_steps_) : tried_;
    if (changes.empty()) return remedy;
    for (const std::string& line : ChangeLines(changes)) remedy.add_changes(line);
    remedy.set_saved(trial.saved_count());
    remedy.set_of(static_cast<uint32_t>(question_.losing.size()));
    for (size_t i = 0; i < trial.endings.size(); ++i) {
      if (trial.saved[i]) continue;
      remedy.set_still_seed(question_.losing[i].seed);
      remedy.set_still_lost(static_cast<uint32_t>(trial.endings[i].lost));
      if (trial.endings[i].finding) *remedy.mutable_still_finding() = *trial.endings[i].finding;
      break;
    }
    return remedy;
  }

  const RemedyQuestion& question_;
  std::vector<std::unique_ptr<Worker>> workers_;
  Trial unchanged_;
  ChangeSet tried_;  // the longest combination that ran
  Trial last_;
  Steps best_steps_;
  Trial best_;
};

bool LostSomething(const SeedOutcome& outcome) {
  const auto broken = [&](Property property) {
    return outcome.judgement.of(property).status == loader::proto::BROKEN;
  };
  return outcome.done &&
         (broken(loader::proto::NO_ACKED_LOSS) || broken(loader::proto::NO_SILENT_LOSS));
}

}  // namespace

std::vector<LosingRun> LosingRuns(const std::vector<SeedOutcome>& outcomes) {
  std::vector<LosingRun> losing;
  for (const SeedOutcome& outcome : outcomes) {
    if (losing.size() == kLosingAtMost) break;
    if (LostSomething(outcome)) losing.push_back({outcome.seed, outcome.realised});
  }
  return losing;
}

std::vector<LosingRun> LosingNeighbours(const Prepared& prepared, const Neighbourhood& around,
                                        const kafka::RunOutcome& outcome) {
  const uint64_t seed = around.seed;
  constexpr uint64_t kNeighboursAtMost = 10;
  constexpr uint64_t kEventsAtMost = 1'000'000;  // of all of them: a fraction of a second
  if (outcome.verdict.findings.empty()) return {};
  std::vector<LosingRun> losing{{seed, outcome.realised}};
  const uint64_t room = kEventsAtMost / std::max<uint64_t>(outcome.events, 1);
  const uint64_t count = std::min({kNeighboursAtMost, room, UINT64_MAX - seed});
  if (count == 0) return losing;
  const auto others = RunSeeds(prepared, {.seeds = {seed + 1, seed + count},
                                          .jobs = around.jobs,
                                          .until = around.until,
                                          .stop = around.stop});
  for (LosingRun& other : LosingRuns(others)) losing.push_back(std::move(other));
  return losing;
}

RemedyQuestion QuestionOf(const kafka_config::Tables& tables, const Prepared& prepared,
                          const UserSettings& user, std::vector<LosingRun> losing,
                          const StudyRequest& request) {
  return {.tables = &tables,
          .prepared = &prepared,
          .user = &user,
          .losing = std::move(losing),
          .until = request.until,
          .jobs = request.jobs,
          .stop = request.stop};
}

answers::Remedy FindRemedy(const RemedyQuestion& question) {
  if (question.losing.empty()) return {};
  return Finder(question).Find();
}

}  // namespace analysis
