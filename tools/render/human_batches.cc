#include <algorithm>
#include <vector>

#include "tools/render/human.h"
#include "tools/render/human_parts.h"
#include "tools/render/interval.h"
#include "tools/render/sentences.h"

namespace render {

using answers::BatchResult;

namespace {

using answers::Tally;

uint32_t RunsOf(const Tally& tally) { return tally.held() + tally.broken() + tally.inconclusive(); }

std::string ShareText(const Tally& tally) {
  const uint32_t n = RunsOf(tally);
  return Grouped(tally.broken()) + " of " + Grouped(n) + "   " +
         FormatInterval(answers::Wilson(tally.broken(), n));
}

std::string InconclusiveText(const Tally& tally) {
  if (tally.inconclusive() == 0) return "";
  return "INCONCLUSIVE in " + Grouped(tally.inconclusive()) +
         (tally.has_doubt() ? ": " + ShortDoubtText(tally.doubt()) : "");
}

// No blanks behind its end; painted if something is broken.
std::string TallyLine(const Style& style, const Tally& tally, std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return (tally.broken() != 0 ? style.Paint(Tone::kBad, text) : text) + "\n";
}

std::string TallyText(const Tally& tally, const Style& style) {
  return TallyLine(style, tally,
                   "  " + PadRight(answers::Property_Name(tally.property()), 24) + "BROKEN in " +
                       PadRight(ShareText(tally), 34) + PadRight(NameOf(tally.class_()), 17) +
                       InconclusiveText(tally));
}

// What is worst: the first property that is broken, else the first that is open.
std::string BatchHeadline(const BatchResult& result) {
  const auto& tallies = result.tallies();
  const auto first = [&](auto wanted) {
    return std::find_if(tallies.begin(), tallies.end(), wanted);
  };
  const auto broken = first([](const Tally& tally) { return tally.broken() != 0; });
  if (broken != tallies.end()) {
    return answers::Property_Name(broken->property()) + " BROKEN in " + Grouped(broken->broken()) +
           " of " + Grouped(RunsOf(*broken)) + " runs, " +
           FormatInterval(answers::Wilson(broken->broken(), RunsOf(*broken)));
  }
  const auto open = first([](const Tally& tally) { return tally.inconclusive() != 0; });
  if (open != tallies.end()) {
    return answers::Property_Name(open->property()) + " INCONCLUSIVE in " +
           Grouped(open->inconclusive()) + " of " + Grouped(RunsOf(*open)) +
           " runs: " + open->reason();
  }
  std::string names;
  for (const Tally& tally : tallies)
    names += (names.empty() ? "" : ", ") + answers::Property_Name(tally.property());
  return names + " HELD in all " + Grouped(result.n()) + " runs; BROKEN in " +
         FormatInterval({result.interval().low(), result.interval().high()});
}

std::string WorstText(const BatchResult& result) {
  std::vector<const answers::SeedResult*> worst;
  for (const auto& seed : result.seeds()) {
    if (seed.verdict() == answers::BROKEN) worst.push_back(&seed);
  }
  std::stable_sort(worst.begin(), worst.end(),
                   [](const auto* a, const auto* b) { return a->lost() > b->lost(); });
  std::string out = worst.empty() ? "" : "\n  worst seeds\n";
  for (size_t i = 0; i < std::min<size_t>(worst.size(), 10); ++i) {
    out += "    seed " + PadRight(std::to_string(worst[i]->seed()), 20) +
           PadLeft(Grouped(worst[i]->lost()), 8) + " messages   digest " +
           worst[i]->digest().substr(0, 8) + "\n";
  }
  return out;
}

std::string BatchCure(const Style& style, const answers::Remedy& remedy) {
  if (remedy.text().empty()) return "";
  std::string text = remedy.text();
  if (remedy.saved() == remedy.of()) {
    text += " (run on " + std::to_string(remedy.of()) + " losing seeds: nothing is lost on any)";
    return Labelled(style, "Cure", text);
  }
  text += " (run on " + std::to_string(remedy.of()) + " losing seeds: saves " +
          std::to_string(remedy.saved()) + "). Still, on seed " +
          std::to_string(remedy.still_seed()) + ": " + remedy.still();
  return Labelled(style, remedy.saved() == 0 ? "No cure" : "Cure", text);
}

// The line that runs the worst seed alone: what to do next.
std::string ReproduceText(const BatchResult& result) {
  return result.reproduce().empty() ? "" : "\nthe worst run: " + result.reproduce() + "\n";
}

std::string AssumptionsOf(const BatchResult& result, const Style& style) {
  return AssumedText(style, result.assumptions()) +
         ListText(style, "Configuration", result.notes()) +
         NotModelledText(style, result.not_modelled());
}

}  // namespace

std::string RenderBatch(const BatchResult& result, const HumanOptions& options) {
  const Style& style = options.style;
  std::string out =
      style.Paint(ToneOf(result.verdict()),
                  std::string(GlyphOf(style, result.verdict())) + " " + BatchHeadline(result)) +
      "\n";
  if (options.quiet) return out;
  out += "\n";
  for (const Tally& tally : result.tallies()) out += TallyText(tally, style);
  out += WorstText(result) + "\n" + BatchCure(style, result.remedy());
  return out + AssumptionsOf(result, style) + ReproduceText(result);
}

std::string RenderVariants(const answers::VariantsResult& result, const HumanOptions& options) {
  const Style& style = options.style;
  std::string out;
  if (result.claim_verdict() != answers::VariantsResult::CLAIM_UNSPECIFIED) {
    out +=
        style.Paint(Tone::kBold, result.claim() + " " +
                                     answers::VariantsResult::Claim_Name(result.claim_verdict())) +
        ": " + result.claim_reason() + "\n\n";
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
      if (!first) out += std::string(2 + width, ' ');
      first = false;
      out += TallyLine(style, tally,
                       PadRight(answers::Property_Name(tally.property()), 24) + "BROKEN in " +
                           PadRight(ShareText(tally), 30) + PadRight(NameOf(tally.class_()), 17) +
                           InconclusiveText(tally));
    }
  }
  if (result.runs_size() == 0 || options.quiet) return out;
  return out + "\n" + AssumptionsOf(result.runs(0), style) + ReproduceText(result.runs(0));
}

