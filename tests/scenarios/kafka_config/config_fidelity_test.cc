#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "scenarios/kafka_config/fidelity.h"
#include "scenarios/kafka_config/text.h"
#include "tests/scenarios/kafka_config/config_testing.h"

namespace kafka_config {
namespace {

const Declared kShop{
    .brokers = 3, .topics = {"orders"}, .producers = {"shop"}, .consumers = {"billing"}};
constexpr RunFacts kShortRun{.duration_ms = 60'000, .log_bytes_max = 1'000'000};

std::vector<NotModelledSetting> Found(const Given& given, const RunFacts& facts = kShortRun) {
  const Resolution resolution = Resolved(given);
  EXPECT_EQ(Describe(resolution.errors), "");
  return NotModelled(resolution.configuration, facts);
}

bool Touches(const std::vector<NotModelledSetting>& settings, std::string_view property) {
  return std::any_of(settings.begin(), settings.end(), [&](const NotModelledSetting& setting) {
    return std::find(setting.properties.begin(), setting.properties.end(), property) !=
           setting.properties.end();
  });
}

std::vector<std::string> Names(const std::vector<NotModelledSetting>& settings) {
  std::vector<std::string> names;
  for (const NotModelledSetting& setting : settings) {
    names.push_back(Cat(ScopeName(setting.scope), ":", setting.name));
  }
  return names;
}

TEST(Fidelity, AnAllDefaultConfigurationIsConclusive) {
  for (const int64_t duration_ms : {1'000, 60'000, 3'600'000, 24 * 3'600'000}) {
    const RunFacts facts{.duration_ms = duration_ms,
                         .log_bytes_max = int64_t{1} << 30,  // one segment
                         .clock_error_max_ms = 0,
                         .has_consumers = true};
    const auto found = Found({.declared = kShop}, facts);
    for (const std::string_view property : {"NO_ACKED_LOSS", "NO_SILENT_LOSS", "NO_DUPLICATE",
                                            "ORDER_PER_KEY", "FLUSHED_BEFORE_COPIED"}) {
      EXPECT_FALSE(Touches(found, property)) << property;
    }
    EXPECT_THAT(Names(found), testing::ElementsAre("consumer:enable.auto.commit"));
    EXPECT_THAT(found[0].reason, testing::HasSubstr("touches none of the properties"));
  }
}

// Each row: what is set, and for how long and how much the run goes; whether it then can act.
struct FidelityCase {
  std::string set;
  RunFacts facts;
  std::string name;      // the setting that is found
  std::string property;  // one that it touches
  bool acts = true;
};

const FidelityCase kFidelityCases[] = {
    {"topic:retention.ms=59999", kShortRun, "topic:retention.ms", "NO_ACKED_LOSS"},
    {"topic:retention.ms=60000", kShortRun, "topic:retention.ms", "", false},
    {"topic:retention.ms=-1", kShortRun, "topic:retention.ms", "", false},
    {"broker:log.retention.minutes=1",
     {.duration_ms = 60'001},
     "topic:retention.ms",
     "NO_ACKED_LOSS"},
    {"topic:retention.bytes=999999", kShortRun, "topic:retention.bytes", "NO_ACKED_LOSS"},
    {"topic:retention.bytes=1000000", kShortRun, "topic:retention.bytes", "", false},
    {"topic:retention.bytes=1",
     {.duration_ms = 29'000, .log_bytes_max = 9},
     "topic:retention.bytes",
     "",
     false},
    {"topic:cleanup.policy=compact", kShortRun, "topic:cleanup.policy", "FLUSHED_BEFORE_COPIED"},
    {"broker:log.cleanup.policy=delete,compact", kShortRun, "topic:cleanup.policy", "NO_DUPLICATE"},
    {"topic:min.cleanable.dirty.ratio=0.1", kShortRun, "topic:min.cleanable.dirty.ratio", "",
     false},
    {"topic:segment.ms=1000", kShortRun, "topic:segment.ms", "FLUSHED_BEFORE_COPIED"},
    {"topic:segment.bytes=1048576",
     {.duration_ms = 1, .log_bytes_max = 1048577},
     "topic:segment.bytes",
     "NO_ACKED_LOSS"},
    {"topic:segment.bytes=1048576",
     {.duration_ms = 1, .log_bytes_max = 1048576},
     "topic:segment.bytes",
     "",
     false},
    {"broker:producer.id.expiration.ms=1000", kShortRun, "broker:producer.id.expiration.ms",
     "NO_DUPLICATE"},
    {"broker/2:log.flush.interval.messages=1", kShortRun, "broker:log.flush.interval.messages", "",
     false},
    {"broker/2:log.segment.bytes=1048576",
     {.duration_ms = 1, .log_bytes_max = 1048577},
     "broker:log.segment.bytes",
     "NO_ACKED_LOSS"},
    {"broker:log.flush.interval.messages=1", kShortRun, "broker:log.flush.interval.messages", "",
     false},
    {"broker/2:num.io.threads=1", kShortRun, "broker:num.io.threads", "", false},
    {"producer:transactional.id=t", kShortRun, "producer:transactional.id", "NO_DUPLICATE"},
    {"producer:partitioner.class=com.x.P", kShortRun, "producer:partitioner.class",
     "ORDER_PER_KEY"},
    {"producer:partitioner.ignore.keys=true", kShortRun, "producer:partitioner.ignore.keys",
     "ORDER_PER_KEY"},
    {"producer:interceptor.classes=com.x.I", kShortRun, "producer:interceptor.classes",
     "NO_ACKED_LOSS"},
    {"producer:compression.type=lz4", kShortRun, "producer:compression.type", "", false},
    {"topic:message.timestamp.after.max.ms=1000", kShortRun, "topic:message.timestamp.after.max.ms",
     "", false},
    {"topic:message.timestamp.after.max.ms=1000",
     {.duration_ms = 1, .log_bytes_max = 1, .clock_error_max_ms = 1001},
     "topic:message.timestamp.after.max.ms",
     "NO_SILENT_LOSS"},
    {"producer:acks=1", {.duration_ms = 900'000}, "broker:auto.leader.rebalance.enable", "", false},
    {"broker:remote.log.storage.system.enable=true", kShortRun,
     "broker:remote.log.storage.system.enable", "NO_ACKED_LOSS"},
};

TEST(Fidelity, ASettingCountsOnlyWhereItIsInForceAndCanAct) {
  for (const FidelityCase& c : kFidelityCases) {
    SCOPED_TRACE(c.set);
    const auto found = Found({.set = {c.set}, .declared = kShop}, c.facts);
    const std::vector<std::string> names = Names(found);
    const bool is_found = std::find(names.begin(), names.end(), c.name) != names.end();
    EXPECT_EQ(is_found, c.acts) << testing::PrintToString(names);
    if (c.acts) {
      EXPECT_TRUE(Touches(found, c.property));
    }
  }
}

TEST(Fidelity, NamesWhomItConcernsAndWhereItIsFrom) {
  const auto found =
      Found({.set = {"topic/b:cleanup.policy=compact"}, .declared = {.topics = {"a", "b"}}});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].targets, std::vector<std::string>{"b"});
  EXPECT_EQ(Describe(found[0].origin), "--set");
  EXPECT_EQ(found[0].reason, "compaction removes records; that is not modelled");
}

TEST(Fidelity, ReadCommittedMattersOnlyWithTransactionsAndConsumers) {
  Given given{.set = {"consumer:isolation.level=read_committed"}, .declared = kShop};
  EXPECT_TRUE(Found(given).empty());
  given.set.push_back("producer:transactional.id=t");
  RunFacts facts = kShortRun;
  facts.has_consumers = true;
  EXPECT_THAT(Names(Found(given, facts)), testing::Contains("consumer:isolation.level"));
}

TEST(Fidelity, WhatTheModelActsOnIsNeverListed) {
  const auto found =
      Found({.set = {"producer:acks=0", "topic:min.insync.replicas=2", "topic:flush.messages=1",
                     "broker:num.io.threads=1", "topic:unclean.leader.election.enable=true"},
             .declared = kShop});
  EXPECT_THAT(Names(found), testing::IsEmpty());
}

}  // namespace
}  // namespace kafka_config
