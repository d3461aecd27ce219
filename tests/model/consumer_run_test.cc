// A consumer in small whole runs: what it reads, when it commits, what a kill makes of that.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "model/kafka/run.h"
#include "tests/support/every_run.h"
#include "tests/support/invariant_counts.h"

namespace kafka {
namespace {

using sim::Milliseconds;
using sim::Seconds;
using Commit = ConsumerProgram::Commit;
using Reset = ConsumerSettings::Reset;

constexpr PartitionId kOrders{0};

// Three brokers, one partition, a paced producer, a consumer from the beginning.
Setup SmallSetup(uint32_t messages) {
  Setup setup;
  for (const char* name : {"broker-1", "broker-2", "broker-3"}) {
    BrokerSetup& broker = setup.brokers.emplace_back();
    broker.name = name;
    broker.rack = broker.room = static_cast<uint16_t>(setup.brokers.size());
  }
  setup.topics.push_back({.name = "orders", .settings = {}, .partitions = {kOrders}});
  setup.topics[0].settings.min_insync_replicas = 2;
  setup.partitions.push_back({.topic = {0}, .index = 0, .replicas = {{0}, {1}, {2}}});
  ProducerSetup& shop = setup.producers.emplace_back();
  shop.name = "producer/shop";
  shop.program.topic = {0};
  shop.program.messages = messages;
  shop.program.interval = Milliseconds(10);
  ConsumerSetup& billing = setup.consumers.emplace_back();
  billing.name = "consumer/billing";
  billing.program.topic = {0};
  billing.program.group = {0};
  billing.settings.auto_offset_reset = Reset::kEarliest;
  setup.groups = {"billing"};
  for (sim::LatencyClass& one : setup.network.classes) one.base = sim::Microseconds(500);
  return setup;
}

sim::PlannedFault KillAt(sim::SimTime at, Role role, uint16_t number, Duration restart_after) {
  sim::PlannedFault fault;
  fault.kind = sim::FaultKind::kKill;
  fault.at = at;
  fault.target = Target{.role = role, .brokers = number, .partition = 0};
  fault.lasts = restart_after;
  return fault;
}

// Who read and committed what, and that nobody read what was not committed to the log.
class Reading : public RunWatcher {
 public:
  void OnEvent(const sim::NoteHeader&, std::span<const sim::Note> notes, const World&) override {
    for (const sim::Note& note : notes) {
      note.Visit<notes::HighWatermark, notes::Polled, notes::Processed, notes::Committed,
                 notes::PositionReset>(
          [&](const notes::HighWatermark& said) { watermark = std::max(watermark, said.to); },
          [&](const notes::Polled& said) { OnPolled(said); },
          [&](const notes::Processed& said) {
            for (int64_t at = said.from.value; at < said.to.value; ++at)
              ++processed[static_cast<uint64_t>(at)];
          },
          [&](const notes::Committed& said) {
            committed.push_back(static_cast<uint64_t>(said.offset.value));
          },
          [&](const notes::PositionReset& said) { resets.push_back(said); });
    }
  }
  void OnPolled(const notes::Polled& said) {
    if (first_polled < 0) first_polled = said.from.value;
    above_watermark |= said.to > watermark;
    for (int64_t at = said.from.value; at < said.to.value; ++at)
      ++polled[static_cast<uint64_t>(at)];
  }
  uint64_t Twice() const {
    uint64_t count = 0;
    for (const auto& [offset, times] : processed) count += times > 1 ? 1 : 0;
    return count;
  }
  Offset watermark{0};
  int64_t first_polled = -1;
  bool above_watermark = false;
  std::map<uint64_t, uint32_t> polled;
  std::map<uint64_t, uint32_t> processed;
  std::vector<uint64_t> committed;
  std::vector<notes::PositionReset> resets;
};

RunOutcome RunIt(const Setup& setup, uint64_t seed, Reading& reading) {
  static Runner runner(fate_tests::TwinOfEveryRun);
  RunOutcome outcome;
  runner.Run({.setup = &setup, .seed = seed, .overrides = {}, .faults = setup.faults}, outcome,
             &reading);
  fate_tests::CountInvariants(outcome);
  return outcome;
}

TEST(ConsumerRun, ReadsAndProcessesEverythingOnceUpToTheHighWatermark) {
  const kafka::Setup setup = SmallSetup(200);
  Reading reading;
  const RunOutcome outcome = RunIt(setup, 1, reading);
  EXPECT_TRUE(outcome.settled);
  EXPECT_FALSE(reading.above_watermark);
  ASSERT_EQ(reading.processed.size(), 200u);
  EXPECT_EQ(reading.Twice(), 0u);
  EXPECT_EQ(reading.committed.back(), 200u);
}

// Commit, then process: what was being worked on at the kill is never done.
TEST(ConsumerRun, KilledBetweenCommitAndProcessingSkipsWhatItHeld) {
  kafka::Setup setup = SmallSetup(200);
  setup.consumers[0].program.commit = Commit::kBeforeProcessing;
  setup.consumers[0].program.processing = Milliseconds(9);
  setup.faults.push_back(KillAt({Seconds(1).ns}, Role::kConsumer, 0, Seconds(1)));
  uint64_t skipped = 0;
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    Reading reading;
    const RunOutcome outcome = RunIt(setup, seed, reading);
    EXPECT_TRUE(outcome.settled);
    EXPECT_EQ(reading.Twice(), 0u);
    skipped += 200 - reading.processed.size();
  }
  EXPECT_GE(skipped, 5u);
}

TEST(ConsumerRun, KilledBetweenProcessingAndCommitDoesItTwice) {
  kafka::Setup setup = SmallSetup(200);
  setup.consumers[0].program.commit = Commit::kAfterProcessing;
  setup.consumers[0].program.processing = Milliseconds(1);
  setup.faults.push_back(KillAt({Milliseconds(1001).ns}, Role::kConsumer, 0, Seconds(1)));
  sim::PlannedFault& kill = setup.faults[0];
  kill.note_kind = sim::kKindOf<notes::Processed>;  // the commit is not on its way yet
  kill.occurrence = 30;
  kill.before_effects = true;
  kill.at = {Seconds(10).ns};
  Reading reading;
  const RunOutcome outcome = RunIt(setup, 1, reading);
  EXPECT_TRUE(outcome.settled);
  EXPECT_EQ(reading.processed.size(), 200u);
  EXPECT_GE(reading.Twice(), 1u);
}

TEST(ConsumerRun, WithoutACommitARestartBeginsAtTheBeginning) {
  kafka::Setup setup = SmallSetup(100);
  setup.consumers[0].program.commit = Commit::kNever;
  setup.faults.push_back(KillAt({Milliseconds(900).ns}, Role::kConsumer, 0, Seconds(1)));
  Reading reading;
  RunIt(setup, 1, reading);
  EXPECT_EQ(reading.processed.size(), 100u);
  EXPECT_GE(reading.Twice(), 50u);
}

// KC:C-16: resolved when the request runs; what was there before is skipped.
TEST(ConsumerRun, LatestSkipsWhatWasThereBeforeItCame) {
  kafka::Setup setup = SmallSetup(200);
  setup.consumers[0].settings.auto_offset_reset = Reset::kLatest;
  setup.consumers[0].program.start_after = Seconds(1);
  Reading reading;
  const RunOutcome outcome = RunIt(setup, 1, reading);
  EXPECT_TRUE(outcome.settled);
  EXPECT_GT(reading.first_polled, 50);
  EXPECT_LT(reading.first_polled, 110);
  EXPECT_EQ(reading.processed.size(), 200u - static_cast<uint64_t>(reading.first_polled));
}

// KC:C-19: the position is valid on the next leader too, and nothing is read twice.
TEST(ConsumerRun, ALeaderChangeIsValidatedAndNothingIsReadTwiceOrSkipped) {
  kafka::Setup setup = SmallSetup(300);
  setup.faults.push_back(KillAt({Seconds(1).ns}, Role::kLeader, 0, Seconds(3)));
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    Reading reading;
    const RunOutcome outcome = RunIt(setup, seed, reading);
    EXPECT_TRUE(outcome.settled);
    EXPECT_GE(outcome.elections, 1u);
    EXPECT_TRUE(reading.resets.size() <= 1);  // the one of the start
    EXPECT_FALSE(reading.above_watermark);
    EXPECT_EQ(reading.processed.size(), 300u);
    EXPECT_EQ(reading.Twice(), 0u);
  }
}

