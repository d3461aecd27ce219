// What a real cluster was seen to do (Kafka 4.3.1, docs/fidelity.md), the model does too: times
// within the seen ranges plus what a heavy-tailed network adds, losses where they were seen.
#include "tests/scenarios/reality.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace fate {
namespace {

using sim::Milliseconds;
using sim::Seconds;

TEST(ALeaderKilled, IsReplacedBetweenSevenAndTenSecondsLaterAndWritesGoOn) {
  const analysis::Prepared cluster = Cluster(kPaced, "at: \"3s\" kill { role: LEADER }");
  int64_t least = INT64_MAX;
  int64_t most = 0;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    const Story story = Play(cluster, seed);
    const sim::SimTime killed = story.First<sim::notes::ProcessKilled>()->at;
    const auto change = story.First<kafka::notes::PartitionState>(killed, AnotherLeads);
    ASSERT_TRUE(change);
    least = std::min(least, Ms(change->at - killed));
    most = std::max(most, Ms(change->at - killed));
    const auto ack = story.First<kafka::notes::AckedToApplication>(change->at);
    ASSERT_TRUE(ack);
    EXPECT_LE(Ms(ack->at - change->at), 1500) << "seed " << seed;  // 0.5 s and a back-off of 1 s
    EXPECT_EQ(story.Broken(kafka::ledger::Property::kNoAckedLoss), 0u);
  }
  EXPECT_GE(least, 7000);  // seen: 7.25 s to 9.91 s; a session is 9 s from the last heartbeat
  EXPECT_LE(most, 10200);
  EXPECT_LT(least, 8200);  // and it varies with the heartbeat's phase, which is the seed's
  EXPECT_GT(most, 8800);
}

// Seen: 0.03 s to 0.5 s until the first of three waiting producers has an acknowledgement, 0.1 s to
// 1.3 s for one of them. In nine seconds of answers that say nothing new each has come to look at
// the metadata once a second (KC:P-54), and nobody tells it that now is the moment.
TEST(ALeaderKilled, AWaitingProducerFindsTheNextOneWithinASecondAndTheFirstOfThreeSooner) {
  const std::string one = "messages: 600 rate_per_s: 50 } ";
  const analysis::Prepared cluster =
      Cluster("producer { name: \"a\" " + one + "producer { name: \"b\" " + one +
                  "producer { name: \"c\" " + one,
              "at: \"2s\" kill { role: LEADER }");
  std::vector<int64_t> first_of_three;
  std::vector<int64_t> each;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    const Story story =
        Play(At(cluster, Milliseconds(2000 + 53 * static_cast<int64_t>(seed))), seed);
    const sim::SimTime killed = story.First<sim::notes::ProcessKilled>()->at;
    const sim::SimTime change = story.First<kafka::notes::PartitionState>(killed, AnotherLeads)->at;
    int64_t first = INT64_MAX;
    for (uint16_t i = 0; i < 3; ++i) {
      const sim::MachineId machine =
          kafka::MachineOf(cluster.setup(), kafka::ProducerIndex{static_cast<uint8_t>(i)});
      const auto ack = story.First<kafka::notes::AckedToApplication>(
          change, [machine](const auto& said) { return said.machine == machine; });
      ASSERT_TRUE(ack);
      each.push_back(Ms(ack->at - change));
      first = std::min(first, each.back());
    }
    first_of_three.push_back(first);
  }
  std::sort(first_of_three.begin(), first_of_three.end());
  std::sort(each.begin(), each.end());
  EXPECT_LE(each.back(), 1300);
  EXPECT_GE(each.back(), 800);
  EXPECT_LE(first_of_three[20], 500);
  EXPECT_LE(first_of_three.back(), 1000);  // no follower was refused and stayed away (KB:X-2)
}

