// A fork's own future: other choices, and faults that have not fired strike at times of their own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

#include "tests/sim/puppet.h"

namespace puppet {
namespace {

using sim::FaultKind;
using sim::Milliseconds;

// Puppet a says something to b every 10 ms.
void Talk(Theatre& theatre, const std::vector<sim::PlannedFault>& plan) {
  std::vector<Act> script = {{a, Ms(1), Do::kConnect, b.value}};
  for (uint64_t uid = 1; uid <= 40; ++uid) {
    script.push_back({a, Ms(10 * static_cast<int64_t>(uid)), Do::kSend, uid});
  }
  theatre.Script(std::move(script));
  theatre.Plan(plan);
}

World FutureOf(const World& fork, uint64_t number, const std::vector<sim::SimTime>& until) {
  World future = fork;
  future.engine.Override(future.engine.choices().Future(number));
  future.RedrawFaults(until);
  return future;
}

void RunUntil(World& world, sim::SimTime until) {
  World::Scratch scratch;
  while (world.Step(scratch, until)) {
  }
}

// Strikes when b hears the `uid`-th word; else never.
sim::PlannedFault KillAtWord(uint64_t uid) {
  sim::PlannedFault kill = Fault(FaultKind::kKill, b.value, {}, Milliseconds(30));
  kill.at = sim::Never<sim::SimTime>();
  kill.note_kind = kHeardSay;
  kill.by_uid = true;
  kill.uid = uid;
  return kill;
}

TEST(Future, EveryKeyHasItsNumberAndNoOverrideReachesIt) {
  std::vector<sim::ChoiceOverride> overrides;
  for (uint64_t uid = 0; uid < 100; ++uid) {
    overrides.push_back({sim::MakeChoiceKey(sim::ChoiceDomain::kMachine, 1, 2, {uid, 0}), 7});
  }
  const sim::Choices plain(3), overridden(3, overrides);
  std::set<uint64_t> values;
  for (const sim::ChoiceOverride& one : overrides) {
    values.insert(plain.Raw(one.key));
    for (uint64_t number = 0; number < 50; ++number) {
      const uint64_t value = plain.Future(number).Raw(one.key);
      ASSERT_EQ(overridden.Future(number).Raw(one.key), value);
      values.insert(value);
    }
  }
  EXPECT_EQ(values.size(), 100u * 51u);  // no two are equal
  EXPECT_EQ(plain.Future(4), overridden.Future(4));
}

TEST(Future, AFaultToComeIsUniformFromTheForkToItsEndAndKeepsKindAndTarget) {
  Theatre theatre(3);
  Talk(theatre, {KillAtWord(30)});
  theatre.RunUntil(Milliseconds(100));
  const sim::SimTime fork = theatre.world.engine.now();
  constexpr int kBins = 10, kFutures = 2'000;
  std::array<int, kBins> counts{};
  for (uint64_t number = 0; number < kFutures; ++number) {
    World future = FutureOf(theatre.world, number, {Ms(400)});
    RunUntil(future, Ms(500));
    ASSERT_EQ(future.engine.realised().size(), 1u);
    const sim::RealisedFault& struck = future.engine.realised()[0];
    ASSERT_GE(struck.time, fork);
    ASSERT_LE(struck.time, Ms(400));
    ASSERT_EQ(struck.machines, (sim::ResolvedMachines{b}));
    ASSERT_EQ(future.engine.plan()[0].kind, FaultKind::kKill);
    ASSERT_EQ(future.engine.plan()[0].lasts, Milliseconds(30));
    ASSERT_FALSE(struck.by_fallback);
    const sim::Duration width = Ms(400) - fork;
    ++counts[static_cast<size_t>(
        std::min<int64_t>((struck.time - fork).ns * kBins / width.ns, kBins - 1))];
  }
  double chi = 0;
  for (const int count : counts) {
    const double off = count - kFutures / kBins;
    chi += off * off / (kFutures / kBins);
  }
  EXPECT_LT(chi, 27.9);  // nine degrees of freedom, 1 in 1,000
}

TEST(Future, WhereTheFaultWasPlannedIsStaleAndNoEvent) {
  Theatre theatre(3);
  Talk(theatre, {Fault(FaultKind::kKill, b.value, Milliseconds(150))});
  theatre.RunUntil(Milliseconds(100));
  for (uint64_t number = 0; number < 200; ++number) {
    World future = FutureOf(theatre.world, number, {Ms(300)});
    World::Scratch scratch;
    scratch.watched = true;
    int due = 0;
    while (future.Step(scratch, Ms(400))) {
      due += scratch.event.header.kind == sim::EventKind::kFaultDue ? 1 : 0;
    }
    ASSERT_EQ(due, 1) << number;
    ASSERT_EQ(future.engine.realised().size(), 1u);
    ASSERT_NE(future.engine.realised()[0].time, Ms(150));
  }
}

// A second redraw (a fork of a fork) makes the first one stale too.
TEST(Future, OnlyTheLastRedrawCounts) {
  Theatre theatre(3);
  Talk(theatre, {Fault(FaultKind::kKill, b.value, Milliseconds(350))});
  theatre.RunUntil(Milliseconds(100));
  World future = FutureOf(theatre.world, 1, {Ms(300)});
  future = FutureOf(future, 2, {Ms(300)});
  World other = FutureOf(theatre.world, 1, {Ms(300)});
  RunUntil(future, Ms(400));
  RunUntil(other, Ms(400));
  ASSERT_EQ(future.engine.realised().size(), 1u);
  ASSERT_EQ(other.engine.realised().size(), 1u);
  EXPECT_NE(future.engine.realised()[0].time, other.engine.realised()[0].time);
}

TEST(Future, AnotherFaultInThePlanDoesNotMoveThisOne) {
  Theatre one(3);
  Talk(one, {Fault(FaultKind::kKill, b.value, Milliseconds(350))});
  Theatre two(3);
  Talk(two, {Fault(FaultKind::kPause, 2, Milliseconds(360), Milliseconds(5)),
             Fault(FaultKind::kKill, b.value, Milliseconds(350))});
  one.RunUntil(Milliseconds(100));
  two.RunUntil(Milliseconds(100));
  World alone = FutureOf(one.world, 5, {Ms(300)});
  World beside = FutureOf(two.world, 5, {Ms(300), Ms(300)});
  EXPECT_EQ(alone.engine.plan()[0].at, beside.engine.plan()[1].at);
  EXPECT_NE(beside.engine.plan()[0].at, beside.engine.plan()[1].at);
}

TEST(Future, WhatHasFiredKeepsItsEnd) {
  Theatre theatre(3);
  Talk(theatre, {Fault(FaultKind::kKill, b.value, Milliseconds(50), Milliseconds(100)),
                 Fault(FaultKind::kKill, 2, Milliseconds(350))});
  theatre.RunUntil(Milliseconds(60));
  World future = FutureOf(theatre.world, 9, {Ms(300), Ms(300)});
  RunUntil(future, Ms(149));
  EXPECT_FALSE(future.engine.process(b).life.running);
  RunUntil(future, Ms(151));
  EXPECT_TRUE(future.engine.process(b).life.running);
  EXPECT_EQ(future.engine.realised()[0].time, Ms(50));
}

TEST(Future, WhatFollowsAFaultGoesOnFollowingIt) {
  std::vector<sim::PlannedFault> plan = {
      Fault(FaultKind::kKill, a.value, Milliseconds(150), Milliseconds(20)),
      Fault(FaultKind::kKill, b.value, {}, Milliseconds(20))};
  plan[1].at = sim::Never<sim::SimTime>();
  plan[1].after_fault = 0;
  plan[1].delay = Milliseconds(70);
  for (const int64_t fork_ms : {100, 160, 200}) {  // before the first; during it; before the second
    Theatre theatre(3);
    Talk(theatre, plan);
    theatre.RunUntil(Milliseconds(fork_ms));
    World future = FutureOf(theatre.world, 3, {Ms(300), Ms(300)});
    RunUntil(future, Ms(1'000));
    const auto realised = future.engine.realised();
    ASSERT_EQ(realised.size(), 2u) << fork_ms;
    EXPECT_EQ(realised[1].time - realised[0].time, Milliseconds(90));
    EXPECT_EQ(realised[0].time == Ms(150), fork_ms > 150);
  }
}

// At the fork's own event: what it did, without the fault that it set off.
TEST(Future, AHeldPointDoesNotStrike) {
  Theatre theatre(3);
  Talk(theatre, {KillAtWord(7)});
  theatre.RunUntil(Milliseconds(5));
  World before;
  while (theatre.Heard(b.value, kHeardSay).size() < 7) {
    before = theatre.world;
    theatre.RunUntil(theatre.world.engine.next_time() - sim::SimTime{});
  }
  ASSERT_EQ(theatre.world.engine.realised().size(), 1u);
  ASSERT_TRUE(before.engine.realised().empty());
  World::Scratch scratch;
  before.engine.HoldPoints();
  while (before.Step(scratch, theatre.world.engine.now())) {
  }
  EXPECT_TRUE(before.engine.realised().empty());
  EXPECT_TRUE(before.engine.process(b).life.running);
  World future = FutureOf(before, 1, {Ms(300)});
  RunUntil(future, Ms(400));
  ASSERT_EQ(future.engine.realised().size(), 1u);
  EXPECT_GT(future.engine.realised()[0].time, theatre.world.engine.now());
}

}  // namespace
}  // namespace puppet
