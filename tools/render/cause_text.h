// tools/render/cause_text.h
//
// Causes, and what was found beside them, in words.
#ifndef TOOLS_RENDER_CAUSE_TEXT_H_
#define TOOLS_RENDER_CAUSE_TEXT_H_

#include <string>

#include "tools/answers/explanation.pb.h"

namespace render {

// Fills name, text, removal and outcome of each cause.
void FillCauseWords(answers::Explanation& explanation);
// Fills `remarks`.
void FillRemarks(answers::Explanation& explanation);

}  // namespace render

#endif  // TOOLS_RENDER_CAUSE_TEXT_H_
