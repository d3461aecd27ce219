// How many faults there may be, and what becomes of those that are too many for one moment.
#include <gtest/gtest.h>

#include "tests/sim/puppet.h"

namespace puppet {
namespace {

// What strikes at one event is bounded; what is left over waits for the next note of its kind.
TEST(FaultLimits, ManyFaultsWaitForOneNote) {
  Theatre theatre(2);
  theatre.Script(
      {{a, Ms(1), Do::kConnect, b.value}, {a, Ms(10), Do::kSend, 1}, {a, Ms(20), Do::kSend, 2}});
  sim::PlannedFault slow = Fault(sim::FaultKind::kSlowDisk, 1, sim::Seconds(5), sim::Seconds(1));
  slow.note_kind = kHeardSay;
  slow.factor = 2;
  theatre.Plan(std::vector<sim::PlannedFault>(130, slow));
  theatre.RunUntil(sim::Seconds(1));
  const auto realised = theatre.world.engine.realised();
  ASSERT_EQ(realised.size(), 130u);
  EXPECT_EQ(realised[127].time.ns, theatre.Times(1, kHeardSay)[0]);
  EXPECT_EQ(realised[129].time.ns, theatre.Times(1, kHeardSay)[1]);
}

}  // namespace
}  // namespace puppet
