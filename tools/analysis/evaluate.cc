#include "tools/analysis/evaluate.h"

#include <algorithm>
#include <cstdio>

#include "tools/fate/commands.h"
#include "tools/render/sentences.h"
#include "tools/render/style.h"
#include "tools/render/trace.h"

namespace analysis {
namespace {

using answers::RunResult;

constexpr int kMessagesShown = 100;

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

const char* FateOf(kafka::ledger::Property property) {
  switch (property) {
    case kafka::ledger::Property::kNoAckedLoss:
      return "LOST_AFTER_ACK";
    case kafka::ledger::Property::kNoSilentLoss:
      return "LOST_SILENT";
    case kafka::ledger::Property::kNoDuplicate:
      return "DUPLICATE";
    case kafka::ledger::Property::kOrderPerKey:
      return "REORDERED";
    case kafka::ledger::Property::kFlushedBeforeCopied:
      return "";
  }
  return "";
}

template <typename Messages>
void FillMessages(const Prepared& prepared, const kafka::World& world, const Messages& messages,
                  answers::Finding& out) {
  for (const kafka::MessageId message : messages) {
    if (out.messages_size() == kMessagesShown) break;
    out.add_messages(render::NameOfMessage(prepared.setup(), world.tables, message));
  }
}

void FillFindings(const Prepared& prepared, const kafka::RunOutcome& outcome,
                  const kafka::World& world, RunResult& result) {
  for (const kafka::ledger::Finding& finding : outcome.verdict.findings) {
    auto* out = result.add_findings();
    out->set_property(kafka::ledger::NameOf(finding.property));
    out->set_class_(finding.loss_class == kafka::ledger::LossClass::kNone
                        ? ""
                        : kafka::ledger::NameOf(finding.loss_class));
    out->set_fate(FateOf(finding.property));
    FillMessages(prepared, world, finding.messages, *out);
    out->set_sentence(render::SentenceOf(prepared.setup(), world.tables, finding));
    out->set_cure(render::CureText(render::CureLines(prepared.setup(), finding)));
  }
  for (const kafka::ledger::Doubling& doubling : outcome.verdict.doublings) {
    auto* out = result.add_findings();
    out->set_property(kafka::ledger::NameOf(kafka::ledger::Property::kNoDuplicate));
    out->set_fate(FateOf(kafka::ledger::Property::kNoDuplicate));
    FillMessages(prepared, world, doubling.messages, *out);
    out->set_sentence(render::SentenceOf(prepared.setup(), world.tables, doubling));
  }
}

const char* KindOf(const sim::PlannedFault& fault) {
  switch (fault.kind) {
    case sim::FaultKind::kKill:
      return "kill";
    case sim::FaultKind::kStop:
      return "stop";
    case sim::FaultKind::kPanic:
      return "panic";
    case sim::FaultKind::kPowerLoss:
      return "power_loss";
    case sim::FaultKind::kPause:
      return "pause";
    case sim::FaultKind::kPartition:
      return "partition";
    case sim::FaultKind::kLatencySpike:
      return "latency_spike";
    case sim::FaultKind::kSlowDisk:
      return "slow_disk";
    case sim::FaultKind::kClockStep:
      return "clock_step";
  }
  return "";
}

void FillFaults(const Prepared& prepared, const kafka::RunOutcome& outcome, RunResult& result) {
  const kafka::Setup& setup = prepared.setup();
  for (uint16_t i = 0; i < setup.faults.size(); ++i) {
    auto* out = result.add_faults();
    out->set_kind(KindOf(setup.faults[i]));
    for (const sim::RealisedFault& fired : outcome.realised) {
      if (fired.plan != i) continue;
      std::string target;
      for (const sim::MachineId machine : fired.machines) {
        target += (target.empty() ? "" : ", ") + render::NameOfMachine(setup, machine);
      }
      out->set_target(target);
      out->set_at_ns(static_cast<uint64_t>(fired.time.ns));
      out->set_fired(true);
      out->set_how(fired.by_fallback      ? "fallback"
                   : fired.note_kind != 0 ? "protocol point"
                                          : "time");
    }
  }
}

void FillCounters(const kafka::RunOutcome& outcome, answers::Counters& out) {
  const auto& notes = outcome.notes;
  out.set_acknowledged(notes[kafka::kAcknowledged]);
  out.set_rejected(notes[kafka::kProduceRejected]);
  out.set_retries(notes[kafka::kRetried]);
  out.set_duplicates_recognised(notes[kafka::kDuplicate]);
  out.set_elections(outcome.elections);
  out.set_unclean_elections(outcome.unclean_elections);
  out.set_last_known_leader_elections(outcome.last_known_leader_elections);
  out.set_isr_shrinks(outcome.isr_shrinks);
  out.set_isr_expands(outcome.isr_expands);
  out.set_truncations(notes[kafka::kTruncated]);
  out.set_recoveries(notes[kafka::kRecovered]);
  out.set_fencings(notes[kafka::kFenced]);
  out.set_flushes(notes[kafka::kFlushedTo]);
  out.set_write_stall_ns(static_cast<uint64_t>(outcome.write_stall.ns));
  out.set_unsent(outcome.unsent);
}

// "LOST 3 of 1 000 acknowledged messages, as acks=1 permits".
std::string LossHeadline(const kafka::ledger::Verdict& verdict, kafka::ledger::Property property,
                         const char* words) {
  const kafka::ledger::PropertyResult& result = verdict.of(property);
  std::string text = "LOST " + render::Grouped(result.broken) + " of " +
                     render::Grouped(result.judged) + " " + words;
  std::vector<std::string> blames;  // of the worst class, each once
  for (const kafka::ledger::Finding& finding : verdict.findings) {
    if (finding.property != property || finding.loss_class != result.worst) continue;
    const std::string blame = render::BlameOf(finding);
    const bool is_new = std::find(blames.begin(), blames.end(), blame) == blames.end();
    if (is_new && !blame.empty()) blames.push_back(blame);
  }
  for (size_t i = 0; i < blames.size(); ++i) text += (i == 0 ? ", " : ", and ") + blames[i];
  return text;
}

// What is asked about, in the order in which the first line speaks of it.
std::vector<Property> Counted(const Judgement& judgement) {
  std::vector<Property> counted;
  for (const MetExpectation& each : judgement.expectations) {
    counted.push_back(each.expected.property());
  }
  counted.insert(counted.end(), judgement.undeclared.begin(), judgement.undeclared.end());
  return counted;
}

std::string OtherHeadline(const Judgement& judgement, const kafka::ledger::Verdict& verdict) {
  for (const Property property : Counted(judgement)) {
    const PropertyJudgement& judged = judgement.of(property);
    if (judged.status != loader::proto::BROKEN) continue;
    const std::string count = render::Grouped(judged.messages);
    switch (property) {
      case loader::proto::NO_DUPLICATE:
        return "DOUBLED " + count + " messages stand twice in the log";
      case loader::proto::ORDER_PER_KEY:
        return "REORDERED " + count + " messages stand behind a later one of their key";
      case loader::proto::FLUSHED_BEFORE_COPIED:
        return "COPIED BEFORE FLUSHED " + count + " of " +
               render::Grouped(verdict.of(kafka::ledger::Property::kFlushedBeforeCopied).judged) +
               " messages reached a follower before the leader's medium";
      default:
        break;
    }
  }
  for (const MetExpectation& expectation : judgement.expectations) {
    const PropertyJudgement& judged = judgement.of(expectation.expected.property());
    if (judged.status != loader::proto::INCONCLUSIVE) continue;
    return std::string("INCONCLUSIVE ") + NameOf(expectation.expected.property()) + ": " +
           judged.reason;
  }
  const kafka::ledger::PropertyResult& acked = verdict.of(kafka::ledger::Property::kNoAckedLoss);
  return "HELD all " + render::Grouped(acked.judged) + " acknowledged messages are in the log";
}

std::string Headline(const Judgement& judgement, const kafka::ledger::Verdict& verdict) {
  // The headline tells a loss whether or not the scenario asked about it.
  if (verdict.of(kafka::ledger::Property::kNoAckedLoss).status == kafka::ledger::Status::kBroken) {
    return LossHeadline(verdict, kafka::ledger::Property::kNoAckedLoss, "acknowledged messages");
  }
  if (verdict.of(kafka::ledger::Property::kNoSilentLoss).status == kafka::ledger::Status::kBroken) {
    return LossHeadline(verdict, kafka::ledger::Property::kNoSilentLoss,
                        "messages, and nobody was told");
  }
  return OtherHeadline(judgement, verdict);
}

void FillExpectations(const Judgement& judgement, RunResult& result) {
  for (const MetExpectation& met : judgement.expectations) {
    const PropertyJudgement& judged = judgement.of(met.expected.property());
    auto* out = result.add_expectations();
    out->set_property(NameOf(met.expected.property()));
    out->set_expected(NameOf(met.expected.status()));
    out->set_observed(NameOf(judged.status));
    out->set_class_(NameOf(judged.loss_class));
    out->set_expected_class(NameOf(met.expected.class_()));
    out->set_met(met.met == Met::kYes ? "yes" : met.met == Met::kNo ? "no" : "inconclusive");
    out->set_where(met.where);
    if (judged.status == loader::proto::INCONCLUSIVE) out->set_reason(judged.reason);
  }
  for (const Property property : judgement.undeclared) {
    const PropertyJudgement& judged = judgement.of(property);
    auto* out = result.add_undeclared();
    out->set_property(NameOf(property));
    out->set_observed(NameOf(judged.status));
    out->set_class_(NameOf(judged.loss_class));
    out->set_messages(judged.messages);
  }
}

}  // namespace

std::string HexOf(const sim::Digest128& digest) {
  char text[33];
  std::snprintf(text, sizeof(text), "%016llx%016llx", static_cast<unsigned long long>(digest.high),
                static_cast<unsigned long long>(digest.low));
  return text;
}

const char* NameOf(loader::proto::Status status) {
  switch (status) {
    case loader::proto::HELD:
      return "HELD";
    case loader::proto::BROKEN:
      return "BROKEN";
    case loader::proto::INCONCLUSIVE:
      return "INCONCLUSIVE";
    default:
      return "";
  }
}
const char* NameOf(loader::proto::LossClass loss_class) {
  switch (loss_class) {
    case loader::proto::AS_CONFIGURED:
      return "AS_CONFIGURED";
    case loader::proto::OUTSIDE_PROMISE:
      return "OUTSIDE_PROMISE";
    case loader::proto::PROMISE_BROKEN:
      return "PROMISE_BROKEN";
    default:
      return "";
  }
}
const char* NameOf(loader::proto::Property property) {
  switch (property) {
    case loader::proto::NO_ACKED_LOSS:
      return "NO_ACKED_LOSS";
    case loader::proto::NO_SILENT_LOSS:
      return "NO_SILENT_LOSS";
    case loader::proto::NO_DUPLICATE:
      return "NO_DUPLICATE";
    case loader::proto::ORDER_PER_KEY:
      return "ORDER_PER_KEY";
    case loader::proto::FLUSHED_BEFORE_COPIED:
      return "FLUSHED_BEFORE_COPIED";
    default:
      return "";
  }
}

void AddSetting(const kafka_config::NotModelledSetting& setting, answers::NotModelled& out) {
  out.set_scope(std::string(kafka_config::ScopeName(setting.scope)));
  out.set_name(setting.name);
  for (const std::string& property : setting.properties) out.add_properties(property);
  out.set_reason(setting.reason);
}

namespace {

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
    std::string text = kafka::invariants::NameOf(violation.invariant);
    text += " at " + render::FormatTime(violation.at.time) + " s, " +
            render::NameOfPartition(prepared.setup(), violation.partition);
    if (violation.broker.exists()) {
      text += ", " + prepared.setup().brokers[violation.broker.value].name;
    }
    if (violation.offset.known()) text += ", offset " + std::to_string(violation.offset.value);
    result.add_violations(text);
  }
}

}  // namespace

