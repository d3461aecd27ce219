// tests/scenarios/reality.h
//
// A small cluster with one fault, and what to wait for, for tests against what was seen.
#ifndef TESTS_SCENARIOS_REALITY_H_
#define TESTS_SCENARIOS_REALITY_H_

#include <string>
#include <utility>
#include <vector>

#include "tests/scenarios/story.h"

namespace fate {

// Another leader than broker 1 (index 0).
inline bool AnotherLeads(const Said<kafka::notes::PartitionState>& said) {
  return said.what.leader.exists() && said.what.leader != kafka::BrokerId{0};
}
inline auto HasIsrOf(int size) {
  return [size](const Said<kafka::notes::PartitionState>& said) {
    return said.what.isr.size() == size;
  };
}

inline analysis::Prepared Cluster(const std::string& programs, const std::string& fault,
                                  std::vector<std::string> set = {}) {
  return PreparedText(
      "name: \"x\" cluster { brokers: 3 } topic { name: \"orders\" partitions: 1 "
      "replication_factor: 3 config { key: \"min.insync.replicas\" value: \"2\" } } " +
          programs + " fault { " + fault + " }",
      std::move(set));
}
// The same, its only fault at another time.
inline analysis::Prepared At(analysis::Prepared prepared, sim::Duration at) {
  prepared.built.setup.faults.at(0).at = sim::SimTime{at.ns};
  return prepared;
}

inline constexpr char kPaced[] = "producer { name: \"shop\" messages: 100 rate_per_s: 20 }";

}  // namespace fate

#endif  // TESTS_SCENARIOS_REALITY_H_
