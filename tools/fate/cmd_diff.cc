// fate diff RUN RUN: where two runs part.
#include <cstdio>

#include "tools/explain/open_case.h"
#include "tools/fate/commands.h"
#include "tools/fate/diff.h"
#include "tools/report/json.h"

namespace fate {

int DiffCommand(const Options& options) {
  const schema::Tables tables = schema::LoadTables();
  std::vector<Case> cases;
  for (const std::string& target : options.targets) {
    OpenedCase opened = OpenCase(tables, options, target);
    if (opened.failure.exit_code != 0) {
      std::fputs(opened.failure.text.c_str(), stderr);
      return opened.failure.exit_code;
    }
    cases.push_back(*std::move(opened.made));
  }
  schema::proto::DiffResult diff = Diff(cases[0], cases[1]);
  for (int i = 0; i < 2; ++i)
    diff.mutable_runs(i)->set_name(options.targets[static_cast<size_t>(i)]);
  if (options.format == Format::kJson) {
    std::fputs(ToJson(diff).c_str(), stdout);
  } else {
    const Style style = MakeStyle(options.color, options.ascii, 1);
    std::fputs(RenderDiff(diff, style).c_str(), stdout);
  }
  return kExitMet;
}

}  // namespace fate