RunResult Evaluate(const Prepared& prepared, uint64_t seed, const kafka::RunOutcome& outcome,
                   const Judgement& judgement, const kafka::World& world) {
  RunResult result;
  Identify(prepared, result);
  result.set_seed(seed);
  result.set_digest(HexOf(outcome.digest));
  result.set_events(outcome.events);
  result.set_ended_at_ns(static_cast<uint64_t>(outcome.ended.ns));
  result.set_verdict(NameOf(judgement.verdict));
  result.set_headline(Headline(judgement, outcome.verdict));
  FillLedger(outcome.verdict, *result.mutable_ledger());
  FillExpectations(judgement, result);
  FillFindings(prepared, outcome, world, result);
  FillFaults(prepared, outcome, result);
  FillCounters(outcome, *result.mutable_counters());
  FillInvariants(prepared, outcome, result);
  for (const kafka::ledger::EndedConsumer& ended : world.observer.truth.ledger.ended_consumers) {
    result.add_ended(render::EndedText(prepared.setup(), ended));
  }
  for (const kafka_config::NotModelledSetting& setting : judgement.not_modelled) {
    AddSetting(setting, *result.add_not_modelled());
  }
  for (const std::string& assumed : prepared.built.assumed) result.add_assumed(assumed);
  for (const kafka_config::ConfigNote& note : prepared.notes)
    result.add_notes(kafka_config::Describe(note));
  for (const auto& given : prepared.configuration.GivenSettings()) {
    auto* out = result.add_settings();
    out->set_scope(kafka_config::Describe(given.target));
    out->set_name(given.name);
    out->set_value(given.shown_value);
    out->set_origin(kafka_config::Describe(given.origin));
  }
  return result;
}

void ConfirmCures(const kafka_config::Tables& tables, const Prepared& prepared,
                  const UserSettings& user, const kafka::RunOutcome& outcome, RunResult& result) {
  kafka::Runner runner;
  kafka::RunOutcome cured;
  for (size_t i = 0; i < outcome.verdict.findings.size(); ++i) {
    const kafka::ledger::Finding& finding = outcome.verdict.findings[i];
    const auto changes = render::CureLines(prepared.setup(), finding);
    if (changes.empty()) continue;
    std::vector<Prepared> with_cure;
    if (PrepareChanged(tables, prepared, user, changes, with_cure).exit_code != 0) continue;
    const Prepared& cure = with_cure.front();
    const auto faults = kafka::Anchored(cure.setup().faults, outcome.realised);
    runner.Run({.setup = &cure.setup(), .seed = result.seed(), .faults = faults}, cured);
    const kafka::ledger::PropertyResult& saved = cured.verdict.of(finding.property);
    result.mutable_findings(static_cast<int>(i))
        ->set_cure_confirmed(saved.status == kafka::ledger::Status::kHeld);
  }
}

}  // namespace analysis
