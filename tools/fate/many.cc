#include "tools/fate/many.h"

#include <cstdio>
#include <vector>

#include "scenarios/loader/shipped.h"
#include "tools/analysis/batch.h"
#include "tools/analysis/engine_version.h"
#include "tools/analysis/remedy.h"
#include "tools/fate/exit_codes.h"
#include "tools/fate/reproduce.h"
#include "tools/render/fill.h"
#include "tools/render/human.h"
#include "tools/render/json.h"

namespace fate {
namespace {

using analysis::SeedOutcome;
using analysis::Tried;
using answers::BatchResult;

constexpr size_t kWorstKept = 10;

std::string SeedsText(const analysis::SeedRange& seeds) {
  return "seeds " + std::to_string(seeds.first) + ".." + std::to_string(seeds.last);
}

// The exit code of a configuration's runs; says which of them found an error of this program.
int CodeOf(const analysis::Prepared& prepared, const std::vector<SeedOutcome>& outcomes) {
  for (const SeedOutcome& outcome : outcomes) {
    if (!outcome.internal_error) continue;
    std::fprintf(stderr,
                 "internal error: %s --seed %llu breaks an invariant, or loses a message without a "
                 "class\n",
                 prepared.name().c_str(), static_cast<unsigned long long>(outcome.seed));
  }
  return ExitCodeOf(outcomes);
}

template <typename Result>
void Print(const Options& options, const Result& result, const std::string& json,
           std::string (*render)(const Result&, const render::HumanOptions&)) {
  PrintAnswer(options.format == Format::kJson ? json : render(result, DisplayOf(options)),
              PaintOf(DisplayOf(options).style));
}

// The line that runs it alone, or where no line does, the smallest batch that holds it.
std::string ReproduceOf(const Session& session, const Tried& tried, uint64_t seed) {
  const std::string& scenario = session.options.targets.front();
  if (tried.base == nullptr) {
    return ReproduceLine(session.tables, session.options, scenario, seed);
  }
  Options smallest = session.options;
  smallest.seeds = analysis::SeedRange{seed, seed};
  return ReproduceVariantsLine(session.tables, smallest, scenario);
}

// Runs a seed once more, and packs what it did.
analysis::KeptRun KeptOf(const Session& session, const Tried& tried, const SeedOutcome& seed) {
  const auto run = analysis::RecordSeed(tried, seed, session.until());
  run->result.set_reproduce(ReproduceOf(session, tried, seed.seed));
  render::FillSentences(run->result);
  return {.place = analysis::KeptPlace(tried.folder, seed.seed),
          .json = render::ToJson(run->result),
          .capsule = analysis::MakeCapsule(session.tables, tried.prepared, *run)};
}

// The worst runs of a configuration; tells `result` which.
std::vector<analysis::KeptRun> KeepWorst(const Session& session, const Tried& tried,
                                         BatchResult& result) {
  std::vector<analysis::KeptRun> kept;
  for (const SeedOutcome* seed : analysis::WorstSeeds(tried.outcomes, kWorstKept)) {
    kept.push_back(KeptOf(session, tried, *seed));
    result.add_kept(kept.back().place);
    if (kept.size() == 1) result.set_reproduce(ReproduceOf(session, tried, seed->seed));
  }
  return kept;
}

answers::Remedy RemedyOf(const Session& session, const analysis::Prepared& prepared,
                         const std::vector<SeedOutcome>& outcomes) {
  return analysis::FindRemedy(analysis::QuestionOf(
      session.tables, prepared, session.user, analysis::LosingRuns(outcomes), session.study()));
}

}  // namespace

int RunBatch(const Session& session, const analysis::Prepared& prepared) {
  const Options& options = session.options;
  const analysis::StudyRequest study = session.study();
  PrintHeader(options, prepared, SeedsText(study.seeds));
  const Tried tried{.prepared = prepared,
                    .outcomes = analysis::RunSeeds(prepared, study),
                    .folder = "",
                    .base = nullptr};
  BatchResult result = analysis::BatchOf(prepared, tried.outcomes);
  *result.mutable_remedy() = RemedyOf(session, prepared, tried.outcomes);
  const std::vector<analysis::KeptRun> kept = KeepWorst(session, tried, result);
  render::FillSentences(result);
  const std::string json = render::ToJson(result);
  const analysis::WrittenRun written =
      analysis::WriteBatch(options.out, prepared.name(), json, kept);
  Print(options, result, json, render::RenderBatch);
  return PrintWritten(options, written, CodeOf(prepared, tried.outcomes));
}

int RunVariants(const Session& session, const analysis::Prepared& base) {
  const Options& options = session.options;
  const analysis::StudyRequest study = session.study();
  PrintHeader(options, base, SeedsText(study.seeds));
  const absl::StatusOr<std::vector<Tried>> tried =
      analysis::TryVariants(session.tables, base, session.user, study);
  if (!tried.ok()) return Fail(tried.status());
  answers::VariantsResult result = analysis::VariantsOf(*tried);
  int code = kExitMet;
  std::vector<analysis::KeptRun> kept;
  for (size_t i = 0; i < tried->size(); ++i) {
    const Tried& one = (*tried)[i];
    code = WorseExitCode(code, CodeOf(one.prepared, one.outcomes));
    auto worst = KeepWorst(session, one, *result.mutable_runs(static_cast<int>(i)));
    for (analysis::KeptRun& run : worst) kept.push_back(std::move(run));
  }
  render::FillSentences(result);
  const std::string json = render::ToJson(result);
  const analysis::WrittenRun written = analysis::WriteBatch(options.out, base.name(), json, kept);
  Print(options, result, json, render::RenderVariants);
  return PrintWritten(options, written, code);
}

int RunCollection(const Session& session, const std::string& folder) {
  const Options& options = session.options;
  const analysis::StudyRequest study = session.study();
  if (!options.quiet) {
    std::fprintf(stderr, "fate %s  profile %s  collection %s  %s\n", analysis::EngineVersion(),
                 analysis::kProfile, folder.c_str(), SeedsText(study.seeds).c_str());
  }
  answers::CollectionResult result;
  result.set_schema_version(1);
  result.set_engine(analysis::EngineVersion());
  result.set_collection(folder);
  int code = kExitMet;
  for (const embedded::EmbeddedFile* file : loader::ShippedCollection(folder)) {
    if (session.stop.stopped()) break;
    const auto prepared =
        analysis::PrepareNamed(session.tables, std::string(loader::StemOf(file->path)),
                               session.user, kafka::kNoStateWatcher);
    if (!prepared.ok()) return Fail(prepared.status());
    const std::vector<SeedOutcome> outcomes = analysis::RunSeeds(*prepared, study);
    BatchResult& run = *result.add_runs();
    run = analysis::BatchOf(*prepared, outcomes);
    *run.mutable_remedy() = RemedyOf(session, *prepared, outcomes);
    for (const SeedOutcome* worst : analysis::WorstSeeds(outcomes, 1)) {
      run.set_reproduce(ReproduceLine(session.tables, options, prepared->name(), worst->seed));
    }
    code = WorseExitCode(code, CodeOf(*prepared, outcomes));
  }
  render::FillSentences(result);
  Print(options, result, render::ToJson(result), render::RenderCollection);
  return code;
}

}  // namespace fate
