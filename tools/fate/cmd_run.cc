// fate run: one run, many seeds, variants, or a collection.
#include <cstdio>
#include <optional>
#include <vector>

#include "scenarios/loader/shipped.h"
#include "tools/fate/commands.h"
#include "tools/fate/interrupts.h"
#include "tools/fate/many.h"
#include "tools/fate/session.h"
#include "tools/fate/single.h"

namespace fate {
namespace {

// One of the scenarios or collections that the command line names.
struct Task {
  std::string target;
  std::optional<analysis::Prepared> prepared;  // none: a collection
};

absl::Status CollectionTakes(const Options& options) {
  std::string flag = OfOneRun(options);
  if (flag.empty() && options.variants) flag = "--variants";
  if (flag.empty() && options.seed) flag = "--seed";
  if (flag.empty() && !options.out.empty()) flag = "-o";
  if (flag.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(options.program + ": " + options.targets.front() +
                                       " is a collection of scenarios: " + flag +
                                       " goes with one of them\n");
}

// The options as if `target` alone had been given: what is printed about it names no other.
Options OnlyFor(const Options& all, const std::string& target) {
  Options options = all;
  options.targets = {target};
  return options;
}

// Requires: options without targets.
absl::StatusOr<Task> Open(const kafka_config::Tables& tables, const analysis::UserSettings& user,
                          const Options& options, const std::string& target) {
  Task task{.target = target, .prepared = {}};
  if (!loader::ShippedCollection(target).empty()) {
    if (const absl::Status taken = CollectionTakes(OnlyFor(options, target)); !taken.ok()) {
      return taken;
    }
    return task;
  }
  absl::StatusOr<analysis::Prepared> prepared =
      analysis::PrepareNamed(tables, target, user, kafka::kNoStateWatcher);
  if (!prepared.ok()) return prepared.status();
  task.prepared = *std::move(prepared);
  return task;
}

int Run(const kafka_config::Tables& tables, const analysis::UserSettings& user,
        const Options& options, const Task& task) {
  const Options own = OnlyFor(options, task.target);
  const Session session{.tables = tables, .options = own, .user = user, .stop = InterruptToken()};
  if (!task.prepared) return RunCollection(session, task.target);
  if (own.variants) return RunVariants(session, *task.prepared);
  if (own.seeds) return RunBatch(session, *task.prepared);
  return RunSingle(session, *task.prepared);
}

// What each file was taken for, before anything is run with it.
void SayFormats(const kafka_config::Tables& tables, const analysis::UserSettings& user) {
  for (const kafka_config::ConfigFile& file : user.files) {
    const kafka_config::ConfigLines read = kafka_config::ReadConfigFile(tables, file);
    if (read.notes.empty() || read.notes[0].kind != kafka_config::ConfigNote::Kind::kRead) continue;
    std::fprintf(stderr, "%s\n", kafka_config::Describe(read.notes[0]).c_str());
  }
}

}  // namespace

// Every target is looked at before the first one runs.
int RunCommand(const Options& options) {
  const kafka_config::Tables tables = kafka_config::LoadTables();
  const auto user = analysis::ReadUserSettings(options.config, options.set);
  if (!user.ok()) return Fail(user.status());
  int code = kExitMet;
  Options common = options;  // thousands of targets are not copied for each of them
  common.targets.clear();
  std::vector<Task> tasks;
  for (const std::string& target : options.targets) {
    absl::StatusOr<Task> task = Open(tables, *user, common, target);
    if (task.ok()) {
      tasks.push_back(*std::move(task));
    } else {
      code = WorseExitCode(code, Fail(task.status()));
    }
  }
  if (code != kExitMet) return code;
  if (!options.quiet) SayFormats(tables, *user);
  for (const Task& task : tasks) {
    code = WorseExitCode(code, Run(tables, *user, common, task));
    if (InterruptExitCode() == 0) continue;
    std::fputs("interrupted: what had been done by then\n", stderr);
    return InterruptExitCode();
  }
  return code;
}

}  // namespace fate
