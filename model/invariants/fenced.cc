// FC:I10: nothing is accepted from a stale epoch: no append, no fetch that moves the watermark, no
// change of the ISR. A leader that does not know yet that it was replaced may go on; one that
// knows, or a follower behind its leader, may not. Reads kAppended, kHighWatermark, kIsrProposed,
// kFollowerFetched and kFetchAnswered.
#include "model/invariants/invariants.h"

namespace invariants {

using kafka::LeaderEpoch;

namespace {

bool Holds(const View& view, const ledger::Replica& replica) {
  const auto epoch_of = [](uint64_t field) {
    return LeaderEpoch{static_cast<int32_t>(static_cast<uint32_t>(field))};
  };
  switch (view.note.kind) {
    case kafka::kAppended: {
      const bool as_leader = kafka::Low(view.note.c) != 0;
      if (as_leader) return replica.leads && epoch_of(kafka::High(view.note.c)) == replica.epoch;
      const uint32_t last = kafka::High(view.note.a) + kafka::Low(view.note.a) - 1;
      return !replica.leads && view.table().entry(last).epoch() <= replica.epoch;  // KB:P-15
    }
    case kafka::kHighWatermark:
      return replica.leads && epoch_of(kafka::Low(view.note.c)) == replica.epoch;
    case kafka::kIsrProposed:
      return replica.leads && epoch_of(kafka::High(view.note.b)) == replica.epoch;
    default: {
      if (!replica.leads) return false;
      // A follower may have moved on since it asked; that it is behind means that it asked so.
      return view.follower() == nullptr || view.follower()->epoch >= replica.epoch;
    }
  }
}

}  // namespace

void CheckFenced(Invariants& all, const View& view) {
  const ledger::Replica* replica = view.replica();
  if (replica == nullptr) return;
  all.Expect(Invariant::kFenced, Holds(view, *replica), view.ledger,
             {view.partition(), view.broker(), replica->log.end});
}

}  // namespace invariants
