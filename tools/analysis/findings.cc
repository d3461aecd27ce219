#include "tools/analysis/findings.h"

#include <optional>
#include <string>
#include <vector>

#include "tools/analysis/change.h"
#include "tools/analysis/words.h"
#include "tools/answers/names.h"

namespace analysis {
namespace {

using kafka::ledger::Moment;

constexpr int kMessagesNamed = 100;

answers::Fate FateOf(kafka::ledger::Property property) {
  switch (property) {
    case kafka::ledger::Property::kNoAckedLoss:
      return answers::LOST_AFTER_ACK;
    case kafka::ledger::Property::kNoSilentLoss:
      return answers::LOST_SILENT;
    case kafka::ledger::Property::kNoDuplicate:
      return answers::DUPLICATE;
    case kafka::ledger::Property::kOrderPerKey:
      return answers::REORDERED;
    case kafka::ledger::Property::kFlushedBeforeCopied:
      return answers::FATE_UNSPECIFIED;
  }
  return answers::FATE_UNSPECIFIED;
}

std::string AcksOf(kafka::Acks acks) {
  switch (acks) {
    case kafka::Acks::kAll:
      return "all";
    case kafka::Acks::kLeader:
      return "1";
    case kafka::Acks::kNone:
      return "0";
  }
  return "";
}

std::optional<uint64_t> TimeOf(const Moment& moment) {
  if (!moment.exists()) return std::nullopt;
  return static_cast<uint64_t>(moment.time.ns);
}

std::string ErrorText(kafka::Error error) {
  return error == kafka::Error::kNone ? "" : kafka::NameOf(error);
}

void FillStopped(kafka::ledger::Incident::Kind kind, const Moment& at,
                 answers::Finding::Stopped& out) {
  out.set_how(AnswerOf(kind));
  if (const auto time = TimeOf(at)) out.set_at_ns(*time);
}

// Whom the messages are of, and how many they are.
answers::Finding About(const kafka::Setup& setup, const kafka::Tables& tables,
                       kafka::ledger::Property property,
                       const std::vector<kafka::MessageId>& messages,
                       kafka::PartitionId partition) {
  answers::Finding out;
  out.set_property(AnswerOf(property));
  out.set_fate(FateOf(property));
  out.set_partition(answers::NameOfPartition(setup, partition));
  out.set_count(static_cast<uint32_t>(messages.size()));
  for (const kafka::MessageId message : messages) {
    if (out.messages_size() == kMessagesNamed) break;
    out.add_messages(answers::NameOfMessage(setup, tables, message));
  }
  return out;
}

void AddBrokers(const kafka::Setup& setup, kafka::BrokerSet set,
                google::protobuf::RepeatedPtrField<std::string>& out) {
  for (uint8_t i = 0; i < setup.brokers.size(); ++i) {
    if (set.contains({i})) *out.Add() = setup.brokers[i].name;
  }
}

// Who wrote them, who led without them, and who had them all the while.
void FillBrokers(const kafka::Setup& setup, const kafka::ledger::Finding& finding,
                 answers::Finding& out) {
  out.set_author(answers::NameOfBroker(setup, finding.author));
  out.set_loser(answers::NameOfBroker(setup, finding.loser));
  out.set_successor(answers::NameOfBroker(setup, finding.successor));
  AddBrokers(setup, finding.unused, *out.mutable_intact());
  AddBrokers(setup, finding.truncated, *out.mutable_truncated());
  for (const kafka::ledger::CacheLoss& loss : finding.lost_unsynced) {
    auto* cache = out.add_lost_caches();
    cache->set_broker(answers::NameOfBroker(setup, loss.broker));
    cache->set_at_ns(static_cast<uint64_t>(loss.at.time.ns));
  }
}

void FillTimes(const kafka::ledger::Finding& finding, answers::Finding& out) {
  FillStopped(finding.incident_kind, finding.incident, *out.mutable_stopped());
  if (const auto time = TimeOf(finding.elected)) out.set_elected_at_ns(*time);
  if (const auto time = TimeOf(finding.lost)) out.set_lost_at_ns(*time);
  if (const auto time = TimeOf(finding.led_without)) out.set_led_without_at_ns(*time);
}

answers::Finding::Doubling::Why WhyOf(kafka::ledger::Doubling::Why why) {
  switch (why) {
    case kafka::ledger::Doubling::Why::kNotIdempotent:
      return answers::Finding::Doubling::NOT_IDEMPOTENT;
    case kafka::ledger::Doubling::Why::kRenumbered:
      return answers::Finding::Doubling::RENUMBERED;
    case kafka::ledger::Doubling::Why::kForgotten:
      return answers::Finding::Doubling::FORGOTTEN;
  }
  return answers::Finding::Doubling::WHY_UNSPECIFIED;
}

}  // namespace

answers::Finding FindingOf(const kafka::Setup& setup, const kafka::Tables& tables,
                           const kafka::ledger::Finding& finding) {
  answers::Finding out =
      About(setup, tables, finding.property, finding.messages, finding.partition);
  out.set_class_(AnswerOf(finding.loss_class));
  out.set_rule(AnswerOf(finding.leaf));
  out.set_mechanism(AnswerOf(finding.mechanism));
  out.set_acks(AcksOf(finding.acks));
  out.set_refused(ErrorText(finding.refusal));
  if (finding.refusal == kafka::Error::kMessageTooLarge) {
    out.set_size_limit(setup.topic_of(finding.partition).max_message_bytes);
  }
  FillBrokers(setup, finding, out);
  FillTimes(finding, out);
  out.set_cure_kind(AnswerOf(finding.cure));
  for (std::string& line : ChangeLines(CureOf(setup, finding))) {
    out.add_cure_lines(std::move(line));
  }
  return out;
}

answers::Finding FindingOf(const kafka::Setup& setup, const kafka::Tables& tables,
                           const kafka::ledger::Doubling& doubling) {
  answers::Finding out = About(setup, tables, kafka::ledger::Property::kNoDuplicate,
                               doubling.messages, doubling.partition);
  auto& how = *out.mutable_doubling();
  how.set_why(WhyOf(doubling.why));
  if (doubling.why != kafka::ledger::Doubling::Why::kRenumbered) return out;
  how.set_error(ErrorText(doubling.renumbering.error));
  how.set_leader(answers::NameOfBroker(setup, doubling.renumbering.leader));
  if (const auto time = TimeOf(doubling.renumbering.at)) how.set_renumbered_at_ns(*time);
  if (doubling.incident.exists()) {
    FillStopped(doubling.incident_kind, doubling.incident, *how.mutable_leader_stopped());
  }
  return out;
}

}  // namespace analysis
