// tools/analysis/batch.h
//
// Many runs: a range of seeds, a scenario beside its variants, a collection of scenarios.
#ifndef TOOLS_ANALYSIS_BATCH_H_
#define TOOLS_ANALYSIS_BATCH_H_

#include <string>

#include "tools/analysis/prepare.h"
#include "tools/analysis/study.h"
#include "tools/answers/result.pb.h"
#include "tools/fate/options.h"

namespace analysis {

constexpr uint64_t kDefaultSeeds = 200;  // of variants and collections

int RunBatch(const kafka_config::Tables& tables, const fate::Options& options,
             const UserSettings& user, const Prepared& prepared);
int RunVariants(const kafka_config::Tables& tables, const fate::Options& options,
                const UserSettings& user, const Prepared& base);
int RunCollection(const kafka_config::Tables& tables, const fate::Options& options,
                  const UserSettings& user, const std::string& folder);

answers::BatchResult BatchOf(const Prepared& prepared, const std::vector<SeedOutcome>& outcomes);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_BATCH_H_
