// What would have saved it, at which price, and what is said of what would not.
#include "tools/analysis/what_if.h"

#include <gmock/gmock.h>

#include <chrono>

#include "tests/support/every_run.h"
#include "tests/tools/what_if_testing.h"
#include "tools/analysis/causes.h"
#include "tools/analysis/price.h"
#include "tools/analysis/words.h"
#include "tools/answers/wilson.h"
#include "tools/render/change_text.h"
#include "tools/render/explanation_fill.h"

namespace fate {
namespace {

using answers::WhatIf;
using kafka::ledger::Fate;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct Answer {
  WhatIf what_if;
  std::vector<std::string> as_they_came;

  const WhatIf::Line& of(const std::string& change) const {
    for (const WhatIf::Line& line : what_if.lines()) {
      if (line.change() == change) return line;
    }
    static const WhatIf::Line none;
    ADD_FAILURE() << "no line " << change << " in\n" << what_if.DebugString();
    return none;
  }
};

Answer Ask(const analysis::Case& made, uint32_t seeds = 200, uint32_t jobs = 2,
           Fate fate = Fate::kLostAfterAck) {
  const analysis::Story story = StoryOf(made, fate, {0});
  answers::Explanation out;
  out.mutable_subject()->set_fate(analysis::AnswerOf(story.fate));
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  analysis::FindCauses(made, story, {}, runner, out);
  Answer answer;
  const auto candidates = analysis::CandidatesOf(made, story, out);
  const auto on_line = [&](const WhatIf::Line& line) {
    answer.as_they_came.push_back(render::ChangeLine(line.changes()));
  };
  analysis::AskWhatIf(made, story, candidates,
                      {.seeds = seeds, .jobs = jobs, .stop = {}, .on_line = on_line},
                      *out.mutable_what_if());
  render::FillSentences(out);
  answer.what_if = out.what_if();
  return answer;
}

const WhatIf::Price& PriceOf(const WhatIf::Line& line, const std::string& what) {
  for (const WhatIf::Price& price : line.prices()) {
    if (price.what() == what) return price;
  }
  static const WhatIf::Price none;
  ADD_FAILURE() << "no price " << what;
  return none;
}

analysis::Case Killed(std::vector<std::string> set = {}) {
  return CaseOf(Cluster(std::string(kTopic) + kPaced + kKill), std::move(set));
}

TEST(WhatIf, AcksAllWouldHaveSavedItAndCostsTheWayToTheFollowers) {
  const Answer answer = Ask(Killed());
  const WhatIf::Line& cure = answer.of("producer:acks=all");
  EXPECT_TRUE(cure.cure());
  EXPECT_EQ(cure.this_run(), "saved");
  EXPECT_EQ(cure.losing(), 0u);
  EXPECT_EQ(cure.n(), 200u);
  EXPECT_EQ(cure.low(), 0);
  EXPECT_NEAR(cure.high(), answers::Wilson(0, 200).high, 1e-12);
  EXPECT_EQ(answer.what_if.lines(0).change(), "producer:acks=all") << "the best comes first";
  // The answer waits for the followers' next fetch, 20 ms there and 20 ms back, and the next
  // request of the connection waits for the answer (KB:X-1).
  const WhatIf::Price& p50 = PriceOf(cure, "produce latency p50");
  EXPECT_LT(p50.base(), 20);
  EXPECT_GT(p50.low(), 40);
  EXPECT_EQ(p50.unit(), "ms");
  const WhatIf::Line& base = answer.what_if.base();
  EXPECT_EQ(base.this_run(), "lost");
  EXPECT_GE(base.n(), 200u);
  EXPECT_GT(base.losing(), base.n() / 2);
}

TEST(WhatIf, ALaterFaultIsLuck) {
  const Answer answer = Ask(Killed());
  const WhatIf::Line& later = answer.of("the kill of broker-1 40 ms later");
  EXPECT_EQ(later.kind(), WhatIf::Line::FAULT);
  EXPECT_FALSE(later.cure());
  EXPECT_THAT(later.remark(), HasSubstr("luck, not a fix"));
}

TEST(WhatIf, WhatIsInForceAlreadyIsSaidAndNotRun) {
  const Answer answer = Ask(Killed());
  const WhatIf::Line& unclean = answer.of("topic:unclean.leader.election.enable=false");
  EXPECT_EQ(unclean.remark(), "already the default; not the cause here");
  EXPECT_EQ(unclean.this_run(), "");
  EXPECT_EQ(unclean.n(), 0u);
  EXPECT_EQ(answer.of("topic:min.insync.replicas=2").remark(), "already set; not the cause here");
}

TEST(WhatIf, WhatDoesNotSaveThisRunIsNotRunOnOthers) {
  const Answer answer = Ask(Killed());
  const WhatIf::Line& flush = answer.of("broker:replica.lag.time.max.ms=10000");
  EXPECT_EQ(flush.this_run(), "lost");
  EXPECT_EQ(flush.remark(), "no effect");
  EXPECT_EQ(flush.n(), 0u);
  EXPECT_EQ(flush.prices_size(), 0);
}

TEST(WhatIf, TheAnswerIsTheSameWhateverTheJobs) {
  const Answer one = Ask(Killed(), 100, 1);
  const Answer two = Ask(Killed(), 100, 2);
  EXPECT_EQ(one.what_if.SerializeAsString(), two.what_if.SerializeAsString());
  EXPECT_EQ(one.as_they_came, two.as_they_came);
  EXPECT_EQ(one.as_they_came.size(), static_cast<size_t>(one.what_if.lines_size()));
}

// Every copy lies in a page cache when the power goes: only the flush helps, and it costs.
TEST(WhatIf, AgainstACommonPowerLossThePairIsNeeded) {
  const analysis::Case made = CaseOf(Cluster(
      std::string(kTopic) + kPaced +
      "fault { when { note: ACKNOWLEDGED_TO_APPLICATION copies: 1 in_flight: 0 acked_messages_min: "
      "30 } else_at: \"1s\" power_loss { domain: ALL } restart_after: \"20s\" } "));
  const Answer answer = Ask(made);
  EXPECT_TRUE(answer.of("producer:acks=all, topic:flush.messages=1").cure());
  EXPECT_EQ(answer.of("producer:acks=all, topic:flush.messages=1").losing(), 0u);
  EXPECT_FALSE(answer.of("producer:acks=all").cure());
}

// ---- When a line has seen enough ----

TEST(StoppingRule, IsAFunctionOfCountsAlone) {
  EXPECT_FALSE(analysis::EnoughSeeds(0, 300, 300)) << "four blocks at least";
  EXPECT_TRUE(analysis::EnoughSeeds(0, 400, 400)) << "none of 400: below 1 %";
  EXPECT_TRUE(analysis::EnoughSeeds(0, 0, 400)) << "apart or not";
  EXPECT_FALSE(analysis::EnoughSeeds(12, 12, 400)) << "too wide, and not apart";
  EXPECT_TRUE(analysis::EnoughSeeds(12, 200, 400)) << "apart";
  EXPECT_FALSE(analysis::EnoughSeeds(200, 12, 400)) << "apart, and wide";
}

// ---- Prices ----

analysis::Sample Of(double p50, double refused) {
  return {.acknowledged = 10, .timed = 10, .latency_p50 = p50, .refused = refused};
}

TEST(Prices, AreDifferencesSeedBySeed) {
  const std::vector<analysis::Sample> base = {Of(1, 0), Of(5, 0), Of(9, 0)};
  const std::vector<analysis::Sample> changed = {Of(3, 1), Of(7, 1), Of(11, 4)};
  const analysis::PriceDifference p50 =
      analysis::DifferenceOf(analysis::Measure::kLatencyP50, changed, base);
  EXPECT_DOUBLE_EQ(p50.mean, 2);
  EXPECT_DOUBLE_EQ(p50.low, 2) << "the seeds differ by 8 ms, the pairs by nothing";
  EXPECT_DOUBLE_EQ(p50.high, 2);
  EXPECT_DOUBLE_EQ(p50.base, 5);
  const analysis::PriceDifference refused =
      analysis::DifferenceOf(analysis::Measure::kRefused, changed, base);
  EXPECT_DOUBLE_EQ(refused.mean, 2);
  EXPECT_LT(refused.low, 2);
  EXPECT_NEAR(refused.high - refused.mean, 1.96 * std::sqrt(3.0 / 3), 1e-3);
}

TEST(Prices, OfRunsThatAcknowledgedNothingHaveNoLatency) {
  const std::vector<analysis::Sample> base = {Of(1, 0), {.acknowledged = 0, .refused = 10}};
  const std::vector<analysis::Sample> changed = {Of(2, 0), Of(100, 0)};
  EXPECT_EQ(analysis::DifferenceOf(analysis::Measure::kLatencyP50, changed, base).n, 1u);
  EXPECT_DOUBLE_EQ(analysis::DifferenceOf(analysis::Measure::kLatencyP50, changed, base).mean, 1);
  EXPECT_DOUBLE_EQ(analysis::DifferenceOf(analysis::Measure::kRefused, changed, base).mean, -5);
}

// Nobody can be answered between the kill and the next leader, 7 to 10 s later.
TEST(Prices, UnavailableIsTheTimeWithoutAnAnswer) {
  const analysis::Case made = Killed();
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  kafka::RunOutcome outcome;
  analysis::PriceWatcher watcher;
  watcher.Begin();
  runner.Run(made.request(), outcome, &watcher);
  const analysis::Sample sample = watcher.Finish();
  EXPECT_GT(sample.unavailable, 6);
  EXPECT_LT(sample.unavailable, 14);
  EXPECT_EQ(sample.acknowledged, 100u);
  EXPECT_EQ(sample.refused, 0);
  EXPECT_LT(sample.timed, 100u) << "those that waited for the election are in the outage";
  EXPECT_LT(sample.latency_p99, 1000);
  EXPECT_LE(sample.latency_p50, sample.latency_p99);
}

}  // namespace
}  // namespace fate
