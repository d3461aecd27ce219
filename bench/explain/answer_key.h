// bench/explain/answer_key.h
//
// What is right about a losing run, and how far an explanation is from it. key.tsv says what its
// columns mean.
#ifndef BENCH_EXPLAIN_ANSWER_KEY_H_
#define BENCH_EXPLAIN_ANSWER_KEY_H_

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tools/answers/explanation.pb.h"

namespace bench {

using Names = std::vector<std::string>;  // sorted, each once

struct KeyLine {
  std::string scenario;
  uint64_t seed = 0;
  std::string found;              // "hand", "seeds 1..150"
  std::string shape;              // "one", "two", "decoy"
  std::vector<Names> mechanisms;  // answers that are equally right
  std::vector<Names> settings;    // no name: nothing is to be named
  std::vector<Names> faults;
};

// Comments and the heading are passed over; a line with a column too few, or a seed that is no
// number, is an error that names it.
absl::StatusOr<std::vector<KeyLine>> ParseKey(std::string_view text);

// One of the three things that an explanation names.
struct Judged {
  Names named;
  Names missing;  // of the answer that is nearest
  Names extra;
  bool right() const { return missing.empty() && extra.empty(); }
};

struct Comparison {
  Judged mechanism;
  Judged settings;
  Judged faults;
  int chain_rows = 0;
  int causes = 0;
  int confirmed = 0;
  bool right() const { return mechanism.right() && settings.right() && faults.right(); }
};

Comparison Compare(const KeyLine& key, const answers::Explanation& explanation);

// Two spellings of one setting come out the same: "topic/orders:min.insync.replicas=unset" is
// "topic:min.insync.replicas=1". A setting of one topic or producer counts as one of its kind.
std::string CanonicalSetting(std::string_view setting);

}  // namespace bench

#endif  // BENCH_EXPLAIN_ANSWER_KEY_H_
