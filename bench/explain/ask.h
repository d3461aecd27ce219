// bench/explain/ask.h
//
// Asks the installed `fate explain`, as its user would, and takes the time.
#ifndef BENCH_EXPLAIN_ASK_H_
#define BENCH_EXPLAIN_ASK_H_

#include <absl/status/statusor.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "tools/answers/explanation.pb.h"

namespace bench {

struct Asked {
  answers::Explanation explanation;
  double seconds = 0;  // wall clock, from start to end of the process
};

// Runs `FATE explain SCENARIO --seed N --format json` in a directory of its own. An error if it
// says nothing that is an Explanation within two minutes.
absl::StatusOr<Asked> Ask(const std::filesystem::path& fate, const std::filesystem::path& scenario,
                          uint64_t seed);

}  // namespace bench

#endif  // BENCH_EXPLAIN_ASK_H_
