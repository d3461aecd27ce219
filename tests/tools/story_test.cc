// What `fate explain` tells of one message, over everything that ships and loses, and over small
// scenarios that duplicate. Random faults: tests/negative/story_swarm_test.cc.
#include "tools/analysis/story.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "tests/support/every_run.h"
#include "tests/tools/story_laws.h"
#include "tests/tools/story_rig.h"
#include "tools/render/trace.h"

namespace fate {
namespace {

using answers::Explanation;
using kafka::ledger::Fate;

// ---- Everything that ships and loses.

struct Losing {
  const char* scenario;
  std::vector<std::string> set;
  uint64_t seed = 1;
};

void PrintTo(const Losing& losing, std::ostream* out) { *out << losing.scenario; }

class LosingScenario : public testing::TestWithParam<Losing> {};

// Whoever leads at the end does not have it, and the chain says so.
void ExpectNoLeaderHasIt(const Told& told) {
  const analysis::Story& story = told.story;
  if (!story.finding.loser.exists() || told.out.chain().empty()) return;
  const auto& last = *told.out.chain().rbegin();
  const std::string loser = "b" + std::to_string(story.finding.loser.node_id());
  for (int i = 0; i < told.out.brokers_size(); ++i) {
    if (told.out.brokers(i) == loser) {
      EXPECT_EQ(last.copies(i), answers::COPY_NONE);
    }
  }
}

TEST_P(LosingScenario, HasAnOrderlyStoryForEachFinding) {
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  const analysis::Case made =
      MakeCase(LoadedNamed(GetParam().scenario), GetParam().set, GetParam().seed, runner);
  ASSERT_FALSE(made.outcome.verdict.findings.empty());
  for (const kafka::ledger::Finding& finding : made.outcome.verdict.findings) {
    for (const kafka::MessageId message : {finding.messages.front(), finding.messages.back()}) {
      const Told told = Tell(made, message, runner);
      SCOPED_TRACE(told.out.subject().message());
      ExpectLaws(told.story, told.out);
      ExpectNoLeaderHasIt(told);
      // What sent an acks=0 message to a broker that had stopped leading may be long over.
      if (finding.mechanism == kafka::ledger::Mechanism::kNeverReachedLog) continue;
      EXPECT_FALSE(told.story.faults_in_chain.empty());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Shipped, LosingScenario,
    testing::Values(Losing{"b1_power_loss_before_write_back", {}}, Losing{"b7_nobody_asked", {}},
                    Losing{"b8_leader_dies_before_fetch", {}},
                    Losing{"b9_all_but_one_die", {"producer:acks=1"}},
                    Losing{"b11_all_lose_power", {}}, Losing{"acks_one_or_all", {}},
                    Losing{"all_lose_power", {}}, Losing{"all_lose_power", {"producer:acks=1"}},
                    Losing{"leader_cut_off", {"producer:acks=1"}},
                    Losing{"leader_cut_off", {"producer:acks=0"}},
                    Losing{"leader_killed", {"producer:acks=1"}},
                    Losing{"leader_killed", {"producer:acks=0"}, 2},
                    Losing{"rack_loses_power", {"producer:acks=1"}},
                    Losing{"rack_loses_power", {"producer:acks=0"}},
                    Losing{"rolling_restart", {"producer:acks=1"}},
                    Losing{"rolling_restart", {"producer:acks=0"}}));

// ---- Two stories, word for word.

std::string Lines(const Explanation& out) {
  std::string text = out.first_sentence() + "\n";
  for (const std::string& sentence : out.sentences()) text += sentence + "\n";
  for (const auto& row : out.chain()) {
    std::string copies;
    for (const int copy : row.copies()) copies += ".pdMx"[copy];
    text += render::FormatTime({static_cast<int64_t>(row.at_ns())}) + " " + row.where() + ": " +
            row.what() + " " + copies + (row.mark().empty() ? "" : " <- " + row.mark()) + "\n";
  }
  return text;
}

TEST(Story, OfAcksOneAndAKilledLeader) {
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  const analysis::Case made = MakeCase(LoadedNamed("b8_leader_dies_before_fetch"), {}, 1, runner);
  const kafka::MessageId last = made.outcome.verdict.findings.at(0).messages.back();
  EXPECT_EQ(
      Lines(Tell(made, last, runner).out),
      R"TOLD(Because acks=1, broker-1 said "stored" before broker-2 had a copy; the kill of broker-1 (leader) left broker-2 to lead without it.
broker-2 led from epoch 1 with a log that ended at 0; broker-1 cut off what it lacked, from 30 to 0.
Offset 29 now holds a different message (m#59).
30 messages met this end together.
0.295 757 438 producer/shop: sends batch m#29 to broker-1 ...
0.295 862 893 broker-1: appends at offset 29, epoch 0 (page cache); HW is 0 p..
0.295 974 623 producer/shop: gets the answer: the application believes that it is stored p.. <- promise made
0.295 974 623 FAULT: kill of broker-1 (leader) x..
8.528 543 420 controller: fences broker-1 (session expired), elects broker-2 from the ISR {1,2,3}, epoch 0 -> 1 x.. <- point of no return
8.563 188 390 broker-2: leads, epoch 1; its log ends at 0, HW is 0 x..
9.204 960 175 broker-2: appends m#59 at offset 29 x..
31.841 405 891 broker-1: restarts, and truncates from 30 to 0 to match epoch 1 ... <- last bytes erased
)TOLD");
}

TEST(Story, OfAllBrokersLosingPower) {
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  const analysis::Case made = MakeCase(LoadedNamed("b11_all_lose_power"), {}, 1, runner);
  const kafka::MessageId last = made.outcome.verdict.findings.at(0).messages.back();
  EXPECT_EQ(
      Lines(Tell(made, last, runner).out),
      R"TOLD(With flush.messages unset, every copy of m#29 was still in page cache when the power loss of all brokers erased it.
Offset 29 now holds a different message (m#59).
30 messages met this end together.
0.297 917 026 producer/shop: sends batch m#29 to broker-1 ...
0.298 232 891 broker-1: appends at offset 29, epoch 0 (page cache); HW is 29 p..
0.298 866 190 followers: broker-2 and broker-3 copy it (page cache) ppp
0.299 189 039 broker-1: HW 29 -> 30, ISR {1,2,3}: committed ppp
0.299 524 044 producer/shop: gets the answer: the application believes that it is stored ppp <- promise made
0.299 524 044 FAULT: power loss of all brokers; unsynced page cache gone ... <- point of no return, last bytes erased
8.528 543 420 controller: broker-2 leaves the ISR, now {1,3} ...
8.528 543 420 controller: fences broker-1 (session expired), elects broker-3 from the ISR {1,2,3}, epoch 0 -> 1 ...
13.379 244 420 broker-3: appends m#59 at offset 29 ...
)TOLD");
}

TEST(Story, PutsThePromiseBeforeTheFaultAndTheElectionBeforeTheEnd) {
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  const analysis::Case made = MakeCase(LoadedNamed("b8_leader_dies_before_fetch"), {}, 1, runner);
  const auto [story, out] = Tell(made, FirstOf(made, Fate::kLostAfterAck), runner);
  const auto* promise = RowMarked(out, "promise made");
  const auto* no_return = RowMarked(out, "point of no return");
  const auto* erased = RowMarked(out, "last bytes erased");
  ASSERT_TRUE(promise != nullptr && no_return != nullptr && erased != nullptr);
  EXPECT_LT(promise->event(), no_return->event());
  EXPECT_LT(no_return->event(), erased->event());
  EXPECT_EQ(no_return->kind(), "ELECTED");
  EXPECT_EQ(story.faults_in_chain, std::vector<uint16_t>{0});
}

TEST(Story, IsNotLookedUpByName) {
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  loader::LoadedScenario loaded = LoadedNamed("b9_all_but_one_die");
  const analysis::Case made = MakeCase(loaded, {"producer:acks=1"}, 1, runner);
  const kafka::MessageId lost = FirstOf(made, Fate::kLostAfterAck);
  const Told told = Tell(made, lost, runner);
  loaded.scenario.set_name("something_else");
  loaded.scenario.clear_claim();
  loaded.scenario.clear_why();
  for (auto& fault : *loaded.scenario.mutable_fault()) fault.clear_name();
  const analysis::Case renamed = MakeCase(loaded, {"producer:acks=1"}, 1, runner);
  const Told again = Tell(renamed, lost, runner);
  EXPECT_EQ(told.out.SerializeAsString(), again.out.SerializeAsString());
}

// ---- What it does with causes.

TEST(FirstSentence, NamesEveryConfirmedCauseAndMarksTheOthers) {
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  const analysis::Case made = MakeCase(LoadedNamed("b8_leader_dies_before_fetch"), {}, 1, runner);
  Told told = Tell(made, FirstOf(made, Fate::kLostAfterAck), runner);
  answers::Cause& setting = *told.out.add_causes();
  setting.set_kind(answers::Cause::SETTING);
  setting.mutable_setting()->set_scope("producer");
  setting.mutable_setting()->set_name("acks");
  setting.mutable_setting()->set_value("1");
  setting.set_confirmation(answers::Cause::CONFIRMED);
  const auto add_fault = [&](answers::FaultKind kind, const char* broker) {
    answers::Cause* cause = told.out.add_causes();
    cause->set_kind(answers::Cause::FAULT);
    cause->mutable_fault()->set_kind(kind);
    cause->mutable_fault()->mutable_met()->add_names(broker);
    cause->set_confirmation(answers::Cause::CONFIRMED);
    return cause;
  };
  add_fault(answers::kill, "broker-1");
  answers::Cause* second = add_fault(answers::pause, "broker-2");
  render::FillSentences(told.out);
  EXPECT_NE(told.out.first_sentence().find("Because acks=1"), std::string::npos);
  EXPECT_NE(told.out.first_sentence().find("kill of broker-1 and pause of broker-2"),
            std::string::npos);
  second->set_confirmation(answers::Cause::NOT_CONFIRMED);
  render::FillSentences(told.out);
  EXPECT_EQ(told.out.first_sentence().find("pause"), std::string::npos);
}

// ---- Duplicates.

constexpr char kAnswerLost[] = R"(
name: "answer_lost"
why: "The answer dies with the leader; the followers have the message."
cluster { brokers: 3 }
topic { name: "orders" partitions: 1 replication_factor: 3 }
producer {
  name: "shop" config { key: "acks" value: "all" }
  config { key: "enable.idempotence" value: "false" } messages: 50 rate_per_s: 100
}
fault {
  when { note: ACKNOWLEDGED acked_messages_min: 10 } else_at: "1s" cut: BEFORE_EFFECTS
  kill { role: LEADER } restart_after: "20s"
}
)";

TEST(Duplicate, NamesTheLostAnswerAndWhyItWasNotRecognised) {
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  const analysis::Case made = MakeCase(LoadedFrom(kAnswerLost), {}, 1, runner);
  const kafka::MessageId twice = FirstOf(made, Fate::kDuplicate);
  ASSERT_TRUE(twice.exists());
  const auto [story, out] = Tell(made, twice, runner);
  ExpectLaws(story, out);
  EXPECT_EQ(out.story().offsets_size(), 2);
  std::string kinds;
  for (const auto& row : out.chain()) kinds += row.kind() + " ";
  EXPECT_NE(kinds.find("APPENDED_AGAIN"), std::string::npos) << kinds;
  EXPECT_NE(kinds.find("RETRIED"), std::string::npos) << kinds;
  EXPECT_NE(out.first_sentence().find("enable.idempotence=false"), std::string::npos);
}

}  // namespace
}  // namespace fate
