// Why the producer was told yes, and why a replica that had the message was not elected.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/every_run.h"
#include "tests/tools/story_rig.h"

namespace fate {
namespace {

using testing::HasSubstr;
using testing::Not;

// Questions and answers about the first message that was lost after its acknowledgement.
std::string WhysOf(std::string_view text, std::vector<std::string> set) {
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  const analysis::Case made = MakeCase(LoadedFrom(text), std::move(set), 1, runner);
  const kafka::MessageId lost = FirstOf(made, kafka::ledger::Fate::kLostAfterAck);
  EXPECT_TRUE(lost.exists());
  if (!lost.exists()) return "";
  std::string whys;
  const Told told = Tell(made, lost, runner);
  for (const auto& why : told.out.why()) {
    whys += why.question() + " " + why.answer() + "\n";
  }
  return whys;
}

// The leader goes on alone and is killed; who comes back first is elected out of sync.
constexpr char kUncleanElection[] = R"(
name: "x"
cluster { brokers: 3 }
topic { name: "t" partitions: 1 replication_factor: 3
        config { key: "unclean.leader.election.enable" value: "true" } }
producer { name: "p" messages: 2000 rate_per_s: 100 }
fault { at: "1s" kill { role: FOLLOWERS } restart_after: "25s" }
fault { at: "15s" kill { role: LEADER } restart_after: "60s" }
)";

TEST(WhyToldYes, SaysWhatAnAcknowledgementSaysOfDisks) {
  EXPECT_THAT(WhysOf(kUncleanElection, {}), HasSubstr("min.insync.replicas=1; no disk is waited"));
  const std::string each = WhysOf(kUncleanElection, {"topic:flush.messages=1"});
  EXPECT_THAT(each, HasSubstr("with flush.messages=1 each log was flushed before it counted"));
  EXPECT_THAT(each, Not(HasSubstr("no disk")));
  EXPECT_THAT(WhysOf(kUncleanElection, {"topic:flush.messages=50"}),
              HasSubstr("a disk is waited for once in 50 messages"));
}

// b2 waits in the ELR with all that was acknowledged, until it registers after its crash: the
// record that takes it out elects b1, which lost its cache (KB:E-13, KB:E-14). Between the two
// faults lies more than a heartbeat, so b2 is fenced first.
constexpr char kThrownOut[] = R"(
name: "x"
cluster { brokers: 2 }
topic { name: "t" partitions: 1 replication_factor: 2
        config { key: "min.insync.replicas" value: "2" } }
producer { name: "p" messages: 300 rate_per_s: 100 }
fault { at: "1s" kill { role: FOLLOWER } restart_after: "60s" }
fault { at: "5s" power_loss { of { role: LEADER } } restart_after: "5s" }
)";

TEST(WhyNotTheHolder, ItsOwnRegistrationTookItOut) {
  const std::string whys = WhysOf(kThrownOut, {});
  EXPECT_THAT(whys, HasSubstr("Why was broker-1 allowed to lead? Nobody in ISR or ELR could be"));
  EXPECT_THAT(whys, HasSubstr("Why not broker-2? It had a copy and could have been elected {2}, "
                              "until it registered at 6"));
  EXPECT_THAT(whys, Not(HasSubstr("could not, and was")));
}

}  // namespace
}  // namespace fate
