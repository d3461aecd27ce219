#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "scenarios/kafka_config/text.h"
#include "tests/scenarios/kafka_config/config_testing.h"

namespace kafka_config {
namespace {

// What the Java client 4.3.1 did with 216 combinations of the settings that depend on each other.
struct Row {
  std::string acks, idempotence, retries, in_flight, transactional_id;  // "-" is not set
  std::string result, is_idempotent, effective_acks, effective_retries, effective_in_flight;
  std::string message;
};

std::vector<Row> Rows() {
  std::ifstream file(FATE_SOURCE_DIR "/tests/scenarios/data/producer_combinations_4.3.1.tsv");
  std::vector<Row> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::vector<std::string> c;
    for (const std::string_view cell : Split(line, '\t')) c.emplace_back(cell);
    if (c.size() != 12) ADD_FAILURE() << line;
    rows.push_back({c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9], c[10], c[11]});
  }
  return rows;
}

std::string FileOf(const Row& row) {
  std::string text;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (value != "-") text += Cat(name, "=", value, "\n");
  };
  add("acks", row.acks);
  add("enable.idempotence", row.idempotence);
  add("retries", row.retries);
  add("max.in.flight.requests.per.connection", row.in_flight);
  add("transactional.id", row.transactional_id);
  return text;
}

void ExpectAccepted(const Row& row, const Resolution& resolution) {
  ASSERT_TRUE(resolution.errors.empty()) << Describe(resolution.errors);
  const Configuration& configuration = resolution.configuration;
  const auto get = [&](std::string_view name) { return configuration.Producer("p", name).Text(); };
  EXPECT_EQ(get("enable.idempotence"), row.is_idempotent == "on" ? "true" : "false");
  EXPECT_EQ(get("acks"), row.effective_acks == "-1" ? "all" : row.effective_acks);
  EXPECT_EQ(get("retries"), row.effective_retries);
  EXPECT_EQ(get("max.in.flight.requests.per.connection"), row.effective_in_flight);
  const bool is_silent = row.is_idempotent == "off" && row.idempotence == "-";
  const std::string said = Said(resolution);
  EXPECT_EQ(said.find("enable.idempotence is switched off") != std::string::npos, is_silent)
      << said;
}

TEST(ProducerCombinations, AreJudgedAsTheJavaClientJudgesThem) {
  const std::vector<Row> rows = Rows();
  ASSERT_EQ(rows.size(), 216u);
  int refused = 0;
  for (const Row& row : rows) {
    SCOPED_TRACE(FileOf(row));
    const Resolution resolution =
        Resolved({.files = {File("producer", FileOf(row), "producer.properties")}});
    if (row.result == "accepted") {
      ExpectAccepted(row, resolution);
      continue;
    }
    ++refused;
    ASSERT_EQ(resolution.errors.size(), 1u) << Describe(resolution.errors);
    EXPECT_TRUE(resolution.errors[0].message.starts_with(row.message))
        << resolution.errors[0].message;
    EXPECT_EQ(resolution.errors[0].position.file, "producer.properties");
    EXPECT_GT(resolution.errors[0].position.line, 0);
  }
  EXPECT_GT(refused, 100);
}

// The same settings, but of one client, by --set: they must not leak into the other clients.
TEST(ProducerCombinations, OfOneClientDoNotConcernAnother) {
  for (const Row& row : Rows()) {
    if (row.result != "accepted") continue;
    SCOPED_TRACE(FileOf(row));
    Given given{.declared = {.producers = {"p", "q"}}};
    const std::string text = FileOf(row);
    for (const std::string_view line : Split(text, '\n')) {
      if (!line.empty()) given.set.push_back(Cat("producer/p:", line));
    }
    const Resolution resolution = Resolved(given);
    ExpectAccepted(row, resolution);
    EXPECT_TRUE(resolution.configuration.Producer("q", "enable.idempotence").Bool());
    EXPECT_EQ(resolution.configuration.Producer("q", "acks").Text(), "all");
  }
}

}  // namespace
}  // namespace kafka_config
