#include "tools/analysis/causes_faults.h"

#include <algorithm>

namespace analysis {
namespace {

using answers::Cause;
using answers::Remark;

answers::Ending Saved() {
  answers::Ending ending;
  ending.set_kind(answers::Ending::SAVED);
  return ending;
}

class FaultFinder {
 public:
  FaultFinder(const Case& base, const Story& story, const CaseNames& names, const StopToken& stop,
              Neighbours& neighbours, kafka::Runner& runner, uint32_t group,
              answers::Explanation& out)
      : base_(base),
        story_(story),
        names_(names),
        stop_(stop),
        neighbours_(neighbours),
        runner_(runner),
        group_(group),
        out_(out) {
    for (size_t i = 0; i < names.faults.size(); ++i) {
      if (names.faults[i].fired) order_.push_back(i);
    }
    // The decisive one first, those outside of the chain last.
    std::stable_sort(order_.begin(), order_.end(), [&](size_t a, size_t b) {
      const auto rank = [&](size_t i) {
        return names.faults[i].rank < 0 ? INT32_MAX : names.faults[i].rank;
      };
      return rank(a) < rank(b);
    });
  }

  void Find() {
    if (order_.empty()) return;
    for (size_t k = 0; k < order_.size(); ++k) {
      if (stop_.stopped()) return;
      single_.push_back(Without({order_[k]}));
      Trial& trial = single_.back();
      trial.luck = !InChain(k) && trial.rescue.everybody && IsLuck(order_[k]);
    }
    bool any = false;
    for (size_t k = 0; k < order_.size(); ++k) any = any || IsCause(k);
    if (any) return NameSingles();
    NameTogether();
  }

 private:
  struct Trial {
    Rescue rescue;
    bool same_way = false;  // it dies by the mechanism of the story
    bool luck = false;      // saved here, and not on other seeds
  };

  // A fault that plays no part may still move a fetch, and so save one message of one run.
  bool IsLuck(size_t i) {
    const auto elsewhere = neighbours_.With(base_.prepared, LeftOut({i}), runner_);
    return elsewhere.of > 0 && 2 * elsewhere.bad > elsewhere.of;
  }

  ChangeSet LeftOut(const std::vector<size_t>& faults) const {
    ChangeSet changes;
    for (const size_t i : faults) changes.push_back(FaultLeftOut{names_.faults[i].planned});
    return changes;
  }

  Trial Without(const std::vector<size_t>& left_out) {
    const VariationResult result = RunChanged(base_, base_.prepared, story_.identity,
                                              story_.property, LeftOut(left_out), runner_);
    Trial trial{.rescue = JudgeRescue(base_, story_, result)};
    const bool loss = result.finding.has_value() && story_.has_finding;
    trial.same_way = loss ? result.finding->mechanism == story_.finding.mechanism
                          : result.fate == story_.fate && !story_.has_finding;
    return trial;
  }

  bool InChain(size_t k) const {
    return story_.faults_in_chain.empty() || names_.faults[order_[k]].rank >= 0;
  }
  bool IsCause(size_t k) const {
    const Trial& trial = single_[k];
    return InChain(k) ? trial.rescue.message : trial.rescue.everybody && !trial.luck;
  }

  void Add(size_t i, uint32_t group, const answers::Ending& ending) {
    Cause& cause = *out_.add_causes();
    cause.set_kind(Cause::FAULT);
    *cause.mutable_fault() = names_.faults[i].answer;
    *cause.mutable_change() = AnswerOf(FaultLeftOut{names_.faults[i].planned}, names_);
    cause.set_confirmation(Cause::CONFIRMED);
    cause.set_group(group);
    *cause.mutable_ending() = ending;
  }

  Remark& AddRemark(Remark::Kind kind, const std::vector<size_t>& without, const Trial& trial) {
    Remark& remark = *out_.add_remark_details();
    remark.set_kind(kind);
    *remark.mutable_changes() = AnswerOf(LeftOut(without), names_);
    *remark.mutable_ending() = trial.rescue.ending;
    remark.set_same_way(trial.same_way);
    return remark;
  }

  void NameSingles() {
    for (size_t k = 0; k < order_.size(); ++k) {
      if (IsCause(k)) {
        Add(order_[k], ++group_, Saved());
      } else {
        SayNoPart(k);
      }
    }
  }

  void SayNoPart(size_t k) {
    const Trial& trial = single_[k];
    const auto kind = [&] {
      if (trial.luck) return Remark::LUCK_WITHOUT;
      if (trial.rescue.message) return Remark::OTHERS_FALL;
      return !InChain(k) || trial.same_way ? Remark::NO_PART : Remark::ANOTHER_WAY;
    };
    AddRemark(kind(), {order_[k]}, trial);
  }

  // No single fault saves it: all are left out, and one after the other comes back unless the
  // message needs its absence. The decisive one comes last, so that it is named if it can be.
  void NameTogether() {
    std::vector<size_t> absent = order_;
    const Trial none = Without(absent);
    if (!none.rescue.message) {
      AddRemark(Remark::NO_FAULT_NEEDED, absent, none);
      return;
    }
    for (size_t k = order_.size(); k-- > 0;) {
      if (absent.size() == 1 || stop_.stopped()) break;
      std::vector<size_t> fewer = absent;
      std::erase(fewer, order_[k]);
      if (Without(fewer).rescue.message) absent = fewer;
    }
    ++group_;
    for (const size_t i : absent) Add(i, group_, Saved());
    AddRemark(Remark::ONLY_TOGETHER, absent, single_[Position(absent.front())]);
    for (size_t k = 0; k < order_.size(); ++k) {
      if (std::find(absent.begin(), absent.end(), order_[k]) == absent.end()) SayNoPart(k);
    }
  }

  size_t Position(size_t i) const {
    return static_cast<size_t>(std::find(order_.begin(), order_.end(), i) - order_.begin());
  }

  const Case& base_;
  const Story& story_;
  const CaseNames& names_;
  const StopToken& stop_;
  Neighbours& neighbours_;
  kafka::Runner& runner_;
  uint32_t group_;
  answers::Explanation& out_;
  std::vector<size_t> order_;  // faults that fired
  std::vector<Trial> single_;  // as `order_`: without that one alone
};

}  // namespace

void FindFaultCauses(const Case& base, const Story& story, const CaseNames& names,
                     const StopToken& stop, Neighbours& neighbours, kafka::Runner& runner,
                     uint32_t group, answers::Explanation& out) {
  FaultFinder(base, story, names, stop, neighbours, runner, group, out).Find();
}

}  // namespace analysis
