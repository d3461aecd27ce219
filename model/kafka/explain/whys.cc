#include "model/kafka/explain/whys.h"

#include <algorithm>

#include "model/kafka/explain/asking.h"

namespace kafka::explain {

using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::Election;
using kafka::Offset;
using kafka::ledger::Fate;
using kafka::ledger::Removal;

const Said* Asking::DownAt(BrokerId broker, sim::EventId event) const {
  const Said* said = Last(event, [&](const sim::Note& note) {
    const bool lives = note.kind == sim::kNoteProcessStarted ||
                       note.kind == sim::kNoteProcessKilled || note.kind == sim::kNoteProcessExited;
    return lives && BrokerAt(its.setup(), note.machine) == broker;
  });
  return said == nullptr || said->note.kind == sim::kNoteProcessStarted ? nullptr : said;
}

// It had a copy, and lost it.
bool Asking::LostIt(BrokerId broker) {
  const Removal* last = nullptr;
  for (const Removal& removal : its.ledger().removals) {
    const bool ours = removal.partition == its.partition && its.HoldsOurs(removal.ids);
    if (ours && removal.holder == broker) last = &removal;
  }
  if (last == nullptr) return false;
  const sim::NoteHeader at = HeaderOf(last->at);
  Why why{.broker = broker, .set = BrokerSet::Of(broker), .at = at};
  if (last->how == Removal::How::kUnsyncedLost) {
    const Said* wrote = Last(at.event, [&](const sim::Note& note) {
      const bool writes = note.kind == kafka::kAppended && its.IsOfPartition(note);
      return writes && BrokerAt(its.setup(), note.machine) == broker &&
             its.HoldsOurs({kafka::High(note.a), kafka::Low(note.a)});
    });
    const sim::StorageConfig& storage = its.setup().brokers[broker.value].storage;
    const int64_t wakes = std::max<int64_t>(storage.dirty_writeback.ns, 1);
    why.kind = WhyKind::kLostCache;
    why.b = wrote == nullptr ? 0 : static_cast<uint64_t>(wrote->header.time.ns);
    // The flusher wakes at whole intervals since something was first dirty; this is the earliest.
    const int64_t due = static_cast<int64_t>(why.b) + storage.dirty_expire.ns;
    why.a = static_cast<uint64_t>(
        storage.dirty_writeback.ns == 0 ? 0 : (due + wakes - 1) / wakes * wakes);
  } else if (last->how == Removal::How::kShorterRecovery) {
    why.kind = WhyKind::kRecoveredShort;
    why.a = static_cast<uint64_t>(its.moments.offset.value);
  } else {
    why.kind = WhyKind::kTruncatedIt;
    for (const Said& said : its.said()) {
      if (said.header.event != at.event || said.note.kind != kafka::kTruncated) continue;
      if (BrokerAt(its.setup(), said.note.machine) != broker) continue;
      why.a = said.note.a;
      why.b = said.note.c;
    }
    why.other = its.LeaderAt(at.event);
  }
  Add(why);
  return true;
}

// It was cut off from whoever wrote the message, or held up otherwise.
const ChainFault* Asking::KeptAwayBy(BrokerId broker) const {
  for (const ChainFault& fault : chain.faults) {
    const bool between = IsOfLinks(its.plan[fault.plan].kind) && fault.brokers.contains(broker) &&
                         fault.brokers.contains(its.moments.author);
    const bool kept = fault.part == FaultPart::kKeptCopyAway && fault.brokers.contains(broker);
    if (kept || between) return &fault;
  }
  return nullptr;
}

// The record that took it out of the ISR it is not in.
const Said* Asking::LeftIsr(BrokerId broker, sim::EventId until) const {
  const Said* out = nullptr;
  bool was_in = true;
  for (const Said& said : its.said()) {
    if (said.header.event > until) break;
    if (said.note.kind != kafka::kPartitionState || !its.IsOfPartition(said.note)) continue;
    const bool is_in = BrokerSet{static_cast<uint16_t>(said.note.c)}.contains(broker);
    if (was_in && !is_in) out = &said;
    was_in = is_in;
  }
  return out;
}

// The leader wrote an answer that carried it.
const Said* Asking::AnswerWith(BrokerId broker, sim::EventId until) const {
  const auto offset = static_cast<uint64_t>(its.moments.offset.value);
  const Said* answer = Last(until, [&](const sim::Note& note) {
    return note.kind == kafka::kFetchAnswered && its.IsOfPartition(note) &&
           note.a == broker.value && note.b <= offset && offset < note.c;
  });
  const bool since = answer != nullptr && answer->header.event > its.moments.appended.event;
  return since ? answer : nullptr;
}

void Asking::NeverHadIt(BrokerId broker) {
  const sim::EventId until = AuthorsEnd();
  Why why{.broker = broker, .set = BrokerSet::Of(broker)};
  if (const Said* down = DownAt(broker, until)) {
    why.kind = WhyKind::kWasDown;
    why.at = down->header;
  } else if (const ChainFault* fault = KeptAwayBy(broker)) {
    why.kind = WhyKind::kWasCutOff;
    why.at = fault->at;
    why.a = fault->plan;
  } else if (const Said* answer = AnswerWith(broker, until)) {
    why.kind = WhyKind::kAnswerUnread;
    why.at = answer->header;
  } else if (!its.RecordBefore(until).isr.contains(broker)) {
    why.kind = WhyKind::kNotInSync;
    if (const Said* left = LeftIsr(broker, until)) why.at = left->header;
  } else {
    const Said* fetch = Last(until, [&](const sim::Note& note) {
      const bool fetches =
          note.kind == kafka::kFetchAnswered || note.kind == kafka::kFollowerFetched;
      return fetches && its.IsOfPartition(note) && note.a == broker.value;
    });
    why.kind = WhyKind::kNotFetchedYet;
    why.a = ~uint64_t{0};
    if (fetch != nullptr) {
      why.at = fetch->header;
      why.a = fetch->note.kind == kafka::kFetchAnswered ? fetch->note.c : fetch->note.b;
    }
  }
  Add(why);
}

void Asking::NoCopyOn(BrokerId broker) {
  if (!LostIt(broker)) NeverHadIt(broker);
}

void Asking::WhyItLed() {
  const kafka::ledger::Finding& finding = *its.finding;
  if (!finding.loser.exists() || !its.LostByElection()) return;
  const bool same_office =
      finding.loser == finding.author && finding.elected.event < its.moments.appended.event;
  if (!finding.elected.exists() || same_office) {
    if (finding.loser == finding.author) return;  // its own loss says it all
    return Add(
        {.kind = WhyKind::kStillLeads, .broker = finding.loser, .at = HeaderOf(finding.lost)});
  }
  const kafka::ledger::PartitionRecord before = its.RecordBefore(finding.elected.event);
  const bool electable = before.eligible().contains(finding.loser);
  Why why{.broker = finding.loser, .set = before.isr, .at = HeaderOf(finding.elected)};
  switch (finding.how) {
    case Election::kFromElr:
      why.kind = electable ? WhyKind::kFromElr : WhyKind::kOutsideIsr;
      if (electable) why.set = before.elr;
      break;
    case Election::kLastKnownLeader:
      why.kind = WhyKind::kLastKnown;
      break;
    case Election::kUnclean:
      why.kind = WhyKind::kUnclean;
      break;
    default:
      why.kind = electable ? WhyKind::kFromIsr : WhyKind::kOutsideIsr;
      break;
  }
  Add(why);
}

// Whom the election could choose, by the sets that its own record writes: a registration takes a
// broker out of both in the record that elects another one (KB:E-13).
BrokerSet Asking::Electable(const kafka::ledger::PartitionRecord& before) const {
  const kafka::ledger::Finding& finding = *its.finding;
  const kafka::ledger::PartitionRecord after = its.RecordBefore({finding.elected.event.value + 1});
  switch (finding.how) {
    case Election::kLastKnownLeader:
    case Election::kUnclean:
      return {};  // nobody, else it would not have come to that
    case Election::kFromIsr:
      return after.isr;
    case Election::kFromElr:
      return after.elr | BrokerSet::Of(finding.loser);
    default:
      return before.eligible();
  }
}

bool Asking::RegisteredUncleanly(BrokerId broker, sim::EventId event) const {
  const auto said = its.said();
  return std::any_of(said.begin(), said.end(), [&](const Said& each) {
    const bool registers = each.header.event == event && each.note.kind == kafka::kRegistered;
    return registers && each.note.subject == broker.value && each.note.b == 0;
  });
}

// Replicas that had it then.
void Asking::WhyNotHolders() {
  const kafka::ledger::Finding& finding = *its.finding;
  if (!finding.elected.exists() || !its.LostByElection()) return;
  const Copies copies = its.recording->Before(finding.elected.event);
  const kafka::ledger::PartitionRecord before = its.RecordBefore(finding.elected.event);
  const BrokerSet electable = Electable(before);
  for (uint8_t i = 0; i < copies.size(); ++i) {
    const BrokerId broker{i};
    if (copies[i] == Layer::kNone || broker == finding.loser) continue;
    Why why{.kind = WhyKind::kHolderNotChosen,
            .broker = broker,
            .other = finding.loser,
            .set = before.eligible(),
            .at = HeaderOf(finding.elected)};
    if (const Said* down = DownAt(broker, finding.elected.event)) {
      if (broker == finding.author && finding.incident.exists()) continue;  // the chain says so
      why.kind = WhyKind::kHolderDown;
      why.at = down->header;
    } else if (RegisteredUncleanly(broker, finding.elected.event) &&
               before.eligible().contains(broker)) {
      why.a = 1;
    } else if (!electable.contains(broker)) {
      why.kind = WhyKind::kHolderIneligible;
      why.set = electable;
    } else if (broker == finding.author) {
      continue;
    }
    Add(why);
  }
}

void Asking::WhyTold() {
  const Moments& at = its.moments;
  if (!at.told.event.exists()) return;
  const kafka::Acks acks = its.ledger().messages[its.message.value].acks();
  const Said* answered = Last(at.told.event, [&](const sim::Note& note) {
    return note.kind == kafka::kAcknowledged && its.IsOfBatch(note);
  });
  Why why{.kind = WhyKind::kToldAtSending, .broker = at.author, .at = at.told};
  if (answered != nullptr) {
    why.broker = BrokerAt(its.setup(), answered->note.machine);
    why.at = answered->header;
  }
  if (acks == kafka::Acks::kLeader) {
    why.kind = WhyKind::kToldByLeaderAlone;
  } else if (acks == kafka::Acks::kAll) {
    const Said* passed = Last(at.told.event, [&](const sim::Note& note) {
      return note.kind == kafka::kHighWatermark && its.IsOfPartition(note) &&
             note.a > static_cast<uint64_t>(at.offset.value) &&
             BrokerAt(its.setup(), note.machine) == why.broker;
    });
    why.kind = WhyKind::kToldWithoutRule;
    if (passed != nullptr && passed->header.event >= at.appended.event) {
      why.kind = WhyKind::kToldByWatermark;
      why.set = {static_cast<uint16_t>(kafka::High(passed->note.c))};
      why.a = static_cast<uint64_t>(its.RecordBefore(passed->header.event).min_isr);
      why.b = passed->note.a;
      why.at = passed->header;
    }
  }
  Add(why);
}

void Asking::Loss() {
  const kafka::ledger::Finding& finding = *its.finding;
  using kafka::ledger::Mechanism;
  if (finding.mechanism == Mechanism::kProducerDied) Add({.kind = WhyKind::kProducerGone});
  if (finding.mechanism == Mechanism::kErrorNotLookedAt) {
    Failed();
    return Add({.kind = WhyKind::kNoCallback, .at = its.moments.failed});
  }
  if (its.recording->entries().empty()) return WhyTold();
  if (finding.explained_by != kafka::Mutant::kNone) {
    Add({.kind = WhyKind::kPlantedBug, .a = static_cast<uint64_t>(finding.explained_by)});
  }
  if (finding.loser.exists()) NoCopyOn(finding.loser);
  WhyItLed();
  WhyTold();
  WhyNotHolders();
  for (const BrokerId replica : its.setup().partitions[its.partition.value].replicas) {
    if (replica != finding.loser && replica != finding.author) NoCopyOn(replica);
  }
}

std::vector<Why> FindWhys(const Inquiry& its, const Chain& chain) {
  Asking asking{its, chain, {}};
  if (its.WasLost()) {
    asking.Loss();
  } else if (its.fate == Fate::kFailedReported || its.fate == Fate::kGhost) {
    asking.Failed();
  } else if (its.fate == Fate::kDuplicate) {
    asking.Twice();
  } else if (its.fate == Fate::kReordered) {
    asking.Reordered();
  }
  if (!its.WasLost()) {
    asking.Others();
    asking.WhyTold();
  }
  if (asking.whys.size() > kWhysAtMost) asking.whys.resize(kWhysAtMost);
  return std::move(asking.whys);
}

}  // namespace kafka::explain
