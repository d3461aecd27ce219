// tools/report/explanation_words.h
//
// Words and figures of an explanation that its text and its Markdown share.
#ifndef TOOLS_REPORT_EXPLANATION_WORDS_H_
#define TOOLS_REPORT_EXPLANATION_WORDS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "scenarios/schema/explanation.pb.h"

namespace fate {

struct CopyGlyph {
  const char* glyph;
  const char* ascii;
  const char* words;
};
constexpr size_t kCopyCount = 5;
CopyGlyph GlyphOf(schema::proto::Copy copy);

// "m#498 (key 7, orders-0 offset 498, epoch 0): LOST_AFTER_ACK, AS_CONFIGURED".
std::string SubjectText(const schema::proto::Explanation& explanation);
// What a share of other runs is a share of: "lost in how many", or "SKIPPED in how many".
bool IsLost(const schema::proto::Explanation& explanation);
std::string EndOf(const schema::proto::Explanation& explanation);
// "other seeds that lose (95 %)".
std::string OtherSeedsText(const schema::proto::Explanation& explanation);
// "0.998 500": seconds to the microsecond.
std::string TimeText(uint64_t ns);
// "setting acks=1: with producer:acks=all, saved".
std::string CauseText(const schema::proto::Cause& cause);
// "  7 %  (4.9-9.9 %)".
std::string ShareText(const schema::proto::Futures::Point& point);
// "produce latency p50 +40 ms (+39.8 to +40.3); ..."; "" without prices. What does not differ is
// not in it.
std::string PricesText(const schema::proto::WhatIf::Line& line);

}  // namespace fate

#endif  // TOOLS_REPORT_EXPLANATION_WORDS_H_