// KC:C-19, KC:C-21: the only replica loses power, and the log is shorter than the position.
TEST(ConsumerRun, ALogThatLostItsEndMovesThePositionBack) {
  kafka::Setup setup = SmallSetup(100);
  setup.partitions[0].replicas = {{0}};
  setup.topics[0].settings.min_insync_replicas = 1;
  sim::PlannedFault& dark = setup.faults.emplace_back();
  dark.kind = sim::FaultKind::kPowerLoss;
  dark.at = {Milliseconds(700).ns};
  dark.target = Target{.role = Role::kLeader, .partition = 0};
  dark.lasts = Seconds(2);
  Reading reading;
  const RunOutcome outcome = RunIt(setup, 1, reading);
  EXPECT_TRUE(outcome.settled);
  ASSERT_GE(reading.resets.size(), 2u);
  const notes::PositionReset& back = reading.resets.back();
  EXPECT_LT(back.to, back.from);  // to where the logs part
}

// DESIGN 11: 6 events a virtual second for each fetcher, two followers and the consumer.
TEST(ConsumerRun, AnIdleSecondCostsLongPollsAndNothingElse) {
  const auto events_after = [](Duration start_after) {
    kafka::Setup setup = SmallSetup(1);
    setup.producers[0].program.start_after = start_after;
    Reading reading;
    return RunIt(setup, 1, reading).events;
  };
  const uint32_t idle = events_after(Seconds(110)) - events_after(Seconds(10));
  EXPECT_LE(idle, 100u * (5 + 6 * 3));
  EXPECT_GE(idle, 100u * 4 * 3);
}

}  // namespace
}  // namespace kafka
