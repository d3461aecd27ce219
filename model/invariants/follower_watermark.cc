// KB:I-17: a follower's high watermark is at most what the leader's was when the answer was made,
// which for an answer at once is what it was *before* the fetch (KB:R-12). What a process was told
// goes with it. Reads kFollowerFetched, kFetchAnswered, kFollowerHighWatermark, kLoaded and
// kRecovered.
#include "model/invariants/invariants.h"

namespace invariants {

using kafka::Offset;

namespace {

Told& ToldTo(Invariants& all, const View& view, const ledger::Replica& follower) {
  return all.told[static_cast<size_t>(&follower - view.ledger.replicas.data())];
}

}  // namespace

void CheckFollowerWatermark(Invariants& all, const View& view) {
  const ledger::Replica* replica = view.replica();
  if (replica == nullptr) return;
  if (view.note.kind == kafka::kRecovered || view.note.kind == kafka::kLoaded) {
    ToldTo(all, view, *replica) = {};
    return;
  }
  if (view.note.kind == kafka::kFollowerHighWatermark) {
    const Told& told = ToldTo(all, view, *replica);
    const Offset to{static_cast<int64_t>(view.note.a)};
    const bool rises = view.note.a > view.note.b;  // falling, it follows its own log (KB:R-35)
    if (!rises || !told.greatest.known()) return all.Vacuous(Invariant::kFollowerWatermark);
    all.Expect(Invariant::kFollowerWatermark, to <= told.greatest, view.ledger,
               {view.partition(), view.broker(), to});
    return;
  }
  const ledger::Replica* follower = view.follower();
  if (follower == nullptr) return;
  // A leader that its follower has left talks to nobody: its answers will be refused.
  if (replica->epoch < follower->epoch) return;
  Told& told = ToldTo(all, view, *follower);
  const sim::EventId event = view.ledger.now.event;
  if (view.note.kind == kafka::kFollowerFetched) {
    told = {.fetched = event, .before = replica->high_watermark, .greatest = Offset::Unknown()};
    return;
  }
  const bool at_once = told.fetched.exists() && told.fetched == event;
  told.greatest = at_once ? told.before : replica->high_watermark;
}

}  // namespace invariants
