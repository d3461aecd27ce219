// tools/render/explanation_fill.h
//
// The last step before an explanation is printed: its fields "in words", made of what was found.
#ifndef TOOLS_RENDER_EXPLANATION_FILL_H_
#define TOOLS_RENDER_EXPLANATION_FILL_H_

#include "tools/answers/explanation.pb.h"

namespace render {

// Of the whole, or of what is known so far. Doing it twice changes nothing.
void FillSentences(answers::Explanation& explanation);

}  // namespace render

#endif  // TOOLS_RENDER_EXPLANATION_FILL_H_
