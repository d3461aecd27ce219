#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "scenarios/kafka_config/fidelity.h"
#include "scenarios/kafka_config/tables.h"
#include "tests/scenarios/kafka_config/config_testing.h"

namespace kafka_config {
namespace {

constexpr Scope kScopes[] = {Scope::kBroker, Scope::kTopic, Scope::kProducer, Scope::kConsumer};

TEST(ConfigTables, HaveEverySettingOfKafka431) {
  const std::map<Scope, size_t> counts = {{Scope::kBroker, 360},
                                          {Scope::kTopic, 34 + 2},  // two pseudo settings
                                          {Scope::kProducer, 113},
                                          {Scope::kConsumer, 116},
                                          {Scope::kGroup, 17}};
  for (const auto& [scope, count] : counts) {
    EXPECT_EQ(TestTables().Definitions(scope).size(), count) << ScopeName(scope);
  }
}

TEST(ConfigTables, EveryDefaultPassesItsOwnRule) {
  for (const Scope scope : kScopes) {
    for (const Definition& definition : TestTables().Definitions(scope)) {
      if (!definition.default_value || definition.name == "share.acquire.mode") continue;
      // Kafka checks these two lists only when they are given.
      if (definition.rule.kind == ValueRule::Kind::kNonEmptyList) continue;
      const auto objection = Objection(definition.type, definition.rule, *definition.default_value);
      EXPECT_FALSE(objection) << definition.name << ": " << objection.value_or("");
    }
  }
}

TEST(ConfigTables, EverySettingIsTaggedByHand) {
  const std::set<std::string> properties = {"NO_ACKED_LOSS", "NO_SILENT_LOSS", "NO_DUPLICATE",
                                            "ORDER_PER_KEY", "FLUSHED_BEFORE_COPIED"};
  for (const Scope scope : kScopes) {
    for (const Definition& definition : TestTables().Definitions(scope)) {
      SCOPED_TRACE(definition.name);
      const Fidelity& fidelity = definition.fidelity;
      EXPECT_EQ(fidelity.effect.empty(), definition.is_pseudo);  // "-" where there is none
      for (const std::string& property : fidelity.properties) {
        EXPECT_TRUE(properties.contains(property)) << property;
      }
      for (const std::string& condition : fidelity.conditions) {
        EXPECT_TRUE(IsKnownCondition(condition)) << condition;
      }
      // What matters to a verdict and is not modelled says when it acts.
      const bool is_missing = fidelity.tag == Tag::kVerdict && !fidelity.is_modelled;
      EXPECT_EQ(is_missing && fidelity.conditions.empty(), false);
      EXPECT_FALSE(!fidelity.conditions.empty() && fidelity.effect == "-");
      EXPECT_TRUE(fidelity.tag == Tag::kVerdict || fidelity.conditions.empty());
    }
  }
}

TEST(ConfigTables, NoPasswordIsShown) {
  for (const Scope scope : kScopes) {
    for (const Definition& definition : TestTables().Definitions(scope)) {
      if (definition.type == ValueType::kPassword || definition.name.starts_with("sasl.") ||
          definition.name.starts_with("ssl.")) {
        EXPECT_FALSE(Shown(definition)) << definition.name;
      }
    }
  }
}

TEST(ConfigTables, FallbacksAreSettingsOfTheSameType) {
  int with_fallback = 0;
  for (const Definition& topic : TestTables().Definitions(Scope::kTopic)) {
    for (const TopicFallback& fallback : TestTables().FallbacksOf(topic.name)) {
      const Definition* broker = TestTables().Find(Scope::kBroker, fallback.broker_name);
      ASSERT_NE(broker, nullptr) << fallback.broker_name;
      const bool is_scaled = fallback.factor != 1;
      EXPECT_EQ(broker->type == topic.type || is_scaled, true) << topic.name;
      ++with_fallback;
    }
  }
  EXPECT_EQ(with_fallback, 28 + 5);
}

TEST(ConfigTables, ANearNameIsFound) {
  const struct {
    Scope scope;
    std::string name, nearest;
  } cases[] = {
      {Scope::kProducer, "ack", "acks"},
      {Scope::kProducer, "akcs", "acks"},
      {Scope::kProducer, "linger_ms", "linger.ms"},
      {Scope::kProducer, "ENABLE.IDEMPOTENCE", "enable.idempotence"},
      {Scope::kProducer, "delivery.timout.ms", "delivery.timeout.ms"},
      {Scope::kTopic, "min.insync.replica", "min.insync.replicas"},
      {Scope::kTopic, "replication-factor", "replication.factor"},
      {Scope::kBroker, "unclean.leader.elction.enable", "unclean.leader.election.enable"},
      {Scope::kBroker, "delivery.timout.ms", "delivery.timeout.ms"},
      {Scope::kBroker, "confluent.license", ""},
      {Scope::kBroker, "x", ""},
      {Scope::kBroker, "", ""},
      {Scope::kBroker, std::string(100000, 'a'), ""},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(TestTables().Nearest(c.scope, c.name), c.nearest) << c.name.substr(0, 50);
  }
}

TEST(ConfigTables, WhatLooksLikeNoNameIsNotShown) {
  EXPECT_EQ(ShownName(TestTables(), "acks"), "acks");
  EXPECT_EQ(ShownName(TestTables(), "confluent.license.topic"), "confluent.license.topic");
  for (const std::string name :
       {"hunter2", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7", "a b.c", "",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3"}) {
    EXPECT_EQ(ShownName(TestTables(), name), "<name not shown>");
  }
}

}  // namespace
}  // namespace kafka_config
