#include "model/kafka/explain/whys.h"

#include <algorithm>

#include "model/kafka/explain/why_collector.h"

namespace kafka::explain {

using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::Election;
using kafka::Offset;
using kafka::ledger::Fate;
using kafka::ledger::Removal;

const RecordedNote* WhyCollector::DownAt(BrokerId broker, sim::EventId event) const {
  const RecordedNote* said = Last(event, [&](const sim::Note& note) {
    const bool lives =
        note.Is<sim::notes::ProcessStarted, sim::notes::ProcessKilled, sim::notes::ProcessExited>();
    return lives && BrokerAt(inquiry.setup(), note.machine) == broker;
  });
  return said == nullptr || said->note.Is<sim::notes::ProcessStarted>() ? nullptr : said;
}

// The kernel's flusher wakes at whole intervals since something was first dirty; the answer is the
// earliest of those at which it would have written the copy back.
why::LostCache WhyCollector::CacheLoss(BrokerId broker, sim::EventId until) const {
  const RecordedNote* wrote = Last(until, [&](const sim::Note& note) {
    const auto appended = note.If<notes::Appended>();
    return appended && inquiry.IsOfPartition(note) &&
           BrokerAt(inquiry.setup(), note.machine) == broker &&
           inquiry.HoldsOurs({appended->first.value, appended->count});
  });
  const sim::StorageConfig& storage = inquiry.setup().brokers[broker.value].storage;
  const int64_t wakes = std::max<int64_t>(storage.dirty_writeback.ns, 1);
  why::LostCache lost{.broker = broker, .dirty_since = {}, .written_back_from = {}};
  if (wrote != nullptr) lost.dirty_since = wrote->header.time;
  if (storage.dirty_writeback.ns == 0) return lost;
  const int64_t due = lost.dirty_since.ns + storage.dirty_expire.ns;
  lost.written_back_from = {(due + wakes - 1) / wakes * wakes};
  return lost;
}

why::TruncatedIt WhyCollector::Truncation(BrokerId broker, sim::EventId event) const {
  why::TruncatedIt cut{
      .broker = broker, .end = {}, .leader = inquiry.LeaderAt(event), .epoch = {0}};
  for (const RecordedNote& said : inquiry.notes()) {
    const auto truncated = said.note.If<notes::Truncated>();
    if (said.header.event != event || !truncated) continue;
    if (BrokerAt(inquiry.setup(), said.note.machine) != broker) continue;
    cut.end = truncated->end;
    cut.epoch = truncated->epoch;
  }
  return cut;
}

// It had a copy, and lost it.
bool WhyCollector::LostIt(BrokerId broker) {
  const Removal* last = nullptr;
  for (const Removal& removal : inquiry.ledger().removals) {
    const bool ours = removal.partition == inquiry.partition && inquiry.HoldsOurs(removal.ids);
    if (ours && removal.holder == broker) last = &removal;
  }
  if (last == nullptr) return false;
  const sim::NoteHeader at = HeaderOf(last->at);
  switch (last->how) {
    case Removal::How::kUnsyncedLost:
      Add(at, CacheLoss(broker, at.event));
      break;
    case Removal::How::kDiskLost:
      Add(at, why::DiskLost{broker});
      break;
    case Removal::How::kShorterRecovery:
      Add(at, why::RecoveredShort{broker});
      break;
    default:
      Add(at, Truncation(broker, at.event));
      break;
  }
  return true;
}

// It was cut off from whoever wrote the message, or held up otherwise.
const ChainFault* WhyCollector::KeptAwayBy(BrokerId broker) const {
  for (const ChainFault& fault : chain.faults) {
    const bool between = IsOfLinks(inquiry.plan[fault.plan].kind) &&
                         fault.brokers.contains(broker) &&
                         fault.brokers.contains(inquiry.moments.author);
    const bool kept = fault.part == FaultPart::kKeptCopyAway && fault.brokers.contains(broker);
    if (kept || between) return &fault;
  }
  return nullptr;
}

// The record that took it out of the ISR it is not in.
const RecordedNote* WhyCollector::LeftIsr(BrokerId broker, sim::EventId until) const {
  const RecordedNote* out = nullptr;
  bool was_in = true;
  for (const RecordedNote& said : inquiry.notes()) {
    if (said.header.event > until) break;
    const auto record = said.note.If<notes::PartitionState>();
    if (!record || !inquiry.IsOfPartition(said.note)) continue;
    const bool is_in = record->isr.contains(broker);
    if (was_in && !is_in) out = &said;
    was_in = is_in;
  }
  return out;
}

// The leader wrote an answer that carried it.
const RecordedNote* WhyCollector::AnswerWith(BrokerId broker, sim::EventId until) const {
  const Offset offset = inquiry.moments.offset;
  const RecordedNote* answer = Last(until, [&](const sim::Note& note) {
    const auto answered = note.If<notes::FetchAnswered>();
    return answered && inquiry.IsOfPartition(note) && answered->follower == broker &&
           answered->from <= offset && offset < answered->to;
  });
  const bool since = answer != nullptr && answer->header.event > inquiry.moments.appended.event;
  return since ? answer : nullptr;
}

void WhyCollector::NeverHadIt(BrokerId broker) {
  const sim::EventId until = AuthorsEnd();
  if (const RecordedNote* down = DownAt(broker, until))
    return Add(down->header, why::WasDown{broker});
  if (const ChainFault* fault = KeptAwayBy(broker)) {
    return Add(fault->at, why::WasCutOff{broker, fault->plan});
  }
  if (const RecordedNote* answer = AnswerWith(broker, until)) {
    return Add(answer->header, why::AnswerUnread{broker});
  }
  if (!inquiry.RecordBefore(until).isr.contains(broker)) {
    const RecordedNote* left = LeftIsr(broker, until);
    return Add(left == nullptr ? sim::NoteHeader{} : left->header, why::NotInSync{broker});
  }
  const RecordedNote* fetch = Last(until, [&](const sim::Note& note) {
    const std::optional<Fetch> seen = FetchIn(note);
    return seen && inquiry.IsOfPartition(note) && seen->follower == broker;
  });
  why::NotFetchedYet detail{.broker = broker, .offset = inquiry.moments.offset};
  if (fetch == nullptr) return Add({}, detail);
  detail.end = FetchIn(fetch->note)->end;
  Add(fetch->header, detail);
}

void WhyCollector::NoCopyOn(BrokerId broker) {
  if (!LostIt(broker)) NeverHadIt(broker);
}

void WhyCollector::WhyItLed() {
  const kafka::ledger::Finding& finding = *inquiry.finding;
  if (!finding.loser.exists() || !inquiry.LostByElection()) return;
  const bool same_leader =
      finding.loser == finding.author && finding.elected.event < inquiry.moments.appended.event;
  if (!finding.elected.exists() || same_leader) {
    if (finding.loser == finding.author) return;  // its own loss says it all
    return Add(HeaderOf(finding.lost), why::StillLeads{finding.loser});
  }
  Add(HeaderOf(finding.elected), RuleOfElection(inquiry.RecordBefore(finding.elected.event)));
}

// By which rule the leader without the message was elected.
why::Detail WhyCollector::RuleOfElection(const kafka::ledger::PartitionRecord& before) const {
  const BrokerId broker = inquiry.finding->loser;
  const bool electable = before.eligible().contains(broker);
  switch (inquiry.finding->how) {
    case Election::kLastKnownLeader:
      return why::LastKnown{broker};
    case Election::kUnclean:
      return why::Unclean{broker, before.isr};
    case Election::kUncleanByHand:
      return why::Unclean{broker, before.isr, true};
    case Election::kFromElr:
      if (electable) return why::FromElr{broker, before.elr};
      return why::OutsideIsr{broker, before.isr};
    default:
      if (electable) return why::FromIsr{broker, before.isr};
      return why::OutsideIsr{broker, before.isr};
  }
}

// Whom the election could choose, by the sets that its own record writes: a registration takes a
// broker out of both in the record that elects another one (KB:E-13).
BrokerSet WhyCollector::Electable(const kafka::ledger::PartitionRecord& before) const {
  const kafka::ledger::Finding& finding = *inquiry.finding;
  const kafka::ledger::PartitionRecord after =
      inquiry.RecordBefore({finding.elected.event.value + 1});
  switch (finding.how) {
    case Election::kLastKnownLeader:
    case Election::kUnclean:
    case Election::kUncleanByHand:
      return {};  // nobody, else it would not have come to that
    case Election::kFromIsr:
      return after.isr;
    case Election::kFromElr:
      return after.elr | BrokerSet::Of(finding.loser);
    default:
      return before.eligible();
  }
}

bool WhyCollector::RegisteredUncleanly(BrokerId broker, sim::EventId event) const {
  const auto said = inquiry.notes();
  return std::any_of(said.begin(), said.end(), [&](const RecordedNote& each) {
    const auto registered = each.note.If<notes::Registered>();
    return each.header.event == event && registered && registered->broker == broker &&
           !registered->clean;
  });
}

// Replicas that had it then.
void WhyCollector::WhyNotHolders() {
  const kafka::ledger::Finding& finding = *inquiry.finding;
  if (!finding.elected.exists() || !inquiry.LostByElection()) return;
  const Copies copies = inquiry.recording->Before(finding.elected.event);
  const kafka::ledger::PartitionRecord before = inquiry.RecordBefore(finding.elected.event);
  const BrokerSet electable = Electable(before);
  for (uint8_t i = 0; i < copies.size(); ++i) {
    const BrokerId broker{i};
    if (copies[i] == Layer::kNone || broker == finding.loser) continue;
    const sim::NoteHeader at = HeaderOf(finding.elected);
    if (const RecordedNote* down = DownAt(broker, finding.elected.event)) {
      const bool chain_says_so = broker == finding.author && finding.incident.exists();
      if (!chain_says_so) Add(down->header, why::HolderDown{broker});
    } else if (RegisteredUncleanly(broker, finding.elected.event) &&
               before.eligible().contains(broker)) {
      Add(at, why::HolderTakenOut{broker, finding.loser, before.eligible()});
    } else if (!electable.contains(broker)) {
      Add(at, why::HolderIneligible{broker, electable});
    } else if (broker != finding.author) {
      Add(at, why::HolderNotChosen{broker, finding.loser, before.eligible()});
    }
  }
}

void WhyCollector::WhyAcknowledged() {
  const Moments& moments = inquiry.moments;
  if (!moments.told.event.exists()) return;
  const kafka::Acks acks = inquiry.ledger().messages[inquiry.message.value].acks();
  const RecordedNote* answered = Last(moments.told.event, [&](const sim::Note& note) {
    return note.Is<notes::Acknowledged>() && inquiry.IsOfBatch(note);
  });
  const sim::NoteHeader at = answered == nullptr ? moments.told : answered->header;
  const BrokerId broker =
      answered == nullptr ? moments.author : BrokerAt(inquiry.setup(), answered->note.machine);
  if (acks == kafka::Acks::kNone) return Add(at, why::ToldAtSending{});
  if (acks == kafka::Acks::kLeader) return Add(at, why::ToldByLeaderAlone{broker});
  const RecordedNote* passed = Last(moments.told.event, [&](const sim::Note& note) {
    const auto moved = note.If<notes::HighWatermark>();
    return moved && inquiry.IsOfPartition(note) && moved->to > moments.offset &&
           BrokerAt(inquiry.setup(), note.machine) == broker;
  });
  if (passed == nullptr || passed->header.event < moments.appended.event) {
    return Add(at, why::ToldWithoutRule{broker});
  }
  const auto moved = passed->note.As<notes::HighWatermark>();
  Add(passed->header,
      why::ToldByWatermark{
          .isr = moved.isr,
          .min_isr = inquiry.RecordBefore(passed->header.event).min_isr,
          .high_watermark = moved.to,
          .flush_messages = inquiry.setup().topic_of(inquiry.partition).flush_messages});
}

void WhyCollector::Loss() {
  const kafka::ledger::Finding& finding = *inquiry.finding;
  using kafka::ledger::Mechanism;
  if (finding.mechanism == Mechanism::kProducerDied) Add({}, why::ProducerGone{});
  if (finding.mechanism == Mechanism::kErrorNotLookedAt) {
    Failed();
    return Add(inquiry.moments.failed, why::NoCallback{});
  }
  if (inquiry.recording->entries().empty()) return WhyAcknowledged();
  if (finding.explained_by != kafka::Mutant::kNone) {
    Add({}, why::PlantedBug{finding.explained_by});
  }
  if (finding.loser.exists()) NoCopyOn(finding.loser);
  WhyItLed();
  WhyAcknowledged();
  WhyNotHolders();
  for (const BrokerId replica : inquiry.setup().partitions[inquiry.partition.value].replicas) {
    if (replica != finding.loser && replica != finding.author) NoCopyOn(replica);
  }
}

std::vector<Why> FindWhys(const Inquiry& inquiry, const Chain& chain) {
  WhyCollector collector{inquiry, chain, {}};
  if (inquiry.WasLost()) {
    collector.Loss();
  } else if (inquiry.fate == Fate::kFailedReported || inquiry.fate == Fate::kGhost) {
    collector.Failed();
  } else if (inquiry.fate == Fate::kDuplicate) {
    collector.Twice();
  } else if (inquiry.fate == Fate::kReordered) {
    collector.Reordered();
  }
  if (!inquiry.WasLost()) {
    collector.Others();
    collector.WhyAcknowledged();
  }
  if (collector.whys.size() > kWhysAtMost) collector.whys.resize(kWhysAtMost);
  return std::move(collector.whys);
}

}  // namespace kafka::explain
