#include "tools/analysis/what_if.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "tools/analysis/case_rescue.h"
#include "tools/analysis/price.h"
#include "tools/analysis/what_if_verdict.h"
#include "tools/analysis/words.h"
#include "tools/analysis/workers.h"
#include "tools/answers/wilson.h"

namespace analysis {
namespace {

using Line = answers::WhatIf::Line;

constexpr uint64_t kSeedsAtLeast = 400;  // none of so many: below 1 %
constexpr double kNarrow = 0.005;        // half the width at which every line is told enough
constexpr double kNarrowApart = 0.025;   // ... at which one that is plainly another is

// One candidate: a line, and what it is made of.
struct Column {
  const Candidate* candidate = nullptr;
  std::unique_ptr<const Prepared> prepared;  // null: Kafka refuses the settings
  Rescue rescue;                             // in the explained run
  bool ran = false;                          // there
  std::vector<Sample> samples;               // of the other seeds, in order
  Line line;
};

uint64_t BadOf(std::span<const Sample> samples) {
  return static_cast<uint64_t>(
      std::count_if(samples.begin(), samples.end(), [](const Sample& s) { return s.bad; }));
}

class Asker {
 public:
  Asker(const Case& base, const Story& story, const std::vector<Candidate>& candidates,
        const WhatIfRequest& request, answers::WhatIf& out)
      : base_(base), story_(story), request_(request), out_(out), columns_(candidates.size()) {
    for (size_t i = 0; i < candidates.size(); ++i) columns_[i].candidate = &candidates[i];
    const uint32_t jobs = JobCount(request.jobs, kSeedBlock);
    for (uint32_t i = 0; i < jobs; ++i) workers_.push_back(std::make_unique<Worker>(base.prepared));
    neighbours_.resize(request.seeds);
  }

  void Ask() {
    out_.set_seeds(request_.seeds);
    std::vector<const Column*> finished;
    const bool ran = RunHere();
    for (Column& column : columns_) {
      if (!ran || !RunElsewhere(column)) {
        *out_.add_left_out() = column.candidate->answer;
        continue;
      }
      Tell(column);
      finished.push_back(&column);
      if (request_.on_line) request_.on_line(column.line);
    }
    while (NeedsMore(unchanged_, unchanged_) && Extend(nullptr)) {
    }
    TellBase();
    std::stable_sort(finished.begin(), finished.end(), IsBetter);
    for (const Column* column : finished) *out_.add_lines() = column->line;
  }

 private:
  struct Worker {
    explicit Worker(const Prepared& prepared) : runner(prepared.state_watcher) {}

    kafka::Runner runner;
    PriceWatcher watcher;
    kafka::RunOutcome outcome;
  };
  // Another seed, unchanged.
  struct Neighbour {
    std::vector<sim::RealisedFault> realised;
    Sample sample;
  };

  // Every candidate on the explained run's own choices. False once stopped.
  bool RunHere() {
    const auto run = [&](uint64_t i, uint32_t worker) {
      Column& column = columns_[i];
      const Candidate& candidate = *column.candidate;
      if (candidate.is_in_force()) return;
      auto prepared = PrepareChanges(base_, candidate.changes);
      if (!prepared.ok()) return;
      column.prepared = *std::move(prepared);
      const VariationResult result =
          analysis::RunChanged(base_, *column.prepared, story_.identity, story_.property,
                               candidate.changes, workers_[worker]->runner);
      column.rescue = JudgeRescue(base_, story_, result);
      column.ran = true;
    };
    return ForEach(columns_.size(), request_.jobs, request_.stop, run) == columns_.size();
  }

  // What saves this run is worth a look at others: a setting that saves everybody in it, and any
  // change of the fault, to tell luck.
  static bool IsWorthOthers(const Column& column) {
    if (!column.ran) return false;
    return column.candidate->is_of_fault() ? column.rescue.message : column.rescue.everybody;
  }

  bool RunElsewhere(Column& column) {
    if (!IsWorthOthers(column)) return !request_.stop.stopped();
    while (NeedsMore(column.samples, unchanged_)) {
      if (!Extend(&column)) return false;
    }
    return true;
  }

  // `unchanged` may be longer: the same seeds are compared.
  bool NeedsMore(std::span<const Sample> samples, std::span<const Sample> unchanged) const {
    if (samples.size() >= request_.seeds || request_.stop.stopped()) return false;
    const auto same = unchanged.first(samples.size());
    return !EnoughSeeds(BadOf(samples), BadOf(same), samples.size());
  }

  // One more block of a column's seeds, and of the unchanged configuration's where these are not
  // known yet. Null: of that alone. False once stopped: a part of a block counts for nothing.
  bool Extend(Column* column) {
    const size_t from = column == nullptr ? unchanged_.size() : column->samples.size();
    const size_t count = std::min<size_t>(kSeedBlock, request_.seeds - from);
    const size_t known = unchanged_.size();
    std::vector<Sample> block(count);
    const uint64_t done =
        ForEach(count, request_.jobs, request_.stop, [&](uint64_t i, uint32_t worker) {
          const size_t index = from + i;
          if (index >= known) RunUnchanged(index, *workers_[worker]);
          if (column != nullptr) block[i] = RunChanged(*column, index, *workers_[worker]);
        });
    if (done != count) return false;
    for (size_t i = known; i < from + count; ++i) unchanged_.push_back(neighbours_[i].sample);
    if (column != nullptr) {
      column->samples.insert(column->samples.end(), block.begin(), block.end());
    }
    return true;
  }

