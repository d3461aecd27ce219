// Every run of every test that a kafka::Runner makes has the slow twins look at it, and fails the
// test if they and the folds disagree.
//
// A fork is looked at too if it is taken from the very World that a run of this thread is in (a
// RunWatcher that calls Continue): a copy of that run's twin goes on with it.
// Leaves out:  forks of a World that was put aside before (nobody has kept a twin with it), Worlds
//              that a test steps by itself, what other programs than the test run, and, under a
//              sanitizer, most runs of a swarm (LetTwinsRest).
#include <gtest/gtest.h>

#include "tests/support/slow_twin.h"

namespace fate_tests {
namespace {

class Expecting : public SlowTwin {
 public:
  void OnEnd(const kafka::RunOutcome& outcome, const kafka::World& world) override {
    SlowTwin::OnEnd(outcome, world);
    EXPECT_EQ(first_difference(), "")
        << "the folds over notes and their slow twins disagree in " << world.config->name;
  }
};

class OfThisThread : public Expecting {
 public:
  kafka::StateWatcher* OfFork(const kafka::World& fork, const kafka::World& copy) override {
    if (!LooksAt(fork)) return nullptr;
    static_cast<SlowTwin&>(fork_) = *this;
    fork_.MoveTo(copy);
    ++forks_;
    return &fork_;
  }
  uint64_t forks() const { return forks_; }

 private:
  Expecting fork_;
  uint64_t forks_ = 0;
};

thread_local bool twins_rest = false;

OfThisThread& Twin() {
  static thread_local OfThisThread twin;
  return twin;
}

}  // namespace

void LetTwinsRest(bool rest) { twins_rest = rest; }

SlowTwin& TwinOfThisThread() { return Twin(); }

uint64_t ForksLookedAt() { return Twin().forks(); }

}  // namespace fate_tests

namespace kafka {

StateWatcher* WatcherOfEveryRun() {
  return fate_tests::twins_rest ? nullptr : &fate_tests::TwinOfThisThread();
}

}  // namespace kafka
