// tests/negative/negative_swarm.h
//
// Small clusters under random process and network faults, for planted bugs to show themselves in.
#ifndef TESTS_NEGATIVE_NEGATIVE_SWARM_H_
#define TESTS_NEGATIVE_NEGATIVE_SWARM_H_

#include <cstdint>

#include "model/kafka/run.h"
#include "model/kafka/setup.h"

namespace negative {

struct SwarmOptions {
  kafka::Mutant mutant = kafka::Mutant::kNone;
  bool power = false;  // power losses too
  // Disks of all kinds: file systems, drives that lie, all that a crash may leave; everything is
  // written back within seconds or not at all.
  bool crash_modes = false;
  bool elr = true;
  bool unclean = false;
  int32_t min_isr = 2;
  kafka::Acks acks = kafka::Acks::kAll;
  bool idempotent = true;
  // An operator elects, changes settings and adds partitions meanwhile. Drawn for itself: nothing
  // else changes by it.
  bool acts = false;
};

// Three brokers, one partition, three replicas; time-outs are short so that much happens. Which
// faults there are, where and when follows from `seed`.
kafka::Setup SwarmSetup(const SwarmOptions& options, uint64_t seed);

// What the runs with seeds [1, count] came to.
struct SwarmResult {
  std::array<kafka::invariants::Tally, kafka::invariants::kInvariantCount> tallies{};
  std::array<uint64_t, 5> classes{};  // runs, by the gravest class of a loss
  uint64_t acked = 0;
  uint64_t unsettled = 0;
  uint64_t unexplained = 0;
  uint64_t first_violated_seed = 0;
  uint64_t first_broken_seed = 0;
  uint64_t first_unexplained_seed = 0;

  uint64_t violated(kafka::invariants::Invariant invariant) const {
    return tallies[static_cast<uint32_t>(invariant)].violated;
  }
  uint64_t violated() const;
  uint64_t runs(kafka::ledger::LossClass loss_class) const {
    return classes[static_cast<uint32_t>(loss_class)];
  }
};
SwarmResult RunSwarm(const SwarmOptions& options, uint64_t count, uint64_t from = 1);

}  // namespace negative

#endif  // TESTS_NEGATIVE_NEGATIVE_SWARM_H_
