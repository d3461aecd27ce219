#include "tools/report/human.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "tools/report/wilson.h"

namespace fate {
namespace {

using schema::proto::BatchResult;
using schema::proto::RunResult;

struct FateRow {
  const char* name;
  const char* glyph;
  const char* ascii;
  uint32_t count;
};

std::vector<FateRow> RowsOf(const schema::proto::Ledger& ledger) {
  return {{"OK", "✓", "+", ledger.ok()},
          {"LOST_AFTER_ACK", "✗", "X", ledger.lost_after_ack()},
          {"LOST_SILENT", "✗?", "X?", ledger.lost_silent()},
          {"FAILED_REPORTED", "!", "!", ledger.failed_reported()},
          {"GHOST", "≈", "~", ledger.ghost()},
          {"DUPLICATE", "2×", "2x", ledger.duplicate()},
          {"REORDERED", "⇅", "^v", ledger.reordered()},
          {"SKIPPED", "↷", ">>", ledger.skipped()},
          {"EXPIRED", "⌛", "ex", ledger.expired()},
          {"INVISIBLE", "◌", "o", ledger.invisible()},
          {"LATE", "⧗", "lt", ledger.late()},
          {"PENDING", "…", "...", ledger.pending()}};
}

Tone ToneOf(const std::string& verdict) {
  if (verdict == "BROKEN") return Tone::kBad;
  return verdict == "HELD" ? Tone::kGood : Tone::kWarn;
}
const char* GlyphOf(const Style& style, const std::string& verdict) {
  if (verdict == "BROKEN") return style.bad();
  return verdict == "HELD" ? style.good() : style.open();
}

std::string Seconds(uint64_t ns) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.3f s", static_cast<double>(ns) / 1e9);
  return text;
}

// "  Label           text", further lines under the text.
std::string Labelled(const Style& style, const std::string& label, const std::string& text) {
  const std::string indent(18, ' ');
  std::string body = Wrapped(text, indent, 118);
  if (body.empty()) return "";
  return "  " + style.Paint(Tone::kBold, PadRight(label, 16)) + body.substr(18);
}

std::string MessagesText(const schema::proto::Finding& finding) {
  std::string text;
  const int shown = std::min(finding.messages_size(), 8);
  for (int i = 0; i < shown; ++i) text += (i == 0 ? "" : " ") + finding.messages(i);
  if (finding.messages_size() > shown) {
    text += " and " + std::to_string(finding.messages_size() - shown) + " more";
  }
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
                       PadRight(style.ascii ? row.ascii : row.glyph, 3) + row.name;
    for (const auto& finding : result.findings()) {
      if (finding.fate() == row.name) line = PadRight(line, 34) + MessagesText(finding);
    }
    const bool bad = std::string(row.name).rfind("LOST", 0) == 0;
    out += (bad ? style.Paint(Tone::kBad, line) : line) + "\n";
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
    text += (text.empty() ? "" : "; ") + fault.kind() + " " + fault.target();
    text += fault.fired() ? " at " + Seconds(fault.at_ns()) + " (" + fault.how() + ")"
                          : " never struck";
  }
  return std::to_string(fired) + " of " + std::to_string(result.faults_size()) + ": " + text;
}

std::string ExpectationsText(const RunResult& result, const Style& style) {
  std::string out;
  for (const auto& met : result.expectations()) {
    const Tone tone = met.met() == "yes"  ? Tone::kGood
                      : met.met() == "no" ? Tone::kBad
                                          : Tone::kWarn;
    const std::string wanted =
        met.met() == "yes"  ? "as expected"
        : met.met() == "no" ? "expected " + met.expected() +
                                  (met.expected_class().empty() ? "" : " " + met.expected_class())
                            : "inconclusive";
    out += "  expect " + PadRight(met.property(), 22) + PadRight(met.observed(), 14) +
           PadRight(met.class_(), 17) + style.Paint(tone, wanted) + "   (" + met.where() + ")\n";
    if (!met.reason().empty()) out += Wrapped(met.reason(), "         ", 118);
  }
  return out;
}

