// tools/render/explanation_words.h
//
// Words and figures of an explanation that its text and its Markdown share.
#ifndef TOOLS_RENDER_EXPLANATION_WORDS_H_
#define TOOLS_RENDER_EXPLANATION_WORDS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "tools/answers/explanation.pb.h"

namespace render {

struct CopyGlyph {
  const char* glyph;
  const char* ascii;
  const char* words;
};
constexpr size_t kCopyCount = 5;
CopyGlyph GlyphOf(answers::Copy copy);

// "m#498 (key 7, orders-0 offset 498, epoch 0): LOST_AFTER_ACK, AS_CONFIGURED".
std::string SubjectText(const answers::Explanation& explanation);
// What a share of other runs is a share of: "lost in how many", or "SKIPPED in how many".
bool IsLost(const answers::Explanation& explanation);
std::string FateWord(const answers::Explanation& explanation);
// "other seeds that lose (95 %)".
std::string OtherSeedsText(const answers::Explanation& explanation);
// "0.998 500": seconds to the microsecond.
std::string TimeText(uint64_t ns);
// "setting acks=1: with producer:acks=all, saved".
std::string CauseText(const answers::Cause& cause);
// "  7 %  (4.9-9.9 %)".
std::string ShareText(const answers::Futures::Point& point);
// "produce latency p50 +40 ms (+39.8 to +40.3); ..."; "" without prices. What does not differ is
// not in it.
std::string PricesText(const answers::WhatIf::Line& line);

}  // namespace render

#endif  // TOOLS_RENDER_EXPLANATION_WORDS_H_
