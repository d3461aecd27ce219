#include "tools/render/rules_text.h"

#include <algorithm>

namespace render {
namespace {

constexpr size_t kRuleWidth = 80;

// A page marks names with backticks; a terminal has no use for them.
std::string WithoutBackticks(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), '`'), text.end());
  return text;
}

std::string ChapterLine(const answers::RuleChapter& chapter, size_t width) {
  const bool one = chapter.first() == chapter.last();
  const std::string& name = chapter.chapter().empty() ? chapter.title() : chapter.chapter();
  return "  " + PadLeft(std::to_string(chapter.rules()), 3) + "  " + PadRight(name, width) + "  " +
         chapter.first() + (one ? "" : " to " + chapter.last()) + "\n";
}

}  // namespace

std::string RuleText(const answers::RuleEntry& rule, const Style& style) {
  std::string source = Wrapped(WithoutBackticks("Source: " + rule.source()), "  ", kRuleWidth);
  source.pop_back();  // the end of the line is not painted
  return style.Paint(Tone::kBold, rule.id()) + "  " + rule.chapter() + "\n" +
         Wrapped(WithoutBackticks(rule.text()), "  ", kRuleWidth) +
         style.Paint(Tone::kDim, source) + "\n";
}

std::string RuleListText(const answers::RuleList& list, const Style& style) {
  size_t width = 0;
  uint32_t all = 0;
  for (const answers::RuleChapter& chapter : list.chapters()) {
    width = std::max({width, Columns(chapter.chapter()), Columns(chapter.title())});
    all += chapter.rules();
  }
  std::string out;
  std::string page;
  for (const answers::RuleChapter& chapter : list.chapters()) {
    if (chapter.page() != page) {
      out += style.Paint(Tone::kBold, chapter.title()) + " (" + chapter.page() + ")\n";
    }
    page = chapter.page();
    out += ChapterLine(chapter, width);
  }
  return out + "\n" + std::to_string(all) + " rules\n";
}

std::string RuleMistakeText(const std::string& id, std::span<const answers::RuleEntry> rules,
                            std::span<const std::string> nearest) {
  if (!rules.empty()) {
    std::string which;
    for (const answers::RuleEntry& rule : rules) {
      which += (which.empty() ? "" : " or ") + rule.id() + " (" + rule.chapter() + ")";
    }
    return "'" + id + "' is a rule of several pages: " + which;
  }
  std::string ids;
  for (const std::string& near : nearest) ids += (ids.empty() ? "" : ", ") + near;
  return "no rule '" + id + "'" + (ids.empty() ? "" : "; the nearest: " + ids);
}

}  // namespace render
