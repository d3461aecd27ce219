#include "tools/analysis/judge.h"

#include <algorithm>

#include "tools/analysis/words.h"
#include "tools/answers/event_names.h"
#include "tools/answers/names.h"

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

using answers::Doubt;

Doubt DoubtOf(Doubt::Kind kind) {
  Doubt doubt;
  doubt.set_kind(kind);
  return doubt;
}

// No false comfort: what could have changed the answer, and is not known, takes HELD away. BROKEN
// stays.
void TakeHeld(PropertyJudgement& judged, const Doubt& doubt) {
  if (judged.status != HELD) return;
  judged.status = INCONCLUSIVE;
  judged.doubt = doubt;
}

void TakeAllHeld(Judgement& judgement, const Doubt& doubt) {
  for (PropertyJudgement& judged : judgement.properties) TakeHeld(judged, doubt);
}

// A run that was ended where it stood shows nothing: what is missing may only be under way.
void DoubtAll(const Prepared& prepared, const sim::Overrun& overrun, Judgement& judgement) {
  Doubt doubt = DoubtOf(Doubt::OUT_OF_EVENTS);
  if (overrun.source.machine.exists()) {
    doubt.set_machine(answers::NameOfMachine(prepared.setup(), overrun.source.machine));
  }
  doubt.set_event(answers::NameOfEvent(prepared.setup(), overrun.source));
  doubt.set_at_ns(static_cast<uint64_t>(overrun.at.ns));
  for (PropertyJudgement& judged : judgement.properties) {
    judged = {.status = INCONCLUSIVE, .loss_class = {}, .messages = 0, .doubt = doubt};
  }
}

// What the run was to show and did not.
void DoubtByRun(const Prepared& prepared, const kafka::RunOutcome& outcome, Judgement& judgement) {
  if (!outcome.unfired.empty()) {
    Doubt doubt = DoubtOf(Doubt::FAULT_NOT_FIRED);
    doubt.set_fault(static_cast<uint32_t>(prepared.built.fault_of[outcome.unfired.front()]));
    TakeAllHeld(judgement, doubt);
  }
  if (!outcome.leaderless.empty()) {
    TakeHeld(judgement.properties[loader::proto::NO_ACKED_LOSS], DoubtOf(Doubt::NO_LEADER));
  }
  if (!outcome.settled && outcome.leaderless.empty()) {
    TakeAllHeld(judgement, DoubtOf(Doubt::STILL_BUSY));
  }
}

// A setting that could act in this run and is not modelled leaves the properties open that it
// touches.
void DoubtBySettings(Judgement& judgement) {
  for (const kafka_config::NotModelledSetting& setting : judgement.not_modelled) {
    Doubt doubt = DoubtOf(Doubt::NOT_MODELLED);
    doubt.set_setting(setting.name);
    doubt.set_why(setting.reason);
    for (const std::string& name : setting.properties) {
      Property property{};
      if (!loader::proto::Property_Parse(name, &property)) continue;
      TakeHeld(judgement.properties[property], doubt);
    }
  }
}

PropertyJudgement JudgementOf(const kafka::ledger::PropertyResult& result) {
  PropertyJudgement judged{.status = StatusOf(result.status),
                           .loss_class = ClassOf(result.worst),
                           .messages = static_cast<uint32_t>(result.broken),
                           .doubt = {}};
  if (result.open != kafka::ledger::Open::kNone) judged.doubt = DoubtOf(AnswerOf(result.open));
  return judged;
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
    judgement.properties[i + 1] = JudgementOf(outcome.verdict.of(kProperties[i]));
  }
  judgement.not_modelled =
      kafka_config::NotModelled(prepared.configuration, FactsOf(prepared, outcome, world));
  DoubtBySettings(judgement);
  DoubtByRun(prepared, outcome, judgement);
  if (outcome.overrun) DoubtAll(prepared, *outcome.overrun, judgement);
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

Met WorstMet(const std::vector<MetExpectation>& expectations) {
  Met worst = Met::kYes;
  for (const MetExpectation& expectation : expectations) worst = std::max(worst, expectation.met);
  return worst;
}

}  // namespace analysis
