// A run that has spent its events was ended where it stood: it shows nothing, and says who spun.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/every_run.h"
#include "tests/tools/what_if_testing.h"
#include "tools/analysis/evaluate.h"
#include "tools/analysis/recorded_run.h"
#include "tools/answers/event_names.h"
#include "tools/fate/exit_codes.h"
#include "tools/render/fill.h"
#include "tools/render/human.h"

namespace fate {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kMany[] =
    "producer { name: \"shop\" messages: 2000 rate_per_s: 500 "
    "config { key: \"acks\" value: \"1\" } } ";

// Loses messages, if it is let run to its end.
struct CutShort {
  analysis::Case made = NotRunYet(LoadedFrom(Cluster(std::string(kTopic) + kMany + kKill)), {}, 1);
  kafka::Runner runner{fate_tests::TwinOfEveryRun};
  kafka::RunOutcome outcome;

  void Run(const sim::EventLimits& limits) {
    kafka::RunRequest request = made.request();
    request.limits = limits;
    runner.Run(request, outcome);
  }
};

TEST(Overrun, NoPropertyIsJudgedAndTheExitCodeIsThatOfAnInconclusiveRun) {
  CutShort losing;
  losing.Run({.in_all = 1000});
  ASSERT_TRUE(losing.outcome.overrun.has_value()) << losing.outcome.events << " events";
  EXPECT_LT(losing.outcome.events, 2100u);
  const analysis::Judgement judgement =
      analysis::Judge(losing.made.prepared, losing.outcome, losing.runner.world());
  EXPECT_EQ(judgement.verdict, loader::proto::INCONCLUSIVE);
  EXPECT_THAT(judgement.undeclared, IsEmpty());
  for (const auto property :
       {loader::proto::NO_ACKED_LOSS, loader::proto::NO_DUPLICATE, loader::proto::ORDER_PER_KEY}) {
    EXPECT_EQ(judgement.of(property).status, loader::proto::INCONCLUSIVE);
    EXPECT_EQ(judgement.of(property).doubt.kind(), answers::Doubt::OUT_OF_EVENTS);
  }
  EXPECT_EQ(ExitCodeOf(analysis::WorstMet(judgement.expectations)), kExitInconclusive);
  EXPECT_FALSE(analysis::IsInternalError(losing.made.prepared, losing.outcome));
}

TEST(Overrun, TheAnswerNamesTheMachineAndWhatItSpunOn) {
  CutShort losing;
  losing.Run({});
  ASSERT_FALSE(losing.outcome.overrun.has_value());
  losing.outcome.overrun = sim::Overrun{
      .limit = sim::Overrun::Limit::kTimersAtNow,
      .source = {.kind = sim::EventKind::kTimer,
                 .machine = kafka::MachineOf(losing.made.setup(), kafka::ProducerIndex{0}),
                 .tag = {kafka::producer::kSenderTimer, 0, 0}},
      .at = {sim::Seconds(2).ns}};
  const analysis::Judgement judgement =
      analysis::Judge(losing.made.prepared, losing.outcome, losing.runner.world());
  answers::RunResult result =
      analysis::Evaluate(losing.made.prepared, 1, losing.outcome, judgement, losing.runner.world());
  EXPECT_EQ(result.findings_size(), 0);
  render::FillSentences(result);
  const std::string text =
      render::RenderRun(result, {.style = render::MakeStyle(render::ColorChoice::kNever, true, 1)});
  EXPECT_THAT(text, HasSubstr("INCONCLUSIVE NO_ACKED_LOSS: the run was ended (at 2.000 000 000 s), "
                              "since it had spent its events: producer/shop, the timer of the "
                              "sender, again and again"));
}

TEST(Overrun, MessagesAndTheEnginesOwnWorkHaveNamesToo) {
  const CutShort losing;
  const auto name = [&](sim::EventKind kind) {
    return answers::NameOfEvent(losing.made.setup(), {.kind = kind, .machine = {}, .tag = {}});
  };
  EXPECT_EQ(name(kafka::Bodies::KindOf<kafka::FetchRequest>()), "FetchRequest");
  EXPECT_EQ(name(kafka::Bodies::KindOf<kafka::OffsetFetchResponse>()), "OffsetFetchResponse");
  EXPECT_EQ(name(sim::EventKind::kStorageWake), "storage wakes");
}

}  // namespace
}  // namespace fate
