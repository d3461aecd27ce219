#include "model/kafka/ledger/judge.h"

#include <algorithm>

#include "model/kafka/ledger/promise.h"

namespace kafka::ledger {
namespace {

using kafka::AppendedId;
using kafka::MessageId;
using kafka::PartitionId;

constexpr uint32_t kFirstShown = 8;

// An entry in which a leader wrote a message that is lost, or stands twice in a log.
struct Written {
  MessageId message;
  AppendedId entry;
};

struct VerdictMaker {
  const Ledger& ledger;
  const kafka::Tables& tables;
  const kafka::Setup& setup;
  const FinalRead& read;
  Verdict verdict;
  std::vector<Written> written;  // by message, then in the order of writing

  void FindWritten();
  void FindLosses();
  void FindDoublings();
  Doubling ExplainDoubling(MessageId message) const;
  void ExplainRenumbering(AppendedId first, Doubling& doubling) const;
  std::vector<AppendedId> EntriesOf(MessageId message) const;
  Finding Explain(MessageId message, const std::vector<AppendedId>& entries) const;
  void Add(Finding finding, MessageId message);
  void ShowBroken();
  void Conclude();
  void Settle(Property property, uint64_t judged, uint64_t broken, Open nothing);
  MessageId MessageAt(PartitionId id, kafka::Offset offset) const;

