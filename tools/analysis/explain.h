// tools/analysis/explain.h
//
// From a case and a message to a whole explanation: story, causes, futures, what-if.
#ifndef TOOLS_ANALYSIS_EXPLAIN_H_
#define TOOLS_ANALYSIS_EXPLAIN_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "tools/analysis/case.h"
#include "tools/analysis/story.h"
#include "tools/answers/explanation.pb.h"

namespace analysis {

// Which message. At most one is set; none: the worst finding's first.
struct Question {
  std::optional<std::string> message;  // "m#498", "orders-0@497"
  std::optional<std::string> key;      // the first message of that key that met a bad end
  std::optional<std::string> first;  // "lost", "duplicate", "reordered", "failed", "invisible", ...
};
// `world` is as the explained run left it. kNotFound: no message is meant.
absl::StatusOr<kafka::MessageId> FindSubject(const Case& base, const kafka::World& world,
                                             const Question& question);
// "m#498", "web/m#3", "orders-0@497": a word of the command line that means a message.
bool IsMessageName(const std::string& word);

struct ExplainRequest {
  uint32_t futures = 400;  // 0: none are drawn
  uint32_t seeds = 1000;   // 0: nothing is asked
  uint32_t jobs = 1;
  // Called as parts are finished: "chain", "futures", "what_if".
  std::function<void(const std::string& part, const answers::Explanation&)> on_part;
  // Called for each finished line of the last part.
  std::function<void(const answers::WhatIf::Line&)> on_line;
};

answers::Explanation Explain(const Case& base, kafka::MessageId message,
                             const ExplainRequest& request);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_EXPLAIN_H_
