// tools/render/futures_text.h
//
// What the figures of many futures mean, in words: composed from the intervals and from what had
// happened at each point, never from a point's name.
#ifndef TOOLS_RENDER_FUTURES_TEXT_H_
#define TOOLS_RENDER_FUTURES_TEXT_H_

#include <string>
#include <vector>

#include "tools/answers/explanation.pb.h"

namespace render {

// Fills name and remark of each point, and the sentences under the table.
void FillFuturesWords(answers::Explanation& explanation);

// "after append and ack".
std::string PointName(const answers::Futures::Point& point);
// "survives: 30 of 36 times: its leader was back before anybody else took over"; "" if none does.
// `is_loss`: the recorded fate is one.
std::string SurvivalRemark(const answers::Futures::Point& point, bool is_loss);
// At most four sentences; each point has its name.
std::vector<std::string> FuturesSentences(const answers::Futures& futures, bool is_loss);

}  // namespace render

#endif  // TOOLS_RENDER_FUTURES_TEXT_H_
