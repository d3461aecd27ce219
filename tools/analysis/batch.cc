#include "tools/analysis/batch.h"

#include <algorithm>
#include <map>

#include "tools/analysis/evaluate.h"
#include "tools/analysis/run_directory.h"
#include "tools/analysis/words.h"

namespace analysis {
namespace {

using answers::BatchResult;
using answers::VariantsResult;

constexpr char kBaseFolder[] = "base";

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

bool TurnsOut(const std::vector<SeedOutcome>& base, const std::vector<SeedOutcome>& variant,
              const loader::proto::Scenario& scenario) {
  const Prediction a = Compare(base, scenario.predicts());
  const Prediction b = Compare(variant, scenario.predicts());
  // "Differs": most of the conclusive runs come out the other way.
  return (2 * a.true_count > a.conclusive) != (2 * b.true_count > b.conclusive);
}

// CONFIRMED: true in all conclusive runs of the base; REFUTED: in none; DEPENDS: otherwise, or when
// a variant inside the claim's own wording differs.
VariantsResult::Claim ClaimOf(const VariantsResult::Prediction& prediction) {
  if (prediction.conclusive() == 0) return VariantsResult::INCONCLUSIVE;
  if (prediction.contradicted_by_size() != 0) return VariantsResult::DEPENDS;
  if (prediction.as_predicted() == prediction.conclusive()) return VariantsResult::CONFIRMED;
  return prediction.as_predicted() == 0 ? VariantsResult::REFUTED : VariantsResult::DEPENDS;
}

VariantsResult::Prediction PredictionOf(const std::vector<Tried>& tried) {
  const loader::proto::Scenario& scenario = tried[0].prepared.scenario.scenario;
  const Prediction base = Compare(tried[0].outcomes, scenario.predicts());
  VariantsResult::Prediction out;
  out.set_as_predicted(base.true_count);
  out.set_conclusive(base.conclusive);
  if (base.conclusive == 0) return out;
  for (size_t i = 1; i < tried.size(); ++i) {
    const loader::proto::Variant& variant = scenario.variant(static_cast<int>(i) - 1);
    if (variant.kind() != loader::proto::Variant::INSIDE_CLAIM) continue;
    if (!TurnsOut(tried[0].outcomes, tried[i].outcomes, scenario)) continue;
    out.add_contradicted_by(variant.name());
  }
  return out;
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
    seed->set_verdict(AnswerOf(outcome.judgement.verdict));
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
  result.set_verdict(AnswerOf(verdict));
}

void AddTallies(const std::vector<Tally>& tallies, BatchResult& result) {
  for (const Tally& tally : tallies) {
    auto* out = result.add_tallies();
    out->set_property(AnswerOf(tally.property));
    out->set_held(tally.held);
    out->set_broken(tally.broken);
    out->set_inconclusive(tally.inconclusive);
    out->set_class_(AnswerOf(tally.worst));
    if (tally.doubt) *out->mutable_doubt() = *tally.doubt;
    out->set_undeclared(tally.undeclared);
  }
  const Tally& leading = Leading(tallies);
  result.set_property(AnswerOf(leading.property));
  result.set_k(leading.broken);
  const answers::WilsonInterval interval = leading.interval();
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
  AddAssumptions(prepared, *result.mutable_assumptions());
  for (const kafka_config::ConfigNote& note : prepared.notes)
    result.add_notes(kafka_config::Describe(note));
  AddNotModelled(outcomes, result);
  return result;
}

VariantsResult VariantsOf(const std::vector<Tried>& tried) {
  const Prepared& base = tried[0].prepared;
  VariantsResult result;
  result.set_schema_version(1);
  result.set_engine(EngineVersion());
  result.set_scenario(base.name());
  result.set_claim(base.scenario.scenario.claim());
  if (base.scenario.scenario.predicts_size() != 0) {
    *result.mutable_prediction() = PredictionOf(tried);
    result.set_claim_verdict(ClaimOf(result.prediction()));
  }
  for (const Tried& one : tried) *result.add_runs() = BatchOf(one.prepared, one.outcomes);
  return result;
}

absl::StatusOr<std::vector<Tried>> TryVariants(const kafka_config::Tables& tables,
                                               const Prepared& base, const UserSettings& user,
                                               const StudyRequest& request) {
  const int variants = base.scenario.scenario.variant_size();
  std::vector<Tried> tried;
  tried.reserve(static_cast<size_t>(variants) + 1);  // variants refer to the first
  tried.push_back({.prepared = base, .outcomes = RunSeeds(base, request), .folder = kBaseFolder});
  for (int i = 0; i < variants && !request.stop.stopped(); ++i) {
    absl::StatusOr<Prepared> variant =
        Prepare(tables, loader::ExpandVariant(base.scenario, i), user, base.state_watcher);
    if (!variant.ok()) return variant.status();
    StudyRequest beside = request;
    beside.base = &tried[0].outcomes;
    std::vector<SeedOutcome> outcomes = RunSeeds(*variant, beside);
    std::string folder = FolderOf(variant->scenario.variant, tried);
    tried.push_back({.prepared = *std::move(variant),
                     .outcomes = std::move(outcomes),
                     .folder = std::move(folder),
                     .base = beside.base});
  }
  return tried;
}

std::unique_ptr<RecordedRun> RecordSeed(const Tried& tried, const SeedOutcome& seed,
                                        sim::Duration until) {
  RunFacts facts{.seed = seed.seed, .until = until};
  if (tried.base != nullptr) {
    facts.anchored = true;
    facts.realised = (*tried.base)[static_cast<size_t>(&seed - tried.outcomes.data())].realised;
  }
  return Record(tried.prepared, facts);
}

}  // namespace analysis
