// tools/analysis/case_rescue.h
//
// Whether a change saved the message, and at whose cost.
//
// A change saves the message if it meets a good end; it saves everybody if, beside that, nobody
// else falls in its place: by the mechanism that it undoes, or by one that the explained run did
// not have. A run in which a declared fault did not strike saves nobody.
#ifndef TOOLS_ANALYSIS_CASE_RESCUE_H_
#define TOOLS_ANALYSIS_CASE_RESCUE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "tools/analysis/case.h"
#include "tools/analysis/story.h"
#include "tools/answers/change.pb.h"

namespace analysis {

struct Rescue {
  bool message = false;
  bool everybody = false;
  answers::Ending ending;
  kafka::ledger::Fate fate{};                   // of the message
  std::optional<kafka::ledger::Finding> still;  // what breaks the property now, if it is a loss
};

Rescue JudgeRescue(const Case& base, const Story& story, const VariationResult& result);

// The property of the story is broken, or where its fate breaks none: another message met it.
bool IsBad(const Story& story, const kafka::RunOutcome& outcome);

// The runs of a few other seeds, to tell what helps from what was luck on one.
class Neighbours {
 public:
  // `base` and `story` outlive it.
  Neighbours(const Case& base, const Story& story) : base_(base), story_(story) {}

  // In how many of the seeds that go wrong unchanged the changed run goes wrong too; faults fire
  // where they fired in the unchanged run of that seed, but for what `changes` say of them.
  // Requires: `prepared` has the changes' settings and edits.
  struct Count {
    uint32_t bad = 0;
    uint32_t of = 0;
  };
  Count With(const Prepared& prepared, const ChangeSet& changes, kafka::Runner& runner);

 private:
  struct Neighbour {
    uint64_t seed = 0;
    std::vector<sim::RealisedFault> realised;
  };
  void Meet(kafka::Runner& runner);

  const Case& base_;
  const Story& story_;
  bool met_ = false;
  std::vector<Neighbour> bad_;
};

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_CASE_RESCUE_H_
