// Any System can be run by its seeds, traced with names, and replayed: here the primary-backup log.
#include "sim/search/runner.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/primary_backup/run.h"

namespace primary_backup {
namespace {

using Runner = sim::Runner<System>;

// A client, a primary and two backups; the primary is killed after 50 ms.
void AddAll(sim::Builder<System>& world) {
  Client client;
  client.primary = kPrimaryId;
  world.AddMachine("client", client);
  Replica primary;
  primary.peers = {{2}, {3}};
  world.AddMachine("primary", primary);
  world.AddMachine("backup-1", Replica{});
  world.AddMachine("backup-2", Replica{});
}
sim::RunPlan<System> Plan() {
  const sim::PlannedFault kill{.kind = sim::FaultKind::kKill,
                               .at = {Milliseconds(50).ns},
                               .target = sim::OnMachine(kPrimaryId),
                               .lasts = Milliseconds(100)};
  return {.config = {.writes = 20},
          .network = Case::HeavyTailed(),
          .faults = {kill},
          .faults_end = {sim::Seconds(10).ns},
          .end = {sim::Seconds(20).ns}};
}

TEST(Runner, ASeedIsARunWhateverRanBefore) {
  Runner runner(Plan(), AddAll);
  const auto seeds = runner.RunSeeds(1, 4);
  ASSERT_EQ(seeds.size(), 4u);
  for (const auto& [seed, digest] : seeds) {
    Runner alone(Plan(), AddAll);
    EXPECT_EQ(alone.Run(seed), digest) << "seed " << seed;
  }
  EXPECT_NE(seeds[0].digest, seeds[1].digest);
}

TEST(Runner, TheWorldIsThereToBeLookedAtAfterARun) {
  Runner runner(Plan(), AddAll);
  runner.Run(3);
  EXPECT_EQ(runner.world().observer.acknowledged.size(), 20u);
  EXPECT_TRUE(Lost(runner.world()).empty());
}

TEST(Runner, ATraceCallsMachinesEventsAndNotesByTheirNames) {
  Runner runner(Plan(), AddAll);
  std::vector<std::string> lines;
  const sim::Digest128 digest =
      runner.Trace(1, [&](const std::string& line) { lines.push_back(line); });
  EXPECT_EQ(digest, runner.Run(1));  // who looks changes nothing
  const auto has = [&](std::string_view when, std::string_view who, std::string_view what) {
    return std::ranges::any_of(lines, [&](const std::string& line) {
      return line.starts_with(std::string(when) + "  " + std::string(who) + " ") &&
             line.ends_with("  " + std::string(what));
    });
  };
  EXPECT_TRUE(has("0.001 000 000", "client", "timer"));
  EXPECT_TRUE(has("0.050 000 000", "-", "fault is due"));
  EXPECT_TRUE(has("0.050 000 000", "primary", "process_killed subject=1 a=1"));
  EXPECT_TRUE(has("0.150 000 000", "-", "fault ends"));
  EXPECT_TRUE(has("0.150 000 000", "primary", "started"));
  EXPECT_TRUE(std::ranges::any_of(
      lines, [](const std::string& line) { return line.ends_with("  acknowledged a=20"); }));
}

TEST(Runner, AReplayOfTheSameRunDoesNotDiffer) {
  Runner runner(Plan(), AddAll);
  const sim::Recording recording = runner.Record(1);
  EXPECT_EQ(recording.digest, runner.Run(1));
  EXPECT_FALSE(runner.Replay(recording).has_value());
}

TEST(Runner, AReplayNamesTheFirstEventThatDiffers) {
  Runner recorded(Plan(), AddAll);
  sim::RunPlan<System> other = Plan();
  other.faults[0].at = {Milliseconds(60).ns};
  Runner now(other, AddAll);
  const auto difference = now.Replay(recorded.Record(1));
  ASSERT_TRUE(difference.has_value());
  EXPECT_TRUE(difference->recorded.starts_with("0.050 000 000  -")) << difference->recorded;
  EXPECT_TRUE(difference->recorded.ends_with("fault is due")) << difference->recorded;
  EXPECT_NE(difference->now, difference->recorded);
}

TEST(Runner, AReplayThatGoesOnLongerDiffersWhereTheRecordingEnds) {
  Runner recorded(Plan(), AddAll);
  sim::RunPlan<System> longer = Plan();
  longer.end = {sim::Seconds(25).ns};
  Runner now(longer, AddAll);
  const sim::Recording recording = recorded.Record(1);
  const auto difference = now.Replay(recording);
  ASSERT_TRUE(difference.has_value());
  EXPECT_EQ(difference->event, recording.steps.size());
  EXPECT_EQ(difference->recorded, "");
}

}  // namespace
}  // namespace primary_backup
