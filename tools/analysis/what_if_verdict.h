// tools/analysis/what_if_verdict.h
//
// What is to be said of a change that was run: a cure, no cure, or luck.
#ifndef TOOLS_ANALYSIS_WHAT_IF_VERDICT_H_
#define TOOLS_ANALYSIS_WHAT_IF_VERDICT_H_

#include <cstdint>
#include <span>

#include "tools/analysis/case_rescue.h"
#include "tools/analysis/price.h"
#include "tools/analysis/what_if.h"

namespace analysis {

// Seed by seed: how many only the unchanged run loses, and how many only the changed one.
struct Discordant {
  uint64_t saved = 0;
  uint64_t newly_bad = 0;

  // More are saved than chance explains, and more than are newly lost.
  bool helps() const;
  // There are enough of them to tell.
  bool decides() const { return saved + newly_bad >= 4; }
  // What saved the explained run is a cure, unless other seeds speak against it.
  bool are_of_a_cure() const { return helps() || (!decides() && newly_bad == 0); }
};
// Both of the same seeds.
Discordant Compare(std::span<const Sample> changed, std::span<const Sample> unchanged);

// Of a change that was run on the explained run's choices alone.
answers::WhatIf::Line::Verdict VerdictOnThisRun(const Story& story, const Candidate& candidate,
                                                const Rescue& rescue);
// Of a moved fault, `losing` of whose other seeds lose.
answers::WhatIf::Line::Verdict VerdictOnFault(const Candidate& candidate, const Rescue& rescue,
                                              uint32_t losing);
// Of anything else that was run on other seeds.
answers::WhatIf::Line::Verdict VerdictOnSetting(const Rescue& rescue, const Discordant& pairs);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_WHAT_IF_VERDICT_H_
