// How changes, faults and settings are named: of their fields alone.
#include "tools/render/change_text.h"

#include <gtest/gtest.h>

#include "tools/analysis/change.h"

namespace fate {
namespace {

using answers::Change;
using answers::DeclaredFault;

DeclaredFault KillOf(const std::vector<std::string>& brokers) {
  DeclaredFault fault;
  fault.set_kind(answers::kill);
  for (const std::string& broker : brokers) fault.mutable_met()->add_names(broker);
  return fault;
}

answers::SettingValue Acks(const std::string& value) {
  answers::SettingValue setting;
  setting.set_scope("producer");
  setting.set_name("acks");
  setting.set_value(value);
  return setting;
}

TEST(FaultText, NamesTheLeaderInFullAndInShort) {
  DeclaredFault fault = KillOf({"broker-1"});
  fault.set_led("orders-0");
  EXPECT_EQ(render::FaultText(fault), "the kill of broker-1, leader of orders-0");
  EXPECT_EQ(render::FaultWithoutLeader(fault), "the kill of broker-1");
  EXPECT_EQ(render::ShortFaultText(fault), "kill of broker-1 (leader)");
}

TEST(FaultText, SpeaksOfHostsOnlyWhereThereIsRoom) {
  DeclaredFault fault;
  fault.set_kind(answers::power_loss);
  fault.mutable_met()->add_names("broker-1");
  fault.mutable_met()->add_names("broker-2");
  fault.mutable_met()->set_are_hosts(true);
  EXPECT_EQ(render::FaultText(fault), "the power loss of broker-1's host and broker-2's host");
  EXPECT_EQ(render::ShortFaultText(fault), "power loss of broker-1 and broker-2");
}

TEST(FaultText, OfLinksNamesBothSides) {
  DeclaredFault fault = KillOf({"broker-1"});
  fault.set_kind(answers::partition);
  for (const char* name : {"broker-2", "broker-3", "producer/shop"}) {
    fault.mutable_peers()->add_names(name);
  }
  EXPECT_EQ(render::FaultText(fault),
            "the network partition of broker-1 from broker-2, broker-3 and producer/shop");
  fault.mutable_peers()->add_names("controller");
  EXPECT_EQ(render::FaultText(fault), "the network partition of broker-1 from everybody else");
  fault.set_kind(answers::latency_spike);
  EXPECT_EQ(render::FaultText(fault), "the latency spike of broker-1 to everybody else");
}

// A name with a comma in it was once cut off there.
TEST(ChangeText, AMovedFaultKeepsAllWhomItMet) {
  Change change;
  *change.mutable_fault_moved()->mutable_fault() = KillOf({"broker-1", "broker-2", "broker-3"});
  change.mutable_fault_moved()->set_later_ns(40'000'000);
  EXPECT_EQ(render::ChangeText(change), "the kill of broker-1, broker-2 and broker-3 40 ms later");
  change.mutable_fault_moved()->set_later_ns(1'000'000'000);
  EXPECT_EQ(render::ChangeText(change), "the kill of broker-1, broker-2 and broker-3 1 s later");
}

TEST(ChangeText, SettingsAreLinesThatAPersonMayType) {
  answers::ChangeList changes;
  *changes.add_changes()->mutable_setting() = Acks("all");
  EXPECT_EQ(render::ChangeLine(changes), "producer:acks=all");
  changes.add_changes()->set_elr_on(true);
  EXPECT_EQ(render::ChangeLine(changes), "producer:acks=all and cluster:elr=true");
  changes.mutable_changes()->RemoveLast();
  *changes.add_changes()->mutable_setting() = Acks("1");
  EXPECT_EQ(render::ChangeLine(changes), "producer:acks=all, producer:acks=1");
  EXPECT_EQ(render::ListedChanges(changes), "producer:acks=all and producer:acks=1");
}

TEST(SettingText, AValueThatNeverActsIsUnset) {
  answers::SettingValue setting = Acks("");
  setting.set_unset(true);
  EXPECT_EQ(render::SettingName(setting), "producer:acks=unset");
  EXPECT_EQ(render::SettingText(setting), "acks unset");
}

TEST(PlantedBugName, IsTheModelsConstant) {
  EXPECT_EQ(render::PlantedBugName(answers::ACK_BEFORE_APPEND), "kAckBeforeAppend");
  EXPECT_EQ(render::PlantedBugText(answers::ACK_BEFORE_APPEND),
            "the planted bug ack_before_append");
}

TEST(EndingText, IsOfTheMessageOrOfOthersInItsPlace) {
  answers::Ending ending;
  ending.set_kind(answers::Ending::MET);
  ending.set_fate(answers::INVISIBLE);
  EXPECT_EQ(render::EndingText(ending, answers::LOST_AFTER_ACK), "invisible");
  ending.set_kind(answers::Ending::OTHERS_INSTEAD);
  EXPECT_EQ(render::EndingText(ending, answers::LOST_AFTER_ACK), "other messages lost");
}

// ---- Changes of a run. ----

TEST(ChangeSet, IsTheSameInWhateverOrder) {
  using analysis::Together;
  using kafka_config::Scope;
  const analysis::SettingChange acks{Scope::kProducer, "acks", "all"};
  const analysis::SettingChange flush{Scope::kTopic, "flush.messages", "1"};
  EXPECT_TRUE(analysis::AreSame(Together(acks, flush), Together(flush, acks)));
  EXPECT_FALSE(analysis::AreSame(Together(acks, flush), Together(acks)));
  EXPECT_EQ(analysis::SettingLines(Together(acks, analysis::ElrOn{}, flush)),
            (std::vector<std::string>{"producer:acks=all", "topic:flush.messages=1"}));
}

TEST(ChangedPlan, LeavesFaultsOutAndKeepsTheOrderOfTheRest) {
  std::vector<sim::PlannedFault> plan(3);
  plan[0].at = {10};
  plan[1].at = {20};
  plan[2].after_fault = 1;
  const auto without_first =
      analysis::ChangedPlan(analysis::Together(analysis::FaultLeftOut{{0}}), plan, {});
  ASSERT_EQ(without_first.size(), 2u);
  EXPECT_EQ(without_first[1].after_fault, 0);
  const auto without_second =
      analysis::ChangedPlan(analysis::Together(analysis::FaultLeftOut{{1}}), plan, {});
  EXPECT_EQ(without_second[1].after_fault, -1) << "on its own";
}

}  // namespace
}  // namespace fate
