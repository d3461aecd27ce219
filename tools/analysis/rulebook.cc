#include "tools/analysis/rulebook.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "scenarios/kafka_config/text.h"
#include "scenarios/loader/text.h"

namespace analysis {
namespace {

constexpr size_t kNearestMax = 3;

// Reads one page, line by line.
struct PageReader {
  Rulebook& book;
  std::string page;
  std::string title;
  std::string chapter;
  bool in_rule = false;

  void Read(std::string_view line) {
    if (line.starts_with("### ")) return Begin(line.substr(4));
    if (line.starts_with("#")) return Head(line);
    if (!in_rule || line.empty()) return;
    answers::RuleEntry& rule = book.rules.back();
    constexpr std::string_view kSource = "Source: ";
    if (line.starts_with(kSource)) {
      rule.set_source(std::string(line.substr(kSource.size())));
    } else {
      rule.set_text(rule.text() + (rule.text().empty() ? "" : " ") + std::string(line));
    }
  }

  void Head(std::string_view line) {
    in_rule = false;
    const bool of_page = line.starts_with("# ");
    (of_page ? title : chapter) = line.substr(of_page ? 2 : line.find_first_not_of("# "));
    if (of_page) chapter.clear();
  }

  void Begin(std::string_view id) {
    in_rule = true;
    answers::RuleEntry& rule = book.rules.emplace_back();
    rule.set_id(std::string(id));
    rule.set_page(page);
    rule.set_chapter(chapter.empty() ? title : chapter);
    const bool same = !book.chapters.empty() && book.chapters.back().page() == page &&
                      book.chapters.back().chapter() == chapter;
    answers::RuleChapter& counted = same ? book.chapters.back() : book.chapters.emplace_back();
    counted.set_page(page);
    counted.set_title(title);
    counted.set_chapter(chapter);
    counted.set_rules(counted.rules() + 1);
    if (!same) counted.set_first(std::string(id));
    counted.set_last(std::string(id));
  }
};

// "KB:R-30" -> {"KB", "R-", 30}: page, chapter, number. A step or a letter behind it is left out.
struct RuleName {
  std::string page;
  std::string letters;
  int number = 0;
};

RuleName SplitRuleId(std::string_view id) {
  const size_t colon = id.find(':');
  RuleName name;
  if (colon != std::string_view::npos) name.page = id.substr(0, colon);
  const std::string_view rest = colon == std::string_view::npos ? id : id.substr(colon + 1);
  const size_t digit = std::min(rest.find_first_of("0123456789"), rest.size());
  name.letters = rest.substr(0, digit);
  name.number = std::atoi(std::string(rest.substr(digit)).c_str());
  return name;
}

std::string_view WithoutPage(std::string_view id) { return id.substr(id.find(':') + 1); }

// "KB:S-42.3" -> "KB:S-42"; "" if the id names no step of a rule.
std::string_view WithoutStep(std::string_view id) {
  const size_t digits = id.find_last_not_of("0123456789") + 1;
  const bool step = digits > 1 && digits < id.size() && id[digits - 1] == '.';
  return step && id.find('-') != std::string_view::npos ? id.substr(0, digits - 1) : "";
}

// The rules with this id, or, if it says no page, with this id on any.
std::vector<answers::RuleEntry> RulesNamed(const Rulebook& book, std::string_view id) {
  const std::string wanted = kafka_config::Lower(id);
  const bool paged = wanted.find(':') != std::string::npos;
  std::vector<answers::RuleEntry> found;
  for (const answers::RuleEntry& rule : book.rules) {
    const std::string have = kafka_config::Lower(paged ? rule.id() : WithoutPage(rule.id()));
    if (have == wanted) found.push_back(rule);
  }
  return found;
}

// The ids of the same chapter whose numbers are nearest.
std::vector<std::string> Neighbours(const Rulebook& book, const RuleName& asked) {
  std::vector<std::pair<int, std::string>> near;
  for (const answers::RuleEntry& rule : book.rules) {
    const RuleName name = SplitRuleId(kafka_config::Lower(rule.id()));
    if (name.letters != asked.letters) continue;
    if (!asked.page.empty() && name.page != asked.page) continue;
    near.emplace_back(std::abs(name.number - asked.number), rule.id());
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const auto& one, const auto& other) { return one.first < other.first; });
  near.resize(std::min(near.size(), kNearestMax));
  std::vector<std::string> ids;
  for (const auto& [distance, id] : near) ids.push_back(id);
  return ids;
}

std::vector<std::string> NearestRules(const Rulebook& book, std::string_view id) {
  std::vector<std::string> nearest;
  for (const answers::RuleEntry& rule : RulesNamed(book, WithoutPage(id)))
    nearest.push_back(rule.id());
  const bool numbered = id.find_first_of("0123456789") != std::string_view::npos;
  if (nearest.empty() && numbered) nearest = Neighbours(book, SplitRuleId(kafka_config::Lower(id)));
  if (!nearest.empty()) return nearest;
  std::vector<std::string> all;
  for (const answers::RuleEntry& rule : book.rules) all.push_back(rule.id());
  const std::string alike = loader::NearestName(id, all);
  if (!alike.empty()) nearest.push_back(alike);
  return nearest;
}

}  // namespace

Rulebook ParseRules(std::span<const embedded::EmbeddedFile> pages) {
  Rulebook book;
  for (const embedded::EmbeddedFile& file : pages) {
    PageReader reader{.book = book, .page = std::string(file.path)};
    for (size_t at = 0; at < file.text.size();) {
      const size_t end = std::min(file.text.find('\n', at), file.text.size());
      reader.Read(file.text.substr(at, end - at));
      at = end + 1;
    }
  }
  return book;
}

RuleMatch FindRule(const Rulebook& book, std::string_view id) {
  for (std::string_view wanted = id; !wanted.empty(); wanted = WithoutStep(wanted)) {
    RuleMatch match{.rules = RulesNamed(book, wanted)};
    if (!match.rules.empty()) return match;
  }
  return {.nearest = NearestRules(book, id)};
}

}  // namespace analysis
