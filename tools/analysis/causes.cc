#include "tools/analysis/causes.h"

#include <algorithm>

#include "tools/analysis/actors.h"
#include "tools/analysis/case_names.h"
#include "tools/analysis/case_rescue.h"
#include "tools/analysis/causes_faults.h"
#include "tools/analysis/cure_search.h"
#include "tools/analysis/findings.h"
#include "tools/analysis/what_if.h"

namespace analysis {
namespace {

using answers::Cause;
using answers::Ending;
using answers::Remark;
using kafka::ledger::Finding;

constexpr int kLooksAtMost = 4;  // at cures of cured runs

class SettingFinder {
 public:
  SettingFinder(const Case& base, const Story& story, const CaseNames& names, const StopToken& stop,
                Neighbours& neighbours, kafka::Runner& runner, answers::Explanation& out)
      : base_(base),
        story_(story),
        names_(names),
        stop_(stop),
        neighbours_(neighbours),
        runner_(runner),
        out_(out) {}

  void Find() {
    ChangeSet removals = PlantedBug();
    if (!removals.empty() && LivesWithoutBug(removals)) return NameCauses(removals);
    if (SavedByCures(removals)) return NameCauses(Pruned(removals));
    const bool promised = story_.has_finding &&
                          (story_.finding.loss_class == kafka::ledger::LossClass::kPromiseBroken ||
                           story_.finding.loss_class == kafka::ledger::LossClass::kOutsidePromise);
    if (!promised && TryCandidates()) return;
    NameUnconfirmed(removals);
  }

 private:
  struct Trial {
    bool ran = false;
    Rescue rescue;
    std::unique_ptr<const Prepared> prepared;  // that the runner's world still refers to
    std::optional<answers::Finding> still;     // what still breaks the property
  };

  Trial Try(const ChangeSet& changes) {
    Trial trial;
    auto prepared = PrepareChanges(base_, changes);
    trial.ran = prepared.ok();
    if (!trial.ran) return trial;
    trial.prepared = *std::move(prepared);
    const VariationResult result =
        RunChanged(base_, *trial.prepared, story_.identity, story_.property, changes, runner_);
    trial.rescue = JudgeRescue(base_, story_, result);
    if (trial.rescue.still) {
      trial.still = FindingOf(trial.prepared->setup(), runner_.world().tables, *trial.rescue.still);
    }
    return trial;
  }

  Remark& AddRemark(Remark::Kind kind, const ChangeSet& changes, const Trial& trial) {
    Remark& remark = *out_.add_remark_details();
    remark.set_kind(kind);
    *remark.mutable_changes() = AnswerOf(changes, names_);
    if (trial.ran) *remark.mutable_ending() = trial.rescue.ending;
    return remark;
  }

  ChangeSet PlantedBug() const {
    if (base_.setup().mutant == kafka::Mutant::kNone) return {};
    return Together(BugRemoved{base_.setup().mutant});
  }

  // If the promise was broken, the bug stays in question together with settings; else it is let
  // off.
  bool LivesWithoutBug(ChangeSet& bug) {
    const bool broken =
        story_.has_finding && story_.finding.loss_class == kafka::ledger::LossClass::kPromiseBroken;
    const Trial trial = Try(bug);
    if (trial.ran && (broken ? trial.rescue.message : trial.rescue.everybody)) return true;
    if (broken && trial.rescue.still) {
      next_ = trial.rescue.still;
      *AddRemark(Remark::BUG_NOT_ALONE, bug, trial).mutable_still() = *trial.still;
      return false;
    }
    AddRemark(Remark::NO_PART, bug, trial);
    bug.clear();
    return false;
  }

  // Whether everybody is saved without `removals`, to which the cures that were tried are added.
  bool SavedByCures(ChangeSet& removals) {
    std::optional<Finding> finding = next_;
    if (!finding && story_.has_finding) finding = story_.finding;
    bool saved = false;
    int looks = 0;
    const auto attempt = [&](const Steps& steps) -> std::optional<Steps> {
      const ChangeSet changes = Joined(steps);
      const Trial trial = Try(changes);
      saved = trial.ran && trial.rescue.everybody;
      if (saved) return std::nullopt;
      Remark& remark = AddRemark(trial.ran ? Remark::NOT_ENOUGH : Remark::REFUSED, changes, trial);
      if (!trial.ran) return std::nullopt;
      ending_ = trial.rescue.ending;
      if (trial.still) *remark.mutable_still() = *trial.still;
      if (++looks == kLooksAtMost || stop_.stopped()) return std::nullopt;
      return CuresLeft(trial.rescue.still);
    };
    Steps steps;
    if (!removals.empty()) steps.push_back(removals);
    if (!stop_.stopped()) FollowCures(CuresLeft(finding), attempt, steps);
    removals = Joined(steps);
    return saved;
  }

