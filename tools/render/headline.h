// tools/render/headline.h
//
// A run in one line.
#ifndef TOOLS_RENDER_HEADLINE_H_
#define TOOLS_RENDER_HEADLINE_H_

#include <string>

#include "tools/answers/result.pb.h"

namespace render {

// "LOST 3 of 1 000 acknowledged messages, as acks=1 permits". Tells a loss whether or not the
// scenario asked about it.
std::string Headline(const answers::RunResult& result);

}  // namespace render

#endif  // TOOLS_RENDER_HEADLINE_H_
