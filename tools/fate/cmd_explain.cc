// fate explain [RUN] [MESSAGE]: why it happened, when it became unavoidable, what would have saved
// it.
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "tools/analysis/explain.h"
#include "tools/analysis/workers.h"
#include "tools/fate/commands.h"
#include "tools/fate/open_case.h"
#include "tools/fate/session.h"
#include "tools/render/explanation.h"
#include "tools/render/json.h"

namespace fate {
namespace {

constexpr uint32_t kNarrowest = 80;
constexpr uint32_t kWidest = 120;
constexpr uint32_t kSeeds = 1000;

uint32_t TerminalWidth() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 100;
  return std::clamp<uint32_t>(size.ws_col, kNarrowest, kWidest);
}

// The two words, whichever comes first: a run and a message.
absl::Status SplitTargets(const Options& options, std::string& run, analysis::Question& question) {
  for (const std::string& word : options.targets) {
    if (analysis::IsMessageName(word)) {
      if (question.message) {
        return absl::FailedPreconditionError(options.program + ": two messages are named\n");
      }
      question.message = word;
    } else {
      if (!run.empty()) {
        return absl::FailedPreconditionError(
            options.program + ": '" + word +
            "' is no message (m#498, orders-0@497), and a run is named already\n");
      }
      run = word;
    }
  }
  question.key = options.key;
  question.first = options.first;
  const int asked = (question.message ? 1 : 0) + (question.key ? 1 : 0) + (question.first ? 1 : 0);
  if (asked <= 1) return absl::OkStatus();
  return absl::FailedPreconditionError(options.program +
                                       ": a message, --key and --first exclude each other\n");
}

// Each part as soon as it is known.
void PrintPart(const std::string& part, const answers::Explanation& explanation,
               const render::Style& style, uint32_t width) {
  std::string text;
  if (part == "chain") text = render::ChainText(explanation, style, width);
  if (part == "futures") text = render::FuturesText(explanation, style, width);
  if (part == "what_if") text = render::WhatIfText(explanation, style, width);
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

// What is asked, and who is told while the answer grows: a reader who waits.
analysis::ExplainRequest RequestOf(const Options& options, const render::Style& style,
                                   uint32_t width) {
  analysis::ExplainRequest request{.futures = options.futures,
                                   .seeds = options.what_if ? kSeeds : 0,
                                   .jobs = options.jobs,
                                   .on_part = {},
                                   .on_line = {}};
  if (options.format != Format::kHuman) return request;
  request.on_part = [style, width](const std::string& part, const answers::Explanation& so_far) {
    PrintPart(part, so_far, style, width);
  };
  if (isatty(STDERR_FILENO) != 1 || options.quiet) return request;
  request.on_line = [](const answers::WhatIf::Line& line) {
    std::fprintf(stderr, "  ... %s: %u of %u\n", line.change().c_str(), line.losing(), line.n());
  };
  return request;
}

}  // namespace

int ExplainCommand(const Options& options) {
  std::string target;
  analysis::Question question;
  if (const absl::Status split = SplitTargets(options, target, question); !split.ok()) {
    return Fail(split);
  }
  const kafka_config::Tables tables = kafka_config::LoadTables();
  absl::StatusOr<OpenedCase> opened = OpenCase(tables, options, target);
  if (!opened.ok()) return Fail(opened.status());
  analysis::Case& made = opened->made;
  kafka::Runner runner;
  analysis::RunCase(made, runner);
  const auto found = analysis::FindSubject(made, runner.world(), question);
  if (!found.ok()) {
    return Fail(
        {found.status().code(), options.program + ": " + std::string(found.status().message())});
  }
  PrintHeader(options, made.prepared, "seed " + std::to_string(made.seed));
  const render::Style style = render::MakeStyle(options.color, options.ascii, 1);
  const uint32_t width = TerminalWidth();
  const bool human = options.format == Format::kHuman;
  answers::Explanation explanation =
      analysis::Explain(made, *found, RequestOf(options, style, width));
  explanation.set_reproduce(opened->reproduce);
  if (human) std::fputs(render::EndText(explanation, style, width).c_str(), stdout);
  if (options.format == Format::kJson) std::fputs(render::ToJson(explanation).c_str(), stdout);
  if (options.format == Format::kMarkdown)
    std::fputs(render::Markdown(explanation).c_str(), stdout);
  return analysis::InterruptExitCode() != 0 ? analysis::InterruptExitCode() : kExitMet;
}

}  // namespace fate
