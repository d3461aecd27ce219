// fate replay CAPSULE|DIRECTORY: the same run again, or the first event that is another one.
#include <cstdio>

#include "tools/analysis/replay.h"
#include "tools/fate/commands.h"
#include "tools/render/json_text.h"
#include "tools/render/style.h"

namespace fate {
namespace {

using answers::Capsule;

void PrintError(const std::string& text) { std::fputs(text.c_str(), stderr); }

std::string EngineText(const Capsule& capsule) {
  if (capsule.engine() == EngineVersion()) return "";
  return "  The capsule was made by fate " + capsule.engine() + ", this is fate " +
         EngineVersion() + ".\n";
}

// A capsule carries no value of a setting that the model does not act on; what such settings leave
// open is then open in the recorded verdict alone.
std::string VerdictText(const Capsule& capsule, const analysis::Replayed& replayed) {
  const std::string& recorded = capsule.result().verdict();
  if (replayed.same_verdict) return "verdict " + recorded + " as recorded";
  return "verdict " + replayed.verdict + ", recorded was " + recorded;
}

bool VerdictIsExplained(const Capsule& capsule, const analysis::Replayed& replayed) {
  return replayed.same_verdict || capsule.result().not_modelled_size() > 0;
}

std::string Human(const Options& options, const Capsule& capsule,
                  const analysis::Replayed& replayed) {
  const render::Style style = render::MakeStyle(options.color, options.ascii, 1);
  if (replayed.identical) {
    const bool good = VerdictIsExplained(capsule, replayed);
    return std::string(style.Paint(good ? render::Tone::kGood : render::Tone::kBad,
                                   std::string(good ? style.good() : style.bad()) + " identical")) +
           "  " + render::Grouped(replayed.events) + " events, digest " + replayed.digest + ", " +
           VerdictText(capsule, replayed) + "\n" + (good ? "" : EngineText(capsule));
  }
  std::string text = style.Paint(render::Tone::kBad, std::string(style.bad()) + " DIVERGED") +
                     (replayed.difference ? " at " + replayed.difference->headline
                                          : "  only the digest differs: recorded " +
                                                capsule.digest() + ", now " + replayed.digest) +
                     "\n";
  if (replayed.difference) text += analysis::Render(*replayed.difference, "recorded", "now");
  return text + EngineText(capsule);
}

std::string Json(const std::string& file, const Capsule& capsule,
                 const analysis::Replayed& replayed) {
  render::JsonObject object;
  object.Add("schema_version", 1);
  object.Add("capsule", file);
  object.Add("engine", EngineVersion());
  object.Add("recorded_engine", capsule.engine());
  object.Add("scenario", capsule.result().scenario());
  object.Add("seed", std::to_string(capsule.seed()));
  object.Add("identical", replayed.identical);
  object.Add("events", std::to_string(replayed.events));
  object.Add("recorded_events", std::to_string(capsule.events()));
  object.Add("digest", replayed.digest);
  object.Add("recorded_digest", capsule.digest());
  object.Add("verdict", replayed.verdict);
  object.Add("recorded_verdict", capsule.result().verdict());
  if (replayed.difference) {
    render::JsonObject difference;
    difference.Add("where", replayed.difference->headline);
    difference.Add("recorded", replayed.difference->recorded);
    difference.Add("now", replayed.difference->now);
    object.Add("first_difference", difference);
  }
  return object.Text() + "\n";
}

}  // namespace

int ReplayCommand(const Options& options) {
  const analysis::ReadCapsule read = analysis::ReadCapsuleAt(options.targets.front());
  if (!read.capsule) {
    PrintError(read.failure.text);
    return read.failure.exit_code;
  }
  const Capsule& capsule = *read.capsule;
  if (!options.quiet && options.format == Format::kHuman) {
    PrintError("replaying " + capsule.result().scenario() + " seed " +
               std::to_string(capsule.seed()) + "\n");
  }
  const kafka_config::Tables tables = kafka_config::LoadTables();
  const analysis::Replayed replayed = analysis::Replay(tables, capsule, read.file);
  if (replayed.failure.exit_code != 0) {
    PrintError(replayed.failure.text);
    return replayed.failure.exit_code;
  }
  const std::string text = options.format == Format::kJson ? Json(read.file, capsule, replayed)
                                                           : Human(options, capsule, replayed);
  std::fputs(text.c_str(), stdout);
  return replayed.identical && VerdictIsExplained(capsule, replayed) ? kExitMet : kExitDiverged;
}

}  // namespace fate
