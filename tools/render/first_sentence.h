// tools/render/first_sentence.h
//
// The first sentences of an explanation: mechanism, setting and fault in at most thirty words, and
// what came of it.
//
// The first is composed: the mechanism gives the clause; the causes (confirmed, or else the
// promise's rule and the chain alone) give setting and faults. Of several wordings the first that
// fits is taken.
#ifndef TOOLS_RENDER_FIRST_SENTENCE_H_
#define TOOLS_RENDER_FIRST_SENTENCE_H_

#include "tools/answers/explanation.pb.h"

namespace render {

// Fills `first_sentence` and `sentences` from the story and the causes.
void FillFirstSentences(answers::Explanation& explanation);

}  // namespace render

#endif  // TOOLS_RENDER_FIRST_SENTENCE_H_
