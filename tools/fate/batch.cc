#include "tools/fate/batch.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "tools/fate/commands.h"
#include "tools/fate/evaluate.h"
#include "tools/fate/recording.h"
#include "tools/fate/run_directory.h"
#include "tools/fate/single.h"
#include "tools/fate/workers.h"
#include "tools/report/human.h"
#include "tools/report/json.h"
#include "tools/report/sentences.h"

namespace fate {
namespace {

using schema::proto::BatchResult;

constexpr size_t kWorstKept = 10;

SeedRange SeedsOf(const Options& options) {
  return options.seeds ? *options.seeds : SeedRange{1, kDefaultSeeds};
}
std::string SeedsText(const SeedRange& seeds) {
  return "seeds " + std::to_string(seeds.first) + ".." + std::to_string(seeds.last);
}

int CodeOf(const Prepared& prepared, const std::vector<SeedOutcome>& outcomes) {
  std::fputs(InternalErrors(outcomes, prepared.name()).c_str(), stderr);
  return ExitCodeOf(outcomes);
}

HumanOptions LookOf(const Options& options) {
  return {.style = MakeStyle(options.color, options.ascii, 1),
          .quiet = options.quiet,
          .verbose = options.verbose};
}

template <typename Result>
void Print(const Options& options, const Result& result,
           std::string (*render)(const Result&, const HumanOptions&)) {
  const std::string text =
      options.format == Format::kJson ? ToJson(result) : render(result, LookOf(options));
  std::fputs(text.c_str(), stdout);
}

// Runs a seed once more, and packs what it did.
schema::proto::Capsule CapsuleOf(const schema::Tables& tables, const Options& options,
                                 const Prepared& prepared, const SeedOutcome& seed) {
  Recorder recorder;
  kafka::Runner runner;
  kafka::RunOutcome outcome;
  kafka::RunRequest request{
      .setup = &prepared.setup(), .seed = seed.seed, .faults = prepared.setup().faults};
  if (options.until) request.until = *options.until;
  runner.Run(request, outcome, &recorder);
  const Judgement judgement = Judge(prepared, outcome, runner.world());
  schema::proto::RunResult result =
      Evaluate(prepared, seed.seed, outcome, judgement, runner.world());
  result.set_reproduce(ReproduceLine(tables, options, options.targets.front(), seed.seed));
  return MakeCapsule(tables, prepared, {.seed = seed.seed, .until = request.until}, outcome, result,
                     recorder.bytes());
}

void Keep(const schema::Tables& tables, const Options& options, const Prepared& prepared,
          const std::vector<SeedOutcome>& outcomes, const std::string& json) {
  std::vector<schema::proto::Capsule> worst;
  for (const SeedOutcome* seed : WorstSeeds(outcomes, kWorstKept)) {
    worst.push_back(CapsuleOf(tables, options, prepared, *seed));
  }
  const WrittenRun written = WriteBatch(options, prepared.name(), json, worst);
  if (!written.warning.empty()) std::fprintf(stderr, "warning: %s\n", written.warning.c_str());
  if (!options.quiet && !written.directory.empty()) {
    std::fprintf(stderr, "out: %s\n", written.directory.c_str());
  }
}

// The cure of the worst finding of the worst seed, and on how many of the losing seeds it saves
// all.
std::string CureOf(const schema::Tables& tables, const Prepared& prepared, const UserSettings& user,
                   const std::vector<SeedOutcome>& outcomes) {
  const auto worst = WorstSeeds(outcomes, 1);
  if (worst.empty()) return "";
  kafka::Runner runner;
  kafka::RunOutcome outcome;
  kafka::RunOutcome with_cure;
  runner.Run(
      {.setup = &prepared.setup(), .seed = worst[0]->seed, .faults = prepared.setup().faults},
      outcome);
  for (const ledger::Finding& finding : outcome.verdict.findings) {
    const auto settings = ledger::SettingsOf(finding.cure, prepared.setup(), finding.partition);
    if (settings.empty()) continue;
    std::vector<Prepared> cured;
    if (PrepareWithSet(tables, prepared, user, settings, cured).exit_code != 0) continue;
    uint32_t losing = 0;
    uint32_t saved = 0;
    for (const SeedOutcome& seed : outcomes) {
      if (!seed.done || seed.judgement.verdict != schema::proto::BROKEN) continue;
      if (losing == 50) break;  // enough to see whether it helps; the figure says of how many
      ++losing;
      const auto faults = kafka::Anchored(cured.front().setup().faults, seed.realised);
      runner.Run({.setup = &cured.front().setup(), .seed = seed.seed, .faults = faults}, with_cure);
      saved += with_cure.verdict.of(finding.property).status == ledger::Status::kHeld;
    }
    return CureText(prepared.setup(), finding) + " (saves " + std::to_string(saved) + " of " +
           std::to_string(losing) + ")";
  }
  return "";
}

bool TurnsOut(const std::vector<SeedOutcome>& base, const std::vector<SeedOutcome>& variant,
              const schema::proto::Scenario& scenario) {
  const Prediction a = Compare(base, scenario.predicts());
  const Prediction b = Compare(variant, scenario.predicts());
  // "Differs": most of the conclusive runs come out the other way.
  return (2 * a.true_count > a.conclusive) != (2 * b.true_count > b.conclusive);
}

struct Tried {
  Prepared prepared;
  std::vector<SeedOutcome> outcomes;
};

// CONFIRMED: true in all conclusive runs of the base; REFUTED: in none; DEPENDS: otherwise, or when
// a variant inside the claim's own wording differs.
ClaimVerdict Try(const std::vector<Tried>& tried,
                 const google::protobuf::RepeatedPtrField<schema::proto::Variant>& variants) {
  const schema::proto::Scenario& scenario = tried[0].prepared.scenario.scenario;
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
    const schema::proto::Variant& variant = variants.Get(static_cast<int>(i) - 1);
    if (variant.kind() != schema::proto::Variant::INSIDE_CLAIM) continue;
    if (!TurnsOut(tried[0].outcomes, tried[i].outcomes, scenario)) continue;
    verdict.word = "DEPENDS";
    verdict.reason += "; otherwise with \"" + variant.name() + "\", which its wording covers";
  }
  return verdict;
}

void AddSeeds(const std::vector<SeedOutcome>& outcomes, const std::vector<Tally>& tallies,
              BatchResult& result) {
  Status verdict = schema::proto::HELD;
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
      if (judged.status == schema::proto::BROKEN) lost = std::max(lost, judged.messages);
    }
    seed->set_lost(lost);
    const Status one = outcome.judgement.verdict;
    if (one == schema::proto::BROKEN || verdict == schema::proto::HELD) verdict = one;
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
  }
  result.set_property(NameOf(tallies.front().property));
  result.set_k(tallies.front().broken);
  const WilsonInterval interval = tallies.front().interval();
  result.mutable_interval()->set_low(interval.low);
  result.mutable_interval()->set_high(interval.high);
}

