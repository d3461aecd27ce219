#include "tools/fate/open_case.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "tools/analysis/open_case.h"
#include "tools/fate/reproduce.h"
#include "tools/fate/session.h"

namespace fate {
namespace {

constexpr char kLatest[] = "fate-out/latest";

bool HasOwnSettings(const Options& options) {
  return options.seed || options.until || !options.set.empty() || !options.config.empty();
}

absl::StatusOr<NamedCase> OfKeptRun(const kafka_config::Tables& tables, const Options& options,
                                    const std::string& target) {
  if (HasOwnSettings(options)) {
    return absl::FailedPreconditionError(options.program + ": " + target +
                                         ": a recorded run has its own seed and settings; --seed, "
                                         "--set, --config and --until go with a scenario\n");
  }
  auto opened = analysis::OpenKeptRun(tables, target, kafka::kNoStateWatcher);
  if (!opened.ok()) return opened.status();
  return NamedCase{.made = std::move(opened->made),
                   .reproduce = options.program + " replay " + opened->file};
}

absl::StatusOr<NamedCase> OfScenario(const kafka_config::Tables& tables, const Options& options,
                                     const std::string& target) {
  auto opened = analysis::OpenScenario(tables, target,
                                       {.config = options.config,
                                        .set = options.set,
                                        .seed = SeedGiven(options),
                                        .until = options.until.value_or(sim::kForever)},
                                       kafka::kNoStateWatcher);
  if (!opened.ok()) return opened.status();
  const uint64_t seed = opened->made.seed;
  return NamedCase{.made = std::move(opened->made),
                   .reproduce = ReproduceLine(tables, options, target, seed)};
}

}  // namespace

absl::StatusOr<NamedCase> OpenCase(const kafka_config::Tables& tables, const Options& options,
                                   const std::string& target) {
  std::error_code error;
  if (target.empty() && !std::filesystem::exists(kLatest, error)) {
    return absl::UnavailableError(options.program + ": " + kLatest +
                                  ": no such run; run a scenario first, or name one: " +
                                  options.program + " explain SCENARIO --seed N\n");
  }
  const std::string name = target.empty() ? kLatest : target;
  return analysis::IsKeptRun(name) ? OfKeptRun(tables, options, name)
                                   : OfScenario(tables, options, name);
}

}  // namespace fate
