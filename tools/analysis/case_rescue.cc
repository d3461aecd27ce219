#include "tools/analysis/case_rescue.h"

#include <algorithm>

#include "tools/analysis/words.h"

namespace analysis {
namespace {

using answers::Ending;
using kafka::ledger::Fate;
using kafka::ledger::Finding;

constexpr uint64_t kNeighbours = 10;

// Nobody can say yet that it is not lost.
bool IsUnknown(Fate fate) { return fate == Fate::kInvisible || fate == Fate::kPending; }

bool IsGoodEnd(Fate before, Fate now) {
  if (IsLoss(now) || IsUnknown(now)) return false;
  switch (before) {
    case Fate::kLostAfterAck:
    case Fate::kLostSilent:
      return true;  // an error that the application sees is no loss
    case Fate::kDuplicate:
    case Fate::kReordered:
      return now != before;
    default:
      return now == Fate::kOk;
  }
}

// The first finding that was not there before, or that is the very mechanism of the story.
std::optional<Finding> NewFinding(const Case& base, const Story& story,
                                  const kafka::ledger::Verdict& verdict) {
  const auto& before = base.outcome.verdict.findings;
  for (const Finding& finding : verdict.findings) {
    if (finding.property != story.property) continue;
    const bool same = story.has_finding && finding.mechanism == story.finding.mechanism;
    const bool known = std::any_of(before.begin(), before.end(), [&](const Finding& other) {
      return other.property == finding.property && other.mechanism == finding.mechanism;
    });
    if (same || !known) return finding;
  }
  return std::nullopt;
}

}  // namespace

bool IsBad(const Story& story, const kafka::RunOutcome& outcome) {
  const bool has_property =
      IsLoss(story.fate) || story.fate == Fate::kDuplicate || story.fate == Fate::kReordered;
  if (!has_property) return outcome.verdict.fates[static_cast<uint32_t>(story.fate)] > 0;
  return outcome.verdict.of(story.property).status == kafka::ledger::Status::kBroken;
}

void Neighbours::Meet(kafka::Runner& runner) {
  if (met_) return;
  met_ = true;
  kafka::RunOutcome outcome;
  for (uint64_t i = 1; i <= kNeighbours; ++i) {
    const uint64_t seed = base_.seed + i;
    runner.Run({.setup = &base_.setup(),
                .seed = seed,
                .faults = base_.setup().faults,
                .until = base_.until},
               outcome);
    if (IsBad(story_, outcome)) bad_.push_back({seed, outcome.realised});
  }
}

Neighbours::Count Neighbours::With(const Prepared& prepared, const ChangeSet& changes,
                                   kafka::Runner& runner) {
  Meet(runner);
  Count count{.of = static_cast<uint32_t>(bad_.size())};
  kafka::RunOutcome outcome;
  for (const Neighbour& neighbour : bad_) {
    const auto plan = ChangedPlan(changes, base_.setup().faults, neighbour.realised);
    runner.Run(
        {.setup = &prepared.setup(), .seed = neighbour.seed, .faults = plan, .until = base_.until},
        outcome);
    count.bad += IsBad(story_, outcome) ? 1 : 0;
  }
  return count;
}

Rescue JudgeRescue(const Case& base, const Story& story, const VariationResult& result) {
  Rescue rescue;
  rescue.fate = result.fate;
  rescue.still = result.finding ? result.finding : NewFinding(base, story, result.outcome.verdict);
  rescue.ending.set_fate(AnswerOf(result.fate));
  if (!result.all_fired) {
    rescue.ending.set_kind(Ending::FAULT_NOT_STRUCK);
    return rescue;
  }
  rescue.message = result.sent && IsGoodEnd(story.fate, result.fate);
  if (!rescue.message) {
    rescue.ending.set_kind(result.sent ? Ending::MET : Ending::NEVER_SENT);
    return rescue;
  }
  const auto count = result.outcome.verdict.fates[static_cast<uint32_t>(story.fate)];
  const bool others = IsLoss(story.fate) ? rescue.still.has_value() : count > 0 || rescue.still;
  rescue.everybody = !others;
  rescue.ending.set_kind(others ? Ending::OTHERS_INSTEAD : Ending::SAVED);
  return rescue;
}

}  // namespace analysis
