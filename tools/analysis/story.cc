#include "tools/analysis/story.h"

#include <algorithm>
#include <memory>
#include <set>

#include "model/kafka/explain/chain.h"
#include "model/kafka/explain/inquiry.h"
#include "model/kafka/explain/recording.h"
#include "model/kafka/explain/whys.h"
#include "tools/analysis/actors.h"
#include "tools/analysis/chain_answer.h"
#include "tools/render/style.h"
#include "tools/render/trace.h"
#include "tools/render/words.h"

namespace analysis {
namespace {

namespace row = kafka::explain::row;

using answers::Explanation;
using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::explain::Chain;
using kafka::explain::Inquiry;
using kafka::explain::Row;
using kafka::ledger::Property;

Property PropertyOf(kafka::ledger::Fate fate) {
  switch (fate) {
    case kafka::ledger::Fate::kLostSilent:
      return Property::kNoSilentLoss;
    case kafka::ledger::Fate::kDuplicate:
      return Property::kNoDuplicate;
    case kafka::ledger::Fate::kReordered:
      return Property::kOrderPerKey;
    default:
      return Property::kNoAckedLoss;
  }
}

std::string Upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

void FillSubject(const Inquiry& its, Property property, Explanation& out) {
  answers::Subject& subject = *out.mutable_subject();
  const kafka::Message& message = its.tables()[its.message];
  subject.set_message(render::NameOfMessage(its.setup(), its.tables(), its.message));
  if (its.setup().producers[message.producer.value].program.keys != 0) {
    subject.set_key("k" + std::to_string(message.key));
  }
  subject.set_partition(render::NameOfPartition(its.setup(), its.partition));
  subject.set_offset(its.moments.offset.value);
  subject.set_leader_epoch(its.moments.epoch.value);
  subject.set_fate(kafka::ledger::NameOf(its.fate));
  subject.set_property(kafka::ledger::NameOf(property));
  subject.set_together(1);
  if (!its.WasLost()) return;
  subject.set_class_(kafka::ledger::NameOf(its.finding->loss_class));
  subject.set_together(static_cast<uint32_t>(its.finding->messages.size()));
  out.set_mechanism(Upper(kafka::ledger::NameOf(its.finding->mechanism)));
}

std::vector<BrokerId> ColumnsOf(const Inquiry& its) {
  std::vector<BrokerId> columns = its.setup().partitions[its.partition.value].replicas;
  std::sort(columns.begin(), columns.end());
  return columns;
}

void FillChain(const Inquiry& its, const Chain& chain, Explanation& out) {
  const std::vector<BrokerId> columns = ColumnsOf(its);
  for (const BrokerId broker : columns) {
    out.add_brokers("b" + std::to_string(broker.node_id()));
  }
  for (const Row& row : chain.rows) *out.add_chain() = AnswerOf(its, row, columns);
}

void FillWhys(const Inquiry& its, const Chain& chain, Explanation& out) {
  for (const kafka::explain::Why& why : kafka::explain::FindWhys(its, chain)) {
    *out.add_why() = AnswerOf(its, why);
  }
}

// "after append", "after kill".
std::string PointName(const Inquiry& its, const Row& row) {
  if (row.Is<row::Sent>()) return "after sending";
  if (row.Is<row::Appended>()) return "after append";
  if (row.Is<row::AppendedAgain>()) return "after second append";
  if (row.Is<row::Told>()) return "after ack";
  if (row.Is<row::Failed>()) return "after error";
  if (const auto* fault = row.As<row::Fault>()) {
    return "after " + render::FaultWord(AnswerOf(its.plan[fault->plan].kind));
  }
  return "after election";
}

// At most six places in order of time; what happened in one event is one place, but a fault that it
// set off is a place of its own (see DecisivePoint).
void FillDecisive(const Inquiry& its, const Chain& chain, Story& story) {
  constexpr size_t kPointsAtMost = 6;
  bool after_fault = false;
  for (const Row& row : chain.rows) {
    if (!row.decisive) continue;
    const std::string name = PointName(its, row);
    const bool same_event =
        !story.decisive.empty() && story.decisive.back().event == row.header.event.value;
    after_fault = same_event && after_fault;
    const bool set_off = row.Is<row::Fault>() && !after_fault;
    after_fault = after_fault || row.Is<row::Fault>();
    if (same_event && !set_off) {
      story.decisive.back().name += " and " + name.substr(std::string("after ").size());
      continue;
    }
    story.decisive.push_back({name, row.header.event.value, row.header.time});
  }
  std::vector<DecisivePoint>& points = story.decisive;
  // The early ones tell least of a long story.
  while (points.size() > kPointsAtMost) points.erase(points.begin() + 1);
}

// ---- What an operator would have seen. ----

struct Signs {
  const Inquiry& its;
  Explanation& out;
  std::set<std::string> said;

