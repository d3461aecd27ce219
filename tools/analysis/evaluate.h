// tools/analysis/evaluate.h
//
// One run's answer: everything that is printed about it, in one message.
#ifndef TOOLS_ANALYSIS_EVALUATE_H_
#define TOOLS_ANALYSIS_EVALUATE_H_

#include <cstdint>

#include "model/kafka/run.h"
#include "tools/analysis/judge.h"
#include "tools/analysis/prepare.h"
#include "tools/answers/result.pb.h"
#include "tools/fate/commands.h"

namespace analysis {

constexpr char kProfile[] = "kafka-4.3/java";

// Of what and by whom: what single runs and batches begin with.
template <class Result>
void Identify(const Prepared& prepared, Result& result) {
  result.set_schema_version(1);
  result.set_engine(fate::EngineVersion());
  result.set_profile(kProfile);
  result.set_scenario(prepared.name());
  result.set_variant(prepared.scenario.variant);
  result.set_scenario_sha256(prepared.scenario.sha256);
}

// `world` is as the run left it. The line that reproduces the run is the caller's to set.
answers::RunResult Evaluate(const Prepared& prepared, uint64_t seed,
                            const kafka::RunOutcome& outcome, const Judgement& judgement,
                            const kafka::World& world);

// Runs each cure that a finding names, on the same seed with the faults where they fired, and says
// whether it saves the messages.
void ConfirmCures(const kafka_config::Tables& tables, const Prepared& prepared,
                  const UserSettings& user, const kafka::RunOutcome& outcome,
                  answers::RunResult& result);

void AddSetting(const kafka_config::NotModelledSetting& setting, answers::NotModelled& out);

// "8f3a...": 32 hex digits.
std::string HexOf(const sim::Digest128& digest);
const char* NameOf(loader::proto::Status status);         // "HELD"
const char* NameOf(loader::proto::LossClass loss_class);  // "AS_CONFIGURED", "" if unspecified
const char* NameOf(loader::proto::Property property);     // "NO_ACKED_LOSS"

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_EVALUATE_H_
