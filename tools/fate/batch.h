// tools/fate/batch.h
//
// Many runs: a range of seeds, a scenario beside its variants, a collection of scenarios.
#ifndef TOOLS_FATE_BATCH_H_
#define TOOLS_FATE_BATCH_H_

#include <string>

#include "scenarios/schema/result.pb.h"
#include "tools/fate/options.h"
#include "tools/fate/prepare.h"
#include "tools/fate/study.h"

namespace fate {

constexpr uint64_t kDefaultSeeds = 200;  // of variants and collections

int RunBatch(const schema::Tables& tables, const Options& options, const UserSettings& user,
             const Prepared& prepared);
int RunVariants(const schema::Tables& tables, const Options& options, const UserSettings& user,
                const Prepared& base);
int RunCollection(const schema::Tables& tables, const Options& options, const UserSettings& user,
                  const std::string& folder);

schema::proto::BatchResult BatchOf(const Prepared& prepared,
                                   const std::vector<SeedOutcome>& outcomes);

}  // namespace fate

#endif  // TOOLS_FATE_BATCH_H_
