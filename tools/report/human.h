// tools/report/human.h
//
// Results as people read them. Everything printed stands in the result message too: JSON and text
// say the same.
#ifndef TOOLS_REPORT_HUMAN_H_
#define TOOLS_REPORT_HUMAN_H_

#include <string>

#include "scenarios/schema/result.pb.h"
#include "tools/report/style.h"

namespace fate {

struct HumanOptions {
  Style style;
  bool quiet = false;    // the verdict and the line that reproduces it
  bool verbose = false;  // every setting that somebody gave, with its origin
};

// One run: verdict first, `reproduce:` last.
std::string RenderRun(const schema::proto::RunResult& result, const HumanOptions& options);
std::string RenderBatch(const schema::proto::BatchResult& result, const HumanOptions& options);
std::string RenderVariants(const schema::proto::VariantsResult& result,
                           const HumanOptions& options);
std::string RenderCollection(const schema::proto::CollectionResult& result,
                             const HumanOptions& options);

}  // namespace fate

#endif  // TOOLS_REPORT_HUMAN_H_