  Steps CuresLeft(const std::optional<Finding>& finding) const {
    if (!finding) return {};
    return {CureOf(base_.setup(), *finding)};
  }

  // Every removal that the others make unnecessary goes, those that came last first. It is
  // unnecessary if its absence is not felt on other seeds either: a leader that happens to come
  // back first makes one run good, and no configuration.
  ChangeSet Pruned(const ChangeSet& removals) {
    Steps steps;
    for (const Change& removal : removals) steps.push_back({removal});
    DropNeedless([this](const ChangeSet& fewer) { return IsNoLuck(fewer); }, steps);
    return Joined(steps);
  }

  bool IsNoLuck(const ChangeSet& fewer) {
    const Trial trial = Try(fewer);
    if (!trial.ran || !trial.rescue.everybody) return false;
    const auto elsewhere = neighbours_.With(*trial.prepared, {}, runner_);
    if (4 * elsewhere.bad <= elsewhere.of) return true;
    Remark& remark = AddRemark(Remark::LUCK_ALONE, fewer, trial);
    remark.set_bad(elsewhere.bad);
    remark.set_of(elsewhere.of);
    return false;
  }

  void FillCause(const Change& change, Cause& cause) const {
    *cause.mutable_change() = AnswerOf(change, names_);
    cause.set_kind(Cause::SETTING);
    if (const auto* setting = std::get_if<SettingChange>(&change)) {
      *cause.mutable_setting() = ValueInForce(base_, names_, setting->scope, setting->name);
    } else if (const auto* removed = std::get_if<BugRemoved>(&change)) {
      cause.set_kind(Cause::PLANTED_BUG);
      cause.set_bug(AnswerOf(removed->bug));
    } else if (std::holds_alternative<ElrOn>(change)) {
      cause.set_elr_off(true);
    } else if (std::holds_alternative<CallbackAdded>(change)) {
      cause.set_kind(Cause::PROGRAM);
      cause.set_no_callback(true);
    } else if (std::holds_alternative<CommitAfter>(change)) {
      cause.set_kind(Cause::PROGRAM);
      cause.set_commits_before(true);
    }
  }

  void Name(const ChangeSet& removals, Cause::Confirmation confirmation, const Ending& ending) {
    ++group;
    for (const Change& removal : removals) {
      Cause& cause = *out_.add_causes();
      FillCause(removal, cause);
      cause.set_confirmation(confirmation);
      cause.set_group(group);
      *cause.mutable_ending() = ending;
    }
  }

  void NameCauses(const ChangeSet& removals) {
    Ending saved;
    saved.set_kind(Ending::SAVED);
    Name(removals, Cause::CONFIRMED, saved);
  }

  void NameUnconfirmed(const ChangeSet& removals) {
    if (removals.empty()) return;
    Ending as_before;
    as_before.set_kind(Ending::MET);
    as_before.set_fate(AnswerOf(story_.fate));
    Name(removals, Cause::NOT_CONFIRMED, ending_.value_or(as_before));
  }

  // What the promise has no cure for: the first setting that saves, the smallest change first.
  bool TryCandidates() {
    for (const Candidate& candidate : CandidatesOf(base_, story_, out_)) {
      using Line = answers::WhatIf::Line;
      const bool setting = candidate.kind == Line::SETTING || candidate.kind == Line::PAIR ||
                           candidate.kind == Line::PROGRAM;
      if (!setting || candidate.is_in_force() || stop_.stopped()) continue;
      // Eligible leader replicas are a cause only where the promise says so.
      if (Contains(candidate.changes, ElrOn{})) continue;
      const Trial trial = Try(candidate.changes);
      if (!trial.ran || !trial.rescue.everybody) continue;
      NameCauses(Pruned(candidate.changes));
      return true;
    }
    return false;
  }

 public:
  uint32_t group = 0;

 private:
  const Case& base_;
  const Story& story_;
  const CaseNames& names_;
  const StopToken& stop_;
  Neighbours& neighbours_;
  kafka::Runner& runner_;
  answers::Explanation& out_;
  std::optional<Finding> next_;   // where to look on, if not at the story's
  std::optional<Ending> ending_;  // of the last try
};

}  // namespace

void FindCauses(const Case& base, const Story& story, const StopToken& stop, kafka::Runner& runner,
                answers::Explanation& out) {
  const CaseNames names = NamesOf(base, story, runner);
  Neighbours neighbours(base, story);
  SettingFinder settings(base, story, names, stop, neighbours, runner, out);
  settings.Find();
  FindFaultCauses(base, story, names, stop, neighbours, runner, settings.group, out);
}

}  // namespace analysis
