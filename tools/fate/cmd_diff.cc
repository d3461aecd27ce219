// fate diff RUN RUN: where two runs part.
#include <vector>

#include "tools/analysis/diff.h"
#include "tools/answers/comparison.pb.h"
#include "tools/fate/commands.h"
#include "tools/fate/describe_divergence.h"
#include "tools/fate/open_case.h"
#include "tools/fate/session.h"
#include "tools/render/diff_text.h"
#include "tools/render/headline.h"
#include "tools/render/json.h"

namespace fate {
namespace {

// What only sentences can say: each side's first line, and the event in which the two part.
void FillSentences(const analysis::Case& right, const analysis::Difference& found,
                   answers::DiffResult& out) {
  out.mutable_runs(0)->set_headline(render::Headline(found.left->result));
  out.mutable_runs(1)->set_headline(render::Headline(found.right->result));
  if (!found.first) return;
  const render::DivergenceText text =
      DescribeDivergence(right.setup(), found.right->world().tables, *found.first);
  auto* first = out.mutable_first_difference();
  first->set_where(text.headline);
  for (const std::string& line : text.recorded) first->add_left(line);
  for (const std::string& line : text.now) first->add_right(line);
}

}  // namespace

int DiffCommand(const Options& options) {
  const kafka_config::Tables tables = kafka_config::LoadTables();
  std::vector<analysis::Case> cases;
  for (const std::string& target : options.targets) {
    absl::StatusOr<NamedCase> opened = OpenCase(tables, options, target);
    if (!opened.ok()) return Fail(opened.status());
    cases.push_back(std::move(opened->made));
  }
  const analysis::Difference found = analysis::Diff(cases[0], cases[1]);
  answers::DiffResult diff = found.answer;
  for (int i = 0; i < 2; ++i) {
    diff.mutable_runs(i)->set_name(options.targets[static_cast<size_t>(i)]);
  }
  FillSentences(cases[1], found, diff);
  PrintAnswer(options.format == Format::kJson ? render::ToJson(diff)
                                              : render::RenderDiff(diff, DisplayOf(options).style),
              PaintOf(DisplayOf(options).style));
  return diff.identical() ? kExitMet : kExitNotMet;
}

}  // namespace fate
