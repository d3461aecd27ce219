// The cluster's clocks ran before the run (docs/decisions/0008).
#include "model/kafka/clockwork.h"

#include <gtest/gtest.h>

#include "tests/model/lone_machine.h"

namespace kafka {
namespace {

using sim::Milliseconds;
using sim::Seconds;

TEST(Clockwork, ATaskIsDoneAfterItsDelayAndThenEveryPeriod) {
  EXPECT_EQ(UntilNextTick(Seconds(0), Seconds(30), Seconds(60)), Seconds(30));
  EXPECT_EQ(UntilNextTick(Seconds(29), Seconds(30), Seconds(60)), Seconds(1));
  EXPECT_EQ(UntilNextTick(Seconds(30), Seconds(30), Seconds(60)), Seconds(60));
  EXPECT_EQ(UntilNextTick(Seconds(1000), Seconds(30), Seconds(60)), Seconds(50));
  EXPECT_EQ(UntilNextTick(Seconds(7), {}, Seconds(2)), Seconds(1));
}

// A heartbeat's phase is a broker's own and a seed's own, and says the same to whoever asks.
TEST(Clockwork, PhasesDifferByNameAndSeedAndCoverThePeriod) {
  LoneMachine machine;
  std::array<int, 4> quarters{};
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    machine.choices = sim::Choices(seed);
    const Context one = machine.ContextOf(MachineOf(kB1), "broker-1");
    const Context other = machine.ContextOf(MachineOf(kB2), "broker-2");
    const Duration up = UpBeforeTheRun(one, sim::HashName("broker-1"));
    EXPECT_EQ(up, UpBeforeTheRun(other, sim::HashName("broker-1")));
    EXPECT_NE(up, UpBeforeTheRun(other, sim::HashName("broker-2")));
    ++quarters[static_cast<size_t>(SinceLastTick(up, Seconds(2)).ns / Milliseconds(500).ns)];
  }
  for (const int count : quarters) EXPECT_GE(count, 30);
}

}  // namespace
}  // namespace kafka