std::string ListText(const Style& style, const char* label,
                     const google::protobuf::RepeatedPtrField<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "; ") + line;
  return Labelled(style, label, text);
}

std::string NotModelledText(
    const Style& style,
    const google::protobuf::RepeatedPtrField<schema::proto::NotModelled>& list) {
  std::string text;
  for (const auto& item : list) {
    text += (text.empty() ? "" : "; ") + item.scope() + " " + item.name() + ": " + item.reason();
  }
  return Labelled(style, "Not modelled", text);
}

std::string CountersText(const schema::proto::Counters& counters) {
  std::string text;
  const auto add = [&](uint64_t count, const char* name) {
    if (count != 0) text += (text.empty() ? "" : ", ") + std::string(name) + " " + Grouped(count);
  };
  add(counters.elections(), "elections");
  add(counters.unclean_elections(), "of them unclean");
  add(counters.isr_shrinks(), "ISR shrinks");
  add(counters.truncations(), "truncations");
  add(counters.recoveries(), "logs recovered");
  add(counters.retries(), "retries");
  add(counters.rejected(), "produce requests refused");
  add(counters.duplicates_recognised(), "duplicates recognised");
  return text;
}

// What happened, what would have helped, what struck, and what it cost.
std::string StoryText(const RunResult& result, const Style& style) {
  std::string happened;
  for (const auto& finding : result.findings()) {
    happened += (happened.empty() ? "" : " ") + finding.sentence();
  }
  std::string out = Labelled(style, "What happened", happened);
  for (const auto& finding : result.findings()) {
    if (finding.cure().empty()) continue;
    const char* confirmed = !finding.has_cure_confirmed() ? " (not run)"
                            : finding.cure_confirmed() ? " (run on the same seed: nothing is lost)"
                                                       : " (unconfirmed: still lost on this seed)";
    out += Labelled(style, "Cure", finding.cure() + confirmed);
  }
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
    out += ExpectationsText(result, style) + "\n";
    out += ListText(style, "Assumed", result.assumed());
    out += ListText(style, "Configuration", result.notes());
    out += NotModelledText(style, result.not_modelled());
    if (options.verbose) out += SettingsText(result);
    out += "\ndigest " + result.digest() + ", " + Grouped(result.events()) + " events, " +
           Seconds(result.ended_at_ns()) + " of virtual time\n";
  }
  return out + "reproduce: " + result.reproduce() + "\n";
}

namespace {

std::string ShareText(uint32_t k, uint32_t n) {
  return Grouped(k) + " of " + Grouped(n) + "   " + FormatInterval(Wilson(k, n));
}

std::string TallyText(const schema::proto::Tally& tally, const Style& style) {
  const uint32_t n = tally.held() + tally.broken() + tally.inconclusive();
  std::string line = "  " + PadRight(tally.property(), 24) + "BROKEN in " +
                     PadRight(ShareText(tally.broken(), n), 34) + PadRight(tally.class_(), 17);
  if (tally.inconclusive() != 0) line += "INCONCLUSIVE in " + Grouped(tally.inconclusive());
  return (tally.broken() != 0 ? style.Paint(Tone::kBad, line) : line) + "\n";
}

}  // namespace

