// tools/render/explain_text.h
//
// The words of an explanation's rows and whys, made of their `details` and of nothing else.
#ifndef TOOLS_RENDER_EXPLAIN_TEXT_H_
#define TOOLS_RENDER_EXPLAIN_TEXT_H_

#include <string>

#include "tools/answers/explanation.pb.h"

namespace render {

// Fills `where`, `what` and `mark` of each row, and `question` and `answer` of each why.
void FillChainWords(answers::Explanation& explanation);

// "broker-1", "producer/shop", "controller", "FAULT".
std::string WhereText(const answers::RowDetails& row);
// "appends m#29 at [29, 30) as leader of epoch 0 (page cache); HW is 0".
std::string WhatText(const answers::RowDetails& row);
// "promise made"; several with a comma.
std::string MarkText(const answers::RowDetails& row);

// "Why was there no copy on broker-3?".
std::string QuestionText(const answers::WhyDetails& why);
// `at_ns`: when what answers it happened.
std::string AnswerText(const answers::WhyDetails& why, uint64_t at_ns);

}  // namespace render

#endif  // TOOLS_RENDER_EXPLAIN_TEXT_H_
