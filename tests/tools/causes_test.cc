// Which settings and faults are named as causes, which are not, and what is said of those.
#include "tools/analysis/causes.h"

#include <gmock/gmock.h>

#include "tests/support/every_run.h"
#include "tests/tools/what_if_testing.h"
#include "tools/analysis/words.h"
#include "tools/render/explanation_fill.h"

namespace fate {
namespace {

using answers::Cause;
using answers::Explanation;
using kafka::ledger::Fate;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr char kAcksAllProducer[] = "producer { name: \"shop\" messages: 100 rate_per_s: 100 } ";

Explanation Causes(const analysis::Case& made, Fate fate = Fate::kLostAfterAck,
                   std::vector<uint16_t> chain = {}, Which which = Which::kFirst) {
  const analysis::Story story = StoryOf(made, fate, std::move(chain), which);
  Explanation out;
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  out.mutable_subject()->set_fate(analysis::AnswerOf(story.fate));
  if (story.message.exists()) analysis::FindCauses(made, story, {}, runner, out);
  render::FillSentences(out);
  for (const std::string& remark : out.remarks()) {
    testing::Test::RecordProperty("remark", remark);
  }
  return out;
}

// "producer:acks=1 (producer:acks=all)", with its group where several were needed together.
std::vector<std::string> Named(const Explanation& out, Cause::Kind kind) {
  std::vector<std::string> names;
  for (const Cause& cause : out.causes()) {
    if (cause.kind() != kind) continue;
    EXPECT_EQ(cause.confirmation(), Cause::CONFIRMED) << cause.name();
    EXPECT_EQ(cause.outcome(), "saved");
    names.push_back(cause.name());
  }
  return names;
}
std::vector<uint32_t> Groups(const Explanation& out, Cause::Kind kind) {
  std::vector<uint32_t> groups;
  for (const Cause& cause : out.causes()) {
    if (cause.kind() == kind) groups.push_back(cause.group());
  }
  return groups;
}
std::vector<std::string> Remarks(const Explanation& out) {
  return {out.remarks().begin(), out.remarks().end()};
}

TEST(Causes, OfALeaderKilledUnderAcksOneAreTheSettingAndTheKill) {
  const analysis::Case made = CaseOf(Cluster(std::string(kTopic) + kPaced + kKill));
  const Explanation out = Causes(made);
  ASSERT_EQ(out.causes_size(), 2);
  EXPECT_EQ(out.causes(0).name(), "producer:acks=1");
  EXPECT_EQ(out.causes(0).removal(), "producer:acks=all");
  EXPECT_EQ(out.causes(1).name(), "leader_kill");
  EXPECT_EQ(out.causes(1).text(), "the kill of broker-1, leader of orders-0");
  EXPECT_EQ(out.causes(1).removal(), "left out");
  EXPECT_THAT(Named(out, Cause::FAULT), ElementsAre("leader_kill"));
  EXPECT_THAT(Remarks(out), IsEmpty());
}

// With one replica enough, acks=all alone still saves it: the second half of the cure is not named.
TEST(Causes, NameOnlyTheHalfOfACureThatIsNeeded) {
  const analysis::Case made =
      CaseOf(Cluster(std::string(kTopic) + kPaced + kKill), {"topic:min.insync.replicas=1"});
  EXPECT_THAT(Named(Causes(made), Cause::SETTING), ElementsAre("producer:acks=1"));
}

TEST(Causes, DoNotIncludeADecoy) {
  const std::string decoy = "fault { at: \"200ms\" kill { broker: 3 } restart_after: \"10s\" } ";
  const analysis::Case made = CaseOf(Cluster(std::string(kTopic) + kPaced + decoy + kKill));
  const Explanation out = Causes(made, Fate::kLostAfterAck, {1});
  EXPECT_THAT(Named(out, Cause::FAULT), ElementsAre("leader_kill"));
  EXPECT_THAT(Remarks(out), Contains(HasSubstr("the kill of broker-3 played no part")));
}

// The followers are cut off and leave the ISR; then the leader's machine loses its power. Either
// alone is harmless to acks=all.
TEST(Causes, OfTwoFaultsThatOnlyTogetherLoseAreBoth) {
  const analysis::Case made = CaseOf(
      Cluster(std::string(kTopic) +
              "producer { name: \"shop\" messages: 200 rate_per_s: 20 } "
              "fault { name: \"cut\" at: \"1s\" partition { from { role: LEADER } to { role: "
              "FOLLOWERS } heal_after: \"40s\" } } "
              "fault { name: \"power\" at: \"6s\" power_loss { domain: HOST of { role: LEADER } } "
              "restart_after: \"20s\" } "),
      {"topic:min.insync.replicas=1", "broker:replica.lag.time.max.ms=1000"});
  const Explanation out = Causes(made, Fate::kLostAfterAck, {1, 0});
  EXPECT_THAT(Named(out, Cause::FAULT), UnorderedElementsAre("cut", "power"));
  const auto groups = Groups(out, Cause::FAULT);
  EXPECT_NE(groups.at(0), groups.at(1)) << "each alone saves it";
}

// Both strike at once; either would have been enough.
TEST(Causes, OfTwoFaultsThatEachSufficeAreBothTogether) {
  const std::string power =
      "fault { name: \"power\" when { note: ACKNOWLEDGED_TO_APPLICATION copies: 1 in_flight: 0 "
      "acked_messages_min: 30 } else_at: \"1s\" "
      "power_loss { domain: HOST of { broker: 1 } } restart_after: \"20s\" } ";
  const analysis::Case made = CaseOf(Cluster(std::string(kTopic) + kPaced + kKill + power));
  const Explanation out = Causes(made, Fate::kLostAfterAck, {0});
  EXPECT_THAT(Named(out, Cause::FAULT), UnorderedElementsAre("leader_kill", "power"));
  const auto groups = Groups(out, Cause::FAULT);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0], groups[1]) << "neither alone saves it";
  EXPECT_THAT(Remarks(out), Contains(HasSubstr("looked again")));
}

