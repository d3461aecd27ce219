// tools/analysis/diff.h
//
// Two runs side by side: what was configured differently, the first event in which they part, and
// the messages that met another fate.
#ifndef TOOLS_ANALYSIS_DIFF_H_
#define TOOLS_ANALYSIS_DIFF_H_

#include <memory>
#include <optional>

#include "tools/analysis/case.h"
#include "tools/analysis/recorded_run.h"
#include "tools/answers/comparison.pb.h"
#include "tools/answers/result.pb.h"

namespace analysis {

struct Difference {
  answers::DiffResult answer;  // without headlines, and without the event in which they part
  std::unique_ptr<RecordedRun> left;
  std::unique_ptr<RecordedRun> right;
  // The event in which they part as far as a reader can see; absent where no event does.
  std::optional<Divergence> first;
};

// Runs both. Messages are compared by what they are (program and number), not by their place.
Difference Diff(const Case& left, const Case& right);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_DIFF_H_