std::string RenderBatch(const BatchResult& result, const HumanOptions& options) {
  const Style& style = options.style;
  std::string out =
      style.Paint(ToneOf(result.verdict()),
                  std::string(GlyphOf(style, result.verdict())) + " " + result.property() +
                      " BROKEN in " + Grouped(result.k()) + " of " + Grouped(result.n()) +
                      " runs, " +
                      FormatInterval({result.interval().low(), result.interval().high()})) +
      "\n";
  if (options.quiet) return out;
  out += "\n";
  for (const auto& tally : result.tallies()) out += TallyText(tally, style);
  std::vector<const schema::proto::SeedResult*> worst;
  for (const auto& seed : result.seeds()) {
    if (seed.verdict() == "BROKEN") worst.push_back(&seed);
  }
  std::stable_sort(worst.begin(), worst.end(),
                   [](const auto* a, const auto* b) { return a->lost() > b->lost(); });
  if (!worst.empty()) out += "\n  worst seeds\n";
  for (size_t i = 0; i < std::min<size_t>(worst.size(), 10); ++i) {
    out += "    seed " + PadRight(std::to_string(worst[i]->seed()), 22) +
           Grouped(worst[i]->lost()) + " messages   digest " + worst[i]->digest().substr(0, 8) +
           "\n";
  }
  out += "\n" + ListText(style, "Assumed", result.assumed());
  out += ListText(style, "Configuration", result.notes());
  return out + NotModelledText(style, result.not_modelled());
}

std::string RenderVariants(const schema::proto::VariantsResult& result,
                           const HumanOptions& options) {
  const Style& style = options.style;
  std::string out;
  if (!result.claim_verdict().empty()) {
    out += style.Paint(Tone::kBold, result.claim() + " " + result.claim_verdict()) + ": " +
           result.claim_reason() + "\n\n";
  }
  const auto label = [](const BatchResult& run) {
    return run.variant().empty() ? run.scenario() : "  " + run.variant();
  };
  size_t width = 44;
  for (const BatchResult& run : result.runs()) width = std::max(width, label(run).size());
  width += 2;
  for (const BatchResult& run : result.runs()) {
    out += "  " + PadRight(label(run), width);
    bool first = true;
    for (const auto& tally : run.tallies()) {
      const uint32_t n = tally.held() + tally.broken() + tally.inconclusive();
      if (!first) out += std::string(2 + width, ' ');
      first = false;
      out += PadRight(tally.property(), 24) + "BROKEN in " +
             PadRight(ShareText(tally.broken(), n), 30) + PadRight(tally.class_(), 16);
      if (tally.inconclusive() != 0) out += " INCONCLUSIVE in " + Grouped(tally.inconclusive());
      out += "\n";
    }
  }
  if (result.runs_size() > 0 && !options.quiet) {
    out += "\n" + ListText(style, "Assumed", result.runs(0).assumed());
    out += ListText(style, "Configuration", result.runs(0).notes());
  }
  return out;
}

std::string RenderCollection(const schema::proto::CollectionResult& result,
                             const HumanOptions& options) {
  const Style& style = options.style;
  std::string out = "  " + PadRight("", 24) + PadRight("acknowledged messages lost", 40) +
                    PadRight("class", 17) + "cure\n";
  for (int i = 0; i < result.runs_size(); ++i) {
    const BatchResult& run = result.runs(i);
    for (int t = 0; t < run.tallies_size(); ++t) {
      const auto& tally = run.tallies(t);
      const uint32_t n = tally.held() + tally.broken() + tally.inconclusive();
      const bool first = t == 0;
      if (!first && tally.broken() == 0 && tally.inconclusive() == 0) continue;
      std::string share = ShareText(tally.broken(), n);
      if (!first) share = tally.property() + " " + share;
      std::string line = "  " + PadRight(first ? run.scenario() : "", 24) + PadRight(share, 40) +
                         PadRight(tally.class_(), 17);
      if (first && i < result.cures_size()) line += result.cures(i);
      if (tally.inconclusive() != 0) {
        line += " (INCONCLUSIVE in " + Grouped(tally.inconclusive()) + ")";
      }
      out += (tally.broken() != 0 ? style.Paint(Tone::kBad, line) : line) + "\n";
    }
  }
  if (result.runs_size() == 0 || options.quiet) return out;
  out += "\n" + ListText(style, "Assumed", result.runs(0).assumed());
  out += ListText(style, "Configuration", result.runs(0).notes());
  return out + NotModelledText(style, result.runs(0).not_modelled());
}

}  // namespace fate
