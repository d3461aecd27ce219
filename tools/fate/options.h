// tools/fate/options.h
//
// The command line as it was typed, checked: what to do, to what, how to say it.
#ifndef TOOLS_FATE_OPTIONS_H_
#define TOOLS_FATE_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/time.h"
#include "tools/analysis/study.h"
#include "tools/fate/exit_codes.h"
#include "tools/render/style.h"
#include "tools/render/trace_printer.h"

namespace fate {

enum class Command {
  kShort,  // `fate` alone
  kDemo,
  kRun,
  kReplay,
  kExplain,
  kDiff,
  kScenarioList,
  kScenarioShow,
  kScenarioLint,
  kRule,
  kVersion,
  kHelp,
};
enum class Format { kHuman, kJson, kMarkdown };

using analysis::SeedRange;
using render::TraceLevel;

struct Options {
  Command command = Command::kShort;
  std::string program = "fate";      // the name that it was called by, for printed commands
  std::vector<std::string> targets;  // scenarios, a capsule, ids of rules, a topic of help
  std::optional<uint64_t> seed;
  std::optional<uint64_t> environment_seed;  // FATE_SEED: where no flag says otherwise
  std::optional<SeedRange> seeds;
  uint32_t jobs = 0;  // 0: as many as there are processors
  std::vector<std::string> set;
  std::vector<std::string> config;
  bool variants = false;
  TraceLevel trace = TraceLevel::kNone;
  bool verify = false;
  Format format = Format::kHuman;
  std::optional<sim::Duration> until;
  render::ColorChoice color = render::ColorChoice::kAuto;
  bool ascii = false;
  bool quiet = false;
  bool verbose = false;
  std::string out;  // "": ./fate-out/<utc>-<name>-<seed>/
  // explain
  std::optional<std::string> key;    // the message that is asked about has this key
  std::optional<std::string> first;  // or is the first with this fate, in one word
  uint32_t futures = 400;
  bool what_if = true;
};

struct ParsedCommand {
  Options options;
  std::optional<int> exit_code;  // set: nothing to run; `message` says why
  std::string message;           // for stdout if exit_code is 0, else for stderr
};

// The flag that asks for something that only one run has, or "".
std::string OfOneRun(const Options& options);

ParsedCommand ParseCommandLine(int argc, const char* const* argv);

// "42" or "0x2a". Nothing else.
std::optional<uint64_t> ParseSeed(const std::string& text);
// "1..200", both ends included, first <= last, at most a million of them.
std::optional<SeedRange> ParseSeedRange(const std::string& text);

}  // namespace fate

#endif  // TOOLS_FATE_OPTIONS_H_
