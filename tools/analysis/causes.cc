#include "tools/analysis/causes.h"

#include <algorithm>

#include "tools/analysis/case_rescue.h"
#include "tools/analysis/causes_faults.h"
#include "tools/analysis/causes_text.h"
#include "tools/analysis/cures.h"
#include "tools/analysis/findings.h"
#include "tools/analysis/what_if.h"
#include "tools/analysis/workers.h"
#include "tools/answers/settings_line.h"
#include "tools/render/sentences.h"

namespace analysis {
namespace {

using answers::Cause;
using kafka::ledger::Finding;

constexpr int kLooksAtMost = 4;  // at cures of cured runs

// "no_duplicate_check" -> "kNoDuplicateCheck".
std::string MutantName(const std::string& spelled) {
  std::string name = "k";
  bool upper = true;
  for (const char c : spelled) {
    if (c == '_') {
      upper = true;
      continue;
    }
    name += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = false;
  }
  return name;
}

// One thing that can be otherwise: a setting, the program, a planted bug.
struct Removal {
  Cause::Kind kind = Cause::SETTING;
  std::string line;  // "producer:acks=all", "cluster:elr=true"
  std::string name;  // what stands now
  std::string text;
  friend bool operator==(const Removal& a, const Removal& b) { return a.line == b.line; }
};
using Removals = std::vector<Removal>;

class SettingFinder {
 public:
  SettingFinder(const Case& base, const Story& story, const CaseNames& names,
                Neighbours& neighbours, kafka::Runner& runner, answers::Explanation& out)
      : base_(base),
        story_(story),
        names_(names),
        neighbours_(neighbours),
        runner_(runner),
        out_(out) {}

  void Find() {
    Removals removals = PlantedBugs();
    if (!removals.empty() && LivesWithoutBug(removals)) return Name(removals, "saved");
    if (FollowCures(removals)) return Name(Pruned(removals), "saved");
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
    std::vector<Prepared> prepared;  // that the runner's world still refers to
    std::string sentence;            // of what still breaks the property
  };

  Trial Try(const Removals& removals) {
    std::vector<std::string> lines;
    bool no_bug = false;
    for (const Removal& removal : removals) {
      if (removal.kind == Cause::PLANTED_BUG) {
        no_bug = true;
      } else {
        lines.push_back(removal.line);
      }
    }
    const Changes changes = Sorted(lines);
    Variation variation{.set = changes.set};
    variation.edit = [=](loader::proto::Scenario& scenario) {
      if (no_bug) scenario.clear_mutant();
      Edit(changes, scenario);
    };
    Trial trial;
    trial.ran = PrepareVariation(base_, variation, trial.prepared).ok();
    if (!trial.ran) return trial;
    const VariationResult result =
        RunPrepared(base_, trial.prepared.front(), story_.identity, story_.property,
                    PlanOf(base_.faults, base_.outcome.realised, {}), runner_);
    trial.rescue = JudgeRescue(base_, story_, result);
    if (trial.rescue.still) {
      trial.sentence = render::SentenceOf(
          FindingOf(trial.prepared.front().setup(), runner_.world().tables, *trial.rescue.still));
    }
    return trial;
  }

  Removals PlantedBugs() const {
    Removals bugs;
    for (const std::string& spelled : base_.prepared.scenario.scenario.mutant()) {
      bugs.push_back({Cause::PLANTED_BUG, "mutant:" + spelled + "=off", MutantName(spelled),
                      "the planted bug " + spelled});
    }
    return bugs;
  }

  // If the promise was broken, the bug stays in question together with settings; else it is let
  // off.
  bool LivesWithoutBug(Removals& bugs) {
    const bool broken =
        story_.has_finding && story_.finding.loss_class == kafka::ledger::LossClass::kPromiseBroken;
    const Trial trial = Try(bugs);
    if (trial.ran && (broken ? trial.rescue.message : trial.rescue.everybody)) return true;
    if (broken && trial.rescue.still) {
      next_ = trial.rescue.still;
      out_.add_remarks("without " + bugs.front().text + " alone it is " + trial.rescue.end +
                       " all the same: " + trial.sentence);
      return false;
    }
    out_.add_remarks(bugs.front().text + " played no part: without it the message is " +
                     trial.rescue.end);
    bugs.clear();
    return false;
  }

  bool FollowCures(Removals& removals) {
    std::optional<Finding> finding = next_;
    if (!finding && story_.has_finding) finding = story_.finding;
    for (int look = 0; look < kLooksAtMost && finding && !Interrupted(); ++look) {
      const size_t before = removals.size();
      AddCure(*finding, removals);
      if (removals.size() == before) return false;
      const Trial trial = Try(removals);
      if (!trial.ran) {
        out_.add_remarks(Lines(removals) + " do not go together; not run");
        return false;
      }
      if (trial.rescue.everybody) return true;
      outcome_ = trial.rescue.end;
      out_.add_remarks("with " + Lines(removals) + " " + StillText(trial));
      finding = trial.rescue.still;
    }
    return false;
  }

