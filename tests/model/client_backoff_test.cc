// How long a client waits before it tries again (KC:P-9).
#include <gtest/gtest.h>

#include "model/kafka/client/backoff.h"
#include "tests/model/lone_machine.h"

namespace kafka::client {
namespace {

using sim::Milliseconds;
using sim::Seconds;

constexpr uint32_t kPurpose = 77;

struct Waiting : LoneMachine {
  Duration After(const BackoffTerms& terms, uint32_t failures, uint64_t uid = 1) {
    const Context ctx = ContextOf(MachineOf(kB1), "broker-1");
    return Backoff(ctx, terms, failures, kPurpose, {.uid = uid, .attempt = failures});
  }
};

TEST(ClientBackoff, DoublesFromTheBaseToTheMaximumWithAFifthOfJitter) {
  Waiting client;
  const BackoffTerms terms{.base = Milliseconds(100), .max = Milliseconds(1000)};
  for (uint64_t uid = 0; uid < 50; ++uid) {
    int64_t middle = 100;
    for (uint32_t failures = 0; failures < 3; ++failures, middle *= 2) {
      const Duration wait = client.After(terms, failures, uid);
      EXPECT_GE(wait, Milliseconds(middle * 4 / 5));
      EXPECT_LE(wait, Milliseconds(middle * 6 / 5));
    }
    EXPECT_LE(client.After(terms, 40, uid), Milliseconds(1000));
    EXPECT_GE(client.After(terms, 40, uid), Milliseconds(800));
  }
}

TEST(ClientBackoff, AskedTwiceAboutTheSameItIsTheSame) {
  Waiting client;
  const BackoffTerms terms{.base = Milliseconds(100), .max = Milliseconds(1000)};
  EXPECT_EQ(client.After(terms, 1), client.After(terms, 1));
}

TEST(ClientBackoff, IsConstantIfTheMaximumIsNotAboveTheBase) {
  Waiting client;
  const BackoffTerms terms{.base = Seconds(2), .max = Seconds(1)};
  for (uint64_t uid = 0; uid < 20; ++uid) EXPECT_EQ(client.After(terms, 3, uid), Seconds(1));
}

}  // namespace
}  // namespace kafka::client
