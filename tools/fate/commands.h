// tools/fate/commands.h
//
// One function a command. Each returns the process's exit code; what it prints goes to stdout
// (data) and stderr (everything else).
#ifndef TOOLS_FATE_COMMANDS_H_
#define TOOLS_FATE_COMMANDS_H_

#include "tools/fate/options.h"

namespace fate {

int DemoCommand(const Options& options);
int RunCommand(const Options& options);
int ReplayCommand(const Options& options);
int ExplainCommand(const Options& options);
int DiffCommand(const Options& options);
int ScenarioListCommand(const Options& options);
int ScenarioShowCommand(const Options& options);
int ScenarioLintCommand(const Options& options);
int VersionCommand(const Options& options);
// `fate` alone: at most 24 lines.
int ShortCommand(const Options& options);

}  // namespace fate

#endif  // TOOLS_FATE_COMMANDS_H_
