#include "tools/analysis/batch.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "tools/analysis/evaluate.h"
#include "tools/analysis/recording.h"
#include "tools/analysis/remedy.h"
#include "tools/analysis/run_directory.h"
#include "tools/analysis/workers.h"
#include "tools/fate/commands.h"
#include "tools/fate/single.h"
#include "tools/render/human.h"
#include "tools/render/human_parts.h"
#include "tools/render/json.h"

namespace analysis {
namespace {

using answers::BatchResult;

constexpr size_t kWorstKept = 10;
constexpr char kBaseFolder[] = "base";

fate::SeedRange SeedsOf(const fate::Options& options) {
  return options.seeds ? *options.seeds : fate::SeedRange{1, kDefaultSeeds};
}
std::string SeedsText(const fate::SeedRange& seeds) {
  return "seeds " + std::to_string(seeds.first) + ".." + std::to_string(seeds.last);
}

int CodeOf(const Prepared& prepared, const std::vector<SeedOutcome>& outcomes) {
  std::fputs(InternalErrors(outcomes, prepared.name()).c_str(), stderr);
  return ExitCodeOf(outcomes);
}

render::HumanOptions LookOf(const fate::Options& options) {
  return {.style = render::MakeStyle(options.color, options.ascii, 1),
          .quiet = options.quiet,
          .verbose = options.verbose};
}

template <typename Result>
void Print(const fate::Options& options, const Result& result,
           std::string (*render)(const Result&, const render::HumanOptions&)) {
  const std::string text = options.format == fate::Format::kJson ? render::ToJson(result)
                                                                 : render(result, LookOf(options));
  std::fputs(text.c_str(), stdout);
}

// One configuration of a batch: the scenario, or one of its variants beside it.
struct Tried {
  Prepared prepared;
  std::vector<SeedOutcome> outcomes;
  std::string folder;                              // below the batch's directory; "": there itself
  const std::vector<SeedOutcome>* base = nullptr;  // whose faults these runs' fire with
};

// The line that runs it alone, or where no line does, the smallest batch that holds it.
std::string ReproduceOf(const kafka_config::Tables& tables, const fate::Options& options,
                        const Tried& tried, uint64_t seed) {
  const std::string& scenario = options.targets.front();
  if (tried.base == nullptr) return fate::ReproduceLine(tables, options, scenario, seed);
  fate::Options smallest = options;
  smallest.seeds = fate::SeedRange{seed, seed};
  return fate::ReproduceVariantsLine(tables, smallest, scenario);
}

// Runs a seed once more, and packs what it did.
answers::Capsule CapsuleOf(const kafka_config::Tables& tables, const fate::Options& options,
                           const Tried& tried, const SeedOutcome& seed) {
  const Prepared& prepared = tried.prepared;
  Recorder recorder;
  kafka::Runner runner;
  kafka::RunOutcome outcome;
  RunFacts facts{.seed = seed.seed};
  std::vector<sim::PlannedFault> faults = prepared.setup().faults;
  if (tried.base != nullptr) {
    facts.anchored = true;
    facts.realised = (*tried.base)[static_cast<size_t>(&seed - tried.outcomes.data())].realised;
    faults = kafka::Anchored(faults, facts.realised);
  }
  if (options.until) facts.until = *options.until;
  runner.Run(
      {.setup = &prepared.setup(), .seed = seed.seed, .faults = faults, .until = facts.until},
      outcome, &recorder);
  const Judgement judgement = Judge(prepared, outcome, runner.world());
  answers::RunResult result = Evaluate(prepared, seed.seed, outcome, judgement, runner.world());
  result.set_reproduce(ReproduceOf(tables, options, tried, seed.seed));
  return MakeCapsule(tables, prepared, facts, outcome, result, recorder.bytes());
}

// Keeps the worst runs of each configuration, and tells `results`, beside `tried`, which.
std::vector<KeptRun> KeepWorst(const kafka_config::Tables& tables, const fate::Options& options,
                               const std::vector<Tried>& tried,
                               const std::vector<BatchResult*>& results) {
  std::vector<KeptRun> kept;
  for (size_t i = 0; i < tried.size(); ++i) {
    for (const SeedOutcome* seed : WorstSeeds(tried[i].outcomes, kWorstKept)) {
      const std::string place = KeptPlace(tried[i].folder, seed->seed);
      kept.push_back({place, CapsuleOf(tables, options, tried[i], *seed)});
      results[i]->add_kept(place);
    }
    if (results[i]->kept_size() == 0) continue;
    const uint64_t worst = WorstSeeds(tried[i].outcomes, 1).front()->seed;
    results[i]->set_reproduce(ReproduceOf(tables, options, tried[i], worst));
  }
  return kept;
}

void Write(const fate::Options& options, const std::string& name, const std::string& json,
           const std::vector<KeptRun>& kept) {
  const WrittenRun written = WriteBatch(options, name, json, kept);
  if (!written.warning.empty()) std::fprintf(stderr, "warning: %s\n", written.warning.c_str());
  if (!options.quiet && !written.directory.empty()) {
    std::fprintf(stderr, "out: %s\n", written.directory.c_str());
  }
}

// "acks=all" -> "acks_all", "acks_all-2": one for each variant.
std::string FolderOf(const std::string& variant, const std::vector<Tried>& others) {
  const std::string part = DirectoryPart(variant);
  std::string folder = part;
  const auto taken = [&](const Tried& other) { return other.folder == folder; };
  for (int i = 2; std::any_of(others.begin(), others.end(), taken); ++i) {
    folder = part + "-" + std::to_string(i);
  }
  return folder;
}

answers::Remedy RemedyOf(const kafka_config::Tables& tables, const fate::Options& options,
                         const Prepared& prepared, const UserSettings& user,
                         const std::vector<SeedOutcome>& outcomes) {
  RemedyQuestion question{.tables = &tables,
                          .prepared = &prepared,
                          .user = &user,
                          .losing = LosingRuns(outcomes),
                          .jobs = options.jobs};
  if (options.until) question.until = *options.until;
  return FindRemedy(question);
}

bool TurnsOut(const std::vector<SeedOutcome>& base, const std::vector<SeedOutcome>& variant,
              const loader::proto::Scenario& scenario) {
  const Prediction a = Compare(base, scenario.predicts());
  const Prediction b = Compare(variant, scenario.predicts());
  // "Differs": most of the conclusive runs come out the other way.
  return (2 * a.true_count > a.conclusive) != (2 * b.true_count > b.conclusive);
}

// CONFIRMED: true in all conclusive runs of the base; REFUTED: in none; DEPENDS: otherwise, or when
// a variant inside the claim's own wording differs.
ClaimVerdict Try(const std::vector<Tried>& tried,
                 const google::protobuf::RepeatedPtrField<loader::proto::Variant>& variants) {
  const loader::proto::Scenario& scenario = tried[0].prepared.scenario.scenario;
  if (scenario.predicts_size() == 0) return {};
  const Prediction base = Compare(tried[0].outcomes, scenario.predicts());
  ClaimVerdict verdict;
  verdict.reason = "as it predicts in " + std::to_string(base.true_count) + " of " +
                   std::to_string(base.conclusive) + " conclusive runs";
  if (base.conclusive == 0) return {"INCONCLUSIVE", verdict.reason};
  verdict.word = base.true_count == base.conclusive ? "CONFIRMED"
                 : base.true_count == 0             ? "REFUTED"
                                                    : "DEPENDS";
  for (size_t i = 1; i < tried.size(); ++i) {
    const loader::proto::Variant& variant = variants.Get(static_cast<int>(i) - 1);
    if (variant.kind() != loader::proto::Variant::INSIDE_CLAIM) continue;
    if (!TurnsOut(tried[0].outcomes, tried[i].outcomes, scenario)) continue;
    verdict.word = "DEPENDS";
    verdict.reason += "; otherwise with \"" + variant.name() + "\", which its wording covers";
  }
  return verdict;
}

void AddSeeds(const std::vector<SeedOutcome>& outcomes, const std::vector<Tally>& tallies,
              BatchResult& result) {
  Status verdict = loader::proto::HELD;
  for (const SeedOutcome& outcome : outcomes) {
    if (!outcome.done) continue;
    result.set_n(result.n() + 1);
    auto* seed = result.add_seeds();
    seed->set_seed(outcome.seed);
    seed->set_digest(HexOf(outcome.digest));
    seed->set_verdict(NameOf(outcome.judgement.verdict));
    seed->set_events(outcome.events);
    uint32_t lost = 0;
    for (const Tally& tally : tallies) {
      const PropertyJudgement& judged = outcome.judgement.of(tally.property);
      if (judged.status == loader::proto::BROKEN) lost = std::max(lost, judged.messages);
    }
    seed->set_lost(lost);
    const Status one = outcome.judgement.verdict;
    if (one == loader::proto::BROKEN || verdict == loader::proto::HELD) verdict = one;
  }
  result.set_verdict(NameOf(verdict));
}

void AddTallies(const std::vector<Tally>& tallies, BatchResult& result) {
  for (const Tally& tally : tallies) {
    auto* out = result.add_tallies();
    out->set_property(NameOf(tally.property));
    out->set_held(tally.held);
    out->set_broken(tally.broken);
    out->set_inconclusive(tally.inconclusive);
    out->set_class_(NameOf(tally.worst));
    out->set_reason(tally.reason);
    out->set_undeclared(tally.undeclared);
  }
  const Tally& leading = Leading(tallies);
  result.set_property(NameOf(leading.property));
  result.set_k(leading.broken);
  const WilsonInterval interval = leading.interval();
  result.mutable_interval()->set_low(interval.low);
  result.mutable_interval()->set_high(interval.high);
}

// Each setting once, whichever runs it could act in.
void AddNotModelled(const std::vector<SeedOutcome>& outcomes, BatchResult& result) {
  std::map<std::string, const kafka_config::NotModelledSetting*> settings;
  for (const SeedOutcome& outcome : outcomes) {
    for (const auto& setting : outcome.judgement.not_modelled) {
      settings.emplace(setting.name, &setting);
    }
  }
  for (const auto& [name, setting] : settings) {
    AddSetting(*setting, *result.add_not_modelled());
  }
}

}  // namespace

BatchResult BatchOf(const Prepared& prepared, const std::vector<SeedOutcome>& outcomes) {
  BatchResult result;
  Identify(prepared, result);
  const auto tallies = TallyOf(outcomes, ExpectationsOf(prepared.scenario.scenario));
  AddSeeds(outcomes, tallies, result);
  AddTallies(tallies, result);
  for (const std::string& assumed : prepared.built.assumed) result.add_assumed(assumed);
  for (const kafka_config::ConfigNote& note : prepared.notes)
    result.add_notes(kafka_config::Describe(note));
  AddNotModelled(outcomes, result);
  return result;
}

int RunBatch(const kafka_config::Tables& tables, const fate::Options& options,
             const UserSettings& user, const Prepared& prepared) {
  const fate::SeedRange seeds = SeedsOf(options);
  if (!options.quiet) std::fputs(fate::HeaderLine(prepared, SeedsText(seeds)).c_str(), stderr);
  const std::vector<Tried> tried{
      {.prepared = prepared, .outcomes = RunSeeds(prepared, seeds, options.jobs, options)}};
  const std::vector<SeedOutcome>& outcomes = tried.front().outcomes;
  BatchResult result = BatchOf(prepared, outcomes);
  *result.mutable_remedy() = RemedyOf(tables, options, prepared, user, outcomes);
  const std::vector<KeptRun> kept = KeepWorst(tables, options, tried, {&result});
  Print(options, result, render::RenderBatch);
  Write(options, prepared.name(), render::ToJson(result), kept);
  return CodeOf(prepared, outcomes);
}

namespace {

// The scenario and what its claim comes to; without the runs.
answers::VariantsResult ClaimOf(const Prepared& base, const std::vector<Tried>& tried) {
  answers::VariantsResult result;
  result.set_schema_version(1);
  result.set_engine(fate::EngineVersion());
  result.set_scenario(base.name());
  result.set_claim(base.scenario.scenario.claim());
  const ClaimVerdict verdict = Try(tried, base.scenario.scenario.variant());
  result.set_claim_verdict(verdict.word);
  result.set_claim_reason(verdict.reason);
  return result;
}

}  // namespace

int RunVariants(const kafka_config::Tables& tables, const fate::Options& options,
                const UserSettings& user, const Prepared& base) {
  const fate::SeedRange seeds = SeedsOf(options);
  if (!options.quiet) std::fputs(fate::HeaderLine(base, SeedsText(seeds)).c_str(), stderr);
  const auto& variants = base.scenario.scenario.variant();
  std::vector<Tried> tried;
  tried.reserve(static_cast<size_t>(variants.size()) + 1);  // variants refer to the first
  tried.push_back({.prepared = base,
                   .outcomes = RunSeeds(base, seeds, options.jobs, options),
                   .folder = kBaseFolder});
  int code = CodeOf(base, tried[0].outcomes);
  for (int i = 0; i < variants.size() && !Interrupted(); ++i) {
    std::vector<Prepared> prepared;
    const Failure failure =
        Prepare(tables, loader::ExpandVariant(base.scenario, i), user, prepared);
    if (failure.exit_code != 0) {
      std::fputs(failure.text.c_str(), stderr);
      return failure.exit_code;
    }
    const std::vector<SeedOutcome>& first = tried[0].outcomes;
    tried.push_back({.prepared = prepared.front(),
                     .outcomes = RunSeeds(prepared.front(), seeds, options.jobs, options, &first),
                     .folder = FolderOf(prepared.front().scenario.variant, tried),
                     .base = &first});
    code = WorseExitCode(code, CodeOf(prepared.front(), tried.back().outcomes));
  }
  answers::VariantsResult result = ClaimOf(base, tried);
  std::vector<BatchResult*> runs;
  for (const Tried& one : tried) {
    runs.push_back(result.add_runs());
    *runs.back() = BatchOf(one.prepared, one.outcomes);
  }
  const std::vector<KeptRun> kept = KeepWorst(tables, options, tried, runs);
  Print(options, result, render::RenderVariants);
  Write(options, base.name(), render::ToJson(result), kept);
  return code;
}

int RunCollection(const kafka_config::Tables& tables, const fate::Options& options,
                  const UserSettings& user, const std::string& folder) {
  const fate::SeedRange seeds = SeedsOf(options);
  if (!options.quiet) {
    std::fprintf(stderr, "fate %s  profile %s  collection %s  %s\n", fate::EngineVersion(),
                 kProfile, folder.c_str(), SeedsText(seeds).c_str());
  }
  answers::CollectionResult result;
  result.set_schema_version(1);
  result.set_engine(fate::EngineVersion());
  result.set_collection(folder);
  int code = fate::kExitMet;
  for (const embedded::EmbeddedFile* file : loader::ShippedCollection(folder)) {
    if (Interrupted()) break;
    loader::LoadedScenario loaded;
    Failure failure = LoadNamed(std::string(loader::StemOf(file->path)), loaded);
    std::vector<Prepared> prepared;
    if (failure.exit_code == 0) failure = Prepare(tables, loaded, user, prepared);
    if (failure.exit_code != 0) {
      std::fputs(failure.text.c_str(), stderr);
      return failure.exit_code;
    }
    const auto outcomes = RunSeeds(prepared.front(), seeds, options.jobs, options);
    BatchResult& run = *result.add_runs();
    run = BatchOf(prepared.front(), outcomes);
    *run.mutable_remedy() = RemedyOf(tables, options, prepared.front(), user, outcomes);
    for (const SeedOutcome* worst : WorstSeeds(outcomes, 1)) {
      const std::string& name = prepared.front().name();
      run.set_reproduce(fate::ReproduceLine(tables, options, name, worst->seed));
    }
    result.add_cures(render::RemedyText(run.remedy()));
    code = WorseExitCode(code, CodeOf(prepared.front(), outcomes));
  }
  Print(options, result, render::RenderCollection);
  return code;
}

}  // namespace analysis
