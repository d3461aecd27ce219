// The folds and their slow twins agree: after every event the ledger's picture is the state, and
// what the state breaks has been noticed.
#include "model/invariants/slow_twin.h"

#include <gtest/gtest.h>

#include <memory>

#include "tests/negative/negative_swarm.h"

namespace negative {
namespace {

using kafka::Mutant;

// Looks after every event, and keeps the first difference.
class Looker : public kafka::RunWatcher {
 public:
  void OnEvent(const sim::NoteHeader& header, std::span<const sim::Note> notes,
               const kafka::World& world) override {
    if (notes.empty() || !first.empty()) return;
    const invariants::State state{.brokers = world.machines<kafka::broker::Broker>(),
                                  .controller = world.machines<kafka::controller::Controller>()[0],
                                  .ledger = world.observer.truth.ledger,
                                  .tables = world.tables,
                                  .setup = *world.config};
    ++looks;
    for (const auto& it : invariants::ComparePictures(state)) {
      first = std::string(it.what) + " of broker " + std::to_string(it.broker.node_id()) +
              " after event " + std::to_string(header.event.value);
    }
    for (const auto& violation : invariants::LookAtState(state)) {
      if (violation.invariant == invariants::Invariant::kLogMatch) differs = true;
      if (violation.invariant == invariants::Invariant::kLeaderComplete) incomplete = true;
      if (violation.invariant == invariants::Invariant::kFenced) two_leaders = true;
    }
  }

  std::string first;
  uint64_t looks = 0;
  bool differs = false;
  bool incomplete = false;
  bool two_leaders = false;
};

// By seed, with the number of disagreements about whether something was broken at all.
void Compare(const SwarmOptions& options, uint64_t count) {
  const auto runner = std::make_unique<kafka::Runner>();
  kafka::RunOutcome outcome;
  for (uint64_t seed = 1; seed <= count; ++seed) {
    const kafka::Setup setup = SwarmSetup(options, seed);
    Looker looker;
    runner->Run({.setup = &setup, .seed = seed, .overrides = {}, .faults = setup.faults}, outcome,
                &looker);
    EXPECT_EQ(looker.first, "") << "seed " << seed;
    EXPECT_GT(looker.looks, 100u);
    EXPECT_FALSE(looker.two_leaders) << "seed " << seed;
    const auto& folds = runner->world().observer.truth.invariants;
    if (looker.differs) {
      EXPECT_GT(folds.of(invariants::Invariant::kLogMatch).violated, 0u) << "seed " << seed;
    }
    if (looker.incomplete) {
      EXPECT_GT(folds.of(invariants::Invariant::kLeaderComplete).violated, 0u) << "seed " << seed;
    }
    if (options.mutant == Mutant::kNone) {
      EXPECT_FALSE(looker.differs) << "seed " << seed;
      EXPECT_FALSE(looker.incomplete) << "seed " << seed;
    }
  }
}

TEST(SlowTwin, AgreesUnderProcessAndNetworkFaults) { Compare({}, 40); }
TEST(SlowTwin, AgreesUnderPowerLoss) { Compare({.power = true}, 40); }
TEST(SlowTwin, AgreesWithoutIdempotence) {
  Compare({.acks = kafka::Acks::kLeader, .idempotent = false}, 20);
}
TEST(SlowTwin, SeesWhatTheFoldsSeeOfPlantedBugs) {
  Compare({.mutant = Mutant::kTruncationSkipped}, 12);
  Compare({.mutant = Mutant::kTruncateToHighWatermark}, 12);
  Compare({.mutant = Mutant::kElectOutsideIsr}, 12);
}

}  // namespace
}  // namespace negative
