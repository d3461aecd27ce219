// tools/analysis/prepare.h
//
// From a scenario's name and the user's settings to something that can be run, or to everything
// that is wrong with it.
#ifndef TOOLS_ANALYSIS_PREPARE_H_
#define TOOLS_ANALYSIS_PREPARE_H_

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "model/kafka/run.h"
#include "model/kafka/setup.h"
#include "scenarios/bridge/to_config.h"
#include "scenarios/bridge/to_setup.h"
#include "scenarios/kafka_config/configuration.h"
#include "scenarios/kafka_config/fidelity.h"
#include "scenarios/loader/loader.h"
#include "scenarios/loader/shipped.h"
#include "tools/analysis/change.h"

namespace analysis {

// A scenario (or one of its variants) with its settings resolved. Constant while its runs go on.
struct Prepared {
  loader::LoadedScenario scenario;
  kafka_config::Configuration configuration;
  std::vector<kafka_config::ConfigNote>
      notes;  // what of the user's files was ignored, switched off, ...
  bridge::BuiltSetup built;
  kafka::StateWatcherOfThread state_watcher;  // of each run that is made of it

  const kafka::Setup& setup() const { return built.setup; }
  const std::string& name() const { return scenario.scenario.name(); }
};

// The user's settings, read once: files named by --config, and --set.
struct UserSettings {
  std::vector<kafka_config::ConfigFile> files;
  std::vector<std::string> set;
};

// Errors of all that prepares a run: kInvalidArgument is a mistake in a scenario or in settings,
// kUnavailable a file that cannot be read. The message is for stderr, with its line ends.

// Reads --config files, `config` as the words of the command line: "producer=FILE", "-" for standard
// input. A scope that there is not is kFailedPrecondition.
absl::StatusOr<UserSettings> ReadUserSettings(const std::vector<std::string>& config,
                                              std::vector<std::string> set);

// By name or path.
absl::StatusOr<loader::LoadedScenario> LoadNamed(const std::string& name);

// `loaded` with the user's settings.
absl::StatusOr<Prepared> Prepare(const kafka_config::Tables& tables,
                                 const loader::LoadedScenario& loaded, const UserSettings& user,
                                 kafka::StateWatcherOfThread state_watcher);

// A scenario by name or path, with the user's settings.
absl::StatusOr<Prepared> PrepareNamed(const kafka_config::Tables& tables, const std::string& name,
                                      const UserSettings& user,
                                      kafka::StateWatcherOfThread state_watcher);

// The same with changes: its settings stand behind the user's, and the scenario is edited.
absl::StatusOr<Prepared> PrepareChanged(const kafka_config::Tables& tables, const Prepared& base,
                                        const UserSettings& user, const ChangeSet& changes);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_PREPARE_H_
