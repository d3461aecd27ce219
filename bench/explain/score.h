// bench/explain/score.h
//
// The table of all cases, and what they add up to.
#ifndef BENCH_EXPLAIN_SCORE_H_
#define BENCH_EXPLAIN_SCORE_H_

#include <optional>
#include <string>
#include <vector>

#include "bench/explain/answer_key.h"

namespace bench {

struct Scored {
  KeyLine key;
  std::optional<Comparison> comparison;  // none: there was no explanation
  std::string error;                     // then
  double seconds = 0;
};

constexpr int kChainRowsMax = 10;
constexpr double kRightGoal = 0.95;
constexpr double kSecondsGoal = 5;

// A heading and one line a case. Where something is wrong the line says what was named instead.
std::string FormatTable(const std::vector<Scored>& scored);

// Shares and their goals, over all cases and by shape. What has no explanation counts as wrong.
std::string FormatTotals(const std::vector<Scored>& scored);

}  // namespace bench

#endif  // BENCH_EXPLAIN_SCORE_H_
