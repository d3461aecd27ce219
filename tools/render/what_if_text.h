// tools/render/what_if_text.h
//
// What would have saved the message, in words: the lines of a what-if, and its prices.
#ifndef TOOLS_RENDER_WHAT_IF_TEXT_H_
#define TOOLS_RENDER_WHAT_IF_TEXT_H_

#include "tools/answers/explanation.pb.h"

namespace render {

// Fills the words of one line; `before` is the fate in the explained run.
void FillLineWords(answers::Fate before, answers::WhatIf::Line& line);
// Fills the words of every line, the stopping rule, and the names of what was left out.
void FillWhatIfWords(answers::Explanation& explanation);

}  // namespace render

#endif  // TOOLS_RENDER_WHAT_IF_TEXT_H_
