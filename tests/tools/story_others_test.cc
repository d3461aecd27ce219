// What `fate explain` tells of messages that were not lost: refused with an error, stored after
// one, skipped by a group, or waiting for it. Each scenario comes to that end by the model's rules.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/support/every_run.h"
#include "tests/tools/story_laws.h"
#include "tests/tools/what_if_testing.h"
#include "tools/analysis/causes.h"

namespace fate {
namespace {

using answers::Cause;
using answers::Explanation;
using kafka::ledger::Fate;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string Orders(int min_insync) {
  return "topic { name: \"orders\" partitions: 1 replication_factor: 3 "
         "config { key: \"min.insync.replicas\" value: \"" +
         std::to_string(min_insync) + "\" } } ";
}
constexpr char kHasty[] =
    "producer { name: \"shop\" messages: 60 rate_per_s: 20 "
    "config { key: \"delivery.timeout.ms\" value: \"6000\" } "
    "config { key: \"request.timeout.ms\" value: \"3000\" } } ";
constexpr char kShop[] = "producer { name: \"shop\" messages: 200 rate_per_s: 100 } ";

Explanation Explained(const analysis::Case& made, kafka::MessageId message) {
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  Told told = Tell(made, message, runner);
  kafka::Runner trial(fate_tests::TwinOfEveryRun);
  analysis::FindCauses(made, told.story, {}, trial, told.out);
  render::FillSentences(told.out);
  ExpectLaws(told.story, told.out);
  return told.out;
}

// Of the first message that met that end.
Explanation Explained(std::string_view scenario, Fate fate) {
  const analysis::Case made = CaseOf(scenario);
  const kafka::MessageId message = FirstOf(made, fate);
  EXPECT_TRUE(message.exists()) << "nothing is " << kafka::ledger::NameOf(fate);
  return message.exists() ? Explained(made, message) : Explanation();
}

std::string AnswerTo(const Explanation& out, const std::string& question) {
  for (const auto& why : out.why()) {
    if (why.question() == question) return why.answer();
  }
  return "(not asked)";
}

std::vector<std::string> Rows(const Explanation& out) {
  std::vector<std::string> rows;
  for (const auto& row : out.chain()) rows.push_back(row.where() + ": " + row.what());
  return rows;
}

// What would have been otherwise, as confirmed by running it.
std::vector<std::string> Confirmed(const Explanation& out) {
  std::vector<std::string> removals;
  for (const Cause& cause : out.causes()) {
    if (cause.confirmation() == Cause::CONFIRMED) removals.push_back(cause.removal());
  }
  return removals;
}

// ---- Refused with an error. ----

// A member of the ISR is dead and not yet fenced: acks=all waits for it, longer than the client's
// patience.
TEST(StoryOfFailed, SaysWhatTheClientWaitedForAndHowLong) {
  const Explanation out =
      Explained(Cluster(Orders(3) + kHasty +
                        "fault { at: \"1s\" kill { broker: 3 } restart_after: \"60s\" }"),
                Fate::kFailedReported);
  EXPECT_THAT(out.first_sentence(),
              AllOf(HasSubstr("is in no log, and its application knows"),
                    HasSubstr("TimeoutException"), HasSubstr("kill of broker-3")));
  EXPECT_THAT(
      AnswerTo(out, "What did the application learn?"),
      AllOf(HasSubstr("TimeoutException"), HasSubstr("delivery.timeout.ms=6000 after send()")));
  EXPECT_THAT(AnswerTo(out, "Why was it not acknowledged?"),
              AllOf(HasSubstr("ISR {1,2,3}"), HasSubstr("broker-3 was down since 1.000 s")));
  EXPECT_THAT(Rows(out),
              AllOf(Contains(HasSubstr("kill of broker-3")), Contains(HasSubstr("send() takes it")),
                    Contains(HasSubstr("gives up"))));
  EXPECT_THAT(Confirmed(out), AllOf(Contains("producer:delivery.timeout.ms=300000"),
                                    Contains(HasSubstr("left out"))));
  EXPECT_EQ(out.subject().class_(), answers::CLASS_UNSPECIFIED);
}

// Once the dead one is fenced there are fewer than min.insync.replicas, and the leader says no.
TEST(StoryOfFailed, NamesMinInsyncReplicasWhereTheLeaderRefuses) {
  const analysis::Case made =
      CaseOf(Cluster(Orders(3) + "producer { name: \"shop\" messages: 60 rate_per_s: 2 "
                                 "config { key: \"delivery.timeout.ms\" value: \"6000\" } "
                                 "config { key: \"request.timeout.ms\" value: \"3000\" } } "
                                 "fault { at: \"1s\" kill { broker: 3 } restart_after: \"60s\" }"));
  const auto& fates = made.outcome.verdict.read.fates;
  ASSERT_EQ(fates.size(), 60u);
  ASSERT_EQ(fates[50], Fate::kFailedReported);  // sent at 25 s, long after the fencing
  const Explanation out = Explained(made, {50});
  EXPECT_THAT(AnswerTo(out, "Why did broker-1 refuse it?"),
              AllOf(HasSubstr("ISR was {1,2}"), HasSubstr("min.insync.replicas=3")));
  EXPECT_THAT(Rows(out), Contains(HasSubstr("refuses it: NOT_ENOUGH_REPLICAS")));
}

// ---- Stored after an error. ----

TEST(StoryOfGhost, SaysThatOnlyTheAnswerWasLost) {
  const Explanation out = Explained(
      Cluster(Orders(2) + kHasty +
              "fault { when { note: ACKNOWLEDGED acked_messages_min: 10 } else_at: \"1s\" "
              "partition { from { role: LEADER } to { clients: true } one_way: true "
              "heal_after: \"60s\" } }"),
      Fate::kGhost);
  EXPECT_THAT(out.first_sentence(),
              AllOf(HasSubstr("The application got TimeoutException, but m#"),
                    HasSubstr("stands at offset"), HasSubstr("network partition")));
  EXPECT_THAT(AnswerTo(out, "Why was it not told that it is stored?"),
              HasSubstr("REQUEST_TIMED_OUT"));
  EXPECT_THAT(Rows(out),
              AllOf(Contains(HasSubstr("answers: stored at")), Contains(HasSubstr("gives up"))));
  const auto& last = *out.chain().rbegin();
  for (const int copy : last.copies()) EXPECT_NE(copy, answers::COPY_NONE);
}

// ---- Stored, and out of sight. ----

// Everything that stopped is back at the end of a run, so that a correct cluster always settles;
// what keeps a record out of sight for ever is a bug.
TEST(StoryOfInvisible, SaysWhereTheHighWatermarkStandsAndWhoLacksIt) {
  const Explanation out = Explained(
      "name: \"x\" cluster { brokers: 3 } mutant: \"hide_log_end_until_flushed\" "
      "topic { name: \"orders\" partitions: 1 replication_factor: 3 "
      "config { key: \"min.insync.replicas\" value: \"2\" } "
      "config { key: \"flush.messages\" value: \"50\" } } "
      "producer { name: \"shop\" messages: 60 rate_per_s: 100 "
      "config { key: \"acks\" value: \"1\" } } ",
      Fate::kInvisible);
  EXPECT_THAT(
      out.first_sentence(),
      AllOf(HasSubstr("m#50 is stored but unreadable"),
            HasSubstr("the high watermark stays at 50, since broker-2 and broker-3 lack it"),
            HasSubstr("a bug: the log end is hidden until it is flushed")));
  EXPECT_THAT(AnswerTo(out, "Why can nobody read it?"),
              HasSubstr("broker-2 and broker-3 of the ISR {1,2,3} have no copy"));
  EXPECT_THAT(Confirmed(out), Contains("mutant:hide_log_end_until_flushed=off"));
}

// ---- Skipped by a group. ----

TEST(StoryOfSkipped, ByACommitBeforeTheProcessingNamesTheProgramAndTheKill) {
  const Explanation out = Explained(
      Cluster(Orders(2) + kShop +
              "consumer { name: \"billing\" commit: BEFORE processing_time: \"9ms\" "
              "config { key: \"auto.offset.reset\" value: \"earliest\" } } "
              "fault { at: \"1s\" kill { consumer: \"billing\" } restart_after: \"1s\" }"),
      Fate::kSkipped);
  EXPECT_THAT(out.first_sentence(),
              AllOf(HasSubstr("roup billing committed offset"),
                    HasSubstr("before it had processed"), HasSubstr("kill of consumer/billing")));
  EXPECT_THAT(AnswerTo(out, "Why was it skipped?"), HasSubstr("was committed at"));
  EXPECT_THAT(Confirmed(out),
              AllOf(Contains("program:commit=AFTER"), Contains(HasSubstr("left out"))));
  EXPECT_THAT(Rows(out), Contains(HasSubstr("group billing commits offset")));
}

TEST(StoryOfSkipped, ByAResetNamesTheSettingAndNoFault) {
  const Explanation out =
      Explained(Cluster(Orders(2) + kShop +
                        "consumer { name: \"billing\" start_after: \"1s\" "
                        "config { key: \"auto.offset.reset\" value: \"latest\" } } "),
                Fate::kSkipped);
  EXPECT_THAT(out.first_sentence(),
              AllOf(StartsWith("Because auto.offset.reset=latest, consumer/billing"),
                    HasSubstr("which had no committed offset, began at"), HasSubstr("past m#")));
  EXPECT_THAT(AnswerTo(out, "Why was it skipped?"), HasSubstr("no committed offset"));
  EXPECT_THAT(Confirmed(out), testing::ElementsAre("consumer:auto.offset.reset=earliest"));
}

// ---- Not come to. ----

TEST(StoryOfPending, NamesTheReaderThatEndedAndItsException) {
  const Explanation out =
      Explained(Cluster(Orders(2) + "producer { name: \"shop\" messages: 20 rate_per_s: 100 } "
                                    "consumer { name: \"billing\" "
                                    "config { key: \"auto.offset.reset\" value: \"none\" } } "),
                Fate::kPending);
  EXPECT_THAT(out.first_sentence(),
              AllOf(HasSubstr("consumer/billing had ended"), HasSubstr("no committed offset"),
                    HasSubstr("auto.offset.reset=none")));
  EXPECT_THAT(AnswerTo(out, "Why did nobody process it?"),
              HasSubstr("NoOffsetForPartitionException"));
  EXPECT_THAT(Rows(out), Contains(HasSubstr("consumer/billing: its program ends")));
  EXPECT_THAT(Confirmed(out), testing::ElementsAre("consumer:auto.offset.reset=earliest"));
}

// Only the reader of its partition matters: another group that ended is no reason.
TEST(StoryOfPending, IsNotOfAReaderOfAnotherPartition) {
  const analysis::Case made =
      CaseOf(Cluster("topic { name: \"orders\" partitions: 1 replication_factor: 3 } "
                     "topic { name: \"other\" partitions: 1 replication_factor: 3 } "
                     "producer { name: \"shop\" topic: \"orders\" messages: 20 rate_per_s: 100 } "
                     "consumer { name: \"audit\" topic: \"other\" "
                     "config { key: \"auto.offset.reset\" value: \"none\" } } "
                     "consumer { name: \"billing\" topic: \"orders\" "
                     "config { key: \"auto.offset.reset\" value: \"earliest\" } } "));
  EXPECT_FALSE(FirstOf(made, Fate::kPending).exists());
  EXPECT_EQ(made.outcome.notes[sim::kKindOf<kafka::notes::ConsumerEnded>], 1u);
}

}  // namespace
}  // namespace fate
