// The moment of no return: how many futures lose a message, from each point of a run on.
#include "tools/analysis/futures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/tools/story_rig.h"
#include "tools/answers/wilson.h"
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
      if (note.kind == kafka::kAckedToApplication) last_answer = header.time;
      if (note.kind == kafka::kAppended && kafka::Low(note.c) == 1 && Is(world, note)) {
        Add("after append", header);
      }
      if (note.kind == kafka::kAckedToApplication && Is(world, note)) Add("after ack", header);
      if (note.kind == sim::kNoteFaultFired) Add("after crash", header);
      const auto how = static_cast<kafka::Election>(kafka::Low(note.a));
      const bool elected = note.kind == kafka::kPartitionState &&
                           (how == kafka::Election::kFromIsr || how == kafka::Election::kFromElr);
      if (elected) Add("after election", header);
    }
  }

  std::vector<analysis::DecisivePoint> points;
  sim::SimTime last_answer{};

 private:
  bool Is(const kafka::World& world, const sim::Note& note) const {
    return world.observer.truth.IsAbout(note, analysis::IdentityOf(world, message_).uid,
                                        world.tables, *world.config);
  }
  void Add(const char* name, const sim::NoteHeader& header) {
    if (points.size() < 4) points.push_back({name, header.event.value, header.time});
  }
  kafka::MessageId message_;
};

// The last message that was lost, or `message`, as if it had met that end.
analysis::Story TellOf(analysis::Case& made, kafka::MessageId message = kafka::MessageId::None()) {
  kafka::Runner runner;
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
  Futures out;
  analysis::DrawFutures(made, story, {.futures = futures, .jobs = jobs}, out);
  return out;
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
  EXPECT_THAT(drawn.sentences(2), HasSubstr("From \"after crash\" on nothing was open any more"));
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
  story.decisive = {{"at the beginning", 0, {}}, {"soon after it", 3, {}}};
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

Futures::Point Figure(const std::string& name, uint32_t lost, uint32_t n) {
  Futures::Point point;
  point.set_name(name);
  point.set_lost(lost);
  point.set_n(n);
  const answers::WilsonInterval interval = answers::Wilson(lost, n);
  point.set_low(interval.low);
  point.set_high(interval.high);
  return point;
}

TEST(FuturesText, TheAckIsSaidToChangeNothingOnlyWhereTheIntervalsOverlap) {
  const std::vector<render::ForkFacts> facts = {{.told = false}, {.told = true}};
  const auto same =
      render::FuturesSentences({Figure("a", 28, 400), Figure("b", 30, 400)}, facts, true);
  EXPECT_EQ(same[0], "The acknowledgement changed the promise, not the danger.");
  const auto rose =
      render::FuturesSentences({Figure("a", 28, 400), Figure("b", 130, 400)}, facts, true);
  EXPECT_THAT(rose[0], HasSubstr("the danger rose from 7.0 % (4.9-9.9 %) to 32 % (28-37 %)"));
}

TEST(FuturesText, AnAckThatCameWithAFaultIsNotJudged) {
  const auto said = render::FuturesSentences({Figure("a", 28, 400), Figure("b", 390, 400)},
                                             {{.told = false}, {.told = true, .faults = 1}}, true);
  EXPECT_THAT(said[0], HasSubstr("The fault decided"));
}

TEST(FuturesText, UnavoidableIsWhereTheLowEndIsAboveNinetyFivePerCent) {
  const std::vector<render::ForkFacts> facts = {{}, {.faults = 1}, {.faults = 1, .elections = 1}};
  const auto said = render::FuturesSentences(
      {Figure("early", 28, 400), Figure("crash", 364, 400), Figure("election", 400, 400)}, facts,
      true);
  EXPECT_THAT(said.back(), HasSubstr("From \"election\" on nothing was open any more"));
  // 384 of 400 is 96 %, but its interval reaches below 95 %.
  const auto open = render::FuturesSentences({Figure("early", 28, 400), Figure("crash", 384, 400)},
                                             {{}, {.faults = 1}}, true);
  EXPECT_EQ(open.back(), "At none of these points was it unavoidable.");
}

TEST(FuturesText, TheMostFrequentReasonOfThoseThatSurviveIsSaid) {
  std::vector<analysis::FutureEnd> ends(
      10, {kafka::ledger::Fate::kLostAfterAck, analysis::Survival::kNone});
  for (size_t i = 0; i < 3; ++i)
    ends[i] = {kafka::ledger::Fate::kOk, analysis::Survival::kBackInTime};
  ends[9] = {kafka::ledger::Fate::kFailedReported, analysis::Survival::kReported};
  const auto counts = render::CountSurvivals(ends, kafka::ledger::Fate::kLostAfterAck);
  ASSERT_EQ(counts.size(), 2u);
  EXPECT_EQ(counts[0].count, 3u);
  EXPECT_EQ(render::SurvivalRemark(Figure("a", 6, 10), counts, true),
            "survives: 3 of 4 times: its leader was back before anybody else took over");
}

}  // namespace
}  // namespace fate
