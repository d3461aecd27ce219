// fate run: one run, many seeds, variants, or a collection.
#include <cstdio>

#include "tools/analysis/batch.h"
#include "tools/fate/commands.h"
#include "tools/fate/single.h"

namespace fate {
namespace {

// One of the scenarios or collections that the command line names.
struct Task {
  Options options;  // its target alone: what is printed about it names no other
  bool is_collection = false;
  std::vector<analysis::Prepared> prepared;
};

analysis::Failure CollectionTakes(const Options& options) {
  std::string flag = OfOneRun(options);
  if (flag.empty() && options.variants) flag = "--variants";
  if (flag.empty() && options.seed) flag = "--seed";
  if (flag.empty() && !options.out.empty()) flag = "-o";
  if (flag.empty()) return {};
  return {kExitUsage, options.program + ": " + options.targets.front() +
                          " is a collection of scenarios: " + flag + " goes with one of them\n"};
}

analysis::Failure Open(const kafka_config::Tables& tables, const analysis::UserSettings& user,
                       Task& task) {
  const std::string& target = task.options.targets.front();
  task.is_collection = !loader::ShippedCollection(target).empty();
  if (task.is_collection) return CollectionTakes(task.options);
  loader::LoadedScenario loaded;
  analysis::Failure failure = analysis::LoadNamed(target, loaded);
  if (failure.exit_code == 0) failure = analysis::Prepare(tables, loaded, user, task.prepared);
  return failure;
}

int Run(const kafka_config::Tables& tables, const analysis::UserSettings& user, const Task& task) {
  const Options& options = task.options;
  if (task.is_collection)
    return analysis::RunCollection(tables, options, user, options.targets.front());
  const analysis::Prepared& prepared = task.prepared.front();
  if (options.variants) return analysis::RunVariants(tables, options, user, prepared);
  if (options.seeds) return analysis::RunBatch(tables, options, user, prepared);
  return RunSingle(tables, options, user, prepared);
}

}  // namespace

// Every target is looked at before the first one runs.
int RunCommand(const Options& options) {
  const kafka_config::Tables tables = kafka_config::LoadTables();
  analysis::UserSettings user;
  analysis::Failure failure = analysis::ReadUserSettings(options, user);
  int code = failure.exit_code;
  std::vector<Task> tasks;
  for (const std::string& target : options.targets) {
    if (failure.exit_code != 0) break;
    Task& task = tasks.emplace_back(Task{.options = options, .prepared = {}});
    task.options.targets = {target};
    const analysis::Failure wrong = Open(tables, user, task);
    failure.text += wrong.text;
    code = analysis::WorseExitCode(code, wrong.exit_code);
  }
  if (code != kExitMet) {
    std::fputs(failure.text.c_str(), stderr);
    return code;
  }
  for (const Task& task : tasks) {
    code = analysis::WorseExitCode(code, Run(tables, user, task));
    if (analysis::InterruptExitCode() == 0) continue;
    std::fputs("interrupted: what had been done by then\n", stderr);
    return analysis::InterruptExitCode();
  }
  return code;
}

}  // namespace fate
