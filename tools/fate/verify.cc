#include "tools/fate/verify.h"

#include <csignal>
#include <vector>

#include "scenarios/loader/units.h"
#include "tools/analysis/verify.h"
#include "tools/fate/describe_divergence.h"
#include "tools/fate/exit_codes.h"
#include "tools/render/replay_text.h"

namespace fate {
namespace {

bool IsAVerdict(int code) {
  return code == kExitMet || code == kExitNotMet || code == kExitInconclusive;
}

// The words that make one run of `scenario` with the settings of `options`: no trace, no seeds, no
// place to write to.
std::vector<std::string> RunArguments(const Options& options, const std::string& scenario,
                                      uint64_t seed) {
  std::vector<std::string> arguments = {"run", scenario, "--seed", std::to_string(seed)};
  const auto add = [&](const char* flag, const std::string& value) {
    arguments.emplace_back(flag);
    arguments.push_back(value);
  };
  for (const std::string& file : options.config) add("--config", file);
  for (const std::string& line : options.set) add("--set", line);
  if (options.until) add("--until", loader::DurationText(*options.until));
  arguments.insert(arguments.end(), {"--format", "json", "-q", "--color", "never"});
  return arguments;
}

absl::Status Differs(const analysis::RecordedRun& run, const answers::Capsule& again) {
  const auto difference = analysis::FirstDifference(run.recorder.bytes(), again.notes());
  render::DivergenceText text;
  if (difference) {
    text = DescribeDivergence(*run.world().config, run.world().tables, *difference);
  }
  return absl::AbortedError(
      render::NotDeterministicText(run.result, again.digest(), difference ? &text : nullptr));
}

}  // namespace

absl::StatusOr<std::string> VerifyRun(const Options& options, const std::string& scenario,
                                      uint64_t seed, const analysis::RecordedRun& run) {
  const auto process =
      analysis::RunInNewProcess(options.program, RunArguments(options, scenario, seed));
  if (!process.ok()) {
    return absl::Status(process.status().code(),
                        "--verify: " + std::string(process.status().message()) + "\n");
  }
  const int code = process->exit_code;
  if (code == -1) {
    return absl::InternalError("--verify: " + options.program + " cannot be started again\n");
  }
  if (code == 128 + SIGINT) return absl::CancelledError("--verify: interrupted\n");
  if (!IsAVerdict(code)) {
    return absl::InternalError("--verify: the run in a new process ended with exit code " +
                               std::to_string(code) + "\n");
  }
  if (!process->capsule.ok()) {
    return absl::UnavailableError("--verify: the new process left no capsule\n");
  }
  if (!analysis::IsSameRun(run, *process->capsule)) return Differs(run, *process->capsule);
  return render::VerifiedText(run.result);
}

}  // namespace fate
