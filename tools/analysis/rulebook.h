// tools/analysis/rulebook.h
//
// The rules of docs/rules, parsed and found by id.
//
// A page is a title, chapters if it has any, and entries: a level-3 heading that is the id, a
// paragraph, and a line "Source: ...". .ci/tidy.py holds the pages to that form; whatever does not
// have it is passed over here.
#ifndef TOOLS_ANALYSIS_RULEBOOK_H_
#define TOOLS_ANALYSIS_RULEBOOK_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/embedded.h"
#include "tools/answers/rule.pb.h"

namespace analysis {

struct Rulebook {
  std::vector<answers::RuleEntry> rules;       // in the order of the pages
  std::vector<answers::RuleChapter> chapters;  // those that hold a rule, in the same order
};

Rulebook ParseRules(std::span<const embedded::EmbeddedFile> pages);

// What somebody may have meant who typed an id.
struct RuleMatch {
  // One: it is this rule. Several: the id leaves out its page, and each of these pages has it.
  std::vector<answers::RuleEntry> rules;
  std::vector<std::string> nearest;  // ids, if there is no such rule; at most three
};

// Upper and lower case are the same. An id may leave out its page where only one page has it, and
// "KB:S-42.3" is a step of KB:S-42.
RuleMatch FindRule(const Rulebook& book, std::string_view id);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_RULEBOOK_H_
