#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>

#include "tests/scenarios/kafka_config/config_testing.h"

namespace kafka_config {
namespace {

using testing::HasSubstr;
using testing::Not;

// delivery.timeout.ms covers lingering and one request (KC:P-7).
TEST(ProducerRules, DeliveryTimeoutIsRaisedOrRefused) {
  const Resolution raised = Resolved({.set = {"producer:request.timeout.ms=200000"}});
  EXPECT_EQ(raised.configuration.Producer("p", "delivery.timeout.ms").Int64(), 200005);
  EXPECT_EQ(Describe(raised.configuration.Producer("p", "delivery.timeout.ms").origin),
            "adjusted at start");
  EXPECT_THAT(Said(raised), HasSubstr("delivery.timeout.ms is raised to 200005"));
  EXPECT_THAT(
      Describe(Resolved({.files = {File("producer", "delivery.timeout.ms=30004\n")}}).errors),
      HasSubstr("my.properties:1:1: error: delivery.timeout.ms=30004: delivery.timeout.ms "
                "should be equal to or larger than linger.ms + request.timeout.ms "
                "[delivery.timeout.ms=30004 (my.properties:1:1), linger.ms=5 (default), "
                "request.timeout.ms=30000 (default)]"));
  EXPECT_EQ(Describe(Resolved({.files = {File("producer", "delivery.timeout.ms=30005\n")}}).errors),
            "");
  const Resolution huge = Resolved({.set = {"producer:linger.ms=9223372036854775807"}});
  EXPECT_EQ(huge.configuration.Producer("p", "delivery.timeout.ms").Int64(), INT32_MAX);
}

// A base set alone sets its maximum; a maximum below its base holds (KC:P-8).
TEST(ProducerRules, BackoffsAsTheClientAdjustsThem) {
  const Resolution resolution =
      Resolved({.set = {"producer:reconnect.backoff.ms=70", "producer:retry.backoff.ms=2000"}});
  EXPECT_EQ(resolution.configuration.Producer("p", "reconnect.backoff.max.ms").Int64(), 70);
  EXPECT_THAT(Said(resolution), HasSubstr("reconnect.backoff.max.ms becomes the same"));
  EXPECT_THAT(Said(resolution), HasSubstr("the back-off is always retry.backoff.max.ms"));
  const Resolution both = Resolved(
      {.set = {"producer:reconnect.backoff.ms=70", "producer:reconnect.backoff.max.ms=80"}});
  EXPECT_EQ(both.configuration.Producer("p", "reconnect.backoff.max.ms").Int64(), 80);
}

TEST(ProducerRules, ARefusalNamesBothSettingsAndTheClient) {
  const Resolution resolution =
      Resolved({.files = {File("producer", "enable.idempotence=true\n", "p.properties")},
                .set = {"producer/bank:acks=1"},
                .declared = kShopAndBank});
  EXPECT_EQ(Describe(resolution.errors),
            "--set: error: acks=1: Must set acks to all in order to use the idempotent producer. "
            "Otherwise we cannot guarantee idempotence. [acks=1 (--set), enable.idempotence=true "
            "(p.properties:1:1) of producer bank]\n");
}

TEST(BrokerRules, WhatABrokerRefusesAtItsStart) {
  const struct {
    std::string text, error;
  } cases[] = {
      {"replica.fetch.wait.max.ms=30001\nreplica.socket.timeout.ms=40000\n",
       "replica.fetch.wait.max.ms should always be less than or equal to replica.lag.time.max.ms"},
      {"replica.socket.timeout.ms=499\n", "replica.socket.timeout.ms should always be at least"},
      {"log.retention.ms=0\n", "log.retention.ms must be unlimited (-1) or, greater than or equal"},
      {"log.cleaner.threads=128\n", "must be at least 1MB per cleaner thread"},
      {"queued.max.request.bytes=5\n", "must be larger or equal to socket.request.max.bytes"},
  };
  for (const auto& c : cases) {
    EXPECT_THAT(Describe(Resolved({.files = {File("broker", c.text)}}).errors), HasSubstr(c.error));
  }
  const Resolution slow = Resolved({.set = {"broker:broker.heartbeat.interval.ms=5000"}});
  EXPECT_EQ(Describe(slow.errors), "");
  EXPECT_THAT(Said(slow), HasSubstr("may lose its lease without a fault"));
}

TEST(ConsumerRules, WhatAConsumerRefuses) {
  EXPECT_THAT(Describe(Resolved({.set = {"consumer:group.protocol=consumer",
                                         "consumer:session.timeout.ms=9000"}})
                           .errors),
              HasSubstr("session.timeout.ms cannot be set when group.protocol=CONSUMER"));
  EXPECT_THAT(Describe(Resolved({.set = {"consumer:heartbeat.interval.ms=45000"}}).errors),
              HasSubstr("Heartbeat must be set lower than the session timeout"));
}

TEST(TopicRules, MoreInSyncThanCopiesIsAcceptedAndSaid) {
  const Resolution resolution =
      Resolved({.set = {"topic:min.insync.replicas=4"}, .declared = kShopAndBank});
  EXPECT_EQ(Describe(resolution.errors), "");
  EXPECT_THAT(
      Said(resolution),
      HasSubstr("min.insync.replicas 4 is more than the copies there are, and counts as 3"));
  EXPECT_THAT(Said(Resolved({.set = {"topic:min.insync.replicas=3"}, .declared = kShopAndBank})),
              Not(HasSubstr("more than")));
}

}  // namespace
}  // namespace kafka_config
