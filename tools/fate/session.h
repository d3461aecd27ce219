// tools/fate/session.h
//
// What every command that runs something has at hand, and how it speaks: data to stdout, everything
// about it to stderr.
#ifndef TOOLS_FATE_SESSION_H_
#define TOOLS_FATE_SESSION_H_

#include <absl/status/status.h>

#include <cstdint>
#include <string>

#include "sim/time.h"
#include "tools/analysis/prepare.h"
#include "tools/analysis/run_directory.h"
#include "tools/analysis/stop_token.h"
#include "tools/fate/options.h"
#include "tools/render/human.h"

namespace fate {

struct Session {
  const kafka_config::Tables& tables;
  const Options& options;
  const analysis::UserSettings& user;
  analysis::StopToken stop;  // Ctrl-C, SIGTERM

  sim::Duration until() const { return options.until.value_or(sim::kForever); }
};

// Prints the message of an error, and gives its exit code.
int Fail(const absl::Status& status);

void PrintAnswer(const std::string& text);  // to stdout
// Where files were written, and what went wrong there.
void PrintWritten(const Options& options, const analysis::WrittenRun& written);

render::HumanOptions LookOf(const Options& options);

// The seed that counts: --seed, else the environment's, else the scenario's default.
uint64_t SeedOf(const Options& options, const analysis::Prepared& prepared);

// Unless --quiet, "fate 0.1.0  profile kafka-4.3/java  scenario b8 (3f9c21d0)  seed 1" to stderr.
void PrintHeader(const Options& options, const analysis::Prepared& prepared,
                 const std::string& seeds);

}  // namespace fate

#endif  // TOOLS_FATE_SESSION_H_
