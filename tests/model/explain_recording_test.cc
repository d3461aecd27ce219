// Where a message's copies were after each event: page cache, drive cache, medium, on a dead
// broker.
#include <gtest/gtest.h>

#include "model/kafka/explain/chain.h"
#include "model/kafka/explain/recording.h"
#include "tests/support/every_run.h"
#include "tests/tools/story_rig.h"

namespace kafka::explain {
namespace {

// Slow enough that the kernel writes back during the run.
constexpr char kSlow[] = R"(
name: "slow"
why: "Messages for longer than write-back takes."
cluster { brokers: 1 host { drive_cache: VOLATILE } }
topic { name: "orders" partitions: 1 replication_factor: 1 }
producer { name: "shop" config { key: "acks" value: "1" } messages: 50 rate_per_s: 1 }
fault { at: "45s" kill { broker: 1 } restart_after: "1s" }
fault { at: "60s" power_loss { of { broker: 1 } } restart_after: "1s" }
)";

std::vector<Layer> LayersOf(kafka::MessageId message, kafka::Runner& runner) {
  const analysis::Case made = fate::MakeCase(fate::LoadedFrom(kSlow), {}, 1, runner);
  Recording recording(message);
  kafka::RunOutcome outcome;
  runner.Run(made.request(), outcome, &recording);
  std::vector<Layer> layers;
  for (const CopyState& state : recording.states()) layers.push_back(state.copies[0]);
  return layers;
}

TEST(Recording, SeesACopyGoDownToTheMediumAndSurviveAPowerLoss) {
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  using enum Layer;
  // The commit that makes it visible to a mount flushes the drive too: never in its cache alone.
  EXPECT_EQ(LayersOf({0}, runner),
            (std::vector<Layer>{kPageCache, kMedium, kDead, kMedium, kDead, kMedium}));
}

TEST(Recording, SeesAnUnsyncedCopyOutliveItsProcessAndGoWithThePower) {
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  using enum Layer;
  EXPECT_EQ(LayersOf({40}, runner), (std::vector<Layer>{kPageCache, kDead, kPageCache, kNone}));
}

TEST(Recording, KnowsTheStateJustBeforeAnEvent) {
  kafka::Runner runner(fate_tests::TwinOfEveryRun);
  const analysis::Case made = fate::MakeCase(fate::LoadedFrom(kSlow), {}, 1, runner);
  Recording recording({0});
  kafka::RunOutcome outcome;
  runner.Run(made.request(), outcome, &recording);
  const CopyState& first = recording.states().front();
  EXPECT_FALSE(IsAnywhere(recording.Before(first.event)));
  EXPECT_TRUE(IsAnywhere(recording.After(first.event)));
  EXPECT_EQ(recording.entries().size(), 1u);
  EXPECT_EQ(recording.batches().size(), 1u);
}

}  // namespace
}  // namespace kafka::explain
