// What `run` says of a lost message and what `explain` says of it is the same, and both keep to
// docs/promise.md: of every lost message of many losing runs.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/support/every_run.h"
#include "tests/tools/story_rig.h"
#include "tools/analysis/findings.h"
#include "tools/analysis/words.h"

namespace fate {
namespace {

using kafka::ledger::Fate;
using kafka::ledger::Leaf;
using kafka::ledger::LossClass;

std::string Setting(const char* key, const char* value) {
  return std::string("config { key: \"") + key + "\" value: \"" + value + "\" } ";
}

// Short runs that lose in each of the ways that the rules tell apart.
std::vector<std::string> Losing() {
  const std::string three = "name: \"x\" cluster { brokers: 3 } ";
  const std::string topic = "topic { name: \"t\" partitions: 1 replication_factor: 3 ";
  const std::string far = "network { between_brokers: \"20ms\" } ";
  const std::string sends = "producer { name: \"p\" messages: 120 rate_per_s: 100 ";
  const std::string acks_one = Setting("acks", "1");
  const std::string rack = "fault { at: \"1s\" power_loss { domain: ROOM of { role: LEADER } } ";
  return {
      // 2, and what acks=0 loses on its way
      three + far + topic + "} " + sends + acks_one +
          "} fault { at: \"1s\" kill { role: LEADER } restart_after: \"5s\" } ",
      three + far + topic + "} " + sends + Setting("acks", "0") +
          "} fault { at: \"1s\" kill { role: LEADER } restart_after: \"5s\" } ",
      // 3b and 3c: everybody's power
      three + topic + "} " + sends + "} " + rack + "restart_after: \"5s\" } ",
      three + topic + Setting("min.insync.replicas", "2") + "} " + sends + acks_one + "} " + rack +
          "restart_after: \"3s\" } ",
      // 3a
      three + topic + Setting("unclean.leader.election.enable", "true") + "} " + sends +
          "} fault { at: \"300ms\" partition { from { broker: 2 broker: 3 } heal_after: \"60s\" } "
          "} "
          "fault { at: \"45s\" kill { broker: 1 } restart_after: \"60s\" } ",
      // nobody looks, and a producer that dies with a batch that was split
      three + far + topic + "} " + sends + acks_one + "callback: false } " +
          "fault { at: \"1s\" kill { role: LEADER } restart_after: \"5s\" } ",
      three + topic + Setting("max.message.bytes", "600") +
          "} producer { name: \"p\" messages: 20 size: 400 } fault { when { note: "
          "ACKNOWLEDGED_TO_APPLICATION } else_at: \"5s\" kill { producer: \"p\" } } ",
      // a planted bug
      three + "mutant: \"ack_before_append\" " + far + topic + "} " + sends +
          "} fault { at: \"1s\" kill { role: LEADER } restart_after: \"5s\" } ",
  };
}

// Which classes a rule of docs/promise.md can give.
bool Allows(Leaf leaf, LossClass loss_class) {
  const bool configured = loss_class == LossClass::kAsConfigured;
  const bool broken = loss_class == LossClass::kPromiseBroken;
  switch (leaf) {
    case Leaf::kBeforeCommit:
    case Leaf::kUnsynced:
      return configured || broken;
    case Leaf::kLastKnownLeader:
      return configured || loss_class == LossClass::kOutsidePromise;
    case Leaf::kUnclean:
    case Leaf::kNothingPromised:
      return configured;
    case Leaf::kAnythingElse:
      return broken;
    case Leaf::kMediumLost:
      return loss_class == LossClass::kOutsidePromise;
    case Leaf::kNone:
      return false;
  }
  return false;
}

void ExpectRule(const kafka::ledger::Finding& finding) {
  EXPECT_TRUE(Allows(finding.leaf, finding.loss_class)) << NameOf(finding.leaf);
  const bool all = finding.acks == kafka::Acks::kAll;
  if (finding.leaf == Leaf::kBeforeCommit) {  // rule 2
    EXPECT_EQ(finding.loss_class, all ? LossClass::kPromiseBroken : LossClass::kAsConfigured);
  }
}

void ExpectSame(const analysis::Case& made, const kafka::ledger::Finding& finding,
                kafka::MessageId message, const Told& told) {
  const answers::Finding said =
      analysis::FindingOf(made.setup(), kafka::Tables{}, kafka::ledger::Finding{finding});
  const answers::Subject& subject = told.out.subject();
  EXPECT_EQ(subject.fate(), said.fate());
  EXPECT_EQ(subject.fate(), analysis::AnswerOf(made.outcome.verdict.read.fates[message.value]));
  EXPECT_EQ(subject.class_(), said.class_());
  EXPECT_EQ(subject.property(), said.property());
  EXPECT_EQ(subject.together(), said.count());
  EXPECT_EQ(subject.partition(), said.partition());
  EXPECT_EQ(told.out.mechanism(), said.mechanism());
  const answers::StoryFacts::Loss& loss = told.out.story().loss();
  EXPECT_EQ(loss.author(), said.author());
  EXPECT_EQ(loss.loser(), said.loser());
  EXPECT_EQ(loss.cure(), said.cure_kind());
  EXPECT_FALSE(told.out.first_sentence().empty());
}

// Of the lost messages at most so many a finding are explained: what a finding holds met one end.
constexpr size_t kExplained = 2;

void Compare(const loader::LoadedScenario& loaded, uint64_t seed, std::map<Leaf, uint32_t>& seen) {
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  const analysis::Case made = MakeCase(loaded, {}, seed, runner);
  const kafka::ledger::Verdict& verdict = made.outcome.verdict;
  ASSERT_FALSE(verdict.unexplained);
  std::vector<uint32_t> found(verdict.read.fates.size());
  for (const kafka::ledger::Finding& finding : verdict.findings) {
    ExpectRule(finding);
    ++seen[finding.leaf];
    for (size_t i = 0; i < finding.messages.size(); ++i) {
      const kafka::MessageId message = finding.messages[i];
      ++found[message.value];
      const bool first_or_last = i + 1 >= finding.messages.size() || i + 1 < kExplained;
      if (first_or_last) ExpectSame(made, finding, message, Tell(made, message, runner));
    }
  }
  // Each lost message is in one finding, and nobody else is in any.
  for (uint32_t i = 0; i < found.size(); ++i) {
    const bool lost = verdict.read.counted[i] && kafka::ledger::IsLoss(verdict.read.fates[i]);
    EXPECT_EQ(found[i], lost ? 1u : 0u) << "message " << i;
  }
}

TEST(RunAndExplain, AgreeOnEveryLostMessageAndWithThePromise) {
  std::map<Leaf, uint32_t> seen;
  for (const std::string& text : Losing()) {
    const loader::LoadedScenario loaded = LoadedFrom(text);
    for (uint64_t seed = 1; seed <= 5; ++seed) {
      SCOPED_TRACE(text + " seed " + std::to_string(seed));
      Compare(loaded, seed, seen);
    }
  }
  for (const Leaf leaf :
       {Leaf::kBeforeCommit, Leaf::kUnclean, Leaf::kUnsynced, Leaf::kNothingPromised}) {
    EXPECT_GT(seen[leaf], 0u) << NameOf(leaf);
  }
}

}  // namespace
}  // namespace fate