TEST(Causes, OfARollingRestartAreOneFault) {
  const analysis::Case made =
      CaseOf(Cluster(std::string(kTopic) +
                     "producer { name: \"shop\" messages: 1000 rate_per_s: 500 config { key: "
                     "\"acks\" value: \"1\" } config { key: \"linger.ms\" value: \"0\" } } "
                     "fault { at: \"1s\" rolling_restart { down_for: \"2s\" } } "));
  ASSERT_EQ(made.faults.size(), 3u);
  const Explanation out = Causes(made, Fate::kLostAfterAck, {0});
  EXPECT_THAT(Named(out, Cause::FAULT), ElementsAre("0"));
  EXPECT_THAT(Named(out, Cause::SETTING), ElementsAre("producer:acks=1"));
}

constexpr char kAllLosePower[] =
    "fault { name: \"power\" when { note: ACKNOWLEDGED_TO_APPLICATION copies: 1 in_flight: 0 "
    "acked_messages_min: 30 } else_at: \"1s\" power_loss { domain: ALL } restart_after: \"20s\" } ";

// acks=all takes the first mechanism away; then every copy is in a cache that loses its power.
TEST(Causes, AreLookedForAgainWhereACureDoesNotSave) {
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    const analysis::Case made =
        CaseOf(Cluster(std::string(kTopic) + kPaced + kAllLosePower), {}, seed);
    const Explanation out = Causes(made, Fate::kLostAfterAck, {0}, Which::kLast);
    EXPECT_THAT(Named(out, Cause::SETTING),
                ElementsAre("producer:acks=1", "topic:flush.messages=unset"));
    EXPECT_EQ(Groups(out, Cause::SETTING), (std::vector<uint32_t>{1, 1}));
    EXPECT_THAT(Remarks(out),
                Contains(HasSubstr("with producer:acks=all the message is still lost")));
  }
}

// A cure reaches whatever --set says of one client.
TEST(Causes, OverruleTheUsersOwnSetting) {
  const analysis::Case made =
      CaseOf(Cluster(std::string(kTopic) + kPaced + kKill),
             {"producer/shop:acks=1", "topic/orders:min.insync.replicas=2"});
  EXPECT_THAT(Named(Causes(made), Cause::SETTING), ElementsAre("producer:acks=1"));
}

TEST(Causes, OfABrokenPromiseAreThePlantedBugAndNoSetting) {
  const analysis::Case made = CaseOf(
      Cluster(std::string(kTopic) + kAcksAllProducer + kKill + "mutant: \"ack_before_append\" "));
  const Explanation out = Causes(made, Fate::kLostAfterAck, {0});
  EXPECT_THAT(Named(out, Cause::PLANTED_BUG), ElementsAre("kAckBeforeAppend"));
  EXPECT_THAT(Named(out, Cause::SETTING), IsEmpty());
  EXPECT_THAT(Named(out, Cause::FAULT), ElementsAre("leader_kill"));
}

TEST(Causes, DoNotIncludeAPlantedBugThatPlayedNoPart) {
  const analysis::Case made =
      CaseOf(Cluster(std::string(kTopic) + kPaced + kKill + "mutant: \"no_duplicate_check\" "));
  const Explanation out = Causes(made);
  EXPECT_THAT(Named(out, Cause::PLANTED_BUG), IsEmpty());
  EXPECT_THAT(Named(out, Cause::SETTING), ElementsAre("producer:acks=1"));
  EXPECT_THAT(Remarks(out), Contains(HasSubstr("no_duplicate_check played no part")));
}

}  // namespace
}  // namespace fate
