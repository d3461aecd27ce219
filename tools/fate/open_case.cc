#include "tools/fate/open_case.h"

#include <filesystem>
#include <system_error>

#include "tools/analysis/replay.h"
#include "tools/fate/single.h"

namespace fate {
namespace {

namespace fs = std::filesystem;

constexpr char kLatest[] = "fate-out/latest";

bool IsCapsule(const std::string& target) {
  std::error_code error;
  return fs::is_directory(target, error) || target.ends_with(".fate");
}

bool HasOwnSettings(const Options& options) {
  return options.seed || options.until || !options.set.empty() || !options.config.empty();
}

OpenedCase OfCapsule(const kafka_config::Tables& tables, const Options& options,
                     const std::string& target) {
  OpenedCase opened;
  if (HasOwnSettings(options)) {
    opened.failure = {kExitUsage, options.program + ": " + target +
                                      ": a recorded run has its own seed and settings; --seed, "
                                      "--set, --config and --until go with a scenario\n"};
    return opened;
  }
  const analysis::ReadCapsule read = analysis::ReadCapsuleAt(target);
  if (!read.capsule) {
    opened.failure = read.failure;
    return opened;
  }
  std::optional<analysis::CapsuleRun> run;
  opened.failure = analysis::OpenCapsule(tables, *read.capsule, read.file, run);
  if (opened.failure.exit_code != 0) return opened;
  opened.made.emplace(analysis::Case{.tables = &tables,
                                     .prepared = std::move(run->prepared),
                                     .user = std::move(run->user),
                                     .seed = run->seed,
                                     .overrides = std::move(run->overrides),
                                     .until = run->until,
                                     .faults = std::move(run->faults),
                                     .outcome = {}});
  opened.reproduce = options.program + " replay " + read.file;
  return opened;
}

OpenedCase OfScenario(const kafka_config::Tables& tables, const Options& options,
                      const std::string& target) {
  OpenedCase opened;
  analysis::UserSettings user;
  opened.failure = analysis::ReadUserSettings(options, user);
  if (opened.failure.exit_code != 0) return opened;
  loader::LoadedScenario loaded;
  opened.failure = analysis::LoadNamed(target, loaded);
  if (opened.failure.exit_code != 0) return opened;
  std::vector<analysis::Prepared> prepared;
  opened.failure = analysis::Prepare(tables, loaded, user, prepared);
  if (opened.failure.exit_code != 0) return opened;
  const uint64_t seed = SeedOf(options, prepared.front());
  analysis::Case& made = opened.made.emplace(analysis::Case{.tables = &tables,
                                                            .prepared = std::move(prepared.front()),
                                                            .user = std::move(user),
                                                            .seed = seed,
                                                            .overrides = {},
                                                            .faults = {},
                                                            .outcome = {}});
  made.faults = made.setup().faults;
  if (options.until) made.until = *options.until;
  opened.reproduce = ReproduceLine(tables, options, target, seed);
  return opened;
}

}  // namespace

OpenedCase OpenCase(const kafka_config::Tables& tables, const Options& options,
                    const std::string& target) {
  std::error_code error;
  if (target.empty() && !fs::exists(kLatest, error)) {
    OpenedCase opened;
    opened.failure = {kExitIo, options.program + ": " + kLatest +
                                   ": no such run; run a scenario first, or name one: " +
                                   options.program + " explain SCENARIO --seed N\n"};
    return opened;
  }
  const std::string name = target.empty() ? kLatest : target;
  return IsCapsule(name) ? OfCapsule(tables, options, name) : OfScenario(tables, options, name);
}

}  // namespace fate
