#include "tools/fate/single.h"

#include <cstdio>

#include "tools/analysis/recording.h"
#include "tools/analysis/remedy.h"
#include "tools/analysis/run_directory.h"
#include "tools/analysis/verify.h"
#include "tools/fate/commands.h"
#include "tools/fate/trace_printer.h"
#include "tools/render/human.h"
#include "tools/render/json.h"

namespace fate {
namespace {

std::string Quoted(const std::string& word) {
  const bool plain = word.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "0123456789-_=:/.,+@") == std::string::npos;
  if (plain && !word.empty()) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string SettingFlags(const kafka_config::Tables& tables, const Options& options) {
  std::string line;
  for (const std::string& file : options.config) line += " --config " + Quoted(file);
  for (const std::string& set : options.set) {
    line += " --set " + Quoted(kafka_config::ShownSet(tables, set));
  }
  if (options.until) line += " --until " + loader::DurationText(*options.until);
  return line;
}

// The answer to stdout, everything about it to stderr.
void Print(const Options& options, const answers::RunResult& result,
           const analysis::WrittenRun& written) {
  if (!written.warning.empty()) std::fprintf(stderr, "warning: %s\n", written.warning.c_str());
  if (options.format == Format::kJson) {
    std::fputs(render::ToJson(result).c_str(), stdout);
  } else {
    const render::HumanOptions look{.style = render::MakeStyle(options.color, options.ascii, 1),
                                    .quiet = options.quiet,
                                    .verbose = options.verbose};
    std::fputs(render::RenderRun(result, look).c_str(), stdout);
  }
  if (!options.quiet && !written.directory.empty()) {
    std::fprintf(stderr, "out: %s\n", written.directory.c_str());
  }
}

// All findings together, and not on this seed alone.
void AddRemedy(const kafka_config::Tables& tables, const Options& options,
               const analysis::UserSettings& user, const analysis::Prepared& prepared,
               const kafka::RunOutcome& outcome, answers::RunResult& result) {
  analysis::RemedyQuestion question{
      .tables = &tables,
      .prepared = &prepared,
      .user = &user,
      .losing = analysis::LosingNeighbours(prepared, options, result.seed(), outcome),
      .jobs = options.jobs};
  if (options.until) question.until = *options.until;
  if (!question.losing.empty()) *result.mutable_remedy() = analysis::FindRemedy(question);
}

}  // namespace

uint64_t SeedOf(const Options& options, const analysis::Prepared& prepared) {
  if (options.seed) return *options.seed;
  return options.environment_seed.value_or(prepared.scenario.scenario.default_seed());
}

std::string ReproduceLine(const kafka_config::Tables& tables, const Options& options,
                          const std::string& scenario, uint64_t seed) {
  return Quoted(options.program) + " run " + Quoted(scenario) + " --seed " + std::to_string(seed) +
         SettingFlags(tables, options);
}

std::string ReproduceVariantsLine(const kafka_config::Tables& tables, const Options& options,
                                  const std::string& scenario) {
  std::string line = Quoted(options.program) + " run " + Quoted(scenario) + " --variants";
  if (options.seeds) {
    line += " --seeds " + std::to_string(options.seeds->first) + ".." +
            std::to_string(options.seeds->last);
  }
  return line + SettingFlags(tables, options);
}

std::string HeaderLine(const analysis::Prepared& prepared, const std::string& seeds) {
  return std::string("fate ") + EngineVersion() + "  profile " + analysis::kProfile +
         "  scenario " + prepared.name() + " (" + prepared.scenario.sha256.substr(0, 8) + ")  " +
         seeds + "\n";
}

int RunSingle(const kafka_config::Tables& tables, const Options& options,
              const analysis::UserSettings& user, const analysis::Prepared& prepared) {
  const uint64_t seed = SeedOf(options, prepared);
  const std::string& target = options.targets.front();
  if (!options.quiet) {
    std::fputs(HeaderLine(prepared, "seed " + std::to_string(seed)).c_str(), stderr);
  }
  analysis::Recorder recorder;
  TracePrinter printer(options.trace, stdout);
  Watchers watchers;
  watchers.Add(&recorder);
  if (options.trace != TraceLevel::kNone) watchers.Add(&printer);
  kafka::Runner runner;
  kafka::RunOutcome outcome;
  kafka::RunRequest request{
      .setup = &prepared.setup(), .seed = seed, .faults = prepared.setup().faults};
  if (options.until) request.until = *options.until;
  runner.Run(request, outcome, &watchers);

  const analysis::Judgement judgement = analysis::Judge(prepared, outcome, runner.world());
  answers::RunResult result =
      analysis::Evaluate(prepared, seed, outcome, judgement, runner.world());
  result.set_reproduce(ReproduceLine(tables, options, target, seed));
  analysis::ConfirmCures(tables, prepared, user, outcome, result);
  AddRemedy(tables, options, user, prepared, outcome, result);
  int code = analysis::ExitCodeOf(judgement.expectations);
  if (options.verify) {
    const analysis::Verification verified =
        analysis::VerifyRun(options, analysis::RunArguments(options, target, seed), result,
                            recorder.bytes(), runner.world());
    std::fputs(verified.message.c_str(), stderr);
    if (verified.exit_code != kExitMet) code = verified.exit_code;
  }
  const analysis::RunFacts facts{.seed = seed, .until = request.until};
  Print(options, result,
        analysis::WriteRun(
            options, result,
            analysis::MakeCapsule(tables, prepared, facts, outcome, result, recorder.bytes())));
  // Without a planted bug, a broken invariant is a bug of this program.
  if (!outcome.violations.empty() && prepared.setup().mutant == kafka::Mutant::kNone) {
    std::fprintf(stderr, "internal error: invariant broken: %s\n", result.violations(0).c_str());
    return kExitInternal;
  }
  if (!outcome.verdict.unexplained) return code;
  std::fputs("internal error: a lost message has no class\n", stderr);
  return kExitInternal;
}

}  // namespace fate
