// tools/fate/reproduce.h
//
// Command lines that run something again: words for a shell, secrets left out.
#ifndef TOOLS_FATE_REPRODUCE_H_
#define TOOLS_FATE_REPRODUCE_H_

#include <cstdint>
#include <string>

#include "scenarios/kafka_config/tables.h"
#include "tools/fate/options.h"

namespace fate {

// One run of `scenario` with the options' settings.
std::string ReproduceLine(const kafka_config::Tables& tables, const Options& options,
                          const std::string& scenario, uint64_t seed);
// ... and the scenario beside its variants, on the options' seeds.
std::string ReproduceVariantsLine(const kafka_config::Tables& tables, const Options& options,
                                  const std::string& scenario);

}  // namespace fate

#endif  // TOOLS_FATE_REPRODUCE_H_
