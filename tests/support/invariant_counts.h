// tests/support/invariant_counts.h
//
// How often each invariant was evaluated over the suite, and how often not vacuously: .ci/check
// fails if one of them never had anything to look at.
#ifndef TESTS_SUPPORT_INVARIANT_COUNTS_H_
#define TESTS_SUPPORT_INVARIANT_COUNTS_H_

#include "model/kafka/run.h"

namespace fate_tests {

// Adds a run's tallies; the sums are appended to $FATE_INVARIANT_COUNTS when the program ends.
void CountInvariants(const kafka::RunOutcome& outcome);

}  // namespace fate_tests

#endif  // TESTS_SUPPORT_INVARIANT_COUNTS_H_
