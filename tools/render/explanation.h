// tools/render/explanation.h
//
// An explanation as text for a terminal or as Markdown for a ticket. Reads the message and nothing
// else, so that both, and the JSON, say the same.
#ifndef TOOLS_RENDER_EXPLANATION_H_
#define TOOLS_RENDER_EXPLANATION_H_

#include <cstdint>
#include <string>

#include "tools/answers/explanation.pb.h"
#include "tools/render/style.h"

namespace render {

// Parts, so that a terminal gets each as soon as it is known; each ends with a newline, or is
// empty. `width`: columns, at least 80.
std::string ChainText(const answers::Explanation& explanation, const Style& style, uint32_t width);
std::string FuturesText(const answers::Explanation& explanation, const Style& style,
                        uint32_t width);
std::string WhatIfText(const answers::Explanation& explanation, const Style& style, uint32_t width);
std::string EndText(const answers::Explanation& explanation, const Style& style, uint32_t width);

// The whole of it; pastes into a ticket with its reproduce line.
std::string Markdown(const answers::Explanation& explanation);

}  // namespace render

#endif  // TOOLS_RENDER_EXPLANATION_H_
