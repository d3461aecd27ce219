#include "tests/support/every_run.h"

#include <gtest/gtest.h>

#include <atomic>

#include "tests/support/slow_twin.h"

namespace fate_tests {
namespace {

std::atomic<uint64_t> runs_watched = 0;

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
  void OnBegin(const kafka::World& world) override {
    SlowTwin::OnBegin(world);
    ++runs_watched;
  }
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

kafka::StateWatcher* TwinOfEveryRun() { return twins_rest ? nullptr : &Twin(); }

SlowTwin& TwinOfThisThread() { return Twin(); }

uint64_t RunsWatched() { return runs_watched; }

uint64_t ForksWatched() { return Twin().forks(); }

}  // namespace fate_tests
