// tests/support/every_run.h
//
// Slow twins look at every run of every test, and the test fails if they and the folds over notes
// disagree: a test hands TwinOfEveryRun to each kafka::Runner, and to analysis::Prepare, which hands
// it to every run that the library above makes.
//
// A fork is looked at too if it is taken from the very World that a run of this thread is in (a
// RunWatcher that calls Continue): a copy of that run's twin goes on with it.
// Leaves out:  forks of a World that was put aside before (nobody has kept a twin with it), Worlds
//              that a test steps by itself, what other programs than the test run, and, under a
//              sanitizer, most runs of a swarm (LetTwinsRest).
#ifndef TESTS_SUPPORT_EVERY_RUN_H_
#define TESTS_SUPPORT_EVERY_RUN_H_

#include <cstdint>

#include "model/kafka/run.h"

namespace fate_tests {

class SlowTwin;

// A kafka::StateWatcherOfThread. Null while twins rest.
kafka::StateWatcher* TwinOfEveryRun();
// The twin that looks at the calling thread's runs.
SlowTwin& TwinOfThisThread();
// How many runs, of all threads, and how many forks of this thread's the twins have looked at so
// far.
uint64_t RunsWatched();
uint64_t ForksWatched();
// While they rest, runs of this thread are not looked at: for what runs thousands of times under a
// sanitizer and is looked at whole without one.
void LetTwinsRest(bool rest);

}  // namespace fate_tests

#endif  // TESTS_SUPPORT_EVERY_RUN_H_
