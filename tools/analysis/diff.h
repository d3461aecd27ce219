// tools/analysis/diff.h
//
// Two runs side by side: what was configured differently, the first event in which they part, and
// the messages that met another fate.
#ifndef TOOLS_ANALYSIS_DIFF_H_
#define TOOLS_ANALYSIS_DIFF_H_

#include <string>

#include "tools/analysis/case.h"
#include "tools/answers/result.pb.h"
#include "tools/render/style.h"

namespace analysis {

// Runs both. Messages are compared by what they are (program and number), not by their place.
answers::DiffResult Diff(const Case& left, const Case& right);

std::string RenderDiff(const answers::DiffResult& diff, const render::Style& style);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_DIFF_H_