  static std::string StillText(const Trial& trial) {
    const std::string end = trial.rescue.message ? "this message is saved, but " + trial.rescue.end
                                                 : "the message is still " + trial.rescue.end;
    return end + (trial.sentence.empty() ? "" : ": " + trial.sentence);
  }

  static std::string Lines(const Removals& removals) {
    std::vector<std::string> lines;
    for (const Removal& removal : removals) lines.push_back(removal.line);
    return Listed(lines);
  }

  Removal RemovalOf(const std::string& line) const {
    if (line == answers::kElrChange) {
      return {Cause::SETTING, line, "cluster:elr=false", "eligible leader replicas are off"};
    }
    if (line == answers::kCallbackChange) {
      return {Cause::PROGRAM, line, "program:callback=false",
              "the program does not look at the outcome of send()"};
    }
    if (line == answers::kCommitAfterChange) {
      return {Cause::PROGRAM, line, "program:commit=BEFORE",
              "the consumer commits before it processes"};
    }
    const size_t colon = line.find(':');
    const size_t equals = line.find('=');
    const std::string scope = line.substr(0, colon);
    const std::string setting = line.substr(colon + 1, equals - colon - 1);
    const std::string now = ValueInForce(base_, names_, scope.substr(0, scope.find('/')), setting);
    std::string text = now.substr(now.find(':') + 1);
    if (text.ends_with("=unset")) text.replace(text.rfind('='), 1, " ");
    return {Cause::SETTING, line, now, text};
  }

  void AddCure(const Finding& finding, Removals& removals) const {
    const auto add = [&](Removal removal) {
      if (std::find(removals.begin(), removals.end(), removal) == removals.end()) {
        removals.push_back(std::move(removal));
      }
    };
    for (const std::string& line : CureLines(base_.setup(), finding)) add(RemovalOf(line));
  }

  // Every removal that the others make unnecessary goes, those that came last first. It is
  // unnecessary if its absence is not felt on other seeds either: a leader that happens to come
  // back first makes one run good, and no configuration.
  Removals Pruned(Removals removals) {
    for (size_t i = removals.size(); i-- > 0 && removals.size() > 1;) {
      Removals fewer = removals;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      const Trial trial = Try(fewer);
      if (!trial.ran || !trial.rescue.everybody) continue;
      const auto elsewhere = neighbours_.With(trial.prepared.front(), {}, runner_);
      if (4 * elsewhere.bad <= elsewhere.of) {
        removals = fewer;
      } else {
        out_.add_remarks("with " + Lines(fewer) + " alone this run is saved by luck: " +
                         std::to_string(elsewhere.bad) + " of " + std::to_string(elsewhere.of) +
                         " other runs that lose go on losing");
      }
    }
    return removals;
  }

  void Name(const Removals& removals, const std::string& outcome) {
    ++group;
    for (const Removal& removal : removals) {
      Cause& cause = *out_.add_causes();
      cause.set_kind(removal.kind);
      cause.set_name(removal.name);
      cause.set_text(removal.text);
      cause.set_removal(removal.line);
      cause.set_confirmation(outcome == "saved" ? Cause::CONFIRMED : Cause::NOT_CONFIRMED);
      cause.set_group(group);
      cause.set_outcome(outcome);
    }
  }

  void NameUnconfirmed(const Removals& removals) {
    if (removals.empty()) return;
    Name(removals, outcome_.empty() ? EndWord(story_.fate) : outcome_);
  }

  // What the promise has no cure for: the first setting that saves, the smallest change first.
  bool TryCandidates() {
    for (const Candidate& candidate : CandidatesOf(base_, story_, out_)) {
      using Kind = Candidate::Kind;
      const bool setting = candidate.kind == Kind::kSetting || candidate.kind == Kind::kPair ||
                           candidate.kind == Kind::kProgram;
      if (!setting || candidate.is_default || Interrupted()) continue;
      Removals removals;
      for (const std::string& line : candidate.set) removals.push_back(RemovalOf(line));
      const Trial trial = Try(removals);
      if (!trial.ran || !trial.rescue.everybody) continue;
      Name(Pruned(removals), "saved");
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
  Neighbours& neighbours_;
  kafka::Runner& runner_;
  answers::Explanation& out_;
  std::optional<Finding> next_;  // where to look on, if not at the story's
  std::string outcome_;          // of the last try
};

}  // namespace

void FindCauses(const Case& base, const Story& story, kafka::Runner& runner,
                answers::Explanation& out) {
  const CaseNames names = NamesOf(base, story, runner);
  Neighbours neighbours(base, story);
  SettingFinder settings(base, story, names, neighbours, runner, out);
  settings.Find();
  FindFaultCauses(base, story, names, neighbours, runner, settings.group, out);
}

}  // namespace analysis
