// tools/fate/judge.h
//
// From what a run came to, to what the scenario asked: properties, expectations, exit code.
#ifndef TOOLS_FATE_JUDGE_H_
#define TOOLS_FATE_JUDGE_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "model/kafka/run.h"
#include "scenarios/schema/scenario.pb.h"
#include "tools/fate/prepare.h"

namespace fate {

using schema::proto::LossClass;
using schema::proto::Property;
using schema::proto::Status;

constexpr int kPropertyCount = 5;  // Property's values 1..5

struct PropertyJudgement {
  Status status = schema::proto::HELD;
  LossClass loss_class = schema::proto::CLASS_UNSPECIFIED;  // the worst, with BROKEN
  uint32_t messages = 0;                                    // that broke it
  std::string reason;                                       // with INCONCLUSIVE: a sentence
};

enum class Met { kYes, kNo, kInconclusive };

struct MetExpectation {
  schema::proto::Expectation expected;
  Met met = Met::kYes;
  std::string where;  // file:line:col, or "default"
};

struct Judgement {
  std::array<PropertyJudgement, kPropertyCount + 1> properties;  // by Property; [0] is unused
  std::vector<MetExpectation> expectations;
  std::vector<schema::NotModelledSetting> not_modelled;
  std::vector<Property> undeclared;  // broken, and harm to a message, though nobody declared them
  // BROKEN if a declared or an undeclared one is, else INCONCLUSIVE if a declared one is, else
  // HELD: docs/promise.md.
  Status verdict = schema::proto::HELD;

  const PropertyJudgement& of(Property property) const { return properties[property]; }
};

Judgement Judge(const Prepared& prepared, const kafka::RunOutcome& outcome,
                const kafka::World& world);

// What the scenario declares; if nothing: NO_ACKED_LOSS and NO_DUPLICATE are HELD.
std::vector<schema::proto::Expectation> ExpectationsOf(const schema::proto::Scenario& scenario);

// What harms messages, whoever asked: these count in a verdict when they are broken. How Kafka
// works inside (FLUSHED_BEFORE_COPIED) is harm to nobody, and counts where a scenario declares it.
inline constexpr std::array kHarms = {schema::proto::NO_ACKED_LOSS, schema::proto::NO_SILENT_LOSS,
                                      schema::proto::NO_DUPLICATE, schema::proto::ORDER_PER_KEY};

// Several expectations: 1 if one is not met, else 3 if one is inconclusive, else 0.
int ExitCodeOf(const std::vector<MetExpectation>& expectations);
// Of two exit codes the one that a shell has to see: 70, 5, 1, 3, 0 in that order.
int WorseExitCode(int a, int b);

}  // namespace fate

#endif  // TOOLS_FATE_JUDGE_H_
