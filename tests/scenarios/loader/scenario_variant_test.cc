// A variant is its scenario with one field changed; everything else stays, and the tool can tell.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>

#include "scenarios/loader/loader.h"
#include "scenarios/loader/variant.h"
#include "tests/scenarios/loader/loader_testing.h"

namespace loader {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kBase[] = R"(
name: "x"
cluster { brokers: 3 config { key: "a" value: "1" } }
topic { name: "orders" config { key: "min.insync.replicas" value: "2" } }
topic { name: "other" }
producer { name: "shop" topic: "orders" }
producer { name: "web" topic: "orders" }
fault { name: "first" at: "1s" kill { role: LEADER } restart_after: "5s" }
fault { at: "2s" kill { role: LEADER topic: "other" } }
expect { property: NO_ACKED_LOSS status: HELD }
)";

LoadedScenario Variant(const std::string& change) {
  const LoadedScenario base = Loaded(std::string(kBase) + "variant { name: \"v\" " + change + "}");
  return base.written.variant_size() == 1 ? ExpandVariant(base, 0) : LoadedScenario{};
}

std::vector<std::string> Changed(const std::string& change) {
  return DifferingFields(Loaded(kBase).written, Variant(change).written);
}

TEST(Variant, ASettingIsAppended) {
  EXPECT_THAT(Variant("set: \"producer:acks=1\"").scenario.set(), ElementsAre("producer:acks=1"));
  EXPECT_THAT(Changed("set: \"producer:acks=1\""), ElementsAre("set"));
}

// One line of half a megabyte; it took a minute when each place was counted from the line's front,
// and each variant copied all the others.
TEST(Variant, ThereMayBeThousandsInOneLine) {
  std::string text = kMinimal;
  for (int i = 0; i < 6000; ++i) {
    text += "variant { name: \"v" + std::to_string(i) + "\" with { producer { name: \"shop\" " +
            "messages: " + std::to_string(i + 1000) + " } } } ";
  }
  const std::clock_t before = std::clock();
  const LoadedScenario base = Loaded(text);
  ASSERT_EQ(base.written.variant_size(), 6000);
  EXPECT_EQ(ExpandVariant(base, 5999).scenario.producer(0).messages(), 6999u);
  EXPECT_FALSE(ExpandVariant(base, 17).positions.contains("variant[17]"));
  EXPECT_LT((std::clock() - before) / CLOCKS_PER_SEC, 10);
}

TEST(Variant, AMutantIsAppended) {
  EXPECT_THAT(Variant("mutant: \"bug\"").scenario.mutant(), ElementsAre("bug"));
}

TEST(Variant, ProgramsAndSettingsAreFoundByName) {
  const LoadedScenario web = Variant("with { producer { name: \"web\" messages: 9 } }");
  EXPECT_FALSE(web.written.producer(0).has_messages());
  EXPECT_EQ(web.written.producer(1).messages(), 9u);
  EXPECT_THAT(Changed("with { topic { name: \"orders\" config { key: \"min.insync.replicas\" "
                      "value: \"1\" } } }"),
              ElementsAre("topic[0].config[0].value"));
}

TEST(Variant, ASettingThatIsNotThereIsAdded) {
  EXPECT_THAT(Changed("with { cluster { config { key: \"b\" value: \"2\" } } }"),
              ElementsAre("cluster.config"));
}

TEST(Variant, FaultsAreFoundByNameOrElseByPosition) {
  EXPECT_THAT(Changed("with { fault { restart_after: \"6s\" } }"),
              ElementsAre("fault[0].restart_after"));
  EXPECT_THAT(Changed("with { fault { name: \"first\" restart_after: \"6s\" } }"),
              ElementsAre("fault[0].restart_after"));
}

TEST(Variant, AnotherKindOfFaultIsOneField) {
  EXPECT_THAT(Changed("with { fault { power_loss { of { role: LEADER } } } }"),
              ElementsAre("fault[0].kill"));
  EXPECT_TRUE(Variant("with { fault { panic { role: LEADER } } }").written.fault(0).has_panic());
}

TEST(Variant, PlainListsAreReplacedWhole) {
  const LoadedScenario racks = Variant("with { cluster { racks: [\"a\", \"a\", \"b\"] } }");
  EXPECT_THAT(racks.scenario.cluster().racks(), ElementsAre("a", "a", "b"));
}

TEST(Variant, TheRestIsTheBase) {
  EXPECT_THAT(DifferingFields(Loaded(kBase).scenario, Loaded(kBase).scenario), IsEmpty());
  EXPECT_THAT(Variant("with { time_limit: \"9s\" }").written.variant(), IsEmpty());
}

TEST(Variant, ItsExpectationsReplaceTheScenarios) {
  const LoadedScenario same = Variant("set: \"producer:acks=1\"");
  EXPECT_EQ(same.scenario.expect(0).status(), proto::HELD);
  const LoadedScenario other = Variant(
      "set: \"producer:acks=1\" expect { property: NO_ACKED_LOSS status: BROKEN class: "
      "AS_CONFIGURED }");
  EXPECT_EQ(other.scenario.expect(0).status(), proto::BROKEN);
  EXPECT_EQ(other.scenario.expect_size(), 1);
}

TEST(Variant, TheChangeStandsInTheVariant) {
  const LoadedScenario base = Loaded(
      "name: \"x\" topic { name: \"t\" } producer { name: \"p\" messages: 5 }\n"
      "variant { name: \"v\" with { producer { messages: 6 } } }");
  const LoadedScenario expanded = ExpandVariant(base, 0);
  EXPECT_EQ(expanded.PlaceOf("producer[0].messages").line, 2);
  EXPECT_EQ(expanded.PlaceOf("producer[0].name").line, 1);
  EXPECT_EQ(expanded.variant, "v");
  EXPECT_NE(expanded.sha256, base.sha256);
}

TEST(Variant, AnExpandedOneIsAScenarioOfItsOwn) {
  const LoadedScenario expanded = Variant("with { fault { panic { role: LEADER } } }");
  EXPECT_EQ(Loaded(expanded.canonical_text).sha256, expanded.sha256);
}

}  // namespace
}  // namespace loader
