#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "scenarios/kafka_config/text.h"
#include "tests/scenarios/kafka_config/config_testing.h"

namespace kafka_config {
namespace {

constexpr std::string_view kSecret = "hunter2";

// Everything that the configuration can say to anybody, in one text.
std::string EverythingSaid(const Given& given) {
  const Resolution resolution = Resolved(given);
  std::string text = Said(resolution);
  for (const Diagnostic& error : resolution.errors) text += Cat(error.field, error.value, "\n");
  for (const auto& setting : resolution.configuration.GivenSettings()) {
    text += Cat(Describe(setting.target), setting.name, setting.shown_value,
                Describe(setting.origin), "\n");
  }
  const RunFacts facts{.duration_ms = int64_t{1} << 40,
                       .log_bytes_max = int64_t{1} << 40,
                       .clock_error_max_ms = int64_t{1} << 40,
                       .has_consumers = true};
  for (const auto& setting : NotModelled(resolution.configuration, facts)) {
    text += Cat(setting.name, Join(setting.properties, ","), setting.reason,
                Describe(setting.origin), "\n");
  }
  return text;
}

// The secret as the value of every setting that the model does not act on, right or wrong by type.
TEST(Secrets, AreInNothingThatIsSaidOfAnySetting) {
  int checked = 0;
  for (const Scope scope : {Scope::kBroker, Scope::kTopic, Scope::kProducer, Scope::kConsumer}) {
    std::string text;
    for (const Definition& definition : TestTables().Definitions(scope)) {
      if (Shown(definition)) continue;
      const std::string line = Cat(definition.name, "=", kSecret, "\n");
      text += line;
      const Given alone{.files = {File(ScopeName(scope), line)}};
      EXPECT_THAT(EverythingSaid(alone), testing::Not(testing::HasSubstr(std::string(kSecret))));
      const Given typed{.set = {Cat(ScopeName(scope), ":", line.substr(0, line.size() - 1))}};
      EXPECT_THAT(EverythingSaid(typed), testing::Not(testing::HasSubstr(std::string(kSecret))));
      ++checked;
    }
    const Given all{.files = {File(ScopeName(scope), text)}};
    EXPECT_THAT(EverythingSaid(all), testing::Not(testing::HasSubstr(std::string(kSecret))));
    EXPECT_THAT(EverythingSaid(all), testing::HasSubstr("<value not shown>"));
  }
  EXPECT_GT(checked, 500);
}

TEST(Secrets, AreInNothingThatIsSaidOfARealFile) {
  const std::string text =
      Cat("bootstrap.servers=b:9092\nacks=al\nsecurity.protocol=SASL_SSL\n",
          "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\\n",
          "  username=\"app\" \\\n  password=\"", kSecret, "\";\n",
          "ssl.keystore.pasword=", kSecret, "\n",     // a typo of a name
          "ssl.key.password=\\u00zz", kSecret, "\n",  // a broken escape
          "ssl.keystore.key=-----BEGIN PRIVATE KEY-----\n", "MIIEvQ", kSecret, "BAD==\n", kSecret,
          "\n",                             // a line of a key, taken for a name
          "password=\"", kSecret, "\";\n",  // a continuation line without a backslash
          "confluent.license=", kSecret, "\nssl.key.password=a", kSecret,
          "\nssl.key.password=", kSecret, "\nsasl.login.refresh.window.factor=", kSecret, "\n");
  for (const std::string_view target : {"", "producer", "consumer", "broker", "topic"}) {
    const std::string said = EverythingSaid({.files = {File(target, text)}});
    EXPECT_THAT(said, testing::Not(testing::HasSubstr(std::string(kSecret)))) << target;
    EXPECT_THAT(said, testing::HasSubstr("my.properties"));
  }
}

// In every format that is read, as a value that nobody needs, beside one that counts.
TEST(Secrets, AreInNothingThatIsSaidOfAnyFormat) {
  const struct {
    std::string path, text;
  } files[] = {
      {".env", "KAFKA_NODE_ID=1\nKAFKA_SSL_KEY_PASSWORD=hunter2\nDB_PASSWORD=hunter2\n"},
      {"compose.yml",
       "services:\n  k:\n    environment:\n      - KAFKA_NODE_ID=1\n"
       "      - KAFKA_SASL_JAAS_CONFIG=hunter2\n      - POSTGRES_PASSWORD=hunter2\n"},
      {"application.yml",
       "spring:\n  datasource:\n    password: hunter2\n  kafka:\n    producer:\n      acks: 1\n"
       "      ssl:\n        key-password: hunter2\n      enable-idempotence: hunter2\n"},
      {"kcat.conf", "request.required.acks=1\nsasl.password=hunter2\nssl.key.password=hunter2\n"},
      {"connect.properties",
       "key.converter=x\nproducer.acks=1\nproducer.ssl.key.password=hunter2\nmine=hunter2\n"},
      {"c.json", "{\"acks\": 1, \"ssl.key.password\": \"hunter2\", \"my\": \"hunter2\"}"},
      {"broken.yaml", "acks: 1\npassword: [hunter2\nhunter2: }\n"},
      {"app.log", "ProducerConfig values:\n\tacks = 1\n\tssl.key.password = hunter2\n"},
      {"kafka.yaml",
       "apiVersion: kafka.strimzi.io/v1\nkind: Kafka\nspec:\n  kafka:\n    config:\n"
       "      ssl.key.password: hunter2\n      min.insync.replicas: 1\n"}};
  for (const auto& file : files) {
    const std::string said = EverythingSaid({.files = {File("", file.text, file.path)}});
    EXPECT_THAT(said, testing::Not(testing::HasSubstr(std::string(kSecret)))) << file.path;
    EXPECT_THAT(said, testing::HasSubstr(file.path));
  }
}

TEST(Secrets, OfTheCommandLineAreNotRepeated) {
  for (const std::string argument :
       {"hunter2", "=hunter2", "ssl.key.password=hunter2", "producr:ssl.key.password=hunter2",
        "ssl.key.pasword=hunter2"}) {
    EXPECT_THAT(Describe(ParseSet(TestTables(), argument).errors),
                testing::Not(testing::HasSubstr(std::string(kSecret))));
  }
}

TEST(Secrets, ASetIsPrintedWithoutThem) {
  EXPECT_EQ(ShownSet(TestTables(), "producer/shop:acks=1"), "producer/shop:acks=1");
  EXPECT_EQ(ShownSet(TestTables(), "acks=1"), "acks=1");
  EXPECT_EQ(ShownSet(TestTables(), "producer:ssl.key.password=hunter2"),
            "producer:ssl.key.password=<value not shown>");
  EXPECT_EQ(ShownSet(TestTables(), "producer:my.own.secret=hunter2"),
            "producer:my.own.secret=<value not shown>");
  EXPECT_EQ(ShownSet(TestTables(), "hunter2"), "<not shown>");
}

TEST(Secrets, WhatTheModelActsOnIsShown) {
  EXPECT_THAT(EverythingSaid({.files = {File("producer", "acks=1\n")}}),
              testing::HasSubstr("produceracks1my.properties:1:1"));
}

// A line too far down, a pasted password: a name that the model acts on, and no value of its kind.
TEST(Secrets, AreNotShownAsARefusedValueOfASettingThatTheModelActsOn) {
  for (const std::string name : {"acks", "linger.ms", "enable.idempotence", "max.block.ms"}) {
    const std::string line = Cat(name, "=", kSecret);
    const std::string of_file = EverythingSaid({.files = {File("producer", Cat(line, "\n"))}});
    EXPECT_THAT(of_file, testing::Not(testing::HasSubstr(std::string(kSecret)))) << name;
    EXPECT_THAT(of_file, testing::HasSubstr("Invalid value <value not shown>")) << name;
    EXPECT_THAT(EverythingSaid({.set = {Cat("producer:", line)}}),
                testing::Not(testing::HasSubstr(std::string(kSecret))))
        << name;
  }
}

TEST(Secrets, ATypoOrANumberOutOfRangeIsShown) {
  for (const std::string value : {"al", "alll", "4", "-2", "1.5", "true"}) {
    EXPECT_THAT(EverythingSaid({.set = {Cat("producer:acks=", value)}}),
                testing::HasSubstr(Cat("acks=", value)));
  }
}

}  // namespace
}  // namespace kafka_config
