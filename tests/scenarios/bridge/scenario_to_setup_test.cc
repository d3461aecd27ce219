// A scenario and Kafka's settings become what the model runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "model/kafka/notes.h"
#include "model/kafka/targets.h"
#include "scenarios/bridge/to_config.h"
#include "scenarios/bridge/to_setup.h"
#include "scenarios/loader/shipped.h"
#include "tests/scenarios/loader/loader_testing.h"

namespace bridge {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

BuiltSetup BuildOf(const loader::LoadedScenario& loaded, const std::vector<std::string>& set = {}) {
  static const kafka_config::Tables tables = kafka_config::LoadTables();
  std::vector<kafka_config::ConfigLine> lines;
  for (const std::string& one : set) {
    const kafka_config::ConfigLines parsed = kafka_config::ParseSet(tables, one);
    EXPECT_EQ(kafka_config::Describe(parsed.errors), "");
    lines.insert(lines.end(), parsed.lines.begin(), parsed.lines.end());
  }
  const ScenarioInputs inputs = InputsOf(tables, loaded, {}, lines);
  EXPECT_EQ(kafka_config::Describe(inputs.errors), "");
  const kafka_config::Resolution resolved = kafka_config::Resolve(tables, inputs.inputs);
  EXPECT_EQ(kafka_config::Describe(resolved.errors), "");
  return BuildSetup(loaded, resolved.configuration);
}

kafka::Setup Built(const std::string& more, const std::vector<std::string>& set = {}) {
  BuiltSetup built = BuildOf(loader::Loaded(std::string(loader::kMinimal) + more), set);
  EXPECT_EQ(kafka_config::Describe(built.errors), "");
  return std::move(built.setup);
}

// The model's own defaults are those of the profile: a run of the model alone is a run of Kafka.
TEST(ToSetup, TheModelsDefaultsAreKafkas) {
  const kafka::Setup setup = Built("");
  const kafka::BrokerSettings broker;
  const kafka::BrokerSettings& built = setup.brokers[0].settings;
  EXPECT_EQ(built.replica_lag_time_max, broker.replica_lag_time_max);
  EXPECT_EQ(built.replica_fetch_wait_max, broker.replica_fetch_wait_max);
  EXPECT_EQ(built.replica_fetch_backoff, broker.replica_fetch_backoff);
  EXPECT_EQ(built.high_watermark_checkpoint_interval, broker.high_watermark_checkpoint_interval);
  EXPECT_EQ(built.flush_scheduler_interval, broker.flush_scheduler_interval);
  EXPECT_EQ(built.initial_task_delay, broker.initial_task_delay);
  EXPECT_EQ(built.session_timeout, broker.session_timeout);
  EXPECT_EQ(built.heartbeat_interval, broker.heartbeat_interval);
  EXPECT_EQ(built.num_io_threads, broker.num_io_threads);

  const kafka::TopicSettings& topic = setup.topics[0].settings;
  EXPECT_EQ(topic.min_insync_replicas, kafka::TopicSettings{}.min_insync_replicas);
  EXPECT_EQ(topic.unclean_leader_election, kafka::TopicSettings{}.unclean_leader_election);
  EXPECT_EQ(topic.flush_messages, kafka::TopicSettings{}.flush_messages);
  EXPECT_EQ(topic.flush_interval, kafka::TopicSettings{}.flush_interval);
  EXPECT_EQ(topic.max_message_bytes, kafka::TopicSettings{}.max_message_bytes);

  const kafka::ProducerSettings producer;
  const kafka::ProducerSettings& client = setup.producers[0].settings;
  EXPECT_EQ(client.acks, producer.acks);
  EXPECT_EQ(client.enable_idempotence, producer.enable_idempotence);
  EXPECT_EQ(client.retries, producer.retries);
  EXPECT_EQ(client.max_in_flight, producer.max_in_flight);
  EXPECT_EQ(client.linger, producer.linger);
  EXPECT_EQ(client.batch_size, producer.batch_size);
  EXPECT_EQ(client.delivery_timeout, producer.delivery_timeout);
  EXPECT_EQ(client.request_timeout, producer.request_timeout);
  EXPECT_EQ(client.metadata_max_age, producer.metadata_max_age);

  EXPECT_EQ(setup.controller.append_linger, kafka::ControllerSettings{}.append_linger);
  EXPECT_EQ(setup.controller.unclean_election_interval,
            kafka::ControllerSettings{}.unclean_election_interval);
  EXPECT_TRUE(setup.controller.elr);
}

TEST(ToSetup, ReplicasGoRoundTheRacks) {
  const kafka::Setup setup = Built(
      "cluster { brokers: 4 racks: [\"a\", \"a\", \"b\", \"b\"] } "
      "topic { name: \"t\" partitions: 2 replication_factor: 2 }");
  EXPECT_THAT(setup.partitions, SizeIs(3));
  for (const kafka::PartitionSetup& partition : setup.partitions) {
    const auto rack = [&](int i) { return setup.brokers[partition.replicas[i].value].rack; };
    EXPECT_NE(rack(0), rack(1));
  }
  EXPECT_NE(setup.partitions[1].replicas[0], setup.partitions[2].replicas[0]);
}

TEST(ToSetup, AnAssignmentIsTakenAsItStands) {
  const kafka::Setup setup = Built(
      "topic { name: \"t\" assignment { replicas: [3, 1] } assignment { replicas: [2, 3] } }");
  ASSERT_THAT(setup.partitions, SizeIs(3));
  EXPECT_THAT(setup.partitions[1].replicas, ElementsAre(kafka::BrokerId{2}, kafka::BrokerId{0}));
  EXPECT_THAT(setup.partitions[2].replicas, ElementsAre(kafka::BrokerId{1}, kafka::BrokerId{2}));
}

TEST(ToSetup, AUsersReplicationFactorIsOverTheAssignment) {
  const char* const shared =
      "cluster { brokers: 4 racks: [\"a\", \"a\", \"a\", \"b\"] } "
      "topic { name: \"t\" assignment { replicas: [1, 2] } }";
  using kafka::BrokerId;
  EXPECT_THAT(Built(shared, {"topic/t:replication.factor=1"}).partitions[1].replicas,
              ElementsAre(BrokerId{0}));
  EXPECT_THAT(Built(shared, {"topic/t:replication.factor=3"}).partitions[1].replicas,
              ElementsAre(BrokerId{0}, BrokerId{1}, BrokerId{3}))
      << "the rack that has none comes first";
  EXPECT_THAT(Built(shared, {"topic/t:replication.factor=4"}).partitions[1].replicas,
              ElementsAre(BrokerId{0}, BrokerId{1}, BrokerId{3}, BrokerId{2}));
}

TEST(ToSetup, SettingsReachTheModel) {
  const kafka::Setup setup = Built(
      "topic { name: \"t\" config { key: \"min.insync.replicas\" value: \"2\" } } "
      "cluster { broker { id: 2 config { key: \"num.io.threads\" value: \"3\" } } }",
      {"producer:acks=1", "topic/t:flush.messages=1", "topic/t:replication.factor=2"});
  EXPECT_EQ(setup.producers[0].settings.acks, kafka::Acks::kLeader);
  EXPECT_FALSE(setup.producers[0].settings.enable_idempotence) << "silently off with acks=1";
  EXPECT_EQ(setup.topics[0].settings.flush_messages, INT64_MAX);
  EXPECT_EQ(setup.topics[1].settings.flush_messages, 1);
  EXPECT_EQ(setup.topics[1].settings.min_insync_replicas, 2);
  EXPECT_EQ(setup.brokers[1].settings.num_io_threads, 3u);
  EXPECT_EQ(setup.brokers[2].settings.num_io_threads, 8u);
  EXPECT_THAT(setup.partitions[1].replicas, SizeIs(2));
}

// A single broker's are the defaults of topics on it; the controller has those of all (KB:8).
TEST(ToSetup, ABrokersOwnDefaultsAreThoseOfTopicsOnIt) {
  const kafka::Setup setup = Built(
      "topic { name: \"t\" config { key: \"flush.messages\" value: \"9\" } } "
      "cluster { elr: false broker { id: 2 "
      "config { key: \"log.flush.interval.messages\" value: \"1\" } "
      "config { key: \"min.insync.replicas\" value: \"3\" } "
      "config { key: \"unclean.leader.election.enable\" value: \"true\" } } }");
  const kafka::PartitionId orders{0};
  const kafka::PartitionId t = setup.topics[1].partitions[0];
  EXPECT_EQ(setup.topic_on({1}, orders).flush_messages, 1);
  EXPECT_EQ(setup.topic_on({0}, orders).flush_messages, INT64_MAX);
  EXPECT_EQ(setup.topic_on({1}, orders).min_insync_replicas, 3);
  EXPECT_EQ(setup.topic_of(orders).min_insync_replicas, 1);
  EXPECT_FALSE(setup.topic_of(orders).unclean_leader_election) << "the controller's own count";
  EXPECT_EQ(setup.topic_on({1}, t).flush_messages, 9) << "the topic's own stands over it";
}

TEST(ToSetup, AVariantsSettingIsOverTheUsers) {
  const loader::LoadedScenario base =
      loader::Loaded(std::string(loader::kMinimal) +
                     "set: \"producer:acks=0\" "
                     "variant { name: \"v\" set: \"producer:acks=all\" }");
  const auto acks = [](const BuiltSetup& built) { return built.setup.producers[0].settings.acks; };
  EXPECT_EQ(acks(BuildOf(base)), kafka::Acks::kNone);
  EXPECT_EQ(acks(BuildOf(base, {"producer:acks=1"})), kafka::Acks::kLeader);
  EXPECT_EQ(acks(BuildOf(loader::ExpandVariant(base, 0), {"producer:acks=1"})), kafka::Acks::kAll);
}

TEST(ToSetup, ProgramsAreAsDeclared) {
  const kafka::Setup setup = Built(
      "producer { name: \"web\" topic: \"orders\" messages: 7 rate_per_s: 4 size: 9 keys: 3 "
      "partition: 0 callback: false start_after: \"1s\" } "
      "consumer { name: \"bill\" commit: BEFORE processing_time: \"2ms\" }");
  EXPECT_EQ(setup.producers[0].name, "producer/shop");
  EXPECT_EQ(setup.producers[0].program.interval, sim::Duration{}) << "a closed loop";
  EXPECT_EQ(setup.producers[0].program.partition, -1);
  const kafka::ProducerProgram& web = setup.producers[1].program;
  EXPECT_EQ(web.messages, 7u);
  EXPECT_EQ(web.interval, sim::Milliseconds(250));
  EXPECT_EQ(web.message_bytes, 9u);
  EXPECT_EQ(web.keys, 3u);
  EXPECT_EQ(web.partition, 0);
  EXPECT_FALSE(web.has_callback);
  EXPECT_EQ(web.start_after, sim::Seconds(1));
  EXPECT_EQ(setup.consumers[0].program.commit, kafka::ConsumerProgram::Commit::kBeforeProcessing);
  EXPECT_EQ(setup.consumers[0].program.processing, sim::Milliseconds(2));
  EXPECT_THAT(setup.groups, ElementsAre("bill"));
}

TEST(ToSetup, AProtocolPointKeepsItsGuards) {
  const kafka::Setup setup = Built(
      "fault { when { note: ACKNOWLEDGED_TO_APPLICATION copies: 1 in_flight: 0 broker: 2 "
      "occurrence: 3 partition: 0 } else_at: \"150ms\" cut: BEFORE_EFFECTS "
      "kill { role: LEADER } restart_after: \"30s\" }");
  const sim::PlannedFault& fault = setup.faults.at(0);
  EXPECT_EQ(fault.kind, sim::FaultKind::kKill);
  EXPECT_EQ(fault.note_kind, sim::kKindOf<kafka::notes::AckedToApplication>);
  EXPECT_EQ(fault.note_subject, 0u);
  EXPECT_EQ(fault.occurrence, 3u);
  EXPECT_EQ(fault.guard.copies_min, 1);
  EXPECT_EQ(fault.guard.copies_max, 1);
  EXPECT_EQ(fault.guard.in_flight_max, 0);
  EXPECT_EQ(fault.guard.actor, 1) << "brokers count from 0 inside";
  EXPECT_EQ(fault.guard.isr_size, sim::FaultGuard::kAny);
  EXPECT_EQ(fault.at.ns, sim::Milliseconds(150).ns);
  EXPECT_TRUE(fault.before_effects);
  EXPECT_EQ(fault.lasts, sim::Seconds(30));
  EXPECT_EQ(fault.target.As<kafka::Target>().role, kafka::Role::kLeader);
}

TEST(ToSetup, WhatNobodyStartsAgainStaysDown) {
  const kafka::Setup setup = Built("fault { at: \"1s\" kill { broker: 3 } }");
  EXPECT_EQ(setup.faults.at(0).lasts, sim::kForever);
  EXPECT_EQ(setup.faults.at(0).note_kind, 0);
  EXPECT_EQ(setup.faults.at(0).target.As<kafka::Target>().brokers, 4) << "the third bit";
}

TEST(ToSetup, ACutHasTwoSides) {
  const kafka::Setup setup = Built(
      "fault { at: \"1s\" partition { from { role: LEADER } to { role: OTHERS controller: "
      "true } one_way: true heal_after: \"5s\" } } "
      "fault { at: \"2s\" partition { from { broker: 1 } } }");
  const kafka::Target to = setup.faults.at(0).peer.As<kafka::Target>();
  EXPECT_EQ(to.role, kafka::Role::kOthers);
  EXPECT_TRUE(to.controller);
  EXPECT_FALSE(to.everybody_else);
  EXPECT_FALSE(setup.faults[0].both_directions);
  EXPECT_TRUE(setup.faults[1].peer.As<kafka::Target>().everybody_else);
  EXPECT_EQ(setup.faults[1].lasts, sim::kForever);
}

TEST(ToSetup, ARollingRestartIsAChainOfStops) {
  const BuiltSetup built =
      BuildOf(loader::Loaded(std::string(loader::kMinimal) +
                             "fault { at: \"9s\" kill { broker: 1 } } "
                             "fault { at: \"1s\" rolling_restart { between: \"7s\" } }"));
  const auto& plan = built.setup.faults;
  ASSERT_THAT(plan, SizeIs(4));
  EXPECT_THAT(built.fault_of, ElementsAre(0, 1, 1, 1));
  EXPECT_EQ(plan[1].at.ns, sim::Seconds(1).ns);
  EXPECT_EQ(plan[1].after_fault, -1);
  EXPECT_EQ(plan[2].after_fault, 1);
  EXPECT_EQ(plan[3].after_fault, 2);
  EXPECT_EQ(plan[3].delay, sim::Seconds(7));
  EXPECT_EQ(plan[3].lasts, sim::Seconds(2));
  EXPECT_EQ(plan[3].target.As<kafka::Target>().brokers, 4);
}

TEST(ToSetup, FiguresOfDiskAndNetwork) {
  kafka::Setup setup = Built(
      "network { between_brokers: \"2ms\" tail: CONSTANT } "
      "cluster { host { file_system: XFS flush_latency: \"5ms\" dirty_ratio: 5 drive_cache: "
      "VOLATILE harsher: [HOLE, TORN_SECTOR] } broker { id: 2 clock_offset: \"-3s\" } }");
  const sim::StorageConfig& storage = setup.brokers[0].storage;
  EXPECT_EQ(storage.file_system, sim::FileSystemKind::kXfs);
  EXPECT_EQ(storage.journal_commit, sim::Seconds(30));
  EXPECT_EQ(storage.flush_latency.At(~uint64_t{0}), sim::Milliseconds(5));
  EXPECT_TRUE(storage.volatile_drive_cache);
  EXPECT_TRUE(storage.hole);
  EXPECT_TRUE(storage.torn_sector);
  EXPECT_FALSE(storage.missing_name);
  EXPECT_EQ(storage.dirty_limit_bytes, storage.dirty_background_bytes);
  EXPECT_EQ(setup.brokers[1].wall_offset, sim::Seconds(-3));
  const auto latency = [&](uint8_t from, uint8_t to) {
    const sim::LatencyClass& link = setup.network.Between(from, to);
    return link.table.At(link.base, ~uint64_t{0});
  };
  EXPECT_EQ(latency(kafka::kBrokerHost, kafka::kBrokerHost), sim::Milliseconds(2));
  EXPECT_EQ(latency(kafka::kBrokerHost, kafka::kControllerHost), sim::Microseconds(300));
}

TEST(ToSetup, AStopIsWaitedForUnlessItHasAGrace) {
  const auto grace = [](const std::string& action) {
    return BuildOf(loader::Loaded(std::string(loader::kMinimal) + "fault { at: \"1s\" " + action +
                                  " }"))
        .setup.faults.back()
        .grace;
  };
  EXPECT_EQ(grace("stop { role: LEADER }"), sim::kForever);
  EXPECT_EQ(grace("stop { role: LEADER grace: \"30s\" }"), sim::Seconds(30));
  EXPECT_EQ(grace("rolling_restart {}"), sim::kForever);
  EXPECT_EQ(grace("rolling_restart { grace: \"10s\" }"), sim::Seconds(10));
}

TEST(ToSetup, WhatNobodyGaveIsAssumed) {
  const BuiltSetup built = BuildOf(loader::Loaded(loader::kMinimal));
  using enum Assumption::Kind;
  const auto field = [](const char* path, std::optional<std::string> value) {
    return Assumption{.kind = kField, .topic = "", .name = path, .value = std::move(value)};
  };
  EXPECT_THAT(built.assumed, Contains(field("network.tail", "HEAVY")));
  EXPECT_THAT(built.assumed, Contains(field("cluster.racks", "r1 r2 r3")));
  EXPECT_THAT(built.assumed, Contains(field("cluster.host.flush_latency", std::nullopt)));
  EXPECT_THAT(built.assumed, Contains(Assumption{.kind = kController}));
}

TEST(ToSetup, SettingsThatDoNotFitTheScenarioAreErrors) {
  const loader::LoadedScenario loaded = loader::Loaded(
      std::string(loader::kMinimal) + "producer { name: \"web\" topic: \"orders\" partition: 3 }");
  EXPECT_THAT(kafka_config::Describe(BuildOf(loaded, {"topic:partitions=65"}).errors),
              HasSubstr("64"));
  EXPECT_THAT(kafka_config::Describe(BuildOf(loaded, {"topic:partitions=3"}).errors),
              HasSubstr("topic orders has 3 partitions"));
  EXPECT_EQ(kafka_config::Describe(BuildOf(loaded, {"topic:partitions=4"}).errors), "");
}

TEST(ToSetup, AnUnknownMutantIsToldItsNearest) {
  const BuiltSetup built =
      BuildOf(loader::Loaded(std::string(loader::kMinimal) + "mutant: \"ack_before_apend\""));
  EXPECT_THAT(kafka_config::Describe(built.errors), HasSubstr("did you mean ack_before_append?"));
}

TEST(ShareableText, HoldsNoSecretAndRunsTheSame) {
  static const kafka_config::Tables tables = kafka_config::LoadTables();
  const loader::LoadedScenario loaded =
      loader::Loaded(std::string(loader::kMinimal) +
                     "cluster { config { key: \"ssl.keystore.password\" value: \"hunter2\" } "
                     "config { key: \"vendor.licence\" value: \"hunter2\" } "
                     "config { key: \"num.io.threads\" value: \"4\" } } "
                     "set: \"producer:ssl.key.password=hunter2\" set: \"producer:acks=1\"");
  EXPECT_THAT(loaded.canonical_text, HasSubstr("hunter2"));
  const std::string text = ShareableText(tables, loaded);
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  const BuiltSetup built = BuildOf(loader::Loaded(text));
  EXPECT_EQ(built.setup.brokers[0].settings.num_io_threads, 4u);
  EXPECT_EQ(built.setup.producers[0].settings.acks, kafka::Acks::kLeader);
}

// Whatever the loader and the configuration accept is built, or refused in words; nothing crashes.
TEST(ToSetup, NoAcceptedScenarioMakesItCrash) {
  const kafka_config::Tables tables = kafka_config::LoadTables();
  std::mt19937_64 random(41);
  const std::span<const embedded::EmbeddedFile> files = embedded::EmbeddedScenarios();
  int built = 0;
  for (int i = 0; i < 1500; ++i) {
    const std::string_view text = files[random() % files.size()].text;
    const std::string_view other = files[random() % files.size()].text;
    const loader::LoadResult loaded =
        loader::LoadScenario(loader::Damaged(std::string(text), other, random), "damaged");
    if (!loaded.scenario) continue;
    const ScenarioInputs inputs = InputsOf(tables, *loaded.scenario, {}, {});
    const kafka_config::Resolution resolved = kafka_config::Resolve(tables, inputs.inputs);
    if (!inputs.errors.empty() || !resolved.errors.empty()) continue;
    const BuiltSetup setup = BuildSetup(*loaded.scenario, resolved.configuration);
    built += setup.errors.empty() ? 1 : 0;
  }
  EXPECT_GT(built, 30);
}

TEST(ToSetup, EverythingThatShipsCanBeBuilt) {
  for (const embedded::EmbeddedFile& file : embedded::EmbeddedScenarios()) {
    const loader::LoadedScenario loaded = *loader::LoadScenario(file.text, file.path).scenario;
    EXPECT_EQ(kafka_config::Describe(BuildOf(loaded).errors), "") << file.path;
    for (int i = 0; i < loaded.written.variant_size(); ++i) {
      EXPECT_EQ(kafka_config::Describe(BuildOf(loader::ExpandVariant(loaded, i)).errors), "")
          << file.path;
    }
  }
}

// ---- What an operator asks for ----

TEST(ToSetup, ActsOfAnOperatorStandBesideTheFaultsThatSayWhen) {
  const kafka::Setup setup = Built(
      "fault { at: \"1s\" elect_leaders { kind: UNCLEAN topic: \"orders\" partition: 0 } } "
      "fault { at: \"2s\" change_setting { set { key: \"log.flush.interval.ms\" value: \"50\" } } "
      "} "
      "fault { at: \"3s\" add_partitions { topic: \"orders\" total: 3 } }");
  ASSERT_THAT(setup.acts, SizeIs(3));
  for (uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(setup.faults[i].kind, sim::FaultKind::kOrder);
    EXPECT_EQ(setup.faults[i].order, i);
  }
  EXPECT_TRUE(setup.acts[0].unclean);
  EXPECT_EQ(setup.acts[0].partition, kafka::PartitionId{0});
  EXPECT_FALSE(setup.acts[1].topic.exists()) << "the cluster's";
  EXPECT_EQ(setup.acts[1].setting, kafka::TopicSetting::kFlushInterval);
  EXPECT_EQ(setup.acts[1].value, sim::Milliseconds(50).ns);
  ASSERT_THAT(setup.topics[0].partitions, SizeIs(3));
  const kafka::PartitionSetup& added = setup.partitions[setup.topics[0].partitions[2].value];
  EXPECT_EQ(added.added_by, 2);
  EXPECT_EQ(added.index, 2);
  EXPECT_THAT(added.replicas, SizeIs(3));
}

// What decides whether a change makes sense shows only with Kafka's settings.
TEST(ToSetup, AnActThatKafkaWouldRefuseIsAnErrorWithItsPlace) {
  const auto error = [](const std::string& text) {
    const BuiltSetup built = BuildOf(loader::Loaded(std::string(loader::kMinimal) + text));
    return built.errors.empty() ? std::string() : kafka_config::Describe(built.errors);
  };
  EXPECT_THAT(error("fault { at: \"1s\" add_partitions { total: 1 } }"),
              testing::HasSubstr("fault[0].add_partitions.total=1: topic orders has 1 partitions: "
                                 "their number can only grow"));
  EXPECT_THAT(error("fault { at: \"1s\" change_setting { topic: \"orders\" "
                    "set { key: \"min.insync.replicas\" value: \"0\" } } }"),
              testing::HasSubstr("change_setting.set.value=0: Value must be at least 1"));
  EXPECT_THAT(error("fault { at: \"1s\" elect_leaders { partition: 7 } } "
                    "set: \"broker:num.partitions=4\""),
              testing::HasSubstr("partition=7"));
}

}  // namespace
}  // namespace bridge
