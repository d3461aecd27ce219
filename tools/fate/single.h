// tools/fate/single.h
//
// fate run SCENARIO --seed N: one run, its verdict, its capsule.
#ifndef TOOLS_FATE_SINGLE_H_
#define TOOLS_FATE_SINGLE_H_

#include "tools/analysis/prepare.h"
#include "tools/fate/session.h"

namespace fate {

int RunSingle(const Session& session, const analysis::Prepared& prepared);

}  // namespace fate

#endif  // TOOLS_FATE_SINGLE_H_
