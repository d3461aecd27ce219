// fate run: one run, many seeds, variants, or a collection.
#include <cstdio>

#include "tools/fate/batch.h"
#include "tools/fate/commands.h"
#include "tools/fate/single.h"

namespace fate {
namespace {

// One of the scenarios or collections that the command line names.
struct Task {
  Options options;  // its target alone: what is printed about it names no other
  bool is_collection = false;
  std::vector<Prepared> prepared;
};

Failure CollectionTakes(const Options& options) {
  std::string flag = OfOneRun(options);
  if (flag.empty() && options.variants) flag = "--variants";
  if (flag.empty() && options.seed) flag = "--seed";
  if (flag.empty() && !options.out.empty()) flag = "-o";
  if (flag.empty()) return {};
  return {kExitUsage, options.program + ": " + options.targets.front() +
                          " is a collection of scenarios: " + flag + " goes with one of them\n"};
}

Failure Open(const schema::Tables& tables, const UserSettings& user, Task& task) {
  const std::string& target = task.options.targets.front();
  task.is_collection = !schema::ShippedCollection(target).empty();
  if (task.is_collection) return CollectionTakes(task.options);
  schema::LoadedScenario loaded;
  Failure failure = LoadNamed(target, loaded);
  if (failure.exit_code == 0) failure = Prepare(tables, loaded, user, task.prepared);
  return failure;
}

int Run(const schema::Tables& tables, const UserSettings& user, const Task& task) {
  const Options& options = task.options;
  if (task.is_collection) return RunCollection(tables, options, user, options.targets.front());
  const Prepared& prepared = task.prepared.front();
  if (options.variants) return RunVariants(tables, options, user, prepared);
  if (options.seeds) return RunBatch(tables, options, user, prepared);
  return RunSingle(tables, options, user, prepared);
}

}  // namespace

// Every target is looked at before the first one runs.
int RunCommand(const Options& options) {
  const schema::Tables tables = schema::LoadTables();
  UserSettings user;
  Failure failure = ReadUserSettings(options, user);
  int code = failure.exit_code;
  std::vector<Task> tasks;
  for (const std::string& target : options.targets) {
    if (failure.exit_code != 0) break;
    Task& task = tasks.emplace_back(Task{.options = options, .prepared = {}});
    task.options.targets = {target};
    const Failure wrong = Open(tables, user, task);
    failure.text += wrong.text;
    code = WorseExitCode(code, wrong.exit_code);
  }
  if (code != kExitMet) {
    std::fputs(failure.text.c_str(), stderr);
    return code;
  }
  for (const Task& task : tasks) {
    code = WorseExitCode(code, Run(tables, user, task));
    if (InterruptExitCode() == 0) continue;
    std::fputs("interrupted: what had been done by then\n", stderr);
    return InterruptExitCode();
  }
  return code;
}

}  // namespace fate
