#include "tools/fate/open_case.h"

#include <filesystem>
#include <system_error>

#include "tools/analysis/replay.h"
#include "tools/fate/reproduce.h"
#include "tools/fate/session.h"

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

absl::StatusOr<OpenedCase> OfCapsule(const kafka_config::Tables& tables, const Options& options,
                                     const std::string& target) {
  if (HasOwnSettings(options)) {
    return absl::FailedPreconditionError(options.program + ": " + target +
                                         ": a recorded run has its own seed and settings; --seed, "
                                         "--set, --config and --until go with a scenario\n");
  }
  const absl::StatusOr<analysis::ReadCapsule> read = analysis::ReadCapsuleAt(target);
  if (!read.ok()) return read.status();
  absl::StatusOr<analysis::CapsuleRun> run =
      analysis::OpenCapsule(tables, read->capsule, read->file, kafka::kNoStateWatcher);
  if (!run.ok()) return run.status();
  return OpenedCase{.made = {.tables = &tables,
                             .prepared = std::move(run->prepared),
                             .user = std::move(run->user),
                             .seed = run->seed,
                             .overrides = std::move(run->overrides),
                             .until = run->until,
                             .faults = std::move(run->faults),
                             .outcome = {}},
                    .reproduce = options.program + " replay " + read->file};
}

absl::StatusOr<OpenedCase> OfScenario(const kafka_config::Tables& tables, const Options& options,
                                      const std::string& target) {
  auto user = analysis::ReadUserSettings(options.config, options.set);
  if (!user.ok()) return user.status();
  absl::StatusOr<analysis::Prepared> prepared =
      analysis::PrepareNamed(tables, target, *user, kafka::kNoStateWatcher);
  if (!prepared.ok()) return prepared.status();
  const uint64_t seed = SeedOf(options, *prepared);
  std::vector<sim::PlannedFault> faults = prepared->setup().faults;
  return OpenedCase{.made = {.tables = &tables,
                             .prepared = *std::move(prepared),
                             .user = *std::move(user),
                             .seed = seed,
                             .overrides = {},
                             .until = options.until.value_or(sim::kForever),
                             .faults = std::move(faults),
                             .outcome = {}},
                    .reproduce = ReproduceLine(tables, options, target, seed)};
}

}  // namespace

absl::StatusOr<OpenedCase> OpenCase(const kafka_config::Tables& tables, const Options& options,
                                    const std::string& target) {
  std::error_code error;
  if (target.empty() && !fs::exists(kLatest, error)) {
    return absl::UnavailableError(options.program + ": " + kLatest +
                                  ": no such run; run a scenario first, or name one: " +
                                  options.program + " explain SCENARIO --seed N\n");
  }
  const std::string name = target.empty() ? kLatest : target;
  return IsCapsule(name) ? OfCapsule(tables, options, name) : OfScenario(tables, options, name);
}

}  // namespace fate
