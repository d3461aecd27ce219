// The fate of a message: every combination of facts has exactly one, and each fate is somebody's.
#include <gtest/gtest.h>

#include <set>

#include "model/kafka/ledger/fate.h"

namespace kafka::ledger {
namespace {

template <typename Visit>
void ForAllFacts(Visit visit) {
  for (uint32_t told = 0; told < 4; ++told) {
    for (uint32_t stored = 0; stored < 3; ++stored) {
      for (uint32_t bits = 0; bits < 256; ++bits) {
        const auto bit = [bits](uint32_t at) { return (bits >> at & 1) != 0; };
        visit(FinalFacts{.told = static_cast<FinalFacts::Reported>(told),
                         .resolved = bit(0),
                         .stored = static_cast<FinalFacts::Stored>(stored),
                         .readable = bit(1),
                         .expired = bit(2),
                         .after_later_key = bit(3),
                         .processed_twice = bit(4),
                         .skipped = bit(5),
                         .awaited = bit(6),
                         .late = bit(7)});
      }
    }
  }
}

TEST(Fate, OfEveryCombinationOfFactsIsTheFirstRuleThatApplies) {
  uint32_t combinations = 0;
  ForAllFacts([&](const FinalFacts& facts) {
    ++combinations;
    for (const FateRule& rule : FateOrder()) {
      if (!rule.applies(facts)) continue;
      EXPECT_EQ(FateOf(facts), rule.fate);
      return;
    }
    FAIL() << "no rule applies";
  });
  EXPECT_EQ(combinations, 4u * 3u * 256u);
}

TEST(Fate, EachIsReachedAndEachRuleDecidesForSomebody) {
  std::set<const char*> rules;
  std::set<Fate> fates;
  ForAllFacts([&](const FinalFacts& facts) {
    fates.insert(FateOf(facts));
    for (const FateRule& rule : FateOrder()) {
      if (!rule.applies(facts)) continue;
      rules.insert(rule.why);
      break;
    }
  });
  EXPECT_EQ(rules.size(), FateOrder().size());
  EXPECT_EQ(fates.size(), kFateCount);
}

TEST(Fate, NothingStoredIsNeverHarmless) {
  ForAllFacts([](const FinalFacts& facts) {
    if (facts.stored != FinalFacts::Stored::kNowhere) return;
    const Fate fate = FateOf(facts);
    EXPECT_TRUE(fate == Fate::kPending || fate == Fate::kExpired || fate == Fate::kLostAfterAck ||
                fate == Fate::kLostSilent || fate == Fate::kFailedReported);
  });
}

}  // namespace
}  // namespace kafka::ledger
