#include "tools/analysis/cure_search.h"

#include <algorithm>

namespace analysis {

ChangeSet Joined(const Steps& steps) {
  ChangeSet all;
  for (const ChangeSet& step : steps) {
    for (const Change& change : step) {
      if (!Contains(all, change)) all.push_back(change);
    }
  }
  return all;
}

void FollowCures(Steps cures_left, const CureTrial& attempt, Steps& steps) {
  for (;;) {
    const ChangeSet known = Joined(steps);
    const auto is_new = [&](const ChangeSet& cure) {
      return std::any_of(cure.begin(), cure.end(),
                         [&](const Change& change) { return !Contains(known, change); });
    };
    const auto next = std::find_if(cures_left.begin(), cures_left.end(), is_new);
    if (next == cures_left.end()) return;
    steps.push_back(*next);
    std::optional<Steps> left = attempt(steps);
    if (!left) return;
    cures_left = *std::move(left);
  }
}

void DropNeedless(const std::function<bool(const ChangeSet& fewer)>& does_as_well, Steps& steps) {
  for (size_t i = steps.size(); i-- > 0 && steps.size() > 1;) {
    Steps fewer = steps;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (does_as_well(Joined(fewer))) steps = std::move(fewer);
  }
}

}  // namespace analysis
