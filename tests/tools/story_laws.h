// tests/tools/story_laws.h
//
// What every story keeps, whatever happened.
#ifndef TESTS_TOOLS_STORY_LAWS_H_
#define TESTS_TOOLS_STORY_LAWS_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "tools/analysis/story.h"

namespace fate {

inline size_t WordCount(const std::string& text) {
  std::istringstream words(text);
  size_t count = 0;
  for (std::string word; words >> word;) ++count;
  return count;
}

inline const answers::ChainRow* RowMarked(const answers::Explanation& out,
                                          const std::string& mark) {
  for (const auto& row : out.chain()) {
    if (row.mark().find(mark) != std::string::npos) return &row;
  }
  return nullptr;
}

inline void ExpectRows(const answers::Explanation& out) {
  EXPECT_LE(out.chain_size(), 10);
  EXPECT_GE(out.chain_size(), 1);
  uint64_t before = 0;
  for (const auto& row : out.chain()) {
    EXPECT_GE(row.at_ns(), before) << row.what();
    before = row.at_ns();
    EXPECT_EQ(row.copies_size(), out.brokers_size());
    EXPECT_FALSE(row.what().empty());
    EXPECT_FALSE(row.where().empty());
  }
}

inline void ExpectLaws(const analysis::Story& story, const answers::Explanation& out) {
  ExpectRows(out);
  EXPECT_LE(WordCount(out.first_sentence()), 30u) << out.first_sentence();
  EXPECT_GT(WordCount(out.first_sentence()), 4u);
  EXPECT_LE(out.sentences_size(), 3);
  EXPECT_LE(out.why_size(), 5);
  EXPECT_LE(story.decisive.size(), 6u);
  EXPECT_TRUE(std::is_sorted(story.decisive.begin(), story.decisive.end(),
                             [](const auto& a, const auto& b) { return a.event < b.event; }));
  if (story.fate == kafka::ledger::Fate::kLostAfterAck) {
    EXPECT_NE(RowMarked(out, "promise made"), nullptr);
    EXPECT_NE(RowMarked(out, "point of no return"), nullptr);
    EXPECT_GE(out.why_size(), 2);
  }
  if (out.subject().offset() >= 0 && story.has_finding) {
    EXPECT_GE(out.production_signs_size(), 1);
  }
}

// For who looks at a failure.
inline void Print(const analysis::Story& story, const answers::Explanation& out) {
  for (const auto& row : out.chain()) {
    std::string copies;
    for (const int copy : row.copies()) copies += ".pdMx"[copy];
    std::printf("%10.6f %-14s %-14s %-70s %s %s%s\n", static_cast<double>(row.at_ns()) / 1e9,
                row.where().c_str(), row.kind().c_str(), row.what().c_str(), copies.c_str(),
                row.mark().c_str(), row.decisive() ? " *" : "");
  }
  for (const auto& text : out.sentences()) std::printf("  . %s\n", text.c_str());
  for (const auto& why : out.why()) {
    std::printf("  ? %s %s\n", why.question().c_str(), why.answer().c_str());
  }
  for (const auto& point : story.decisive) {
    std::printf("  -> event %llu\n", static_cast<unsigned long long>(point.event));
  }
  for (const auto& sign : out.production_signs()) std::printf("  ! %s\n", sign.c_str());
  for (const uint16_t plan : story.faults_in_chain) std::printf("  fault %u\n", plan);
}

}  // namespace fate

#endif  // TESTS_TOOLS_STORY_LAWS_H_