// Each setting once, whichever runs it could act in.
void AddNotModelled(const std::vector<SeedOutcome>& outcomes, BatchResult& result) {
  std::map<std::string, const schema::NotModelledSetting*> settings;
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
  for (const schema::ConfigNote& note : prepared.notes) result.add_notes(schema::Describe(note));
  AddNotModelled(outcomes, result);
  return result;
}

int RunBatch(const schema::Tables& tables, const Options& options, const UserSettings&,
             const Prepared& prepared) {
  const SeedRange seeds = SeedsOf(options);
  if (!options.quiet) std::fputs(HeaderLine(prepared, SeedsText(seeds)).c_str(), stderr);
  const auto outcomes = RunSeeds(prepared, seeds, options.jobs, options);
  const BatchResult result = BatchOf(prepared, outcomes);
  Print(options, result, RenderBatch);
  Keep(tables, options, prepared, outcomes, ToJson(result));
  return CodeOf(prepared, outcomes);
}

int RunVariants(const schema::Tables& tables, const Options& options, const UserSettings& user,
                const Prepared& base) {
  const SeedRange seeds = SeedsOf(options);
  if (!options.quiet) std::fputs(HeaderLine(base, SeedsText(seeds)).c_str(), stderr);
  const auto& variants = base.scenario.scenario.variant();
  std::vector<Tried> tried;
  tried.push_back({base, RunSeeds(base, seeds, options.jobs, options)});
  int code = CodeOf(base, tried[0].outcomes);
  for (int i = 0; i < variants.size() && !Interrupted(); ++i) {
    std::vector<Prepared> prepared;
    const Failure failure =
        Prepare(tables, schema::ExpandVariant(base.scenario, i), user, prepared);
    if (failure.exit_code != 0) {
      std::fputs(failure.text.c_str(), stderr);
      return failure.exit_code;
    }
    tried.push_back({prepared.front(),
                     RunSeeds(prepared.front(), seeds, options.jobs, options, &tried[0].outcomes)});
    code = WorseExitCode(code, CodeOf(prepared.front(), tried.back().outcomes));
  }
  schema::proto::VariantsResult result;
  result.set_schema_version(1);
  result.set_engine(EngineVersion());
  result.set_scenario(base.name());
  result.set_claim(base.scenario.scenario.claim());
  const ClaimVerdict verdict = Try(tried, variants);
  result.set_claim_verdict(verdict.word);
  result.set_claim_reason(verdict.reason);
  for (const Tried& one : tried) *result.add_runs() = BatchOf(one.prepared, one.outcomes);
  Print(options, result, RenderVariants);
  return code;
}

int RunCollection(const schema::Tables& tables, const Options& options, const UserSettings& user,
                  const std::string& folder) {
  const SeedRange seeds = SeedsOf(options);
  if (!options.quiet) {
    std::fprintf(stderr, "fate %s  profile %s  collection %s  %s\n", EngineVersion(), kProfile,
                 folder.c_str(), SeedsText(seeds).c_str());
  }
  schema::proto::CollectionResult result;
  result.set_schema_version(1);
  result.set_engine(EngineVersion());
  result.set_collection(folder);
  int code = kExitMet;
  for (const schema::EmbeddedFile* file : schema::ShippedCollection(folder)) {
    if (Interrupted()) break;
    schema::LoadedScenario loaded;
    Failure failure = LoadNamed(std::string(schema::StemOf(file->path)), loaded);
    std::vector<Prepared> prepared;
    if (failure.exit_code == 0) failure = Prepare(tables, loaded, user, prepared);
    if (failure.exit_code != 0) {
      std::fputs(failure.text.c_str(), stderr);
      return failure.exit_code;
    }
    const auto outcomes = RunSeeds(prepared.front(), seeds, options.jobs, options);
    *result.add_runs() = BatchOf(prepared.front(), outcomes);
    result.add_cures(CureOf(tables, prepared.front(), user, outcomes));
    code = WorseExitCode(code, CodeOf(prepared.front(), outcomes));
  }
  Print(options, result, RenderCollection);
  return code;
}

}  // namespace fate
