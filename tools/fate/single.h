// tools/fate/single.h
//
// fate run SCENARIO --seed N: one run, its verdict, its capsule.
#ifndef TOOLS_FATE_SINGLE_H_
#define TOOLS_FATE_SINGLE_H_

#include <string>
#include <vector>

#include "tools/fate/evaluate.h"
#include "tools/fate/options.h"
#include "tools/fate/prepare.h"
#include "tools/fate/workers.h"

namespace fate {

int RunSingle(const schema::Tables& tables, const Options& options, const UserSettings& user,
              const Prepared& prepared);

// The command line that runs this again: words for a shell, secrets left out.
std::string ReproduceLine(const schema::Tables& tables, const Options& options,
                          const std::string& scenario, uint64_t seed);
// ... and the one that runs it beside its variants, on the options' seeds.
std::string ReproduceVariantsLine(const schema::Tables& tables, const Options& options,
                                  const std::string& scenario);
// "fate 0.1.0  profile kafka-4.3/java  scenario b8 (3f9c21d0)": for stderr, before a run.
std::string HeaderLine(const Prepared& prepared, const std::string& seeds);

// The seed that counts: --seed, else the scenario's default.
uint64_t SeedOf(const Options& options, const Prepared& prepared);

}  // namespace fate

#endif  // TOOLS_FATE_SINGLE_H_
