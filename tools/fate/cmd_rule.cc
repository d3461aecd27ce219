// fate rule [ID...]: the rules of Kafka that code, traces and explanations cite.
#include <cstdio>
#include <utility>

#include "tools/analysis/rulebook.h"
#include "tools/fate/commands.h"
#include "tools/fate/session.h"
#include "tools/render/json.h"
#include "tools/render/rules_text.h"

namespace fate {
namespace {

int ListRules(const analysis::Rulebook& book, const Options& options) {
  answers::RuleList list;
  for (const answers::RuleChapter& chapter : book.chapters) *list.add_chapters() = chapter;
  const std::string text =
      options.format == Format::kJson
          ? render::ToJson(list)
          : render::RuleListText(list, render::MakeStyle(options.color, options.ascii, 1)) +
                "One of them: " + options.program + " rule ID\n";
  PrintAnswer(text, PaintOf(render::MakeStyle(options.color, options.ascii, 1)));
  return kExitMet;
}

}  // namespace

int RuleCommand(const Options& options) {
  const analysis::Rulebook book = analysis::ParseRules(embedded::EmbeddedRules());
  if (options.targets.empty()) return ListRules(book, options);

  answers::RuleResult result;
  for (const std::string& id : options.targets) {
    analysis::RuleMatch match = analysis::FindRule(book, id);
    if (match.rules.size() != 1) {
      PrintError(options.program + ": " + render::RuleMistakeText(id, match.rules, match.nearest) +
                 "\nsee: " + options.program + " rule\n");
      return kExitUsage;
    }
    *result.add_rules() = std::move(match.rules.front());
  }
  if (options.format == Format::kJson) {
    PrintAnswer(render::ToJson(result));
    return kExitMet;
  }
  const render::Style style = render::MakeStyle(options.color, options.ascii, 1);
  std::string text;
  for (const answers::RuleEntry& rule : result.rules()) {
    text += (text.empty() ? "" : "\n") + render::RuleText(rule, style);
  }
  PrintAnswer(text, PaintOf(style));
  return kExitMet;
}

}  // namespace fate
