#include "tests/support/invariant_counts.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace fate_tests {
namespace {

struct Sum {
  uint64_t evaluated = 0;
  uint64_t nonvacuous = 0;
};

class Counts : public testing::Environment {
 public:
  void Add(const kafka::RunOutcome& outcome) {
    for (uint32_t i = 0; i < sums_.size(); ++i) {
      sums_[i].evaluated += outcome.invariants[i].evaluated;
      sums_[i].nonvacuous += outcome.invariants[i].nonvacuous;
    }
    any_ = true;
  }
  void TearDown() override {
    const char* path = std::getenv("FATE_INVARIANT_COUNTS");
    if (path == nullptr || !any_) return;
    std::FILE* file = std::fopen(path, "a");
    ASSERT_NE(file, nullptr) << path;
    for (uint32_t i = 0; i < sums_.size(); ++i) {
      std::fprintf(file, "%s %llu %llu\n",
                   kafka::invariants::NameOf(static_cast<kafka::invariants::Invariant>(i)),
                   static_cast<unsigned long long>(sums_[i].evaluated),
                   static_cast<unsigned long long>(sums_[i].nonvacuous));
    }
    std::fclose(file);
  }

 private:
  std::array<Sum, kafka::invariants::kInvariantCount> sums_{};
  bool any_ = false;
};

Counts* const kCounts =
    static_cast<Counts*>(testing::AddGlobalTestEnvironment(new Counts));  // gtest deletes it

}  // namespace

void CountInvariants(const kafka::RunOutcome& outcome) { kCounts->Add(outcome); }

}  // namespace fate_tests
