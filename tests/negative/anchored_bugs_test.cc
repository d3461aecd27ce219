// Planted bugs that a swarm hardly meets: each is led to its race by faults at protocol points.
// With the bug the cluster loses what safe settings promise to keep; without it, under the same
// faults, nothing is violated and nothing lost.
#include <gtest/gtest.h>

#include <memory>

#include "model/kafka/run.h"
#include "model/kafka/targets.h"
#include "tests/support/every_run.h"
#include "tests/support/invariant_counts.h"

namespace negative {
namespace {

using kafka::Milliseconds;
using kafka::Mutant;
using kafka::Seconds;
using kafka::invariants::Invariant;
using kafka::ledger::LossClass;
using kafka::ledger::Mechanism;
using sim::FaultKind;
using sim::PlannedFault;

constexpr uint16_t kB1 = 1, kB2 = 2, kB3 = 4;  // bits of a BrokerSet
constexpr int32_t kThird = 2;                  // a guard's number of broker 3
constexpr kafka::Target kController = kafka::Target{.controller = true};

sim::FaultTarget Brokers(uint16_t set) { return kafka::Target{.brokers = set}; }

// Three brokers with Kafka's defaults, three replicas, min.insync.replicas=2, acks=all.
kafka::Setup SafeCluster(Mutant mutant, uint32_t messages, sim::Duration interval) {
  kafka::Setup setup;
  setup.name = "anchored";
  setup.mutant = mutant;
  for (uint16_t i = 0; i < 3; ++i) {
    kafka::BrokerSetup broker;
    broker.name = "broker-" + std::to_string(i + 1);
    broker.rack = i;
    setup.brokers.push_back(broker);
  }
  kafka::TopicSetup topic;
  topic.name = "orders";
  topic.settings.min_insync_replicas = 2;
  topic.partitions = {{0}};
  setup.topics.push_back(topic);
  setup.partitions.push_back({.topic = {0}, .index = 0, .replicas = {{0}, {1}, {2}}});
  kafka::ProducerSetup producer;
  producer.name = "producer/shop";
  producer.settings.linger = {};
  producer.program.topic = {0};
  producer.program.messages = messages;
  producer.program.interval = interval;
  setup.producers.push_back(producer);
  setup.network.classes.fill({.base = Milliseconds(1)});
  setup.time_limit = Seconds(120);
  return setup;
}

PlannedFault At(sim::Duration time, FaultKind kind, sim::FaultTarget target, sim::Duration lasts) {
  PlannedFault fault;
  fault.kind = kind;
  fault.at = {time.ns};
  fault.target = target;
  fault.lasts = lasts;
  return fault;
}
template <sim::NoteKind N>
PlannedFault When(sim::FaultGuard guard, FaultKind kind, sim::FaultTarget target,
                  sim::Duration lasts) {
  PlannedFault fault = At(Seconds(100), kind, target, lasts);
  fault.note_kind = sim::kKindOf<N>;
  fault.guard = guard;
  return fault;
}
PlannedFault Between(PlannedFault fault, sim::FaultTarget peer, bool both = true) {
  fault.peer = peer;
  fault.both_directions = both;
  return fault;
}

struct Ending {
  uint64_t violated = 0;
  uint64_t of_its_own = 0;       // of the invariant that was asked for
  uint64_t forgotten_joins = 0;  // times that this exception was named
  LossClass worst = LossClass::kNone;
  Mechanism mechanism = Mechanism::kNone;  // of the worst
  uint64_t lost = 0;
  bool all_fired = true;
};

Ending RunOnce(const kafka::Setup& setup, Invariant invariant, uint64_t seed = 1) {
  const auto runner = std::make_unique<kafka::Runner>(fate_tests::TwinOfEveryRun);
  kafka::RunOutcome outcome;
  runner->Run({.setup = &setup, .seed = seed, .overrides = {}, .faults = setup.faults}, outcome);
  fate_tests::CountInvariants(outcome);
  const auto& truth = runner->world().observer.truth;
  Ending end{.violated = truth.invariants.violated(),
             .of_its_own = truth.invariants.of(invariant).violated};
  for (const auto& tally : truth.invariants.tallies) {
    end.forgotten_joins +=
        tally.excepted[static_cast<uint32_t>(kafka::invariants::Exception::kForgottenJoin)];
  }
  for (const auto& finding : outcome.verdict.findings) {
    if (finding.loss_class > end.worst) end.mechanism = finding.mechanism;
    end.worst = std::max(end.worst, finding.loss_class);
    end.lost += finding.messages.size();
  }
  end.all_fired = outcome.unfired.empty();
  for (const sim::RealisedFault& fault : outcome.realised) end.all_fired &= !fault.by_fallback;
  return end;
}

// b3 is stopped by order and leaves the ISR; when it is back, and has just been proposed to join
// again, it is cut off from its leader. The controller has let it in, and its word takes four
// seconds to the leader, who meanwhile may acknowledge nothing that b3 lacks (KB:R-1). Then b1 and
// b2 die, and b3 leads.
kafka::Setup ExpansionUnderWay(Mutant mutant) {
  kafka::Setup setup = SafeCluster(mutant, 2000, Milliseconds(10));
  setup.faults = {
      At(Seconds(1), FaultKind::kStop, Brokers(kB3), Seconds(1)),  // back after its session, KB:C-2
      Between(When<kafka::notes::Unfenced>({.actor = kThird}, FaultKind::kLatencySpike, kController,
                                           Seconds(20)),
              Brokers(kB1), false),
      Between(When<kafka::notes::IsrProposed>({}, FaultKind::kPartition, Brokers(kB1), Seconds(3)),
              Brokers(kB3)),
      At({}, FaultKind::kKill, Brokers(kB1 | kB2), Seconds(60))};
  setup.faults[1].extra = Seconds(4);
  setup.faults[3].after_fault = 2;
  return setup;
}

TEST(WatermarkCommittedIsrOnly, LosesWhenTheLeaderDiesBeforeItKnowsWhoJoined) {
  const Ending bug =
      RunOnce(ExpansionUnderWay(Mutant::kWatermarkCommittedIsrOnly), Invariant::kAckedDurable);
  EXPECT_TRUE(bug.all_fired);
  EXPECT_GT(bug.of_its_own, 0u);
  EXPECT_EQ(bug.worst, LossClass::kPromiseBroken);

  const Ending none = RunOnce(ExpansionUnderWay(Mutant::kNone), Invariant::kAckedDurable);
  EXPECT_TRUE(none.all_fired);
  EXPECT_EQ(none.violated, 0u);
  EXPECT_EQ(none.lost, 0u);
}

// b3 is cut off; when its session is over, five waiting batches are committed by b1 and b2 at once,
// and b1 dies before b2 hears of the new high watermark. b3 is back, follows b2, and has all that
// is below the high watermark that b2 knows: not what was committed under b1 (KB:R-24). It fetches
// batch by batch; b2 dies when the controller has let b3 in.
kafka::Setup LaggingAtTheNewLeader(Mutant mutant) {
  kafka::Setup setup = SafeCluster(mutant, 300, Milliseconds(10));
  setup.producers[0].settings.max_in_flight = 1;
  for (const char* name : {"producer/web", "producer/app", "producer/fax", "producer/pos"}) {
    setup.producers.push_back(setup.producers[0]);
    setup.producers.back().name = name;
  }
  setup.brokers[2].settings.replica_fetch_max_bytes = 1;
  setup.faults = {Between(At(Seconds(1), FaultKind::kPartition, Brokers(kB3), Milliseconds(10500)),
                          kafka::Target{.controller = true, .everybody_else = true}),
                  When<kafka::notes::AckedToApplication>({.copies_max = 2}, FaultKind::kKill,
                                                         Brokers(kB1), Seconds(60)),
                  When<kafka::notes::PartitionState>({.isr_size = 2}, FaultKind::kKill,
                                                     Brokers(kB2), Seconds(60))};
  setup.faults[2].occurrence = 2;  // the first: b3 has left
  return setup;
}

TEST(JoinWithoutEpochStart, LosesWhatWasCommittedUnderTheLeaderBefore) {
  const Ending bug =
      RunOnce(LaggingAtTheNewLeader(Mutant::kJoinWithoutEpochStart), Invariant::kCandidateComplete);
  EXPECT_TRUE(bug.all_fired);
  EXPECT_GT(bug.of_its_own, 0u);
  EXPECT_EQ(bug.worst, LossClass::kPromiseBroken);

  const Ending none = RunOnce(LaggingAtTheNewLeader(Mutant::kNone), Invariant::kCandidateComplete);
  EXPECT_TRUE(none.all_fired);
  EXPECT_EQ(none.violated, 0u);
  EXPECT_EQ(none.lost, 0u);
}

// KIP-903. b3 comes back and is kept from its leader until the end of its session is near; then it
// catches up, is proposed, and loses its power with what was in its cache. The proposal takes four
// seconds to the controller: b3, which was in no ISR, has been fenced and has come back as another
// process by then, and the partition epoch has not moved. It is cut off from its leader again, and
// has not what the proposed one had. When the controller has let somebody in, b1 and b2 die.
kafka::Setup BackFromTheDead(Mutant mutant) {
  kafka::Setup setup = SafeCluster(mutant, 1000, Milliseconds(40));
  const sim::FaultGuard third{.actor = kThird};
  setup.faults = {
      At(Seconds(1), FaultKind::kStop, Brokers(kB3), Seconds(1)),
      Between(When<kafka::notes::Unfenced>(third, FaultKind::kPartition, Brokers(kB3),
                                           Milliseconds(6500)),
              Brokers(kB1)),
      Between(When<kafka::notes::Unfenced>(third, FaultKind::kPartition, Brokers(kB3), Seconds(7)),
              kController, false),
      Between(
          When<kafka::notes::Unfenced>(third, FaultKind::kLatencySpike, Brokers(kB1), Seconds(20)),
          kController, false),
      When<kafka::notes::IsrProposed>({}, FaultKind::kPowerLoss, Brokers(kB3), Milliseconds(500)),
      Between(When<kafka::notes::IsrProposed>({}, FaultKind::kPartition, Brokers(kB1), Seconds(10)),
              Brokers(kB3)),
      When<kafka::notes::PartitionState>({.isr_size = 3}, FaultKind::kKill, Brokers(kB1 | kB2),
                                         Seconds(60))};
  setup.faults[3].extra = Milliseconds(4200);
  return setup;
}

TEST(NoBrokerEpochCheck, LetsInWhoLostItsPowerAfterItWasProposed) {
  const Ending bug =
      RunOnce(BackFromTheDead(Mutant::kNoBrokerEpochCheck), Invariant::kCandidateComplete);
  EXPECT_TRUE(bug.all_fired);
  EXPECT_GT(bug.of_its_own, 0u);
  EXPECT_EQ(bug.worst, LossClass::kPromiseBroken);

  const Ending none = RunOnce(BackFromTheDead(Mutant::kNone), Invariant::kCandidateComplete);
  EXPECT_TRUE(none.all_fired);
  EXPECT_EQ(none.violated, 0u);
  EXPECT_EQ(none.lost, 0u);
}

// Nobody has planted this one (docs/fidelity.md). b2 and b3 come back together, b3 slowly, when
// they have been away for longer than replica.lag.time.max.ms. b1 hears that b2 is in sync again,
// proposes b3, and forgets it over the metadata of b2's joining. From there on b3 is cut off; what
// b1 and b2 acknowledge for a second more, b3 has not, and leads.
TEST(ForgottenJoin, LosesUnderSafeSettingsAndIsNamed) {
  kafka::Setup setup = SafeCluster(Mutant::kNone, 5000, Milliseconds(10));
  setup.producers.push_back(setup.producers[0]);
  setup.producers[1].name = "producer/fax";  // goes on while the others are away
  setup.producers[1].settings.acks = kafka::Acks::kLeader;
  setup.producers[1].settings.enable_idempotence = false;
  setup.producers[1].program.messages = 140;
  setup.producers[0].settings.retry_backoff = setup.producers[0].settings.retry_backoff_max =
      Milliseconds(5);
  for (auto& broker : setup.brokers) {
    broker.settings.replica_fetch_max_bytes = 1;
    broker.start_up_min = broker.start_up_max = Seconds(1);
  }
  setup.faults = {At(Seconds(1), FaultKind::kStop, Brokers(kB2 | kB3), Seconds(35)),
                  Between(When<kafka::notes::ProposalForgotten>({}, FaultKind::kPartition,
                                                                Brokers(kB1), Seconds(1)),
                          Brokers(kB3)),
                  At({}, FaultKind::kKill, Brokers(kB1 | kB2), Seconds(60))};
  setup.faults[2].after_fault = 1;
  const Ending end = RunOnce(setup, Invariant::kCandidateComplete, 12);
  EXPECT_TRUE(end.all_fired);
  EXPECT_EQ(end.violated, 0u);
  EXPECT_GT(end.forgotten_joins, 0u);
  EXPECT_EQ(end.worst, LossClass::kPromiseBroken);
  EXPECT_EQ(end.mechanism, Mechanism::kForgottenJoin);
}

// KB:S-30: the checkpoint of 30 s after the start.
TEST(RecoveryPointTooHigh, IsClaimedBeforeTheDriveHasIt) {
  const auto run = [](Mutant mutant) {
    return RunOnce(SafeCluster(mutant, 100, Milliseconds(350)), Invariant::kHonestFlush);
  };
  EXPECT_GT(run(Mutant::kRecoveryPointTooHigh).of_its_own, 0u);
  EXPECT_EQ(run(Mutant::kNone).violated, 0u);
}

}  // namespace
}  // namespace negative