  void Say(const std::string& text) {
    if (said.insert(text).second) out.add_production_signs(text);
  }
  void OfRecord(const kafka::explain::Said& each, BrokerSet& isr, int32_t& epoch);
  void OfBroker(const kafka::explain::Said& each);
  void OfProducer();
  void Collect();
};

void Signs::OfRecord(const kafka::explain::Said& each, BrokerSet& isr, int32_t& epoch) {
  const sim::Note& note = each.note;
  const std::string partition = render::NameOfPartition(its.setup(), its.partition);
  const BrokerSet now{static_cast<uint16_t>(note.c)};
  const auto how = static_cast<kafka::Election>(kafka::Low(note.a));
  const auto bumped = static_cast<int32_t>(kafka::High(note.b));
  if (bumped > epoch) Say("leader epoch bump on " + partition);
  if (now.size() < isr.size()) Say("IsrShrinksPerSec");
  if (how == kafka::Election::kUnclean || how == kafka::Election::kLastKnownLeader) {
    Say("UncleanLeaderElectionsPerSec");
  }
  if (how == kafka::Election::kLeaderless) Say("OfflinePartitionsCount above 0");
  const auto min_isr = static_cast<int>(note.c >> 48);
  if (now.size() < min_isr) Say("UnderMinIsrPartitionCount above 0");
  isr = now;
  epoch = bumped;
}

void Signs::OfBroker(const kafka::explain::Said& each) {
  const sim::Note& note = each.note;
  const std::string partition = render::NameOfPartition(its.setup(), its.partition);
  const std::string broker = render::NameOfMachine(its.setup(), note.machine);
  if (note.kind == kafka::kTruncated) {
    const auto offset = static_cast<uint64_t>(std::max<int64_t>(its.moments.offset.value, 0));
    if (note.a > offset || note.b <= offset) return;
    Say(broker + " truncating " + partition + " to " + std::to_string(note.a) + " (log line)");
  } else if (note.kind == kafka::kRecovered && note.b == 0 && its.moments.appended.event.exists() &&
             each.header.event > its.moments.appended.event) {
    Say(broker + " recovering its log after an unclean shutdown (log line)");
  }
}

void Signs::OfProducer() {
  if (its.moments.failed.event.exists()) return Say("a producer error");
  if (its.fate == kafka::ledger::Fate::kLostAfterAck ||
      its.fate == kafka::ledger::Fate::kLostSilent) {
    Say("*no* producer error");
  }
}

void Signs::Collect() {
  sim::EventId from = its.moments.sent.event.exists() ? its.moments.sent.event : sim::EventId{0};
  if (its.WasLost() && its.finding->elected.exists()) {
    from = std::min(from, its.finding->elected.event);
  }
  BrokerSet isr = its.RecordBefore(from).isr;
  int32_t epoch = its.RecordBefore(from).leader_epoch.value;
  if (its.fate == kafka::ledger::Fate::kOk) return;
  for (const kafka::explain::Said& each : its.said()) {
    if (each.header.event < from || !its.IsOfPartition(each.note)) continue;
    if (each.note.kind == kafka::kPartitionState) OfRecord(each, isr, epoch);
    OfBroker(each);
  }
  OfProducer();
}

// ---- What came of it, sentence by sentence. ----

// The note of that kind in that event, or null.
const sim::Note* NoteOf(const Inquiry& its, sim::EventId event, uint16_t kind) {
  for (const kafka::explain::Said& said : its.said()) {
    if (said.header.event == event && said.note.kind == kind && its.IsOfPartition(said.note)) {
      return &said.note;
    }
  }
  return nullptr;
}

std::string SuccessorSentence(const Inquiry& its, const Chain& chain) {
  const kafka::ledger::Finding& finding = *its.finding;
  if (!finding.loser.exists()) return "";
  const sim::Note* office = nullptr;
  for (const kafka::ledger::Installation& each : its.ledger().installations) {
    const bool it = each.partition == its.partition && each.leader == finding.loser &&
                    finding.lost.exists() && each.at.event >= finding.lost.event;
    if (it && office == nullptr) office = NoteOf(its, each.at.event, kafka::kBecameLeader);
  }
  std::string text;
  if (office != nullptr) {
    text = its.setup().brokers[finding.loser.value].name + " led from epoch " +
           std::to_string(office->a) + " with a log that ended at " + std::to_string(office->b);
  }
  for (const Row& row : chain.rows) {
    const auto* cut = row.As<row::Truncated>();
    if (cut == nullptr || !cut->brokers.contains(finding.author)) continue;
    text += (text.empty() ? "" : "; ") + render::BrokersText(its.setup(), cut->brokers) +
            " cut off what it lacked, from " + std::to_string(cut->from.value) + " to " +
            std::to_string(cut->to.value);
  }
  return text.empty() ? text : text + ".";
}

std::string OffsetSentence(const Inquiry& its) {
  if (!its.moments.offset.known()) return "";
  const auto& offsets = its.outcome->verdict.read.offsets;
  for (uint32_t i = 0; i < offsets.size(); ++i) {
    if (its.tables().messages[i].partition != its.partition) continue;
    if (offsets[i] != its.moments.offset) continue;
    return "Offset " + std::to_string(its.moments.offset.value) +
           " now holds a different message (" +
           render::NameOfMessage(its.setup(), its.tables(), {i}) + ").";
  }
  return "Nothing stands at offset " + std::to_string(its.moments.offset.value) + " now.";
}

std::string TogetherSentence(const Inquiry& its) {
  if (its.finding->messages.size() < 2) return "";
  return render::Grouped(its.finding->messages.size()) + " messages met this end together.";
}

// Who can read it, and who did.
void FillReading(const Inquiry& its, const Chain& chain, Story& story) {
  const kafka::ledger::Partition& partition = its.ledger().of(its.partition);
  const kafka::ledger::Replica* leader = its.ledger().Find(its.partition, partition.record.leader);
  story.leaderless = leader == nullptr || !leader->leads;
  if (leader != nullptr) story.watermark = leader->high_watermark.value;
  story.lacking = its.WithoutCopy();
  story.awaited = its.IsAwaited();
  for (const Row& row : chain.rows) {
    const auto* passed = row.As<row::Passed>();
    if (passed == nullptr || its.fate != kafka::ledger::Fate::kSkipped) continue;
    if (const auto* reset = std::get_if<row::Passed::ByReset>(&passed->how)) {
      story.passed = Story::Passed::kReset;
      story.reader = its.setup().consumers[reset->consumer.value].name;
      story.passed_from = reset->from.value;
      story.passed_to = reset->to.value;
    } else {
      const auto& commit = std::get<row::Passed::ByCommit>(passed->how);
      story.passed = Story::Passed::kCommitted;
      story.reader = "group " + its.setup().groups[commit.group.value];
      story.passed_from = -1;
      story.passed_to = commit.offset.value;
    }
  }
  if (const kafka::explain::Said* ended = its.IsAwaited() ? its.ReadersEnd() : nullptr) {
    story.reader_end = static_cast<kafka::ConsumerEnd>(ended->note.b);
    story.reader = its.setup().consumers[ended->note.a].name;
  }
}

void FillFacts(const Inquiry& its, const Chain& chain, Story& story) {
  for (const kafka::AppendedId entry : its.recording->entries()) {
    const kafka::Appended& appended = its.tables().At(its.partition, entry);
    const int64_t place =
        its.moments.offset.value -
        its.tables().At(its.partition, its.recording->entries().front()).base().value;
    story.offsets.push_back(appended.base().value + place);
  }
  story.told = its.moments.told.event.exists();
  if (!its.recording->batches().empty()) {
    story.idempotent = its.tables()[its.recording->batches().front()].producer_id >= 0;
  }
  for (const Row& row : chain.rows) {
    if (const auto* failed = row.As<row::Failed>()) story.error = failed->error;
    if (const auto* refused = row.As<row::Refused>()) story.error = refused->error;
    if (const auto* overtaken = row.As<row::Overtaken>()) story.overtaken_by = overtaken->other;
    if (row.Is<row::Renumbered>()) story.renumbered = true;
  }
  FillReading(its, chain, story);
  if (!its.WasLost()) return;
  for (const std::string& text :
       {SuccessorSentence(its, chain), OffsetSentence(its), TogetherSentence(its)}) {
    if (!text.empty()) story.sequel.push_back(text);
  }
}

sim::SimTime LastAnswer(const Inquiry& its) {
  sim::SimTime last{};
  for (const kafka::explain::Said& said : its.said()) {
    if (said.note.kind == kafka::kAckedToApplication) last = said.header.time;
  }
  return last;
}

}  // namespace

Story TellStory(const Case& base, kafka::MessageId message, kafka::Runner& runner,
                Explanation& out) {
  kafka::explain::Recording recording(message);
  kafka::RunOutcome outcome;
  runner.Run(base.request(), outcome, &recording);
  const kafka::World& world = runner.world();
  const Inquiry its = kafka::explain::MakeInquiry(recording, world, outcome, base.faults);
  const Chain chain = kafka::explain::TellChain(its);

  Story story;
  story.message = message;
  story.identity = IdentityOf(world, message);
  story.fate = its.fate;
  story.has_finding = its.WasLost();
  if (its.WasLost()) story.finding = *its.finding;
  story.property = its.WasLost() ? its.finding->property : PropertyOf(its.fate);
  for (const kafka::explain::ChainFault& fault : chain.faults)
    story.faults_in_chain.push_back(fault.plan);
  story.last_answer = LastAnswer(its);
  FillDecisive(its, chain, story);
  FillFacts(its, chain, story);

  FillSubject(its, story.property, out);
  FillChain(its, chain, out);
  FillWhys(its, chain, out);
  Signs{its, out, {}}.Collect();
  return story;
}

}  // namespace analysis
