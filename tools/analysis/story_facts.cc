#include "tools/analysis/story_facts.h"

#include <algorithm>
#include <optional>

#include "tools/analysis/actors.h"
#include "tools/answers/names.h"

namespace analysis {
namespace {

namespace row = kafka::explain::row;
using answers::StoryFacts;
using kafka::BrokerId;
using kafka::explain::Chain;
using kafka::explain::Inquiry;
using kafka::explain::Row;

std::vector<std::string> NamesOf(const kafka::Setup& setup, kafka::BrokerSet brokers) {
  std::vector<std::string> names;
  for (uint8_t i = 0; i < setup.brokers.size(); ++i) {
    if (brokers.contains({i})) names.push_back(setup.brokers[i].name);
  }
  return names;
}

// What a broker said in that event when it became the leader.
std::optional<kafka::notes::BecameLeader> BecameLeaderIn(const Inquiry& inquiry,
                                                         sim::EventId event) {
  for (const kafka::explain::RecordedNote& said : inquiry.notes()) {
    if (said.header.event != event || !inquiry.IsOfPartition(said.note)) continue;
    if (const auto began = said.note.If<kafka::notes::BecameLeader>()) return began;
  }
  return std::nullopt;
}

// How the loser began to lead when the message was lost.
void FillLeadership(const Inquiry& inquiry, StoryFacts::Loss& out) {
  const kafka::ledger::Finding& finding = *inquiry.finding;
  std::optional<kafka::notes::BecameLeader> began;
  for (const kafka::ledger::Installation& each : inquiry.ledger().installations) {
    const bool it = each.partition == inquiry.partition && each.leader == finding.loser &&
                    finding.lost.exists() && each.at.event >= finding.lost.event;
    if (it && !began) began = BecameLeaderIn(inquiry, each.at.event);
  }
  if (!began) return;
  StoryFacts::Leadership& leadership = *out.mutable_leadership();
  leadership.set_broker(answers::NameOfBroker(inquiry.setup(), finding.loser));
  leadership.set_epoch(static_cast<uint64_t>(began->epoch.value));
  leadership.set_log_end(static_cast<uint64_t>(began->end.value));
}

void FillCuts(const Inquiry& inquiry, const Chain& chain, StoryFacts::Loss& out) {
  for (const Row& each : chain.rows) {
    const auto* truncated = each.As<row::Truncated>();
    if (truncated == nullptr || !truncated->brokers.contains(inquiry.finding->author)) continue;
    StoryFacts::Cut& cut = *out.add_cuts();
    for (const std::string& name : NamesOf(inquiry.setup(), truncated->brokers)) {
      cut.add_brokers(name);
    }
    cut.set_from(static_cast<uint64_t>(truncated->from.value));
    cut.set_to(static_cast<uint64_t>(truncated->to.value));
  }
}

// The message that stands at this one's offset at the end; "" if there is none.
std::string MessageInItsPlace(const Inquiry& inquiry) {
  if (!inquiry.moments.offset.known()) return "";
  const auto& offsets = inquiry.outcome->verdict.read.offsets;
  for (uint32_t i = 0; i < offsets.size(); ++i) {
    if (inquiry.tables().messages[i].partition != inquiry.partition) continue;
    if (offsets[i] != inquiry.moments.offset) continue;
    return answers::NameOfMessage(inquiry.setup(), inquiry.tables(), {i});
  }
  return "";
}

void FillLoss(const Inquiry& inquiry, const Chain& chain, StoryFacts::Loss& out) {
  const kafka::ledger::Finding& finding = *inquiry.finding;
  const kafka::Setup& setup = inquiry.setup();
  out.set_author(answers::NameOfBroker(setup, finding.author));
  out.set_loser(answers::NameOfBroker(setup, finding.loser));
  out.set_acks(static_cast<int32_t>(finding.acks));
  out.set_cure(AnswerOf(finding.cure));
  out.set_explained_by(AnswerOf(finding.explained_by));
  out.set_author_stopped(finding.incident.exists());
  out.set_replicas(
      static_cast<uint32_t>(setup.partitions[inquiry.partition.value].replicas.size()));
  if (finding.loser.exists()) {
    FillLeadership(inquiry, out);
    FillCuts(inquiry, chain, out);
  }
  out.set_replaced_by(MessageInItsPlace(inquiry));
}

void FillPassed(const Inquiry& inquiry, const row::Passed& passed, StoryFacts& out) {
  if (const auto* reset = std::get_if<row::Passed::ByReset>(&passed.how)) {
    out.set_reader(inquiry.setup().consumers[reset->consumer.value].name);
    out.mutable_passed()->set_by_reset(true);
    out.mutable_passed()->set_from(reset->from.value);
    out.mutable_passed()->set_to(reset->to.value);
  } else if (const auto* commit = std::get_if<row::Passed::ByCommit>(&passed.how)) {
    out.set_reader("group " + inquiry.setup().groups[commit->group.value]);
    out.mutable_passed()->set_from(-1);
    out.mutable_passed()->set_to(commit->offset.value);
  }
}

// Who can read the message, and who did.
void FillReading(const Inquiry& inquiry, const Chain& chain, StoryFacts& out) {
  const kafka::ledger::Partition& partition = inquiry.ledger().of(inquiry.partition);
  const kafka::ledger::Replica* leader =
      inquiry.ledger().Find(inquiry.partition, partition.record.leader);
  out.set_leaderless(leader == nullptr || !leader->leads);
  if (leader != nullptr) out.set_high_watermark(leader->high_watermark.value);
  for (const std::string& name : NamesOf(inquiry.setup(), inquiry.WithoutCopy())) {
    out.add_lacking(name);
  }
  out.set_awaited(inquiry.IsAwaited());
  for (const Row& each : chain.rows) {
    const auto* passed = each.As<row::Passed>();
    const bool skipped = inquiry.fate == kafka::ledger::Fate::kSkipped;
    if (passed != nullptr && skipped) FillPassed(inquiry, *passed, out);
  }
  const kafka::explain::RecordedNote* ended = inquiry.IsAwaited() ? inquiry.ReadersEnd() : nullptr;
  if (ended == nullptr) return;
  out.set_reader_end(AnswerOf(static_cast<kafka::ConsumerEnd>(ended->note.b)));
  out.set_reader(inquiry.setup().consumers[ended->note.a].name);
}

void FillAppends(const Inquiry& inquiry, StoryFacts& out) {
  const auto base_of = [&](kafka::AppendedId entry) {
    return inquiry.tables().At(inquiry.partition, entry).base().value;
  };
  for (const kafka::AppendedId entry : inquiry.recording->entries()) {
    const int64_t place = inquiry.moments.offset.value - base_of(inquiry.recording->entries()[0]);
    out.add_offsets(base_of(entry) + place);
  }
  if (inquiry.recording->batches().empty()) return;
  out.set_idempotent(inquiry.tables()[inquiry.recording->batches().front()].producer_id >= 0);
}

// What the producer learnt, and what overtook the message.
void FillAttempts(const Inquiry& inquiry, const Chain& chain, StoryFacts& out) {
  kafka::Error error{};
  for (const Row& each : chain.rows) {
    if (const auto* failed = each.As<row::Failed>()) error = failed->error;
    if (const auto* refused = each.As<row::Refused>()) error = refused->error;
    if (const auto* overtaken = each.As<row::Overtaken>()) {
      out.set_overtaken_by(
          answers::NameOfMessage(inquiry.setup(), inquiry.tables(), overtaken->other));
    }
    if (each.Is<row::Renumbered>()) out.set_new_epoch(true);
  }
  out.set_error(kafka::NameOf(error));
}

}  // namespace

StoryFacts FactsOf(const Inquiry& inquiry, const Chain& chain) {
  StoryFacts out;
  out.set_planted_bug(AnswerOf(inquiry.setup().mutant));
  for (const kafka::explain::ChainFault& fault : chain.faults) {
    *out.add_faults() = StruckFaultOf(inquiry, fault.plan);
  }
  out.set_told(inquiry.moments.told.event.exists());
  FillAppends(inquiry, out);
  FillAttempts(inquiry, chain, out);
  FillReading(inquiry, chain, out);
  if (inquiry.WasLost()) FillLoss(inquiry, chain, *out.mutable_loss());
  return out;
}

}  // namespace analysis
