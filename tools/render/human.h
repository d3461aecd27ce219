// tools/render/human.h
//
// Results as people read them. Everything printed stands in the result message too: JSON and text
// say the same.
#ifndef TOOLS_RENDER_HUMAN_H_
#define TOOLS_RENDER_HUMAN_H_

#include <string>

#include "tools/answers/result.pb.h"
#include "tools/render/style.h"

namespace render {

struct HumanOptions {
  Style style;
  bool quiet = false;    // the verdict and the line that reproduces it
  bool verbose = false;  // every setting that somebody gave, with its origin
};

// One run: verdict first, `reproduce:` last.
std::string RenderRun(const answers::RunResult& result, const HumanOptions& options);
std::string RenderBatch(const answers::BatchResult& result, const HumanOptions& options);
std::string RenderVariants(const answers::VariantsResult& result, const HumanOptions& options);
std::string RenderCollection(const answers::CollectionResult& result, const HumanOptions& options);

}  // namespace render

#endif  // TOOLS_RENDER_HUMAN_H_
