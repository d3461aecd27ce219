#include "tools/fate/evaluate.h"

#include <algorithm>
#include <cstdio>

#include "tools/fate/commands.h"
#include "tools/report/sentences.h"
#include "tools/report/style.h"
#include "tools/report/trace.h"

namespace fate {
namespace {

using schema::proto::RunResult;

constexpr int kMessagesShown = 100;

void FillLedger(const ledger::Verdict& verdict, schema::proto::Ledger& out) {
  const auto count = [&](ledger::Fate fate) {
    return static_cast<uint32_t>(verdict.fates[static_cast<uint32_t>(fate)]);
  };
  out.set_sent(static_cast<uint32_t>(verdict.sent));
  out.set_ok(count(ledger::Fate::kOk));
  out.set_lost_after_ack(count(ledger::Fate::kLostAfterAck));
  out.set_lost_silent(count(ledger::Fate::kLostSilent));
  out.set_failed_reported(count(ledger::Fate::kFailedReported));
  out.set_ghost(count(ledger::Fate::kGhost));
  out.set_duplicate(count(ledger::Fate::kDuplicate));
  out.set_reordered(count(ledger::Fate::kReordered));
  out.set_skipped(count(ledger::Fate::kSkipped));
  out.set_expired(count(ledger::Fate::kExpired));
  out.set_invisible(count(ledger::Fate::kInvisible));
  out.set_late(count(ledger::Fate::kLate));
  out.set_pending(count(ledger::Fate::kPending));
}

const char* FateOf(ledger::Property property) {
  switch (property) {
    case ledger::Property::kNoAckedLoss:
      return "LOST_AFTER_ACK";
    case ledger::Property::kNoSilentLoss:
      return "LOST_SILENT";
    case ledger::Property::kNoDuplicate:
      return "DUPLICATE";
    case ledger::Property::kOrderPerKey:
      return "REORDERED";
    case ledger::Property::kFlushedBeforeCopied:
      return "";
  }
  return "";
}

template <typename Messages>
void FillMessages(const Prepared& prepared, const kafka::World& world, const Messages& messages,
                  schema::proto::Finding& out) {
  for (const kafka::MessageId message : messages) {
    if (out.messages_size() == kMessagesShown) break;
    out.add_messages(NameOfMessage(prepared.setup(), world.tables, message));
  }
}

void FillFindings(const Prepared& prepared, const kafka::RunOutcome& outcome,
                  const kafka::World& world, RunResult& result) {
  for (const ledger::Finding& finding : outcome.verdict.findings) {
    auto* out = result.add_findings();
    out->set_property(ledger::NameOf(finding.property));
    out->set_class_(
        finding.loss_class == ledger::LossClass::kNone ? "" : ledger::NameOf(finding.loss_class));
    out->set_fate(FateOf(finding.property));
    FillMessages(prepared, world, finding.messages, *out);
    out->set_sentence(SentenceOf(prepared.setup(), world.tables, finding));
    out->set_cure(CureText(CureLines(prepared.setup(), finding)));
  }
  for (const ledger::Doubling& doubling : outcome.verdict.doublings) {
    auto* out = result.add_findings();
    out->set_property(ledger::NameOf(ledger::Property::kNoDuplicate));
    out->set_fate(FateOf(ledger::Property::kNoDuplicate));
    FillMessages(prepared, world, doubling.messages, *out);
    out->set_sentence(SentenceOf(prepared.setup(), world.tables, doubling));
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
        target += (target.empty() ? "" : ", ") + NameOfMachine(setup, machine);
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

void FillCounters(const kafka::RunOutcome& outcome, schema::proto::Counters& out) {
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
std::string LossHeadline(const ledger::Verdict& verdict, ledger::Property property,
                         const char* words) {
  const ledger::PropertyResult& result = verdict.of(property);
  std::string text =
      "LOST " + Grouped(result.broken) + " of " + Grouped(result.judged) + " " + words;
  std::vector<std::string> blames;  // of the worst class, each once
  for (const ledger::Finding& finding : verdict.findings) {
    if (finding.property != property || finding.loss_class != result.worst) continue;
    const std::string blame = BlameOf(finding);
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

std::string OtherHeadline(const Judgement& judgement, const ledger::Verdict& verdict) {
  for (const Property property : Counted(judgement)) {
    const PropertyJudgement& judged = judgement.of(property);
    if (judged.status != schema::proto::BROKEN) continue;
    const std::string count = Grouped(judged.messages);
    switch (property) {
      case schema::proto::NO_DUPLICATE:
        return "DOUBLED " + count + " messages stand twice in the log";
      case schema::proto::ORDER_PER_KEY:
        return "REORDERED " + count + " messages stand behind a later one of their key";
      case schema::proto::FLUSHED_BEFORE_COPIED:
        return "COPIED BEFORE FLUSHED " + count + " of " +
               Grouped(verdict.of(ledger::Property::kFlushedBeforeCopied).judged) +
               " messages reached a follower before the leader's medium";
      default:
        break;
    }
  }
  for (const MetExpectation& expectation : judgement.expectations) {
    const PropertyJudgement& judged = judgement.of(expectation.expected.property());
    if (judged.status != schema::proto::INCONCLUSIVE) continue;
    return std::string("INCONCLUSIVE ") + NameOf(expectation.expected.property()) + ": " +
           judged.reason;
  }
  const ledger::PropertyResult& acked = verdict.of(ledger::Property::kNoAckedLoss);
  return "HELD all " + Grouped(acked.judged) + " acknowledged messages are in the log";
}

std::string Headline(const Judgement& judgement, const ledger::Verdict& verdict) {
  // The headline tells a loss whether or not the scenario asked about it.
  if (verdict.of(ledger::Property::kNoAckedLoss).status == ledger::Status::kBroken) {
    return LossHeadline(verdict, ledger::Property::kNoAckedLoss, "acknowledged messages");
  }
  if (verdict.of(ledger::Property::kNoSilentLoss).status == ledger::Status::kBroken) {
    return LossHeadline(verdict, ledger::Property::kNoSilentLoss, "messages, and nobody was told");
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
    if (judged.status == schema::proto::INCONCLUSIVE) out->set_reason(judged.reason);
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

const char* NameOf(schema::proto::Status status) {
  switch (status) {
    case schema::proto::HELD:
      return "HELD";
    case schema::proto::BROKEN:
      return "BROKEN";
    case schema::proto::INCONCLUSIVE:
      return "INCONCLUSIVE";
    default:
      return "";
  }
}
const char* NameOf(schema::proto::LossClass loss_class) {
  switch (loss_class) {
    case schema::proto::AS_CONFIGURED:
      return "AS_CONFIGURED";
    case schema::proto::OUTSIDE_PROMISE:
      return "OUTSIDE_PROMISE";
    case schema::proto::PROMISE_BROKEN:
      return "PROMISE_BROKEN";
    default:
      return "";
  }
}
const char* NameOf(schema::proto::Property property) {
  switch (property) {
    case schema::proto::NO_ACKED_LOSS:
      return "NO_ACKED_LOSS";
    case schema::proto::NO_SILENT_LOSS:
      return "NO_SILENT_LOSS";
    case schema::proto::NO_DUPLICATE:
      return "NO_DUPLICATE";
    case schema::proto::ORDER_PER_KEY:
      return "ORDER_PER_KEY";
    case schema::proto::FLUSHED_BEFORE_COPIED:
      return "FLUSHED_BEFORE_COPIED";
    default:
      return "";
  }
}

void AddSetting(const schema::NotModelledSetting& setting, schema::proto::NotModelled& out) {
  out.set_scope(std::string(schema::ScopeName(setting.scope)));
  out.set_name(setting.name);
  for (const std::string& property : setting.properties) out.add_properties(property);
  out.set_reason(setting.reason);
}

namespace {

void FillInvariants(const Prepared& prepared, const kafka::RunOutcome& outcome, RunResult& result) {
  for (uint32_t i = 0; i < invariants::kInvariantCount; ++i) {
    const invariants::Tally& tally = outcome.invariants[i];
    auto* out = result.add_invariants();
    out->set_name(invariants::NameOf(static_cast<invariants::Invariant>(i)));
    out->set_evaluated(tally.evaluated);
    out->set_nonvacuous(tally.nonvacuous);
    out->set_violated(tally.violated);
    uint64_t excepted = 0;
    for (const uint64_t count : tally.excepted) excepted += count;
    out->set_excepted(excepted);
  }
  for (const invariants::Violation& violation : outcome.violations) {
    std::string text = invariants::NameOf(violation.invariant);
    text += " at " + FormatTime(violation.at.time) + " s, " +
            NameOfPartition(prepared.setup(), violation.partition);
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
  for (const ledger::EndedConsumer& ended : world.observer.truth.ledger.ended_consumers) {
    result.add_ended(EndedText(prepared.setup(), ended));
  }
  for (const schema::NotModelledSetting& setting : judgement.not_modelled) {
    AddSetting(setting, *result.add_not_modelled());
  }
  for (const std::string& assumed : prepared.built.assumed) result.add_assumed(assumed);
  for (const schema::ConfigNote& note : prepared.notes) result.add_notes(schema::Describe(note));
  for (const auto& given : prepared.configuration.GivenSettings()) {
    auto* out = result.add_settings();
    out->set_scope(schema::Describe(given.target));
    out->set_name(given.name);
    out->set_value(given.shown_value);
    out->set_origin(schema::Describe(given.origin));
  }
  return result;
}

void ConfirmCures(const schema::Tables& tables, const Prepared& prepared, const UserSettings& user,
                  const kafka::RunOutcome& outcome, RunResult& result) {
  kafka::Runner runner;
  kafka::RunOutcome cured;
  for (size_t i = 0; i < outcome.verdict.findings.size(); ++i) {
    const ledger::Finding& finding = outcome.verdict.findings[i];
    const auto changes = CureLines(prepared.setup(), finding);
    if (changes.empty()) continue;
    std::vector<Prepared> with_cure;
    if (PrepareChanged(tables, prepared, user, changes, with_cure).exit_code != 0) continue;
    const Prepared& cure = with_cure.front();
    const auto faults = kafka::Anchored(cure.setup().faults, outcome.realised);
    runner.Run({.setup = &cure.setup(), .seed = result.seed(), .faults = faults}, cured);
    const ledger::PropertyResult& saved = cured.verdict.of(finding.property);
    result.mutable_findings(static_cast<int>(i))
        ->set_cure_confirmed(saved.status == ledger::Status::kHeld);
  }
}

}  // namespace fate