// Refused with DUPLICATE_BROKER_REGISTRATION every 2.0 s; until then the log's word that its last
// incarnation leads means nothing to it.
TEST(ABrokerThatRestartsInsideItsSession, IsRefusedUntilTheSessionEnds) {
  const analysis::Prepared cluster =
      Cluster(kPaced, "at: \"3s\" kill { broker: 1 } restart_after: \"1s\"");
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    const Story story = Play(cluster, seed);
    const sim::SimTime killed = story.First<sim::notes::ProcessKilled>()->at;
    const auto registered = story.First<kafka::notes::Registered>(killed);
    ASSERT_TRUE(registered);
    EXPECT_GE(Ms(registered->at - killed), 7000);
    EXPECT_LE(Ms(registered->at - killed), 11'200);
    EXPECT_FALSE(registered->what.clean);
    const auto led = story.First<kafka::notes::BecameLeader>(killed, [](const auto& said) {
      return said.machine == kafka::MachineOf(kafka::BrokerId{0});
    });
    if (led) {
      EXPECT_GT(led->at, registered->at);
    }
    EXPECT_TRUE(story.First<kafka::notes::PartitionState>(killed, AnotherLeads));
  }
}

TEST(ABrokerThatStarts, IsRegisteredOneToTwoSecondsLater) {
  const analysis::Prepared cluster =
      Cluster(kPaced, "at: \"2s\" stop { broker: 3 } restart_after: \"12s\"");
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    const Story story = Play(cluster, seed);
    const auto started = story.First<sim::notes::ProcessStarted>(sim::SimTime{Seconds(2).ns});
    ASSERT_TRUE(started);
    const auto registered = story.First<kafka::notes::Registered>(started->at);
    ASSERT_TRUE(registered);
    EXPECT_GE(Ms(registered->at - started->at), 1100);
    EXPECT_LE(Ms(registered->at - started->at), 1700);
    const auto back = story.First<kafka::notes::PartitionState>(registered->at, HasIsrOf(3));
    ASSERT_TRUE(back);
    EXPECT_LE(Ms(back->at - registered->at), 1300);  // 0.1-0.4 s unfenced, 0.1-0.9 s in the ISR
  }
}

// KB:S-41, S-44: the marker is deleted first, and a power cut brings it back until some fsync of
// the file system, 20 to 40 ms later, has made its deletion durable. Nothing is appended meanwhile.
TEST(TheMarkerOfAnOrderlyStop, ComesBackOnlyIfThePowerGoesRightAfterTheStart) {
  const analysis::Prepared cluster =
      Cluster(kPaced,
              "at: \"2s\" stop { broker: 3 } restart_after: \"1s\" } fault { at: \"9s\" "
              "power_loss { domain: HOST of { broker: 3 } } restart_after: \"2s\"");
  const auto of_broker_3 = [](const auto& said) {
    return said.machine == kafka::MachineOf(kafka::BrokerId{2});
  };
  const auto is_scanned_when_cut = [&](sim::Duration since_start, uint64_t seed) {
    const auto started = Play(cluster, seed).First<kafka::notes::Loaded>({}, of_broker_3);
    analysis::Prepared cut = cluster;
    cut.built.setup.faults.at(1).at = started->at + since_start;
    const Story story = Play(cut, seed);
    const sim::SimTime dark = story.First<sim::notes::PowerLost>()->at;
    const auto scanned = story.First<kafka::notes::Recovered>(dark, of_broker_3);
    EXPECT_NE(scanned.has_value(),
              story.First<kafka::notes::Loaded>(dark, of_broker_3).has_value());
    EXPECT_EQ(story.Broken(kafka::ledger::Property::kNoAckedLoss), 0u);
    return scanned.has_value();
  };
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    EXPECT_FALSE(is_scanned_when_cut(Milliseconds(15), seed)) << seed;
    EXPECT_TRUE(is_scanned_when_cut(Milliseconds(500), seed)) << seed;
  }
}

