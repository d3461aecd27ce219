#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "scenarios/kafka_config/source.h"
#include "scenarios/kafka_config/text.h"
#include "tests/scenarios/kafka_config/config_testing.h"

namespace kafka_config {
namespace {

using testing::HasSubstr;

ConfigLines Read(std::string_view target, const std::string& text) {
  return ReadConfigFile(TestTables(), File(target, text, "f"));
}

std::string TargetOf(const ConfigLines& lines) {
  if (!lines.errors.empty()) return Describe(lines.errors);
  return lines.lines.empty() ? "nothing" : Describe(lines.lines[0].target);
}

TEST(ConfigArgument, MayNameAScope) {
  const struct {
    std::string argument, target, path;
  } cases[] = {
      {"server.properties", "", "server.properties"},
      {"broker=server.properties", "broker", "server.properties"},
      {"broker/2=b2.properties", "broker/2", "b2.properties"},
      {"topic/a=b=c.txt", "topic/a", "b=c.txt"},
      {"dir/with=sign", "", "dir/with=sign"},
      {"group=x", "", "group=x"},
      {"producer=", "producer", ""},
  };
  for (const auto& c : cases) {
    const ConfigFile file = ParseConfigArgument(c.argument);
    EXPECT_EQ(file.target ? Describe(*file.target) : "", c.target) << c.argument;
    EXPECT_EQ(file.path, c.path);
  }
}

TEST(ConfigSource, InfersTheScopeFromTheNames) {
  EXPECT_EQ(TargetOf(Read("", "acks=1\nretry.backoff.ms=5\n")), "producer");
  EXPECT_EQ(TargetOf(Read("", "group.id=g\nbootstrap.servers=x\n")), "consumer");
  EXPECT_EQ(TargetOf(Read("", "log.dirs=/d\nmin.insync.replicas=2\n")), "broker");
  EXPECT_EQ(TargetOf(Read("", "cleanup.policy=delete\nmin.insync.replicas=2\n")), "topic");
  EXPECT_EQ(TargetOf(Read("", "zookeeper.connect=z\n")), "broker");         // of an older version
  EXPECT_EQ(TargetOf(Read("", "queue.buffering.max.ms=5\n")), "producer");  // of the C client
  EXPECT_EQ(TargetOf(Read("", "my.own=1\nlinger.ms=5\n")), "producer");
  // No single name decides, their intersection does: batch.size would, and is not there.
  EXPECT_EQ(TargetOf(Read("", "compression.type=lz4\nbootstrap.servers=x\n")), "producer");
}

TEST(ConfigSource, SaysWhyAScopeCannotBeInferred) {
  EXPECT_THAT(
      TargetOf(Read("", "min.insync.replicas=2\n")),
      HasSubstr("f: error: cannot tell whose settings these are: all its names are settings "
                "of a broker or topic; say what it is for: --config broker=FILE"));
  EXPECT_THAT(
      TargetOf(Read("", "acks=1\n# x\nlog.dirs=/d\n")),
      HasSubstr("acks (line 1) is a setting of a producer, log.dirs (line 3) is a setting of "
                "a broker; say"));
  EXPECT_THAT(TargetOf(Read("", "foo=1\n")), HasSubstr("none of its names is one of Kafka's"));
  EXPECT_THAT(TargetOf(Read("", "consumer.session.timeout.ms=1\n")),
              HasSubstr("is a setting of a group"));
}

TEST(ConfigSource, AFileGivenAsTheWrongScopeIsRefused) {
  EXPECT_THAT(TargetOf(Read("producer", "log.dirs=/d\nlog.segment.bytes=1048576\n")),
              HasSubstr("f: error: was given as settings of a producer, and none of its names is "
                        "one: log.dirs is a setting of a broker"));
  EXPECT_EQ(TargetOf(Read("producer", "log.dirs=/d\nacks=all\n")), "producer");
}

TEST(ConfigSource, OfANameGivenTwiceTheLastCounts) {
  const ConfigLines lines = Read("producer", "acks=0\nlinger.ms=1\nacks=1\nacks=all\n");
  ASSERT_EQ(lines.lines.size(), 2u);
  EXPECT_EQ(lines.lines[1].value, "all");
  ASSERT_EQ(lines.notes.size(), 3u);
  EXPECT_EQ(Describe(lines.notes[0]),
            "f: reads like a Java properties file: 2 settings of the producer");
  EXPECT_EQ(Describe(lines.notes[2]), "f:4:1: acks is given again: it counts, and line 3 does not");
}

TEST(ConfigSource, AnEmptyFileIsSaidToBeEmpty) {
  EXPECT_EQ(Describe(Read("", "# nothing\n").notes.at(0)), "f: has no settings");
}

TEST(ConfigSource, AByteOrderMarkIsAnError) {
  EXPECT_THAT(TargetOf(Read("producer",
                            "\xef\xbb\xbf"
                            "acks=all\n")),
              HasSubstr("f:1:1: error: starts with a byte order mark"));
  EXPECT_THAT(TargetOf(Read("producer",
                            "\xff\xfe"
                            "a")),
              HasSubstr("f:1:1: error: is UTF-16"));
}

TEST(ParseSet, TakesAScopeOrInfersIt) {
  const struct {
    std::string argument, target, name, value;
  } cases[] = {
      {"acks=all", "producer", "acks", "all"},
      {"producer:acks=all", "producer", "acks", "all"},
      {"producer/shop:acks=1", "producer/shop", "acks", "1"},
      {"broker/1:log.dirs=a=b:c", "broker/1", "log.dirs", "a=b:c"},
      {"topic/a/b:retention.ms=", "topic/a/b", "retention.ms", ""},
      {"replication.factor=2", "topic", "replication.factor", "2"},
  };
  for (const auto& c : cases) {
    const ConfigLines lines = ParseSet(TestTables(), c.argument);
    ASSERT_EQ(lines.lines.size(), 1u) << c.argument << Describe(lines.errors);
    EXPECT_EQ(Describe(lines.lines[0].target), c.target);
    EXPECT_EQ(lines.lines[0].name, c.name);
    EXPECT_EQ(lines.lines[0].value, c.value);
    EXPECT_EQ(Describe(lines.lines[0].origin), "--set");
  }
}

TEST(ParseSet, RefusesWhatItCannotPlace) {
  const struct {
    std::string argument, error;
  } cases[] = {
      {"acks", "--set: error: [SCOPE[/NAME]:]SETTING=VALUE is wanted, as in producer:acks=all\n"},
      {"=1", "--set: error: [SCOPE[/NAME]:]SETTING=VALUE is wanted, as in producer:acks=all\n"},
      {":acks=1",
       "--set: error: '': is no scope: broker, topic, producer or consumer, or one of them as in "
       "broker/1, topic/orders\n"},
      {"min.insync.replicas=2",
       "--set: error: min.insync.replicas: is a setting of a broker or topic: write which, as in "
       "broker:min.insync.replicas=...\n"},
      {"ack=1", "--set: error: ack: is no setting of Kafka 4.3; did you mean acks?\n"},
      {"no.such.thing=1", "--set: error: no.such.thing: is no setting of Kafka 4.3\n"},
      {"brokers:x=1",
       "--set: error: brokers: is no scope: broker, topic, producer or consumer, or one of them as "
       "in broker/1, topic/orders\n"},
  };
  for (const auto& c : cases) {
    const ConfigLines lines = ParseSet(TestTables(), c.argument);
    EXPECT_TRUE(lines.lines.empty());
    EXPECT_EQ(Describe(lines.errors), c.error);
  }
}

TEST(ParseSet, KnowsWhereItStands) {
  const Origin origin{Origin::Kind::kScenario, {"s.textproto", 4, 7}};
  EXPECT_EQ(Describe(ParseSet(TestTables(), "acks=1", origin).lines.at(0).origin),
            "s.textproto:4:7");
  EXPECT_THAT(Describe(ParseSet(TestTables(), "ack=1", origin).errors),
              HasSubstr("s.textproto:4:7: error: ack:"));
}

constexpr char kDescribed[] =
    "Dynamic configs for topic orders are:\n"
    "  min.insync.replicas=2 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:min.insync.replicas=2, "
    "DEFAULT_CONFIG:min.insync.replicas=1}\r\n"
    "  cleanup.policy= sensitive=false synonyms={}\n"
    "Dynamic configs for topic payments are:\n"
    "  retention.ms=1000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=1000}\n";

TEST(DescribeOutput, IsReadWithItsTargets) {
  const ConfigLines lines = Read("", kDescribed);
  ASSERT_EQ(lines.lines.size(), 3u) << Describe(lines.errors);
  EXPECT_EQ(Describe(lines.lines[0].target), "topic/orders");
  EXPECT_EQ(lines.lines[0].value, "2");
  EXPECT_EQ(Describe(lines.lines[0].origin), "f:2:3");
  EXPECT_EQ(lines.lines[1].value, "");
  EXPECT_EQ(Describe(lines.lines[2].target), "topic/payments");
}

TEST(DescribeOutput, OfBrokersAndOfOthers) {
  EXPECT_EQ(TargetOf(Read("",
                          "All configs for broker 1 are:\n  num.io.threads=4 sensitive=false "
                          "synonyms={}\n")),
            "broker/1");
  EXPECT_EQ(TargetOf(Read("",
                          "Default configs for brokers in the cluster are:\n  num.io.threads=4 "
                          "sensitive=false synonyms={}\n")),
            "broker");
  const ConfigLines others = Read("",
                                  "Dynamic configs for client-id x are:\n  producer_byte_rate=1 "
                                  "sensitive=false synonyms={}\n");
  EXPECT_TRUE(others.lines.empty());
  EXPECT_EQ(Describe(others.notes.at(0)), "f:1:1: settings of a client-id are not used");
}

TEST(DescribeOutput, SensitiveAndUnsetValuesAreNoValues) {
  const ConfigLines lines =
      Read("broker",
           "All configs for broker 1 are:\n  ssl.key.password=null sensitive=true synonyms={}\n"
           "  log.flush.interval.ms=null sensitive=false synonyms={}\n"
           "  min.insync.replicas=2 sensitive=false synonyms={}\n");
  ASSERT_EQ(lines.lines.size(), 1u);
  EXPECT_EQ(lines.lines[0].name, "min.insync.replicas");
  EXPECT_THAT(Describe(lines.notes.at(0)), HasSubstr("reads like the output of kafka-configs"));
  EXPECT_THAT(Describe(lines.notes.at(1)), HasSubstr("ssl.key.password is sensitive"));
}

TEST(DescribeOutput, WithoutAHeaderItsScopeIsInferred) {
  EXPECT_EQ(TargetOf(Read("", "  cleanup.policy=delete sensitive=false synonyms={}\n")), "topic");
}

TEST(DescribeOutput, GivenAsAnotherScopeIsRefused) {
  EXPECT_THAT(TargetOf(Read("broker", kDescribed)),
              HasSubstr("f:1:1: error: describes a topic and was given as settings of a broker"));
}

}  // namespace
}  // namespace kafka_config
