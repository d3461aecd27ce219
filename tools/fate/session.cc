#include "tools/fate/session.h"

#include <cstdio>

#include "tools/analysis/engine_version.h"
#include "tools/fate/exit_codes.h"

namespace fate {

int Fail(const absl::Status& status) {
  std::fputs(std::string(status.message()).c_str(), stderr);
  return ExitCodeOf(status);
}

void PrintAnswer(const std::string& text) { std::fputs(text.c_str(), stdout); }

void PrintWritten(const Options& options, const analysis::WrittenRun& written) {
  if (!written.warning.empty()) std::fprintf(stderr, "warning: %s\n", written.warning.c_str());
  if (!options.quiet && !written.directory.empty()) {
    std::fprintf(stderr, "out: %s\n", written.directory.c_str());
  }
}

render::HumanOptions LookOf(const Options& options) {
  return {.style = render::MakeStyle(options.color, options.ascii, 1),
          .quiet = options.quiet,
          .verbose = options.verbose};
}

uint64_t SeedOf(const Options& options, const analysis::Prepared& prepared) {
  if (options.seed) return *options.seed;
  return options.environment_seed.value_or(prepared.scenario.scenario.default_seed());
}

void PrintHeader(const Options& options, const analysis::Prepared& prepared,
                 const std::string& seeds) {
  if (options.quiet) return;
  std::fprintf(stderr, "fate %s  profile %s  scenario %s (%s)  %s\n", analysis::EngineVersion(),
               analysis::kProfile, prepared.name().c_str(),
               prepared.scenario.sha256.substr(0, 8).c_str(), seeds.c_str());
}

}  // namespace fate