TEST(AnOrderlyStop, MovesTheLeaderWithinAQuarterOfASecondAndLosesWithAcksOne) {
  const std::string fast = "producer { name: \"a\" messages: 1000 rate_per_s: 500 } ";
  const analysis::Prepared cluster =
      Cluster(fast, "at: \"1s\" stop { role: LEADER } restart_after: \"10s\"",
              {"producer:acks=1", "producer:linger.ms=0"});
  int losing = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const Story story = Play(cluster, seed);
    const auto asked = story.First<sim::notes::StopRequested>();
    ASSERT_TRUE(asked);
    const auto change = story.First<kafka::notes::PartitionState>(asked->at, AnotherLeads);
    ASSERT_TRUE(change);
    EXPECT_LE(Ms(change->at - asked->at), 300);  // seen: 20 ms to 224 ms
    losing += story.Broken(kafka::ledger::Property::kNoAckedLoss) > 0;
    EXPECT_LE(story.Broken(kafka::ledger::Property::kNoAckedLoss), 40u);
  }
  EXPECT_GE(losing, 8);  // seen: 15 of 18 partitions
  const analysis::Prepared safe =
      Cluster(fast, "at: \"1s\" stop { role: LEADER } restart_after: \"10s\"");
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    EXPECT_EQ(Play(safe, seed).Broken(kafka::ledger::Property::kNoAckedLoss), 0u);
  }
}

const char kFrozen[] = "at: \"2s\" pause { target { broker: 2 } for: \"50s\" }";

TEST(AFrozenFollower, LeavesTheIsrAfterItsLagAndReturnsASecondAfterTheThaw) {
  const analysis::Prepared cluster =
      Cluster("producer { name: \"shop\" messages: 1200 rate_per_s: 20 }", kFrozen,
              {"broker:broker.session.timeout.ms=120000"});
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const Story story = Play(cluster, seed);
    const sim::SimTime frozen = story.First<sim::notes::Paused>()->at;
    const auto shrunk = story.First<kafka::notes::PartitionState>(frozen, HasIsrOf(2));
    ASSERT_TRUE(shrunk);
    EXPECT_GE(Ms(shrunk->at - frozen), 30'000);  // replica.lag.time.max.ms; looked at every half
    EXPECT_LE(Ms(shrunk->at - frozen), 45'500);
    const sim::SimTime thawed = story.First<sim::notes::Resumed>()->at;
    const auto grown = story.First<kafka::notes::PartitionState>(thawed, HasIsrOf(3));
    ASSERT_TRUE(grown);
    EXPECT_GE(Ms(grown->at - thawed), 1000);  // seen: 1.0 s to 1.1 s, four times
    EXPECT_LE(Ms(grown->at - thawed), 1200);
  }
}

TEST(AFrozenFollower, OfAnIdleTopicStaysInTheIsr) {
  const analysis::Prepared cluster =
      Cluster("producer { name: \"shop\" messages: 5 rate_per_s: 20 }", kFrozen,
              {"broker:broker.session.timeout.ms=120000"});
  const Story story = Play(cluster, 1);
  EXPECT_EQ(story.outcome.isr_shrinks, 0u);
  EXPECT_GE(story.outcome.programs_ended.ns, Seconds(52).ns) << "the frost was cut short";
}

TEST(AFrozenLeader, ThawedAfterItsReplacementAcknowledgesWithAcksOneAndThenTruncates) {
  const analysis::Prepared cluster =
      Cluster("producer { name: \"shop\" messages: 200 rate_per_s: 50 }",
              "at: \"1s\" pause { target { role: LEADER } for: \"15s\" }", {"producer:acks=1"});
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    const Story story = Play(cluster, seed);
    const sim::SimTime woken = story.First<sim::notes::Resumed>()->at;
    const auto change = story.First<kafka::notes::PartitionState>({}, AnotherLeads);
    ASSERT_TRUE(change);
    EXPECT_LT(change->at, woken);
    const auto zombie = story.First<kafka::notes::Acknowledged>(woken, [](const auto& said) {
      return said.machine == kafka::MachineOf(kafka::BrokerId{0});
    });
    ASSERT_TRUE(zombie) << "seed " << seed;
    EXPECT_LE(Ms(zombie->at - woken), 400);
    EXPECT_TRUE(story.First<kafka::notes::Truncated>(woken));
    EXPECT_GT(story.Broken(kafka::ledger::Property::kNoAckedLoss), 0u)
        << "seed " << seed;  // seen: 4 of 4
    EXPECT_EQ(story.Judged(loader::proto::NO_ACKED_LOSS).loss_class, loader::proto::AS_CONFIGURED);
  }
}

