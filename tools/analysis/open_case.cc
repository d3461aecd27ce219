#include "tools/analysis/open_case.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "tools/analysis/replay.h"

namespace analysis {

bool IsKeptRun(const std::string& target) {
  std::error_code error;
  return std::filesystem::is_directory(target, error) || target.ends_with(".fate");
}

absl::StatusOr<OpenedCase> OpenKeptRun(const kafka_config::Tables& tables,
                                       const std::string& target,
                                       kafka::StateWatcherOfThread state_watcher) {
  const absl::StatusOr<ReadCapsule> read = ReadCapsuleAt(target);
  if (!read.ok()) return read.status();
  absl::StatusOr<CapsuleRun> run = OpenCapsule(tables, read->capsule, read->file, state_watcher);
  if (!run.ok()) return run.status();
  return OpenedCase{.made = {.tables = &tables,
                             .prepared = std::move(run->prepared),
                             .user = std::move(run->user),
                             .seed = run->seed,
                             .overrides = std::move(run->overrides),
                             .until = run->until,
                             .faults = std::move(run->faults),
                             .outcome = {}},
                    .file = read->file};
}

absl::StatusOr<OpenedCase> OpenScenario(const kafka_config::Tables& tables, const std::string& name,
                                        const ScenarioRequest& request,
                                        kafka::StateWatcherOfThread state_watcher) {
  auto user = ReadUserSettings(request.config, request.set);
  if (!user.ok()) return user.status();
  absl::StatusOr<Prepared> prepared = PrepareNamed(tables, name, *user, state_watcher);
  if (!prepared.ok()) return prepared.status();
  return OpenedCase{
      .made = CaseOf(tables, *std::move(prepared), *std::move(user), request.seed, request.until),
      .file = ""};
}

}  // namespace analysis
