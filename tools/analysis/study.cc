#include "tools/analysis/study.h"

#include <algorithm>
#include <memory>

#include "tools/analysis/recorded_run.h"
#include "tools/analysis/workers.h"

namespace analysis {
namespace {

uint32_t MessagesOf(const SeedOutcome& outcome) {
  uint32_t most = 0;
  for (const PropertyJudgement& property : outcome.judgement.properties) {
    if (property.status == loader::proto::BROKEN) most = std::max(most, property.messages);
  }
  return most;
}

Tally TallyOf(const std::vector<SeedOutcome>& outcomes, Property property) {
  Tally tally;
  tally.property = property;
  for (const SeedOutcome& outcome : outcomes) {
    if (!outcome.done) continue;
    const PropertyJudgement& judged = outcome.judgement.of(tally.property);
    tally.held += judged.status == loader::proto::HELD;
    tally.broken += judged.status == loader::proto::BROKEN;
    tally.inconclusive += judged.status == loader::proto::INCONCLUSIVE;
    tally.worst = std::max(tally.worst, judged.loss_class);
    if (!tally.doubt && judged.status == loader::proto::INCONCLUSIVE) tally.doubt = judged.doubt;
  }
  return tally;
}

}  // namespace

std::vector<SeedOutcome> RunSeeds(const Prepared& prepared, const StudyRequest& request) {
  const SeedRange& seeds = request.seeds;
  std::vector<SeedOutcome> outcomes(seeds.count());
  const uint32_t workers = JobCount(request.jobs, seeds.count());
  std::vector<std::unique_ptr<kafka::Runner>> runners;
  std::vector<kafka::RunOutcome> memory(workers);
  for (uint32_t i = 0; i < workers; ++i) {
    runners.push_back(std::make_unique<kafka::Runner>(prepared.state_watcher));
    runners.back()->Prepare(prepared.setup());
  }
  ForEach(seeds.count(), workers, request.stop, [&](uint64_t index, uint32_t worker) {
    SeedOutcome& outcome = outcomes[index];
    outcome.seed = seeds.first + index;
    std::vector<sim::PlannedFault> faults = prepared.setup().faults;
    if (request.base != nullptr) faults = kafka::Anchored(faults, (*request.base)[index].realised);
    kafka::RunOutcome& run = memory[worker];
    runners[worker]->Run({.setup = &prepared.setup(),
                          .seed = outcome.seed,
                          .faults = faults,
                          .until = request.until},
                         run);
    outcome.digest = run.digest;
    outcome.events = run.events;
    outcome.realised = run.realised;
    outcome.judgement = Judge(prepared, run, runners[worker]->world());
    outcome.internal_error = IsInternalError(prepared, run);
    outcome.done = true;
  });
  return outcomes;
}

std::vector<Tally> TallyOf(const std::vector<SeedOutcome>& outcomes,
                           const std::vector<loader::proto::Expectation>& expectations) {
  std::vector<Tally> tallies;
  for (const loader::proto::Expectation& expectation : expectations) {
    tallies.push_back(TallyOf(outcomes, expectation.property()));
  }
  for (const Property property : kHarms) {
    const auto in_it = [&](const SeedOutcome& outcome) {
      const auto& undeclared = outcome.judgement.undeclared;
      return std::find(undeclared.begin(), undeclared.end(), property) != undeclared.end();
    };
    if (std::none_of(outcomes.begin(), outcomes.end(), in_it)) continue;
    tallies.push_back(TallyOf(outcomes, property));
    tallies.back().undeclared = true;
  }
  return tallies;
}

const Tally& Leading(const std::vector<Tally>& tallies) {
  const auto broken = [](const Tally& tally) { return tally.broken != 0; };
  const auto first = std::find_if(tallies.begin(), tallies.end(), broken);
  return first == tallies.end() ? tallies.front() : *first;
}

std::vector<const SeedOutcome*> WorstSeeds(const std::vector<SeedOutcome>& outcomes, size_t count) {
  std::vector<const SeedOutcome*> worst;
  for (const SeedOutcome& outcome : outcomes) {
    if (outcome.done && outcome.judgement.verdict == loader::proto::BROKEN)
      worst.push_back(&outcome);
  }
  std::stable_sort(worst.begin(), worst.end(), [](const SeedOutcome* a, const SeedOutcome* b) {
    return MessagesOf(*a) > MessagesOf(*b);
  });
  if (worst.size() > count) worst.resize(count);
  return worst;
}

Met WorstMet(const std::vector<SeedOutcome>& outcomes) {
  Met worst = Met::kYes;
  for (const SeedOutcome& outcome : outcomes) {
    if (outcome.done) worst = std::max(worst, WorstMet(outcome.judgement.expectations));
  }
  return worst;
}

Prediction Compare(const std::vector<SeedOutcome>& outcomes,
                   const google::protobuf::RepeatedPtrField<loader::proto::Expectation>& predicts) {
  Prediction prediction;
  for (const SeedOutcome& outcome : outcomes) {
    if (!outcome.done) continue;
    bool conclusive = true;
    bool as_predicted = true;
    for (const loader::proto::Expectation& predicted : predicts) {
      const PropertyJudgement& judged = outcome.judgement.of(predicted.property());
      conclusive = conclusive && judged.status != loader::proto::INCONCLUSIVE;
      as_predicted = as_predicted && judged.status == predicted.status();
    }
    prediction.conclusive += conclusive;
    prediction.true_count += conclusive && as_predicted;
  }
  return prediction;
}

}  // namespace analysis
