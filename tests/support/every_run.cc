// Every whole run of every test has the slow twins look at it, and fails the test if they and the
// folds disagree.
#include <gtest/gtest.h>

#include "tests/support/slow_twin.h"

namespace fate_tests {
namespace {

class OfThisThread : public SlowTwin {
 public:
  void OnEnd(const kafka::RunOutcome& outcome, const kafka::World& world) override {
    SlowTwin::OnEnd(outcome, world);
    EXPECT_EQ(first_difference(), "")
        << "the folds over notes and their slow twins disagree in " << world.config->name;
  }
};

thread_local bool twins_rest = false;

}  // namespace

void LetTwinsRest(bool rest) { twins_rest = rest; }

SlowTwin& TwinOfThisThread() {
  static thread_local OfThisThread twin;
  return twin;
}

}  // namespace fate_tests

namespace kafka {

StateWatcher* WatcherOfEveryRun() {
  return fate_tests::twins_rest ? nullptr : &fate_tests::TwinOfThisThread();
}

}  // namespace kafka