namespace {

std::string WordsOf(answers::Property property) {
  switch (property) {
    case answers::NO_ACKED_LOSS:
      return "acknowledged messages lost";
    case answers::NO_SILENT_LOSS:
      return "lost, and nobody told";
    case answers::NO_DUPLICATE:
      return "messages doubled";
    case answers::ORDER_PER_KEY:
      return "messages out of order";
    default:
      return answers::Property_Name(property);
  }
}

// The first property always; the others where something is to be said. A property that could not be
// judged in any run has its say behind those that could.
std::string CollectionRow(const BatchResult& run, const Style& style) {
  std::string out;
  std::string name = run.scenario();
  for (const Tally& tally : run.tallies()) {
    const bool quiet = tally.broken() == 0 && tally.inconclusive() == 0;
    if (quiet && &tally != &run.tallies(0)) continue;
    const std::string head = "  " + PadRight(name, 18) + PadRight(WordsOf(tally.property()), 28);
    const bool is_known = tally.inconclusive() < RunsOf(tally);
    out += TallyLine(
        style, tally,
        head + (is_known ? PadRight(ShareText(tally), 28) + PadRight(NameOf(tally.class_()), 17) +
                               InconclusiveText(tally)
                         : "not known: " + ShortDoubtText(tally.doubt())));
    name.clear();
  }
  const auto& remedy = run.remedy();
  if (remedy.text().empty()) return out;
  const std::string saves =
      "saves " + std::to_string(remedy.saved()) + " of " + std::to_string(remedy.of());
  out += "  " + PadRight("", 18) + (remedy.saved() == 0 ? "no cure: " : "cure: ") + remedy.text() +
         "   " + saves + "\n";
  if (remedy.saved() < remedy.of()) {
    out +=
        Wrapped("still lost on seed " + std::to_string(remedy.still_seed()) + ": " + remedy.still(),
                std::string(26, ' '), 118);
  }
  return out;
}

}  // namespace

std::string RenderCollection(const answers::CollectionResult& result, const HumanOptions& options) {
  const Style& style = options.style;
  std::string out = "  " + PadRight("", 18) + PadRight("what", 28) +
                    PadRight("in how many runs (95 %)", 28) + "class\n";
  for (const BatchResult& run : result.runs()) out += CollectionRow(run, style);
  if (result.runs_size() == 0 || options.quiet) return out;
  out += "\n" + AssumptionsOf(result.runs(0), style);
  const auto& runs = result.runs();
  const auto losing = std::find_if(runs.begin(), runs.end(),
                                   [](const BatchResult& run) { return !run.reproduce().empty(); });
  return losing == runs.end() ? out : out + ReproduceText(*losing);
}

}  // namespace render
