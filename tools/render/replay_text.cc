#include "tools/render/replay_text.h"

#include "tools/answers/comparison.pb.h"
#include "tools/render/divergence.h"
#include "tools/render/human_parts.h"

namespace render {
namespace {

using answers::ReplayResult;

std::string EngineText(const ReplayResult& replay) {
  if (replay.recorded_engine() == replay.engine()) return "";
  return "  The capsule was made by fate " + replay.recorded_engine() + ", this is fate " +
         replay.engine() + ".\n";
}

std::string VerdictText(const ReplayResult& replay) {
  const std::string recorded = NameOf(replay.recorded_verdict());
  if (replay.verdict() == replay.recorded_verdict()) {
    return "verdict " + recorded + " as recorded";
  }
  return "verdict " + NameOf(replay.verdict()) + ", recorded was " + recorded;
}

std::string IdenticalText(const ReplayResult& replay, bool good, const Style& style) {
  const std::string glyph = good ? style.good() : style.bad();
  return style.Paint(good ? Tone::kGood : Tone::kBad, glyph + " identical") + "  " +
         Grouped(replay.events()) + " events, digest " + replay.digest() + ", " +
         VerdictText(replay) + "\n" + (good ? "" : EngineText(replay));
}

}  // namespace

std::string RenderReplay(const ReplayResult& replay, bool verdict_is_explained,
                         const Style& style) {
  if (replay.identical()) return IdenticalText(replay, verdict_is_explained, style);
  std::string text = style.Paint(Tone::kBad, std::string(style.bad()) + " DIVERGED");
  if (!replay.has_first_difference()) {
    return text + "  only the digest differs: recorded " + replay.recorded_digest() + ", now " +
           replay.digest() + "\n" + EngineText(replay);
  }
  const ReplayResult::First& first = replay.first_difference();
  const DivergenceText difference{.headline = first.where(),
                                  .recorded = {first.recorded().begin(), first.recorded().end()},
                                  .now = {first.now().begin(), first.now().end()}};
  return text + " at " + difference.headline + "\n" + Render(difference, "recorded", "now") +
         EngineText(replay);
}

std::string VerifiedText(const answers::RunResult& result) {
  return "verified: a new process gives the same " + std::to_string(result.events()) +
         " events, digest " + result.digest() + "\n";
}

std::string NotDeterministicText(const answers::RunResult& result, const std::string& digest_again,
                                 const DivergenceText* difference) {
  const std::string text = "not deterministic: digest " + result.digest() + " here, " +
                           digest_again + " in a new process\n";
  if (difference == nullptr) return text;
  return text + "  first difference: " + difference->headline + "\n" +
         Render(*difference, "here", "in a new process");
}

}  // namespace render
