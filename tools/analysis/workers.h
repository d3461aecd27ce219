// tools/analysis/workers.h
//
// Many runs on all processors. Results do not depend on how many: each task writes to its own
// place, and whoever folds them does so in order.
#ifndef TOOLS_ANALYSIS_WORKERS_H_
#define TOOLS_ANALYSIS_WORKERS_H_

#include <cstdint>
#include <functional>

#include "tools/analysis/stop_token.h"

namespace analysis {

// Calls task(index, worker) for every index in [0, count), on `jobs` threads (0: one a processor),
// each worker's calls one after the other. No index is handed out once `stop` is stopped. Returns
// how many indices, from 0 on, are surely done: all of them unless stopped.
uint64_t ForEach(uint64_t count, uint32_t jobs, const StopToken& stop,
                 const std::function<void(uint64_t index, uint32_t worker)>& task);

uint32_t JobCount(uint32_t asked, uint64_t tasks);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_WORKERS_H_