const char kThreeFast[] =
    "producer { name: \"a\" messages: 1833 rate_per_s: 500 keys: 10 } "
    "producer { name: \"b\" messages: 1833 rate_per_s: 500 keys: 10 } "
    "producer { name: \"c\" messages: 1834 rate_per_s: 500 keys: 10 } ";
const char kLeaderDies[] = "at: \"1500ms\" kill { role: LEADER } restart_after: \"12s\"";

TEST(FiveHundredRecordsASecond, AreNeitherLostNorDoubledNorReorderedByIdempotentProducers) {
  const analysis::Prepared near = Cluster(kThreeFast, kLeaderDies);
  const analysis::Prepared far =
      Cluster("network { between_brokers: \"5ms\" } " + std::string(kThreeFast), kLeaderDies);
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    const auto at = Milliseconds(1500 + 7 * static_cast<int64_t>(seed));
    const Story story = Play(At(seed % 2 == 0 ? near : far, at), seed);
    EXPECT_EQ(story.outcome.verdict.of(kafka::ledger::Property::kNoAckedLoss).judged, 5500u);
    EXPECT_EQ(story.Broken(kafka::ledger::Property::kNoAckedLoss), 0u);
    EXPECT_EQ(story.Broken(kafka::ledger::Property::kNoDuplicate), 0u);
    EXPECT_EQ(story.Broken(kafka::ledger::Property::kOrderPerKey), 0u);
  }
}

TEST(FiveHundredRecordsASecond, AreReorderedWithoutIdempotenceAndLostWithAcksOne) {
  int inverted = 0;
  int losing = 0;
  // Inversions want several requests in flight, as on a busy machine: replication takes a while.
  const analysis::Prepared plain =
      Cluster("network { between_brokers: \"5ms\" } " + std::string(kThreeFast), kLeaderDies,
              {"producer:enable.idempotence=false"});
  const analysis::Prepared one = Cluster(kThreeFast, kLeaderDies, {"producer:acks=1"});
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    const auto at = Milliseconds(1500 + 7 * static_cast<int64_t>(seed));
    inverted += Play(At(plain, at), seed).Broken(kafka::ledger::Property::kOrderPerKey) > 0;
    const uint32_t lost = Play(At(one, at), seed).Broken(kafka::ledger::Property::kNoAckedLoss);
    losing += lost > 0;
    EXPECT_LE(lost, 60u);
  }
  EXPECT_GE(inverted, 30);  // seen: 4 of 4
  EXPECT_GE(losing, 1);     // seen: 2 of 4
}

// Sixty messages; the power goes right after the last acknowledgement.
uint32_t LostByPower(const std::string& racks, const std::string& power,
                     const std::vector<std::string>& set, uint64_t seed) {
  const analysis::Prepared cluster = PreparedText(
      "name: \"x\" cluster { brokers: 3 " + racks +
          "} topic { name: \"orders\" partitions: 1 replication_factor: 3 } "
          "producer { name: \"shop\" messages: 60 rate_per_s: 100 } "
          "fault { when { note: ACKNOWLEDGED_TO_APPLICATION acked_messages_min: 60 } else_at: "
          "\"30s\" power_loss { " +
          power + " } restart_after: \"15s\" }",
      set);
  const Story story = Play(cluster, seed);
  EXPECT_EQ(story.outcome.verdict.of(kafka::ledger::Property::kNoAckedLoss).judged, 60u);
  EXPECT_FALSE(story.outcome.realised.at(0).by_fallback);
  return story.Broken(kafka::ledger::Property::kNoAckedLoss);
}

