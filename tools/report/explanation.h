// tools/report/explanation.h
//
// An explanation as text for a terminal or as Markdown for a ticket. Reads the message and nothing
// else, so that both, and the JSON, say the same.
#ifndef TOOLS_REPORT_EXPLANATION_H_
#define TOOLS_REPORT_EXPLANATION_H_

#include <cstdint>
#include <string>

#include "scenarios/schema/explanation.pb.h"
#include "tools/report/style.h"

namespace fate {

// Parts, so that a terminal gets each as soon as it is known; each ends with a newline, or is
// empty. `width`: columns, at least 80.
std::string ChainText(const schema::proto::Explanation& explanation, const Style& style,
                      uint32_t width);
std::string FuturesText(const schema::proto::Explanation& explanation, const Style& style,
                        uint32_t width);
std::string WhatIfText(const schema::proto::Explanation& explanation, const Style& style,
                       uint32_t width);
std::string EndText(const schema::proto::Explanation& explanation, const Style& style,
                    uint32_t width);

// The whole of it; pastes into a ticket with its reproduce line.
std::string Markdown(const schema::proto::Explanation& explanation);

}  // namespace fate

#endif  // TOOLS_REPORT_EXPLANATION_H_
