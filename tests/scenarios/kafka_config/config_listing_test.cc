#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "scenarios/kafka_config/listing.h"
#include "scenarios/kafka_config/text.h"
#include "tests/scenarios/kafka_config/config_testing.h"

namespace kafka_config {
namespace {

std::vector<std::string> Lines(const Given& given) {
  std::vector<std::string> lines;
  for (const ListedSetting& setting : ListEffective(Resolved(given).configuration)) {
    lines.push_back(Cat(Describe(setting.target), ":", setting.name, "=", setting.value, " (",
                        Describe(setting.origin), ")"));
  }
  return lines;
}

TEST(ListEffective, HasWhatTheModelActsOnAndWhatWasGiven) {
  const Given given{
      .files = {File("producer", "acks=1\nssl.key.password=x\ncompression.type=lz4\n", "p")},
      .scenario = {"broker:min.insync.replicas=2"},
      .set = {"producer/bank:acks=all", "broker/2:num.io.threads=1"},
      .declared = {.brokers = 2, .topics = {"orders"}, .producers = {"bank", "shop"}}};
  const std::vector<std::string> lines = Lines(given);
  EXPECT_THAT(
      lines,
      testing::IsSupersetOf(
          {"producer/bank:acks=all (--set)", "producer/shop:acks=1 (p:1:1)",
           "producer/shop:enable.idempotence=false (adjusted at start)",
           "producer/bank:enable.idempotence=true (default)", "producer:linger.ms=5 (default)",
           "producer:ssl.key.password=<value not shown> (p:2:1)",
           "producer:compression.type=<value not shown> (p:3:1)",
           "broker/1:num.io.threads=8 (default)", "broker/2:num.io.threads=1 (--set)",
           "topic:min.insync.replicas=2 (s.textproto:1:3)", "topic:replication.factor=2 (assumed)",
           "consumer:fetch.max.wait.ms=500 (default)"}));
  for (const std::string& line : lines) {
    EXPECT_EQ(line.find("metric.reporters"), std::string::npos);  // neither given nor modelled
  }
}

}  // namespace
}  // namespace kafka_config
