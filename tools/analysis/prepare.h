// tools/analysis/prepare.h
//
// From a scenario's name and the user's settings to something that can be run, or to everything
// that is wrong with it.
#ifndef TOOLS_ANALYSIS_PREPARE_H_
#define TOOLS_ANALYSIS_PREPARE_H_

#include <string>
#include <vector>

#include "model/kafka/setup.h"
#include "scenarios/bridge/to_config.h"
#include "scenarios/bridge/to_setup.h"
#include "scenarios/kafka_config/configuration.h"
#include "scenarios/kafka_config/fidelity.h"
#include "scenarios/loader/loader.h"
#include "scenarios/loader/shipped.h"
#include "tools/fate/options.h"

namespace analysis {

// A scenario (or one of its variants) with its settings resolved. Constant while its runs go on.
struct Prepared {
  loader::LoadedScenario scenario;
  kafka_config::Configuration configuration;
  std::vector<kafka_config::ConfigNote>
      notes;  // what of the user's files was ignored, switched off, ...
  bridge::BuiltSetup built;

  const kafka::Setup& setup() const { return built.setup; }
  const std::string& name() const { return scenario.scenario.name(); }
};

// The user's settings, read once: files named by --config, and --set.
struct UserSettings {
  std::vector<kafka_config::ConfigFile> files;
  std::vector<std::string> set;
};

// What went wrong, as text for stderr, and the exit code that goes with it.
struct Failure {
  int exit_code = 0;  // 0: nothing
  std::string text;
};

// Reads --config files. A file that cannot be read is exit code 4.
Failure ReadUserSettings(const fate::Options& options, UserSettings& out);

// `loaded` with the user's settings. `prepared.scenario` is kept even if settings are wrong.
Failure Prepare(const kafka_config::Tables& tables, const loader::LoadedScenario& loaded,
                const UserSettings& user, std::vector<Prepared>& out);

// By name or path.
Failure LoadNamed(const std::string& name, loader::LoadedScenario& out);

// The same with changes: --set lines, as the user would type them behind the others, and what is no
// setting (kElrChange, ...).
Failure PrepareChanged(const kafka_config::Tables& tables, const Prepared& base,
                       const UserSettings& user, const std::vector<std::string>& changes,
                       std::vector<Prepared>& out);

// A cure's lines apart: which are --set lines, and what else is changed.
struct Changes {
  std::vector<std::string> set;
  bool elr = false;
  bool callback = false;
  bool commit_after = false;
};
Changes Sorted(const std::vector<std::string>& lines);
// What of them is no setting.
void Edit(const Changes& changes, loader::proto::Scenario& scenario);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_PREPARE_H_
