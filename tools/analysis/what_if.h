// tools/analysis/what_if.h
//
// What would have saved it: candidates, each run on the explained run's choices, and those that
// save it there on other seeds beside the unchanged configuration, with their price.
//
// Common random numbers: a seed has the same choices in every column, and its faults fire where
// they fired in the unchanged run of that seed.
// Invariants:  the result is the same whatever `jobs`; stopping depends on counts alone. Once
//              Interrupted(), finished lines are kept and the others named.
#ifndef TOOLS_ANALYSIS_WHAT_IF_H_
#define TOOLS_ANALYSIS_WHAT_IF_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tools/analysis/case.h"
#include "tools/analysis/story.h"
#include "tools/answers/explanation.pb.h"

namespace analysis {

struct Candidate {
  enum class Kind { kSetting, kPair, kPlacement, kFault, kProgram };
  Kind kind = Kind::kSetting;
  std::string change;            // as printed
  std::vector<std::string> set;  // as --set takes them; kProgram: what is no setting (Changes)
  std::string remark;            // known before any run: "already the default"
  bool is_default = false;       // no other value than the one in force: not run, only said
  bool elr = false;              // eligible leader replicas on: the cluster's, no Kafka property
  // kPlacement and kFault: what is changed instead of a setting.
  std::vector<std::string> racks;  // of each broker
  int fault = -1;                  // number in the plan
  sim::Duration later{};           // moved by
  bool orderly = false;            // stopped in order instead
};
// In the order in which they are tried and printed. Settings that no value of the user's own
// configuration can improve on are said, or left out.
std::vector<Candidate> CandidatesOf(const Case& base, const Story& story,
                                    const answers::Explanation& causes);

struct WhatIfRequest {
  uint32_t seeds = 1000;
  uint32_t jobs = 1;
  // Called when a line is finished, in order, from the calling thread.
  std::function<void(const answers::WhatIf::Line&)> on_line;
};

void AskWhatIf(const Case& base, const Story& story, const std::vector<Candidate>& candidates,
               const WhatIfRequest& request, answers::WhatIf& out);

// The candidate's settings and edits, and its plan: anchored where the faults of `realised` fired,
// but for the one that it moves.
Variation VariationOf(const Candidate& candidate);
std::vector<sim::PlannedFault> PlanOf(const Candidate& candidate,
                                      const std::vector<sim::PlannedFault>& plan,
                                      std::span<const sim::RealisedFault> realised);

// Runs after which a line stops: it was looked at in blocks of kSeedBlock, and `losing` of its `n`
// seeds lose where `base_losing` lose with nothing changed. A function of counts alone.
constexpr uint32_t kSeedBlock = 100;
bool EnoughSeeds(uint64_t losing, uint64_t base_losing, uint64_t n);
// The rule in words.
const char* StoppingRule();

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_WHAT_IF_H_
