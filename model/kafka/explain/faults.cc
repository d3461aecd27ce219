#include "model/kafka/explain/faults.h"

#include <algorithm>

namespace kafka::explain {
namespace {

using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::ledger::Fate;
using kafka::ledger::Mechanism;
using sim::FaultKind;
using sim::RealisedFault;

BrokerSet SetOf(BrokerId broker) { return broker.exists() ? BrokerSet::Of(broker) : BrokerSet{}; }

BrokerSet BrokersAmong(const Inquiry& inquiry, std::span<const sim::HostId> hosts) {
  BrokerSet set;
  for (const sim::HostId host : hosts) {
    set = set | SetOf(kafka::ledger::BrokerOfHost(inquiry.setup(), host));
  }
  return set;
}

// One fault, and the questions that decide its part.
struct FaultEffect {
  const Inquiry& inquiry;
  const sim::PlannedFault& plan;
  const RealisedFault& fault;
  BrokerSet side;  // brokers that it met; of links: on its one side
  BrokerSet peers;

  bool Before(sim::SimTime time) const { return fault.time <= time; }
  bool Overlaps(BrokerId broker, sim::SimTime from, sim::SimTime to) const {
    return fault.time <= to && EffectEnd(inquiry, fault, broker) > from;
  }
  bool Cuts(BrokerId a, BrokerId b) const {
    return (side.contains(a) && peers.contains(b)) || (side.contains(b) && peers.contains(a));
  }
  bool HasHost(sim::HostId host) const {
    return fault.hosts.contains(host) || fault.peers.contains(host);
  }
  bool CutsFrom(BrokerId broker, sim::HostId host) const {
    const bool there = fault.hosts.contains(host) ? peers.contains(broker) : false;
    const bool here = fault.peers.contains(host) ? side.contains(broker) : false;
    return there || here;
  }
  bool MetMachine(sim::MachineId machine) const { return fault.machines.contains(machine); }

