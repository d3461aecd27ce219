// A run has a budget of events. A machine that spins ends it, and is named; whoever stays within it
// notices nothing.
#include "sim/budget.h"

#include <gtest/gtest.h>

#include "sim/search/names.h"
#include "sim/system.h"
#include "sim/world.h"

namespace spinning {
namespace {

constexpr uint8_t kBeatTimer = 1, kSpinTimer = 2;
constexpr sim::MachineId kSpinner{0}, kSteady{1};

// From `spins_from` on its timer is due as soon as it is set, or a little later.
struct Machine {
  sim::SimTime spins_from = sim::Never<sim::SimTime>();
  sim::Duration step{};
  struct Process {
    uint64_t beats = 0;
  } process;
  friend void HashInto(sim::StableHash& hash, const Machine& machine) {
    hash(machine.spins_from, machine.step, machine.process.beats);
  }
};

void OnStarted(const sim::Context&, Machine&, const sim::Received<sim::Started>&,
               sim::Effects& out) {
  out.SetTimer({.tag = {kBeatTimer, 0, 0}, .min = sim::Milliseconds(10)});
}
void OnTimer(const sim::Context& ctx, Machine& self, const sim::Received<sim::TimerFired>&,
             sim::Effects& out) {
  ++self.process.beats;
  if (ctx.mono.ns < self.spins_from.ns) {
    return out.SetTimer({.tag = {kBeatTimer, 0, 0}, .min = sim::Milliseconds(10)});
  }
  out.SetTimer({.tag = {kSpinTimer, 0, 7}, .min = self.step});
}

struct System : sim::SystemBase {
  using Machines = sim::List<Machine>;
  using Bodies = sim::List<>;
  using Handlers = sim::List<sim::On<&OnStarted>, sim::On<&OnTimer>>;
};
using World = sim::World<System>;

constexpr sim::SimTime kSecond{sim::Seconds(1).ns};

// A machine that may spin beside one that beats every 10 ms.
struct Theatre {
  World world;
  World::Scratch scratch;
  System::Config config;

  Theatre(const Machine& spinner, const sim::EventLimits& limits) {
    world.config = &config;
    world.engine.Reset(sim::Choices(1), {});
    world.AddMachine(spinner, world.engine.AddHost({.name = 1}, {}), 1);
    world.AddMachine(Machine{}, world.engine.AddHost({.name = 2}, {}), 2);
    world.engine.SetEventLimits(limits);
    world.Start(scratch);
  }
  uint64_t RunUntil(sim::SimTime until) {
    uint64_t events = 0;
    while (world.Step(scratch, until)) ++events;
    return events;
  }
  void ExpectSpinner(sim::Overrun::Limit limit) const {
    const auto& overrun = world.engine.overrun();
    ASSERT_TRUE(overrun.has_value());
    EXPECT_EQ(overrun->limit, limit);
    EXPECT_EQ(overrun->source.kind, sim::EventKind::kTimer);
    EXPECT_EQ(overrun->source.machine, kSpinner);
    EXPECT_EQ(overrun->source.tag, (sim::TimerTag{kSpinTimer, 0, 7}));
  }
};

// 20 ms into the run a timer is set for now by its own firing, for ever.
TEST(Budget, ATimerThatIsAlwaysDueEndsTheRunAtThatInstant) {
  Theatre theatre({.spins_from = {sim::Milliseconds(20).ns}}, {.timers_at_now = 5000});
  EXPECT_LT(theatre.RunUntil(kSecond), 7000u);
  theatre.ExpectSpinner(sim::Overrun::Limit::kTimersAtNow);
  EXPECT_EQ(theatre.world.engine.overrun()->at.ns, sim::Milliseconds(20).ns);
}

// Time passes, and so slowly that the run would take for ever.
TEST(Budget, AMachineThatBeatsEveryNanosecondEndsTheRunWithinASecondOfIt) {
  Theatre theatre({.spins_from = {sim::Milliseconds(20).ns}, .step = sim::Nanoseconds(1)},
                  {.per_second = 10'000});
  EXPECT_LT(theatre.RunUntil({sim::Seconds(100).ns}), 22'000u);
  theatre.ExpectSpinner(sim::Overrun::Limit::kPerSecond);
}

TEST(Budget, ARunMayNotHaveMoreEventsInAllThanItsLimit) {
  Theatre theatre({.spins_from = {sim::Milliseconds(20).ns}, .step = sim::Milliseconds(1)},
                  {.per_second = 10'000, .in_all = 50'000});
  const uint64_t events = theatre.RunUntil({sim::Seconds(1000).ns});
  EXPECT_GE(events, 50'000u - 2);
  EXPECT_LT(events, 52'000u);
  theatre.ExpectSpinner(sim::Overrun::Limit::kInAll);
}

TEST(Budget, NothingHappensInARunThatHasSpentIt) {
  Theatre theatre({.spins_from = {sim::Milliseconds(20).ns}}, {.timers_at_now = 100});
  theatre.RunUntil(kSecond);
  const sim::Digest128 digest = theatre.world.digest();
  EXPECT_FALSE(theatre.world.Step(theatre.scratch));
  EXPECT_EQ(theatre.world.digest(), digest);
}

TEST(Budget, ARunWithinItIsTheSameWithAnyLimit) {
  Theatre wide({}, {});
  Theatre narrow({}, {.per_second = 300, .in_all = 1'000, .timers_at_now = 10});
  EXPECT_EQ(wide.RunUntil(kSecond), narrow.RunUntil(kSecond));
  EXPECT_FALSE(narrow.world.engine.overrun().has_value());
  EXPECT_EQ(wide.world.digest(), narrow.world.digest());
}

TEST(Budget, AForkGoesOnWithWhatIsLeft) {
  Theatre theatre({.spins_from = {sim::Milliseconds(20).ns}, .step = sim::Milliseconds(1)},
                  {.per_second = 100'000, .in_all = 3'000});
  theatre.RunUntil(kSecond);
  const World fork = theatre.world;
  theatre.RunUntil({sim::Seconds(100).ns});
  const uint32_t ended = theatre.world.engine.event_count();
  theatre.world = fork;
  theatre.RunUntil({sim::Seconds(100).ns});
  EXPECT_EQ(theatre.world.engine.event_count(), ended);
}

}  // namespace
}  // namespace spinning
