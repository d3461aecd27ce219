// FC:I10: nothing is accepted from a stale epoch: no append, no fetch that moves the watermark, no
// change of the ISR. A leader that does not know yet that it was replaced may go on; one that
// knows, or a follower behind its leader, may not. Reads Appended, HighWatermark, IsrProposed,
// FollowerFetched and FetchAnswered.
#include "model/kafka/invariants/invariants.h"

namespace kafka::invariants {
namespace {

using kafka::LeaderEpoch;

inline void Expect(Invariants& all, bool holds, const View& view) {
  all.Expect(Invariant::kFenced, holds, view.ledger,
             {view.partition(), view.broker(), view.replica().log.end});
}

bool LeadsIn(const kafka::ledger::Replica& replica, LeaderEpoch epoch) {
  return replica.leads && replica.epoch == epoch;
}

}  // namespace

void CheckFencedAppend(Invariants& all, const View& view, const notes::Appended& said) {
  const kafka::ledger::Replica& replica = view.replica();
  if (said.as_leader) return Expect(all, LeadsIn(replica, said.epoch), view);
  const uint32_t last = said.first.value + said.count - 1;
  const bool known = view.table().entry(last).epoch() <= replica.epoch;  // KB:P-15
  Expect(all, !replica.leads && known, view);
}

void CheckFencedClaim(Invariants& all, const View& view, const notes::HighWatermark& said) {
  Expect(all, LeadsIn(view.replica(), said.epoch), view);
}

void CheckFencedProposal(Invariants& all, const View& view, const notes::IsrProposed& said) {
  Expect(all, LeadsIn(view.replica(), said.leader_epoch), view);
}

// A follower may have moved on since it asked; that it is behind means that it asked so.
void CheckFencedFetch(Invariants& all, const View& view, const kafka::ledger::Replica* follower) {
  const kafka::ledger::Replica& leader = view.replica();
  const bool behind = follower != nullptr && follower->epoch < leader.epoch;
  Expect(all, leader.leads && !behind, view);
}

}  // namespace kafka::invariants