  FaultPart PartInLoss() const;
  FaultPart PartInAnswer() const;
  FaultPart PartAtClient() const;
  bool StoppedAuthor() const;
  bool ErasedCopy() const;
  bool KeptCopyAway() const;
  bool KeptHolderAway() const;
  BrokerSet HadIt(sim::EventId until) const;
};

// Brokers that had a copy at some time up to `until`.
BrokerSet FaultEffect::HadIt(sim::EventId until) const {
  BrokerSet set;
  for (const CopyState& state : inquiry.recording->states()) {
    if (state.event > until) break;
    for (uint8_t i = 0; i < state.copies.size(); ++i) {
      if (state.copies[i] != Layer::kNone) set = set.With({i});
    }
  }
  return set;
}

bool FaultEffect::StoppedAuthor() const {
  const kafka::ledger::Finding& finding = *inquiry.finding;
  const BrokerId author = finding.author;
  if (!author.exists() || !Before(inquiry.moments.end.time)) return false;
  if (StopsProcess(plan.kind)) {
    if (!finding.incident.exists() || !side.contains(author)) return false;
    if (fault.event == finding.incident.event) return true;
    // A stop by order takes a while; an incident of another fault would be later.
    using Kind = kafka::ledger::Incident::Kind;
    const bool in_order = plan.kind == FaultKind::kStop && finding.incident_kind == Kind::kExited;
    const bool by_grace = plan.kind == FaultKind::kStop && plan.grace < sim::kForever &&
                          finding.incident_kind == Kind::kKilled &&
                          finding.incident.time == fault.time + plan.grace;
    return (in_order || by_grace) && fault.event < finding.incident.event &&
           EffectEnd(inquiry, fault, author) >= finding.incident.time;
  }
  if (finding.incident.exists() && finding.mechanism != Mechanism::kLeaderReplacedAlive) {
    return false;
  }
  const sim::SimTime elected =
      finding.elected.exists() ? finding.elected.time : inquiry.moments.end.time;
  if (plan.kind == FaultKind::kPause) {
    return side.contains(author) &&
           Overlaps(author, inquiry.moments.sent.time - sim::Seconds(30), elected);
  }
  const bool cut = plan.kind == FaultKind::kPartition || plan.kind == FaultKind::kLatencySpike;
  return cut && CutsFrom(author, sim::HostId{0}) && Before(elected) &&
         EffectEnd(inquiry, fault, author) > inquiry.moments.sent.time - sim::Seconds(30);
}

bool FaultEffect::ErasedCopy() const {
  for (const kafka::ledger::Removal& removal : inquiry.ledger().removals) {
    const bool ours = removal.partition == inquiry.partition && inquiry.HoldsOurs(removal.ids);
    if (!ours || !removal.by_fault() || !side.contains(removal.holder)) continue;
    if (removal.at.event == fault.event) return true;
    // The disk of who is asked to stop goes when its process has ended.
    const bool by_disk = removal.how == kafka::ledger::Removal::How::kDiskLost;
    if (by_disk && plan.wipe && fault.event < removal.at.event) return true;
  }
  return false;
}

// A replica that never had it although the leader that wrote it still stood, because it was away,
// or because they could not talk.
bool FaultEffect::KeptCopyAway() const {
  const sim::SimTime from = inquiry.moments.appended.time;
  const sim::SimTime to = inquiry.finding->incident.exists()  ? inquiry.finding->incident.time
                          : inquiry.finding->elected.exists() ? inquiry.finding->elected.time
                                                              : inquiry.moments.end.time;
  if (!inquiry.moments.appended.event.exists() || fault.time > to) return false;
  const BrokerSet lacking = inquiry.replicas() - HadIt(inquiry.finding->lost.event);
  for (uint8_t i = 0; i < inquiry.setup().brokers.size(); ++i) {
    const BrokerId broker{i};
    if (!lacking.contains(broker) || !Overlaps(broker, from, to)) continue;
    if (IsOfLinks(plan.kind)) {
      if (Cuts(inquiry.moments.author, broker)) return true;
    } else if (side.contains(broker)) {
      return StopsProcess(plan.kind) || plan.kind == FaultKind::kPause;
    }
  }
  return false;
}

// A replica that had it when the leader without it was made, and was away.
bool FaultEffect::KeptHolderAway() const {
  if (!inquiry.finding->elected.exists() || fault.event > inquiry.finding->elected.event)
    return false;
  const Copies copies = inquiry.recording->Before(inquiry.finding->elected.event);
  for (uint8_t i = 0; i < copies.size(); ++i) {
    const BrokerId broker{i};
    if (copies[i] == Layer::kNone || broker == inquiry.finding->author) continue;
    if (EffectEnd(inquiry, fault, broker) <= inquiry.finding->elected.time) continue;
    if (IsOfLinks(plan.kind)) {
      if (CutsFrom(broker, sim::HostId{0}) || Cuts(broker, inquiry.finding->author)) return true;
    } else if (side.contains(broker)) {
      return StopsProcess(plan.kind) || plan.kind == FaultKind::kPause;
    }
  }
  return false;
}

FaultPart FaultEffect::PartInLoss() const {
  if (inquiry.finding->mechanism == Mechanism::kProducerDied ||
      inquiry.finding->mechanism == Mechanism::kErrorNotLookedAt ||
      inquiry.finding->mechanism == Mechanism::kNeverReachedLog) {
    return PartInAnswer();
  }
  if (ErasedCopy()) return FaultPart::kErasedCopy;
  if (StoppedAuthor()) return FaultPart::kStoppedAuthor;
  if (KeptCopyAway()) return FaultPart::kKeptCopyAway;
  if (KeptHolderAway()) return FaultPart::kKeptHolderAway;
  return FaultPart::kNone;
}

// Between the first attempt and the outcome: the producer, the leader, and with acks=all those on
// whom the leader waits.
FaultPart FaultEffect::PartInAnswer() const {
  const Moments& at = inquiry.moments;
  const sim::SimTime from = at.sent.event.exists() ? at.sent.time : sim::SimTime{};
  const sim::SimTime to = at.end.time;
  if (!Before(to)) return FaultPart::kNone;
  const sim::MachineId producer = inquiry.producer();
  if (MetMachine(producer) && !IsOfLinks(plan.kind)) return FaultPart::kStoppedClient;
  const BrokerId leader =
      inquiry.LeaderAt(std::max(fault.event, at.sent.event.exists() ? at.sent.event : fault.event));
  const kafka::ledger::PartitionRecord record = inquiry.RecordBefore(fault.event);
  const bool waits = inquiry.ledger().messages[inquiry.message.value].acks() == kafka::Acks::kAll;
  const BrokerSet needed = SetOf(leader) | (waits ? record.isr : BrokerSet{});
  for (uint8_t i = 0; i < inquiry.setup().brokers.size(); ++i) {
    const BrokerId broker{i};
    if (!needed.contains(broker) || !Overlaps(broker, from, to)) continue;
    if (IsOfLinks(plan.kind)) {
      const sim::HostId client = inquiry.world->engine.process(producer).host;
      if (broker == leader && CutsFrom(broker, client)) return FaultPart::kHeldUpAnswer;
      if (waits && broker != leader && Cuts(leader, broker)) return FaultPart::kHeldUpAnswer;
      if (broker == leader && CutsFrom(broker, sim::HostId{0})) return FaultPart::kHeldUpAnswer;
    } else if (side.contains(broker) && plan.kind != FaultKind::kClockStep) {
      const bool slow_only = plan.kind == FaultKind::kSlowDisk;
      if (!slow_only || broker == leader) return FaultPart::kHeldUpAnswer;
    }
  }
  return FaultPart::kNone;
}

// What a group did not see, or saw twice.
FaultPart FaultEffect::PartAtClient() const {
  for (uint16_t i = 0; i < inquiry.setup().consumers.size(); ++i) {
    if (MetMachine(MachineOf(inquiry.setup(), kafka::ConsumerIndex{i})))
      return FaultPart::kStoppedClient;
  }
  return FaultPart::kNone;
}

FaultPart PartOf(const Inquiry& inquiry, const RealisedFault& fault) {
  const sim::PlannedFault& plan = inquiry.plan[fault.plan];
  const BrokerSet side = BrokersAmong(inquiry, {fault.hosts.begin(), fault.hosts.end()});
  const BrokerSet peers = BrokersAmong(inquiry, {fault.peers.begin(), fault.peers.end()});
  const FaultEffect effect{inquiry, plan, fault, side, peers};
  if (inquiry.WasLost()) return effect.PartInLoss();
  if (inquiry.fate == Fate::kOk || inquiry.fate == Fate::kLate) return FaultPart::kNone;
  const FaultPart at_client = effect.PartAtClient();
  if (at_client != FaultPart::kNone && inquiry.fate != Fate::kFailedReported) return at_client;
  return effect.PartInAnswer();
}

// What stopped the author, else what erased the last copy; else the last.
bool IsMoreDecisive(const ChainFault& a, const ChainFault& b) {
  const auto weight = [](const ChainFault& fault) {
    switch (fault.part) {
      case FaultPart::kStoppedAuthor:
        return 0;
      case FaultPart::kErasedCopy:
        return 1;
      case FaultPart::kStoppedClient:
        return 2;
      case FaultPart::kHeldUpAnswer:
        return 3;
      default:
        return 4;
    }
  };
  return weight(a) < weight(b);
}

}  // namespace

BrokerSet BrokersOf(const Inquiry& inquiry, const RealisedFault& fault) {
  return BrokersAmong(inquiry, {fault.hosts.begin(), fault.hosts.end()}) |
         BrokersAmong(inquiry, {fault.peers.begin(), fault.peers.end()});
}

sim::SimTime EffectEnd(const Inquiry& inquiry, const RealisedFault& fault, BrokerId broker) {
  const sim::PlannedFault& plan = inquiry.plan[fault.plan];
  const sim::SimTime healed = inquiry.outcome->programs_ended;
  if (!StopsProcess(plan.kind)) {
    if (plan.lasts >= sim::kForever) return healed;
    return std::min(healed, fault.time + plan.lasts);
  }
  // Back for this partition: it leads, or has asked its leader.
  bool started = false;
  for (const RecordedNote& said : inquiry.notes()) {
    if (said.header.event <= fault.event) continue;
    const bool by_broker = BrokerAt(inquiry.setup(), said.note.machine) == broker;
    started = started || (said.note.Is<sim::notes::ProcessStarted>() && by_broker);
    if (!started || !inquiry.IsOfPartition(said.note)) continue;
    const bool leads = said.note.Is<notes::BecameLeader>() && by_broker;
    const auto fetched = said.note.If<notes::FollowerFetched>();
    const bool asks = fetched && fetched->follower == broker;
    if (leads || asks) return said.header.time;
  }
  return sim::Never<sim::SimTime>();
}

std::vector<ChainFault> FaultsInChain(const Inquiry& inquiry) {
  std::vector<ChainFault> found;
  for (const RealisedFault& fault : inquiry.outcome->realised) {
    const FaultPart part = PartOf(inquiry, fault);
    if (part == FaultPart::kNone) continue;
    found.push_back({fault.plan, part, {fault.event, {}, fault.time}, BrokersOf(inquiry, fault)});
  }
  if (found.empty()) return found;
  const auto decisive = std::min_element(found.begin(), found.end(), IsMoreDecisive);
  std::rotate(found.begin(), decisive, decisive + 1);
  return found;
}

}  // namespace kafka::explain
