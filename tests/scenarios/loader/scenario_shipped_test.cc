// What ships: every file loads, is found by its names, and no damage to it makes the loader crash.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <set>

#include "scenarios/loader/shipped.h"
#include "tests/scenarios/loader/loader_testing.h"

namespace loader {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Shipped, EveryFileLoadsAndIsCalledLikeItsName) {
  ASSERT_FALSE(embedded::EmbeddedScenarios().empty());
  for (const embedded::EmbeddedFile& file : embedded::EmbeddedScenarios()) {
    const LoadResult result = LoadScenario(file.text, file.path);
    ASSERT_TRUE(result.scenario) << kafka_config::Describe(result.errors);
    EXPECT_EQ(result.scenario->scenario.name(), StemOf(file.path));
    EXPECT_FALSE(result.scenario->scenario.why().empty()) << file.path;
    EXPECT_EQ(Loaded(result.scenario->canonical_text).sha256, result.scenario->sha256);
  }
}

TEST(Shipped, EachClaimOnTrialPredictsAndExpectsAndTurns) {
  std::set<std::string> claims;
  for (const embedded::EmbeddedFile& file : embedded::EmbeddedScenarios()) {
    const LoadedScenario loaded = *LoadScenario(file.text, file.path).scenario;
    if (loaded.scenario.claim().empty()) continue;
    EXPECT_TRUE(claims.insert(loaded.scenario.claim()).second) << file.path;
    EXPECT_EQ(loaded.written.predicts_size(), 1) << file.path;
    std::set<int> kinds;
    for (const proto::Variant& variant : loaded.written.variant()) kinds.insert(variant.kind());
    EXPECT_TRUE(kinds.contains(proto::Variant::FLIPS) || kinds.contains(proto::Variant::CONTROL))
        << file.path;
    EXPECT_TRUE(kinds.contains(proto::Variant::IRRELEVANT)) << file.path;
  }
  EXPECT_THAT(claims, ::testing::IsSupersetOf({"CL:B1", "CL:B1a", "CL:B3", "CL:B7", "CL:B8",
                                               "CL:B9", "CL:B11", "CL:B12"}));
}

TEST(Shipped, DisastersPinNoSetting) {
  const std::vector<const embedded::EmbeddedFile*> disasters = ShippedCollection("disasters");
  EXPECT_EQ(disasters.size(), 6u);
  for (const embedded::EmbeddedFile* file : disasters) {
    const proto::Scenario scenario = LoadScenario(file->text, file->path).scenario->written;
    EXPECT_THAT(scenario.cluster().config(), IsEmpty());
    EXPECT_THAT(scenario.set(), IsEmpty());
    EXPECT_FALSE(scenario.topic(0).has_replication_factor());
    EXPECT_FALSE(scenario.topic(0).has_partitions());
    EXPECT_THAT(scenario.topic(0).config(), IsEmpty());
    EXPECT_THAT(scenario.cluster().racks(), ElementsAre("r1", "r2", "r3"));
    ASSERT_EQ(scenario.fault_size(), 1);
    EXPECT_TRUE(scenario.fault(0).has_when()) << file->path;
    for (const proto::Producer& producer : scenario.producer()) {
      EXPECT_THAT(producer.config(), IsEmpty());
    }
  }
}

TEST(Shipped, IsFoundByStemAndClaim) {
  for (const char* name : {"b8_leader_dies_before_fetch", "CL:B8", "b8", "B8"}) {
    const embedded::EmbeddedFile* file = FindShipped(name);
    ASSERT_NE(file, nullptr) << name;
    EXPECT_EQ(file->path, "scenarios/acks/b8_leader_dies_before_fetch.textproto");
  }
  EXPECT_THAT(FindShipped("b1")->path, HasSubstr("b1_power_loss"));
  EXPECT_THAT(FindShipped("b1a")->path, HasSubstr("b1a_process"));
  EXPECT_EQ(FindShipped("b99"), nullptr);
}

TEST(Shipped, AnUnknownNameIsToldItsNearest) {
  EXPECT_EQ(NearestShipped("leader_kiled"), "leader_killed");
  EXPECT_EQ(NearestShipped("disaster"), "disasters");
  EXPECT_EQ(NearestShipped("qqqqqqqq"), "");
  EXPECT_THAT(kafka_config::Describe(LoadByName("leader_kiled").errors),
              HasSubstr("did you mean leader_killed?"));
  EXPECT_THAT(kafka_config::Describe(LoadByName("nowhere/x.textproto").errors),
              HasSubstr("No such file"));
}

TEST(Shipped, AUsersFileIsLoadedByItsPath) {
  const std::filesystem::path path =
      std::filesystem::path(::testing::TempDir()) / "loader_by_name.textproto";
  std::ofstream(path) << kMinimal;
  EXPECT_TRUE(LoadByName(path.string()).scenario);
  std::ofstream(path) << "nam: \"x\"";
  EXPECT_THAT(kafka_config::Describe(LoadByName(path.string()).errors),
              HasSubstr(".textproto:1:1: error: "));
  std::filesystem::remove(path);
}

TEST(Shipped, NoDamageMakesTheLoaderCrash) {
  std::mt19937_64 random(20261121);
  const std::span<const embedded::EmbeddedFile> files = embedded::EmbeddedScenarios();
  int accepted = 0;
  int refused = 0;
  for (int i = 0; i < 4000; ++i) {
    const std::string_view text = files[random() % files.size()].text;
    const std::string_view other = files[random() % files.size()].text;
    const LoadResult result = LoadScenario(Damaged(std::string(text), other, random), "damaged");
    ASSERT_NE(result.scenario.has_value(), !result.errors.empty());
    if (!result.scenario) {
      ++refused;
      continue;
    }
    ++accepted;
    const LoadResult again = LoadScenario(result.scenario->canonical_text, "again");
    ASSERT_TRUE(again.scenario) << kafka_config::Describe(again.errors)
                                << result.scenario->canonical_text;
    EXPECT_EQ(again.scenario->canonical_text, result.scenario->canonical_text);
    for (int k = 0; k < result.scenario->written.variant_size(); ++k) {
      ExpandVariant(*result.scenario, k);
    }
  }
  EXPECT_GT(accepted, 100);
  EXPECT_GT(refused, 1000);
}

TEST(Shipped, NoBytesMakeTheLoaderCrash) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    std::string text(random() % 200, '\0');
    for (char& c : text) c = static_cast<char>(random());
    EXPECT_FALSE(LoadScenario(text, "noise").scenario);
  }
  for (const char c : std::string("{[<\"'#\\(-")) {
    EXPECT_FALSE(LoadScenario(std::string(100'000, c), "deep").scenario);
  }
  std::string with = "name: \"x\" ";
  for (int i = 0; i < 10'000; ++i) with += "variant { with { ";
  EXPECT_THAT(ErrorsOf(with), HasSubstr("nested too deep"));
  EXPECT_THAT(ErrorsOf(std::string(2 << 20, ' ')), HasSubstr("larger than 1 MiB"));
}

}  // namespace
}  // namespace loader
