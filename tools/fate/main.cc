// fate: what becomes of every message. See tools/fate/commands.h.
#include <cstdio>
#include <exception>
#include <string>

#include "tools/fate/commands.h"
#include "tools/fate/interrupts.h"
#include "tools/fate/options.h"
#include "tools/fate/session.h"

namespace {

int Dispatch(const fate::Options& options) {
  using fate::Command;
  switch (options.command) {
    case Command::kDemo:
      return fate::DemoCommand(options);
    case Command::kRun:
      return fate::RunCommand(options);
    case Command::kReplay:
      return fate::ReplayCommand(options);
    case Command::kExplain:
      return fate::ExplainCommand(options);
    case Command::kDiff:
      return fate::DiffCommand(options);
    case Command::kScenarioList:
      return fate::ScenarioListCommand(options);
    case Command::kScenarioShow:
      return fate::ScenarioShowCommand(options);
    case Command::kScenarioLint:
      return fate::ScenarioLintCommand(options);
    case Command::kRule:
      return fate::RuleCommand(options);
    case Command::kVersion:
      return fate::VersionCommand(options);
    case Command::kHelp:
    case Command::kShort:
      return fate::ShortCommand(options);
  }
  return fate::kExitInternal;
}

// What was lost on the way is an error, also if it was noticed long before the end.
int Finish(const std::string& program, int code) {
  const bool flushed = std::fflush(stdout) == 0;
  if (flushed && std::ferror(stdout) == 0) return code;
  std::fprintf(stderr, "%s: error: standard output cannot be written\n", program.c_str());
  return code == fate::kExitInternal ? code : fate::kExitIo;
}

}  // namespace

int main(int argc, char** argv) {
  const fate::ParsedCommand parsed = fate::ParseCommandLine(argc, argv);
  if (parsed.exit_code) {
    if (*parsed.exit_code == fate::kExitMet) fate::PrintAnswer(parsed.message);
    if (*parsed.exit_code != fate::kExitMet) fate::PrintError(parsed.message);
    return Finish(parsed.options.program, *parsed.exit_code);
  }
  fate::CatchInterrupts();
  try {
    return Finish(parsed.options.program, Dispatch(parsed.options));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: internal error: %s\n", parsed.options.program.c_str(), error.what());
    return fate::kExitInternal;
  }
}
