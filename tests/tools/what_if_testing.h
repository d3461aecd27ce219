// tests/tools/what_if_testing.h
//
// Scenarios as text, run as cases to be explained, with the bare story of one message.
#ifndef TESTS_TOOLS_WHAT_IF_TESTING_H_
#define TESTS_TOOLS_WHAT_IF_TESTING_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/every_run.h"
#include "tests/tools/story_rig.h"

namespace fate {

// Three brokers, one partition, followers 20 ms away; what differs stands in `more`.
inline std::string Cluster(std::string_view more) {
  return "name: \"x\" cluster { brokers: 3 } network { between_brokers: \"20ms\" } " +
         std::string(more);
}
constexpr char kTopic[] =
    "topic { name: \"orders\" partitions: 1 replication_factor: 3 "
    "config { key: \"min.insync.replicas\" value: \"2\" } } ";
constexpr char kPaced[] =
    "producer { name: \"shop\" messages: 100 rate_per_s: 100 "
    "config { key: \"acks\" value: \"1\" } } ";
// What acks=1 allows to be lost.
constexpr char kKill[] =
    "fault { name: \"leader_kill\" when { note: ACKNOWLEDGED_TO_APPLICATION copies: 1 "
    "in_flight: 0 acked_messages_min: 30 } else_at: \"1s\" "
    "kill { role: LEADER } restart_after: \"20s\" } ";

inline analysis::Case CaseOf(std::string_view text, std::vector<std::string> set = {},
                             uint64_t seed = 1) {
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  return MakeCase(LoadedFrom(text), std::move(set), seed, runner);
}

// The story of the first message (or the last) that met `fate`, as far as causes and what-ifs want
// it.
enum class Which { kFirst, kLast };
inline analysis::Story StoryOf(const analysis::Case& made, kafka::ledger::Fate fate,
                               std::vector<uint16_t> chain, Which which = Which::kFirst) {
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  kafka::RunOutcome outcome;
  runner.Run(made.request(), outcome);
  analysis::Story story{.fate = fate, .faults_in_chain = std::move(chain)};
  const auto& fates = outcome.verdict.read.fates;
  for (uint32_t i = 0; i < fates.size(); ++i) {
    const bool wanted = which == Which::kLast || !story.message.exists();
    if (fates[i] == fate && wanted) story.message = {i};
  }
  EXPECT_TRUE(story.message.exists()) << "no message met " << kafka::ledger::NameOf(fate);
  if (!story.message.exists()) return story;
  story.identity = analysis::IdentityOf(runner.world(), story.message);
  story.property = fate == kafka::ledger::Fate::kLostSilent ? kafka::ledger::Property::kNoSilentLoss
                   : fate == kafka::ledger::Fate::kDuplicate ? kafka::ledger::Property::kNoDuplicate
                   : fate == kafka::ledger::Fate::kReordered
                       ? kafka::ledger::Property::kOrderPerKey
                       : kafka::ledger::Property::kNoAckedLoss;
  for (const kafka::ledger::Finding& finding : outcome.verdict.findings) {
    if (std::find(finding.messages.begin(), finding.messages.end(), story.message) ==
        finding.messages.end()) {
      continue;
    }
    story.has_finding = true;
    story.finding = finding;
  }
  return story;
}

}  // namespace fate

#endif  // TESTS_TOOLS_WHAT_IF_TESTING_H_
