// tools/fate/many.h
//
// fate run over many seeds: one scenario, a scenario beside its variants, a collection.
#ifndef TOOLS_FATE_MANY_H_
#define TOOLS_FATE_MANY_H_

#include <string>

#include "tools/analysis/prepare.h"
#include "tools/fate/session.h"

namespace fate {

int RunBatch(const Session& session, const analysis::Prepared& prepared);
int RunVariants(const Session& session, const analysis::Prepared& base);
int RunCollection(const Session& session, const std::string& folder);

}  // namespace fate

#endif  // TOOLS_FATE_MANY_H_
