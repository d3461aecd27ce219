#include "tools/analysis/causes_faults.h"

#include <algorithm>
#include <numeric>

#include "tools/analysis/case_rescue.h"
#include "tools/analysis/workers.h"

namespace analysis {
namespace {

using answers::Cause;

class FaultFinder {
 public:
  FaultFinder(const Case& base, const Story& story, const CaseNames& names, Neighbours& neighbours,
              kafka::Runner& runner, uint32_t group, answers::Explanation& out)
      : base_(base),
        story_(story),
        names_(names),
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
      if (Interrupted()) return;
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
    const auto elsewhere = neighbours_.With(base_.prepared, names_.faults[i].planned, runner_);
    return elsewhere.of > 0 && 2 * elsewhere.bad > elsewhere.of;
  }

  Trial Without(const std::vector<size_t>& left_out) {
    Variation variation;
    for (const size_t i : left_out) {
      const auto& planned = names_.faults[i].planned;
      variation.without.insert(variation.without.end(), planned.begin(), planned.end());
    }
    const VariationResult result =
        RunVariation(base_, story_.identity, story_.property, variation, runner_);
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
  std::string Dies() const { return "is " + EndWord(story_.fate); }
  const std::string& TextOf(size_t k) const { return names_.faults[order_[k]].text; }

  void Add(size_t i, uint32_t group, const std::string& outcome) {
    const DeclaredFault& fault = names_.faults[i];
    Cause& cause = *out_.add_causes();
    cause.set_kind(Cause::FAULT);
    cause.set_name(fault.name);
    cause.set_text(fault.text);
    cause.set_removal("left out");
    cause.set_confirmation(Cause::CONFIRMED);
    cause.set_group(group);
    cause.set_outcome(outcome);
  }

  void NameSingles() {
    for (size_t k = 0; k < order_.size(); ++k) {
      if (IsCause(k)) {
        Add(order_[k], ++group_, "saved");
      } else {
        SayNoPart(k);
      }
    }
  }

  void SayNoPart(size_t k) {
    const Trial& trial = single_[k];
    if (trial.luck) {
      out_.add_remarks(TextOf(k) + " is no cause: without it this run is saved by luck, and most " +
                       "others go on losing");
    } else if (trial.rescue.message) {
      out_.add_remarks(TextOf(k) + " is no cause: without it this message is saved, but " +
                       trial.rescue.end + " in the same way");
    } else if (!InChain(k) || trial.same_way) {
      out_.add_remarks(TextOf(k) + " played no part: without it the message " +
                       (trial.same_way ? Dies() + " the same way" : "is " + trial.rescue.end));
    } else {
      out_.add_remarks(TextOf(k) + " is not needed: without it the message is " + trial.rescue.end +
                       " in another way");
    }
  }

  // No single fault saves it: all are left out, and one after the other comes back unless the
  // message needs its absence. The decisive one comes last, so that it is named if it can be.
  void NameTogether() {
    std::vector<size_t> absent = order_;
    const Trial none = Without(absent);
    if (!none.rescue.message) {
      out_.add_remarks("no fault is needed: without any of them the message is " + none.rescue.end);
      return;
    }
    for (size_t k = order_.size(); k-- > 0;) {
      if (absent.size() == 1 || Interrupted()) break;
      std::vector<size_t> fewer = absent;
      std::erase(fewer, order_[k]);
      if (Without(fewer).rescue.message) absent = fewer;
    }
    std::vector<std::string> texts;
    ++group_;
    for (const size_t i : absent) {
      Add(i, group_, "saved");
      texts.push_back(names_.faults[i].text);
    }
    out_.add_remarks("looked again: without " + texts.front() + " alone the message is " +
                     single_[Position(absent.front())].rescue.end + " all the same; it lives " +
                     "only without " + Listed(texts));
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
  Neighbours& neighbours_;
  kafka::Runner& runner_;
  uint32_t group_;
  answers::Explanation& out_;
  std::vector<size_t> order_;  // faults that fired
  std::vector<Trial> single_;  // as `order_`: without that one alone
};

}  // namespace

void FindFaultCauses(const Case& base, const Story& story, const CaseNames& names,
                     Neighbours& neighbours, kafka::Runner& runner, uint32_t group,
                     answers::Explanation& out) {
  FaultFinder(base, story, names, neighbours, runner, group, out).Find();
}

}  // namespace analysis
