// How explanations are judged against bench/explain/key.tsv: with made-up explanations.
#include "bench/explain/answer_key.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "bench/explain/score.h"
#include "model/kafka/ledger/verdict.h"
#include "scenarios/kafka_config/text.h"

namespace bench {
namespace {

using answers::Cause;
using answers::Explanation;

KeyLine Line(const std::string& mechanism, const std::string& settings, const std::string& faults) {
  const std::string cells = "\t7\thand\ttwo\t" + mechanism + "\t" + settings + "\t" + faults + "\n";
  const auto key = ParseKey("# a comment\ncase\tseed\n a_case" + cells);
  EXPECT_TRUE(key.ok()) << key.status().message();
  return key->front();
}

// "producer:acks=1", as a value that is in force.
answers::SettingValue ValueOf(const std::string& line) {
  const size_t colon = line.find(':');
  const size_t equals = line.find('=');
  answers::SettingValue value;
  value.set_scope(line.substr(0, colon));
  value.set_name(line.substr(colon + 1, equals - colon - 1));
  value.set_unset(line.substr(equals + 1) == "unset");
  if (!value.unset()) value.set_value(line.substr(equals + 1));
  return value;
}

Explanation Says(answers::Mechanism mechanism, const std::vector<std::string>& settings,
                 const std::vector<std::string>& faults) {
  Explanation says;
  says.set_mechanism(mechanism);
  const auto add = [&says](Cause::Kind kind) -> Cause& {
    Cause& cause = *says.add_causes();
    cause.set_kind(kind);
    cause.set_confirmation(Cause::CONFIRMED);
    return cause;
  };
  for (const std::string& line : settings) *add(Cause::SETTING).mutable_setting() = ValueOf(line);
  for (const std::string& name : faults) add(Cause::FAULT).mutable_fault()->set_name(name);
  return says;
}

const KeyLine kKilled = Line("leader_died_before_copy", "producer:acks=1", "kill");

TEST(Compare, AllThreeNamedAndNothingElseIsRight) {
  const Comparison its =
      Compare(kKilled, Says(answers::LEADER_DIED_BEFORE_COPY, {"producer:acks=1"}, {"kill"}));
  EXPECT_TRUE(its.right());
  EXPECT_EQ(its.causes, 2);
  EXPECT_EQ(its.confirmed, 2);
}

TEST(Compare, AnotherMechanismIsWrongAndIsShown) {
  const Comparison its =
      Compare(kKilled, Says(answers::LEADER_REPLACED_ALIVE, {"producer:acks=1"}, {"kill"}));
  EXPECT_FALSE(its.right());
  EXPECT_FALSE(its.mechanism.right());
  EXPECT_EQ(its.mechanism.named, Names{"leader_replaced_alive"});
  EXPECT_TRUE(its.settings.right());
  EXPECT_TRUE(its.faults.right());
}

TEST(Compare, ADecoyNamedBesideTheCauseIsWrong) {
  const Comparison its = Compare(
      kKilled, Says(answers::LEADER_DIED_BEFORE_COPY, {"producer:acks=1"}, {"kill", "spike"}));
  EXPECT_FALSE(its.right());
  EXPECT_EQ(its.faults.extra, Names{"spike"});
  EXPECT_TRUE(its.faults.missing.empty());
}

TEST(Compare, ASettingThatWouldNotHaveHelpedIsWrong) {
  const Comparison its =
      Compare(kKilled, Says(answers::LEADER_DIED_BEFORE_COPY,
                            {"producer:acks=1", "topic:min.insync.replicas=1"}, {"kill"}));
  EXPECT_EQ(its.settings.extra, Names{"topic:min.insync.replicas=1"});
}

TEST(Compare, OneOfTwoCausesIsNotEnough) {
  const KeyLine both = Line("leader_died_before_copy", "producer:acks=1", "kill,dark");
  const Comparison its =
      Compare(both, Says(answers::LEADER_DIED_BEFORE_COPY, {"producer:acks=1"}, {"kill"}));
  EXPECT_FALSE(its.right());
  EXPECT_EQ(its.faults.missing, Names{"dark"});
  EXPECT_TRUE(
      Compare(both, Says(answers::LEADER_DIED_BEFORE_COPY, {"producer:acks=1"}, {"dark", "kill"}))
          .right());
}

TEST(Compare, NoAnswerAtAllIsWrong) {
  const Comparison its = Compare(kKilled, Explanation());
  EXPECT_FALSE(its.mechanism.right());
  EXPECT_FALSE(its.settings.right());
  EXPECT_FALSE(its.faults.right());
}

TEST(Compare, EachAlternativeIsRightAndTheirMixIsNot) {
  const KeyLine key = Line("sole_member_lost_cache",
                           "producer:acks=1,topic:min.insync.replicas=1|"
                           "topic:flush.messages=unset",
                           "cut,dark");
  const auto settings = [&](const std::vector<std::string>& named) {
    return Compare(key, Says(answers::SOLE_MEMBER_LOST_CACHE, named, {"cut", "dark"})).settings;
  };
  EXPECT_TRUE(settings({"topic:flush.messages=unset"}).right());
  EXPECT_TRUE(settings({"producer:acks=1", "topic:min.insync.replicas=1"}).right());
  EXPECT_EQ(settings({"producer:acks=1"}).missing, Names{"topic:min.insync.replicas=1"});
  EXPECT_EQ(settings({"producer:acks=1", "topic:flush.messages=unset"}).extra,
            Names{"producer:acks=1"});
}

TEST(Compare, NothingToNameIsRightIfNothingIsNamed) {
  const KeyLine key = Line("last_known_leader", "-|topic:flush.messages=unset", "dark");
  EXPECT_TRUE(Compare(key, Says(answers::LAST_KNOWN_LEADER, {}, {"dark"})).right());
  EXPECT_TRUE(
      Compare(key, Says(answers::LAST_KNOWN_LEADER, {"topic:flush.messages=unset"}, {"dark"}))
          .right());
  EXPECT_EQ(
      Compare(key, Says(answers::LAST_KNOWN_LEADER, {"producer:acks=1"}, {"dark"})).settings.extra,
      Names{"producer:acks=1"});
}

TEST(Compare, APlantedBugStandsAmongTheSettings) {
  const KeyLine key = Line("elected_without_copy", "mutant:elect_outside_isr", "kill");
  Explanation says = Says(answers::ELECTED_WITHOUT_COPY, {}, {"kill"});
  Cause& bug = *says.add_causes();
  bug.set_kind(Cause::PLANTED_BUG);
  bug.set_bug(answers::ELECT_OUTSIDE_ISR);
  EXPECT_TRUE(Compare(key, says).right());
  EXPECT_EQ(Compare(key, says).confirmed, 1);  // of two
  bug.set_bug(answers::ACK_BEFORE_APPEND);
  EXPECT_EQ(Compare(key, says).settings.named, Names{"mutant:ack_before_append"});
}

TEST(Compare, AProgramThatDoesNotLookStandsAmongTheSettings) {
  const KeyLine key = Line("error_not_looked_at", "-|program:callback", "cut");
  Explanation says = Says(answers::ERROR_NOT_LOOKED_AT, {}, {"cut"});
  EXPECT_TRUE(Compare(key, says).right());
  Cause& program = *says.add_causes();
  program.set_kind(Cause::PROGRAM);
  program.set_no_callback(true);
  EXPECT_TRUE(Compare(key, says).right());
}

TEST(CanonicalSetting, SpellingsOfOneSettingAreOne) {
  EXPECT_EQ(CanonicalSetting("topic/orders:flush.messages=9223372036854775807"),
            "topic:flush.messages=unset");
  EXPECT_EQ(CanonicalSetting("topic:min.insync.replicas=unset"), "topic:min.insync.replicas=1");
  EXPECT_EQ(CanonicalSetting("producer/shop:acks=0"), "producer:acks=0");
  EXPECT_EQ(CanonicalSetting("cluster.elr=false"), "cluster:elr=false");
  EXPECT_EQ(CanonicalSetting("mutant:ack_before_append"), "mutant:ack_before_append");
  EXPECT_NE(CanonicalSetting("producer:acks=1"), CanonicalSetting("producer:acks=all"));
}

TEST(ParseKey, RefusesALineThatIsNoLine) {
  EXPECT_FALSE(ParseKey("a\t1\thand\tone\tm\ts\n").ok());
  EXPECT_FALSE(ParseKey("a\tone\thand\tone\tm\ts\tf\n").ok());
}

TEST(Totals, AWrongAnswerAndNoAnswerCountAgainstTheShare) {
  std::vector<Scored> scored(4);
  for (Scored& one : scored) one.key = kKilled;
  const auto says = [](const char* fault) {
    return Says(answers::LEADER_DIED_BEFORE_COPY, {"producer:acks=1"}, {fault});
  };
  scored[0].comparison = Compare(kKilled, says("kill"));
  scored[1].comparison = Compare(kKilled, says("kill"));
  scored[2].comparison = Compare(kKilled, says("spike"));
  scored[3].error = "no explanation";
  const std::string totals = FormatTotals(scored);
  EXPECT_NE(totals.find("2 of 4"), std::string::npos) << totals;
  EXPECT_NE(totals.find("MISSED"), std::string::npos) << totals;
  EXPECT_NE(FormatTable(scored).find("beside it fault: spike"), std::string::npos);
  EXPECT_NE(FormatTable(scored).find("no explanation"), std::string::npos);
}

// ---- The key itself.

std::vector<KeyLine> ShippedKey() {
  std::ostringstream text;
  text << std::ifstream(std::filesystem::path(FATE_SOURCE_DIR) / "bench/explain/key.tsv").rdbuf();
  auto key = ParseKey(text.str());
  EXPECT_TRUE(key.ok()) << key.status().message();
  return *std::move(key);
}

TEST(ShippedKey, HasTheCasesThatItPromises) {
  const std::vector<KeyLine> key = ShippedKey();
  uint32_t two_or_decoy = 0;
  uint32_t by_seeds = 0;
  std::set<std::pair<std::string, uint64_t>> cases;
  for (const KeyLine& line : key) {
    if (line.shape != "one") ++two_or_decoy;
    if (line.found.starts_with("seeds ")) ++by_seeds;
    EXPECT_TRUE(cases.emplace(line.scenario, line.seed).second) << line.scenario;
  }
  EXPECT_GE(key.size(), 20u);
  EXPECT_GE(two_or_decoy, 6u);
  EXPECT_GE(by_seeds, 8u);
}

TEST(ShippedKey, NamesMechanismsThatThereAreAndFaultsThatTheScenarioHas) {
  std::set<std::string> mechanisms;
  for (int i = 1; i <= static_cast<int>(kafka::ledger::Mechanism::kErrorNotLookedAt); ++i) {
    mechanisms.insert(kafka::ledger::NameOf(static_cast<kafka::ledger::Mechanism>(i)));
  }
  for (const KeyLine& line : ShippedKey()) {
    std::ostringstream scenario;
    scenario << std::ifstream(std::filesystem::path(FATE_SOURCE_DIR) / "bench/explain/cases" /
                              (line.scenario + ".textproto"))
                    .rdbuf();
    EXPECT_NE(scenario.str(), "") << line.scenario;
    for (const Names& answer : line.mechanisms) {
      for (const std::string& name : answer) EXPECT_TRUE(mechanisms.contains(name)) << name;
    }
    for (const Names& answer : line.faults) {
      for (const std::string& name : answer) {
        EXPECT_NE(scenario.str().find("name: \"" + name + "\""), std::string::npos)
            << line.scenario << ": " << name;
      }
    }
  }
}

}  // namespace
}  // namespace bench
