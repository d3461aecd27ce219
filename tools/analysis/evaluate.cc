#include "tools/analysis/evaluate.h"

#include <cstdio>

#include "tools/analysis/findings.h"
#include "tools/analysis/words.h"
#include "tools/answers/names.h"

namespace analysis {
namespace {

using answers::RunResult;

void FillLedger(const kafka::ledger::Verdict& verdict, answers::Ledger& out) {
  const auto count = [&](kafka::ledger::Fate fate) {
    return static_cast<uint32_t>(verdict.fates[static_cast<uint32_t>(fate)]);
  };
  out.set_sent(static_cast<uint32_t>(verdict.sent));
  out.set_ok(count(kafka::ledger::Fate::kOk));
  out.set_lost_after_ack(count(kafka::ledger::Fate::kLostAfterAck));
  out.set_lost_silent(count(kafka::ledger::Fate::kLostSilent));
  out.set_failed_reported(count(kafka::ledger::Fate::kFailedReported));
  out.set_ghost(count(kafka::ledger::Fate::kGhost));
  out.set_duplicate(count(kafka::ledger::Fate::kDuplicate));
  out.set_reordered(count(kafka::ledger::Fate::kReordered));
  out.set_skipped(count(kafka::ledger::Fate::kSkipped));
  out.set_expired(count(kafka::ledger::Fate::kExpired));
  out.set_invisible(count(kafka::ledger::Fate::kInvisible));
  out.set_late(count(kafka::ledger::Fate::kLate));
  out.set_pending(count(kafka::ledger::Fate::kPending));
}

void FillProperties(const kafka::ledger::Verdict& verdict, const Judgement& judgement,
                    RunResult& result) {
  for (const kafka::ledger::PropertyResult& counted : verdict.properties) {
    auto* out = result.add_properties();
    out->set_property(AnswerOf(counted.property));
    out->set_judged(counted.judged);
    out->set_broken(counted.broken);
    out->set_class_(AnswerOf(counted.worst));
    const PropertyJudgement& judged =
        judgement.of(static_cast<Property>(AnswerOf(counted.property)));
    out->set_status(AnswerOf(judged.status));
    if (judged.status == loader::proto::INCONCLUSIVE) *out->mutable_doubt() = judged.doubt;
  }
}

void FillFindings(const Prepared& prepared, const kafka::RunOutcome& outcome,
                  const kafka::World& world, RunResult& result) {
  for (const kafka::ledger::Finding& finding : outcome.verdict.findings) {
    *result.add_findings() = FindingOf(prepared.setup(), world.tables, finding);
  }
  for (const kafka::ledger::Doubling& doubling : outcome.verdict.doublings) {
    *result.add_findings() = FindingOf(prepared.setup(), world.tables, doubling);
  }
}

answers::FiredFault::Trigger TriggerOf(const sim::RealisedFault& fired) {
  if (fired.by_fallback) return answers::FiredFault::FALLBACK;
  return fired.note_kind != 0 ? answers::FiredFault::PROTOCOL_POINT : answers::FiredFault::TIME;
}

void FillFaults(const Prepared& prepared, const kafka::RunOutcome& outcome, RunResult& result) {
  const kafka::Setup& setup = prepared.setup();
  for (uint16_t i = 0; i < setup.faults.size(); ++i) {
    auto* out = result.add_faults();
    out->set_kind(AnswerOf(setup.faults[i].kind));
    if (setup.faults[i].kind == sim::FaultKind::kOrder) {
      *out->mutable_act() = ActOf(setup, setup.faults[i]);
    }
    for (const sim::RealisedFault& fired : outcome.realised) {
      if (fired.plan != i) continue;
      for (const sim::MachineId machine : fired.machines) {
        out->add_machines(answers::NameOfMachine(setup, machine));
      }
      out->set_at_ns(static_cast<uint64_t>(fired.time.ns));
      out->set_fired(true);
      out->set_trigger(TriggerOf(fired));
    }
  }
}

void FillCounters(const kafka::RunOutcome& outcome, answers::Counters& out) {
  const auto& notes = outcome.notes;
  out.set_acknowledged(notes[sim::kKindOf<kafka::notes::Acknowledged>]);
  out.set_rejected(notes[sim::kKindOf<kafka::notes::ProduceRejected>]);
  out.set_retries(notes[sim::kKindOf<kafka::notes::Retried>]);
  out.set_duplicates_recognised(notes[sim::kKindOf<kafka::notes::Duplicate>]);
  out.set_elections(outcome.elections);
  out.set_unclean_elections(outcome.unclean_elections);
  out.set_last_known_leader_elections(outcome.last_known_leader_elections);
  out.set_isr_shrinks(outcome.isr_shrinks);
  out.set_isr_expands(outcome.isr_expands);
  out.set_truncations(notes[sim::kKindOf<kafka::notes::Truncated>]);
  out.set_recoveries(notes[sim::kKindOf<kafka::notes::Recovered>]);
  out.set_fencings(notes[sim::kKindOf<kafka::notes::Fenced>]);
  out.set_flushes(notes[sim::kKindOf<kafka::notes::FlushedTo>]);
  out.set_write_stall_ns(static_cast<uint64_t>(outcome.write_stall.ns));
  out.set_unsent(outcome.unsent);
}

answers::Met::Answer MetAnswer(Met met) {
  switch (met) {
    case Met::kYes:
      return answers::Met::yes;
    case Met::kNo:
      return answers::Met::no;
    case Met::kInconclusive:
      return answers::Met::inconclusive;
  }
  return answers::Met::unanswered;
}

void FillExpectations(const Judgement& judgement, RunResult& result) {
  for (const MetExpectation& met : judgement.expectations) {
    const PropertyJudgement& judged = judgement.of(met.expected.property());
    auto* out = result.add_expectations();
    out->set_property(AnswerOf(met.expected.property()));
    out->set_expected(AnswerOf(met.expected.status()));
    out->set_observed(AnswerOf(judged.status));
    out->set_class_(AnswerOf(judged.loss_class));
    out->set_expected_class(AnswerOf(met.expected.class_()));
    out->set_met(MetAnswer(met.met));
    out->set_where(met.where);
    if (judged.status == loader::proto::INCONCLUSIVE) *out->mutable_doubt() = judged.doubt;
  }
  for (const Property property : judgement.undeclared) {
    const PropertyJudgement& judged = judgement.of(property);
    auto* out = result.add_undeclared();
    out->set_property(AnswerOf(property));
    out->set_observed(AnswerOf(judged.status));
    out->set_class_(AnswerOf(judged.loss_class));
    out->set_messages(judged.messages);
  }
}

void FillInvariants(const Prepared& prepared, const kafka::RunOutcome& outcome, RunResult& result) {
  for (uint32_t i = 0; i < kafka::invariants::kInvariantCount; ++i) {
    const kafka::invariants::Tally& tally = outcome.invariants[i];
    auto* out = result.add_invariants();
    out->set_name(kafka::invariants::NameOf(static_cast<kafka::invariants::Invariant>(i)));
    out->set_evaluated(tally.evaluated);
    out->set_nonvacuous(tally.nonvacuous);
    out->set_violated(tally.violated);
    uint64_t excepted = 0;
    for (const uint64_t count : tally.excepted) excepted += count;
    out->set_excepted(excepted);
  }
  for (const kafka::invariants::Violation& violation : outcome.violations) {
    auto* out = result.add_broken_invariants();
    out->set_name(kafka::invariants::NameOf(violation.invariant));
    out->set_at_ns(static_cast<uint64_t>(violation.at.time.ns));
    out->set_partition(answers::NameOfPartition(prepared.setup(), violation.partition));
    out->set_broker(answers::NameOfBroker(prepared.setup(), violation.broker));
    if (violation.offset.known()) out->set_offset(violation.offset.value);
  }
}

void FillEnded(const Prepared& prepared, const kafka::World& world, RunResult& result) {
  for (const kafka::ledger::EndedConsumer& ended : world.observer.truth.ledger.ended_consumers) {
    auto* out = result.add_ended_programs();
    out->set_program(prepared.setup().consumers[ended.consumer.value].name);
    out->set_partition(answers::NameOfPartition(prepared.setup(), ended.partition));
    out->set_why(AnswerOf(ended.why));
    out->set_at_ns(static_cast<uint64_t>(ended.at.time.ns));
  }
}

answers::Assumption::Kind KindOf(bridge::Assumption::Kind kind) {
  using Kind = bridge::Assumption::Kind;
  switch (kind) {
    case Kind::kField:
      return answers::Assumption::FIELD;
    case Kind::kTopicSetting:
      return answers::Assumption::TOPIC_SETTING;
    case Kind::kPlacement:
      return answers::Assumption::PLACEMENT;
    case Kind::kFurtherReplicas:
      return answers::Assumption::FURTHER_REPLICAS;
    case Kind::kController:
      return answers::Assumption::CONTROLLER;
    case Kind::kOffsetStore:
      return answers::Assumption::OFFSET_STORE;
  }
  return answers::Assumption::KIND_UNSPECIFIED;
}

// What was assumed, left out and given: about the configuration, the same in every run.
void FillConfiguration(const Prepared& prepared, const Judgement& judgement, RunResult& result) {
  for (const kafka_config::NotModelledSetting& setting : judgement.not_modelled) {
    AddSetting(setting, *result.add_not_modelled());
  }
  AddAssumptions(prepared, *result.mutable_assumptions());
  for (const kafka_config::ConfigNote& note : prepared.notes)
    result.add_notes(kafka_config::Describe(note));
  for (const auto& given : prepared.configuration.GivenSettings()) {
    auto* out = result.add_settings();
    out->set_scope(kafka_config::Describe(given.target));
    out->set_name(given.name);
    out->set_value(given.shown_value);
    out->set_origin(kafka_config::Describe(given.origin));
  }
}

}  // namespace

std::string HexOf(const sim::Digest128& digest) {
  char text[33];
  std::snprintf(text, sizeof(text), "%016llx%016llx", static_cast<unsigned long long>(digest.high),
                static_cast<unsigned long long>(digest.low));
  return text;
}

void AddSetting(const kafka_config::NotModelledSetting& setting, answers::NotModelled& out) {
  out.set_scope(std::string(kafka_config::ScopeName(setting.scope)));
  out.set_name(setting.name);
  for (const std::string& property : setting.properties) out.add_properties(property);
  out.set_reason(setting.reason);
}

void AddAssumptions(const Prepared& prepared,
                    google::protobuf::RepeatedPtrField<answers::Assumption>& out) {
  for (const bridge::Assumption& assumed : prepared.built.assumed) {
    answers::Assumption& added = *out.Add();
    added.set_kind(KindOf(assumed.kind));
    added.set_topic(assumed.topic);
    added.set_name(assumed.name);
    if (assumed.value) added.set_value(*assumed.value);
  }
}

RunResult Evaluate(const Prepared& prepared, uint64_t seed, const kafka::RunOutcome& outcome,
                   const Judgement& judgement, const kafka::World& world) {
  RunResult result;
  Identify(prepared, result);
  result.set_seed(seed);
  result.set_digest(HexOf(outcome.digest));
  result.set_events(outcome.events);
  result.set_ended_at_ns(static_cast<uint64_t>(outcome.ended.ns));
  result.set_verdict(AnswerOf(judgement.verdict));
  FillLedger(outcome.verdict, *result.mutable_ledger());
  FillProperties(outcome.verdict, judgement, result);
  FillExpectations(judgement, result);
  if (!outcome.overrun) FillFindings(prepared, outcome, world, result);
  FillFaults(prepared, outcome, result);
  FillCounters(outcome, *result.mutable_counters());
  FillInvariants(prepared, outcome, result);
  FillEnded(prepared, world, result);
  FillConfiguration(prepared, judgement, result);
  return result;
}

}  // namespace analysis
