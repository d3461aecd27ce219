// tools/analysis/what_if.h
//
// What would have saved it: candidates, each run on the explained run's choices, and those that
// save it there on other seeds beside the unchanged configuration, with their price.
//
// Common random numbers: a seed has the same choices in every column, and its faults fire where
// they fired in the unchanged run of that seed.
// Invariants:  the result is the same whatever `jobs`; when a line ends depends on counts alone;
//              once the token is stopped, finished lines are kept and the others named.
#ifndef TOOLS_ANALYSIS_WHAT_IF_H_
#define TOOLS_ANALYSIS_WHAT_IF_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "tools/analysis/case.h"
#include "tools/analysis/stop_token.h"
#include "tools/analysis/story.h"
#include "tools/answers/explanation.pb.h"

namespace analysis {

struct Candidate {
  answers::WhatIf::Line::Kind kind{};
  ChangeSet changes;
  answers::ChangeList answer;  // the same
  // What is known before any run: the value is in force already. Then it is not run, only said.
  answers::WhatIf::Line::Verdict known{};

  bool is_in_force() const { return known != answers::WhatIf::Line::VERDICT_UNSPECIFIED; }
  bool is_of_fault() const { return kind == answers::WhatIf::Line::FAULT; }
};
// In the order in which they are tried and printed. Settings that no value of the user's own
// configuration can improve on are said, or left out.
std::vector<Candidate> CandidatesOf(const Case& base, const Story& story,
                                    const answers::Explanation& causes);

struct WhatIfRequest {
  uint32_t seeds = 1000;
  uint32_t jobs = 1;
  StopToken stop;
  // Called when a line is finished, in order, from the calling thread.
  std::function<void(const answers::WhatIf::Line&)> on_line;
};

void AskWhatIf(const Case& base, const Story& story, const std::vector<Candidate>& candidates,
               const WhatIfRequest& request, answers::WhatIf& out);

// Runs after which a line stops: it was looked at in blocks of kSeedBlock, and `losing` of its `n`
// seeds lose where `base_losing` lose with nothing changed. A function of counts alone.
constexpr uint32_t kSeedBlock = 100;
bool EnoughSeeds(uint64_t losing, uint64_t base_losing, uint64_t n);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_WHAT_IF_H_
