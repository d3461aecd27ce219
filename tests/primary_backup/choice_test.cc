// Choices are keyed by what they are about: leave one message out, or break a link that nobody
// uses, and every other message keeps its latency. Keys made of counters or of offsets do not do
// that.
#include "sim/choice.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>

#include "tests/primary_backup/run.h"

namespace primary_backup {
namespace {

// What each hop took, by what it carried: (note kind at its end, machine there, uid).
using Hops = std::map<std::tuple<uint16_t, uint16_t, uint64_t>, int64_t>;

Case Paced(Keying keying) {
  Case setup;
  setup.config.writes = 2'000;
  setup.config.pace = Milliseconds(40);
  setup.config.keying = keying;
  setup.spare_host = true;
  setup.faults_end = {sim::Seconds(90).ns};
  setup.end = {sim::Seconds(100).ns};
  setup.storage.flush_latency = {.quantiles = {Milliseconds(1)}};
  return setup;
}

Hops HopsOf(const Case& setup) {
  World world;
  World::Scratch scratch;
  Build(setup, sim::Choices(21), world);
  Hops hops;
  std::map<uint64_t, int64_t> sent, appended, answered;
  world.Start(scratch);
  while (world.Step(scratch, setup.end)) {
    const int64_t now = world.engine.now().ns;
    for (const sim::Note& note : scratch.effects.notes()) {
      const uint64_t uid = System::UidOf(world, note);
      const auto hop = std::tuple(note.kind, note.machine.value, uid);
      Notes::Visit(
          note, [&](const notes::Sent&) { sent[uid] = now; },
          [&](const notes::Answered&) { answered[uid] = now; },
          [&](const notes::Acknowledged&) { hops[hop] = now - answered[uid]; },
          [&](const notes::Appended&) {
            const bool at_primary = note.machine == kPrimaryId;
            if (at_primary) appended[uid] = now;
            hops[hop] = now - (at_primary ? sent : appended)[uid];
          });
    }
  }
  return hops;
}

// Per thousand of the hops that both runs had.
uint64_t Equal(const Hops& a, const Hops& b) {
  uint64_t equal = 0, both = 0;
  for (const auto& [hop, took] : a) {
    const auto other = b.find(hop);
    if (other == b.end()) continue;
    ++both;
    equal += other->second == took;
  }
  return both == 0 ? 0 : equal * 1'000 / both;
}

Hops WithoutThree(Case setup) {
  setup.config.skipped = 3;
  return HopsOf(setup);
}
Hops WithAnUnusedLinkBroken(Case setup) {
  setup.faults.push_back(
      {.kind = sim::FaultKind::kPartition,
       .at = {sim::Seconds(1).ns},
       .target = primary_backup::Target{.role = kIndexed, .index = kPrimaryId.value},
       .peer = primary_backup::Target{.role = kSpareHost},
       .lasts = sim::Seconds(5)});
  return HopsOf(setup);
}

TEST(Choice, DroppingAMessageLeavesTheLatenciesOfAllOthers) {
  const Case setup = Paced(Keying::kContent);
  const Hops base = HopsOf(setup);
  std::set<int64_t> values;
  for (const auto& [hop, took] : base) values.insert(took);
  ASSERT_GE(base.size(), 7'900u);
  ASSERT_GE(values.size(), 1'000u);
  const Hops without = WithoutThree(setup);
  EXPECT_EQ(without.size(), base.size() - 4);
  EXPECT_GE(Equal(base, without), 990u);
}

TEST(Choice, AFaultOnAnUnusedLinkLeavesAllLatencies) {
  const Case setup = Paced(Keying::kContent);
  EXPECT_EQ(Equal(HopsOf(setup), WithAnUnusedLinkBroken(setup)), 1'000u);
}

TEST(Choice, KeysOfACounterDoNot) {
  const Case setup = Paced(Keying::kCounter);
  EXPECT_LT(Equal(HopsOf(setup), WithoutThree(setup)), 600u);
}

TEST(Choice, KeysOfOffsetsDoNot) {
  const Case setup = Paced(Keying::kOffset);
  EXPECT_LT(Equal(HopsOf(setup), WithoutThree(setup)), 600u);
}

// Recording costs the run nothing it could notice, and what was recorded, as overrides of another
// seed, is the run.
TEST(Choice, ARecordedRunReplaysUnderAnotherSeed) {
  Case setup;
  setup.config.writes = 50;
  World::Scratch scratch;
  World plain, recorded, replayed;
  Build(setup, sim::Choices(4), plain);
  RunAll(setup, plain, scratch);
  sim::ChoiceLog log;
  Build(setup, sim::Choices(4), recorded);
  recorded.engine.RecordChoices(&log);
  RunAll(setup, recorded, scratch);
  EXPECT_EQ(recorded.digest(), plain.digest());
  EXPECT_EQ(recorded.StateHash(), plain.StateHash());
  ASSERT_GE(log.size(), 400u);

  Build(setup, sim::Choices(777, log), replayed);
  RunAll(setup, replayed, scratch);
  EXPECT_EQ(replayed.engine.event_count(), plain.engine.event_count());
  EXPECT_EQ(replayed.engine.now(), plain.engine.now());
  World other;
  Build(setup, sim::Choices(777), other);
  RunAll(setup, other, scratch);
  EXPECT_NE(other.engine.now(), plain.engine.now());
}

TEST(Choice, AnOverrideReplacesOneKeyAndTheLastOfTwoCounts) {
  const auto key = [](uint64_t uid) {
    return sim::MakeChoiceKey(sim::ChoiceDomain::kMachine, 1, 2, {uid, 0});
  };
  const sim::Choices plain(9);
  const std::vector<sim::ChoiceOverride> overrides = {{key(5), 1}, {key(700), 0}, {key(5), 2}};
  const sim::Choices overridden(9, overrides);
  for (uint64_t uid = 0; uid < 10'000; ++uid) {
    if (uid == 5 || uid == 700) continue;
    ASSERT_EQ(overridden.Raw(key(uid)), plain.Raw(key(uid)));
  }
  EXPECT_EQ(overridden.Raw(key(5)), 2u);
  EXPECT_EQ(overridden.Between(key(700), Milliseconds(3), Milliseconds(9)), Milliseconds(3));
  EXPECT_EQ(overridden.overrides().size(), 2u);
}

TEST(Choice, DomainsPurposesAndAttemptsHaveKeysOfTheirOwn) {
  std::set<sim::ChoiceKey> keys;
  uint64_t made = 0;
  for (uint8_t domain = 1; domain <= 9; ++domain) {
    for (uint32_t purpose = 0; purpose < 8; ++purpose) {
      for (uint32_t attempt = 0; attempt < 4; ++attempt, made += 2) {
        const auto d = static_cast<sim::ChoiceDomain>(domain);
        keys.insert(sim::MakeChoiceKey(d, purpose, 1, {2, attempt}));
        keys.insert(sim::MakeChoiceKey(d, purpose << 24, 3, {2, attempt}));  // a timer's tag
      }
    }
  }
  EXPECT_EQ(keys.size(), made);
}

}  // namespace
}  // namespace primary_backup
