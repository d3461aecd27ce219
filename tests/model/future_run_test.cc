// A Kafka run that goes on from a fork: as it did, or otherwise.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "model/kafka/run.h"
#include "tests/support/every_run.h"
#include "tests/support/invariant_counts.h"

namespace kafka {
namespace {

using sim::Milliseconds;
using sim::Seconds;

constexpr uint64_t kSeed = 7;

// Three brokers far apart, acks=1, a leader that is killed and comes back, a pause before that.
Setup LeaderKilled(uint32_t messages) {
  Setup setup;
  for (const char* name : {"broker-1", "broker-2", "broker-3"}) {
    BrokerSetup& broker = setup.brokers.emplace_back();
    broker.name = name;
    broker.rack = broker.room = static_cast<uint16_t>(setup.brokers.size());
  }
  setup.topics.push_back({.name = "orders", .settings = {}, .partitions = {PartitionId{0}}});
  setup.partitions.push_back({.topic = {0}, .index = 0, .replicas = {{0}, {1}, {2}}});
  ProducerSetup& shop = setup.producers.emplace_back();
  shop.name = "producer/shop";
  shop.settings.acks = Acks::kLeader;
  shop.settings.enable_idempotence = false;
  shop.program.topic = {0};
  shop.program.messages = messages;
  shop.program.interval = Milliseconds(10);
  for (sim::LatencyClass& one : setup.network.classes) one.base = Milliseconds(3);
  const auto at = [&](sim::FaultKind kind, int64_t ms, Role role, Duration lasts) {
    sim::PlannedFault fault;
    fault.kind = kind;
    fault.at = {Milliseconds(ms).ns};
    fault.target = Target{.role = role, .partition = 0};
    fault.lasts = lasts;
    setup.faults.push_back(fault);
  };
  at(sim::FaultKind::kPause, 100, Role::kFollower, Milliseconds(30));
  at(sim::FaultKind::kKill, 200, Role::kLeader, Seconds(15));
  return setup;
}

RunRequest RequestOf(const Setup& setup) {
  return {.setup = &setup, .seed = kSeed, .overrides = {}, .faults = setup.faults};
}

// Goes on from every `every`-th event of a run, while that run happens.
class AtEvents : public RunWatcher {
 public:
  AtEvents(uint32_t every, std::function<void(const sim::NoteHeader&, const World&)> task)
      : every_(every), task_(std::move(task)) {}
  void OnEvent(const sim::NoteHeader& header, std::span<const sim::Note>,
               const World& world) override {
    if (seen_++ % every_ == 0) task_(header, world);
  }

