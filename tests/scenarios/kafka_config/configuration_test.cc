#include "scenarios/kafka_config/configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/kafka_config/text.h"
#include "tests/scenarios/kafka_config/config_testing.h"

namespace kafka_config {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string Shown(const EffectiveSetting& setting) {
  return Cat(setting.IsNull() ? "null" : setting.Text(), " (", Describe(setting.origin), ")");
}

TEST(Configuration, WithoutInputsIsKafkasDefaults) {
  const Resolution resolution = Resolved({});
  EXPECT_EQ(Said(resolution), "");
  const Configuration& c = resolution.configuration;
  EXPECT_EQ(Shown(c.Producer("any", "acks")), "all (default)");
  EXPECT_TRUE(c.Producer("any", "enable.idempotence").Bool());
  EXPECT_EQ(c.Producer("any", "delivery.timeout.ms").Int64(), 120000);
  EXPECT_TRUE(c.Producer("any", "transactional.id").IsNull());
  EXPECT_EQ(c.Broker(1, "replica.lag.time.max.ms").Int64(), 30000);
  EXPECT_EQ(Shown(c.Topic("t", "min.insync.replicas")), "1 (default)");
  EXPECT_EQ(c.Topic("t", "retention.ms").Int64(), 604800000);
  EXPECT_EQ(c.Topic("t", "flush.ms").Int64(), INT64_MAX);
  EXPECT_EQ(Shown(c.Topic("t", "replication.factor")), "3 (assumed)");
  EXPECT_EQ(Shown(c.Topic("t", "partitions")), "1 (assumed)");
  EXPECT_EQ(Shown(c.Consumer("any", "fetch.max.wait.ms")), "500 (default)");
}

TEST(Configuration, LaterLayersWinAndEachValueKnowsWhereItIsFrom) {
  Given given{.files = {File("producer", "acks=0\nlinger.ms=7\n", "a.properties"),
                        File("producer", "\n acks=1\n", "b.properties")},
              .declared = kShopAndBank};
  EXPECT_EQ(Shown(Resolved(given).configuration.Producer("shop", "acks")), "1 (b.properties:2:2)");
  // Over all producers, and yet over the scenario's own line: a file is nearer to who runs it.
  given.scenario = {"producer/shop:acks=all", "producer:linger.ms=9", "producer:batch.size=1"};
  EXPECT_EQ(Shown(Resolved(given).configuration.Producer("shop", "acks")), "1 (b.properties:2:2)");
  EXPECT_EQ(Shown(Resolved(given).configuration.Producer("shop", "batch.size")),
            "1 (s.textproto:3:3)");
  EXPECT_EQ(Shown(Resolved(given).configuration.Producer("bank", "acks")), "1 (b.properties:2:2)");
  // Over all producers, and yet over the scenario's own line: --set is never without effect.
  given.set = {"producer:acks=0"};
  EXPECT_EQ(Shown(Resolved(given).configuration.Producer("shop", "acks")), "0 (--set)");
  given.set = {"producer/shop:acks=1", "producer:acks=0"};
  EXPECT_EQ(Shown(Resolved(given).configuration.Producer("shop", "acks")), "1 (--set)");
  EXPECT_EQ(Shown(Resolved(given).configuration.Producer("bank", "acks")), "0 (--set)");
  given.set = {"acks=1", "acks=0"};
  EXPECT_EQ(Shown(Resolved(given).configuration.Producer("shop", "acks")), "0 (--set)");
  EXPECT_EQ(Shown(Resolved(given).configuration.Producer("shop", "linger.ms")),
            "7 (a.properties:2:1)");
}

TEST(Configuration, ATopicFallsBackToTheBrokersName) {
  const struct {
    std::string broker, name, value;
  } cases[] = {
      {"log.flush.interval.messages=1", "flush.messages", "1"},
      {"log.flush.interval.ms=10", "flush.ms", "10"},
      {"log.flush.scheduler.interval.ms=20", "flush.ms", "20"},
      {"log.flush.interval.ms=10\nlog.flush.scheduler.interval.ms=20", "flush.ms", "10"},
      {"log.segment.bytes=1048576", "segment.bytes", "1048576"},
      {"log.retention.hours=1", "retention.ms", "3600000"},
      {"log.retention.hours=1\nlog.retention.minutes=2", "retention.ms", "120000"},
      {"log.retention.ms=3\nlog.retention.hours=1\nlog.retention.minutes=2", "retention.ms", "3"},
      {"log.retention.hours=-1", "retention.ms", "-1"},
      {"log.roll.hours=2", "segment.ms", "7200000"},
      {"log.roll.ms=5\nlog.roll.hours=2", "segment.ms", "5"},
      {"log.roll.jitter.hours=1", "segment.jitter.ms", "3600000"},
      {"message.max.bytes=5", "max.message.bytes", "5"},
      {"min.insync.replicas=2", "min.insync.replicas", "2"},
      {"unclean.leader.election.enable=TRUE", "unclean.leader.election.enable", "true"},
      {"log.cleanup.policy=compact, delete", "cleanup.policy", "compact,delete"},
      {"log.preallocate=true", "preallocate", "true"},
      {"log.index.size.max.bytes=4096", "segment.index.bytes", "4096"},
      {"default.replication.factor=2", "replication.factor", "2"},
      {"num.partitions=6", "partitions", "6"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.broker);
    Given given{.files = {File("broker", c.broker, "server.properties")}, .declared = kShopAndBank};
    const Resolution resolution = Resolved(given);
    ASSERT_TRUE(resolution.errors.empty()) << Describe(resolution.errors);
    const EffectiveSetting setting = resolution.configuration.Topic("orders", c.name);
    EXPECT_EQ(setting.Text(), c.value);
    EXPECT_THAT(Describe(setting.origin), HasSubstr("server.properties:"));
    EXPECT_THAT(c.broker, HasSubstr(setting.from + "="));
  }
}

TEST(Configuration, ATopicsOwnSettingStandsAboveTheBrokers) {
  const Given given{.files = {File("broker", "min.insync.replicas=3\n", "server.properties")},
                    .scenario = {"topic/orders:min.insync.replicas=2"},
                    .set = {"broker:min.insync.replicas=1"},
                    .declared = kShopAndBank};
  const Resolution resolution = Resolved(given);
  EXPECT_EQ(Shown(resolution.configuration.Topic("orders", "min.insync.replicas")),
            "2 (s.textproto:1:3)");
  EXPECT_EQ(Shown(resolution.configuration.Topic("payments", "min.insync.replicas")), "1 (--set)");
  EXPECT_THAT(Said(resolution), HasSubstr("--set: broker:min.insync.replicas does not reach "
                                          "topic/orders, which sets its own min.insync.replicas "
                                          "(s.textproto:1:3)"));
}

TEST(Configuration, ABrokersOwnSettingReachesTheTopicOnThatBrokerAlone) {
  const Resolution resolution =
      Resolved({.set = {"broker/2:log.flush.interval.messages=1"}, .declared = kShopAndBank});
  ASSERT_EQ(Describe(resolution.errors), "");
  const Configuration& c = resolution.configuration;
  EXPECT_EQ(c.Topic("orders", "flush.messages", 2).Int64(), 1);
  EXPECT_EQ(c.Topic("orders", "flush.messages", 1).Int64(), INT64_MAX);
  EXPECT_EQ(c.Topic("orders", "flush.messages").Int64(), INT64_MAX);
}

// A broker's own min.insync.replicas is removed while ELR is on (KB:E-17).
TEST(Configuration, WithElrABrokerHasNoMinInsyncReplicasOfItsOwn) {
  Given given{.set = {"broker/2:min.insync.replicas=2"}, .declared = kShopAndBank};
  EXPECT_THAT(Describe(Resolved(given).errors),
              HasSubstr("--set: error: min.insync.replicas=2: with eligible leader replicas"));
  given.declared.has_elr = false;
  EXPECT_EQ(Resolved(given).configuration.Topic("orders", "min.insync.replicas", 2).Int64(), 2);
}

TEST(Configuration, AssumesNoMoreCopiesThanBrokers) {
  const Resolution resolution = Resolved({.declared = {.brokers = 2}});
  EXPECT_EQ(Shown(resolution.configuration.Topic("t", "replication.factor")), "2 (assumed)");
  EXPECT_THAT(
      Describe(Resolved({.set = {"replication.factor=4"}, .declared = kShopAndBank}).errors),
      HasSubstr("--set: error: replication.factor=4: The target replication factor of 4 "
                "cannot be reached because only 3 broker(s) are registered."));
}

TEST(Configuration, AllErrorsOfAFileAtOnceEachWithPlaceFieldValueAndLimit) {
  const Resolution resolution =
      Resolved({.files = {File("broker",
                               "# mine\nmin.insync.replica=2\n  min.insync.replicas = 0\n"
                               "num.io.threads=many\nunclean.leader.election.enable=yes\n"
                               "replica.fetch.wait.max.ms=500\nlog.segment.byte=5\n",
                               "server.properties")}});
  EXPECT_EQ(
      Describe(resolution.errors),
      "server.properties:2:1: error: min.insync.replica: is no setting of Kafka 4.3; did you "
      "mean min.insync.replicas?\n"
      "server.properties:3:3: error: min.insync.replicas=0: Invalid value 0 for configuration "
      "min.insync.replicas: Value must be at least 1\n"
      "server.properties:4:1: error: num.io.threads=<value not shown>: Invalid value <value not "
      "shown> for configuration num.io.threads: Not a number of type INT\n"
      "server.properties:5:1: error: unclean.leader.election.enable=yes: Invalid value yes for "
      "configuration unclean.leader.election.enable: Expected value to be either true or "
      "false\n"
      "server.properties:7:1: error: log.segment.byte: is no setting of Kafka 4.3; did you "
      "mean log.segment.bytes?\n");
}

TEST(Configuration, ForeignNamesAreIgnoredAndSaid) {
  const Resolution resolution = Resolved(
      {.files = {File("broker",
                      "zookeeper.connect=z:2181\nconfluent.license.topic=x\nmy.plugin.size=3\n"
                      "listener.name.internal.ssl.keystore.location=/k\nacks=1\n"
                      "flush.messages=1\nlog.dirs=/d\nnode.id=1\nbroker.rack=a\n",
                      "server.properties")}});
  EXPECT_EQ(Describe(resolution.errors), "");
  const std::string said = Said(resolution);
  EXPECT_THAT(said, HasSubstr("server.properties:1:1: zookeeper.connect: a broker's name of Kafka "
                              "3.9.1, not of 4.3: ignored, as Kafka ignores it"));
  EXPECT_THAT(said,
              HasSubstr("server.properties:2:1: confluent.license.topic: no setting that Kafka"));
  EXPECT_THAT(said, HasSubstr("server.properties:3:1: my.plugin.size: no setting that Kafka 4.3 "
                              "lists for a broker: ignored, as Kafka ignores it"));
  EXPECT_THAT(said,
              HasSubstr(":4:1: listener.name.internal.ssl.keystore.location: no setting that"));
  EXPECT_THAT(said, HasSubstr(":5:1: acks is a setting of a producer, not of a broker: ignored, as "
                              "Kafka ignores it; give it as producer:acks"));
  EXPECT_THAT(said, HasSubstr(":6:1: flush.messages is a setting of a topic, not of a broker: "
                              "ignored, as Kafka ignores it; the broker's name is "
                              "log.flush.interval.messages"));
  EXPECT_THAT(said, HasSubstr("not copied, since each broker or client has its own: log.dirs, "
                              "node.id, broker.rack"));
  EXPECT_EQ(resolution.configuration.Topic("t", "flush.messages").Int64(), INT64_MAX);
  EXPECT_TRUE(resolution.configuration.Broker(1, "broker.rack").IsNull());
}

TEST(Configuration, AnIgnoredNameThatBeginsLikeOneSettingIsHintedAt) {
  const std::string said =
      Said(Resolved({.files = {File("producer",
                                    "max.block.ms=1\nmax.in.flight=10\nlinger=5\n"
                                    "retry.backoff=1\n")}}));
  EXPECT_THAT(said, HasSubstr("max.in.flight: a producer's name of librdkafka 2.16.0, not of 4.3: "
                              "ignored, as Kafka ignores it (did you mean "
                              "max.in.flight.requests.per.connection?)"));
  EXPECT_THAT(said, HasSubstr("(did you mean linger.ms?)"));
  EXPECT_THAT(said, Not(HasSubstr("did you mean retry")));
}

TEST(Configuration, AMisplacedNameThatSomebodyTypedIsAnError) {
  EXPECT_EQ(Describe(Resolved({.set = {"broker:flush.messages=1"}}).errors),
            "--set: error: flush.messages: is a setting of a topic, not of a broker; did you mean "
            "log.flush.interval.messages?\n");
  EXPECT_EQ(
      Describe(Resolved({.set = {"topic:log.segment.bytes=1048576"}}).errors),
      "--set: error: log.segment.bytes: is a setting of a broker, not of a topic; did you mean "
      "segment.bytes?\n");
  EXPECT_EQ(
      Describe(Resolved({.scenario = {"consumer:acks=1"}}).errors),
      "s.textproto:1:3: error: acks: is a setting of a producer, not of a consumer; give it as "
      "producer:acks\n");
}

TEST(Configuration, AnUndeclaredTargetIsAnErrorWithTheNearest) {
  EXPECT_EQ(
      Describe(Resolved({.set = {"topic/order:segment.bytes=1048576"}, .declared = kShopAndBank})
                   .errors),
      "--set: error: topic/order: the scenario has no such topic; it has orders, payments; did "
      "you mean orders?\n");
  EXPECT_THAT(
      Describe(Resolved({.set = {"broker/4:num.io.threads=1"}, .declared = kShopAndBank}).errors),
      HasSubstr("broker/4: the scenario has no such broker; it has 1, 2, 3"));
}

constexpr char kDescribedClicks[] =
    "Dynamic configs for topic clicks are:\n"
    "  min.insync.replicas=2 sensitive=false synonyms={}\n";

TEST(Configuration, ADescribedTopicThatIsNotThereSpeaksForAll) {
  const Resolution resolution =
      Resolved({.files = {File("", kDescribedClicks)}, .declared = kShopAndBank});
  EXPECT_EQ(resolution.configuration.Topic("orders", "min.insync.replicas").Int64(), 2);
  EXPECT_THAT(Said(resolution), HasSubstr("describes topic clicks, which the scenario does not "
                                          "have: its settings are used for every topic"));
  Given given{.files = {File("", kDescribedClicks)}, .declared = {.topics = {"clicks", "orders"}}};
  EXPECT_EQ(Resolved(given).configuration.Topic("orders", "min.insync.replicas").Int64(), 1);
  EXPECT_EQ(Resolved(given).configuration.Topic("clicks", "min.insync.replicas").Int64(), 2);
}

TEST(Configuration, OneDescribedBrokerSpeaksForAllAndSeveralForThemselves) {
  const std::string one =
      "All configs for broker 1 are:\n  num.io.threads=4 sensitive=false synonyms={}\n";
  const std::string two =
      "All configs for broker 2 are:\n  num.io.threads=6 sensitive=false synonyms={}\n";
  const Resolution all = Resolved({.files = {File("", one)}, .declared = kShopAndBank});
  EXPECT_EQ(all.configuration.Broker(3, "num.io.threads").Int64(), 4);
  EXPECT_THAT(Said(all), HasSubstr("describes broker 1 alone: its settings are used for every"));
  const Resolution each = Resolved({.files = {File("", one + two)}, .declared = kShopAndBank});
  EXPECT_EQ(each.configuration.Broker(1, "num.io.threads").Int64(), 4);
  EXPECT_EQ(each.configuration.Broker(2, "num.io.threads").Int64(), 6);
  EXPECT_EQ(each.configuration.Broker(3, "num.io.threads").Int64(), 8);
}

TEST(Configuration, WhatBelongsToOneHostCannotBeSet) {
  EXPECT_EQ(
      Describe(Resolved({.set = {"broker:broker.rack=r9"}}).errors),
      "--set: error: broker.rack: cannot be set: each broker or client of the scenario has its "
      "own\n");
}

TEST(Configuration, OfSeveralDescribedTopicsTheUndeclaredAreIgnored) {
  const Resolution resolution =
      Resolved({.files = {File("", Cat(kDescribedClicks,
                                       "Dynamic configs for topic orders are:\n"
                                       "  flush.messages=1 sensitive=false synonyms={}\n"))},
                .declared = kShopAndBank});
  EXPECT_EQ(Describe(resolution.errors), "");
  EXPECT_EQ(resolution.configuration.Topic("orders", "flush.messages").Int64(), 1);
  EXPECT_EQ(resolution.configuration.Topic("orders", "min.insync.replicas").Int64(), 1);
  EXPECT_THAT(Said(resolution), HasSubstr("topic/clicks is ignored"));
}

TEST(Configuration, AValueFromAConfigProviderMustBeGivenHere) {
  Given given{.files = {File("producer", "acks=${env:ACKS}\nssl.key.password=${file:/k:pw}\n")}};
  EXPECT_THAT(
      Describe(Resolved(given).errors),
      HasSubstr("my.properties:1:1: error: acks=<value not shown>: the value comes from a "
                "config provider or a placeholder, which is not asked here; give it with --set "
                "producer:acks=..."));
  given.set = {"producer:acks=1"};
  EXPECT_EQ(Describe(Resolved(given).errors), "");
  EXPECT_TRUE(Resolved({.files = {File("topic", "retention.ms=${env:R}\n")}}).errors.size() == 1);
  const Resolution text = Resolved({.files = {File("producer", "transactional.id=${env:T}\n")}});
  EXPECT_FALSE(text.configuration.Producer("p", "transactional.id").IsNull());
}

TEST(Configuration, EveryLineOfTheScenarioThatAFileDisplacesIsNamed) {
  const std::string said = Said(
      Resolved({.files = {File("producer", "acks=1\n")},
                .scenario = {"producer/shop:acks=all", "producer:acks=0", "producer:linger.ms=3"},
                .declared = kShopAndBank}));
  EXPECT_THAT(said, HasSubstr("s.textproto:1:3: acks=all of producer/shop gives way to acks=1 "
                              "(my.properties:1:1)"));
  EXPECT_THAT(said, HasSubstr("s.textproto:2:3: acks=0 of producer gives way to acks=1"));
  EXPECT_THAT(said, Not(HasSubstr("linger.ms=3")));
}

// A topic's own setting stands over the broker's in Kafka too; a file does not change that.
TEST(Configuration, ABrokersFileDoesNotReachATopicWithASettingOfItsOwn) {
  const std::string said = Said(Resolved(
      {.files = {File("broker", "min.insync.replicas=1\ndefault.replication.factor=1\n")},
       .scenario = {"topic/orders:min.insync.replicas=2", "topic/orders:replication.factor=3"},
       .declared = kShopAndBank}));
  EXPECT_THAT(said, HasSubstr("broker:min.insync.replicas does not reach topic/orders"));
  EXPECT_THAT(said, HasSubstr("broker:default.replication.factor does not reach topic/orders"));
}

TEST(Configuration, AFileThatCannotActIsSaidToHaveChangedNothing) {
  const std::string nothing = "changed nothing: none of its settings can act in this run";
  const auto said = [](std::string_view target, const std::string& text,
                       std::vector<std::string> set = {}) {
    return Said(
        Resolved({.files = {File(target, text)}, .set = std::move(set), .declared = kShopAndBank}));
  };
  EXPECT_THAT(said("producer", "client.id=me\n"), HasSubstr("my.properties: " + nothing));
  EXPECT_THAT(said("producer", "acks=1\n"), Not(HasSubstr(nothing)));
  EXPECT_THAT(said("producer", "acks=1\n", {"producer:acks=0"}), HasSubstr(nothing));
  // Every topic has its own.
  EXPECT_THAT(said("broker", "default.replication.factor=1\n", {"topic:replication.factor=3"}),
              HasSubstr(nothing));
}

TEST(Configuration, APlaceholderMattersOnlyWhereTheModelActs) {
  const auto errors = [](std::string_view target, const std::string& text) {
    return Describe(Resolved({.files = {File(target, text)}}).errors);
  };
  EXPECT_EQ(errors("broker", "node.id=${NODE_ID}\nlisteners=PLAINTEXT://${env:HOST}:9092\n"), "");
  EXPECT_EQ(errors("broker", "broker.id=%{id}\nadvertised.listeners={{ listener }}\n"), "");
  for (const std::string value : {"${MIN_ISR}", "${env:MIN_ISR}", "$(MIN_ISR)", "{{ min_isr }}"}) {
    EXPECT_THAT(errors("broker", "min.insync.replicas=" + value + "\n"),
                HasSubstr("give it with --set broker:min.insync.replicas=..."));
  }
}

// The same precedence, said in another way: sort what was given, take the last that fits.
TEST(Configuration, TheLastInOrderOfLayerTargetAndPlaceCounts) {
  struct Line {
    int layer;
    std::string target;
    std::string value;
  };
  EXPECT_TRUE(rc::check("layers", [] {
    std::vector<Line> lines;
    Given given{.declared = kShopAndBank};
    for (int i = *rc::gen::inRange(0, 6); i > 0; --i) {
      const Line line{*rc::gen::inRange(0, 3),
                      *rc::gen::element<std::string>("producer", "producer/shop", "producer/bank"),
                      std::to_string(*rc::gen::inRange(0, 100))};
      const std::string setting = Cat("linger.ms=", line.value);
      if (line.layer == 1) given.files.push_back(File(line.target, setting));
      if (line.layer == 0) given.scenario.push_back(Cat(line.target, ":", setting));
      if (line.layer == 2) given.set.push_back(Cat(line.target, ":", setting));
      if (line.target != "producer/bank") lines.push_back(line);
    }
    std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
      return std::pair(a.layer, a.target.size()) < std::pair(b.layer, b.target.size());
    });
    const std::string expected = lines.empty() ? "5" : lines.back().value;
    RC_CLASSIFY(lines.size() < 2, "nothing to choose from");
    RC_ASSERT(Resolved(given).configuration.Producer("shop", "linger.ms").Text() == expected);
  }));
}

TEST(Configuration, AnyTextGivesAResult) {
  EXPECT_TRUE(rc::check("random files", [] {
    const std::string text = *rc::gen::container<std::string>(rc::gen::oneOf(
        rc::gen::arbitrary<char>(), rc::gen::elementOf(std::string("acks=1\n\\u#!: {}sensitive"))));
    const auto target = *rc::gen::element<std::string>("", "producer", "broker/1", "topic");
    const Resolution resolution =
        Resolved({.files = {File(target, text)}, .set = {Cat("producer:", text)}});
    RC_CLASSIFY(resolution.errors.empty(), "accepted");
    for (const char c : Said(resolution)) {
      RC_ASSERT(static_cast<unsigned char>(c) >= 0x20 || c == '\n');
    }
  }));
}

}  // namespace
}  // namespace kafka_config
