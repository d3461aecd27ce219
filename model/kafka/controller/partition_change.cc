#include "model/kafka/controller/partition_change.h"

namespace kafka::controller {
namespace {

struct Choice {
  BrokerId leader;
  Election how = Election::kLeaderless;
};

// KB:E-8. Without ELR the last member stays in the ISR, dead or not.
BrokerSet TargetIsr(const PartitionState& before, const ChangeRequest& request) {
  if (request.target_isr.empty() && !request.elr_enabled) return before.isr;
  return request.target_isr;
}

// KB:E-12: whoever left while the ISR was too small still has all that could be committed.
BrokerSet TargetElr(const PartitionState& before, const ChangeRequest& request, BrokerSet isr) {
  if (!request.elr_enabled || isr.size() >= request.min_isr) return {};
  return (before.elr | before.isr) - isr - request.unclean_shutdown;
}

// KB:E-14: exactly one known, nobody else eligible, and it is acceptable.
bool MayElectLastKnown(const PartitionState& before, const ChangeRequest& request, BrokerSet isr,
                       BrokerSet elr) {
  return request.elr_enabled && isr.empty() && elr.empty() &&
         request.acceptable.contains(before.last_known_leader);
}

// KB:E-4, types ONLINE and UNCLEAN; and PREFERRED, of a partition that has a leader (KB:E-30).
Choice Elect(const PartitionState& before, const ChangeRequest& request, BrokerSet isr,
             BrokerSet elr) {
  const auto valid = [&](BrokerId broker) {
    if (!request.acceptable.contains(broker)) return false;
    if (request.any_alive_may_lead) return true;
    return isr.contains(broker) || (isr.empty() && elr.contains(broker));
  };
  const bool last_known = MayElectLastKnown(before, request, isr, elr);
  const auto how = [&](BrokerId broker) {
    if (isr.contains(broker)) return Election::kFromIsr;
    const bool it_is = last_known && broker == before.last_known_leader;  // whatever is planted
    return it_is ? Election::kLastKnownLeader : Election::kFromElr;
  };
  if (request.preferred && valid(request.assignment.front())) {
    const BrokerId first = request.assignment.front();
    return {first, first == before.leader ? Election::kNone : how(first)};
  }
  if (valid(before.leader)) return {before.leader, Election::kNone};
  for (const BrokerId replica : request.assignment) {
    if (valid(replica)) return {replica, how(replica)};
  }
  if (last_known) {
    return {before.last_known_leader, Election::kLastKnownLeader};
  }
  if (request.unclean_allowed || request.by_hand) {
    const Election unclean =
        request.unclean_allowed ? Election::kUnclean : Election::kUncleanByHand;
    for (const BrokerId replica : request.assignment) {
      if (request.acceptable.contains(replica)) return {replica, unclean};
    }
  }
  return {BrokerId::None(), Election::kLeaderless};
}

}  // namespace

ChangeResult Change(const PartitionState& before, const ChangeRequest& request) {
  PartitionState after = before;
  after.isr = TargetIsr(before, request);
  after.elr = TargetElr(before, request, after.isr);
  const Choice choice = Elect(before, request, after.isr, after.elr);
  ChangeResult result;
  if (choice.leader != before.leader) {  // the leader field is written: KB:E-1, E-2
    after.leader = choice.leader;
    ++after.leader_epoch.value;
    result.election = choice.how;
  }
  switch (choice.how) {  // KB:E-5
    case Election::kFromElr:
      after.isr = BrokerSet::Of(choice.leader);
      after.elr = after.elr.Without(choice.leader);
      break;
    case Election::kLastKnownLeader:
    case Election::kUnclean:
    case Election::kUncleanByHand:
      after.isr = BrokerSet::Of(choice.leader);
      after.elr = {};
      break;
    default:
      break;
  }
  if (after.leader.exists()) {
    after.last_known_leader = BrokerId::None();
  } else if (request.elr_enabled && after.isr.empty() && before.leader.exists()) {
    after.last_known_leader = before.leader;
  }
  result.changed = !(after == before);
  if (result.changed) ++after.partition_epoch.value;
  result.state = after;
  return result;
}

}  // namespace kafka::controller
