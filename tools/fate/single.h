// tools/fate/single.h
//
// fate run SCENARIO --seed N: one run, its verdict, its capsule.
#ifndef TOOLS_FATE_SINGLE_H_
#define TOOLS_FATE_SINGLE_H_

#include <string>
#include <vector>

#include "tools/analysis/evaluate.h"
#include "tools/analysis/prepare.h"
#include "tools/analysis/workers.h"
#include "tools/fate/options.h"

namespace fate {

int RunSingle(const kafka_config::Tables& tables, const Options& options,
              const analysis::UserSettings& user, const analysis::Prepared& prepared);

// The command line that runs this again: words for a shell, secrets left out.
std::string ReproduceLine(const kafka_config::Tables& tables, const Options& options,
                          const std::string& scenario, uint64_t seed);
// ... and the one that runs it beside its variants, on the options' seeds.
std::string ReproduceVariantsLine(const kafka_config::Tables& tables, const Options& options,
                                  const std::string& scenario);
// "fate 0.1.0  profile kafka-4.3/java  scenario b8 (3f9c21d0)": for stderr, before a run.
std::string HeaderLine(const analysis::Prepared& prepared, const std::string& seeds);

// The seed that counts: --seed, else the scenario's default.
uint64_t SeedOf(const Options& options, const analysis::Prepared& prepared);

}  // namespace fate

#endif  // TOOLS_FATE_SINGLE_H_