// FC:C.2: 2 MB a second on a drive that takes half of that. With room for 13 MB of dirty memory
// nobody notices; with 0.6 MB the kernel holds the brokers' writers back, and the same messages are
// acknowledged later.
TEST(AWriterHeldBack, IsSlowAndLosesNothing) {
  const auto play = [](const char* dirty_ratio) {
    return Play(
        PreparedText(std::string("name: \"x\" cluster { brokers: 3 host { memory: \"64MiB\" "
                                 "bandwidth: \"1MiB\" dirty_ratio: ") +
                     dirty_ratio +
                     " } } topic { name: \"orders\" partitions: 1 replication_factor: 3 } "
                     "producer { name: \"shop\" messages: 80 rate_per_s: 40 size: 50000 }"),
        1);
  };
  const Story free = play("20");
  const Story held = play("1");
  for (const Story* story : {&free, &held}) {
    EXPECT_EQ(story->outcome.notes[sim::kKindOf<kafka::notes::AckedToApplication>], 80u);
    EXPECT_EQ(story->Broken(kafka::ledger::Property::kNoAckedLoss) +
                  story->Broken(kafka::ledger::Property::kNoDuplicate),
              0u);
    EXPECT_TRUE(story->outcome.violations.empty());
  }
  EXPECT_LE(Ms(free.outcome.programs_ended - sim::SimTime{}), 2'100);
  EXPECT_GE(Ms(held.outcome.programs_ended - sim::SimTime{}), 3'000);
}

TEST(Power, LostByAllThreeTakesEverythingUnlessFlushed) {
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    EXPECT_EQ(LostByPower("", "domain: ALL", {}, seed), 60u);
    EXPECT_EQ(LostByPower("elr: false ", "domain: ALL", {}, seed), 60u);
    EXPECT_EQ(LostByPower("", "domain: ALL", {"topic:flush.messages=1"}, seed), 0u);
  }
}

// KB:R-17 as seen, with leaders that move while followers flush, and several fetchers a broker:
// what is acknowledged is on every disk of the ISR.
TEST(Power, LostByAllAfterARollingRestartTakesNothingThatWasFlushed) {
  for (const char* partitions : {"1", "6"}) {
    const analysis::Prepared cluster = PreparedText(
        std::string(
            "name: \"x\" cluster { brokers: 3 host { flush_latency: \"20ms\" flush_latency_max: "
            "\"400ms\" } } network { between_brokers: \"1ms\" } topic { name: \"t\" partitions: ") +
        partitions +
        " config { key: \"flush.messages\" value: \"1\" } config { key: \"min.insync.replicas\" "
        "value: "
        "\"2\" } } producer { name: \"p\" messages: 900 rate_per_s: 60 } fault { at: \"2s\" "
        "rolling_restart { down_for: \"0s\" between: \"1s\" } } fault { at: \"12s\" power_loss { "
        "domain: "
        "ALL } restart_after: \"20s\" }");
    for (uint64_t seed = 1; seed <= 12; ++seed) {
      const Story story = Play(cluster, seed);
      EXPECT_EQ(story.Broken(kafka::ledger::Property::kNoAckedLoss), 0u)
          << partitions << ", seed " << seed;
      EXPECT_TRUE(story.outcome.violations.empty()) << partitions << ", seed " << seed;
    }
  }
}

TEST(Power, LostByOneOrTwoTakesNothing) {
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    EXPECT_EQ(LostByPower("", "of { broker: 1 }", {}, seed), 0u);
    EXPECT_EQ(LostByPower("racks: \"r1\" racks: \"r1\" racks: \"r2\" ",
                          "domain: RACK of { broker: 1 }", {}, seed),
              0u);
    EXPECT_EQ(LostByPower("racks: \"r1\" racks: \"r2\" racks: \"r2\" ",
                          "domain: RACK of { broker: 3 }", {}, seed),
              0u);
  }
}

}  // namespace
}  // namespace fate
