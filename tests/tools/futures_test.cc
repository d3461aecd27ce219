// The moment of no return: how many futures lose a message, from each point of a run on.
#include "tools/analysis/futures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/every_run.h"
#include "tests/tools/story_rig.h"
#include "tools/analysis/survival.h"
#include "tools/analysis/words.h"
#include "tools/answers/wilson.h"
#include "tools/render/explanation_fill.h"
#include "tools/render/futures_text.h"

namespace fate {
namespace {

using answers::Futures;
using testing::HasSubstr;

constexpr uint64_t kSeed = 1;

analysis::Case Shipped(const std::string& scenario, std::vector<std::string> set = {}) {
  return NotRunYet(LoadedNamed(scenario), std::move(set), kSeed);
}

// Finds the points of one message by what is said of it.
class PointFinder : public kafka::RunWatcher {
 public:
  explicit PointFinder(kafka::MessageId message) : message_(message) {}

  void OnEvent(const sim::NoteHeader& header, std::span<const sim::Note> notes,
               const kafka::World& world) override {
    for (const sim::Note& note : notes) {
      note.Visit<kafka::notes::AckedToApplication, kafka::notes::Appended,
                 kafka::notes::PartitionState, sim::notes::FaultFired>(
          [&](const kafka::notes::AckedToApplication&) {
            last_answer = header.time;
            if (Is(world, note)) Add(Futures::Anchor::ACK, header);
          },
          [&](const kafka::notes::Appended& said) {
            if (said.as_leader && Is(world, note)) Add(Futures::Anchor::APPEND, header);
          },
          [&](const kafka::notes::PartitionState& said) {
            const bool elected = said.election == kafka::Election::kFromIsr ||
                                 said.election == kafka::Election::kFromElr;
            if (elected) Add(Futures::Anchor::ELECTION, header);
          },
          [&](const sim::notes::FaultFired&) { Add(Futures::Anchor::FAULT, header); });
    }
  }

  std::vector<analysis::DecisivePoint> points;
  sim::SimTime last_answer{};

