// A copy that was taken for lost and is there again when its log is recovered.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/every_run.h"
#include "tests/tools/story_rig.h"

namespace kafka::explain {
namespace {

// Cut off with acks=1, broker 1 truncates when it is back; the power goes in that event, and the
// journal has not committed the cut.
constexpr char kUndone[] = R"(
name: "undone"
why: "A truncation that a power loss undoes."
cluster { brokers: 3 }
topic { name: "orders" partitions: 1 replication_factor: 3 assignment { replicas: [1, 2, 3] } }
producer { name: "shop" messages: 600 rate_per_s: 60 config { key: "acks" value: "1" } }
fault { at: "500ms" partition { from { broker: 1 } to { broker: 2 broker: 3 controller: true } heal_after: "55s" } }
fault {
  when { note: TRUNCATED broker: 1 } else_at: "100s" power_loss { domain: HOST of { broker: 1 } }
  restart_after: "1s"
}
time_limit: "120s"
)";

TEST(TheChain, SaysThatATruncatedCopyIsBackAfterAPowerLoss) {
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  int told = 0;
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    const analysis::Case made = fate::MakeCase(fate::LoadedFrom(kUndone), {}, seed, runner);
    const kafka::MessageId lost = fate::FirstOf(made, kafka::ledger::Fate::kLostAfterAck);
    ASSERT_TRUE(lost.exists());
    const fate::Told story = fate::Tell(made, lost, runner);
    told += static_cast<int>(
        std::count_if(story.out.chain().begin(), story.out.chain().end(),
                      [](const answers::ChainRow& row) { return row.details().has_came_back(); }));
  }
  EXPECT_GT(told, 0);
}

}  // namespace
}  // namespace kafka::explain
