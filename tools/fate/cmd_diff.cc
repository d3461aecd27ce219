// fate diff RUN RUN: where two runs part.
#include <cstdio>

#include "tools/analysis/diff.h"
#include "tools/analysis/open_case.h"
#include "tools/fate/commands.h"
#include "tools/render/json.h"

namespace fate {

int DiffCommand(const Options& options) {
  const kafka_config::Tables tables = kafka_config::LoadTables();
  std::vector<analysis::Case> cases;
  for (const std::string& target : options.targets) {
    analysis::OpenedCase opened = analysis::OpenCase(tables, options, target);
    if (opened.failure.exit_code != 0) {
      std::fputs(opened.failure.text.c_str(), stderr);
      return opened.failure.exit_code;
    }
    cases.push_back(*std::move(opened.made));
  }
  answers::DiffResult diff = analysis::Diff(cases[0], cases[1]);
  for (int i = 0; i < 2; ++i)
    diff.mutable_runs(i)->set_name(options.targets[static_cast<size_t>(i)]);
  if (options.format == Format::kJson) {
    std::fputs(render::ToJson(diff).c_str(), stdout);
  } else {
    const render::Style style = render::MakeStyle(options.color, options.ascii, 1);
    std::fputs(analysis::RenderDiff(diff, style).c_str(), stdout);
  }
  return kExitMet;
}

}  // namespace fate
