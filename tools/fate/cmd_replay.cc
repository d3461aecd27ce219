// fate replay CAPSULE|DIRECTORY: the same run again, or the first event that is another one.
#include <cstdio>

#include "tools/analysis/replay.h"
#include "tools/answers/capsule.pb.h"
#include "tools/answers/comparison.pb.h"
#include "tools/fate/commands.h"
#include "tools/fate/describe_divergence.h"
#include "tools/fate/session.h"
#include "tools/render/json.h"
#include "tools/render/replay_text.h"

namespace fate {
namespace {

// The answer with the event in which the run of now is another one, in words.
answers::ReplayResult AnswerOf(const analysis::Replayed& replayed) {
  answers::ReplayResult answer = replayed.answer;
  if (!replayed.difference) return answer;
  const render::DivergenceText text = DescribeDivergence(
      replayed.opened->prepared.setup(), replayed.run->world().tables, *replayed.difference);
  auto* first = answer.mutable_first_difference();
  first->set_where(text.headline);
  for (const std::string& line : text.recorded) first->add_recorded(line);
  for (const std::string& line : text.now) first->add_now(line);
  return answer;
}

}  // namespace

int ReplayCommand(const Options& options) {
  const auto read = analysis::ReadCapsuleAt(options.targets.front());
  if (!read.ok()) return Fail(read.status());
  const answers::Capsule& capsule = read->capsule;
  if (!options.quiet && options.format == Format::kHuman) {
    PrintError("replaying " + capsule.result().scenario() + " seed " +
               std::to_string(capsule.seed()) + "\n");
  }
  const kafka_config::Tables tables = kafka_config::LoadTables();
  const absl::StatusOr<analysis::Replayed> replayed =
      analysis::Replay(tables, *read, kafka::kNoStateWatcher);
  if (!replayed.ok()) return Fail(replayed.status());
  const answers::ReplayResult answer = AnswerOf(*replayed);
  // A capsule carries no value of a setting that the model does not act on; what such settings
  // leave open is then open in the recorded verdict alone.
  const bool explained =
      answer.verdict() == answer.recorded_verdict() || capsule.result().not_modelled_size() > 0;
  PrintAnswer(options.format == Format::kJson
                  ? render::ToJson(answer)
                  : render::RenderReplay(answer, explained, DisplayOf(options).style),
              PaintOf(DisplayOf(options).style));
  return answer.identical() && explained ? kExitMet : kExitDiverged;
}

}  // namespace fate
