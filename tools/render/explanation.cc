// An explanation for a terminal.
#include "tools/render/explanation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

#include "tools/render/explanation_words.h"
#include "tools/render/interval.h"

namespace render {
namespace {

using answers::Explanation;

constexpr size_t kIndent = 1;

std::string Section(const Style& style, const std::string& title) {
  return "\n" + style.Paint(Tone::kBold, title) + "\n";
}

// Text in columns of its own, of which the first line continues `head`.
std::string Hanging(const std::string& head, const std::string& text, size_t column, size_t width) {
  const std::string body = Wrapped(text, std::string(column, ' '), width);
  if (body.empty()) return head + "\n";
  return PadRight(head, column) + body.substr(column);
}

std::string Heading(const Explanation& explanation, const Style& style) {
  return style.Paint(Tone::kBold, SubjectText(explanation)) + "\n";
}

// ---- The chain ----

// "9.876 543 ", and wider from 100 s on.
size_t TimeWidth(const Explanation& explanation) {
  size_t width = 10;
  for (const auto& row : explanation.chain()) {
    width = std::max(width, Columns(TimeText(row.at_ns())));
  }
  return width + 1;
}

size_t WhereWidth(const Explanation& explanation) {
  size_t width = 5;
  for (const auto& row : explanation.chain()) width = std::max(width, Columns(row.where()));
  return std::min<size_t>(width, 18) + 2;
}

std::string CopiesText(const answers::ChainRow& row, const Style& style) {
  std::string text;
  for (const int copy : row.copies()) {
    const CopyGlyph glyph = GlyphOf(static_cast<answers::Copy>(copy));
    text += (text.empty() ? "" : "  ") + std::string(style.ascii ? glyph.ascii : glyph.glyph);
  }
  return text;
}

std::string CopiesHead(const Explanation& explanation) {
  std::string text;
  for (const std::string& broker : explanation.brokers()) text += PadRight(broker, 3);
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

// One row: time, place, what, copies; the mark behind them, or below where there is no room.
std::string RowText(const Explanation& explanation, const answers::ChainRow& row,
                    const Style& style, size_t width) {
  const size_t copies = Columns(CopiesHead(explanation));
  const size_t left = kIndent + TimeWidth(explanation) + WhereWidth(explanation);
  const size_t what_width = width - left - copies - 2;
  const bool fault = row.where() == "FAULT";
  const std::string body = Wrapped(row.what(), "", what_width);
  const std::string time = PadRight(TimeText(row.at_ns()), TimeWidth(explanation));
  const std::string where = PadRight(row.where(), WhereWidth(explanation));
  std::string out;
  size_t from = 0;
  for (bool first = true; from < body.size(); first = false) {
    const size_t end = body.find('\n', from);
    const std::string line = body.substr(from, end - from);
    from = end + 1;
    if (first) {
      out += std::string(kIndent, ' ') + time + (fault ? style.Paint(Tone::kBad, where) : where) +
             PadRight(line, what_width) + "  " + CopiesText(row, style) + "\n";
    } else {
      out += std::string(left, ' ') + line + "\n";
    }
  }
  if (row.mark().empty()) return out;
  const std::string mark = std::string(style.ascii ? "<" : "◄") + " " + row.mark();
  return out +
         PadLeft(style.Paint(Tone::kWarn, mark),
                 width + (style.color ? std::string_view("\033[33m\033[0m").size() : 0)) +
         "\n";
}

std::string Legend(const Explanation& explanation, const Style& style, size_t width) {
  std::array<bool, kCopyCount> used{};
  for (const auto& row : explanation.chain()) {
    for (const int copy : row.copies()) used[static_cast<size_t>(copy)] = true;
  }
  std::string text;
  for (size_t i = 0; i < kCopyCount; ++i) {
    if (!used[i]) continue;
    const CopyGlyph glyph = GlyphOf(static_cast<answers::Copy>(i));
    text += (text.empty() ? "" : "   ") + std::string(style.ascii ? glyph.ascii : glyph.glyph) +
            " " + glyph.words;
  }
  return style.Paint(Tone::kDim, PadLeft(text, width)) + "\n";
}

std::string RowsText(const Explanation& explanation, const Style& style, size_t width) {
  if (explanation.chain().empty()) return "";
  const size_t copies = Columns(CopiesHead(explanation));
  const std::string head = std::string(kIndent, ' ') +
                           PadRight("time (s)", TimeWidth(explanation)) +
                           PadRight("where", WhereWidth(explanation)) + "event";
  const std::string title = "copies on";
  std::string out = "\n";
  if (copies > 0) out += PadLeft(title, width - copies + std::min(copies, Columns(title))) + "\n";
  out += style.Paint(Tone::kDim, PadRight(head, width - copies) + CopiesHead(explanation)) + "\n";
  for (const auto& row : explanation.chain()) out += RowText(explanation, row, style, width);
  return copies > 0 ? out + Legend(explanation, style, width) : out;
}

// ---- Why, and who says so ----

std::string WhyText(const Explanation& explanation, const Style& style, size_t width) {
  std::string out;
  for (const auto& why : explanation.why()) {
    out += "\n" + Wrapped(why.question(), " ", width) + Wrapped(why.answer(), "   ", width);
  }
  (void)style;
  return out;
}

std::string CausesText(const Explanation& explanation, const Style& style, size_t width) {
  if (explanation.causes().empty()) return "";
  std::string out = Section(style, "What caused it (each removed, and the run repeated)");
  for (const auto& cause : explanation.causes()) {
    const bool confirmed = cause.confirmation() == answers::Cause::CONFIRMED;
    const bool tried = cause.confirmation() != answers::Cause::NOT_TRIED;
    const std::string glyph = !tried ? style.open() : confirmed ? style.good() : style.bad();
    const std::string head = " " + glyph + " ";
    out += Hanging(head, CauseText(cause), Columns(head), width);
  }
  return out;
}

std::string RemarksText(const Explanation& explanation, size_t width) {
  std::string out;
  for (const std::string& remark : explanation.remarks()) out += Hanging("   ", remark, 3, width);
  return out;
}

// ---- Futures ----

// Eighths of a column, ten columns for all.
std::string Bar(double share, const Style& style) {
  static constexpr std::array kEighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  if (style.ascii) return std::string(static_cast<size_t>(std::lround(share * 10)), '#');
  const auto eighths = static_cast<size_t>(std::lround(share * 80));
  std::string bar;
  for (size_t i = 0; i < eighths / 8; ++i) bar += "█";
  return bar + kEighths[eighths % 8];
}

// ---- What if ----

struct LineColumns {
  size_t change = 0;
  size_t this_run = 0;
};

// A change that is longer than its column has a line of its own.
std::string LineHead(const answers::WhatIf::Line& line, const Style& style,
                     const LineColumns& columns) {
  const std::string glyph = line.kind() == answers::WhatIf::Line::KIND_UNSPECIFIED ? " "
                            : line.cure()                                          ? style.good()
                                                                                   : style.bad();
  const std::string margin = " " + PadRight(glyph, style.ascii ? 5 : 2);
  const std::string this_run = PadRight(line.this_run(), columns.this_run);
  if (Columns(line.change()) + 2 <= columns.change) {
    return margin + PadRight(line.change(), columns.change) + this_run;
  }
  return margin + line.change() + "\n" + std::string(Columns(margin) + columns.change, ' ') +
         this_run;
}

std::string Others(const answers::WhatIf::Line& line) {
  if (line.n() == 0) return "";
  return PadLeft(Grouped(line.losing()), 5) + " of " + PadLeft(Grouped(line.n()), 5) + "  " +
         FormatInterval({line.low(), line.high()});
}

std::string LineText(const answers::WhatIf::Line& line, const Style& style,
                     const LineColumns& columns, size_t width) {
  std::string out = LineHead(line, style, columns) + Others(line);
  while (out.ends_with(' ')) out.pop_back();
  out += "\n";
  std::string more = PricesText(line);
  if (!line.remark().empty()) more = line.remark() + (more.empty() ? "" : "; " + more);
  return out + Wrapped(more, std::string(style.ascii ? 8 : 5, ' '), width);
}

}  // namespace

std::string ChainText(const Explanation& explanation, const Style& style, uint32_t width) {
  std::string out = Heading(explanation, style) + "\n";
  out += Wrapped(explanation.first_sentence(), "", width);
  for (const std::string& sentence : explanation.sentences()) out += Wrapped(sentence, "", width);
  return out + RowsText(explanation, style, width) + WhyText(explanation, style, width) +
         CausesText(explanation, style, width) + RemarksText(explanation, width);
}

std::string FuturesText(const Explanation& explanation, const Style& style, uint32_t width) {
  const auto& futures = explanation.futures();
  if (futures.points().empty()) return "";
  std::string out =
      Section(style, "When did it become unavoidable?") +
      Wrapped(FateWord(explanation) + " in how many of " + Grouped(futures.futures()) +
                  " other futures from each point: times of faults still to come, "
                  "and delays, drawn anew",
              " ", width);
  size_t names = 0;
  for (const auto& point : futures.points()) names = std::max(names, Columns(point.name()));
  for (const auto& point : futures.points()) {
    const std::string head = "   " + PadRight(point.name(), names + 2) + ShareText(point) + "  ";
    const double share = point.n() == 0 ? 0 : static_cast<double>(point.lost()) / point.n();
    out += Hanging(head, PadRight(Bar(share, style), 11) + point.remark(), Columns(head), width);
  }
  for (const std::string& sentence : futures.sentences()) out += Wrapped(sentence, " ", width);
  return out;
}

std::string WhatIfText(const Explanation& explanation, const Style& style, uint32_t width) {
  const auto& what_if = explanation.what_if();
  if (what_if.lines().empty() && what_if.base().n() == 0) return "";
  LineColumns columns{.change = Columns("nothing changed"), .this_run = Columns("this run")};
  for (const auto& line : what_if.lines()) {
    columns.change = std::max(columns.change, Columns(line.change()));
    columns.this_run = std::max(columns.this_run, Columns(line.this_run()));
  }
  columns.this_run += 2;
  columns.change = std::min<size_t>(columns.change, width - columns.this_run - 35) + 2;
  std::string out = Section(style, "What would have saved it?");
  out += style.Paint(Tone::kDim, PadRight("", columns.change + (style.ascii ? 6 : 3)) +
                                     PadRight("this run", columns.this_run) +
                                     OtherSeedsText(explanation)) +
         "\n";
  out += LineText(what_if.base(), style, columns, width);
  for (const auto& line : what_if.lines()) out += LineText(line, style, columns, width);
  if (!what_if.stopping_rule().empty()) out += Wrapped(what_if.stopping_rule(), " ", width);
  for (const std::string& name : what_if.not_run()) {
    out += Wrapped("not run: " + name, " ", width);
  }
  return out;
}

std::string EndText(const Explanation& explanation, const Style& style, uint32_t width) {
  std::string out;
  if (!explanation.production_signs().empty()) {
    std::string signs;
    for (const std::string& sign : explanation.production_signs()) {
      signs += (signs.empty() ? "" : ", ") + sign;
    }
    out += Section(style, "In production you would have seen") + Wrapped(signs, " ", width);
  }
  if (explanation.interrupted()) out += "\ninterrupted: what had been found by then\n";
  return out + "\nreproduce: " + explanation.reproduce() + "\n";
}

}  // namespace render
