// tools/fate/prepare.h
//
// From a scenario's name and the user's settings to something that can be run, or to everything
// that is wrong with it.
#ifndef TOOLS_FATE_PREPARE_H_
#define TOOLS_FATE_PREPARE_H_

#include <string>
#include <vector>

#include "model/kafka/setup.h"
#include "scenarios/schema/config_fidelity.h"
#include "scenarios/schema/configuration.h"
#include "scenarios/schema/loader.h"
#include "scenarios/schema/loader_shipped.h"
#include "scenarios/schema/to_config.h"
#include "scenarios/schema/to_setup.h"
#include "tools/fate/options.h"

namespace fate {

// A scenario (or one of its variants) with its settings resolved. Constant while its runs go on.
struct Prepared {
  schema::LoadedScenario scenario;
  schema::Configuration configuration;
  std::vector<schema::ConfigNote> notes;  // what of the user's files was ignored, switched off, ...
  schema::BuiltSetup built;

  const kafka::Setup& setup() const { return built.setup; }
  const std::string& name() const { return scenario.scenario.name(); }
};

// The user's settings, read once: files named by --config, and --set.
struct UserSettings {
  std::vector<schema::ConfigFile> files;
  std::vector<std::string> set;
};

// What went wrong, as text for stderr, and the exit code that goes with it.
struct Failure {
  int exit_code = 0;  // 0: nothing
  std::string text;
};

// Reads --config files. A file that cannot be read is exit code 4.
Failure ReadUserSettings(const Options& options, UserSettings& out);

// `loaded` with the user's settings. `prepared.scenario` is kept even if settings are wrong.
Failure Prepare(const schema::Tables& tables, const schema::LoadedScenario& loaded,
                const UserSettings& user, std::vector<Prepared>& out);

// By name or path.
Failure LoadNamed(const std::string& name, schema::LoadedScenario& out);

// The same with changes: --set lines, as the user would type them behind the others, and what is no
// setting (kElrChange, ...).
Failure PrepareChanged(const schema::Tables& tables, const Prepared& base, const UserSettings& user,
                       const std::vector<std::string>& changes, std::vector<Prepared>& out);

// A cure's lines apart: which are --set lines, and what else is changed.
struct Changes {
  std::vector<std::string> set;
  bool elr = false;
  bool callback = false;
  bool commit_after = false;
};
Changes Sorted(const std::vector<std::string>& lines);
// What of them is no setting.
void Edit(const Changes& changes, schema::proto::Scenario& scenario);

}  // namespace fate

#endif  // TOOLS_FATE_PREPARE_H_
