// tools/analysis/remedy.h
//
// What to change so that nothing is lost: the findings' own cures, followed until the losing runs
// lose nothing.
//
// A trial (tools/analysis/cure_search.h) repeats the losing runs on their own choices, with the
// faults where they fired. In the end every cure goes again without which as many runs are saved.
// Complexity:  kLosingAtMost runs for each combination that is tried, and at most
//              2 * kChangesAtMost + 1 of them.
#ifndef TOOLS_ANALYSIS_REMEDY_H_
#define TOOLS_ANALYSIS_REMEDY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tools/analysis/prepare.h"
#include "tools/analysis/study.h"
#include "tools/answers/result.pb.h"

namespace analysis {

constexpr size_t kChangesAtMost = 3;
constexpr size_t kLosingAtMost = 50;  // enough to see whether it helps; the figure says of how many

// A run that lost something, and where its faults fired.
struct LosingRun {
  uint64_t seed = 0;
  std::vector<sim::RealisedFault> realised;
};
// The first kLosingAtMost, in the order of seeds: no choice among them, so that a share of them
// says something of all.
std::vector<LosingRun> LosingRuns(const std::vector<SeedOutcome>& outcomes);

// That run first, and of the seeds that follow the ones that lose too: what only one run is saved
// by is luck. At most ten of them are tried, fewer where runs are long.
struct Neighbourhood {
  uint64_t seed = 0;
  sim::Duration until = sim::kForever;
  uint32_t jobs = 0;
  StopToken stop;
};
std::vector<LosingRun> LosingNeighbours(const Prepared& prepared, const Neighbourhood& around,
                                        const kafka::RunOutcome& outcome);

struct RemedyQuestion {
  const kafka_config::Tables* tables = nullptr;
  const Prepared* prepared = nullptr;
  const UserSettings* user = nullptr;
  std::vector<LosingRun> losing;
  sim::Duration until = sim::kForever;
  uint32_t jobs = 1;
  StopToken stop;
};

// The question about the losing runs of `prepared`, as they were run.
RemedyQuestion QuestionOf(const kafka_config::Tables& tables, const Prepared& prepared,
                          const UserSettings& user, std::vector<LosingRun> losing,
                          const StudyRequest& request);

// The same whatever `jobs`. Nothing is set if no run lost anything, or if no finding has a cure.
answers::Remedy FindRemedy(const RemedyQuestion& question);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_REMEDY_H_
