// tools/render/diff_text.h
//
// Two runs side by side, as people read it.
#ifndef TOOLS_RENDER_DIFF_TEXT_H_
#define TOOLS_RENDER_DIFF_TEXT_H_

#include <string>

#include "tools/answers/comparison.pb.h"
#include "tools/answers/result.pb.h"
#include "tools/render/style.h"

namespace render {

std::string RenderDiff(const answers::DiffResult& diff, const Style& style);

}  // namespace render

#endif  // TOOLS_RENDER_DIFF_TEXT_H_