 private:
  uint32_t every_;
  uint32_t seen_ = 0;
  std::function<void(const sim::NoteHeader&, const World&)> task_;
};

TEST(Prepare, ARunThatBeginsWithACopyOfTheFormedClusterIsTheSameRun) {
  const kafka::Setup setup = LeaderKilled(40);
  const kafka::Setup other = LeaderKilled(10);
  Runner plain(fate_tests::TwinOfEveryRun), prepared(fate_tests::TwinOfEveryRun);
  RunOutcome base, copied;
  prepared.Prepare(setup);
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    RunRequest request = RequestOf(setup);
    request.seed = seed;
    plain.Run(request, base);
    prepared.Run(RequestOf(other), copied);  // of a setup that was not prepared: leaves no trace
    prepared.Run(request, copied);
    EXPECT_EQ(copied.digest, base.digest) << seed;
    EXPECT_EQ(prepared.world().StateHash(), plain.world().StateHash()) << seed;
  }
}

TEST(Continue, WithTheSameChoicesItIsTheRestOfTheRun) {
  const kafka::Setup setup = LeaderKilled(40);
  Runner runner(fate_tests::TwinOfEveryRun), other(fate_tests::TwinOfEveryRun);
  RunOutcome base, rest, watched;
  runner.Run(RequestOf(setup), base);
  ASSERT_EQ(base.realised.size(), 2u);
  uint32_t forks = 0;
  AtEvents watcher(3, [&](const sim::NoteHeader& header, const World& world) {
    if (world.engine.faults_ended()) return;  // healing looks at the clock from its own beginning
    other.Continue(world, sim::kForever, nullptr, rest);
    ASSERT_EQ(rest.digest, base.digest) << header.event.value;
    ASSERT_EQ(rest.state_hash, base.state_hash);
    ASSERT_EQ(rest.events, base.events);
    ASSERT_EQ(rest.verdict.fates, base.verdict.fates);
    ASSERT_EQ(rest.realised, base.realised);
    ++forks;
  });
  runner.Run(RequestOf(setup), watched, &watcher);
  EXPECT_EQ(watched.digest, base.digest);
  EXPECT_GE(forks, 100u);
}

TEST(Continue, AFutureFromEveryEventEndsWithEveryMessageJudged) {
  const kafka::Setup setup = LeaderKilled(15);
  Runner runner(fate_tests::TwinOfEveryRun), other(fate_tests::TwinOfEveryRun);
  RunOutcome base, future;
  uint64_t number = 0, lost = 0, same = 0;
  AtEvents watcher(1, [&](const sim::NoteHeader& header, const World& world) {
    const std::vector<sim::SimTime> until(2, {Milliseconds(250).ns});
    const Redraw redraw{.future = number++, .faults_until = until};
    other.Continue(world, sim::kForever, &redraw, future);
    fate_tests::CountInvariants(future);
    ASSERT_TRUE(future.violations.empty()) << header.event.value;
    ASSERT_TRUE(future.settled) << header.event.value;
    ASSERT_EQ(future.verdict.sent, 15u);
    ASSERT_FALSE(future.verdict.unexplained);
    lost += future.verdict.fates[static_cast<uint32_t>(kafka::ledger::Fate::kLostAfterAck)];
    same += future.digest == base.digest ? 1 : 0;
  });
  runner.Run(RequestOf(setup), base);
  RunOutcome watched;
  const uint64_t watched_before = fate_tests::ForksWatched();
  runner.Run(RequestOf(setup), watched, &watcher);
  EXPECT_GE(number, 300u);
  EXPECT_EQ(fate_tests::ForksWatched() - watched_before, number);  // by their slow twins
  EXPECT_GE(lost, 5u);  // the fault strikes elsewhere, but it strikes
  EXPECT_EQ(same, 0u);
}

TEST(Continue, TheOrderOfFuturesAndWhoRanBeforeDoesNotMatter) {
  const kafka::Setup setup = LeaderKilled(40);
  Runner runner(fate_tests::TwinOfEveryRun), forwards(fate_tests::TwinOfEveryRun),
      backwards(fate_tests::TwinOfEveryRun);
  RunOutcome base, outcome;
  World fork;
  AtEvents watcher(150, [&](const sim::NoteHeader&, const World& world) {
    if (fork.config == nullptr && world.engine.now() > sim::SimTime{Milliseconds(150).ns}) {
      fork = world;
    }
  });
  runner.Run(RequestOf(setup), base, &watcher);
  ASSERT_NE(fork.config, nullptr);
  const std::vector<sim::SimTime> until(2, {Milliseconds(400).ns});
  std::vector<sim::Digest128> one, two;
  const auto draw = [&](Runner& by, uint64_t number, std::vector<sim::Digest128>& out) {
    const Redraw redraw{.future = number, .faults_until = until};
    by.Continue(fork, sim::kForever, &redraw, outcome);
    out.push_back(outcome.digest);
  };
  for (uint64_t number = 0; number < 40; ++number) draw(forwards, number, one);
  for (uint64_t number = 40; number-- > 0;) draw(backwards, number, two);
  std::reverse(two.begin(), two.end());
  EXPECT_EQ(one, two);
  std::sort(one.begin(), one.end(), [](const sim::Digest128& a, const sim::Digest128& b) {
    return a.low != b.low ? a.low < b.low : a.high < b.high;
  });
  EXPECT_EQ(std::unique(one.begin(), one.end()), one.end());  // 40 different futures
}

}  // namespace
}  // namespace kafka
