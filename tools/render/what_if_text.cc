#include "tools/render/what_if_text.h"

#include "tools/render/change_text.h"

namespace render {
namespace {

using Line = answers::WhatIf::Line;
using Price = answers::WhatIf::Price;

// analysis::EnoughSeeds, in words.
constexpr char kStoppingRule[] =
    "in blocks of 100 seeds, 400 at least, until half of the 95 % interval is 0.5 points or less, "
    "or 2.5 points or less and the interval lies apart from that of nothing changed";

std::string OfAMovedFault(Line::Verdict verdict) {
  switch (verdict) {
    case Line::ORDERLY_LOSES_TOO:
      return "an orderly stop loses too";
    case Line::NOBODY_CHOOSES_A_KILL:
      return "nobody chooses to be killed";
    case Line::NOBODY_CHOOSES_WHEN:
      return "luck: nobody chooses when";
    default:
      return "";
  }
}

// `before`: the fate in the explained run.
std::string VerdictText(const Line& line, answers::Fate before) {
  const std::string others = "other messages are " + FateWord(before) + " instead";
  switch (line.verdict()) {
    case Line::ALREADY_DEFAULT:
      return "already the default; not the cause here";
    case Line::ALREADY_SET:
      return "already set; not the cause here";
    case Line::REFUSED:
      return "Kafka refuses it; not run";
    case Line::LUCK_OTHERS_FALL:
      return "luck, not a fix: " + others;
    case Line::OTHERS_FALL:
      return "no cure: " + others;
    case Line::ANOTHER_WAY:
      return "not enough alone: then it is " + EndingText(line.ending(), before) +
             " in another way";
    case Line::NO_EFFECT:
      return "no effect";
    case Line::LUCK_ON_THIS_RUN:
      return "luck on this run: as many others are lost";
    case Line::TOO_RARE_ELSEWHERE:
      return "shown on this run; too rare in others to tell";
    case Line::ANOTHER_FATE:
      return "the message is " + FateWord(line.ending().fate()) + " instead";
    default:
      return OfAMovedFault(line.verdict());
  }
}

struct MeasureWords {
  const char* what;
  const char* unit;
};
MeasureWords WordsOf(Price::Measure measure) {
  switch (measure) {
    case Price::PRODUCE_LATENCY_P50:
      return {"produce latency p50", "ms"};
    case Price::PRODUCE_LATENCY_P99:
      return {"produce latency p99", "ms"};
    case Price::THROUGHPUT:
      return {"throughput", "messages/s"};
    case Price::REFUSED_WRITES:
      return {"refused writes", "messages"};
    case Price::UNAVAILABLE:
      return {"unavailable", "s"};
    default:
      return {"", ""};
  }
}

}  // namespace

void FillLineWords(answers::Fate before, Line& line) {
  line.set_change(line.kind() == Line::KIND_UNSPECIFIED ? "nothing changed"
                                                        : ChangeLine(line.changes()));
  line.set_this_run(EndingText(line.ending(), before));
  line.set_remark(VerdictText(line, before));
  for (Price& price : *line.mutable_prices()) {
    price.set_what(WordsOf(price.measure()).what);
    price.set_unit(WordsOf(price.measure()).unit);
  }
}

void FillWhatIfWords(answers::Explanation& explanation) {
  if (!explanation.has_what_if()) return;
  const answers::Fate before = explanation.subject().fate();
  answers::WhatIf& what_if = *explanation.mutable_what_if();
  what_if.set_stopping_rule(kStoppingRule);
  FillLineWords(before, *what_if.mutable_base());
  for (Line& line : *what_if.mutable_lines()) FillLineWords(before, line);
  what_if.clear_not_run();
  for (const answers::ChangeList& left_out : what_if.left_out()) {
    what_if.add_not_run(ChangeLine(left_out));
  }
}

}  // namespace render