  uint64_t CountOf(Fate fate) const { return read.counts[static_cast<uint32_t>(fate)]; }
  bool IsDoubled(uint32_t message) const {
    return read.counted[message] && read.facts[message].stored == FinalFacts::Stored::kTwice;
  }
  bool AnyLost() const { return CountOf(Fate::kLostAfterAck) + CountOf(Fate::kLostSilent) != 0; }
  bool IsLost(uint32_t message) const {
    const Fate fate = read.fates[message];
    return read.counted[message] && (fate == Fate::kLostAfterAck || fate == Fate::kLostSilent);
  }
};

void VerdictMaker::FindWritten() {
  if (!AnyLost() && read.in_log_twice == 0) return;
  for (uint16_t p = 0; p < tables.appended.size(); ++p) {
    const auto& entries = tables.appended[p].entries;
    for (uint32_t i = 0; i < entries.size(); ++i) {
      const kafka::Batch& batch = tables[entries[i].batch];
      MessageId message = batch.first;
      for (uint32_t k = 0; k < batch.count && message.exists(); ++k) {
        const bool wanted = IsLost(message.value) || IsDoubled(message.value);
        if (wanted) written.push_back({message, {i}});
        message = tables[message].next;
      }
    }
  }
  std::stable_sort(written.begin(), written.end(),
                   [](const Written& a, const Written& b) { return a.message < b.message; });
}

// What is too large is stored under no acks, told or not.
void BlameSize(const MessageFacts& own, Finding& finding) {
  if (!own.has(MessageFacts::kTooLarge)) return;
  const bool by_client = own.has(MessageFacts::kRefused);
  finding.refusal = by_client ? kafka::Error::kRecordTooLarge : kafka::Error::kMessageTooLarge;
  finding.cure = Cure::kSizeLimits;
}

Finding VerdictMaker::Explain(MessageId message, const std::vector<AppendedId>& entries) const {
  const MessageFacts& own = ledger.messages[message.value];
  const PartitionId partition = tables[message].partition;
  const bool silent = read.fates[message.value] == Fate::kLostSilent;
  // A client whose program does not look may have been told all the same: that is a promise.
  const bool refused = own.has(MessageFacts::kRefused);
  if (silent && !own.has(MessageFacts::kTold)) {
    Finding finding;
    finding.partition = partition;
    finding.acks = own.acks();
    finding.loss_class = LossClass::kAsConfigured;
    finding.leaf = Leaf::kNothingPromised;
    const bool failed = refused || own.has(MessageFacts::kFailed);
    finding.mechanism = failed ? Mechanism::kErrorNotLookedAt : Mechanism::kProducerDied;
    finding.cure = failed ? Cure::kCallback : Cure::kNone;
    BlameSize(own, finding);
    return finding;
  }
  const Moment told{own.told_event, own.told_time.time()};
  Finding finding =
      Attribute(ledger, tables, setup,
                {.partition = partition, .acks = own.acks(), .told = told, .entries = entries});
  if (finding.mechanism == Mechanism::kNeverReachedLog) BlameSize(own, finding);
  return finding;
}

bool Together(const Finding& a, const Finding& b) {
  return a.property == b.property && a.loss_class == b.loss_class && a.leaf == b.leaf &&
         a.mechanism == b.mechanism && a.partition == b.partition && a.author == b.author &&
         a.loser == b.loser && a.acks == b.acks && a.lost.event == b.lost.event &&
         a.refusal == b.refusal;
}

void VerdictMaker::Add(Finding finding, MessageId message) {
  if (finding.loss_class == LossClass::kUnexplained) verdict.unexplained = true;
  for (Finding& other : verdict.findings) {
    if (!Together(other, finding)) continue;
    other.messages.push_back(message);
    other.unused = other.unused | finding.unused;
    for (const CacheLoss& loss : finding.lost_unsynced) other.Add(loss);
    other.truncated = other.truncated | finding.truncated;
    return;
  }
  finding.messages.push_back(message);
  verdict.findings.push_back(std::move(finding));
}

std::vector<AppendedId> VerdictMaker::EntriesOf(MessageId message) const {
  std::vector<AppendedId> entries;
  auto at = std::lower_bound(written.begin(), written.end(), message,
                             [](const Written& a, MessageId b) { return a.message < b; });
  for (; at != written.end() && at->message == message; ++at) entries.push_back(at->entry);
  return entries;
}

void VerdictMaker::FindLosses() {
  if (!AnyLost()) return;
  for (uint32_t i = 0; i < read.fates.size(); ++i) {
    if (!IsLost(i)) continue;
    Finding finding = Explain({i}, EntriesOf({i}));
    finding.property =
        read.fates[i] == Fate::kLostAfterAck ? Property::kNoAckedLoss : Property::kNoSilentLoss;
    Add(std::move(finding), {i});
  }
}

// The first of its renumberings, and what had stopped the leader since it wrote the first copy.
void VerdictMaker::ExplainRenumbering(AppendedId first, Doubling& doubling) const {
  const PartitionId partition = doubling.partition;
  const kafka::BatchId numbered = tables.At(partition, first).batch;
  for (const Renumbering& each : ledger.renumberings) {
    if (each.partition != partition || tables[each.to].first != tables[numbered].first) continue;
    doubling.renumbering = each;
    break;
  }
  const sim::EventId committed = ledger.of(partition).entries[first.value].commit_event;
  for (const Incident& incident : ledger.incidents) {
    const Renumbering& renumbering = doubling.renumbering;
    const bool between = incident.at.event > committed && incident.at.event < renumbering.at.event;
    const bool crash =
        incident.kind != Incident::Kind::kStopRequested && incident.kind != Incident::Kind::kExited;
    if (!between || !crash || incident.broker != renumbering.leader || !renumbering.leader.exists())
      continue;
    doubling.incident = incident.at;
    doubling.incident_kind = incident.kind;
  }
}

Doubling VerdictMaker::ExplainDoubling(MessageId message) const {
  const std::vector<AppendedId> entries = EntriesOf(message);
  Doubling doubling;
  doubling.partition = tables[message].partition;
  doubling.why = Doubling::Why::kForgotten;
  if (entries.size() < 2) return doubling;
  const kafka::Batch& first = tables[tables.At(doubling.partition, entries.front()).batch];
  const kafka::Batch& last = tables[tables.At(doubling.partition, entries.back()).batch];
  if (last.producer_id < 0) {
    doubling.why = Doubling::Why::kNotIdempotent;
  } else if (first.producer_epoch != last.producer_epoch) {
    doubling.why = Doubling::Why::kRenumbered;
    ExplainRenumbering(entries.front(), doubling);
  }
  return doubling;
}

void VerdictMaker::FindDoublings() {
  if (read.in_log_twice == 0) return;
  for (uint32_t i = 0; i < read.facts.size(); ++i) {
    if (!IsDoubled(i)) continue;
    Doubling doubling = ExplainDoubling({i});
    const auto together = [&](const Doubling& other) {
      return other.why == doubling.why && other.partition == doubling.partition &&
             other.renumbering.at == doubling.renumbering.at && other.incident == doubling.incident;
    };
    auto& all = verdict.doublings;
    auto other = std::find_if(all.begin(), all.end(), together);
    if (other == all.end()) other = all.insert(all.end(), std::move(doubling));
    other->messages.push_back({i});
  }
}

MessageId VerdictMaker::MessageAt(PartitionId id, kafka::Offset offset) const {
  for (uint32_t i = 0; i < read.offsets.size(); ++i) {
    if (read.offsets[i] == offset && tables.messages[i].partition == id) return {i};
  }
  return {};
}

void VerdictMaker::Settle(Property property, uint64_t judged, uint64_t broken, Open nothing) {
  PropertyResult& result = verdict.properties[static_cast<uint32_t>(property)];
  result.property = property;
  result.judged = judged;
  result.broken = broken;
  for (const Finding& finding : verdict.findings) {
    if (finding.property == property) result.worst = std::max(result.worst, finding.loss_class);
  }
  if (broken != 0) {
    result.status = Status::kBroken;
    return;
  }
  const bool unavailable = !read.leaderless.empty() && property != Property::kFlushedBeforeCopied;
  if (unavailable) {
    result.open = Open::kUnavailable;
  } else if (judged == 0) {
    result.open = nothing;
  } else if (read.unresolved != 0) {
    result.open = Open::kInFlight;
  } else {
    result.status = Status::kHeld;
  }
}

// The first few messages that break each property.
void VerdictMaker::ShowBroken() {
  using enum Property;
  if (!AnyLost() && read.in_log_twice == 0 && read.after_later_key == 0) return;
  for (uint32_t i = 0; i < read.facts.size(); ++i) {
    const FinalFacts& facts = read.facts[i];
    if (!read.counted[i]) continue;
    const auto show = [&](Property property, bool broken) {
      auto& first = verdict.properties[static_cast<uint32_t>(property)].first;
      if (broken && first.size() < kFirstShown) first.push_back({i});
    };
    show(kNoAckedLoss, read.fates[i] == Fate::kLostAfterAck);
    show(kNoSilentLoss, read.fates[i] == Fate::kLostSilent);
    show(kNoDuplicate, facts.stored == FinalFacts::Stored::kTwice);
    show(kOrderPerKey, facts.after_later_key);
  }
}

void VerdictMaker::Conclude() {
  using enum Property;
  ShowBroken();
  Settle(kNoAckedLoss, read.told_stored, CountOf(Fate::kLostAfterAck), Open::kNothingAcknowledged);
  Settle(kNoSilentLoss, read.sent, CountOf(Fate::kLostSilent), Open::kNothingSent);
  Settle(kNoDuplicate, read.stored, read.in_log_twice, Open::kNothingInLog);
  Settle(kOrderPerKey, read.stored, read.after_later_key, Open::kNothingInLog);
  const CopyCount& copies = ledger.copies;
  Settle(kFlushedBeforeCopied, copies.copied, copies.unflushed, Open::kNothingCopied);
  if (copies.unflushed == 0) return;
  const MessageId first = MessageAt(copies.first_partition, copies.first_offset);
  auto& shown = verdict.properties[static_cast<uint32_t>(kFlushedBeforeCopied)].first;
  if (first.exists()) shown.push_back(first);
}

}  // namespace

Verdict MakeVerdict(const Ledger& ledger, const kafka::Tables& tables, const kafka::Setup& setup,
                    FinalRead read) {
  struct VerdictMaker maker {
    ledger, tables, setup, read, {}, {}
  };
  maker.verdict.fates = read.counts;
  maker.verdict.sent = read.sent;
  maker.FindWritten();
  maker.FindLosses();
  maker.FindDoublings();
  maker.Conclude();
  maker.verdict.read = std::move(read);
  return std::move(maker.verdict);
}

}  // namespace kafka::ledger
