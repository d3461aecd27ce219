// tools/fate/session.h
//
// What every command that runs something has at hand, and how it speaks: data to stdout, everything
// about it to stderr.
#ifndef TOOLS_FATE_SESSION_H_
#define TOOLS_FATE_SESSION_H_

#include <absl/status/status.h>

#include <cstdint>
#include <optional>
#include <string>

#include "sim/time.h"
#include "tools/analysis/prepare.h"
#include "tools/analysis/run_directory.h"
#include "tools/analysis/stop_token.h"
#include "tools/fate/options.h"
#include "tools/render/human.h"

namespace fate {

constexpr uint64_t kDefaultSeeds = 200;  // of variants and collections

struct Session {
  const kafka_config::Tables& tables;
  const Options& options;
  const analysis::UserSettings& user;
  analysis::StopToken stop;  // Ctrl-C, SIGTERM

  sim::Duration until() const { return options.until.value_or(sim::kForever); }
  analysis::StudyRequest study() const {
    return {.seeds = options.seeds.value_or(SeedRange{1, kDefaultSeeds}),
            .jobs = options.jobs,
            .until = until(),
            .stop = stop};
  }
};

// Prints the message of an error, and gives its exit code.
int Fail(const absl::Status& status);

// To stdout and to stderr. Neither lets a string from outside write to the terminal: control
// characters and those that turn a line's direction are escaped, but for the colors of a `painted`
// text.
enum class Paint : bool { kNo, kYes };
void PrintAnswer(const std::string& text, Paint painted = Paint::kNo);
void PrintError(const std::string& text);
Paint PaintOf(const render::Style& style);

// Where files were written, and what went wrong there; `code`, or kExitIo if they were to be.
int PrintWritten(const Options& options, const analysis::WrittenRun& written, int code);

render::HumanOptions DisplayOf(const Options& options);

// The seed that counts: --seed, else the environment's; none: the scenario's default.
std::optional<uint64_t> SeedGiven(const Options& options);
uint64_t SeedOf(const Options& options, const analysis::Prepared& prepared);

// Unless --quiet, "fate 0.1.0  profile kafka-4.3/java  scenario b8 (3f9c21d0)  seed 1" to stderr.
void PrintHeader(const Options& options, const analysis::Prepared& prepared,
                 const std::string& seeds);

}  // namespace fate

#endif  // TOOLS_FATE_SESSION_H_
