#include "tools/fate/session.h"

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "scenarios/kafka_config/text.h"
#include "tools/analysis/engine_version.h"
#include "tools/fate/exit_codes.h"

namespace fate {

namespace {

// The size of the color sequence at the front of `text`, or 0: "\033[", digits, "m".
size_t ColorSize(std::string_view text) {
  if (!text.starts_with("\033[")) return 0;
  const size_t end = text.find_first_not_of("0123456789", 2);
  return end != text.npos && text[end] == 'm' ? end + 1 : 0;
}

std::string ForTerminal(std::string_view text, Paint painted) {
  constexpr std::string_view kKept = "\n\t";
  if (painted == Paint::kNo) return kafka_config::Escaped(text, kKept);
  std::string shown;
  while (!text.empty()) {
    const size_t color = ColorSize(text);
    shown += text.substr(0, color);
    text.remove_prefix(color);
    const size_t next = color == 0 && !text.empty() ? text.find('\033', 1) : text.find('\033');
    shown += kafka_config::Escaped(text.substr(0, next), kKept);
    text.remove_prefix(std::min(next, text.size()));
  }
  return shown;
}

}  // namespace

int Fail(const absl::Status& status) {
  PrintError(std::string(status.message()));
  return ExitCodeOf(status);
}

void PrintAnswer(const std::string& text, Paint painted) {
  std::fputs(ForTerminal(text, painted).c_str(), stdout);
}
void PrintError(const std::string& text) {
  std::fputs(ForTerminal(text, Paint::kNo).c_str(), stderr);
}
Paint PaintOf(const render::Style& style) { return style.color ? Paint::kYes : Paint::kNo; }

int PrintWritten(const Options& options, const analysis::WrittenRun& written, int code) {
  if (!written.warning.empty()) {
    PrintError((written.failed ? "error: " : "warning: ") + written.warning + "\n");
  }
  if (!options.quiet && !written.directory.empty()) {
    PrintError("out: " + written.directory + "\n");
  }
  return written.failed ? WorseExitCode(code, kExitIo) : code;
}

render::HumanOptions DisplayOf(const Options& options) {
  return {.style = render::MakeStyle(options.color, options.ascii, 1),
          .quiet = options.quiet,
          .verbose = options.verbose};
}

std::optional<uint64_t> SeedGiven(const Options& options) {
  return options.seed ? options.seed : options.environment_seed;
}

uint64_t SeedOf(const Options& options, const analysis::Prepared& prepared) {
  return SeedGiven(options).value_or(prepared.scenario.scenario.default_seed());
}

void PrintHeader(const Options& options, const analysis::Prepared& prepared,
                 const std::string& seeds) {
  if (options.quiet) return;
  PrintError(std::string("fate ") + analysis::EngineVersion() + "  profile " + analysis::kProfile +
             "  scenario " + prepared.name() + " (" + prepared.scenario.sha256.substr(0, 8) +
             ")  " + seeds + "\n");
}

}  // namespace fate
