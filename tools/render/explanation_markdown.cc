// An explanation for a ticket.
#include "tools/render/explanation.h"
#include "tools/render/explanation_words.h"
#include "tools/render/interval.h"
#include "tools/render/style.h"

namespace render {
namespace {

using answers::Explanation;

// Inside a cell: no bar ends it, no line end breaks it.
std::string Cell(const std::string& text) {
  std::string cell;
  for (const char c : text) {
    if (c == '|') cell += '\\';
    cell += c == '\n' ? ' ' : c;
  }
  return cell;
}

std::string Row(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (const std::string& cell : cells) row += " " + Cell(cell) + " |";
  return row + "\n";
}

std::string Head(const std::vector<std::string>& cells) {
  std::string rule = "|";
  for (size_t i = 0; i < cells.size(); ++i) rule += "---|";
  return "\n" + Row(cells) + rule + "\n";
}

std::string Chain(const Explanation& explanation) {
  if (explanation.chain().empty()) return "";
  std::vector<std::string> head = {"time (s)", "where", "event"};
  for (const std::string& broker : explanation.brokers()) head.push_back(broker);
  head.emplace_back("");
  std::string out = Head(head);
  for (const auto& row : explanation.chain()) {
    std::vector<std::string> cells = {TimeText(row.at_ns()), row.where(), row.what()};
    for (const int copy : row.copies()) {
      cells.emplace_back(GlyphOf(static_cast<answers::Copy>(copy)).glyph);
    }
    cells.push_back(row.mark().empty() ? "" : "**" + row.mark() + "**");
    out += Row(cells);
  }
  std::string legend;
  for (size_t i = 0; i < kCopyCount; ++i) {
    const CopyGlyph glyph = GlyphOf(static_cast<answers::Copy>(i));
    legend += (i == 0 ? "" : ", ") + std::string(glyph.glyph) + " " + glyph.words;
  }
  return out + "\nCopies: " + legend + "\n";
}

std::string Whys(const Explanation& explanation) {
  std::string out;
  for (const auto& why : explanation.why()) {
    out += "\n**" + why.question() + "** " + why.answer() + "\n";
  }
  return out;
}

std::string Causes(const Explanation& explanation) {
  if (explanation.causes().empty()) return "";
  std::string out = "\n### What caused it\n\nEach was removed, and the run repeated.\n\n";
  for (const auto& cause : explanation.causes()) out += "- " + CauseText(cause) + "\n";
  for (const std::string& remark : explanation.remarks()) out += "\n" + remark + "\n";
  return out;
}

std::string FuturesTable(const Explanation& explanation) {
  const auto& futures = explanation.futures();
  if (futures.points().empty()) return "";
  std::string out = "\n### When did it become unavoidable?\n" +
                    Head({"from", FateWord(explanation) + " in",
                          "of " + Grouped(futures.futures()) + " futures", ""});
  for (const auto& point : futures.points()) {
    out += Row({point.name(), Grouped(point.lost()) + " of " + Grouped(point.n()),
                FormatInterval({point.low(), point.high()}), point.remark()});
  }
  for (const std::string& sentence : futures.sentences()) out += "\n" + sentence + "\n";
  return out;
}

std::string LineRow(const answers::WhatIf::Line& line) {
  const std::string others = line.n() == 0
                                 ? ""
                                 : Grouped(line.losing()) + " of " + Grouped(line.n()) + " (" +
                                       FormatInterval({line.low(), line.high()}) + ")";
  std::string more = PricesText(line);
  if (!line.remark().empty()) more = line.remark() + (more.empty() ? "" : "; " + more);
  return Row(
      {line.cure() ? "**" + line.change() + "**" : line.change(), line.this_run(), others, more});
}

std::string WhatIf(const Explanation& explanation) {
  const auto& what_if = explanation.what_if();
  if (what_if.lines().empty() && what_if.base().n() == 0) return "";
  std::string out = "\n### What would have saved it?\n" +
                    Head({"change", "this run", OtherSeedsText(explanation), "price, remark"});
  out += LineRow(what_if.base());
  for (const auto& line : what_if.lines()) out += LineRow(line);
  if (!what_if.stopping_rule().empty()) out += "\n" + what_if.stopping_rule() + "\n";
  for (const std::string& name : what_if.not_run()) out += "\nNot run: " + name + "\n";
  return out;
}

}  // namespace

std::string Markdown(const Explanation& explanation) {
  std::string out = "## " + SubjectText(explanation) + "\n\n" + explanation.first_sentence() + "\n";
  for (const std::string& sentence : explanation.sentences()) out += "\n" + sentence + "\n";
  out += Chain(explanation) + Whys(explanation) + Causes(explanation) + FuturesTable(explanation) +
         WhatIf(explanation);
  if (!explanation.production_signs().empty()) {
    out += "\n### In production you would have seen\n\n";
    for (const std::string& sign : explanation.production_signs()) out += "- " + sign + "\n";
  }
  if (explanation.interrupted()) out += "\nInterrupted: what had been found by then.\n";
  return out + "\nReproduce: `" + explanation.reproduce() + "`\n";
}

}  // namespace render
