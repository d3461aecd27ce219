// tools/render/fill.h
//
// The last step before an answer is printed or kept: its fields "in words", made of what was found.
#ifndef TOOLS_RENDER_FILL_H_
#define TOOLS_RENDER_FILL_H_

#include "tools/answers/result.pb.h"

namespace render {

// Doing it twice changes nothing.
void FillSentences(answers::RunResult& result);
void FillSentences(answers::BatchResult& result);
void FillSentences(answers::VariantsResult& result);
void FillSentences(answers::CollectionResult& result);

}  // namespace render

#endif  // TOOLS_RENDER_FILL_H_
