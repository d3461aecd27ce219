// tools/render/rules_text.h
//
// Rules as people read them: one, or the chapters that there are.
#ifndef TOOLS_RENDER_RULES_TEXT_H_
#define TOOLS_RENDER_RULES_TEXT_H_

#include <span>
#include <string>

#include "tools/answers/rule.pb.h"
#include "tools/render/style.h"

namespace render {

// The id with its chapter, the rule, its source.
std::string RuleText(const answers::RuleEntry& rule, const Style& style);

// One line a chapter, below the title of its page.
std::string RuleListText(const answers::RuleList& list, const Style& style);

// Why an id that somebody typed is no one rule: `rules` are all that have it, without a page, else
// `nearest` are the ids that come nearest.
std::string RuleMistakeText(const std::string& id, std::span<const answers::RuleEntry> rules,
                            std::span<const std::string> nearest);

}  // namespace render

#endif  // TOOLS_RENDER_RULES_TEXT_H_
