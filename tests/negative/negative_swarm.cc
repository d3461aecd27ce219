#include "tests/negative/negative_swarm.h"

#include <algorithm>
#include <memory>

#include "model/kafka/targets.h"
#include "sim/hash.h"
#include "tests/support/every_run.h"
#include "tests/support/invariant_counts.h"

namespace negative {
namespace {

using kafka::BrokerId;
using kafka::Milliseconds;
using kafka::Seconds;
using sim::FaultKind;

// The n-th draw of a seed.
struct Draw {
  uint64_t seed;
  uint64_t n = 0;

  uint64_t Below(uint64_t bound) { return sim::Mix(seed, ++n) % bound; }
};

sim::FaultTarget Broker(uint64_t broker) {
  return kafka::Target{.brokers = static_cast<uint16_t>(1u << broker)};
}

sim::PlannedFault DrawFault(Draw& draw, bool power) {
  constexpr FaultKind kKinds[] = {FaultKind::kKill,      FaultKind::kStop, FaultKind::kPause,
                                  FaultKind::kPartition, FaultKind::kKill, FaultKind::kLatencySpike,
                                  FaultKind::kPowerLoss, FaultKind::kPanic};
  sim::PlannedFault fault;
  fault.kind = kKinds[draw.Below(power ? 8 : 6)];
  fault.at = {Milliseconds(100 + static_cast<int64_t>(draw.Below(9000))).ns};
  const uint64_t victim = draw.Below(3);
  fault.target = draw.Below(2) == 0
                     ? sim::FaultTarget(kafka::Target{.role = kafka::Role::kLeader, .partition = 0})
                     : Broker(victim);
  fault.peer = draw.Below(2) == 0
                   ? sim::FaultTarget(kafka::Target{.controller = true, .everybody_else = true})
                   : Broker((victim + 1 + draw.Below(2)) % 3);
  fault.both_directions = draw.Below(3) != 0;
  fault.lasts = Milliseconds(200 + static_cast<int64_t>(draw.Below(6000)));
  fault.extra = Milliseconds(static_cast<int64_t>(draw.Below(1500)));
  return fault;
}

sim::StorageConfig DrawStorage(Draw& draw) {
  const auto ms = [&](int64_t least, uint64_t more) {
    return Milliseconds(least + static_cast<int64_t>(draw.Below(more)));
  };
  const auto one_in = [&](uint64_t n) { return draw.Below(n) == 0; };
  sim::StorageConfig config =
      sim::DefaultStorage(one_in(2) ? sim::FileSystemKind::kXfs : sim::FileSystemKind::kExt4);
  config.dirty_expire = ms(100, 4000);
  config.dirty_writeback = one_in(4) ? sim::Duration{} : ms(100, 2000);
  config.journal_commit = ms(100, 5000);
  if (one_in(4)) config.dirty_background_bytes = 1 + draw.Below(4000);
  config.hole = one_in(3);
  config.torn_sector = one_in(3);
  config.missing_name = one_in(4);
  config.ordered_metadata = !one_in(3);
  config.volatile_drive_cache = one_in(2);
  config.power_loss_protection = one_in(4);
  config.barriers = !one_in(3);
  return config;
}

void AddPrograms(const SwarmOptions& options, kafka::Setup& setup) {
  for (const char* name : {"producer/shop", "producer/web"}) {
    kafka::ProducerSetup producer;
    producer.name = name;
    producer.settings.acks = options.acks;
    producer.settings.enable_idempotence = options.idempotent;
    producer.settings.request_timeout = Seconds(2);
    producer.settings.delivery_timeout = Seconds(20);
    producer.settings.linger = {};
    producer.program.topic = {0};
    producer.program.messages = 120;
    producer.program.interval = Milliseconds(70);
    producer.program.keys = 3;
    setup.producers.push_back(producer);
  }
  kafka::ConsumerSetup consumer;
  consumer.name = "consumer/billing";
  consumer.settings.auto_offset_reset = kafka::ConsumerSettings::Reset::kEarliest;
  consumer.program.topic = {0};
  consumer.program.group = {0};
  setup.groups = {"billing"};
  setup.consumers.push_back(consumer);
}

kafka::Act DrawAct(Draw& draw) {
  using Kind = kafka::Act::Kind;
  using kafka::TopicSetting;
  kafka::Act act;
  act.kind = draw.Below(3) == 0 ? Kind::kElectLeaders : Kind::kChangeSetting;
  if (draw.Below(2) == 0) act.topic = {0};
  if (act.kind == Kind::kElectLeaders) {
    act.unclean = draw.Below(2) == 0;
    return act;
  }
  constexpr TopicSetting kSettings[] = {
      TopicSetting::kMinInsyncReplicas, TopicSetting::kMinInsyncReplicas,
      TopicSetting::kFlushMessages, TopicSetting::kUncleanLeaderElection};
  act.setting = kSettings[draw.Below(4)];
  act.value = 1 + static_cast<int64_t>(draw.Below(3));
  if (act.setting == TopicSetting::kUncleanLeaderElection) act.value = act.value % 2;
  return act;
}

// A few acts, of which one may add a partition.
void AddActs(uint64_t seed, kafka::Setup& setup) {
  Draw draw{sim::Mix(seed, 0xac75)};
  const uint64_t count = 1 + draw.Below(4);
  for (uint64_t i = 0; i < count; ++i) {
    const sim::SimTime at{Milliseconds(200 + static_cast<int64_t>(draw.Below(15000))).ns};
    const auto number = static_cast<uint32_t>(setup.acts.size());
    kafka::Act act = DrawAct(draw);
    if (i == 0 && draw.Below(2) == 0) {
      act = {.kind = kafka::Act::Kind::kAddPartitions, .topic = {0}, .value = 2};
      setup.topics[0].partitions.push_back({1});
      setup.partitions.push_back(
          {.topic = {0}, .index = 1, .replicas = {{1}, {2}, {0}}, .added_by = 0});
      for (kafka::ProducerSetup& producer : setup.producers) {
        producer.settings.metadata_max_age = Seconds(1);
      }
    }
    setup.acts.push_back(act);
    setup.faults.push_back({.kind = FaultKind::kOrder,
                            .at = at,
                            .target = kafka::Target{.controller = true},
                            .order = number});
  }
}

}  // namespace

kafka::Setup SwarmSetup(const SwarmOptions& options, uint64_t seed) {
  kafka::Setup setup;
  setup.name = "swarm";
  setup.mutant = options.mutant;
  setup.controller.elr = options.elr;
  for (uint8_t i = 0; i < 3; ++i) {
    kafka::BrokerSetup broker;
    broker.name = "broker-" + std::to_string(i + 1);
    broker.rack = i;
    broker.settings.replica_lag_time_max = Milliseconds(1500);
    broker.settings.session_timeout = Seconds(2);
    broker.settings.heartbeat_interval = Milliseconds(500);
    broker.settings.replica_fetch_backoff = Milliseconds(200);
    broker.settings.replica_socket_timeout = Seconds(3);
    setup.brokers.push_back(broker);
  }
  kafka::TopicSetup topic;
  topic.name = "orders";
  topic.settings.min_insync_replicas = options.min_isr;
  topic.settings.unclean_leader_election = options.unclean;
  topic.partitions = {{0}};
  setup.topics.push_back(topic);
  setup.partitions.push_back({.topic = {0}, .index = 0, .replicas = {{0}, {1}, {2}}});
  AddPrograms(options, setup);
  Draw draw{sim::Mix(seed, 0x5eed)};
  setup.network.classes.fill({.base = Milliseconds(1 + static_cast<int64_t>(draw.Below(30)))});
  const uint64_t faults = 1 + draw.Below(6);
  for (uint64_t i = 0; i < faults; ++i) setup.faults.push_back(DrawFault(draw, options.power));
  if (options.acts) AddActs(seed, setup);
  setup.time_limit = Seconds(60);
  if (!options.crash_modes) return setup;
  Draw disks{sim::Mix(seed, 0xd15c)};
  for (kafka::BrokerSetup& broker : setup.brokers) broker.storage = DrawStorage(disks);
  return setup;
}

uint64_t SwarmResult::violated() const {
  uint64_t sum = 0;
  for (const auto& tally : tallies) sum += tally.violated;
  return sum;
}

// A sanitizer makes the twins thirty times as slow; the other build looks at every run.
#ifdef __SANITIZE_ADDRESS__
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
constexpr uint64_t kTwinsEvery = 10;

SwarmResult RunSwarm(const SwarmOptions& options, uint64_t count, uint64_t from) {
  SwarmResult result;
  const auto runner = std::make_unique<kafka::Runner>(fate_tests::TwinOfEveryRun);
  kafka::RunOutcome outcome;
  for (uint64_t seed = from; seed < from + count; ++seed) {
    const kafka::Setup setup = SwarmSetup(options, seed);
    fate_tests::LetTwinsRest(kSanitized && seed % kTwinsEvery != 0);
    runner->Run({.setup = &setup, .seed = seed, .overrides = {}, .faults = setup.faults}, outcome);
    fate_tests::LetTwinsRest(false);
    fate_tests::CountInvariants(outcome);
    const auto& truth = runner->world().observer.truth;
    for (uint32_t i = 0; i < kafka::invariants::kInvariantCount; ++i) {
      result.tallies[i].evaluated += truth.invariants.tallies[i].evaluated;
      result.tallies[i].nonvacuous += truth.invariants.tallies[i].nonvacuous;
      result.tallies[i].violated += truth.invariants.tallies[i].violated;
      for (uint32_t e = 0; e < kafka::invariants::kExceptionCount; ++e) {
        result.tallies[i].excepted[e] += truth.invariants.tallies[i].excepted[e];
      }
    }
    auto worst = kafka::ledger::LossClass::kNone;
    for (const auto& finding : outcome.verdict.findings) {
      worst = std::max(worst, finding.loss_class);
    }
    ++result.classes[static_cast<uint32_t>(worst)];
    result.acked += outcome.verdict.read.told_stored;
    if (!outcome.settled) ++result.unsettled;
    if (outcome.verdict.unexplained) ++result.unexplained;
    if (result.first_violated_seed == 0 && truth.invariants.violated() != 0) {
      result.first_violated_seed = seed;
    }
    if (result.first_unexplained_seed == 0 && outcome.verdict.unexplained) {
      result.first_unexplained_seed = seed;
    }
    if (result.first_broken_seed == 0 && worst == kafka::ledger::LossClass::kPromiseBroken) {
      result.first_broken_seed = seed;
    }
  }
  return result;
}

}  // namespace negative
