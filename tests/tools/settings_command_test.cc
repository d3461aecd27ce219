// `--config` as a shell meets it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/process.h"

namespace fate {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using testing_support::ProcessResult;
using testing_support::WriteFile;

class SettingsCommand : public testing::Test {
 protected:
  ProcessResult Fate(const std::vector<std::string>& arguments) const {
    return testing_support::RunProgram(
        FATE_BINARY, arguments,
        {.directory = temporary_.path(), .environment = {{"FATE_SEED", ""}}, .out = {}});
  }
  std::filesystem::path Path(const std::string& name) const { return temporary_.path() / name; }

 private:
  testing_support::TemporaryDirectory temporary_;
};

constexpr char kFirst[] = "b8_leader_dies_before_fetch";

TEST_F(SettingsCommand, AScopeThatThereIsNotIsAUsageErrorThatListsThem) {
  WriteFile(Path("p.properties"), "acks=1\n");
  for (const std::string config : {"prodcer=p.properties", "group=p.properties"}) {
    const ProcessResult run = Fate({"run", kFirst, "--config", config});
    EXPECT_EQ(run.exit_code, 2) << config;
    EXPECT_THAT(run.err, HasSubstr("is no scope: broker, topic, producer or consumer"));
  }
}

TEST_F(SettingsCommand, WhatAFileWasTakenForIsSaidFirst) {
  WriteFile(Path("application.yml"), "spring:\n  kafka:\n    producer:\n      acks: 1\n");
  const ProcessResult run = Fate({"run", kFirst, "--config", "application.yml"});
  EXPECT_THAT(run.err, StartsWith("application.yml: reads like a Spring Boot application file: 1 "
                                  "setting of the producer\n"));
  EXPECT_THAT(run.out, HasSubstr("application.yml: reads like a Spring Boot application file"));
}

// Six files that people really have say acks=1 in words of their own: none of them is safe.
TEST_F(SettingsCommand, NoSpellingOfAcksOneIsHeld) {
  const std::vector<std::pair<std::string, std::string>> files = {
      {"application.yml", "spring:\n  kafka:\n    producer:\n      acks: 1\n"},
      {"kcat.conf", "bootstrap.servers=k:9092\nrequest.required.acks=1\n"},
      {"librdkafka.properties", "metadata.broker.list=k:9092\ntopic.request.required.acks=1\n"},
      {"connect.properties", "key.converter=x\nproducer.acks=1\n"},
      {"kafka08.properties",
       "metadata.broker.list=k:9092\nserializer.class=x\nrequest.required.acks=1\n"},
      {"producer.json", "{\"bootstrap.servers\": \"k:9092\", \"acks\": \"1\"}\n"},
      {"java.properties", "key.serializer=x\nlinger.ms=1\nrequest.required.acks=1\n"}};
  for (const auto& [file, text] : files) {
    WriteFile(Path(file), text);
    const ProcessResult run =
        Fate({"run", "leader_killed", "--seeds", "1..20", "-q", "--config", file});
    EXPECT_THAT(run.out, Not(HasSubstr("HELD"))) << file << run.out << run.err;
    EXPECT_NE(run.exit_code, 0) << file << run.out;
  }
}

}  // namespace
}  // namespace fate
