// What one run says of itself: never a good word over a message that came to harm, and no instant,
// reason or cure that was not so.
#include "tools/render/headline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/every_run.h"
#include "tests/tools/what_if_testing.h"
#include "tools/analysis/cures.h"
#include "tools/analysis/evaluate.h"
#include "tools/analysis/study.h"
#include "tools/render/fill.h"
#include "tools/render/human.h"

namespace fate {
namespace {

using answers::RunResult;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct OneRun {
  RunResult result;
  analysis::Judgement judgement;
  std::string text;
  std::string sentences;  // of all findings
};

OneRun RunOf(std::string_view text, std::vector<std::string> set = {}, uint64_t seed = 1) {
  const analysis::Case made = NotRunYet(LoadedFrom(text), std::move(set), seed);
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  kafka::RunOutcome outcome;
  runner.Run(made.request(), outcome);
  OneRun run;
  run.judgement = analysis::Judge(made.prepared, outcome, runner.world());
  run.result = analysis::Evaluate(made.prepared, seed, outcome, run.judgement, runner.world());
  analysis::ConfirmCures(*made.tables, made.prepared, made.user, outcome, run.result);
  render::FillSentences(run.result);
  run.text = render::RenderRun(run.result,
                               {.style = render::MakeStyle(render::ColorChoice::kNever, true, 1)});
  for (const auto& finding : run.result.findings()) run.sentences += finding.sentence() + "\n";
  return run;
}

std::string Topic(int copies, std::string_view config = "") {
  return "topic { name: \"t\" partitions: 1 replication_factor: " + std::to_string(copies) + " " +
         std::string(config) + " } ";
}
std::string Config(std::string_view key, std::string_view value) {
  return "config { key: \"" + std::string(key) + "\" value: \"" + std::string(value) + "\" } ";
}
std::string Scenario(std::string_view more) {
  return "name: \"x\" cluster { brokers: 3 } " + std::string(more);
}

// ---- Harm that the scenario does not speak of. ----

// Nobody declared NO_SILENT_LOSS.
std::string SilentLoss() {
  return Scenario(Topic(3) +
                  "producer { name: \"p\" messages: 300 rate_per_s: 100 callback: false " +
                  Config("delivery.timeout.ms", "3000") + Config("request.timeout.ms", "1000") +
                  "} producer { name: \"q\" messages: 3 } "  // somebody is told something
                  "fault { at: \"1s\" kill { role: LEADER } restart_after: \"20s\" } ");
}
// Nobody declared ORDER_PER_KEY: batches that are too large are split, and sent again behind
// others.
std::string Reordering() {
  return Scenario(Topic(3, Config("max.message.bytes", "3000")) +
                  "producer { name: \"p\" messages: 200 size: 500 " + Config("acks", "1") + "} ");
}

TEST(Headline, NoTickStandsBesideALossThatNobodyAskedAbout) {
  const OneRun run = RunOf(SilentLoss());
  ASSERT_GT(run.result.ledger().lost_silent(), 0u);
  EXPECT_EQ(run.result.verdict(), answers::BROKEN);
  EXPECT_THAT(run.text, StartsWith("[X] LOST "));
  ASSERT_EQ(run.result.undeclared_size(), 1);
  EXPECT_EQ(run.result.undeclared(0).property(), answers::NO_SILENT_LOSS);
  EXPECT_EQ(run.result.undeclared(0).observed(), answers::BROKEN);
  EXPECT_THAT(run.text, HasSubstr("besides NO_SILENT_LOSS"));
  EXPECT_THAT(run.text, Not(HasSubstr("[ok] LOST")));
  // Expectations, and nothing else, decide the exit code.
  EXPECT_EQ(analysis::WorstMet(run.judgement.expectations), analysis::Met::kYes);
}

TEST(Headline, SpeaksOfOrderWhereNothingElseIsBroken) {
  const OneRun run = RunOf(Reordering());
  ASSERT_GT(run.result.ledger().reordered(), 0u);
  EXPECT_EQ(run.result.verdict(), answers::BROKEN);
  EXPECT_THAT(run.text, StartsWith("[X] REORDERED "));
}

answers::Finding FindingOf(answers::LossClass loss_class, answers::Rule rule, uint32_t count) {
  answers::Finding finding;
  finding.set_property(answers::NO_ACKED_LOSS);
  finding.set_class_(loss_class);
  finding.set_rule(rule);
  finding.set_acks("1");
  finding.set_count(count);
  return finding;
}

// It follows the worst class, and says how many messages have which.
TEST(Headline, SaysHowManyMessagesHaveWhichClass) {
  RunResult result;
  auto& outcome = *result.add_properties();
  outcome.set_property(answers::NO_ACKED_LOSS);
  outcome.set_status(answers::BROKEN);
  outcome.set_class_(answers::PROMISE_BROKEN);
  outcome.set_judged(300);
  outcome.set_broken(12);
  *result.add_findings() = FindingOf(answers::AS_CONFIGURED, answers::RULE_2, 6);
  *result.add_findings() = FindingOf(answers::PROMISE_BROKEN, answers::RULE_3E, 2);
  *result.add_findings() = FindingOf(answers::AS_CONFIGURED, answers::RULE_2, 4);
  EXPECT_EQ(render::Headline(result),
            "LOST 12 of 300 acknowledged messages, which breaks Kafka's promise (2 PROMISE_BROKEN, "
            "10 AS_CONFIGURED)");
}

// No acks had a part in what was still in the memory of a process that ended.
TEST(Headline, BlamesNoAcksForAProducerThatDied) {
  const OneRun run = RunOf(Scenario(Topic(3, Config("max.message.bytes", "600")) +
                                    "producer { name: \"p\" messages: 20 size: 400 } fault { when "
                                    "{ note: ACKNOWLEDGED_TO_APPLICATION } else_at: \"5s\" kill { "
                                    "producer: \"p\" } } "));
  ASSERT_GT(run.result.ledger().lost_silent(), 0u);
  EXPECT_EQ(run.result.ledger().lost_after_ack(), 0u);  // the first part's answer is its own
  EXPECT_THAT(run.result.headline(), HasSubstr("since their producer died first"));
  EXPECT_THAT(run.result.headline(), Not(HasSubstr("acks=")));
}

// FLUSHED_BEFORE_COPIED is broken in every run of Kafka: it says how Kafka works, and harms nobody.
TEST(Headline, HowKafkaWorksInsideIsNoHarm) {
  const OneRun run = RunOf(Scenario(Topic(3) + "producer { name: \"p\" messages: 20 } "));
  EXPECT_EQ(run.judgement.of(loader::proto::FLUSHED_BEFORE_COPIED).status, loader::proto::BROKEN);
  EXPECT_EQ(run.result.verdict(), answers::HELD);
  EXPECT_EQ(run.result.undeclared_size(), 0);
  EXPECT_THAT(run.text, StartsWith("[ok] HELD "));
}

// A question that nobody put, and that the run cannot answer, is no doubt about the others.
TEST(Headline, AnOpenQuestionThatNobodyPutCountsForNothing) {
  const OneRun run =
      RunOf(Scenario(Topic(3) + "producer { name: \"p\" messages: 20 " + Config("acks", "0") +
                     "} expect { property: NO_SILENT_LOSS status: HELD } "));
  EXPECT_EQ(run.judgement.of(loader::proto::NO_ACKED_LOSS).status, loader::proto::INCONCLUSIVE);
  EXPECT_EQ(run.result.verdict(), answers::HELD);
}

TEST(Headline, ABatchSpeaksOfWhatIsBrokenToo) {
  const analysis::Case made = NotRunYet(LoadedFrom(SilentLoss()), {}, 1);
  const auto outcomes =
      analysis::RunSeeds(made.prepared, {.seeds = {.first = 1, .last = 3}, .jobs = 1});
  const auto tallies =
      analysis::TallyOf(outcomes, analysis::ExpectationsOf(made.prepared.scenario.scenario));
  ASSERT_EQ(tallies.size(), 3u);
  EXPECT_EQ(tallies[2].property, loader::proto::NO_SILENT_LOSS);
  EXPECT_TRUE(tallies[2].undeclared);
  EXPECT_EQ(analysis::Leading(tallies).property, loader::proto::NO_SILENT_LOSS);
  EXPECT_EQ(analysis::Leading(tallies).broken, 3u);
  EXPECT_EQ(analysis::WorstSeeds(outcomes, 10).size(), 3u);
  EXPECT_EQ(analysis::WorstMet(outcomes), analysis::Met::kYes);
}

// ---- Instants and reasons. ----

TEST(WhatHappened, EachCacheHasItsOwnEnd) {
  std::string faults;
  for (const char* at : {"2", "4", "6"}) {
    faults += "fault { at: \"" + std::string(at) +
              "s\" power_loss { domain: RACK of { broker: " + std::to_string((at[0] - '0') / 2) +
              " } } restart_after: \"4s\" } ";
  }
  const OneRun run =
      RunOf(Scenario(Topic(3, Config("min.insync.replicas", "2")) +
                     "producer { name: \"p\" messages: 600 rate_per_s: 100 } " + faults));
  ASSERT_GT(run.result.ledger().lost_after_ack(), 0u);
  EXPECT_THAT(run.sentences, HasSubstr("(broker-1 at 2.000 000 000 s; broker-2 at 4.000 000 000 s; "
                                       "broker-3 at 6.000 000 000 s)"));
}

// A leader without power leads nobody: it leads again when it is back and knows that it leads.
TEST(WhatHappened, AReturnIsNotBeforeTheLeaderIsBack) {
  const std::string led = " led again without it (at ";
  int returns = 0;
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    const OneRun run = RunOf(
        "name: \"x\" cluster { brokers: 3 } network { between_brokers: \"20ms\" } " + Topic(3) +
            "producer { name: \"p\" messages: 200 rate_per_s: 100 " + Config("acks", "1") +
            "} fault { at: \"1s\" power_loss { domain: ROOM of { role: LEADER } } "
            "restart_after: \"5s\" } ",
        {}, seed);
    const size_t at = run.sentences.find(led);
    if (at == std::string::npos) continue;  // another one was fenced last, and leads
    ++returns;
    EXPECT_GT(std::stod(run.sentences.substr(at + led.size())), 6.0) << run.sentences;
  }
  EXPECT_GT(returns, 0);
}

TEST(WhatHappened, AcksZeroAcknowledgesNothing) {
  const OneRun run = RunOf(Scenario(
      Topic(1) + "producer { name: \"p\" messages: 300 rate_per_s: 100 " + Config("acks", "0") +
      "} fault { at: \"1.5s\" power_loss { of { role: LEADER } } restart_after: \"5s\" } "));
  ASSERT_GT(run.result.findings_size(), 1);
  EXPECT_THAT(run.result.headline(), HasSubstr("as acks=0 permits"));
  EXPECT_THAT(run.result.headline(), HasSubstr("as copies in page caches alone permit"));
  EXPECT_THAT(run.result.headline(), Not(HasSubstr("acknowledging")));
}

// Stored under no acks: the program would only be told.
TEST(WhatHappened, WhatIsTooLargeIsCalledThat) {
  const OneRun run =
      RunOf(Scenario(Topic(3, Config("max.message.bytes", "1000")) +
                     "producer { name: \"p\" messages: 20 rate_per_s: 20 size: 2000 " +
                     Config("acks", "0") + "} "));
  ASSERT_EQ(run.result.ledger().lost_silent(), 20u);
  EXPECT_THAT(run.sentences, HasSubstr("too large for t-0 (max.message.bytes=1000)"));
  EXPECT_THAT(run.result.headline(), HasSubstr("since they are too large"));
  EXPECT_THAT(run.result.findings(0).cure(), HasSubstr("topic:max.message.bytes="));
  EXPECT_THAT(run.result.findings(0).cure(), Not(HasSubstr("acks")));
  EXPECT_TRUE(run.result.findings(0).cure_confirmed());
}

TEST(WhatHappened, WhatTheClientRefusesForItsSizeIsTheClientsLimit) {
  const OneRun run =
      RunOf(Scenario(Topic(3) + "producer { name: \"p\" messages: 5 rate_per_s: 20 size: 2000 " +
                     "callback: false " + Config("max.request.size", "1000") + "} "));
  ASSERT_EQ(run.result.ledger().lost_silent(), 5u);
  EXPECT_THAT(run.sentences, HasSubstr("larger than max.request.size"));
  EXPECT_THAT(run.result.findings(0).cure(), HasSubstr("producer:max.request.size="));
  EXPECT_THAT(run.result.findings(0).cure(), Not(HasSubstr("max.message.bytes")));
  EXPECT_TRUE(run.result.findings(0).cure_confirmed());
}

// ---- Twice in the log. ----

// One way only: requests come in, answers do not go out. The leader then comes back from a crash
// with a producer snapshot, which knows the newest batch alone (KB:P-40).
TEST(WhatHappened, ADoubledMessageHasAReason) {
  const OneRun run = RunOf(Scenario(
      Topic(1) + "producer { name: \"p\" messages: 300 rate_per_s: 50 " +
      Config("request.timeout.ms", "2000") +
      "} fault { at: \"4.656s\" partition { from { role: LEADER } one_way: true heal_after: "
      "\"22s\" } } fault { at: \"21s\" kill { role: LEADER } restart_after: \"10s\" } "));
  ASSERT_GT(run.result.ledger().duplicate(), 0u);
  EXPECT_THAT(run.text, StartsWith("[X] DOUBLED "));
  EXPECT_THAT(run.sentences, HasSubstr("stand twice in t-0"));
  EXPECT_THAT(run.sentences, HasSubstr("broker-1 was killed (at 21.000 000 000 s)"));
  EXPECT_THAT(run.sentences, HasSubstr("producer snapshot"));
  EXPECT_THAT(run.sentences, HasSubstr("(OUT_OF_ORDER_SEQUENCE_NUMBER)"));
  EXPECT_THAT(run.sentences, HasSubstr("the producer took a new epoch (at "));
  EXPECT_THAT(run.text, HasSubstr("DUPLICATE           m#"));
}

TEST(WhatHappened, WithoutIdempotenceThatIsTheReason) {
  const OneRun run =
      RunOf(Scenario(Topic(3) + "producer { name: \"p\" messages: 300 rate_per_s: 50 " +
                     Config("request.timeout.ms", "2000") + Config("enable.idempotence", "false") +
                     "} fault { at: \"2s\" partition { from { role: LEADER } one_way: true "
                     "heal_after: \"5s\" } } "));
  ASSERT_GT(run.result.ledger().duplicate(), 0u);
  EXPECT_THAT(run.sentences, HasSubstr("enable.idempotence=false"));
  EXPECT_THAT(run.sentences, Not(HasSubstr("new epoch")));
}

// ---- Elections. ----

TEST(Counters, TheLastKnownLeaderIsNoUncleanElection) {
  const OneRun run = RunOf(
      Scenario(Topic(1) + "producer { name: \"p\" messages: 100 rate_per_s: 100 } "
                          "fault { at: \"0.5s\" kill { role: LEADER } restart_after: \"5s\" } "));
  EXPECT_EQ(run.result.counters().elections(), 1u);
  EXPECT_EQ(run.result.counters().unclean_elections(), 0u);
  EXPECT_EQ(run.result.counters().last_known_leader_elections(), 1u);
  EXPECT_THAT(run.text, Not(HasSubstr("unclean")));
  EXPECT_THAT(run.text, HasSubstr("of the last known leader 1"));
}

// ---- Eligible leader replicas as a cure. ----

// RF 2, min.insync.replicas=2, ELR off: the leader loses its cache, alone in the ISR.
std::string LeftAlone(std::string_view follower_fault) {
  return "name: \"x\" cluster { brokers: 3 elr: false } " +
         Topic(2, Config("min.insync.replicas", "2")) +
         "producer { name: \"p\" messages: 200 rate_per_s: 100 } fault { at: \"1s\" " +
         std::string(follower_fault) +
         " { role: FOLLOWER } restart_after: \"60s\" } fault { at: \"14s\" power_loss { of { role: "
         "LEADER } } restart_after: \"5s\" } ";
}
RunResult WithElr(std::string text) {
  text.replace(text.find("elr: false"), 10, "elr: true ");
  return RunOf(text).result;
}

TEST(ElrInARun, IsNamedWhereItSaves) {
  const std::string text = LeftAlone("stop");
  const OneRun run = RunOf(text);
  ASSERT_GT(run.result.ledger().lost_after_ack(), 0u);
  EXPECT_THAT(run.result.findings(0).cure(), HasSubstr("eligible leader replicas"));
  EXPECT_EQ(WithElr(text).ledger().lost_after_ack(), 0u);
}

TEST(ElrInARun, IsNotNamedWhereItDoesNot) {
  const std::string text = LeftAlone("kill");
  const OneRun run = RunOf(text);
  ASSERT_GT(run.result.ledger().lost_after_ack(), 0u);
  EXPECT_THAT(run.result.findings(0).cure(), HasSubstr("flush.messages=1"));
  EXPECT_TRUE(run.result.findings(0).cure_confirmed());
  EXPECT_GT(WithElr(text).ledger().lost_after_ack(), 0u);
}

}  // namespace
}  // namespace fate
