// tools/analysis/evaluate.h
//
// One run's answer, as structure: everything that is printed about it, in one message. Sentences
// are made of it later, by render::FillSentences.
#ifndef TOOLS_ANALYSIS_EVALUATE_H_
#define TOOLS_ANALYSIS_EVALUATE_H_

#include <cstdint>
#include <string>

#include "model/kafka/run.h"
#include "tools/analysis/engine_version.h"
#include "tools/analysis/judge.h"
#include "tools/analysis/prepare.h"
#include "tools/answers/result.pb.h"

namespace analysis {

// Of what and by whom: what single runs and batches begin with.
template <class Result>
void Identify(const Prepared& prepared, Result& result) {
  result.set_schema_version(1);
  result.set_engine(EngineVersion());
  result.set_profile(kProfile);
  result.set_scenario(prepared.name());
  result.set_variant(prepared.scenario.variant);
  result.set_scenario_sha256(prepared.scenario.sha256);
}

// `world` is as the run left it. The line that reproduces the run is the caller's to set.
answers::RunResult Evaluate(const Prepared& prepared, uint64_t seed,
                            const kafka::RunOutcome& outcome, const Judgement& judgement,
                            const kafka::World& world);

void AddAssumptions(const Prepared& prepared,
                    google::protobuf::RepeatedPtrField<answers::Assumption>& out);
void AddSetting(const kafka_config::NotModelledSetting& setting, answers::NotModelled& out);

// "8f3a...": 32 hex digits.
std::string HexOf(const sim::Digest128& digest);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_EVALUATE_H_
