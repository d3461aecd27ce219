#include "tools/render/explanation_fill.h"

#include "tools/render/cause_text.h"
#include "tools/render/explain_text.h"
#include "tools/render/first_sentence.h"
#include "tools/render/futures_text.h"
#include "tools/render/signs_text.h"
#include "tools/render/what_if_text.h"

namespace render {

void FillSentences(answers::Explanation& explanation) {
  FillChainWords(explanation);
  FillCauseWords(explanation);
  FillRemarks(explanation);
  FillFirstSentences(explanation);
  FillFuturesWords(explanation);
  FillWhatIfWords(explanation);
  FillSigns(explanation);
}

}  // namespace render
