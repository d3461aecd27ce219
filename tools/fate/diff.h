// tools/fate/diff.h
//
// Two runs side by side: what was configured differently, the first event in which they part, and
// the messages that met another fate.
#ifndef TOOLS_FATE_DIFF_H_
#define TOOLS_FATE_DIFF_H_

#include <string>

#include "scenarios/schema/result.pb.h"
#include "tools/explain/case.h"
#include "tools/report/style.h"

namespace fate {

// Runs both. Messages are compared by what they are (program and number), not by their place.
schema::proto::DiffResult Diff(const Case& left, const Case& right);

std::string RenderDiff(const schema::proto::DiffResult& diff, const Style& style);

}  // namespace fate

#endif  // TOOLS_FATE_DIFF_H_
