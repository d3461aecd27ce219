#include "tools/render/human.h"

#include <cstdio>
#include <vector>

#include "tools/render/human_parts.h"

namespace render {
namespace {

using answers::RunResult;

struct FateRow {
  answers::Fate fate;
  const char* glyph;
  const char* ascii;
  uint32_t count;
};

std::vector<FateRow> RowsOf(const answers::Ledger& ledger) {
  return {{answers::OK, "✓", "+", ledger.ok()},
          {answers::LOST_AFTER_ACK, "✗", "X", ledger.lost_after_ack()},
          {answers::LOST_SILENT, "✗?", "X?", ledger.lost_silent()},
          {answers::FAILED_REPORTED, "!", "!", ledger.failed_reported()},
          {answers::GHOST, "≈", "~", ledger.ghost()},
          {answers::DUPLICATE, "2×", "2x", ledger.duplicate()},
          {answers::REORDERED, "⇅", "^v", ledger.reordered()},
          {answers::SKIPPED, "↷", ">>", ledger.skipped()},
          {answers::EXPIRED, "⌛", "ex", ledger.expired()},
          {answers::INVISIBLE, "◌", "o", ledger.invisible()},
          {answers::LATE, "⧗", "lt", ledger.late()},
          {answers::PENDING, "…", "...", ledger.pending()}};
}

bool IsLoss(answers::Fate fate) {
  return fate == answers::LOST_AFTER_ACK || fate == answers::LOST_SILENT;
}

std::string Seconds(uint64_t ns) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.3f s", static_cast<double>(ns) / 1e9);
  return text;
}

// The first few messages that met the fate, in all findings.
std::string MessagesText(const RunResult& result, answers::Fate fate, uint32_t count) {
  constexpr uint32_t kShown = 8;
  std::string text;
  uint32_t shown = 0;
  for (const auto& finding : result.findings()) {
    if (finding.fate() != fate) continue;
    for (const std::string& message : finding.messages()) {
      if (shown == kShown) break;
      text += (shown == 0 ? "" : " ") + message;
      ++shown;
    }
  }
  if (shown != 0 && count > shown) text += " and " + Grouped(count - shown) + " more";
  return text;
}

std::string LedgerText(const RunResult& result, const HumanOptions& options) {
  const Style& style = options.style;
  std::string out =
      "\n" + PadLeft(Grouped(result.ledger().sent()), 9) + "  sent by the application\n";
  uint32_t total = 0;
  for (const FateRow& row : RowsOf(result.ledger())) {
    total += row.count;
    if (row.count == 0) continue;
    std::string line = PadLeft(Grouped(row.count), 9) + "  " +
                       PadRight(style.ascii ? row.ascii : row.glyph, 3) +
                       answers::Fate_Name(row.fate);
    const std::string messages = MessagesText(result, row.fate, row.count);
    if (!messages.empty()) line = PadRight(line, 34) + messages;
    out += (IsLoss(row.fate) ? style.Paint(Tone::kBad, line) : line) + "\n";
  }
  const bool adds_up = total == result.ledger().sent();
  return out + "        0  all other fates" + PadLeft("total " + Grouped(total), 24) + " " +
         (adds_up ? style.good() : "DOES NOT ADD UP") + "\n";
}

std::string FaultsText(const RunResult& result) {
  if (result.faults_size() == 0) return "none planned";
  int fired = 0;
  std::string text;
  for (const auto& fault : result.faults()) {
    fired += fault.fired();
    text += (text.empty() ? "" : "; ") +
            (fault.has_act() ? ActText(fault.act())
                             : answers::FaultKind_Name(fault.kind()) + " " + fault.target());
    text += fault.fired() ? " at " + Seconds(fault.at_ns()) + " (" + fault.how() + ")"
                          : " never struck";
  }
  return std::to_string(fired) + " of " + std::to_string(result.faults_size()) + ": " + text;
}

std::string WantedText(const answers::Met& met) {
  if (met.met() == answers::Met::yes) return "as expected";
  if (met.met() != answers::Met::no) return "inconclusive";
  const std::string expected_class = NameOf(met.expected_class());
  return "expected " + answers::Status_Name(met.expected()) +
         (expected_class.empty() ? "" : " " + expected_class);
}

std::string ExpectationsText(const RunResult& result, const Style& style) {
  std::string out;
  for (const auto& met : result.expectations()) {
    const Tone tone = met.met() == answers::Met::yes  ? Tone::kGood
                      : met.met() == answers::Met::no ? Tone::kBad
                                                      : Tone::kWarn;
    out += "  expect " + PadRight(answers::Property_Name(met.property()), 22) +
           PadRight(answers::Status_Name(met.observed()), 14) + PadRight(NameOf(met.class_()), 17) +
           style.Paint(tone, WantedText(met)) + "   (" + met.where() + ")\n";
    if (!met.reason().empty()) out += Wrapped(met.reason(), "         ", 118);
  }
  return out;
}

// Harm that nobody asked about: in the verdict, and not in the exit code.
std::string UndeclaredText(const RunResult& result, const Style& style) {
  std::string out;
  for (const auto& each : result.undeclared()) {
    out += "  besides " + PadRight(answers::Property_Name(each.property()), 21) +
           PadRight(answers::Status_Name(each.observed()), 14) +
           PadRight(NameOf(each.class_()), 17) + style.Paint(Tone::kBad, "not declared") +
           "   (the exit code does not speak of it)\n";
  }
  return out;
}

std::string CountersText(const answers::Counters& counters) {
  std::string text;
  const auto add = [&](uint64_t count, const char* name) {
    if (count != 0) text += (text.empty() ? "" : ", ") + std::string(name) + " " + Grouped(count);
  };
  add(counters.elections(), "elections");
  add(counters.unclean_elections(), "of them unclean");
  add(counters.last_known_leader_elections(), "of them of the last known leader");
  add(counters.isr_shrinks(), "ISR shrinks");
  add(counters.truncations(), "truncations");
  add(counters.recoveries(), "logs recovered");
  add(counters.retries(), "retries");
  add(counters.rejected(), "produce requests refused");
  add(counters.duplicates_recognised(), "duplicates recognised");
  add(counters.unsent(), "messages unsent at the time limit");
  return text;
}

// "nothing is lost on this seed; of 9 other seeds that lose, 2 go on losing".
std::string SavedText(const answers::Remedy& remedy) {
  const std::string here = " (run: nothing is lost on this seed";
  const uint32_t others = remedy.of() - 1;
  const uint32_t losing = remedy.of() - remedy.saved();
  if (others == 0) return here + ")";
  if (losing == 0) return here + ", nor on " + std::to_string(others) + " others that lose)";
  return here + "; of " + std::to_string(others) + " others that lose, " + std::to_string(losing) +
         " go on losing)";
}

// What helps, as it was run; or that it does not, and what is lost all the same.
std::string CureOf(const RunResult& result) {
  const auto& remedy = result.remedy();
  if (remedy.text().empty()) {
    for (const auto& finding : result.findings()) {
      if (!finding.cure().empty()) return finding.cure() + " (not run)";
    }
    return "";
  }
  const bool saved = remedy.saved() != 0 && remedy.still_seed() != result.seed();
  if (saved) return remedy.text() + SavedText(remedy);
  const std::string text = "none found. With " + remedy.text() + ", run on this seed, ";
  if (remedy.still_lost() == 0) return text + "the outcome is not known: a fault did not strike";
  return text + Grouped(remedy.still_lost()) + " messages are lost all the same: " + remedy.still();
}

// What happened, what would have helped, what struck, and what it cost.
std::string StoryText(const RunResult& result, const Style& style) {
  std::string happened;
  for (const auto& finding : result.findings()) {
    happened += (happened.empty() ? "" : " ") + finding.sentence();
  }
  std::string out = Labelled(style, "What happened", happened);
  for (const std::string& ended : result.ended()) out += Labelled(style, "Ended", ended);
  out += Labelled(style, "Cure", CureOf(result));
  out += Labelled(style, "Faults fired", FaultsText(result));
  std::string broken;
  for (const std::string& violation : result.violations()) {
    broken += (broken.empty() ? "" : "; ") + violation;
  }
  out += Labelled(style, "INVARIANTS", broken);
  out += Labelled(style, "Besides", CountersText(result.counters()));
  if (result.counters().write_stall_ns() > 500'000'000) {
    out += Labelled(style, "Cost",
                    "no acknowledgement for " + Seconds(result.counters().write_stall_ns()));
  }
  return out;
}

std::string SettingsText(const RunResult& result) {
  std::string out;
  for (const auto& setting : result.settings()) {
    out += "  " + PadRight(setting.scope(), 20) + PadRight(setting.name(), 44) +
           PadRight(setting.value(), 24) + setting.origin() + "\n";
  }
  return out;
}

}  // namespace

std::string RenderRun(const RunResult& result, const HumanOptions& options) {
  const Style& style = options.style;
  std::string out =
      style.Paint(ToneOf(result.verdict()),
                  std::string(GlyphOf(style, result.verdict())) + " " + result.headline()) +
      "\n";
  if (!options.quiet) {
    out += LedgerText(result, options) + "\n" + StoryText(result, style) + "\n";
    out += ExpectationsText(result, style) + UndeclaredText(result, style) + "\n";
    out += AssumedText(style, result.assumptions());
    out += ListText(style, "Configuration", result.notes());
    out += NotModelledText(style, result.not_modelled());
    if (options.verbose) out += SettingsText(result);
    out += "\ndigest " + result.digest() + ", " + Grouped(result.events()) + " events, " +
           Seconds(result.ended_at_ns()) + " of virtual time\n";
  }
  return out + "reproduce: " + result.reproduce() + "\n";
}

}  // namespace render
