// bench/harness.h
//
// Measuring: the median of five rounds, in nanoseconds an operation, and the table that is printed.
#ifndef BENCH_HARNESS_H_
#define BENCH_HARNESS_H_

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace bench {

// `work(n)` does n operations and returns something that depends on all of them.
template <typename Work>
double NanosecondsPer(uint64_t count, Work&& work) {
  [[maybe_unused]] static volatile uint64_t sink;
  sink = work(std::max<uint64_t>(1, count / 4));  // warm
  std::array<double, 5> rounds{};
  for (double& round : rounds) {
    const auto from = std::chrono::steady_clock::now();
    sink = work(count);
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - from;
    round = took.count() / static_cast<double>(count);
  }
  std::sort(rounds.begin(), rounds.end());
  return rounds[2];
}

struct Row {
  std::string name;
  double value = 0;
  std::string unit;
  double limit = 0;       // 0: none; of a yardstick's multiple, in the row's own unit
  bool at_least = false;  // the limit is a least, not a most

  bool met() const { return limit == 0 || (at_least ? value >= limit : value <= limit); }
};
using Table = std::vector<Row>;

// Bytes that operator new has handed out so far.
uint64_t BytesAllocated();

void MeasureEngine(Table& table);
void MeasureKafka(Table& table);
void MeasureCommonRandomNumbers(Table& table);

}  // namespace bench

#endif  // BENCH_HARNESS_H_
