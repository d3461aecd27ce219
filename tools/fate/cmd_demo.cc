// fate demo: one story twice, side by side.
#include <memory>

#include "tools/analysis/demo.h"
#include "tools/analysis/explain.h"
#include "tools/fate/commands.h"
#include "tools/fate/reproduce.h"
#include "tools/fate/session.h"
#include "tools/render/demo_text.h"
#include "tools/render/explanation.h"
#include "tools/render/explanation_fill.h"
#include "tools/render/fill.h"

namespace fate {
namespace {

constexpr char kStory[] = "acks_one_or_all";
constexpr uint32_t kExplanationWidth = 110;

using RunOneSide = std::unique_ptr<analysis::RecordedRun> (*)(const analysis::Demo&,
                                                              kafka::RunWatcher&);

render::DemoSide SideOf(const analysis::Demo& demo, const std::string& title, RunOneSide run) {
  render::MessageTeller teller(demo.lost_uid);
  render::DemoSide side{.title = title, .result = run(demo, teller)->result, .lines = {}};
  render::FillSentences(side.result);
  side.lines = teller.lines();
  return side;
}

// The explanation of the message that was lost.
std::string WhyText(const analysis::Demo& demo, const render::Style& style) {
  if (!demo.lost.exists()) return "";
  answers::Explanation why = analysis::Explain(demo.base, demo.lost, {.futures = 0, .seeds = 0});
  render::FillSentences(why);
  return "\nWhy?\n\n" + render::ChainText(why, style, kExplanationWidth);
}

}  // namespace

int DemoCommand(const Options& options) {
  const render::Style style = render::MakeStyle(options.color, options.ascii, 1);
  const kafka_config::Tables tables = kafka_config::LoadTables();
  const absl::StatusOr<analysis::Demo> demo =
      analysis::MakeDemo(tables, kStory, SeedGiven(options), kafka::kNoStateWatcher);
  if (!demo.ok()) {  // what ships is broken: an error of this program, whatever its kind
    Fail(demo.status());
    return kExitInternal;
  }
  const uint64_t seed = demo->base.seed;
  const render::DemoSide left =
      SideOf(*demo, demo->base.prepared.name() + ": acks=1", analysis::RunBase);
  const render::DemoSide right =
      SideOf(*demo, "the same, with " + demo->variant.scenario.variant, analysis::RunVariant);
  PrintAnswer(render::DemoText(left, right, style) + WhyText(*demo, style) +
                  render::DemoNextText(options.program, kStory, seed,
                                       ReproduceLine(tables, options, kStory, seed)),
              PaintOf(style));
  return kExitMet;
}

}  // namespace fate
