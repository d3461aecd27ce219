#include "tools/fate/single.h"

#include <cstdio>

#include "tools/analysis/cures.h"
#include "tools/analysis/recorded_run.h"
#include "tools/fate/exit_codes.h"
#include "tools/fate/reproduce.h"
#include "tools/fate/verify.h"
#include "tools/render/fill.h"
#include "tools/render/human.h"
#include "tools/render/json.h"

namespace fate {
namespace {

void Print(const Options& options, const answers::RunResult& result) {
  PrintAnswer(options.format == Format::kJson ? render::ToJson(result)
                                              : render::RenderRun(result, DisplayOf(options)),
              PaintOf(DisplayOf(options).style));
}

// Without a planted bug, a broken invariant is a bug of this program.
int InternalError(const analysis::Prepared& prepared, const answers::RunResult& result) {
  const bool planted = prepared.setup().mutant != kafka::Mutant::kNone;
  if (!planted && result.violations_size() > 0) {
    std::fprintf(stderr, "internal error: invariant broken: %s\n", result.violations(0).c_str());
  } else {
    std::fputs("internal error: a lost message has no class\n", stderr);
  }
  return kExitInternal;
}

}  // namespace

int RunSingle(const Session& session, const analysis::Prepared& prepared) {
  const Options& options = session.options;
  const uint64_t seed = SeedOf(options, prepared);
  const std::string& target = options.targets.front();
  PrintHeader(options, prepared, "seed " + std::to_string(seed));
  render::TracePrinter printer(options.trace, stdout);
  const auto run = analysis::Record(prepared, {.seed = seed, .until = session.until()},
                                    options.trace == TraceLevel::kNone ? nullptr : &printer);
  analysis::AddCures(session.tables, prepared, session.user, session.study(), *run);
  run->result.set_reproduce(ReproduceLine(session.tables, options, target, seed));
  render::FillSentences(run->result);

  int code = ExitCodeOf(analysis::WorstMet(run->judgement.expectations));
  if (options.verify) {
    const auto verified = VerifyRun(options, target, seed, *run);
    if (!verified.ok()) code = Fail(verified.status());
    if (verified.ok()) PrintError(*verified);
  }
  const analysis::WrittenRun written =
      analysis::WriteRun(options.out, render::ToJson(run->result),
                         analysis::MakeCapsule(session.tables, prepared, *run));
  Print(options, run->result);
  code = PrintWritten(options, written, code);
  if (!analysis::IsInternalError(prepared, run->outcome)) return code;
  return InternalError(prepared, run->result);
}

}  // namespace fate
