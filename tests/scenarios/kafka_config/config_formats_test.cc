#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "scenarios/kafka_config/durability.h"
#include "scenarios/kafka_config/source.h"
#include "scenarios/kafka_config/text.h"
#include "tests/scenarios/kafka_config/config_testing.h"

namespace kafka_config {
namespace {

using testing::HasSubstr;
using testing::Not;

// What became of a file: a line for each setting, then what is said of it.
std::string ReadAs(const std::string& path, const std::string& text, std::string_view target = "") {
  const ConfigLines lines = ReadConfigFile(TestTables(), File(target, text, path));
  std::string out;
  for (const ConfigLine& line : lines.lines) {
    out += Cat(Describe(line.target), ":", line.name, "=", line.value, " (",
               std::to_string(line.origin.position.line), ")\n");
  }
  for (const UnclearSetting& one : lines.unclear) {
    out +=
        Cat("unclear ", one.name, " ", one.written, " (", std::to_string(one.position.line), ")\n");
  }
  for (const ConfigNote& note : lines.notes) out += Describe(note) + "\n";
  return out + Describe(lines.errors);
}

TEST(Durability, IsSeenInEverySpelling) {
  const struct {
    std::string name, about;
  } cases[] = {
      {"request.required.acks", "acks"},
      {"spring.cloud.stream.kafka.binder.required-acks", "acks"},
      {"spring.cloud.stream.kafka.binder.requiredAcks", "acks"},
      {"APP_KAFKA_PRODUCER_ACKS", "acks"},
      {"kafka.producerAcks", "acks"},
      {"KAFKA_PRODUCER_REQUIREDACKS", "acks"},
      {"my.minInsyncReplicas", "min.insync.replicas"},
      {"TOPIC_MIN_INSYNC_REPLICAS", "min.insync.replicas"},
      {"uncleanLeaderElection", "unclean.leader.election.enable"},
      {"REPLICATION_FACTOR", "replication.factor"},
      {"topics.orders.replicationFactor", "replication.factor"},
      {"idempotent", "enable.idempotence"},
      {"MAX_RETRIES", "retries"},
      {"message.send.max.retries", "retries"},
      {"spring.kafka.listener.ack-mode", "enable.auto.commit"},
      {"autoCommit", "enable.auto.commit"},
  };
  for (const auto& c : cases) {
    ASSERT_TRUE(DurabilityOf(c.name)) << c.name;
    EXPECT_EQ(DurabilityOf(c.name)->name, c.about) << c.name;
  }
  for (const std::string name :
       {"callbacks.url", "stacks", "bootstrap.servers", "retry.backoff.ms", "KAFKA_HEAP_OPTS",
        "KAFKA_CONFLUENT_LICENSE_TOPIC_REPLICATION_FACTOR", "config.storage.replication.factor"}) {
    EXPECT_FALSE(DurabilityOf(name)) << name;
  }
}

TEST(NothingUnderstood, IsAnErrorThatNamesTheLines) {
  const std::string said = ReadAs(
      "app.properties", "db.url=jdbc:x\nacks=1\nserver.port=80\nlogging.level=INFO\n", "producer");
  EXPECT_THAT(said, HasSubstr("3 of 4 are no settings of a producer: db.url (line 1), server.port "
                              "(line 3), logging.level (line 4)"));
  EXPECT_THAT(said, HasSubstr("app.properties: error: "));
}

TEST(NothingUnderstood, AFormatThatIsNotReadIsNamed) {
  const struct {
    std::string path, text, format;
  } cases[] = {
      {"mm2.properties", "clusters = a, b\na->b.enabled = true\na.producer.acks = 1\n",
       "MirrorMaker 2"},
      {"old.properties",
       "metadata.broker.list=a:9092\nrequest.required.acks=1\n"
       "serializer.class=kafka.serializer.StringEncoder\n",
       "the Scala clients"},
      {"values.yaml", "replicaCount: 3\nimage:\n  repository: x\nextraConfig: |\n  acks=1\n",
       "the values of a Helm chart"},
      {"deploy.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: x\n",
       "a Kubernetes resource of kind Deployment"},
      {"application.yml",
       "spring:\n  cloud:\n    stream:\n      kafka:\n        binder:\n"
       "          required-acks: 1\n",
       "a Spring Cloud Stream application file"},
      {"compose.yml", "services:\n  web:\n    environment:\n      KAFKA_BROKERS: k:9092\n",
       "a compose file, and none of its lines is a setting"},
      {"x.yaml", "a:\n  b: [1\n", "is not valid YAML"},
      {"x.yaml", "brokers: [a, b]\nacks: 1\nlogLevel: 2\nssl: true\n", "YAML"},
  };
  for (const auto& c : cases) {
    const ConfigLines lines = ReadConfigFile(TestTables(), File("", c.text, c.path));
    EXPECT_THAT(Describe(lines.errors), HasSubstr(c.path)) << c.text;
    if (c.path == "x.yaml") continue;
    EXPECT_THAT(Describe(lines.errors), HasSubstr(c.format)) << c.text;
  }
}

TEST(NothingUnderstood, AnUnknownSpellingLeavesTheVerdictOpen) {
  Given given{.files = {File("producer",
                             "key.serializer=s\nvalue.serializer=s\nlinger.ms=1\n"
                             "request.required.acks=1\n")},
              .declared = kShopAndBank};
  const auto unclear = [&] {
    std::string text;
    for (const auto& setting : NotModelled(Resolved(given).configuration, RunFacts{})) {
      if (setting.reason.find("not understood") == setting.reason.npos) continue;
      text += Cat(setting.name, " ", Describe(setting.origin), " ", Join(setting.properties, ","),
                  " ", setting.reason, "\n");
    }
    return text;
  };
  EXPECT_EQ(unclear(),
            "request.required.acks my.properties:4:1 "
            "NO_ACKED_LOSS,NO_DUPLICATE,NO_SILENT_LOSS,ORDER_PER_KEY it may set acks, in words "
            "that are not understood; say it with --set producer:acks=...\n");
  given.set = {"producer:acks=1"};
  EXPECT_EQ(unclear(), "");
}

TEST(EnvironmentFile, BecomesABrokersSettings) {
  EXPECT_EQ(ReadAs(".env",
                   "# kafka\nKAFKA_NODE_ID=1\nKAFKA_CFG_MIN_INSYNC_REPLICAS=\"2\"\n"
                   "export KAFKA_UNCLEAN_LEADER_ELECTION_ENABLE='true'\n"
                   "KAFKA_HEAP_OPTS=-Xmx1g\nPOSTGRES_PASSWORD=hunter2\nAPP_ACKS=1\n"),
            "broker:node.id=1 (2)\nbroker:min.insync.replicas=2 (3)\n"
            "broker:unclean.leader.election.enable=true (4)\n"
            "unclear acks APP_ACKS (7)\n"
            ".env: reads like the environment of a container: 3 settings of the broker\n"
            ".env: left out, as no setting of a broker, topic, producer or consumer: "
            "KAFKA_HEAP_OPTS (line 5), POSTGRES_PASSWORD (line 6), APP_ACKS (line 7)\n");
}

TEST(ComposeFile, IsReadAsAListAndAsAMapWithItsAnchors) {
  const std::string said = ReadAs("docker-compose.yml",
                                  "x-kafka: &common\n"
                                  "  KAFKA_DEFAULT_REPLICATION_FACTOR: 3\n"
                                  "  KAFKA_MIN_INSYNC_REPLICAS: 1\n"
                                  "services:\n"
                                  "  kafka1:\n"
                                  "    image: apache/kafka:4.1.0\n"
                                  "    environment:\n"
                                  "      <<: *common\n"
                                  "      KAFKA_NODE_ID: 1\n"
                                  "  kafka2:\n"
                                  "    environment:\n"
                                  "      - KAFKA_NODE_ID=2\n"
                                  "      - KAFKA_DEFAULT_REPLICATION_FACTOR=3\n"
                                  "      - KAFKA_MIN_INSYNC_REPLICAS=1\n"
                                  "  app:\n"
                                  "    environment:\n"
                                  "      SPRING_KAFKA_PRODUCER_ACKS: 1\n");
  EXPECT_THAT(said, HasSubstr("broker:default.replication.factor=3 (2)\n"));
  EXPECT_THAT(said, HasSubstr("broker:min.insync.replicas=1 (3)\n"));
  EXPECT_THAT(said, HasSubstr("broker/1:node.id=1 (9)\n"));
  EXPECT_THAT(said, HasSubstr("broker/2:node.id=2 (12)\n"));
  EXPECT_THAT(said, HasSubstr("producer:acks=1 (17)\n"));
  EXPECT_THAT(said, HasSubstr("reads like a compose file: 4 settings of the broker, 1 of the "
                              "producer"));
}

constexpr char kApplication[] =
    "server:\n  port: 8080\n"
    "spring:\n"
    "  kafka:\n"
    "    bootstrap-servers: k1:9092,k2:9092\n"
    "    producer:\n"
    "      acks: 1\n"
    "      batch-size: 32KB\n"
    "      properties:\n"
    "        linger.ms: 20\n"
    "        \"[delivery.timeout.ms]\": 60000\n"
    "    consumer:\n"
    "      group-id: billing\n"
    "      auto-commit-interval: 5s\n"
    "      isolation-level: read-committed\n"
    "    listener:\n"
    "      ack-mode: record\n"
    "---\n"
    "spring:\n"
    "  config:\n    activate:\n      on-profile: prod\n"
    "  kafka:\n    producer:\n      acks: all\n";

TEST(SpringFile, IsReadInYaml) {
  const std::string said = ReadAs("application.yml", kApplication);
  EXPECT_THAT(said, HasSubstr("producer:acks=1 (7)\n"));
  EXPECT_THAT(said, HasSubstr("producer:batch.size=32768 (8)\n"));
  EXPECT_THAT(said, HasSubstr("producer:linger.ms=20 (10)\n"));
  EXPECT_THAT(said, HasSubstr("producer:delivery.timeout.ms=60000 (11)\n"));
  EXPECT_THAT(said, HasSubstr("producer:bootstrap.servers=k1:9092,k2:9092 (5)\n"));
  EXPECT_THAT(said, HasSubstr("consumer:auto.commit.interval.ms=5000 (14)\n"));
  EXPECT_THAT(said, HasSubstr("consumer:isolation.level=read_committed (15)\n"));
  EXPECT_THAT(said, HasSubstr("translated to Kafka's names: "
                              "spring.kafka.consumer.auto-commit-interval (line 14) is "
                              "auto.commit.interval.ms\n"));
  EXPECT_THAT(said, HasSubstr("unclear acks spring.kafka.producer.acks (25)\n"));  // of a profile
  EXPECT_THAT(said, HasSubstr("reads like a Spring Boot application file: 5 settings of the "
                              "producer, 4 of the consumer"));
  EXPECT_THAT(said, Not(HasSubstr("error")));
}

TEST(SpringFile, IsReadInProperties) {
  const std::string said = ReadAs("application.properties",
                                  "spring.application.name=shop\n"
                                  "spring.kafka.producer.acks=1\n"
                                  "spring.kafka.producer.bufferMemory=33554432\n"
                                  "spring.kafka.properties.retry.backoff.ms=50\n"
                                  "spring.kafka.consumer.enable-auto-commit=false\n");
  EXPECT_THAT(said, HasSubstr("producer:acks=1 (2)\n"));
  EXPECT_THAT(said, HasSubstr("producer:buffer.memory=33554432 (3)\n"));
  EXPECT_THAT(said, HasSubstr("producer:retry.backoff.ms=50 (4)\n"));
  EXPECT_THAT(said, HasSubstr("consumer:retry.backoff.ms=50 (4)\n"));
  EXPECT_THAT(said, HasSubstr("consumer:enable.auto.commit=false (5)\n"));
  EXPECT_THAT(said, Not(HasSubstr("translated")));
}

// Spring binds what it has a property for; the rest it ignores without a word.
TEST(SpringFile, WhatSpringHasNoPropertyForIsNotTakenOver) {
  const std::string said = ReadAs("application.yml",
                                  "spring:\n  kafka:\n    producer:\n      acks: all\n"
                                  "      linger-ms: 5\n      enable-idempotence: false\n");
  EXPECT_THAT(said, HasSubstr("producer:acks=all (4)\n"));
  EXPECT_THAT(said, Not(HasSubstr("producer:linger.ms")));
  EXPECT_THAT(said, HasSubstr("unclear enable.idempotence "
                              "spring.kafka.producer.enable-idempotence (6)\n"));
}

TEST(LibrdkafkaFile, IsTranslatedWithItsOwnDefaults) {
  const std::string said = ReadAs("kcat.conf",
                                  "metadata.broker.list=k1:9092\n"
                                  "topic.request.required.acks=1\n"
                                  "message.timeout.ms=10000\n"
                                  "queue.buffering.max.kbytes=1024\n"
                                  "sasl.username=me\n"
                                  "sasl.password=hunter2\n");
  EXPECT_THAT(said, HasSubstr("producer:acks=1 (2)\n"));
  EXPECT_THAT(said, HasSubstr("producer:delivery.timeout.ms=10000 (3)\n"));
  EXPECT_THAT(said, HasSubstr("producer:buffer.memory=1048576 (4)\n"));
  EXPECT_THAT(said, HasSubstr("producer:enable.idempotence=false (0)\n"));
  EXPECT_THAT(said, HasSubstr("producer:max.in.flight.requests.per.connection=1000000 (0)\n"));
  EXPECT_THAT(said, HasSubstr("producer:request.timeout.ms=9995 (0)\n"));
  EXPECT_THAT(said, HasSubstr("translated to Kafka's names: metadata.broker.list (line 1) is "
                              "bootstrap.servers, topic.request.required.acks (line 2) is acks"));
  EXPECT_THAT(said, HasSubstr("librdkafka's own defaults where the file says nothing: "
                              "enable.idempotence=false"));
  EXPECT_THAT(said, Not(HasSubstr("hunter2")));
  EXPECT_EQ(Describe(Resolved({.files = {File("",
                                              "request.required.acks=1\n"
                                              "message.timeout.ms=10000\n")}})
                         .errors),
            "");
}

TEST(LibrdkafkaFile, WithIdempotenceHasFiveInFlight) {
  EXPECT_THAT(ReadAs("c.conf", "enable.idempotence=true\nqueue.buffering.max.ms=5\n"),
              HasSubstr("producer:max.in.flight.requests.per.connection=5 (0)"));
}

TEST(LibrdkafkaFile, HasSectionsAndAConsumersNames) {
  const std::string said = ReadAs("client.ini",
                                  "[default]\nbootstrap.servers=k:9092\nsasl.mechanisms=PLAIN\n"
                                  "[consumer]\ngroup.id=g\nauto.offset.reset=smallest\n");
  EXPECT_THAT(said, HasSubstr("consumer:group.id=g (5)\n"));
  EXPECT_THAT(said, HasSubstr("consumer:auto.offset.reset=earliest (6)\n"));
  EXPECT_THAT(said, HasSubstr("consumer:isolation.level=read_committed (0)\n"));
  EXPECT_THAT(said, Not(HasSubstr("producer:")));
}

TEST(LibrdkafkaFile, HasGlobalAndTopicSections) {
  const std::string said = ReadAs("kafka.conf",
                                  "[global]\nclient.id=rdkafka\nmessage.max.bytes=1000000\n\n"
                                  "[topic]\nrequest.required.acks=1\nmessage.timeout.ms=300000\n"
                                  "offset.store.method=broker\n",
                                  "producer");
  EXPECT_THAT(said, HasSubstr("producer:acks=1 (6)\n"));
  EXPECT_THAT(said, HasSubstr("producer:max.request.size=1000000 (3)\n"));
}

TEST(ConnectFile, NamesItsProducersAndConsumers) {
  const std::string said = ReadAs("connect-distributed.properties",
                                  "bootstrap.servers=k:9092\ngroup.id=connect\n"
                                  "key.converter=org.apache.kafka.connect.json.JsonConverter\n"
                                  "config.storage.topic=c\nconfig.storage.replication.factor=1\n"
                                  "producer.acks=1\nproducer.override.linger.ms=5\n"
                                  "consumer.max.poll.records=10\n");
  EXPECT_THAT(said, HasSubstr("producer:acks=1 (6)\n"));
  EXPECT_THAT(said, HasSubstr("producer:linger.ms=5 (7)\n"));
  EXPECT_THAT(said, HasSubstr("consumer:max.poll.records=10 (8)\n"));
  EXPECT_THAT(said, HasSubstr("producer:enable.idempotence=false (0)\n"));
  EXPECT_THAT(said, HasSubstr("producer:max.in.flight.requests.per.connection=1 (0)\n"));
  EXPECT_THAT(said, Not(HasSubstr("unclear")));
  EXPECT_THAT(said, HasSubstr("reads like a file of a Kafka Connect worker or connector: 2 "
                              "settings of the producer, 1 of the consumer"));
}

TEST(ConnectFile, AConnectorIsReadAsItsRestInterfaceTakesIt) {
  const std::string said =
      ReadAs("connector.json",
             "{\"name\": \"jdbc\",\n \"config\": {\n  \"connector.class\": \"x.JdbcSource\",\n"
             "  \"producer.override.acks\": \"1\"}}\n");
  EXPECT_THAT(said, HasSubstr("producer:acks=1 (4)\n"));
}

TEST(JsonFile, OfNamesAndValuesIsRead) {
  EXPECT_EQ(ReadAs("producer.json",
                   "{\"acks\": \"1\", \"linger.ms\": 5,\n \"transactional.id\": null,\n"
                   "\t\"max.block.ms\":1000}\n"),
            "producer:acks=1 (1)\nproducer:linger.ms=5 (1)\nproducer:max.block.ms=1000 (3)\n"
            "producer.json: reads like JSON of names and values: 3 settings of the producer\n");
  EXPECT_THAT(ReadAs("c.json", "{\"request.required.acks\": 1, \"message.timeout.ms\": 5000}"),
              HasSubstr("producer:acks=1 (1)\n"));
  const std::string both =
      ReadAs("c.json", "{\"producer\": {\"acks\": 1},\n \"consumer\": {\"group.id\": \"g\"}}");
  EXPECT_THAT(both, HasSubstr("producer:acks=1 (1)\nconsumer:group.id=g (2)\n"));
}

TEST(LogDump, IsReadWithWhatIsNotSetLeftOut) {
  EXPECT_EQ(ReadAs("app.log",
                   "2026-01-02 10:00:00 INFO  ProducerConfig:370 - ProducerConfig values: \n"
                   "\tacks = 1\n"
                   "\tinterceptor.classes = []\n"
                   "\tsasl.jaas.config = [hidden]\n"
                   "\tssl.enabled.protocols = [TLSv1.2, TLSv1.3]\n"
                   "\ttransactional.id = null\n"
                   "\n"
                   "2026-01-02 10:00:01 INFO AdminClientConfig values: \n"
                   "\tretries = 5\n"),
            "producer:acks=1 (2)\nproducer:interceptor.classes= (3)\n"
            "producer:ssl.enabled.protocols=TLSv1.2, TLSv1.3 (5)\n"
            "app.log: reads like the log of a client or a broker: 3 settings of the producer\n");
}

TEST(TopicsDescribe, GivesTheReplicationFactorAndTheConfigs) {
  EXPECT_EQ(
      ReadAs("topics.txt",
             "Topic: orders\tTopicId: x9\tPartitionCount: 12\tReplicationFactor: 1\tConfigs: "
             "cleanup.policy=compact,delete,min.insync.replicas=2\n"
             "\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1\tIsr: 1\n"),
      "topic/orders:replication.factor=1 (1)\ntopic/orders:cleanup.policy=compact,delete (1)\n"
      "topic/orders:min.insync.replicas=2 (1)\n"
      "topics.txt: reads like the output of kafka-topics --describe: 3 settings of the topic\n");
}

TEST(StrimziResources, GiveBrokersAndTopics) {
  EXPECT_EQ(ReadAs("kafka.yaml",
                   "apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata:\n  name: c\n"
                   "spec:\n  kafka:\n    replicas: 3\n    config:\n"
                   "      min.insync.replicas: 1\n      default.replication.factor: 3\n"
                   "---\n"
                   "apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaTopic\nmetadata:\n"
                   "  name: orders\nspec:\n  partitions: 3\n  replicas: 1\n  config:\n"
                   "    retention.ms: 7200000\n"
                   "---\n"
                   "apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaUser\nmetadata:\n  name: u\n"),
            "broker:min.insync.replicas=1 (9)\nbroker:default.replication.factor=3 (10)\n"
            "topic/orders:retention.ms=7200000 (20)\ntopic/orders:replication.factor=1 (18)\n"
            "kafka.yaml: reads like resources of the Strimzi operator: 2 settings of the broker, 2 "
            "of the topic\n"
            "kafka.yaml:22:1: a resource of kind KafkaUser is not used\n");
}

TEST(YamlFile, ThatStandsForMoreThanItHoldsIsRefused) {
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c < 'j'; ++c) {
    bomb += Cat(std::string(1, c), ": &", std::string(1, c), " [");
    for (int i = 0; i < 10; ++i) bomb += Cat(i == 0 ? "*" : ",*", std::string(1, c - 1));
    bomb += "]\n";
  }
  EXPECT_THAT(ReadAs("bomb.yaml", bomb), HasSubstr("holds more names than a configuration has"));
  EXPECT_THAT(ReadAs("loop.yaml", "a: &a\n  b: *a\n"), HasSubstr("error"));
  EXPECT_THAT(ReadAs("deep.yaml", std::string(100'000, '[')), HasSubstr("error"));
}

}  // namespace
}  // namespace kafka_config
