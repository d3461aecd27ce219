// fate explain [RUN] [MESSAGE]: why it happened, when it became unavoidable, what would have saved
// it.
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "tools/analysis/explain.h"
#include "tools/fate/commands.h"
#include "tools/fate/interrupts.h"
#include "tools/fate/open_case.h"
#include "tools/fate/session.h"
#include "tools/render/explanation.h"
#include "tools/render/explanation_fill.h"
#include "tools/render/json.h"
#include "tools/render/what_if_text.h"

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
void PrintPart(const std::string& part, answers::Explanation explanation,
               const render::Style& style, uint32_t width) {
  render::FillSentences(explanation);
  std::string text;
  if (part == "chain") text = render::ChainText(explanation, style, width);
  if (part == "futures") text = render::FuturesText(explanation, style, width);
  if (part == "what_if") text = render::WhatIfText(explanation, style, width);
  PrintAnswer(text, PaintOf(style));
  std::fflush(stdout);
}

// The first sentence and no more: for scripts.
bool IsOneLine(const Options& options) { return options.quiet && options.format == Format::kHuman; }

// What is asked, and who is told while the answer grows: a reader who waits.
analysis::ExplainRequest RequestOf(const Options& options, const render::Style& style,
                                   uint32_t width) {
  const bool whole = !IsOneLine(options);
  analysis::ExplainRequest request{.futures = whole ? options.futures : 0,
                                   .seeds = whole && options.what_if ? kSeeds : 0,
                                   .jobs = options.jobs,
                                   .stop = InterruptToken(),
                                   .on_part = {},
                                   .on_line = {}};
  if (options.format != Format::kHuman || !whole) return request;
  request.on_part = [style, width](const std::string& part, const answers::Explanation& so_far) {
    PrintPart(part, so_far, style, width);
  };
  if (isatty(STDERR_FILENO) != 1) return request;
  request.on_line = [](answers::WhatIf::Line line) {
    render::FillLineWords(answers::FATE_UNSPECIFIED, line);
    PrintError("  ... " + line.change() + ": " + std::to_string(line.losing()) + " of " +
               std::to_string(line.n()) + "\n");
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
  absl::StatusOr<NamedCase> opened = OpenCase(tables, options, target);
  if (!opened.ok()) return Fail(opened.status());
  analysis::Case& made = opened->made;
  kafka::Runner runner(kafka::kNoStateWatcher);
  analysis::RunCase(made, runner);
  const auto found = analysis::FindSubject(made, runner.world(), question);
  if (!found.ok()) {
    return Fail(
        {found.status().code(), options.program + ": " + std::string(found.status().message())});
  }
  PrintHeader(options, made.prepared, "seed " + std::to_string(made.seed));
  const render::Style style = render::MakeStyle(options.color, options.ascii, 1);
  const uint32_t width = TerminalWidth();
  answers::Explanation explanation =
      analysis::Explain(made, *found, RequestOf(options, style, width));
  explanation.set_reproduce(opened->reproduce);
  render::FillSentences(explanation);
  if (IsOneLine(options)) {
    PrintAnswer(explanation.first_sentence() + "\n");
  } else if (options.format == Format::kHuman) {
    PrintAnswer(render::EndText(explanation, style, width), PaintOf(style));
  }
  if (options.format == Format::kJson) PrintAnswer(render::ToJson(explanation));
  if (options.format == Format::kMarkdown) PrintAnswer(render::Markdown(explanation));
  return InterruptExitCode() != 0 ? InterruptExitCode() : kExitMet;
}

}  // namespace fate
