// tools/analysis/cure_search.h
//
// The search for a cure: the cure of what is lost is tried, the cure of what is lost all the same is
// added, and so on; in the end every step goes again that the others make unnecessary. No cure is
// known here: each comes from the rule of docs/promise.md that decided.
//
// What a trial runs, and when it counts as saved, its callers say: FindRemedy tries many losing
// runs, FindCauses the one that is explained.
#ifndef TOOLS_ANALYSIS_CURE_SEARCH_H_
#define TOOLS_ANALYSIS_CURE_SEARCH_H_

#include <functional>
#include <optional>
#include <vector>

#include "tools/analysis/change.h"

namespace analysis {

// Cures of findings, in the order in which they were found. A step is one cure, or part of one.
using Steps = std::vector<ChangeSet>;

// All changes of the steps, each once.
ChangeSet Joined(const Steps& steps);

// Tries the steps together and says the cures of what is still lost; none if the search ends here.
using CureTrial = std::function<std::optional<Steps>(const Steps& steps)>;

// Adds to `steps` the first of the cures left that they do not hold yet and tries them, until a
// trial ends it or no cure is new. `steps` may begin with changes that are tried anyway.
void FollowCures(Steps cures_left, const CureTrial& attempt, Steps& steps);

// Takes away each step without which the others do as well, those that came last first. One stays.
void DropNeedless(const std::function<bool(const ChangeSet& fewer)>& does_as_well, Steps& steps);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_CURE_SEARCH_H_
