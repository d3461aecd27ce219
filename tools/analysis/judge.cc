#include "tools/analysis/judge.h"

#include <algorithm>

#include "tools/analysis/evaluate.h"

namespace analysis {
namespace {

using loader::proto::BROKEN;
using loader::proto::HELD;
using loader::proto::INCONCLUSIVE;

// The model's words and the schema's, side by side.
constexpr std::array<kafka::ledger::Property, kPropertyCount> kProperties = {
    kafka::ledger::Property::kNoAckedLoss, kafka::ledger::Property::kNoSilentLoss,
    kafka::ledger::Property::kNoDuplicate, kafka::ledger::Property::kOrderPerKey,
    kafka::ledger::Property::kFlushedBeforeCopied};

Status StatusOf(kafka::ledger::Status status) {
  switch (status) {
    case kafka::ledger::Status::kHeld:
      return HELD;
    case kafka::ledger::Status::kBroken:
      return BROKEN;
    case kafka::ledger::Status::kInconclusive:
      return INCONCLUSIVE;
  }
  return INCONCLUSIVE;
}

LossClass ClassOf(kafka::ledger::LossClass loss_class) {
  switch (loss_class) {
    case kafka::ledger::LossClass::kAsConfigured:
      return loader::proto::AS_CONFIGURED;
    case kafka::ledger::LossClass::kOutsidePromise:
      return loader::proto::OUTSIDE_PROMISE;
    case kafka::ledger::LossClass::kPromiseBroken:
      return loader::proto::PROMISE_BROKEN;
    case kafka::ledger::LossClass::kNone:
    case kafka::ledger::LossClass::kUnexplained:
      break;
  }
  return loader::proto::CLASS_UNSPECIFIED;
}

// What of the run decides whether a setting could act in it.
kafka_config::RunFacts FactsOf(const Prepared& prepared, const kafka::RunOutcome& outcome,
                               const kafka::World& world) {
  kafka_config::RunFacts facts;
  facts.duration_ms = outcome.ended.ns / 1'000'000;
  for (const kafka::AppendedTable& table : world.tables.appended) {
    facts.log_bytes_max = std::max(facts.log_bytes_max, static_cast<int64_t>(table.bytes));
  }
  for (const kafka::BrokerSetup& broker : prepared.setup().brokers) {
    const int64_t offset = broker.wall_offset.ns / 1'000'000;
    facts.clock_error_max_ms = std::max(facts.clock_error_max_ms, offset < 0 ? -offset : offset);
  }
  facts.has_consumers = !prepared.setup().consumers.empty();
  return facts;
}

// No false comfort: what could have changed the answer, and is not known, takes HELD away. BROKEN
// stays.
void Doubt(PropertyJudgement& judged, const std::string& reason) {
  if (judged.status != HELD) return;
  judged.status = INCONCLUSIVE;
  judged.reason = reason;
}

void DoubtAll(Judgement& judgement, const std::string& reason) {
  for (PropertyJudgement& judged : judgement.properties) Doubt(judged, reason);
}

void DoubtByRun(const Prepared& prepared, const kafka::RunOutcome& outcome, Judgement& judgement) {
  if (!outcome.unfired.empty()) {
    DoubtAll(judgement, "a declared fault did not strike (fault " +
                            std::to_string(prepared.built.fault_of[outcome.unfired.front()]) + ")");
  }
  if (!outcome.leaderless.empty()) {
    Doubt(judgement.properties[loader::proto::NO_ACKED_LOSS],
          "a partition is unavailable at the end: it has no leader");
  }
  if (!outcome.settled && outcome.leaderless.empty()) {
    DoubtAll(judgement, "the cluster was still busy when the run's patience ended");
  }
}

Met MetBy(const loader::proto::Expectation& expected, const PropertyJudgement& judged) {
  if (expected.status() != judged.status) {
    return judged.status == INCONCLUSIVE ? Met::kInconclusive : Met::kNo;
  }
  const bool class_asked = expected.class_() != loader::proto::CLASS_UNSPECIFIED;
  return class_asked && expected.class_() != judged.loss_class ? Met::kNo : Met::kYes;
}

// Never a good word over a message that came to harm, whether or not the scenario asked about it.
void FindUndeclared(Judgement& judgement) {
  for (const Property property : kHarms) {
    if (judgement.of(property).status != BROKEN) continue;
    judgement.verdict = BROKEN;
    const auto& declared = judgement.expectations;
    const bool is_declared = std::any_of(declared.begin(), declared.end(), [&](const auto& each) {
      return each.expected.property() == property;
    });
    if (!is_declared) judgement.undeclared.push_back(property);
  }
}

std::string PlaceOf(const Prepared& prepared, int index) {
  if (prepared.scenario.scenario.expect_size() == 0) return "default";
  const kafka_config::Position place =
      prepared.scenario.PlaceOf("expect[" + std::to_string(index) + "]");
  return place.line == 0 ? "default" : kafka_config::Describe(place);
}

}  // namespace

std::vector<loader::proto::Expectation> ExpectationsOf(const loader::proto::Scenario& scenario) {
  if (scenario.expect_size() > 0) return {scenario.expect().begin(), scenario.expect().end()};
  std::vector<loader::proto::Expectation> defaults(2);
  defaults[0].set_property(loader::proto::NO_ACKED_LOSS);
  defaults[0].set_status(HELD);
  defaults[1].set_property(loader::proto::NO_DUPLICATE);
  defaults[1].set_status(HELD);
  return defaults;
}

Judgement Judge(const Prepared& prepared, const kafka::RunOutcome& outcome,
                const kafka::World& world) {
  Judgement judgement;
  for (int i = 0; i < kPropertyCount; ++i) {
    const kafka::ledger::PropertyResult& result = outcome.verdict.of(kProperties[i]);
    judgement.properties[i + 1] = {.status = StatusOf(result.status),
                                   .loss_class = ClassOf(result.worst),
                                   .messages = static_cast<uint32_t>(result.broken),
                                   .reason = result.reason};
  }
  judgement.not_modelled =
      kafka_config::NotModelled(prepared.configuration, FactsOf(prepared, outcome, world));
  for (const kafka_config::NotModelledSetting& setting : judgement.not_modelled) {
    for (int i = 1; i <= kPropertyCount; ++i) {
      const std::string name = NameOf(static_cast<Property>(i));
      if (std::find(setting.properties.begin(), setting.properties.end(), name) ==
          setting.properties.end()) {
        continue;
      }
      Doubt(judgement.properties[i], setting.name + " is not modelled: " + setting.reason);
    }
  }
  DoubtByRun(prepared, outcome, judgement);
  const auto expectations = ExpectationsOf(prepared.scenario.scenario);
  for (size_t i = 0; i < expectations.size(); ++i) {
    const PropertyJudgement& judged = judgement.of(expectations[i].property());
    judgement.expectations.push_back({.expected = expectations[i],
                                      .met = MetBy(expectations[i], judged),
                                      .where = PlaceOf(prepared, static_cast<int>(i))});
    if (judged.status == BROKEN) judgement.verdict = BROKEN;
    if (judged.status == INCONCLUSIVE && judgement.verdict == HELD)
      judgement.verdict = INCONCLUSIVE;
  }
  FindUndeclared(judgement);
  return judgement;
}

int ExitCodeOf(const std::vector<MetExpectation>& expectations) {
  int code = fate::kExitMet;
  for (const MetExpectation& expectation : expectations) {
    if (expectation.met == Met::kNo) code = WorseExitCode(code, fate::kExitNotMet);
    if (expectation.met == Met::kInconclusive) code = WorseExitCode(code, fate::kExitInconclusive);
  }
  return code;
}

int WorseExitCode(int a, int b) {
  constexpr std::array<int, 10> kOrder = {
      fate::kExitInternal,     fate::kExitTerminated, fate::kExitInterrupted, fate::kExitIo,
      fate::kExitInvalid,      fate::kExitUsage,      fate::kExitDiverged,    fate::kExitNotMet,
      fate::kExitInconclusive, fate::kExitMet};
  for (const int code : kOrder) {
    if (a == code || b == code) return code;
  }
  return std::max(a, b);
}

}  // namespace analysis