 private:
  bool Is(const kafka::World& world, const sim::Note& note) const {
    return world.observer.truth.IsAbout(note, analysis::IdentityOf(world, message_).uid,
                                        world.tables, *world.config);
  }
  void Add(Futures::Anchor::Kind kind, const sim::NoteHeader& header) {
    Futures::Anchor anchor;
    anchor.set_kind(kind);
    if (kind == Futures::Anchor::FAULT) anchor.set_fault(answers::kill);
    if (points.size() < 4) points.push_back({{anchor}, header.event.value, header.time});
  }
  kafka::MessageId message_;
};

// The last message that was lost, or `message`, as if it had met that end.
analysis::Story TellOf(analysis::Case& made, kafka::MessageId message = kafka::MessageId::None()) {
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  analysis::RunCase(made, runner);
  analysis::Story story;
  story.fate = kafka::ledger::Fate::kLostAfterAck;
  if (!message.exists() && !made.outcome.verdict.findings.empty()) {
    message = made.outcome.verdict.findings[0].messages.back();
    story.fate = made.outcome.verdict.read.fates[message.value];
  }
  story.message = message;
  story.identity = analysis::IdentityOf(runner.world(), message);
  PointFinder finder(message);
  analysis::RunCase(made, runner, &finder);
  story.decisive = finder.points;
  story.last_answer = finder.last_answer;
  return story;
}

Futures Draw(const analysis::Case& made, const analysis::Story& story, uint32_t futures,
             uint32_t jobs) {
  answers::Explanation out;
  out.mutable_subject()->set_fate(analysis::AnswerOf(story.fate));
  analysis::DrawFutures(made, story, {.futures = futures, .jobs = jobs, .stop = {}},
                        *out.mutable_futures());
  render::FillSentences(out);
  return out.futures();
}

// CL:B8: the kill comes with the acknowledgement; until then the message was in little danger.
TEST(Futures, AcksOneIsLittleDangerUntilTheLeaderDiesAndNoneIsLeftThen) {
  analysis::Case made = Shipped("b8_leader_dies_before_fetch");
  const analysis::Story story = TellOf(made);
  const Futures drawn = Draw(made, story, 200, 2);
  ASSERT_EQ(drawn.points_size(), 4) << drawn.DebugString();
  EXPECT_LT(drawn.points(0).high(), 0.4) << drawn.DebugString();
  EXPECT_LT(drawn.points(1).high(), 0.4) << drawn.DebugString();
  EXPECT_EQ(drawn.points(2).event(), drawn.points(1).event());  // the ack set it off
  EXPECT_GT(drawn.points(2).low(), 0.95) << drawn.DebugString();
  EXPECT_EQ(drawn.points(3).lost(), 200u);
  ASSERT_EQ(drawn.sentences_size(), 4) << drawn.DebugString();
  EXPECT_EQ(drawn.sentences(0), "The acknowledgement changed the promise, not the danger.");
  EXPECT_THAT(drawn.sentences(1), HasSubstr("The fault decided"));
  EXPECT_THAT(drawn.sentences(2), HasSubstr("From \"after kill\" on nothing was open any more"));
  EXPECT_THAT(drawn.sentences(3), HasSubstr("strike anywhere between the point and "));
}

TEST(Futures, WithAcksAllNoFutureLosesIt) {
  analysis::Case acks_one = Shipped("b8_leader_dies_before_fetch");
  const kafka::MessageId lost = TellOf(acks_one).message;
  analysis::Case made = Shipped("b8_leader_dies_before_fetch", {"producer:acks=all"});
  const analysis::Story story = TellOf(made, lost);
  const Futures drawn = Draw(made, story, 200, 2);
  ASSERT_GE(drawn.points_size(), 2);
  for (const auto& point : drawn.points()) EXPECT_EQ(point.lost(), 0u) << drawn.DebugString();
}

TEST(Futures, TheNumberOfJobsChangesNothing) {
  analysis::Case made = Shipped("b8_leader_dies_before_fetch");
  const analysis::Story story = TellOf(made);
  const std::string one = Draw(made, story, 60, 1).SerializeAsString();
  EXPECT_EQ(Draw(made, story, 60, 3).SerializeAsString(), one);
  EXPECT_EQ(Draw(made, story, 60, 2).SerializeAsString(), one);
}

// From before it was sent it is found again by what it is, not by its number.
TEST(Futures, APointBeforeItWasSentIsAPointToo) {
  analysis::Case made = Shipped("b8_leader_dies_before_fetch");
  analysis::Story story = TellOf(made);
  story.decisive = {{{}, 0, {}}, {{}, 3, {}}};  // the beginning, and soon after it
  const Futures drawn = Draw(made, story, 100, 2);
  ASSERT_EQ(drawn.points_size(), 2);
  for (const auto& point : drawn.points()) {
    EXPECT_EQ(point.n(), 100u);
    EXPECT_LT(point.high(), 0.5);
    EXPECT_THAT(point.remark(), HasSubstr("survives: ")) << drawn.DebugString();
    EXPECT_THAT(point.remark(), testing::Not(HasSubstr("never came to send it")));
  }
}

// More futures are the same ones and more of them.
TEST(Futures, AFutureIsItsNumber) {
  analysis::Case made = Shipped("b8_leader_dies_before_fetch");
  analysis::Story story = TellOf(made);
  const Futures few = Draw(made, story, 40, 2);
  const Futures many = Draw(made, story, 80, 2);
  EXPECT_GE(many.points(0).lost(), few.points(0).lost());
  EXPECT_LE(many.points(0).lost(), few.points(0).lost() + 40);
}

// ---- What the figures mean. ----

Futures::Point Figure(uint32_t lost, uint32_t n) {
  Futures::Point point;
  point.set_lost(lost);
  point.set_n(n);
  const answers::WilsonInterval interval = answers::Wilson(lost, n);
  point.set_low(interval.low);
  point.set_high(interval.high);
  return point;
}

struct Facts {
  bool told = false;
  uint32_t faults = 0;
  uint32_t elections = 0;
};
// What is said of futures from points at which that had happened.
std::vector<std::string> Said(const std::vector<std::pair<Futures::Point, Facts>>& points) {
  Futures futures;
  for (const auto& [figure, facts] : points) {
    Futures::Point& point = *futures.add_points();
    point = figure;
    point.set_told(facts.told);
    point.set_faults(facts.faults);
    point.set_elections(facts.elections);
  }
  return render::FuturesSentences(futures, true);
}

TEST(FuturesText, TheAckIsSaidToChangeNothingOnlyWhereTheIntervalsOverlap) {
  const auto same = Said({{Figure(28, 400), {}}, {Figure(30, 400), {.told = true}}});
  EXPECT_EQ(same[0], "The acknowledgement changed the promise, not the danger.");
  const auto rose = Said({{Figure(28, 400), {}}, {Figure(130, 400), {.told = true}}});
  EXPECT_THAT(rose[0], HasSubstr("the danger rose from 7.0 % (4.9-9.9 %) to 32 % (28-37 %)"));
}

TEST(FuturesText, AnAckThatCameWithAFaultIsNotJudged) {
  const auto said = Said({{Figure(28, 400), {}}, {Figure(390, 400), {.told = true, .faults = 1}}});
  EXPECT_THAT(said[0], HasSubstr("The fault decided"));
}

TEST(FuturesText, UnavoidableIsWhereTheLowEndIsAboveNinetyFivePerCent) {
  Futures::Point last = Figure(400, 400);
  last.set_name("after election");
  const auto said = Said({{Figure(28, 400), {}},
                          {Figure(364, 400), {.faults = 1}},
                          {last, {.faults = 1, .elections = 1}}});
  EXPECT_THAT(said.back(), HasSubstr("From \"after election\" on nothing was open any more"));
  // 384 of 400 is 96 %, but its interval reaches below 95 %.
  const auto open = Said({{Figure(28, 400), {}}, {Figure(384, 400), {.faults = 1}}});
  EXPECT_EQ(open.back(), "At none of these points was it unavoidable.");
}

TEST(FuturesText, APointIsNamedByWhatHappenedInItsEvent) {
  Futures::Point point;
  point.add_after()->set_kind(Futures::Anchor::ACK);
  Futures::Anchor& fault = *point.add_after();
  fault.set_kind(Futures::Anchor::FAULT);
  fault.set_fault(answers::power_loss);
  EXPECT_EQ(render::PointName(point), "after ack and power loss");
}

TEST(FuturesText, TheMostFrequentReasonOfThoseThatSurviveIsSaid) {
  using kafka::ledger::Fate;
  std::vector<analysis::FutureEnd> ends(10, {.fate = Fate::kLostAfterAck, .as_recorded = true});
  for (size_t i = 0; i < 3; ++i) {
    ends[i] = {.fate = Fate::kOk, .reason = Futures::Survival::BACK_IN_TIME};
  }
  ends[9] = {.fate = Fate::kFailedReported, .reason = Futures::Survival::REPORTED};
  const auto counts = analysis::CountSurvivals(ends, Fate::kLostAfterAck);
  ASSERT_EQ(counts.size(), 2u);
  EXPECT_EQ(counts[0].count(), 3u);
  Futures::Point point = Figure(6, 10);
  for (const auto& count : counts) *point.add_survivals() = count;
  EXPECT_EQ(render::SurvivalRemark(point, true),
            "survives: 3 of 4 times: its leader was back before anybody else took over");
}

}  // namespace
}  // namespace fate
