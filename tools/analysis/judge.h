// tools/analysis/judge.h
//
// From what a run came to, to what the scenario asked: properties and expectations.
#ifndef TOOLS_ANALYSIS_JUDGE_H_
#define TOOLS_ANALYSIS_JUDGE_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "model/kafka/run.h"
#include "scenarios/loader/scenario.pb.h"
#include "tools/analysis/prepare.h"
#include "tools/answers/result.pb.h"

namespace analysis {

using loader::proto::LossClass;
using loader::proto::Property;
using loader::proto::Status;

constexpr int kPropertyCount = 5;  // Property's values 1..5

struct PropertyJudgement {
  Status status = loader::proto::HELD;
  LossClass loss_class = loader::proto::CLASS_UNSPECIFIED;  // the worst, with BROKEN
  uint32_t messages = 0;                                    // that broke it
  answers::Doubt doubt;                                     // with INCONCLUSIVE
};

enum class Met { kYes, kInconclusive, kNo };  // from good to bad

struct MetExpectation {
  loader::proto::Expectation expected;
  Met met = Met::kYes;
  std::string where;  // file:line:col, or "default"
};

struct Judgement {
  std::array<PropertyJudgement, kPropertyCount + 1> properties;  // by Property; [0] is unused
  std::vector<MetExpectation> expectations;
  std::vector<kafka_config::NotModelledSetting> not_modelled;
  std::vector<Property> undeclared;  // broken, and harm to a message, though nobody declared them
  // BROKEN if a declared or an undeclared one is, else INCONCLUSIVE if a declared one is, else
  // HELD: docs/promise.md.
  Status verdict = loader::proto::HELD;

  const PropertyJudgement& of(Property property) const { return properties[property]; }
};

Judgement Judge(const Prepared& prepared, const kafka::RunOutcome& outcome,
                const kafka::World& world);

// What the scenario declares; if nothing: NO_ACKED_LOSS and NO_DUPLICATE are HELD.
std::vector<loader::proto::Expectation> ExpectationsOf(const loader::proto::Scenario& scenario);

// What harms messages, whoever asked: these count in a verdict when they are broken. How Kafka
// works inside (FLUSHED_BEFORE_COPIED) is harm to nobody, and counts where a scenario declares it.
inline constexpr std::array kHarms = {loader::proto::NO_ACKED_LOSS, loader::proto::NO_SILENT_LOSS,
                                      loader::proto::NO_DUPLICATE, loader::proto::ORDER_PER_KEY};

// Of several: kNo if one is not met, else kInconclusive if one is, else kYes.
Met WorstMet(const std::vector<MetExpectation>& expectations);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_JUDGE_H_