  Sample Run(const kafka::Setup& setup, size_t index, const std::vector<sim::PlannedFault>& plan,
             Worker& worker) const {
    worker.watcher.Begin();
    worker.runner.Run({.setup = &setup,
                       .seed = base_.seed + 1 + index,
                       .overrides = {},
                       .faults = plan,
                       .until = base_.until},
                      worker.outcome, &worker.watcher);
    Sample sample = worker.watcher.Finish();
    sample.bad = IsBad(story_, worker.outcome);
    sample.broken_messages =
        static_cast<uint32_t>(worker.outcome.verdict.of(story_.property).broken);
    return sample;
  }

  void RunUnchanged(size_t index, Worker& worker) {
    Neighbour& neighbour = neighbours_[index];
    neighbour.sample = Run(base_.setup(), index, base_.setup().faults, worker);
    neighbour.realised = worker.outcome.realised;
  }

  Sample RunChanged(const Column& column, size_t index, Worker& worker) const {
    const auto plan =
        ChangedPlan(column.candidate->changes, base_.setup().faults, neighbours_[index].realised);
    return Run(column.prepared->setup(), index, plan, worker);
  }

  static void TellCounts(std::span<const Sample> samples, Line& line) {
    if (samples.empty()) return;
    const uint64_t losing = BadOf(samples);
    const answers::WilsonInterval interval = answers::Wilson(losing, samples.size());
    line.set_losing(static_cast<uint32_t>(losing));
    line.set_n(static_cast<uint32_t>(samples.size()));
    line.set_low(interval.low);
    line.set_high(interval.high);
  }

  void TellBase() {
    Line& line = *out_.mutable_base();
    line.mutable_ending()->set_kind(answers::Ending::MET);
    line.mutable_ending()->set_fate(AnswerOf(story_.fate));
    TellCounts(unchanged_, line);
  }

  void Tell(Column& column) {
    const Candidate& candidate = *column.candidate;
    Line& line = column.line;
    *line.mutable_changes() = candidate.answer;
    line.set_kind(candidate.kind);
    line.set_verdict(candidate.known);
    if (candidate.is_in_force()) return;
    if (!column.ran) return line.set_verdict(Line::REFUSED);
    *line.mutable_ending() = column.rescue.ending;
    if (column.samples.empty())
      return line.set_verdict(VerdictOnThisRun(story_, candidate, column.rescue));
    const std::span<const Sample> same(unchanged_.data(), column.samples.size());
    TellCounts(column.samples, line);
    const Discordant pairs = Compare(column.samples, same);
    if (candidate.is_of_fault()) {
      return line.set_verdict(VerdictOnFault(candidate, column.rescue, line.losing()));
    }
    AddPrices(column.samples, same, line);
    line.set_cure(pairs.are_of_a_cure());
    line.set_verdict(VerdictOnSetting(column.rescue, pairs));
  }

  static bool IsBetter(const Column* a, const Column* b) {
    const auto rank = [](const Column& column) {
      if (column.candidate->is_in_force()) return 3;
      if (column.line.n() == 0) return 2;
      return column.line.cure() ? 0 : 1;
    };
    if (rank(*a) != rank(*b)) return rank(*a) < rank(*b);
    if (a->line.n() == 0 || b->line.n() == 0) return false;
    const uint64_t left = uint64_t{a->line.losing()} * b->line.n();
    const uint64_t right = uint64_t{b->line.losing()} * a->line.n();
    if (left != right) return left < right;
    return PriceOf(*a) < PriceOf(*b);
  }
  // Latency in tenths of a millisecond: what costs the same stays in the order of the candidates.
  static int64_t PriceOf(const Column& column) {
    if (column.line.prices_size() == 0) return 0;
    return std::llround(10 * column.line.prices(0).difference());
  }

  const Case& base_;
  const Story& story_;
  const WhatIfRequest& request_;
  answers::WhatIf& out_;
  std::vector<Column> columns_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<Neighbour> neighbours_;  // by index of the seed
  std::vector<Sample> unchanged_;      // of the first of them
};

}  // namespace

bool EnoughSeeds(uint64_t losing, uint64_t base_losing, uint64_t n) {
  if (n < kSeedsAtLeast) return false;
  const answers::WilsonInterval here = answers::Wilson(losing, n);
  const double half = (here.high - here.low) / 2;
  if (half <= kNarrow) return true;
  const answers::WilsonInterval there = answers::Wilson(base_losing, n);
  return half <= kNarrowApart && (here.high < there.low || here.low > there.high);
}

void AskWhatIf(const Case& base, const Story& story, const std::vector<Candidate>& candidates,
               const WhatIfRequest& request, answers::WhatIf& out) {
  Asker(base, story, candidates, request, out).Ask();
}

}  // namespace analysis
