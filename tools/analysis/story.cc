#include "tools/analysis/story.h"

#include <algorithm>

#include "model/kafka/explain/chain.h"
#include "model/kafka/explain/inquiry.h"
#include "model/kafka/explain/recording.h"
#include "model/kafka/explain/whys.h"
#include "tools/analysis/chain_answer.h"
#include "tools/analysis/story_facts.h"
#include "tools/analysis/words.h"
#include "tools/answers/names.h"

namespace analysis {
namespace {

namespace row = kafka::explain::row;
using answers::Explanation;
using answers::Futures;
using kafka::BrokerId;
using kafka::explain::Chain;
using kafka::explain::Inquiry;
using kafka::explain::Row;

kafka::ledger::Property PropertyOf(kafka::ledger::Fate fate) {
  switch (fate) {
    case kafka::ledger::Fate::kLostSilent:
      return kafka::ledger::Property::kNoSilentLoss;
    case kafka::ledger::Fate::kDuplicate:
      return kafka::ledger::Property::kNoDuplicate;
    case kafka::ledger::Fate::kReordered:
      return kafka::ledger::Property::kOrderPerKey;
    default:
      return kafka::ledger::Property::kNoAckedLoss;
  }
}

void FillSubject(const Inquiry& inquiry, kafka::ledger::Property property, Explanation& out) {
  answers::Subject& subject = *out.mutable_subject();
  const kafka::Message& message = inquiry.tables()[inquiry.message];
  subject.set_message(answers::NameOfMessage(inquiry.setup(), inquiry.tables(), inquiry.message));
  if (inquiry.setup().producers[message.producer.value].program.keys != 0) {
    subject.set_key("k" + std::to_string(message.key));
  }
  subject.set_partition(answers::NameOfPartition(inquiry.setup(), inquiry.partition));
  subject.set_offset(inquiry.moments.offset.value);
  subject.set_leader_epoch(inquiry.moments.epoch.value);
  subject.set_fate(AnswerOf(inquiry.fate));
  subject.set_property(AnswerOf(property));
  subject.set_together(1);
  if (!inquiry.WasLost()) return;
  subject.set_class_(AnswerOf(inquiry.finding->loss_class));
  subject.set_together(static_cast<uint32_t>(inquiry.finding->messages.size()));
  out.set_mechanism(AnswerOf(inquiry.finding->mechanism));
}

void FillChain(const Inquiry& inquiry, const Chain& chain, Explanation& out) {
  std::vector<BrokerId> columns = inquiry.setup().partitions[inquiry.partition.value].replicas;
  std::sort(columns.begin(), columns.end());
  for (const BrokerId broker : columns) {
    out.add_brokers("b" + std::to_string(broker.node_id()));
  }
  for (const Row& each : chain.rows) *out.add_chain() = AnswerOf(inquiry, each, columns);
  for (const kafka::explain::Why& why : kafka::explain::FindWhys(inquiry, chain)) {
    *out.add_why() = AnswerOf(inquiry, why);
  }
}

Futures::Anchor AnchorOf(const Inquiry& inquiry, const Row& each) {
  Futures::Anchor anchor;
  const auto kind = [&] {
    if (each.Is<row::Sent>()) return Futures::Anchor::SENDING;
    if (each.Is<row::Appended>()) return Futures::Anchor::APPEND;
    if (each.Is<row::AppendedAgain>()) return Futures::Anchor::SECOND_APPEND;
    if (each.Is<row::ApplicationTold>()) return Futures::Anchor::ACK;
    if (each.Is<row::Failed>()) return Futures::Anchor::ERROR;
    return each.Is<row::Fault>() ? Futures::Anchor::FAULT : Futures::Anchor::ELECTION;
  };
  anchor.set_kind(kind());
  if (const auto* fault = each.As<row::Fault>()) {
    anchor.set_fault(AnswerOf(inquiry.plan[fault->plan].kind));
  }
  return anchor;
}

// At most six places in order of time; what happened in one event is one place, but a fault that it
// set off is a place of its own (see DecisivePoint).
std::vector<DecisivePoint> DecisiveOf(const Inquiry& inquiry, const Chain& chain) {
  constexpr size_t kPointsAtMost = 6;
  std::vector<DecisivePoint> points;
  bool after_fault = false;
  for (const Row& each : chain.rows) {
    if (!each.decisive) continue;
    const bool same_event = !points.empty() && points.back().event == each.header.event.value;
    after_fault = same_event && after_fault;
    const bool is_fault = each.Is<row::Fault>();
    const bool set_off = is_fault && !after_fault;
    after_fault = after_fault || is_fault;
    if (!same_event || set_off) points.push_back({{}, each.header.event.value, each.header.time});
    points.back().after.push_back(AnchorOf(inquiry, each));
  }
  // The early ones tell least of a long story.
  while (points.size() > kPointsAtMost) points.erase(points.begin() + 1);
  return points;
}

sim::SimTime LastAnswer(const Inquiry& inquiry) {
  sim::SimTime last{};
  for (const kafka::explain::RecordedNote& said : inquiry.notes()) {
    if (said.note.Is<kafka::notes::AckedToApplication>()) last = said.header.time;
  }
  return last;
}

Story StoryOf(const Inquiry& inquiry, const Chain& chain) {
  Story story;
  story.message = inquiry.message;
  story.identity = IdentityOf(*inquiry.world, inquiry.message);
  story.fate = inquiry.fate;
  story.has_finding = inquiry.WasLost();
  if (inquiry.WasLost()) story.finding = *inquiry.finding;
  story.property = inquiry.WasLost() ? inquiry.finding->property : PropertyOf(inquiry.fate);
  for (const kafka::explain::ChainFault& fault : chain.faults) {
    story.faults_in_chain.push_back(fault.plan);
  }
  story.decisive = DecisiveOf(inquiry, chain);
  story.last_answer = LastAnswer(inquiry);
  story.awaited = inquiry.IsAwaited();
  return story;
}

}  // namespace

Story TellStory(const Case& base, kafka::MessageId message, kafka::Runner& runner,
                Explanation& out) {
  kafka::explain::Recording recording(message);
  kafka::RunOutcome outcome;
  runner.Run(base.request(), outcome, &recording);
  const Inquiry inquiry =
      kafka::explain::MakeInquiry(recording, runner.world(), outcome, base.faults);
  const Chain chain = kafka::explain::TellChain(inquiry);
  Story story = StoryOf(inquiry, chain);
  FillSubject(inquiry, story.property, out);
  FillChain(inquiry, chain, out);
  *out.mutable_story() = FactsOf(inquiry, chain);
  for (const answers::Sign& sign : SignsOf(inquiry)) *out.add_signs() = sign;
  return story;
}

}  // namespace analysis
